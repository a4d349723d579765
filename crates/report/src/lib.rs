//! The contract between a report and what renders it: packs, overlays, registry, artefacts.
//!
//! A [`Pack`] is a folder with a manifest (`reporter.toml`) and the files that an [`Engine`] turns, with a
//! [`Report`](ringback_model::Report), into [`Artefact`]s. A [`Registry`] finds packs: the user's own folders first, then
//! those that are built in, overlaid file by file. The built-in packs have no privileges over a user's own.

#[cfg(any(test, fuzzing))]
pub mod any_bytes;
mod artefact;
mod bundle;
mod command;
mod controls;
mod coverage;
mod engine;
mod fault;
mod json;
mod manifest;
mod options;
mod own_words;
mod pack;
mod probe;
pub mod redact;
mod registry;
pub mod sample;
mod skeleton;
mod unfinished;
mod write;

pub use artefact::{Artefact, ArtefactName, NameError};
pub use bundle::{BUNDLE_MANIFEST, BUNDLE_SCHEMA, Bundle, BundleFile, BundleManifest, LeftOut};
pub use command::{CommandEngine, PROTOCOL};
pub use controls::EscapedControls;
pub use coverage::forgotten;
pub use engine::{Engine, Engines, RenderError};
pub use json::JsonEngine;
pub use manifest::{
    EngineKind, Escape, Fit, MANIFEST, Manifest, ManifestError, Need, OptionSpec, Output, PACK_SCHEMA,
};
pub use options::{OptionError, OptionValue, Options};
pub use pack::{Origin, Pack, PackError, PackFile};
pub use probe::{Raw, raw_texts};
pub use registry::{Listed, Registry};
pub use skeleton::skeleton;
pub use unfinished::abandon_unfinished;
pub use write::{WriteError, Writing, write_artefact, write_file};
