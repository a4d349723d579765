//! What is wrong with a template.

use std::error::Error as _;

/// A template or an expression that can not be read or does not work, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", place(.file.as_deref(), *.line))]
pub struct TemplateError {
    /// The template's name in its pack.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// What is wrong, with the piece of source that it is about.
    pub message: String,
}

fn place(file: Option<&str>, line: Option<usize>) -> String {
    match (file, line) {
        (Some(file), Some(line)) => format!("{file}, line {line}: "),
        (Some(file), None) => format!("{file}: "),
        _ => String::new(),
    }
}

impl From<minijinja::Error> for TemplateError {
    fn from(error: minijinja::Error) -> Self {
        let inner = innermost(&error);
        let mut message = inner.kind().to_string();
        if let Some(detail) = inner.detail() {
            message.extend([": ", detail]);
        }
        if let Some(source) = piece(inner).filter(|source| !message.contains(*source)) {
            message.extend([" in `", source, "`"]);
        }
        TemplateError {
            file: inner.name().filter(|name| *name != "<expression>").map(str::to_owned),
            line: inner.line(),
            message,
        }
    }
}

/// The error that the others are about: the deepest one with a place.
fn innermost(error: &minijinja::Error) -> &minijinja::Error {
    let mut found = error;
    let mut next = error.source();
    while let Some(source) = next {
        if let Some(inner) = source.downcast_ref::<minijinja::Error>()
            && (inner.line().is_some() || found.line().is_none())
        {
            found = inner;
        }
        next = source.source();
    }
    found
}

/// The piece of the template that an error is about.
fn piece(error: &minijinja::Error) -> Option<&str> {
    let piece = error.template_source()?.get(error.range()?)?.trim();
    (!piece.is_empty() && piece.len() <= 120 && !piece.contains('\n')).then_some(piece)
}
