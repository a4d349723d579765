//! What a row's values are taken from, told.

use ringback_model::explanation::{ExplainedCell, ExplainedField};
use ringback_model::{DetectionRef, Direction};
use ringback_parse::{ShownCell, Told};

/// A cell of a record, told.
pub(super) fn cell(cell: &ShownCell<'_>) -> ExplainedCell {
    ExplainedCell {
        column: cell.column + 1,
        heading: cell.heading.map(str::to_owned),
        field: cell.field.map(|field| field.as_str().to_owned()),
        text: cell.text.to_string(),
    }
}

/// The values of a row. Where the log has a true source and destination, the client's networks tell the sides.
pub(super) fn fields(told: Vec<Told<'_>>, directed: bool, oriented: DetectionRef<'_>) -> Vec<ExplainedField> {
    let mut fields: Vec<ExplainedField> = told.into_iter().map(field).collect();
    if !directed {
        return fields;
    }
    let at = |fields: &[ExplainedField], name: &str| fields.iter().position(|field| field.name == name);
    if oriented.direction() == Direction::Incoming {
        for (one, other) in [("local_ip", "remote_ip"), ("local_port", "remote_port")] {
            if let (Some(one), Some(other)) = (at(&fields, one), at(&fields, other)) {
                fields.swap(one, other);
                let name = std::mem::take(&mut fields[one].name);
                fields[one].name = std::mem::replace(&mut fields[other].name, name);
            }
        }
    }
    let local = at(&fields, "local_ip").map(|number| fields[number].clone());
    let remote = at(&fields, "remote_ip").map(|number| fields[number].clone());
    for field in &mut fields {
        let (value, like) = match field.name.as_str() {
            "direction" => (oriented.direction().as_str().to_owned(), local.as_ref()),
            "remote" => (oriented.remote_text().into_owned(), remote.as_ref()),
            _ => continue,
        };
        field.value = Some(value);
        if let Some(like) = like {
            (field.column, field.heading, field.spelling) =
                (like.column, like.heading.clone(), like.spelling.clone());
        }
        field.from = if field.name == "direction" { "networks".to_owned() } else { "cell".to_owned() };
    }
    fields
}

fn field(told: Told<'_>) -> ExplainedField {
    let cell = told.cell.as_ref();
    ExplainedField {
        name: told.what.to_owned(),
        value: Some(told.value).filter(|value| !value.is_empty()),
        from: told.ground.as_str().to_owned(),
        column: cell.map(|cell| cell.column + 1),
        heading: cell.and_then(|cell| cell.heading).map(str::to_owned),
        spelling: cell.map(|cell| cell.text.to_string()),
    }
}
