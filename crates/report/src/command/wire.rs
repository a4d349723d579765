//! What goes over the wire between the program and an external reporter, version [`PROTOCOL`]. Both sides pass over fields
//! that they do not know.

use crate::artefact::Artefact;
use crate::command::base64;
use crate::options::Options;
use crate::pack::Pack;
use ringback_model::Report;
use ringback_model::report::SCHEMA_VERSION;
use serde::{Deserialize, Serialize};

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;

/// Versions from one to another, both of them in.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Range {
    min: u32,
    max: u32,
}

impl Range {
    fn holds(self, version: u32) -> bool {
        (self.min..=self.max).contains(&version)
    }
}

/// The answer to `describe`.
#[derive(Debug, Deserialize)]
pub(crate) struct Described {
    name: String,
    protocol: Range,
    schema: Range,
}

impl Described {
    /// Whether it is the pack's program and speaks this program's versions.
    pub(crate) fn fits(&self, name: &str) -> Result<(), String> {
        if self.name != name {
            return Err(format!("the program calls itself {:?}", self.name));
        }
        for (what, range, ours) in
            [("protocol", self.protocol, PROTOCOL), ("report schema", self.schema, SCHEMA_VERSION)]
        {
            if !range.holds(ours) {
                let Range { min, max } = range;
                return Err(format!("it speaks {what} {min} to {max}, and this version speaks {ours}"));
            }
        }
        Ok(())
    }
}

/// The first line that a program reads; the second is the report. So a program that is too old can say so before it meets
/// anything that it does not know.
#[derive(Debug, Serialize)]
pub(crate) struct Header<'a> {
    protocol: u32,
    schema: u32,
    reporter: &'a str,
    language: &'a str,
    options: &'a Options,
    tool: Tool<'a>,
}

#[derive(Debug, Serialize)]
struct Tool<'a> {
    name: &'a str,
    version: &'a str,
}

impl<'a> Header<'a> {
    pub(crate) fn of(report: &'a Report, pack: &'a Pack, options: &'a Options) -> Self {
        let heading = &report.case.heading;
        Header {
            protocol: PROTOCOL,
            schema: SCHEMA_VERSION,
            reporter: pack.name(),
            language: &heading.language,
            options,
            tool: Tool { name: &heading.tool.0, version: &heading.tool.1 },
        }
    }
}

/// The answer to `render`.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    protocol: u32,
    artefacts: Vec<Made>,
}

/// One artefact: its content as text, or as base64 where it is none.
#[derive(Debug, Deserialize)]
struct Made {
    name: String,
    text: Option<String>,
    base64: Option<String>,
}

impl Answer {
    /// The artefacts, their names checked.
    pub(crate) fn artefacts(self) -> Result<Vec<Artefact>, String> {
        if self.protocol != PROTOCOL {
            return Err(format!(
                "it answered in protocol {}, and was spoken to in {PROTOCOL}",
                self.protocol
            ));
        }
        if self.artefacts.is_empty() {
            return Err("it answered without any artefact".to_owned());
        }
        let mut made: Vec<Artefact> = Vec::new();
        for Made { name, text, base64 } in self.artefacts {
            let bytes = match (text, base64) {
                (Some(text), None) => text.into_bytes(),
                (None, Some(coded)) => {
                    base64::decoded(&coded).ok_or_else(|| format!("artefact {name:?} is not base64"))?
                }
                _ => return Err(format!("artefact {name:?} needs either text or base64")),
            };
            if made.iter().any(|other| other.name().eq_ignore_ascii_case(&name)) {
                return Err(format!("two artefacts are called {name:?}"));
            }
            made.push(Artefact::new(&name, bytes).map_err(|error| error.to_string())?);
        }
        Ok(made)
    }
}
