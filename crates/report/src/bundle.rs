//! A bundle: several files in one archive, with a manifest that tells the size and the SHA-256 of each.

use crate::artefact::{ArtefactName, NameError};
use crate::controls::EscapedControls;
use ringback_model::{Instant, hexadecimal};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::io::{self, Write};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The version of the manifest's format.
pub const BUNDLE_SCHEMA: u32 = 1;

/// The name of the manifest for programs.
pub const BUNDLE_MANIFEST: &str = "manifest.json";

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BundleFile {
    /// Its name in the archive.
    pub name: String,
    /// What it is: `report`, `case`, `findings`, `rejects`, `export`, `rows` or `manifest`.
    pub role: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Something that would belong to a bundle and is not in it, or not whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// What.
    pub name: String,
    /// Why.
    pub why: String,
}

/// What a bundle is and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BundleManifest {
    /// The version of this format.
    pub schema: u32,
    /// The program and its version.
    pub tool: String,
    /// When it was made.
    pub generated_at: Option<Instant>,
    /// Whether pseudonyms stand for the client's addresses and names.
    pub redacted: bool,
    /// The name of the key of the pseudonyms; it tells two keys apart and nothing else.
    pub key: Option<String>,
    /// What of the exports is in it: `whole`, `matching` or `none`.
    pub exports: &'static str,
    /// The files, in the order of the archive.
    pub files: Vec<BundleFile>,
    /// What is left out.
    pub left_out: Vec<LeftOut>,
}

/// An archive that is being written. The same files in the same order at the same time make the same bytes.
pub struct Bundle<W: Write> {
    archive: ZipWriter<StreamWriter<W>>,
    options: SimpleFileOptions,
    names: BTreeSet<String>,
    /// What it is and what it holds so far.
    pub manifest: BundleManifest,
}

impl<W: Write> Bundle<W> {
    /// Begins an archive whose files all have the manifest's time.
    pub fn begin(out: W, manifest: BundleManifest) -> Self {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(manifest.generated_at.map(time).unwrap_or_default())
            .unix_permissions(0o644)
            .large_file(true);
        Bundle { archive: ZipWriter::new_stream(out), options, names: BTreeSet::new(), manifest }
    }

    /// Adds a file. A name that another file has, or that some system could not hold, is changed to one that is free.
    ///
    /// # Errors
    /// The content can not be made, or the archive not be written.
    pub fn add(
        &mut self,
        name: &str,
        role: &'static str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let name = self.free(name);
        self.archive.start_file(name.as_str(), self.options)?;
        let mut sink = Hashing { out: &mut self.archive, hash: Sha256::new(), bytes: 0 };
        content(&mut sink)?;
        let (bytes, sha256) = (sink.bytes, hexadecimal(&sink.hash.finalize()));
        self.manifest.files.push(BundleFile { name, role, bytes, sha256 });
        Ok(())
    }

    /// Adds the manifest, first as `readable` tells it and then for programs, and ends the archive.
    ///
    /// # Errors
    /// The archive can not be written.
    pub fn finish(
        mut self,
        name: &str,
        readable: impl FnOnce(&BundleManifest) -> String,
    ) -> io::Result<BundleManifest> {
        let text = readable(&self.manifest);
        self.add(name, "manifest", |out| out.write_all(text.as_bytes()))?;
        self.archive.start_file(BUNDLE_MANIFEST, self.options)?;
        let mut json = EscapedControls::new(&mut self.archive);
        serde_json::to_writer_pretty(&mut json, &self.manifest)?;
        json.write_all(b"\n")?;
        json.flush()?;
        self.archive.finish()?;
        Ok(self.manifest)
    }

    fn free(&mut self, name: &str) -> String {
        let name = harmless(name);
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) if !ending.contains('/') => (stem.to_owned(), format!(".{ending}")),
            _ => (name.clone(), String::new()),
        };
        let numbered = (2..).map(|number: u64| format!("{stem}-{number}{ending}"));
        let mut candidates = std::iter::once(name.clone()).chain(numbered);
        // Systems that do not tell cases apart take two such names for one.
        let free = candidates.find(|name| {
            let name = name.to_lowercase();
            name != BUNDLE_MANIFEST && self.names.insert(name)
        });
        free.expect("numbers do not end")
    }
}

