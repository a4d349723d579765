//! What renders packs.

use crate::artefact::{Artefact, NameError};
use crate::command::missing;
use crate::fault::FAULT;
use crate::manifest::EngineKind;
use crate::options::Options;
use crate::pack::{Origin, Pack, PackFile};
use ringback_model::{Report, guarded};

/// The folder in which a program finds what other packs wrote.
const FROM: &str = "from";

/// Renders packs of one kind.
pub trait Engine: Send + Sync {
    /// The kind of packs that it renders.
    fn kind(&self) -> EngineKind;

    /// Turns a report into the artefacts of a pack.
    ///
    /// # Errors
    ///
    /// Something in the pack does not work, with its file and line.
    fn render(&self, report: &Report, pack: &Pack, options: &Options) -> Result<Vec<Artefact>, RenderError>;

    /// Everything that is wrong with a pack and that can be told without a report of the user's: the sample report is
    /// rendered, and what an engine knows besides is looked at.
    fn check(&self, sample: &Report, pack: &Pack) -> Vec<RenderError> {
        self.render(sample, pack, &Options::of(&pack.manifest)).err().into_iter().collect()
    }
}

/// Why a pack could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("pack {pack}: {}{message}", place(.file.as_deref(), *.line))]
pub struct RenderError {
    /// The pack's name.
    pub pack: String,
    /// The file in the pack.
    pub file: Option<String>,
    /// The line in the file, from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What may help.
    pub hint: Option<String>,
}

fn place(file: Option<&str>, line: Option<usize>) -> String {
    match (file, line) {
        (Some(file), Some(line)) => format!("{file}, line {line}: "),
        (Some(file), None) => format!("{file}: "),
        _ => String::new(),
    }
}

impl RenderError {
    /// An error of a pack as a whole.
    pub fn new(pack: &Pack, message: impl Into<String>) -> Self {
        let message = message.into();
        RenderError { pack: pack.manifest.name.clone(), file: None, line: None, message, hint: None }
    }

    /// The same error at a place in the pack.
    #[must_use]
    pub fn at(mut self, file: Option<&str>, line: Option<usize>) -> Self {
        self.file = file.map(str::to_owned);
        self.line = line;
        self
    }

    /// The same error with what may help.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The error of an output whose artefact may not be named so.
    pub fn name(pack: &Pack, error: &NameError) -> Self {
        RenderError::new(pack, error.to_string())
    }
}

/// The engines of a program.
#[derive(Default)]
pub struct Engines(Vec<Box<dyn Engine>>);

impl Engines {
    /// No engines but those of this crate.
    pub fn new() -> Self {
        Engines(vec![Box::new(crate::JsonEngine), Box::new(crate::CommandEngine)])
    }

    /// The same engines and one more.
    #[must_use]
    pub fn with(mut self, engine: impl Engine + 'static) -> Self {
        self.0.push(Box::new(engine));
        self
    }

    /// Renders a pack with the engine of its kind.
    ///
    /// # Errors
    ///
    /// There is no such engine, or it fails, be it by a fault of the program.
    pub fn render(
        &self,
        report: &Report,
        pack: &Pack,
        options: &Options,
    ) -> Result<Vec<Artefact>, RenderError> {
        let engine = self.of(pack)?;
        let sources = self.with_sources(report, pack)?;
        let whole = sources.as_ref().unwrap_or(pack);
        let rendered = guarded(|| engine.render(report, whole, options));
        rendered.unwrap_or_else(|_| Err(RenderError::new(pack, FAULT)))
    }

    /// A pack with what the packs that it is made from wrote, as files in the folder `from`; none where it is made from
    /// the report alone.
    fn with_sources(&self, report: &Report, pack: &Pack) -> Result<Option<Pack>, RenderError> {
        if pack.manifest.from.is_empty() || !missing(pack).is_empty() {
            return Ok(None);
        }
        let mut whole = pack.clone();
        for source in &pack.from {
            for artefact in self.render(report, source, &Options::of(&source.manifest))? {
                let bytes = artefact.bytes().map_err(|error| RenderError::new(source, error.to_string()))?;
                let file = PackFile { bytes: bytes.into_owned().into(), origin: Origin::BuiltIn };
                whole.files.insert(format!("{FROM}/{}", artefact.name()), file);
            }
        }
        Ok(Some(whole))
    }

    /// Everything that is wrong with a pack, told on a sample report; by file and line.
    pub fn check(&self, sample: &Report, pack: &Pack) -> Vec<RenderError> {
        let mut found = pack.words_faults();
        match self.of(pack) {
            Ok(engine) => match self.with_sources(sample, pack) {
                Ok(whole) => found.extend(engine.check(sample, whole.as_ref().unwrap_or(pack))),
                Err(error) => found.push(error),
            },
            Err(error) => found.push(error),
        }
        found.sort_by(|a, b| (&a.file, a.line, &a.message).cmp(&(&b.file, b.line, &b.message)));
        found.dedup();
        found
    }

    fn of(&self, pack: &Pack) -> Result<&dyn Engine, RenderError> {
        let kind = pack.manifest.engine;
        let found = self.0.iter().find(|engine| engine.kind() == kind);
        found
            .map(|engine| &**engine)
            .ok_or_else(|| RenderError::new(pack, format!("this program has no engine {:?}", kind.as_str())))
    }
}

impl std::fmt::Debug for Engines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|engine| engine.kind())).finish()
    }
}
