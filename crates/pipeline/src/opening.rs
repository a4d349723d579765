//! From files and pipes to sources: containers are opened, and what lies in them has a name and an order.

mod archive;
mod pipes;
mod workbook;

use crate::bytes::{Bytes, Store};
use crate::fault::FAULT;
use crate::parts::PartFile;
use crate::source::{Origin, Source};
use ringback_model::guarded;
use ringback_parse::container::{Budget, ContainerError, Gunzip, Kind, LONGEST_MAGIC, Limits, kind};
use ringback_tally::part::MAGIC;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How inputs are opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening {
    /// What containers may hold at most.
    pub limits: Limits,
    /// Whether the SHA-256 of pipes is worked out while they are read.
    pub hash: bool,
    /// Whether every input must be readable more than once: pipes are kept then.
    pub again: bool,
}

/// What was found in files and pipes.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// The inputs, those that can not be read included.
    pub(crate) sources: Vec<Source>,
    /// Entries of archives that do not look like exports.
    pub(crate) ignored: Vec<PathBuf>,
    /// What was counted of other inputs.
    pub(crate) parts: Vec<PartFile>,
}

/// Opens files and pipes.
#[derive(Debug)]
pub(crate) struct Opener {
    opening: Opening,
    store: Store,
}

/// Something that was found and of which it is not yet known what it is.
struct Item {
    /// Its name in the report.
    name: String,
    /// Its name for people who look for it on their disk.
    path: PathBuf,
    size: Option<u64>,
    /// The containers around it, from the outside in.
    within: Vec<&'static str>,
    /// Whether it comes through a pipe.
    piped: bool,
    from: Origin,
}

impl Item {
    /// What reports call the containers around it.
    fn container(&self) -> String {
        let all: Vec<&str> =
            self.piped.then_some("pipe").into_iter().chain(self.within.iter().copied()).collect();
        if all.is_empty() { "plain".to_owned() } else { all.join("+") }
    }

    /// The same in one more container.
    fn in_one_more(mut self, container: &'static str) -> Self {
        self.within.push(container);
        self
    }

    /// Something that lies in it.
    fn inner(&self, name: &str, size: Option<u64>, from: Origin) -> Item {
        Item {
            name: format!("{}/{name}", self.name),
            path: self.path.join(name),
            size,
            within: self.within.clone(),
            piped: self.piped,
            from,
        }
    }

    fn source(self) -> Source {
        Source {
            container: self.container(),
            name: self.name,
            size: self.size,
            leads: false,
            from: self.from,
            original: None,
        }
    }

    /// What takes its place where the program fails in opening it: one input that can not be read, whatever lies in it.
    fn given_up(&self) -> Opened {
        let (name, path, from) = (self.name.clone(), self.path.clone(), Origin::Unreadable(FAULT.to_owned()));
        let item = Item { name, path, size: self.size, within: Vec::new(), piped: self.piped, from };
        Opened { sources: vec![item.source()], ..Opened::default() }
    }

    /// An input that can not be read.
    fn unreadable(self, error: &dyn std::error::Error) -> Source {
        Item { from: Origin::Unreadable(error.to_string()), ..self }.source()
    }

    fn first_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self.from.found()?.take(LONGEST_MAGIC as u64).read_to_end(&mut bytes) {
            Err(error) if bytes.is_empty() => Err(error),
            _ => Ok(bytes),
        }
    }
}

/// Whether something that begins so is a file of ours.
fn is_part(head: &[u8]) -> bool {
    head.starts_with(&MAGIC)
}

impl Opener {
    /// An opener of one run.
    pub(crate) fn new(opening: Opening) -> Self {
        Opener { opening, store: Store::default() }
    }

