//! Expressions with typed results, for workbooks.

use crate::error::TemplateError;
use crate::moment::Moment;
use crate::scope::Scope;
use crate::shape::Shape;
use crate::visible::{is_plain, visible};
use minijinja::Value;
use minijinja::value::ValueKind;
use ringback_model::Instant;
use std::borrow::Cow;

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, with hidden characters made visible. It is data: whoever writes it sees to it that it stays text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// An instant, from the filter `as_time`. [`Clock::civil`](crate::Clock::civil) is what a clock shows at it.
    Time(Instant),
}

/// A compiled expression.
#[derive(Debug)]
pub struct Expression<'e> {
    pub(crate) compiled: minijinja::Expression<'e, 'static>,
    /// Its shape, where it is a simple one.
    pub(crate) shape: Option<Shape>,
}

impl Expression<'_> {
    /// The value of the expression in a scope.
    ///
    /// # Errors
    ///
    /// A name is undefined, a filter refuses its input, or the fuel is used up.
    pub fn value(&self, scope: &Scope) -> Result<Value, TemplateError> {
        if let Some(value) = self.shape.as_ref().and_then(|shape| shape.value(scope)) {
            return Ok(value);
        }
        self.interpreted(scope)
    }

    /// The value as the template language works it out.
    fn interpreted(&self, scope: &Scope) -> Result<Value, TemplateError> {
        let value = self.compiled.eval(scope.clone())?;
        if value.is_undefined() {
            return Err(TemplateError { file: None, line: None, message: "undefined value".to_owned() });
        }
        Ok(value)
    }

    /// Whether the value of the expression counts as true in a scope.
    ///
    /// # Errors
    ///
    /// As for [`Expression::value`].
    pub fn holds(&self, scope: &Scope) -> Result<bool, TemplateError> {
        match self.shape.as_ref().and_then(|shape| shape.cell(scope)) {
            Some(Cell::Bool(holds)) => Ok(holds),
            _ => Ok(self.value(scope)?.is_true()),
        }
    }

    /// The texts of the catalogue that the expression can give, where it is of a kind that gives little else.
    pub fn labels(&self) -> Vec<String> {
        let labels = self.shape.iter().flat_map(Shape::labels);
        labels.filter(|label| !label.is_empty()).map(|label| visible(label).into_owned()).collect()
    }

    /// The typed result of the expression in a scope. Lists become text, joined with commas.
    ///
    /// # Errors
    ///
    /// As for [`Expression::value`].
    pub fn eval(&self, scope: &Scope) -> Result<Cell, TemplateError> {
        match self.shape.as_ref().and_then(|shape| shape.cell(scope)) {
            Some(cell) => Ok(cell),
            None => Ok(Cell::of(&self.value(scope)?)),
        }
    }
}

impl Cell {
    /// The cell for a value.
    pub fn of(value: &Value) -> Cell {
        if let Some(moment) = value.downcast_object_ref::<Moment>() {
            return Cell::Time(moment.0);
        }
        match value.kind() {
            ValueKind::Undefined | ValueKind::None => Cell::Empty,
            ValueKind::Bool => Cell::Bool(value.is_true()),
            ValueKind::Number => {
                f64::try_from(value.clone()).map_or_else(|_| Cell::Text(value.to_string()), Cell::Number)
            }
            ValueKind::Seq | ValueKind::Iterable => {
                let parts: Vec<String> =
                    value.try_iter().into_iter().flatten().map(|v| v.to_string()).collect();
                Cell::text(&parts.join(", "))
            }
            _ => match value.as_str() {
                Some(text) => Cell::text(text),
                None => Cell::text(&value.to_string()),
            },
        }
    }

    pub(crate) fn text(text: &str) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(visible(text).into_owned()) }
    }

    pub(crate) fn owned(text: Cow<'_, str>) -> Cell {
        match text {
            Cow::Owned(text) if !text.is_empty() && is_plain(&text) => Cell::Text(text),
            text => Cell::text(&text),
        }
    }
}
