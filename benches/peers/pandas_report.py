"""The report as a good consultant would script it: pandas reads and groups, Jinja2 and XlsxWriter write.

usage: pandas_report.py DIR FILE...    writes report.md, report.html and report.xlsx into DIR; prints the number of rows
                                       and of distinct detections

It judges crudely: who asked, by direction and request or response, and whether the other end is inside. Tables are cut
where the built-in reporters cut theirs.
"""

import ipaddress
import sys
from pathlib import Path

import pandas as pd
import xlsxwriter
from jinja2 import Environment

IDENTITY = [
    "Endpoint", "Domain", "User", "Process", "Local IP", "Remote IP", "Protocol", "Traffic Direction", "List Source",
    "Result", "Service",
]
MARKDOWN_ROWS, HTML_ROWS, SHEET_ROWS = 2_000, 1_000, 50_000
SEVERITIES = ["critical", "high", "medium", "low"]

MARKDOWN = """# Suspicious connections

{{ rows }} rows, {{ findings | length }} findings, from {{ first }} to {{ last }}

| scenario | severity | rows | findings |
|---|---|---|---|
{% for line in summary %}| {{ line.scenario }} | {{ line.severity }} | {{ line.rows }} | {{ line.findings }} |
{% endfor %}
| {{ columns | join(" | ") }} |
|{% for _ in columns %}---|{% endfor %}
{% for line in findings[:limit] %}| {% for cell in line %}{{ cell | string | replace("|", "\\\\|") }} | {% endfor %}
{% endfor %}
"""

HTML = """<!doctype html><meta charset="utf-8"><title>Suspicious connections</title>
<h1>Suspicious connections</h1><p>{{ rows }} rows, {{ findings | length }} findings, from {{ first }} to {{ last }}</p>
<table><tr><th>scenario<th>severity<th>rows<th>findings</tr>
{% for line in summary %}<tr><td>{{ line.scenario }}<td>{{ line.severity }}<td>{{ line.rows }}<td>{{ line.findings }}</tr>
{% endfor %}</table>
<table><tr>{% for column in columns %}<th>{{ column }}{% endfor %}</tr>
{% for line in findings[:limit] %}<tr>{% for cell in line %}<td>{{ cell }}{% endfor %}</tr>
{% endfor %}</table>
"""


def read(paths):
    """All rows of all files, times parsed."""
    frames = [pd.read_csv(path, parse_dates=["Date/Time"]) for path in paths]
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def grouped(rows):
    """One line for each detection."""
    rows["Service"] = rows[["Local Port", "Remote Port"]].min(axis=1)
    groups = rows.groupby(IDENTITY, sort=False, observed=True, dropna=False)
    return groups.agg(Rows=("Date/Time", "size"), First=("Date/Time", "min"), Last=("Date/Time", "max")).reset_index()


def judged(findings):
    """The findings with scenario and severity, worst first."""
    rule = findings["List Source"]
    response = rule.str.contains("response", case=False)
    local = (findings["Traffic Direction"] == "Outgoing") != response
    inside = {ip: ipaddress.ip_address(ip).is_private for ip in findings["Remote IP"].unique()}
    private = findings["Remote IP"].map(inside).astype(bool)
    exploit = rule.str.contains("CVE-|MS17-|exploit", case=False, regex=True)
    findings["Scenario"] = "inbound-from-internet"
    findings.loc[local, "Scenario"] = "outbound-callback"
    findings.loc[local & exploit, "Scenario"] = "outbound-attack"
    findings.loc[private, "Scenario"] = "internal-activity"
    findings.loc[private & exploit, "Scenario"] = "lateral-movement"
    worst = findings["Scenario"].isin(["outbound-callback", "outbound-attack", "lateral-movement"])
    level = 2 - worst.astype(int) * 2 + (findings["Result"] == "Blocked").astype(int)
    findings["Severity"] = level.map(dict(enumerate(SEVERITIES)))
    findings["Level"] = level
    return findings.sort_values(["Level", "Rows"], ascending=[True, False]).drop(columns="Level")


def summary_of(findings):
    """One line for each scenario and severity."""
    groups = findings.groupby(["Scenario", "Severity"])["Rows"].agg(["sum", "size"]).reset_index()
    names = ["scenario", "severity", "rows", "findings"]
    return [dict(zip(names, line)) for line in groups.itertuples(index=False)]


def write_workbook(path, summary, columns, lines):
    """Three sheets: summary, findings, and hosts by rows."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, date = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet("Summary")
    sheet.write_row(0, 0, ["scenario", "severity", "rows", "findings"], bold)
    for at, line in enumerate(summary, 1):
        sheet.write_row(at, 0, list(line.values()))
    sheet = book.add_worksheet("Findings")
    sheet.write_row(0, 0, columns, bold)
    for at, line in enumerate(lines[:SHEET_ROWS], 1):
        for column, cell in enumerate(line):
            if isinstance(cell, pd.Timestamp):
                sheet.write_datetime(at, column, cell, date)
            else:
                sheet.write(at, column, cell)
    hosts = {}
    for line in lines:
        hosts[line[0]] = hosts.get(line[0], 0) + line[columns.index("Rows")]
    sheet = book.add_worksheet("Hosts")
    for at, host in enumerate(sorted(hosts, key=lambda host: -hosts[host])[:SHEET_ROWS]):
        sheet.write_row(at, 0, [host, hosts[host]])
    book.close()


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    findings = judged(grouped(read(sys.argv[2:])))
    columns, lines = list(findings.columns), list(findings.itertuples(index=False, name=None))
    view = {
        "rows": int(findings["Rows"].sum()), "first": findings["First"].min(), "last": findings["Last"].max(),
        "summary": summary_of(findings), "columns": columns, "findings": lines,
    }
    for name, text, escape, limit in [("report.md", MARKDOWN, False, MARKDOWN_ROWS), ("report.html", HTML, True, HTML_ROWS)]:
        template = Environment(autoescape=escape).from_string(text)
        (folder / name).write_text(template.render(view, limit=limit), encoding="utf-8")
    write_workbook(folder / "report.xlsx", view["summary"], columns, lines)
    print(view["rows"], len(lines))


main()
