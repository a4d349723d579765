//! The hermetic environment of templates and expressions, and the words of each language.
//!
//! An [`Environment`] renders templates and evaluates expressions over a report ([`report_value()`]) with the words of one
//! language ([`Catalogue`]). It knows no files, network, clock or process environment, stops a template that does too
//! much, refuses undefined names, and escapes every value for the format that is written ([`Escape`]): there is no way to
//! print a value of the log unescaped, and none is ever read as a template.

mod clock;
mod defang;
mod embed;
mod environment;
mod error;
mod escape;
mod exchange;
mod expression;
mod figures;
mod filters;
mod indicator;
mod jira;
mod lint;
mod markdown;
mod moment;
mod phrase;
mod places;
mod prose;
mod report_value;
mod rows;
mod scope;
mod shape;
mod visible;
mod words;

#[cfg(test)]
mod tests;

pub use clock::Clock;
pub use environment::Environment;
pub use error::TemplateError;
pub use escape::Escape;
pub use expression::{Cell, Expression};
pub use lint::{Fault, faults};
/// A value of a template or an expression.
pub use minijinja::Value;
/// The kinds of values.
pub use minijinja::value::ValueKind;
pub use places::Places;
pub use report_value::{report_value, value_of};
pub use scope::Scope;
pub use words::{Catalogue, WordsError, languages, words};
