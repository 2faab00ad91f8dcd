FROM python:3.13-slim AS build
WORKDIR /srv/normball
COPY requirements.lock ./
# Plotly's Python half (figure classes, notebook extension) is never imported: the server hands out its plotly.min.js.
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --require-hashes -r requirements.lock
COPY app app
COPY static static
COPY templates templates
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib app

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OPENBLAS_NUM_THREADS=1 \
    OMP_NUM_THREADS=1 \
    MKL_NUM_THREADS=1 \
    NORMBALL_HOST=0.0.0.0 \
    NORMBALL_PORT=8000 \
    NORMBALL_DATA=/data
WORKDIR /srv/normball
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/normball ./
RUN install --directory --owner=10001 --group=10001 /data
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --start-interval=1s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['NORMBALL_PORT'] + '/healthz', timeout=3)"]
CMD ["python", "-m", "app"]
