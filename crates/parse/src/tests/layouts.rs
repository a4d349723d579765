//! Every layout that is carried reads its fixtures as they are expected to be read, and so do layouts for other vendors,
//! which are data alone.
//!
//! A fixture stands in the folder of its layout; beside it is what it must be read as. `UPDATE_FIXTURES=1` writes that
//! anew: it is then to be read by somebody before it is kept.

use super::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What a source was read as, for people.
pub(crate) fn told(bytes: &[u8], layouts: &Layouts) -> String {
    let options = ReadOptions::default();
    let plan = match plan(bytes, true, layouts, &options) {
        Ok(plan) => plan,
        Err(error) => return format!("error {error}\n"),
    };
    let mut text = format!(
        "{} {} {:?} heading in line {} zone {}\n",
        plan.format().as_str(),
        plan.encoding(),
        plan.delimiter(),
        plan.heading_line(),
        plan.zone_basis()
    );
    let mut count = 0;
    let summary = each(bytes, &plan, &mut |event| match event {
        RowEvent::Row(mut row) => {
            count += 1;
            row_told(&mut text, &mut row);
        }
        RowEvent::Reject(reject) => {
            count += 1;
            let raw: String = String::from_utf8_lossy(reject.raw).chars().take(60).collect();
            writeln!(text, "reject {} record {} {raw:?}", reject.reason, reject.place.record).unwrap();
        }
    });
    assert_eq!(summary.records, count, "every record is told");
    writeln!(text, "dates {:?}", summary.dates.decide()).unwrap();
    text
}

fn row_told(text: &mut String, row: &mut Row<'_>) {
    let port = |port: Option<u16>| port.map_or_else(String::new, |port| format!(" port {port}"));
    let (layout, occurrences) = (row.layout().name.clone(), row.occurrences);
    let (local_port, remote_port) = (row.local_port, row.remote_port);
    let time = words(row);
    let said = row.said();
    let (detection, local) = (said.detection, detection_local(said));
    writeln!(text, "row {layout} {}", time.split(' ').next().unwrap_or_default()).unwrap();
    writeln!(
        text,
        "  {local}{} -> {}{}; {} {} {}",
        port(local_port),
        said.remote_text(),
        port(remote_port),
        said.direction(),
        detection.message,
        detection.result
    )
    .unwrap();
    writeln!(
        text,
        "  {} {} risk {} rule {:?} cve {:?} family {:?}",
        detection.list,
        detection.threat,
        detection.risk,
        said.text(detection.rule),
        said.text(detection.cve),
        said.text(detection.family)
    )
    .unwrap();
    let words = [
        ("endpoint", detection.endpoint),
        ("domain", detection.domain),
        ("user", detection.user),
        ("process", detection.process),
        ("protocol", detection.protocol),
        ("product", detection.product),
        ("console", detection.console),
    ];
    let told = words.iter().filter(|(_, sym)| !sym.is_empty());
    let names: Vec<String> = told.map(|(name, sym)| format!("{name} {:?}", said.text(*sym))).collect();
    writeln!(text, "  {} log {} x{}", names.join(" "), detection.log, occurrences).unwrap();
}

fn detection_local(said: ringback_model::DetectionRef<'_>) -> String {
    let directed = matches!(said.detection.endpoints, ringback_model::Endpoints::Directed { .. });
    let local = said.local();
    let ip = local.ip.map_or_else(|| "-".to_owned(), |ip| ip.to_string());
    if directed { format!("source {ip}") } else { ip }
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Layouts of other vendors, which the program does not carry.
pub(crate) fn other_vendors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/layouts")
}

/// The fixtures below a folder: the name of the layout and the file.
pub(crate) fn fixtures(root: &Path) -> Vec<(String, PathBuf)> {
    let mut all = Vec::new();
    for folder in files(root).iter().filter(|folder| folder.is_dir()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let inputs =
            files(folder).into_iter().filter(|file| file.extension().is_none_or(|end| end != "expected"));
        all.extend(inputs.map(|file| (name.clone(), file)));
    }
    all
}

/// Reads the fixtures below a folder; every layout of these names must have some.
fn check(root: &Path, layouts: &Layouts, names: &[String]) {
    let mut seen: BTreeMap<&str, usize> = names.iter().map(|name| (name.as_str(), 0)).collect();
    let mut wrong = Vec::new();
    for (name, file) in fixtures(root) {
        let told = told(&std::fs::read(&file).unwrap(), layouts);
        let expected = PathBuf::from(format!("{}.expected", file.display()));
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            std::fs::write(&expected, &told).unwrap();
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != told {
            wrong.push(format!("{}:\n{told}", file.display()));
        }
        let rows = told.matches(&format!("row {name} ")).count();
        assert!(rows > 0, "{} has a row of its layout:\n{told}", file.display());
        *seen.get_mut(name.as_str()).expect("the folder has the name of a layout") += rows;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let missing: Vec<&str> = seen.iter().filter(|(_, rows)| **rows == 0).map(|(name, _)| *name).collect();
    assert!(missing.is_empty(), "no fixtures: {missing:?}");
}

#[test]
fn every_layout_reads_its_fixtures() {
    let layouts = Layouts::builtin().unwrap();
    let names: Vec<String> = layouts.iter().map(|layout| layout.name.clone()).collect();
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &layouts, &names);
}

#[test]
fn layouts_of_other_vendors_are_data_alone() {
    let mut layouts = Layouts::builtin().unwrap();
    let mut names = Vec::new();
    for file in
        files(&other_vendors()).iter().filter(|file| file.extension().is_some_and(|end| end == "toml"))
    {
        let text = std::fs::read_to_string(file).unwrap();
        let layout =
            Layout::parse(&text, &file.display().to_string()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(doubts(&layout, &layouts), [""; 0], "{}", layout.name);
        names.push(layout.name.clone());
        layouts = layouts.with(layout);
    }
    check(&other_vendors(), &layouts, &names);
}
