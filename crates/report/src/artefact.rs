//! What a reporter makes: named bytes.

use crate::fault::FAULT;
use ringback_model::guarded;
use std::borrow::Cow;
use std::fmt;
use std::io;
use std::sync::Arc;

/// A file that a reporter made. Its name is checked; the host decides where it is written.
#[derive(Clone)]
pub struct Artefact {
    name: ArtefactName,
    body: Body,
}

/// Writes the content to a sink.
type Stream = dyn Fn(&mut dyn io::Write) -> io::Result<()> + Send + Sync;

#[derive(Clone)]
enum Body {
    Bytes(Arc<[u8]>),
    /// Content that would be too large to hold.
    Stream(Arc<Stream>),
}

impl Artefact {
    /// An artefact with its content in memory.
    ///
    /// # Errors
    ///
    /// The name is not one that may be written.
    pub fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Self, NameError> {
        let bytes: Vec<u8> = bytes.into();
        Ok(Artefact { name: ArtefactName::new(name)?, body: Body::Bytes(bytes.into()) })
    }

    /// An artefact whose content is made while it is written.
    ///
    /// # Errors
    ///
    /// The name is not one that may be written.
    pub fn stream(
        name: &str,
        write: impl Fn(&mut dyn io::Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> Result<Self, NameError> {
        Ok(Artefact { name: ArtefactName::new(name)?, body: Body::Stream(Arc::new(write)) })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name.0
    }

    /// The same content under another name.
    #[must_use]
    pub fn renamed(&self, name: ArtefactName) -> Self {
        Artefact { name, body: self.body.clone() }
    }

    /// Writes the content.
    ///
    /// # Errors
    ///
    /// The sink fails.
    pub fn write_to(&self, sink: &mut dyn io::Write) -> io::Result<()> {
        match &self.body {
            Body::Bytes(bytes) => sink.write_all(bytes),
            Body::Stream(write) => guarded(|| write(sink)).unwrap_or_else(|_| Err(io::Error::other(FAULT))),
        }
    }

    /// The whole content.
    ///
    /// # Errors
    ///
    /// The content could not be made.
    pub fn bytes(&self) -> io::Result<Cow<'_, [u8]>> {
        match &self.body {
            Body::Bytes(bytes) => Ok(bytes.as_ref().into()),
            Body::Stream(_) => {
                let mut bytes = Vec::new();
                self.write_to(&mut bytes)?;
                Ok(bytes.into())
            }
        }
    }
}

impl fmt::Debug for Artefact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Artefact").field("name", &self.name.0).finish_non_exhaustive()
    }
}

/// The name of an artefact: a relative path with `/` that stays below the folder it is written to, on every system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtefactName(String);

/// A name that may not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("artefact name {name:?} {problem}")]
pub struct NameError {
    /// The name.
    pub name: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl ArtefactName {
    /// Checks a name.
    ///
    /// # Errors
    ///
    /// It is empty, too long, leaves its folder, or some system could not hold it.
    pub fn new(name: &str) -> Result<Self, NameError> {
        let problem = if name.len() > 240 {
            Some("is longer than 240 bytes")
        } else {
            name.split('/').find_map(problem)
        };
        match problem {
            Some(problem) => Err(NameError { name: name.to_owned(), problem }),
            None => Ok(ArtefactName(name.to_owned())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is wrong with one part of a path.
fn problem(part: &str) -> Option<&'static str> {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|rest| rest.chars().count() == 1 && !rest.starts_with('0'))
    });
    if part.is_empty() {
        Some("has an empty part")
    } else if part == "." || part == ".." {
        Some("leaves its folder")
    } else if part.contains(|c: char| c.is_control() || r#"\:*?"<>|"#.contains(c)) {
        Some("has a character that is not allowed")
    } else if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        Some("has a part that starts or ends badly")
    } else if DEVICES.contains(&stem.as_str()) || numbered {
        Some("is the name of a device")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        for good in ["report.html", "tables/findings.csv", "Bericht über Q4.md", "console.md", ".note"] {
            assert!(ArtefactName::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "../up.md",
            "a/../b",
            "a//b",
            "a/",
            "C:\\x",
            "c:x",
            "a\\b",
            "nul",
            "NUL.txt",
            "com1.md",
            "LPT9",
            "x.",
            "x ",
            " x",
            "a\u{0}b",
            "a\nb",
            "x?.md",
            ".",
            "..",
        ] {
            assert!(ArtefactName::new(bad).is_err(), "{bad:?}");
        }
        assert!(ArtefactName::new(&"x".repeat(241)).is_err());
    }
}
