#!/bin/sh
# install.sh LOCK: make .venv where there is none, and install exactly what LOCK pins.
set -eu
lock=$1
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

have_uv() { command -v uv >/dev/null 2>&1; }

if ! .venv/bin/python -c "$new_enough" 2>/dev/null; then
    python=''
    for candidate in python3.13 python3.12 python3.11 python3; do
        if "$candidate" -c "$new_enough" 2>/dev/null; then python=$candidate; break; fi
    done
    if [ -z "$python" ]; then
        echo 'Normball needs Python 3.11 or newer, and none is on PATH (tried python3.13, 3.12, 3.11, python3).' >&2
        exit 1
    fi
    echo "Making .venv with $("$python" --version)"
    if have_uv; then
        uv venv --quiet --clear --python "$python" .venv
    elif "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        "$python" -m venv --clear .venv
    else
        echo "$python has no venv module: install it (Debian: apt-get install python3-venv), or install uv." >&2
        exit 1
    fi
fi

echo "Installing $lock"
if have_uv; then
    uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"
else
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
fi
