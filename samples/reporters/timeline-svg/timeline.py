"""A sample of an external reporter: rows over time as an SVG picture.

`timeline.py describe` says what it is. `timeline.py render` reads two lines from standard input, a header and the report,
and writes one JSON object with the artefacts to standard output.
"""

import json
import sys
from xml.sax.saxutils import escape

COLOUR = "#3f6fa5"


def describe():
    """The name of the pack and the versions that this program understands."""
    return {
        "name": "timeline-svg",
        "protocol": {"min": 1, "max": 1},
        "schema": {"min": 1, "max": 1},
    }


def picture(report, height):
    """The bars of the timeline, with the title and a text for each bar that pointing at it shows."""
    buckets = report["timeline"]["buckets"]
    sums = [sum(bucket["rows"].values()) for bucket in buckets]
    most = max(sums, default=1) or 1
    width = 10 * max(len(buckets), 1)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + 24}">',
        f'<text x="0" y="16" font-family="sans-serif" font-size="12">{escape(report["title"])}</text>',
    ]
    for number, (bucket, rows) in enumerate(zip(buckets, sums)):
        bar = max(1, round(height * rows / most))
        lines.append(
            f'<rect x="{10 * number}" y="{24 + height - bar}" width="8" height="{bar}" fill="{COLOUR}">'
            f'<title>{escape(bucket["start"])}: {rows}</title></rect>'
        )
    return "\n".join(lines + ["</svg>", ""])


def render(lines):
    """The answer for a header and a report."""
    header = json.loads(lines.readline())
    if header["protocol"] != 1:
        sys.exit(f"protocol {header['protocol']} is too new for this program")
    report = json.loads(lines.readline())
    svg = picture(report, header["options"]["height"])
    return {"protocol": 1, "artefacts": [{"name": "timeline.svg", "text": svg}]}


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")
    answer = describe() if sys.argv[1] == "describe" else render(sys.stdin)
    json.dump(answer, sys.stdout)
