//! What is measured: the program's own commands, and its peers.

use super::data::Made;
use anyhow::{Context, bail};
use std::path::PathBuf;
use std::process::Command;

/// A command that is measured.
pub(crate) struct Measurable {
    pub(crate) name: &'static str,
    /// How it is written down in the report of a run.
    pub(crate) shown: &'static str,
    /// Whether what it says on standard output tells the rows that it read.
    pub(crate) tells: Tells,
    /// Whether it needs the peers' Python.
    pub(crate) python: bool,
    /// Whether it takes minutes, so that it runs once and on request only.
    pub(crate) slow: bool,
}

/// What a command's output tells of the rows that it read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tells {
    /// Nothing.
    Nothing,
    /// The last line that has `rows =` in it begins with their number, which may be grouped: the accounting.
    Accounting,
    /// Two numbers: rows and distinct detections.
    RowsAndDistinct,
}

const fn own(name: &'static str, shown: &'static str, tells: Tells) -> Measurable {
    Measurable { name, shown, tells, python: false, slow: false }
}

const fn script(name: &'static str, shown: &'static str, slow: bool) -> Measurable {
    Measurable { name, shown, tells: Tells::RowsAndDistinct, python: true, slow }
}

/// All of them, in the order in which they take turns.
pub(crate) const COMMANDS: &[Measurable] = &[
    own("triage", "ringback triage -q FILES", Tells::Accounting),
    script("polars", "python benches/peers/polars_count.py FILES", false),
    script("duckdb", "python benches/peers/duckdb_count.py FILES", false),
    own("cat", "cat FILES > /dev/null", Tells::Nothing),
    own("gunzip", "gzip -dc FILE | wc -l", Tells::Nothing),
    own("events", "ringback events -q FILES > /dev/null", Tells::Nothing),
    own("report", "ringback report -q -f markdown,html,xlsx -o DIR --force FILES", Tells::Nothing),
    own("report-markdown", "ringback report -q -f markdown -o DIR --force FILES", Tells::Nothing),
    own("report-html", "ringback report -q -f html -o DIR --force FILES", Tells::Nothing),
    own("report-xlsx", "ringback report -q -f xlsx -o DIR --force FILES", Tells::Nothing),
    script("pandas", "python benches/peers/pandas_report.py DIR FILES", true),
];

/// The commands that run on a data set, in the order in which they take turns.
pub(crate) fn in_turn(dataset: &str) -> impl Iterator<Item = &'static Measurable> {
    let names = commands_on(dataset);
    COMMANDS.iter().filter(move |command| names.contains(&command.name))
}

/// The names of the commands that run on a data set.
pub(crate) fn commands_on(dataset: &str) -> &'static [&'static str] {
    match dataset {
        "plain" => &["triage", "polars", "duckdb", "cat", "events", "report", "pandas"],
        "plain-1m" | "cef" => &["triage", "cat"],
        "gzip" => &["triage", "gunzip"],
        "many-overlap" => &["triage", "report"],
        "findings" => &["triage", "report-html", "report-xlsx"],
        "small" => &["triage", "report-markdown"],
        _ => &["triage", "polars", "duckdb"],
    }
}

/// Where things are.
pub(crate) struct Places {
    /// The project.
    pub(crate) root: PathBuf,
    /// The program that was built.
    pub(crate) program: PathBuf,
    /// The peers' Python, if there is one.
    pub(crate) python: Option<PathBuf>,
    /// A folder for what the commands write.
    pub(crate) work: PathBuf,
}

impl Places {
    /// The process that a command is on a data set.
    ///
    /// # Errors
    /// It needs a Python that is not there, or there is no such command.
    pub(crate) fn process(&self, name: &str, data: &Made) -> anyhow::Result<Command> {
        let mut command = match name {
            "triage" | "events" => self.product(&[name]),
            "report" => self.product(&["report", "-f", "markdown,html,xlsx", "--force"]),
            "cat" => Command::new("cat"),
            "gunzip" => piped("gzip -dc \"$1\" | wc -l"),
            "polars" => self.script("polars_count.py")?,
            "duckdb" => self.script("duckdb_count.py")?,
            "pandas" => self.script("pandas_report.py")?,
            _ => match name.strip_prefix("report-") {
                Some(format) => self.product(&["report", "-f", format, "--force"]),
                None => bail!("no command {name}"),
            },
        };
        match self.output(name) {
            Some(folder) if name == "pandas" => _ = command.arg(folder),
            Some(folder) => _ = command.arg("-o").arg(folder),
            None => {}
        }
        command.args(&data.files);
        Ok(command)
    }

