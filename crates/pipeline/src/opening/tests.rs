//! What files and pipes of every kind turn into.

use super::*;
use crate::pipe::Failing;
use crate::progress::Silent;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn xlsx(sheets: &[(&str, &[&str])]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, cells) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cell) in (0..).zip(*cells) {
            sheet.write_string(row, 0, *cell).unwrap();
            sheet.write_number(row, 1, 7.0).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// Sets the flag for encryption of every entry.
fn encrypted(mut archive: Vec<u8>) -> Vec<u8> {
    for at in 0..archive.len() - 4 {
        if archive[at..].starts_with(b"PK\x01\x02") {
            archive[at + 8] |= 1;
        }
    }
    archive
}

/// Name, container, text and error of each input.
fn told(opened: &Opened) -> Vec<String> {
    let one = |source: &Source| {
        let mut text = Vec::new();
        let read = source.open(0, &Silent).and_then(|mut input| input.read_to_end(&mut text));
        let text = String::from_utf8_lossy(&text).replace('\n', "/");
        let error = read.err().map_or_else(String::new, |error| format!(" ! {error}"));
        format!("{} ({}): {text}{error}", source.name, source.container)
    };
    opened.sources.iter().map(one).collect()
}

/// What a file turns into: the inputs as they are told, and what was ignored.
fn file(name: &str, bytes: &[u8], limits: Limits) -> (Vec<String>, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let all = Opener::new(Opening { limits, ..Opening::default() });
    let opened = all.file(name.to_owned(), &path, bytes.len() as u64);
    let ignored = opened.ignored.iter().map(|path| path.strip_prefix(folder.path()).unwrap().to_owned());
    (told(&opened), ignored.collect())
}

#[test]
fn files_are_taken_apart_by_their_first_bytes() {
    let book = xlsx(&[("Log", &["a", "b"]), ("Notes", &[]), ("Old", &["c"])]);
    let ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more";
    let deep =
        "lies in more than 2 containers; the limit (depth of nesting) is 2\nhint: unpack the outer one";
    let of = |name: &str, bytes: &[u8], expected: &[&str]| {
        assert_eq!(file(name, bytes, Limits::default()).0, expected, "{name}");
    };
    of("x.csv", b"a,b", &["x.csv (plain): a,b"]);
    of("x.csv.gz", &gzip(b"a,b"), &["x.csv.gz (gzip): a,b"]);
    of("x.csv", &gzip(b"a,b"), &["x.csv (gzip): a,b"]);
    of("x.gz", b"a,b", &["x.gz (plain): a,b"]);
    of("x.csv", b"", &["x.csv (plain): "]);
    of(
        "x.zip",
        &zip(&[("in/x.csv", b"1"), ("y.LOG", b"2")]),
        &["x.zip/in/x.csv (zip): 1", "x.zip/y.LOG (zip): 2"],
    );
    of("b.xlsx", &book, &["b.xlsx/Log (xlsx): a,7/b,7/", "b.xlsx/Old (xlsx): c,7/"]);
    of("b.csv", &book, &["b.csv/Log (xlsx): a,7/b,7/", "b.csv/Old (xlsx): c,7/"]);
    of("g.gz", &gzip(&gzip(b"a")), &["g.gz (gzip+gzip): a"]);
    of("g.gz", &gzip(&zip(&[("x.csv", b"1")])), &["g.gz/x.csv (gzip+zip): 1"]);
    of("g.gz", &gzip(&gzip(&gzip(b"a"))), &[&format!("g.gz (gzip+gzip):  ! {deep}")]);
    let inner = zip(&[("x.csv", b"1"), ("y.csv.gz", &gzip(b"2"))]);
    of(
        "o.zip",
        &zip(&[("i.zip", &inner), ("b.xlsm", &book), ("z.csv.gz", &gzip(b"3"))]),
        &[
            "o.zip/i.zip/x.csv (zip+zip): 1",
            &format!("o.zip/i.zip/y.csv.gz (zip+zip):  ! {deep}"),
            "o.zip/b.xlsm/Log (zip+xlsx): a,7/b,7/",
            "o.zip/b.xlsm/Old (zip+xlsx): c,7/",
            "o.zip/z.csv.gz (zip+gzip): 3",
        ],
    );
    of(
        "old.xls",
        ole,
        &[
            "old.xls (plain):  ! is a workbook of an old Excel (.xls) or one with a password, which is not read\nhint: save it as CSV or xlsx",
        ],
    );
    of(
        "e.zip",
        &encrypted(zip(&[("x.csv", b"1"), ("y.csv", b"2")])),
        &[
            "e.zip/x.csv (zip):  ! is encrypted\nhint: unpack it with its password",
            "e.zip/y.csv (zip):  ! is encrypted\nhint: unpack it with its password",
        ],
    );
    of("none.zip", &zip(&[]), &["none.zip (zip):  ! holds no exports"]);
    of("none.xlsx", &xlsx(&[("Empty", &[])]), &["none.xlsx (xlsx):  ! holds no exports"]);
    of("cut.gz", &gzip(b"a,b")[..15], &["cut.gz (gzip): a,b ! its data ends too early: it is cut off"]);
}

#[test]
fn entries_have_harmless_names_of_their_own_and_others_are_told() {
    let archive = zip(&[
        ("../../x.csv", b"1"),
        ("/x.csv", b"2"),
        ("a\\..\\b\u{202e}.csv", b"3"),
        ("__MACOSX/._x.csv", b"4"),
        (".hidden/x.csv", b"5"),
        ("readme.pdf", b"6"),
    ]);
    let (told, ignored) = file("a.zip", &archive, Limits::default());
    let names = ["a.zip/x.csv (zip): 1", "a.zip/x.csv (2) (zip): 2", "a.zip/a/b\u{fffd}.csv (zip): 3"];
    assert_eq!(told, names);
    let others = ["a.zip/__MACOSX/._x.csv", "a.zip/.hidden/x.csv", "a.zip/readme.pdf"].map(PathBuf::from);
    assert_eq!(ignored, others);
}

#[test]
fn bombs_are_failed_inputs_and_the_others_go_on() {
    let zeros = vec![b'0'; 400_000];
    let small = Limits { ratio: 100, free: 1 << 20, inner: 100_000, ..Limits::default() };
    let told = |bytes: &[u8], limits| -> Vec<String> {
        let all = file("a.zip", bytes, limits).0;
        all.iter().map(|told| told.replace("0000", "").chars().take(150).collect()).collect()
    };
    let five = ["1", "2", "3"].map(|name| format!("{name}.csv"));
    let many: Vec<(&str, &[u8])> = five.iter().map(|name| (name.as_str(), &zeros[..])).collect();
    let ratio = "expands to more than 100 times its size; the limit (expansion ratio";
    assert!(told(&zip(&many), small)[0].starts_with(&format!("a.zip (zip):  ! {ratio}")));
    let inner = zip(&many[..2]);
    let both = told(&zip(&[("bomb.zip", &inner), ("x.csv", b"1")]), Limits { free: 500_000, ..small });
    assert!(both[0].starts_with(&format!("a.zip/bomb.zip (zip+zip):  ! {ratio}")), "{both:?}");
    assert_eq!(both[1], "a.zip/x.csv (zip): 1");
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let noise: Vec<u8> =
        std::iter::successors(Some(1), next).map(|state| state.to_be_bytes()[0]).take(200_000).collect();
    let large = told(&zip(&[("large.zip", &zip(&[("x.csv", &noise)])), ("x.csv", b"1")]), small);
    assert!(large[0].contains("the limit (containers within a container"), "{large:?}");
    assert_eq!(large[1], "a.zip/x.csv (zip): 1");
    let streams = gzip(&vec![b'0'; 3 << 20]);
    let in_zip = told(&zip(&[("s.gz", &streams), ("x.csv", b"1")]), small);
    assert!(in_zip[0].contains(ratio), "{in_zip:?}");
}

#[test]
fn an_archive_in_itself_ends() {
    let mut archive = zip(&[("x.csv", b"1")]);
    for _ in 0..5 {
        archive = zip(&[("a.zip", &archive), ("x.csv", b"1")]);
    }
    let told = file("q.zip", &archive, Limits::default()).0;
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].starts_with("q.zip/a.zip/a.zip (zip+zip):  ! lies in more than 2 containers"),
        "{told:?}"
    );
}