/// A name that every system can hold: what it could not is replaced part by part.
fn harmless(name: &str) -> String {
    let whole = |name: &str| ArtefactName::new(name).map(|name| name.as_str().to_owned());
    let hidden = |c: char| {
        matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    if let Ok(name) = whole(name)
        && !name.contains(hidden)
    {
        return name;
    }
    let unfit = |c: char| c.is_control() || hidden(c) || r#"\:*?"<>|"#.contains(c);
    let part = |part: &str| {
        let plain = part.replace(unfit, "_");
        let plain = plain.trim_matches([' ', '.']).to_owned();
        if ArtefactName::new(&plain).is_ok() { plain } else { format!("_{}", plain.replace('.', "_")) }
    };
    let parts: Vec<String> = name.split('/').map(part).collect();
    let shortened = |NameError { .. }| {
        let hash = ringback_model::sha256(name.as_bytes());
        format!("exports/{}", &hash[..16])
    };
    whole(&parts.join("/")).unwrap_or_else(shortened)
}

/// The time as archives write it: in UTC, from 1980 to 2107.
fn time(at: Instant) -> DateTime {
    let made = at.timestamp().and_then(|at| {
        let at = at.to_string();
        let number = |range| at.get(range).and_then(|digits: &str| digits.parse::<u8>().ok());
        let year = at.get(0..4)?.parse().ok()?;
        DateTime::from_date_and_time(
            year,
            number(5..7)?,
            number(8..10)?,
            number(11..13)?,
            number(14..16)?,
            number(17..19)?,
        )
        .ok()
    });
    made.unwrap_or_default()
}

/// Counts and hashes what passes.
struct Hashing<'a> {
    out: &'a mut dyn Write,
    hash: Sha256,
    bytes: u64,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn manifest() -> BundleManifest {
        BundleManifest {
            schema: BUNDLE_SCHEMA,
            tool: "Ringback".to_owned(),
            generated_at: Some(Instant::from_seconds(1_795_500_000)),
            redacted: false,
            key: None,
            exports: "whole",
            files: Vec::new(),
            left_out: Vec::new(),
        }
    }

    fn made(names: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut bundle = Bundle::begin(&mut bytes, manifest());
        for name in names {
            bundle.add(name, "export", |out| out.write_all(name.as_bytes())).unwrap();
        }
        bundle.finish("MANIFEST.txt", |manifest| format!("{} files", manifest.files.len())).unwrap();
        bytes
    }

    /// Survives: names of exports that leave the archive's folder, differ in case only or are devices | each has a name of its own inside
    #[test]
    fn names_are_harmless_and_differ() {
        let names = [
            "a.csv",
            "A.CSV",
            "../../etc/passwd",
            "nul",
            "x\u{7}:y",
            "manifest.json",
            &"l".repeat(300),
            "a//b",
        ];
        let mut archive = zip::ZipArchive::new(io::Cursor::new(made(&names))).unwrap();
        assert_eq!(archive.len(), names.len() + 2);
        let mut contents = BTreeSet::new();
        for number in 0..archive.len() {
            let mut file = archive.by_index(number).unwrap();
            let name = file.name().unwrap().into_owned();
            assert!(ArtefactName::new(&name).is_ok(), "{name}");
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            contents.insert(text);
        }
        assert!(names.iter().all(|name| contents.contains(*name)), "{contents:?}");
    }

    #[test]
    fn the_manifest_tells_of_every_file_and_the_bytes_are_the_same_again() {
        let bytes = made(&["a", "b"]);
        assert_eq!(bytes, made(&["a", "b"]));
        let mut archive = zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        let told: serde_json::Value =
            serde_json::from_reader(archive.by_name(BUNDLE_MANIFEST).unwrap()).unwrap();
        assert_eq!(told["files"].as_array().unwrap().len(), archive.len() - 1);
        assert_eq!(told["files"][0]["sha256"], ringback_model::sha256(b"a"));
        assert_eq!(told["files"][0]["bytes"], 1);
    }
}
