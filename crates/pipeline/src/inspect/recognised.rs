//! What one input is: from its plan and its survey.

use crate::source_tally::Counted;
use ringback_model::RejectReason;
use ringback_model::inspection::{
    InspectedColumn, InspectedCondition, InspectedField, InspectedForm, InspectedLayout, InspectedLineEnds,
    InspectedOrder, InspectedQuoting, InspectedReading, InspectedRequirement, InspectedTimes, Nearest,
    Recognised,
};
use ringback_parse::{
    ColumnSurvey, DateDecision, DateOrder, Field, Form, Format, LayoutMatch, LineEnds, Plan, Quoting,
    RequiredMatch, Survey,
};
use std::cmp::Reverse;

/// What an input with a plan is.
pub(super) fn recognised(one: &Counted, plan: &Plan) -> Recognised {
    let survey = &one.tally.survey;
    let delimited = plan.delimiter().is_some();
    let layouts: Vec<InspectedLayout> = plan.matches(survey).iter().map(layout).collect();
    let runner_up = plan.runner_up().filter(|(name, _)| layouts.iter().all(|one| one.name != *name));
    Recognised {
        encoding: plan.encoding().to_owned(),
        encoding_guessed: plan.encoding_guessed(),
        format: plan.format().as_str().to_owned(),
        delimiter: plan.delimiter(),
        quoting: delimited.then(|| quoting(survey.quoting)),
        line_ends: line_ends(survey.line_ends),
        heading_line: Some(plan.heading_line()).filter(|line| *line > 0),
        layouts,
        runner_up: runner_up
            .map(|(layout, lacks)| Nearest { layout: layout.to_owned(), lacks: lacks.to_vec() }),
        columns: columns(plan, survey),
        more_columns: survey.more_unread,
        times: times(one, plan),
    }
}

fn quoting(quoting: Quoting) -> InspectedQuoting {
    let Quoting { quoted, bare, empty } = quoting;
    let kind = match (quoted, bare, empty) {
        (0, _, _) => "none",
        (_, 0, 0) => "every",
        (_, 0, _) => "every-filled",
        _ => "some",
    };
    InspectedQuoting { kind: kind.to_owned(), quoted, cells: quoted + bare + empty }
}

fn line_ends(ends: LineEnds) -> InspectedLineEnds {
    let LineEnds { lf, crlf, cr } = ends;
    let kind = match (lf, crlf, cr) {
        (0, 0, 0) => "none",
        (_, 0, 0) => "lf",
        (0, _, 0) => "crlf",
        (0, 0, _) => "cr",
        _ => "mixed",
    };
    InspectedLineEnds { kind: kind.to_owned(), lf, crlf, cr }
}

fn layout(one: &LayoutMatch<'_>) -> InspectedLayout {
    let requirement = |group: &RequiredMatch<'_>| InspectedRequirement {
        fields: group.fields.iter().map(|field| field.as_str().to_owned()).collect(),
        found: group
            .found
            .iter()
            .map(|(field, heading)| InspectedField {
                field: field.as_str().to_owned(),
                heading: (*heading).to_owned(),
            })
            .collect(),
    };
    let conditions = one.conditions.iter().map(|condition| InspectedCondition {
        key: condition.key.to_owned(),
        is: condition.is.to_vec(),
        between: condition.between,
    });
    InspectedLayout {
        name: one.layout.name.clone(),
        title: one.layout.title.clone(),
        confirmed: one.layout.confirmed,
        required: one.required.iter().map(requirement).collect(),
        conditions: conditions.collect(),
        known_columns: one.known,
        records: one.records,
    }
}

