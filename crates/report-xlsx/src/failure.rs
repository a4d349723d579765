//! What is wrong with a workbook, and where in its declaration.

use ringback_report::{Pack, RenderError};
use ringback_template::TemplateError;
use rust_xlsxwriter::XlsxError;
use toml::Spanned;

/// Something that does not work.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    /// The byte of the declaration that it is about.
    pub(crate) at: Option<usize>,
    pub(crate) hint: Option<String>,
}

impl Failure {
    /// A failure at a place.
    pub(crate) fn at<T>(place: &Spanned<T>, message: impl Into<String>) -> Self {
        Failure { message: message.into(), at: Some(place.span().start), hint: None }
    }

    /// A failure without a place.
    pub(crate) fn plain(message: impl Into<String>) -> Self {
        Failure { message: message.into(), at: None, hint: None }
    }

    /// The same failure with what may help.
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    /// The same failure with the nearest of the names that would do.
    pub(crate) fn with_nearest<'a>(mut self, name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        self.hint = nearest(name, known).map(|known| format!("did you mean `{known}`?"));
        self
    }

    /// An expression that does not work.
    pub(crate) fn of_expression(source: &Spanned<String>, error: &TemplateError) -> Self {
        Failure::at(source, format!("in `{}`: {}", source.get_ref(), error.message))
    }

    /// The error of a pack, with the file's line.
    pub(crate) fn told(self, pack: &Pack, file: &str, source: &str) -> RenderError {
        let line = self.at.map(|byte| line_of(source, byte));
        let error = RenderError::new(pack, self.message).at(Some(file), line);
        match self.hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}

impl From<XlsxError> for Failure {
    fn from(error: XlsxError) -> Self {
        Failure::plain(error.to_string())
    }
}

/// The number of the line that a byte lies in, from 1.
fn line_of(source: &str, byte: usize) -> usize {
    source.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

/// The nearest of the keys that a message about an unknown one lists.
pub(crate) fn nearest_key(message: &str) -> Option<String> {
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown = names.next().filter(|_| message.starts_with("unknown "))?;
    nearest(unknown, names).map(|known| format!("did you mean `{known}`?"))
}

/// The nearest of some names to one that is not among them, if any is near.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= known.len().div_ceil(3))
        .min()
        .map(|(_, known)| known)
}
