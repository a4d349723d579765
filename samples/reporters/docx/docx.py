"""An external reporter: the report of the pack markdown as a Word document, made by pandoc.

`docx.py describe` says what it is. `docx.py render` reads two lines from standard input, a header and the report, finds the
Markdown in the folder `from`, and writes one JSON object with the artefacts to standard output.

How the document looks is `reference.docx`: change its styles in Word, and the header and footer of its pages. Its accent
colour, 1F4E79, becomes the profile's; its type becomes the first family that the profile names.
"""

import base64
import json
import subprocess
import sys
import zipfile
from xml.sax.saxutils import escape

ACCENT = "1F4E79"
FONT = "Calibri"
PICTURES = {"data:image/png;base64,": "logo.png", "data:image/jpeg;base64,": "logo.jpg"}


def describe():
    """The name of the pack and the versions that this program understands."""
    return {"name": "docx", "protocol": {"min": 1, "max": 1}, "schema": {"min": 1, "max": 1}}


def dressed(marking):
    """The reference document in the report's colour and type."""
    accent = (marking.get("accent") or f"#{ACCENT}").lstrip("#")
    font = (marking.get("font") or FONT).split(",")[0].strip().strip('"')
    with zipfile.ZipFile("reference.docx") as old, zipfile.ZipFile("styles.docx", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith(".xml"):
                text = part.decode("utf-8").replace(ACCENT, accent).replace(f'"{FONT}"', f'"{escape(font)}"')
                part = text.encode("utf-8")
            new.writestr(name, part)
    return "styles.docx"


def logo(client):
    """The file of the logo, where it is a picture that Word can hold."""
    uri = (client.get("logo") or {}).get("uri", "")
    for start, name in PICTURES.items():
        if uri.startswith(start):
            with open(name, "wb") as file:
                file.write(base64.b64decode(uri[len(start) :]))
            return name
    return ""


def document(report):
    """The bytes of the document."""
    marking = report["marking"]
    # The subject is what header and footer of each page show.
    subject = f"TLP:{marking['tlp'].upper()}" if marking.get("tlp") else ""
    metadata = {"title": report["title"], "subject": subject, "lang": report["language"], "logo": logo(report["client"])}
    if report.get("author"):
        metadata["author"] = report["author"]
    command = ["pandoc", "--from=gfm", "--to=docx", "--toc", "--toc-depth=2", "--lua-filter=report.lua"]
    command += [f"--reference-doc={dressed(marking)}", "--output=report.docx"]
    # Given like this they are texts; in a file they would be read as Markdown.
    command += [f"--metadata={key}:{value}" for key, value in metadata.items()]
    made = subprocess.run(command + ["from/report.md"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(f"pandoc failed: {made.stderr.strip()}")
    with open("report.docx", "rb") as file:
        return file.read()


def render():
    """Reads the report and writes the answer."""
    header = json.loads(sys.stdin.readline())
    if header["protocol"] != 1 or header["schema"] != 1:
        sys.exit("this program understands protocol 1 and report schema 1")
    content = base64.b64encode(document(json.loads(sys.stdin.readline()))).decode("ascii")
    json.dump({"protocol": 1, "artefacts": [{"name": "report.docx", "base64": content}]}, sys.stdout)


if sys.argv[1:] == ["describe"]:
    json.dump(describe(), sys.stdout)
elif sys.argv[1:] == ["render"]:
    render()
else:
    sys.exit("usage: docx.py describe|render")
