FROM python:3.13-slim AS build
WORKDIR /srv/packages
COPY requirements.lock /srv/
RUN pip install --no-cache-dir --no-compile --require-hashes --target . -r /srv/requirements.lock
# What the server never imports goes: NumPy's own tests, and all of Plotly but its plotly.min.js, which is handed out.
RUN find numpy -type d -name tests -prune -exec rm -r {} + \
    && find plotly -mindepth 1 -maxdepth 1 -not -name __init__.py -not -name package_data -exec rm -r {} + \
    && python -m compileall -q --invalidation-mode unchecked-hash .
WORKDIR /srv/normball
COPY app app
COPY static static
COPY templates templates
RUN python -m compileall -q --invalidation-mode unchecked-hash app

FROM python:3.13-slim
ENV PYTHONPATH=/srv/packages \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OPENBLAS_NUM_THREADS=1 \
    OMP_NUM_THREADS=1 \
    MKL_NUM_THREADS=1 \
    NORMBALL_HOST=0.0.0.0 \
    NORMBALL_PORT=8000 \
    NORMBALL_DATA=/data
WORKDIR /srv/normball
COPY --from=build /srv /srv
RUN install --directory --owner=10001 --group=10001 /data
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['NORMBALL_PORT'] + '/healthz', timeout=3)"]
CMD ["python", "-m", "app"]
