#!/bin/sh
# Make sure that there is a Chromium for the browser tests: one on PATH, one that Playwright has, or a new one.
set -eu

works() { "$1" --version >/dev/null 2>&1; }

there_is_one() {
    for name in chromium chromium-browser google-chrome; do
        if works "$name"; then return 0; fi
    done
    works "$(python -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)')"
}

from_the_system() {
    [ "$(id -u)" = 0 ] || return 1
    if command -v apt-get; then
        apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium fonts-liberation
    elif command -v dnf; then
        dnf install --assumeyes chromium
    elif command -v apk; then
        apk add chromium
    else
        return 1
    fi
}

there_is_one && exit
echo 'Installing a Chromium for the browser tests'
log=$(mktemp)
trap 'rm -f "$log"' EXIT
from_the_system >"$log" 2>&1 && there_is_one && exit
python -m playwright install chromium >>"$log" 2>&1 && there_is_one && exit
cat "$log" >&2
echo 'The browser tests need Chromium, and none could be installed: put chromium, chromium-browser or google-chrome' >&2
echo 'on PATH (Debian: apt-get install chromium), or run .venv/bin/playwright install --with-deps chromium.' >&2
exit 1