#[test]
fn the_first_pipe_is_read_once_and_others_are_kept() {
    let text = "a,b\n".repeat(100_000);
    let book = xlsx(&[("Log", &["a"])]);
    let once = |bytes: &[u8], first, again| {
        let all = Opener::new(Opening { hash: true, again, ..Opening::default() });
        let opened = all.pipe("-", Cursor::new(bytes.to_vec()), first);
        let flags: Vec<(bool, bool)> = opened.sources.iter().map(|one| (one.leads, one.is_pipe())).collect();
        let read: Vec<String> = told(&opened).iter().map(|told| told.chars().take(40).collect()).collect();
        let passed = opened.sources[0].passed().map(|(size, sha256)| (size, sha256.is_some()));
        (read, flags, passed)
    };
    let plain = "- (pipe): a,b/a,b/a,b/a,b/a,b/a,b/a,b/a,";
    let packed = gzip(text.as_bytes());
    let size = |bytes: usize| Some((bytes as u64, true));
    for (bytes, first, again, expected, leads, pipe, passed) in [
        (text.as_bytes(), true, false, plain, true, true, size(text.len())),
        (text.as_bytes(), true, true, plain, true, false, None),
        (text.as_bytes(), false, false, plain, false, false, None),
        (&packed, true, false, "- (pipe+gzip): a,b/a,b/a,b/a,b/a,b/a,b/a", true, true, size(packed.len())),
        (&packed, false, false, "- (pipe+gzip): a,b/a,b/a,b/a,b/a,b/a,b/a", false, false, None),
        (&book, true, false, "-/Log (pipe+xlsx): a,7/", false, false, None),
        (b"", true, false, "- (pipe): ", true, true, size(0)),
    ] {
        let told = once(bytes, first, again);
        assert_eq!(told, (vec![expected.to_owned()], vec![(leads, pipe)], passed), "{first} {again}");
    }
    let (told, _, _) = once(&gzip(&zip(&[("x.csv", b"1"), ("y.csv", b"2")])), true, false);
    assert_eq!(told, ["-/x.csv (pipe+gzip+zip): 1", "-/y.csv (pipe+gzip+zip): 2"]);
    let (told, _, passed) = once(&packed[..packed.len() / 2], true, false);
    assert_eq!((told[0].starts_with("- (pipe+gzip): a,b/"), passed), (true, size(packed.len() / 2)));
}

