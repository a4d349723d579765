//! Pipes: the first is read as it comes, others are kept.

use super::{Item, Opened, Opener, is_part};
use crate::bytes::Bytes;
use crate::pipe::{Pipe, Watched};
use crate::reading::HEAD;
use crate::source::{Origin, Source};
use ringback_model::guarded;
use ringback_parse::container::{Budget, Gunzip, Kind, LONGEST_MAGIC, Limits, kind};
use std::io::{self, Cursor, Read};
use std::path::PathBuf;

impl Opener {
    /// Opens a pipe. The first of a run, if it is text or gzip, comes first among the inputs and is read once, as it
    /// comes; it is kept only where it must be read again. A second one is kept, and so is an archive.
    pub(crate) fn pipe(&self, name: &str, input: impl Read + Send + 'static, first: bool) -> Opened {
        let item = Item {
            name: name.to_owned(),
            path: PathBuf::from(name),
            size: None,
            within: Vec::new(),
            piped: true,
            from: Origin::Unreadable(String::new()),
        };
        let given_up = item.given_up();
        guarded(|| self.piped(item, input, first)).unwrap_or(given_up)
    }

    fn piped(&self, item: Item, input: impl Read + Send + 'static, first: bool) -> Opened {
        let mut opened = Opened::default();
        let mut watched = Watched::new(input, self.opening.hash);
        let mut head = Vec::new();
        if let Err(error) = watched.by_ref().take(LONGEST_MAGIC as u64).read_to_end(&mut head) {
            opened.sources.push(item.unreadable(&error));
            return opened;
        }
        let kind = kind(&head);
        let leads = first && matches!(kind, Kind::Plain | Kind::Gzip) && !is_part(&head);
        let all = Cursor::new(head).chain(watched);
        if leads && !self.opening.again {
            self.streamed(item, &kind, all, &mut opened);
        } else {
            self.kept_pipe(item, &kind, all, leads, &mut opened);
        }
        opened
    }

    /// Takes a pipe as it comes; what it turns out to hold may still have to be kept.
    fn streamed<R: Read + Send + 'static>(
        &self,
        item: Item,
        kind_of_all: &Kind,
        all: io::Chain<Cursor<Vec<u8>>, Watched<R>>,
        opened: &mut Opened,
    ) {
        let seen = all.get_ref().1.seen();
        let limits = self.opening.limits;
        if *kind_of_all != Kind::Gzip {
            let from = Origin::Pipe(Pipe::new(Box::new(all), HEAD, seen));
            opened.sources.push(Source { leads: true, ..Item { from, ..item }.source() });
            return;
        }
        let item = item.in_one_more("gzip");
        let mut text = Gunzip::new(all, limits);
        let mut head = Vec::new();
        let outcome = text.by_ref().take(LONGEST_MAGIC as u64).read_to_end(&mut head);
        let (inner, part) = (kind(&head), is_part(&head));
        let failing = crate::pipe::Failing(outcome.err());
        let text = Cursor::new(head).chain(failing).chain(text);
        if inner == Kind::Plain && !part {
            let from = Origin::Pipe(Pipe::new(Box::new(text), HEAD, seen));
            opened.sources.push(Source { leads: true, ..Item { from, ..item }.source() });
            return;
        }
        let mut budget = Budget::new(limits, limits.inner);
        match self.keep(text, &mut budget) {
            Ok(bytes) => self.open_kept(item, bytes, opened),
            Err(error) => opened.sources.push(item.unreadable(&error)),
        }
    }

    /// Keeps a pipe, and takes it apart like a file.
    fn kept_pipe(&self, item: Item, kind: &Kind, all: impl Read, leads: bool, opened: &mut Opened) {
        // A text is as long as whoever sends it wants; a container is held to what is kept of containers.
        let limits = match kind {
            Kind::Zip => self.opening.limits,
            _ => Limits { inner: u64::MAX, ..self.opening.limits },
        };
        match self.keep(all, &mut Budget::new(limits, 0)) {
            Ok(bytes) => self.open_kept(item, bytes, opened),
            Err(error) => opened.sources.push(item.unreadable(&error)),
        }
        if let [source] = opened.sources.as_mut_slice() {
            source.leads = leads;
        }
    }

    fn open_kept(&self, item: Item, bytes: Bytes, opened: &mut Opened) {
        let size = bytes.len();
        let item = Item { size: Some(size), from: Origin::Bytes(bytes), ..item };
        self.open(item, &mut Budget::new(self.opening.limits, size), 1, opened);
    }
}
