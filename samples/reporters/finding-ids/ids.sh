#!/bin/sh
# A sample of an external reporter: the ids of all incidents and findings, one a line.
#
# `ids.sh describe` says what it is. `ids.sh render` reads a header and the report, one line each, and writes the artefacts
# as one JSON object.
set -eu

case "$1" in
describe)
    echo '{"name": "finding-ids", "protocol": {"min": 1, "max": 1}, "schema": {"min": 1, "max": 1}}'
    ;;
render)
    IFS= read -r header
    case "$header" in
    *'"protocol":1'*) ;;
    *) echo "the header is none of protocol 1" >&2; exit 1 ;;
    esac
    # In texts of the log each quotation mark has a backslash before it, so that none of them looks like this.
    ids=$(grep -o '"id":"[IF]-[0-9a-z]*"' | cut -d '"' -f 4 | sort -u | sed 's/$/\\n/' | tr -d '\n')
    printf '{"protocol": 1, "artefacts": [{"name": "ids.txt", "text": "%s"}]}\n' "$ids"
    ;;
*)
    echo "usage: ids.sh describe|render" >&2
    exit 2
    ;;
esac