    /// Opens a file of a name and a size.
    pub(crate) fn file(&self, name: String, path: &Path, size: u64) -> Opened {
        let from = Origin::Bytes(Bytes::File(path.into(), size));
        let item =
            Item { name, path: path.to_owned(), size: Some(size), within: Vec::new(), piped: false, from };
        let given_up = item.given_up();
        let opened = guarded(|| {
            let mut opened = Opened::default();
            self.open(item, &mut Budget::new(self.opening.limits, size), 1, &mut opened);
            opened
        });
        opened.unwrap_or(given_up)
    }

    /// Finds out what something is and takes it apart. It is one of so many `streams` in an archive.
    fn open(&self, item: Item, budget: &mut Budget, streams: u64, opened: &mut Opened) {
        let kind = match item.first_bytes() {
            Ok(head) if is_part(&head) => return self.part(item, budget, opened),
            Ok(head) => kind(&head),
            Err(error) => return opened.sources.push(item.unreadable(&error)),
        };
        let deep = item.within.len() >= budget.limits.depth;
        match kind {
            Kind::Plain => opened.sources.push(item.source()),
            Kind::Unread(error) => opened.sources.push(item.unreadable(&error)),
            Kind::Gzip | Kind::Zip if deep => {
                let error = ContainerError::Depth { limit: budget.limits.depth };
                opened.sources.push(item.unreadable(&error));
            }
            Kind::Gzip => self.gzip(item, budget, streams, opened),
            Kind::Zip => self.zip(item, budget, opened),
        }
    }

    /// Takes a gzip stream: an export, or another container.
    fn gzip(&self, item: Item, budget: &mut Budget, streams: u64, opened: &mut Opened) {
        let limits = budget.of_stream(streams);
        let Item { name, path, size, within, piped, from } = item;
        let from = Origin::Gzip(Box::new(from), limits);
        let item = Item { name, path, size, within, piped, from }.in_one_more("gzip");
        let mut head = Vec::new();
        let inner = item.from.found().map(|packed| {
            // What is wrong with the stream is told when its rows are read.
            _ = Gunzip::new(packed, limits).take(LONGEST_MAGIC as u64).read_to_end(&mut head);
            kind(&head)
        });
        match inner {
            Ok(_) if is_part(&head) => self.part(item, budget, opened),
            Ok(Kind::Plain) => opened.sources.push(item.source()),
            Ok(Kind::Unread(error)) => opened.sources.push(item.unreadable(&error)),
            Ok(Kind::Gzip | Kind::Zip) => match self.kept(&item, budget) {
                Ok(bytes) => self.open(Item { from: Origin::Bytes(bytes), ..item }, budget, streams, opened),
                Err(error) => opened.sources.push(item.unreadable(&error)),
            },
            Err(error) => opened.sources.push(item.unreadable(&error)),
        }
    }

    /// Takes what was counted of other inputs. It is read at many places, so it is kept where that is not possible.
    fn part(&self, item: Item, budget: &mut Budget, opened: &mut Opened) {
        let bytes = match &item.from {
            Origin::Bytes(bytes) => Ok(bytes.clone()),
            _ => self.kept(&item, budget),
        };
        match bytes {
            Ok(bytes) => opened.parts.push(PartFile { name: item.name, bytes }),
            Err(error) => opened.sources.push(item.unreadable(&error)),
        }
    }

    /// Keeps what an item holds, expanded, if there is room for it.
    fn kept(&self, item: &Item, budget: &mut Budget) -> io::Result<Bytes> {
        let mut input = item.from.found()?;
        if let Origin::Gzip(_, limits) = &item.from {
            input = Box::new(Gunzip::new(input, *limits));
        }
        self.keep(input, budget)
    }

    fn keep(&self, input: impl Read, budget: &mut Budget) -> io::Result<Bytes> {
        let room = budget.keepable();
        let mut input = input.take(room.saturating_add(1));
        let (bytes, copied) = self.store.keep(|mut out| io::copy(&mut input, &mut out))?;
        if copied? > room {
            return Err(ContainerError::Inner { limit: budget.limits.inner }.into());
        }
        budget.keep(bytes.len());
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests;