    /// The folder that a command writes its reports into; none if it writes none.
    fn output(&self, name: &str) -> Option<PathBuf> {
        (name.starts_with("report") || name == "pandas").then(|| self.work.join(name))
    }

    /// How many bytes a command wrote.
    pub(crate) fn written(&self, name: &str) -> Option<u64> {
        let files = std::fs::read_dir(self.output(name)?).ok()?;
        files.map(|file| Some(file.ok()?.metadata().ok()?.len())).sum()
    }

    /// The program, with arguments.
    pub(crate) fn product(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).arg("-q");
        command
    }

    fn script(&self, name: &str) -> anyhow::Result<Command> {
        let python = self.python.as_ref().context("no Python with the peers was named")?;
        let mut command = Command::new(python);
        command.arg(self.root.join("benches/peers").join(name));
        Ok(command)
    }
}

/// A pipe of the shell, whose first argument is to follow.
fn piped(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]);
    command
}

/// Checks what a command said of the rows that it read.
///
/// # Errors
/// It read others than there are, so that its time means nothing.
pub(crate) fn check(tells: Tells, said: &str, data: &Made) -> anyhow::Result<()> {
    let numbers = match tells {
        Tells::Nothing => return Ok(()),
        Tells::Accounting => {
            said.lines().rev().find_map(|line| line.split_once(" rows = ")).map(|(rows, _)| rows)
        }
        Tells::RowsAndDistinct => said.lines().last(),
    };
    let numbers: Option<Vec<u64>> = numbers
        .map(|text| {
            text.split_whitespace().map(|number| number.replace([',', '_'], "").parse().ok()).collect()
        })
        .unwrap_or_default();
    let expected = [data.rows, data.distinct];
    let expected = if tells == Tells::Accounting { &expected[..1] } else { &expected[..] };
    match numbers {
        Some(numbers) if numbers == expected => Ok(()),
        numbers => bail!("it read {numbers:?} (rows, distinct), but there are {expected:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::data::DATASETS;
    use super::*;

    #[test]
    fn every_command_on_a_data_set_exists_and_is_made() {
        let python = Some(PathBuf::from("python"));
        let (root, program, work) = ("root".into(), "ringback".into(), "work".into());
        let places = Places { root, program, python, work };
        let data = Made { files: vec!["a.csv".into(), "b.csv".into()], rows: 1, distinct: 1, bytes: 1 };
        for name in DATASETS.iter().flat_map(|dataset| commands_on(dataset.name)) {
            assert!(COMMANDS.iter().any(|command| command.name == *name), "{name}");
            let process = places.process(name, &data).unwrap();
            assert!(process.get_args().any(|argument| argument == "b.csv"), "{name}");
        }
        let without = Places { python: None, ..places };
        assert!(without.process("polars", &data).is_err() && without.process("cat", &data).is_ok());
    }

    #[test]
    fn a_command_that_read_something_else_is_found_out() {
        let data = Made { rows: 1_200, distinct: 34, ..Made::default() };
        for (tells, said, fine) in [
            (Tells::Accounting, "much\n\n1200 rows = 1200 in findings + 0 rejected\n", true),
            (Tells::Accounting, "1,200 rows = 1,200 in findings\n", true),
            (Tells::Accounting, "1199 rows = 1199 in findings\n", false),
            (Tells::Accounting, "", false),
            (Tells::RowsAndDistinct, "1200 34\n", true),
            (Tells::RowsAndDistinct, "1200 33\n", false),
            (Tells::RowsAndDistinct, "1200\n", false),
            (Tells::RowsAndDistinct, "no\n", false),
            (Tells::Nothing, "", true),
        ] {
            assert_eq!(check(tells, said, &data).is_ok(), fine, "{tells:?} {said:?}");
        }
    }
}
