//! The accounting adds up, the model keeps its schema, and Markdown, HTML and Excel say the same numbers.

use crate::program::{reports, root};
use calamine::{DataType, Reader, Xlsx};
use serde_json::Value;
use std::path::Path;

fn model(folder: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join("report.json")).unwrap()).unwrap()
}

fn sum(list: &Value, field: &str) -> u64 {
    list.as_array().unwrap().iter().map(|one| one[field].as_u64().unwrap()).sum()
}

#[test]
fn the_model_adds_up_and_keeps_its_schema() {
    let folder = reports("json", "0");
    let model = model(folder.path());
    let accounting = &model["accounting"];
    let parts = ["in_findings", "suppressed", "filtered", "duplicate", "rejected"];
    let total: u64 = parts.iter().map(|part| accounting[part].as_u64().unwrap()).sum();
    assert_eq!(accounting["rows"].as_u64().unwrap(), total);
    assert!(
        parts.iter().filter(|part| **part != "filtered").all(|part| accounting[part].as_u64().unwrap() > 0)
    );
    let in_findings = accounting["in_findings"].as_u64().unwrap();
    for list in ["findings", "incidents", "hosts", "remotes"] {
        assert_eq!(sum(&model[list], "rows"), in_findings, "{list}");
    }
    for counts in ["severity", "scenario", "result"] {
        let counted: u64 =
            model["summary"][counts].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(counted, in_findings, "{counts}");
    }
    assert_eq!(sum(&accounting["rejects"], "rows"), accounting["rejected"].as_u64().unwrap());
    assert_eq!(sum(&model["inputs"], "rows"), accounting["rows"].as_u64().unwrap());
    let buckets = model["timeline"]["buckets"].as_array().unwrap();
    let over_time: u64 = buckets
        .iter()
        .flat_map(|one| one["rows"].as_object().unwrap().values())
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!(over_time, in_findings);
    let schema = std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&model).take(3).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn three_formats_say_the_same_numbers() {
    let folder = reports("markdown,html,xlsx,json", "0");
    let model = model(folder.path());
    let markdown = std::fs::read_to_string(folder.path().join("report.md")).unwrap();
    let html = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    let mut workbook: Xlsx<_> = calamine::open_workbook(folder.path().join("report.xlsx")).unwrap();
    let incidents = workbook.worksheet_range("Incidents").unwrap();
    let findings = workbook.worksheet_range("Findings").unwrap();
    assert_eq!(findings.height() - 1, model["findings"].as_array().unwrap().len());
    for incident in model["incidents"].as_array().unwrap() {
        let id = incident["id"].as_str().unwrap();
        let row = incidents
            .rows()
            .find(|row| row[0].get_string() == Some(id))
            .expect("every incident is in the sheet");
        assert_eq!(
            row[7].as_i64().and_then(|rows| u64::try_from(rows).ok()),
            incident["rows"].as_u64(),
            "{id}"
        );
    }
    for total in ["rows", "in_findings", "suppressed", "duplicate", "rejected"] {
        let number = grouped(model["accounting"][total].as_u64().unwrap());
        assert!(markdown.contains(&number), "Markdown: {total} {number}");
        assert!(html.contains(&number), "HTML: {total} {number}");
    }
    for incident in model["incidents"].as_array().unwrap().iter().take(100) {
        let id = incident["id"].as_str().unwrap();
        assert!(html.contains(id), "HTML: {id}");
        assert!(markdown.contains(id) || markdown.contains(&id.replace('-', "\\-")), "Markdown: {id}");
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
