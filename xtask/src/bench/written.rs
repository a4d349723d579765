//! A run written down: `benches/runs/<date>.md`.

use super::commands::{self, COMMANDS};
use super::data::{DATASETS, Made};
use super::figures::Figures;
use super::machine::Facts;
use super::measure::Measured;
use super::targets::{Figure, Target};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Everything that was measured, and on what.
pub(crate) struct Run {
    pub(crate) date: String,
    /// How `plain` was scaled, if it was.
    pub(crate) scaled: Option<u64>,
    pub(crate) runs: usize,
    pub(crate) machine: Facts,
    pub(crate) versions: Facts,
    pub(crate) data: BTreeMap<&'static str, Made>,
    pub(crate) figures: Figures,
}

/// Where a run of a date belongs in a folder: a file that is there already is left alone.
pub(crate) fn file_of(folder: &Path, date: &str) -> PathBuf {
    let numbered = (2..).map(|number| format!("{date}-{number}.md"));
    let mut paths = std::iter::once(format!("{date}.md")).chain(numbered).map(|name| folder.join(name));
    paths.find(|path| !path.exists()).expect("numbers do not end")
}

/// The whole text.
pub(crate) fn markdown(run: &Run, targets: &[Target]) -> String {
    let mut text = format!("# Benchmark of {}\n\n", run.date);
    if let Some(rows) = run.scaled {
        text.push_str(&format!("A trial with `--rows {rows}`: the targets are meant for full sizes.\n\n"));
    }
    text.push_str(&format!("Whole processes, in turn; medians of {} runs. ", run.runs));
    text.push_str(
        "Files are in the page cache: each is read once before it is measured. Own \
         memory is the largest resident set without mapped files, seen every 10 ms; peak is with them, as the kernel \
         counts it.\n",
    );
    text.push_str(&facts("Machine", &run.machine));
    text.push_str(&facts("Versions", &run.versions));
    text.push_str(&datasets(run));
    text.push_str(&commands());
    text.push_str("\n## Targets\n\n```text\n");
    text.push_str(&verdicts(run, targets));
    text.push_str("```\n");
    text.push_str(&medians(run));
    text.push_str(&raw(run));
    text
}

fn facts(title: &str, facts: &Facts) -> String {
    let mut text = format!("\n## {title}\n\n| what | value |\n|---|---|\n");
    for (name, value) in facts {
        text.push_str(&format!("| {name} | {value} |\n"));
    }
    text
}

fn datasets(run: &Run) -> String {
    let mut text =
        "\n## Data sets\n\n| name | rows | distinct | files | MB | what |\n|---|---:|---:|---:|---:|---|\n"
            .to_owned();
    for dataset in DATASETS {
        if let Some(made) = run.data.get(dataset.name) {
            let Made { files, rows, distinct, bytes } = made;
            let (files, megabytes) = (files.len(), megabytes(*bytes));
            let (name, about) = (dataset.name, dataset.about);
            text.push_str(&format!("| `{name}` | {rows} | {distinct} | {files} | {megabytes} | {about} |\n"));
        }
    }
    text
}

fn commands() -> String {
    let mut text = "\n## Commands\n\n| name | command |\n|---|---|\n".to_owned();
    for command in COMMANDS {
        text.push_str(&format!("| {} | `{}` |\n", command.name, command.shown.replace('|', "\\|")));
    }
    text
}

/// Each target on a line: whether it is met, what it is, and by how much.
pub(crate) fn verdicts(run: &Run, targets: &[Target]) -> String {
    targets.iter().map(|target| verdict(target, target.measured(&run.figures, &run.data))).collect()
}

fn verdict(target: &Target, measured: Option<f64>) -> String {
    let (word, value) = match measured {
        None => ("not measured", "-".to_owned()),
        Some(value) if target.met(value) => ("met", shown(value)),
        Some(value) => ("not met", shown(value)),
    };
    let what = match target.other() {
        None => format!("{} {}", target.dataset, target.command),
        Some((dataset, peer)) if dataset == target.dataset => {
            format!("{} {}/{peer}", target.dataset, target.command)
        }
        Some((dataset, peer)) => format!("{} {}/{dataset} {peer}", target.dataset, target.command),
    };
    let (figure, unit) = match target.figure {
        Figure::Time => ("time", "s"),
        Figure::TimePerRow => ("time per row", "s"),
        Figure::TimePerByte => ("time per byte", "s"),
        Figure::Memory => ("own memory", "MB"),
        Figure::Peak => ("peak memory", "MB"),
        Figure::Written => ("size", "MB"),
    };
    let unit = if target.peer.is_none() { format!(" {unit}") } else { String::new() };
    let aim = target.aim.map(|aim| format!(", better {}", shown(aim))).unwrap_or_default();
    let limit = shown(target.limit);
    format!("{word:<12}  {value:>7}{unit} of at most {limit}{unit}{aim}  {}: {what}, {figure}\n", target.name)
}

/// A value with about three digits that count.
fn shown(value: f64) -> String {
    let digits = if value >= 100.0 {
        0
    } else if value >= 1.0 {
        2
    } else {
        3
    };
    format!("{value:.digits$}")
}

