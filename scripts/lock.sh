#!/bin/sh
# Resolve the dependencies for every platform and Python version. The largest set first: the others agree with it.
# No lock names a registry: whoever installs chooses where from, the hashes say what.
set -eu
if ! command -v uv >/dev/null 2>&1; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    python -m pip install --quiet --disable-pip-version-check --target "$folder" uv
    PATH=$folder/bin:$PATH
fi
resolve() {
    uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate "$@" pyproject.toml
}
resolve --extra test --extra bench --output-file requirements-bench.lock "$@"
resolve --extra test --constraint requirements-bench.lock --output-file requirements-test.lock
resolve --constraint requirements-bench.lock --output-file requirements.lock
npm install --package-lock-only --silent
