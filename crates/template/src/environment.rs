//! The environment that templates and expressions run in.

use crate::error::TemplateError;
use crate::escape::{Escape, write_value};
use crate::exchange;
use crate::expression::Expression;
use crate::filters::{self, Lookup};
use crate::places::Places;
use crate::prose;
use crate::scope::Scope;
use crate::shape::Shape;
use crate::words::Catalogue;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, UndefinedBehavior};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one run of a template may use, in steps. The built-in packs, at their caps, stay under a fortieth of it.
const FUEL: u64 = 200_000_000;

/// What one evaluation of an expression may use.
const EXPRESSION_FUEL: u64 = 1_000_000;

/// Templates and expressions over a report, in one language, for one format.
#[derive(Debug)]
pub struct Environment {
    templates: minijinja::Environment<'static>,
    expressions: minijinja::Environment<'static>,
    words: Arc<Catalogue>,
}

impl Environment {
    /// An environment without templates.
    pub fn new(words: Arc<Catalogue>, escape: Escape) -> Self {
        Environment::made(words, escape, Lookup::Lenient)
    }

    /// An environment without templates in which a key without a text and a word without a label are errors, as a check
    /// wants it.
    pub fn strict(words: Arc<Catalogue>, escape: Escape) -> Self {
        Environment::made(words, escape, Lookup::Strict)
    }

    fn made(words: Arc<Catalogue>, escape: Escape, lookup: Lookup) -> Self {
        Environment {
            templates: hermetic(&words, escape, FUEL, lookup),
            expressions: hermetic(&words, Escape::None, EXPRESSION_FUEL, lookup),
            words,
        }
    }

    /// The same environment with other limits on what one run of a template and of an expression may use.
    #[must_use]
    pub fn with_fuel(mut self, template: u64, expression: u64) -> Self {
        self.templates.set_fuel(Some(template));
        self.expressions.set_fuel(Some(expression));
        self
    }

    /// Takes in a template. Templates include and extend each other by these names and see no other files.
    ///
    /// # Errors
    ///
    /// The template can not be read.
    pub fn add(&mut self, name: &str, source: &str) -> Result<(), TemplateError> {
        Ok(self.templates.add_template_owned(name.to_owned(), source.to_owned())?)
    }

    /// Renders a template in a scope.
    ///
    /// # Errors
    ///
    /// There is no such template, a name is undefined, a filter refuses its input, or the fuel is used up.
    pub fn render(&self, name: &str, scope: &Scope) -> Result<String, TemplateError> {
        Ok(self.templates.get_template(name)?.render(scope.clone())?)
    }

    /// Gives templates files to embed: `data_uri("logo.png")` is the file as an address that loads nothing.
    pub fn set_files(&mut self, files: BTreeMap<String, Vec<u8>>) {
        crate::embed::install(&mut self.templates, files);
    }

    /// Renders a template in a scope, with the places in the templates that each piece of the text comes from.
    ///
    /// # Errors
    ///
    /// As for [`Environment::render`].
    pub fn render_with_places(&self, name: &str, scope: &Scope) -> Result<(String, Places), TemplateError> {
        let (text, spans) = self.templates.get_template(name)?.render_with_spans(scope.clone())?;
        Ok((text, Places::new(spans)))
    }

    /// Compiles an expression.
    ///
    /// # Errors
    ///
    /// The expression can not be read.
    pub fn expression(&self, source: &str) -> Result<Expression<'_>, TemplateError> {
        let compiled = self.expressions.compile_expression_owned(source.to_owned())?;
        Ok(Expression { compiled, shape: Shape::of(source, &self.words) })
    }

    /// The names that a template uses and that neither it, nor the scope, nor the environment defines; sorted. Renders
    /// nothing, so that it also finds what a run on one report does not reach.
    ///
    /// # Errors
    ///
    /// There is no such template.
    pub fn unknown_names(&self, name: &str, scope: &Scope) -> Result<Vec<TemplateError>, TemplateError> {
        let template = self.templates.get_template(name)?;
        let mut names: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        names.sort_unstable();
        let known = scope.names();
        let globals: Vec<&str> = self.templates.globals().map(|(name, _)| name).collect();
        names.retain(|path| {
            let name = path.split('.').next().unwrap_or_default();
            if known.iter().any(|known| known == name) { scope.lacks(path) } else { !globals.contains(&name) }
        });
        let line = |name: &str| template.source().lines().position(|line| line.contains(name)).map(|n| n + 1);
        Ok(names
            .iter()
            .map(|unknown| TemplateError {
                file: Some(name.to_owned()),
                line: line(unknown),
                message: format!("undefined name `{unknown}`"),
            })
            .collect())
    }

    /// Whether a template binds a name itself, by `set`, `for`, `macro` or `import`; textually, so that it holds for what it
    /// includes too.
    pub fn binds(&self, name: &str) -> bool {
        self.templates.templates().any(|(_, template)| crate::lint::binds(template.source(), name))
    }

    /// The words.
    pub fn words(&self) -> &Arc<Catalogue> {
        &self.words
    }
}

/// An environment that reaches nothing outside of itself.
fn hermetic(
    words: &Arc<Catalogue>,
    escape: Escape,
    fuel: u64,
    lookup: Lookup,
) -> minijinja::Environment<'static> {
    let mut inner = minijinja::Environment::new();
    inner.set_syntax(line_wise());
    inner.set_undefined_behavior(UndefinedBehavior::Strict);
    inner.set_fuel(Some(fuel));
    // Errors quote the piece of the template that they are about.
    inner.set_debug(true);
    inner.set_auto_escape_callback(move |_| AutoEscape::Custom(escape.as_str().into()));
    inner.set_formatter(move |out, _, value| write_value(escape, out, value));
    // Nothing makes a value of the log safe, and nothing dumps what is in memory.
    inner.remove_filter("safe");
    inner.remove_filter("tojson");
    inner.remove_filter("pprint");
    inner.remove_filter("format");
    inner.remove_global("debug");
    filters::install(&mut inner, words, escape, lookup);
    exchange::install(&mut inner);
    prose::install(&mut inner, escape);
    inner
}

/// A line with nothing but a tag leaves no line behind.
fn line_wise() -> SyntaxConfig {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    syntax.build().expect("the standard delimiters are valid")
}