fn medians(run: &Run) -> String {
    let mut text = "\n## Medians\n\n| data set | command | runs | wall s | processor s | peak MB | own MB | written MB | M rows/s |\n\
                    |---|---|---:|---:|---:|---:|---:|---:|---:|\n"
        .to_owned();
    for (dataset, command) in jobs(run) {
        if let Some(why) = run.figures.failed.get(&(dataset, command)) {
            let why = why.replace('|', "\\|").replace('\n', " ");
            text.push_str(&format!("| {dataset} | {command} | failed: {why} | | | | | | |\n"));
        }
        let Some(medians) = run.figures.medians(dataset, command) else { continue };
        let runs = run.figures.runs[&(dataset, command)].len();
        let some =
            |bytes: Option<f64>| bytes.map_or_else(|| "-".into(), |bytes| format!("{:.1}", bytes / 1e6));
        let (own, written) = (some(medians.own), some(medians.written));
        let pace = super::figures::bytes(run.data[dataset].rows) / medians.wall / 1e6;
        text.push_str(&format!(
            "| {dataset} | {command} | {runs} | {:.3} | {:.3} | {:.1} | {own} | {written} | {pace:.2} |\n",
            medians.wall,
            medians.processor,
            medians.peak / 1e6,
        ));
    }
    text
}

fn raw(run: &Run) -> String {
    let mut text =
        "\n## Every run\n\n```text\ndataset command run wall_s processor_s peak_bytes own_bytes written_bytes\n".to_owned();
    for (dataset, command) in jobs(run) {
        for (number, measured) in run.figures.runs.get(&(dataset, command)).into_iter().flatten().enumerate()
        {
            let Measured { wall, processor, peak, own, written } = measured;
            let some = |bytes: &Option<u64>| bytes.map_or_else(|| "-".into(), |bytes| bytes.to_string());
            let (own, written) = (some(own), some(written));
            text.push_str(&format!(
                "{dataset} {command} {} {wall:.6} {processor:.6} {peak} {own} {written}\n",
                number + 1
            ));
        }
    }
    text.push_str("```\n");
    text
}

/// What ran or was to run, in the order of the data sets and of the turns.
fn jobs(run: &Run) -> impl Iterator<Item = (&'static str, &'static str)> {
    let there = DATASETS.iter().filter(|dataset| run.data.contains_key(dataset.name));
    there.flat_map(|dataset| commands::in_turn(dataset.name).map(move |command| (dataset.name, command.name)))
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", super::figures::bytes(bytes) / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Run {
        let (peak, own) = (2_000_000, Some(1_000_000));
        let measured = |wall| Measured { wall, processor: 2.0 * wall, peak, own, written: None };
        let mut figures = Figures::default();
        figures.runs.insert(("plain", "triage"), vec![measured(1.0), measured(3.0), measured(2.0)]);
        figures.runs.insert(("plain", "polars"), vec![measured(8.0)]);
        figures.failed.insert(("plain", "duckdb"), "a | b\nc".into());
        let made = Made { files: vec!["x.csv".into()], rows: 4_000_000, distinct: 5, bytes: 7_000_000 };
        let facts = |name: &str| vec![(name.to_owned(), "some".to_owned())];
        Run {
            date: "2026-11-25".into(),
            scaled: None,
            runs: 3,
            machine: facts("cores"),
            versions: facts("polars"),
            data: BTreeMap::from([("plain", made)]),
            figures,
        }
    }

    fn targets() -> Vec<Target> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        super::super::targets::read(&root.join("benches/targets.toml")).unwrap()
    }

    #[test]
    fn a_run_is_written_down_with_everything_that_it_takes_to_judge_it() {
        let text = markdown(&run(), &targets());
        for expected in [
            "# Benchmark of 2026-11-25\n",
            "| cores | some |\n",
            "| polars | some |\n",
            "| `plain` | 4000000 | 5 | 1 | 7.0 | one Suspicious Connection export, no cell quoted |\n",
            "| gunzip | `gzip -dc FILE \\| wc -l` |\n",
            "| plain | triage | 3 | 2.000 | 4.000 | 2.0 | 1.0 | - | 2.00 |\n",
            "| plain | duckdb | failed: a \\| b c | | | | | | |\n",
            "plain triage 2 3.000000 6.000000 2000000 1000000 -\n",
            "met             0.250 of at most 0.450  counts faster than Polars: plain triage/polars, time\n",
            "met              1.00 MB of at most 350 MB  counts in 350 MB: plain triage, own memory\n",
            "not measured        - of at most 5.00  is near to reading alone: plain triage/cat, time\n",
        ] {
            assert!(text.contains(expected), "{expected}\nis not in\n{text}");
        }
        assert!(!text.contains("trial"));
        assert!(markdown(&Run { scaled: Some(9), ..run() }, &[]).contains("A trial with `--rows 9`"));
    }

    #[test]
    fn a_run_that_is_too_slow_does_not_meet_its_target() {
        let mut slow = run();
        slow.figures.runs.get_mut(&("plain", "polars")).unwrap()[0].wall = 4.0;
        let text = verdicts(&slow, &targets());
        assert!(text.starts_with("not met         0.500 of at most 0.450  counts faster"), "{text}");
    }

    #[test]
    fn a_second_run_of_a_day_has_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["2026-11-25.md", "2026-11-25-2.md", "2026-11-25-3.md"] {
            let path = file_of(folder.path(), "2026-11-25");
            assert_eq!(path, folder.path().join(name));
            std::fs::write(path, "").unwrap();
        }
    }
}