#[test]
fn a_pipe_that_fails_keeps_what_came_before() {
    let broken = Cursor::new(b"a,b\n1,2\n".to_vec()).chain(Failing(Some(io::Error::other("broken"))));
    let opened = Opener::new(Opening::default()).pipe("-", broken, true);
    assert_eq!(told(&opened), ["- (pipe): a,b/1,2/ ! broken"]);
    assert_eq!(opened.sources[0].passed(), None);
}

/// Gives some bytes, and fails.
struct Panicking(Cursor<Vec<u8>>);

impl Read for Panicking {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        assert!(read > 0, "told to fail");
        Ok(read)
    }
}

/// Survives: a panic while a container or a pipe is opened | it is one input that can not be read, and the others are opened
#[test]
fn a_fault_in_opening_costs_one_input() {
    let opener = Opener::new(Opening::default());
    let whole = zip(&[("x.csv", b"one")]);
    for bytes in [Vec::new(), b"PK".to_vec(), whole[..whole.len() - 9].to_vec(), gzip(&whole)] {
        let found = opener.pipe("x", Panicking(Cursor::new(bytes)), false);
        let [source] = &found.sources[..] else { panic!("{found:?}") };
        let Origin::Unreadable(why) = &source.from else { panic!("{source:?}") };
        assert!(why.starts_with("a fault of the program"), "{why}");
    }
    assert_eq!(opener.pipe("x", Cursor::new(whole), false).sources[0].name, "x/x.csv");
}
