//! Expressions of a declaration, compiled.

use crate::declaration::Expr;
use crate::failure::Failure;
use ringback_template::{Cell, Environment, Expression, Scope, Value};

/// An expression and where it stands.
#[derive(Debug)]
pub(crate) struct Code<'e> {
    expression: Expression<'e>,
    pub(crate) source: &'e Expr,
}

impl<'e> Code<'e> {
    /// Compiles an expression.
    pub(crate) fn new(environment: &'e Environment, source: &'e Expr) -> Result<Self, Failure> {
        let expression = environment
            .expression(source.get_ref())
            .map_err(|error| Failure::of_expression(source, &error))?;
        Ok(Code { expression, source })
    }

    /// Compiles an expression that may be missing.
    pub(crate) fn some(
        environment: &'e Environment,
        source: Option<&'e Expr>,
    ) -> Result<Option<Self>, Failure> {
        source.map(|source| Code::new(environment, source)).transpose()
    }

    /// Its value.
    pub(crate) fn value(&self, scope: &Scope) -> Result<Value, Failure> {
        self.expression.value(scope).map_err(|error| Failure::of_expression(self.source, &error))
    }

    /// Whether its value counts as true.
    pub(crate) fn holds(&self, scope: &Scope) -> Result<bool, Failure> {
        self.expression.holds(scope).map_err(|error| Failure::of_expression(self.source, &error))
    }

    /// Its value as the content of a cell.
    pub(crate) fn cell(&self, scope: &Scope) -> Result<Cell, Failure> {
        self.expression.eval(scope).map_err(|error| Failure::of_expression(self.source, &error))
    }

    /// The texts of the catalogue that it can give, where it is of a kind that gives little else.
    pub(crate) fn labels(&self) -> Vec<String> {
        self.expression.labels()
    }

    /// Its value as text.
    pub(crate) fn text(&self, scope: &Scope) -> Result<String, Failure> {
        Ok(match self.cell(scope)? {
            Cell::Empty => String::new(),
            Cell::Text(text) => text,
            Cell::Number(_) | Cell::Bool(_) | Cell::Time(_) => self.value(scope)?.to_string(),
        })
    }

    /// Its value as a count.
    pub(crate) fn count(&self, scope: &Scope) -> Result<u64, Failure> {
        u64::try_from(self.value(scope)?).map_err(|_| Failure::at(self.source, "is no count"))
    }
}

/// Whether what depends on a condition is made; without a condition it is.
pub(crate) fn holds(environment: &Environment, when: Option<&Expr>, scope: &Scope) -> Result<bool, Failure> {
    match Code::some(environment, when)? {
        Some(code) => code.holds(scope),
        None => Ok(true),
    }
}

/// The text of an expression that may be missing.
pub(crate) fn text(
    environment: &Environment,
    source: Option<&Expr>,
    scope: &Scope,
) -> Result<String, Failure> {
    Code::some(environment, source)?.map_or(Ok(String::new()), |code| code.text(scope))
}