fn columns(plan: &Plan, survey: &Survey) -> Vec<InspectedColumn> {
    let column =
        |heading: &str, field: Option<&str>, role: &str, seen: Option<&ColumnSurvey>| InspectedColumn {
            heading: heading.to_owned(),
            field: field.map(str::to_owned),
            role: role.to_owned(),
            filled: seen.map_or(0, |seen| seen.filled),
            samples: seen.into_iter().flat_map(ColumnSurvey::samples).map(str::to_owned).collect(),
        };
    let known = plan.headings().enumerate().filter(|(number, _)| plan.is_met(*number, survey));
    let mut columns: Vec<InspectedColumn> = known
        .map(|(number, (heading, field))| {
            let role = match field {
                Some(_) => "read",
                None if plan.is_condition(number) => "condition",
                None if plan.tells_direction(number) => "direction",
                None => "not-read",
            };
            column(heading, field.map(Field::as_str), role, survey.columns.get(number))
        })
        .collect();
    columns.extend(survey.unread.iter().map(|(key, seen)| column(key, None, "not-read", Some(seen))));
    if plan.format() == Format::Positions {
        columns.sort_by_key(|column| column.heading.parse::<u64>().unwrap_or(u64::MAX));
    }
    columns
}

fn times(one: &Counted, plan: &Plan) -> InspectedTimes {
    let survey = &one.tally.survey;
    let dates = &one.tally.dates;
    let order = order(one, plan);
    let shown =
        order.order.as_deref().map(|word| DateOrder::READINGS.into_iter().find(|o| o.as_str() == word));
    let mut forms: Vec<(&Form, _)> = survey.forms.iter().collect();
    forms.sort_by_key(|(form, seen)| (Reverse(seen.rows), *form));
    let readable: u64 = forms.iter().filter(|(form, _)| form.is_read()).map(|(_, seen)| seen.rows).sum();
    let reading = dates.decide().reading();
    let logged = readable > 0 && survey.with_offset == readable;
    InspectedTimes {
        forms: forms
            .into_iter()
            .map(|(form, seen)| InspectedForm {
                form: form.told(shown.flatten()),
                read: form.is_read(),
                rows: seen.rows,
                first: seen.first.into(),
            })
            .collect(),
        unknown: survey.unknown_times.samples().map(str::to_owned).collect(),
        order,
        folds: dates.folds[reading],
        gaps: dates.gaps[reading],
        zone: plan.zone().to_owned(),
        zone_basis: if logged { "logged" } else { plan.zone_basis() }.to_owned(),
        with_offset: survey.with_offset,
        first: one.reading().and_then(|reading| reading.first),
        last: one.reading().and_then(|reading| reading.last),
    }
}

fn order(one: &Counted, plan: &Plan) -> InspectedOrder {
    let survey = &one.tally.survey;
    let open = survey.forms.keys().any(|form| matches!(form, Form::Written { open: true, .. }));
    let (order, basis) = match (one.tally.dates.decide(), plan.fixed_date_order()) {
        (DateDecision::Plain, Some(order)) if open => (Some(order), "layout"),
        (DateDecision::Plain, _) if one.tally.dates.open > 0 => (None, "either"),
        (DateDecision::Plain, _) => (None, "plain"),
        (DateDecision::Given(order, _), _) => (Some(order), "given"),
        (DateDecision::Proven(order, _), _) => (Some(order), "proven"),
        (DateDecision::ByOrder(order), _) => (Some(order), "log-order"),
        (DateDecision::Ambiguous(order), _) => (Some(order), "ambiguous"),
    };
    let rejects = one.rejects().finish();
    let contradicted = rejects.iter().find(|tally| tally.reason == RejectReason::DateOrder);
    let proof = order.and_then(|order| survey.proofs[order as usize]).filter(|_| basis == "proven");
    let stretches = one.tally.stretches();
    let both = matches!(basis, "log-order" | "ambiguous");
    let readings = DateOrder::READINGS.into_iter().zip(stretches).filter(|_| both);
    InspectedOrder {
        order: order.map(|order| order.as_str().to_owned()),
        basis: basis.to_owned(),
        proof: proof.map(Into::into),
        contradicted: contradicted.map_or(0, |tally| tally.rows),
        readings: readings
            .map(|(order, stretch)| InspectedReading {
                order: order.as_str().to_owned(),
                first: stretch.map(|(first, _)| first),
                last: stretch.map(|(_, last)| last),
            })
            .collect(),
    }
}
