#!/bin/sh
# An external reporter: the page of the pack html, printed to PDF by Chromium.
#
# `pdf.sh describe` says what it is. `pdf.sh render` reads a header and the report, one line each, finds the page in the
# folder `from`, and writes the artefacts as one JSON object.
set -eu

case "$1" in
describe)
    echo '{"name": "pdf", "protocol": {"min": 1, "max": 1}, "schema": {"min": 1, "max": 1}}'
    ;;
render)
    IFS= read -r header
    case "$header" in
    *'"protocol":1'*) ;;
    *) echo "the header is none of protocol 1" >&2; exit 1 ;;
    esac
    # The report itself is not needed: the page was made from it.
    cat > /dev/null
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        browser=$(command -v "$name") && break
    done
    # Chromium refuses its sandbox to root alone.
    sandbox=
    if [ "$(id -u)" = 0 ]; then sandbox=--no-sandbox; fi
    mkdir browser
    # No name is looked up, and nothing of the user's own browser is read or written.
    if ! HOME="$PWD/browser" "$browser" --headless $sandbox --disable-gpu --no-first-run --disable-sync \
        --disable-background-networking --disable-component-update --disable-extensions \
        --host-resolver-rules="MAP * ~NOTFOUND" --user-data-dir="$PWD/browser/profile" --no-pdf-header-footer \
        --print-to-pdf="$PWD/report.pdf" "file://$PWD/from/report.html" > browser.log 2>&1 || [ ! -s report.pdf ]; then
        tail -n 5 browser.log >&2
        echo "$browser made no PDF" >&2
        exit 1
    fi
    printf '{"protocol": 1, "artefacts": [{"name": "report.pdf", "base64": "'
    base64 < report.pdf | tr -d '\n'
    printf '"}]}\n'
    ;;
*)
    echo "usage: pdf.sh describe|render" >&2
    exit 2
    ;;
esac
