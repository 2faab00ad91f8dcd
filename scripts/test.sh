#!/bin/sh
# All tests in two processes: those in a browser mostly wait. Arguments go to both (-k …); one may find nothing to run.
set -u
said=$(mktemp)
trap 'rm -f "$said"' EXIT
python -m pytest -m browser "$@" >"$said" 2>&1 &
python -m pytest -m "not browser" "$@"
here=$?
wait $!
there=$?
echo "In the browser:"
cat "$said"
[ $here -eq 5 ] && here=$there
[ $there -eq 5 ] && there=$here # 5: no test was selected
[ $here -eq 0 ] && [ $there -eq 0 ]
