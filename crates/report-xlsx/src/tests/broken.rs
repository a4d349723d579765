//! What is wrong with a declaration is told with its place.

use super::*;

const GOOD: &str = r##"schema = 1
[palette.severity]
label = 'word|term("severity")'
words = { high = { fill = "#c0392b", ink = "#ffffff" } }
[[sheet]]
id = "one"
name = 't("label.findings")'
[[sheet.block]]
id = "list"
rows = 'findings'
as = "finding"
anchor = 'finding.id'
filter = true
columns = [
  { id = "id", heading = '"Id"', value = 'finding.id', kind = "text", link = { to = "one", key = 'finding.id' } },
  { id = "rows", heading = '"Rows"', value = 'finding.rows', kind = "number", palette = "severity" },
  { id = "first", heading = '"First"', value = 'finding.first|as_time', kind = "time" },
]
[[sheet.chart]]
title = '"Rows"'
kind = "column"
of = "one.list"
categories = "id"
values = ["rows"]
at = "list"
"##;

#[test]
fn the_good_one_is_good() {
    let mut book = open(of_declaration(GOOD).unwrap());
    assert_eq!(cells(&mut book, "Findings").height(), 11);
}

#[test]
fn broken_declarations_say_what_and_where() {
    for (from, to, line, part, hint) in [
        ("schema = 1", "schema = 2", 1, "schema 2 is not 1", None),
        ("filter = true", "filtre = true", 13, "unknown field `filtre`", Some("did you mean `filter`?")),
        (
            "kind = \"number\"",
            "kind = \"nummer\"",
            16,
            "unknown variant `nummer`",
            Some("did you mean `number`?"),
        ),
        ("kind = \"column\"", "kind = \"cake\"", 21, "unknown variant `cake`", None),
        (
            "palette = \"severity\"",
            "palette = \"severty\"",
            16,
            "no palette `severty`",
            Some("did you mean `severity`?"),
        ),
        ("to = \"one\"", "to = \"on\"", 15, "no sheet `on`", Some("did you mean `one`?")),
        ("anchor = 'finding.id'", "", 15, "has no anchor", None),
        ("\"one.list\"", "\"one.lost\"", 22, "no block `lost`", Some("did you mean `list`?")),
        ("\"one.list\"", "\"list\"", 22, "`sheet.block`", None),
        ("values = [\"rows\"]", "values = [\"row\"]", 24, "no column `row`", Some("did you mean `rows`?")),
        ("at = \"list\"", "at = \"x\"", 25, "no block `x`", None),
        ("#c0392b", "red", 4, "\"red\" is no colour", None),
        ("rows = 'findings'", "rows = 'findngs'", 10, "undefined", None),
        ("rows = 'findings'", "rows = 'title'", 10, "`title` is no list", None),
        ("rows = 'findings'", "rows = 'generated_at and 5'", 10, "is no list", None),
        ("rows = 'findings'", "", 9, "either `rows` or `lines`", None),
        (
            "rows = 'findings'",
            "rows = 'findings'\nlines = [['1', '2', '3']]",
            9,
            "either `rows` or `lines`",
            None,
        ),
        ("rows = 'findings'", "lines = [['1', '2']]", 10, "2 values for 3 columns", None),
        ("'finding.rows'", "'finding.rws'", 16, "undefined", None),
        ("'finding.rows'", "'finding.rows +'", 16, "syntax error", None),
        ("'finding.rows'", "'finding.id'", 16, "`finding.id` is no number", None),
        ("'finding.first|as_time'", "'finding.first'", 17, "`as_time` makes one", None),
        ("value = 'finding.rows', ", "", 16, "without a `value`", None),
        ("as = \"finding\"", "as = \"finding\"\ncap = '\"x\"'", 12, "is no count", None),
        ("columns = [", "columns = []\nx = [", 15, "unknown field", None),
        ("id = \"one\"", "id = ", 6, "", None),
    ] {
        let source = GOOD.replacen(from, to, 1);
        assert_ne!(source, GOOD, "{from}");
        let error = of_declaration(&source).expect_err(&source);
        assert_eq!(error.file.as_deref(), Some("workbook.toml"));
        assert_eq!(error.line, Some(line), "{to}: {error}");
        assert!(error.message.contains(part), "{to}: {error}");
        assert_eq!(error.hint.as_deref(), hint, "{to}: {error}");
    }
}

#[test]
fn ids_stand_once_and_filters_too() {
    let twice = GOOD
        .replace("[[sheet.chart]]", "[[sheet]]\nid = \"one\"\nname = '\"x\"'\nblock = []\n[[sheet.chart]]");
    assert!(of_declaration(&twice).unwrap_err().message.contains("`one` stands twice"));
    let block = "[[sheet.block]]\nid = \"more\"\nfilter = true\nlines = [['1']]\ncolumns = [{}]\n";
    let filters = GOOD.replace("[[sheet.chart]]", &format!("{block}[[sheet.chart]]"));
    assert!(of_declaration(&filters).unwrap_err().message.contains("on one block only"));
    let wide = GOOD.replace("id = \"rows\",", "id = \"rows\", span = 60000,");
    assert!(of_declaration(&wide).unwrap_err().message.contains("1 to 256 columns"));
}
