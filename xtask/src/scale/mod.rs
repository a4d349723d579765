//! `cargo xtask scale`: what parts cost: bytes for each row and detection, counting, merging and reporting.

mod exports;

use crate::bench::machine::machine;
use crate::bench::measure::{self, Measured};
use crate::bench::{build, target_folder};
use anyhow::Context;
use exports::write_export;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Options of the measurement.
#[derive(clap::Args)]
pub(crate) struct ScaleArgs {
    /// How many parts are merged
    #[arg(long, value_name = "N", default_value_t = 1000)]
    parts: u64,
    /// How many distinct detections each has
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    detections: u64,
}

/// What runs here.
struct Bench<'b> {
    program: &'b Path,
    folder: PathBuf,
    lines: String,
}

/// Measures, prints and writes it down.
///
/// # Errors
/// The program can not be built, or a run fails.
pub(crate) fn run(root: &Path, arguments: &ScaleArgs, out: &mut dyn Write) -> anyhow::Result<()> {
    let target = target_folder(root)?;
    let program = build(root)?;
    let folder = target.join("bench-work/scale");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let mut bench = Bench { program: &program, folder, lines: String::new() };
    bench.sizes()?;
    for (about, apart) in [("its own detections", true), ("the same detections", false)] {
        bench.merging(arguments, about, apart, out)?;
    }
    let date = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let facts: Vec<String> = machine().iter().map(|(name, value)| format!("- {name}: {value}")).collect();
    let text = format!("# What parts cost, {date}\n\n{}\n\n{}", facts.join("\n"), bench.lines);
    write!(out, "{text}")?;
    let path = root.join(format!("benches/runs/scale-{date}.md"));
    fs::write(&path, text).with_context(|| path.display().to_string())
}

impl Bench<'_> {
    /// How large parts are, by rows for each detection, and what making and reporting them takes.
    fn sizes(&mut self) -> anyhow::Result<()> {
        self.lines.push_str(
            "| rows | distinct | export, bytes | part | part for each row | for each detection | with --keep-duplicates, for \
             each detection | tally | report of the part |\n|---|---|---|---|---|---|---|---|---|\n",
        );
        for (rows, distinct) in [(100_000, 100_000), (1_000_000, 100_000), (3_000_000, 30_000)] {
            let export = self.folder.join("export.csv");
            write_export(&export, rows, 0, distinct)?;
            let tallied = self.tally(&export, "united.tally", &[])?;
            self.tally(&export, "kept.tally", &["--keep-duplicates"])?;
            let reported = self.report("united.tally")?;
            let [export_size, united, kept] =
                [fs::metadata(&export)?.len(), self.size("united.tally")?, self.size("kept.tally")?];
            writeln!(
                self.lines,
                "| {rows} | {distinct} | {export_size} | {united} | {:.1} | {:.0} | {:.0} | {} | {} |",
                ratio(united, rows),
                ratio(united, distinct),
                ratio(kept, distinct),
                shown(&tallied),
                shown(&reported),
            )?;
        }
        Ok(())
    }

    /// Merges many parts.
    fn merging(
        &mut self,
        arguments: &ScaleArgs,
        about: &str,
        apart: bool,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let ScaleArgs { parts, detections } = *arguments;
        let home = self.folder.join("parts");
        fs::create_dir_all(&home)?;
        writeln!(out, "making {parts} parts, each of {about}")?;
        let export = self.folder.join("export.csv");
        let mut bytes = 0;
        for number in 0..parts {
            let first = if apart { number * detections } else { 0 };
            write_export(&export, detections, first, detections)?;
            let part = format!("parts/{number:05}.tally");
            self.tally(&export, &part, &["--name", &format!("{number:05}.csv"), "--threads", "1"])?;
            bytes += self.size(&part)?;
        }
        let merged = self.measure(Command::new(self.program).arg("merge").arg(&home), "all.tally")?;
        writeln!(
            self.lines,
            "\nMerging {parts} parts of {detections} rows and distinct detections, each of {about}, {bytes} bytes in all, \
             into one of {}: {}.",
            self.size("all.tally")?,
            shown(&merged)
        )?;
        fs::remove_dir_all(&home).with_context(|| home.display().to_string())
    }

    fn tally(&self, export: &Path, part: &str, options: &[&str]) -> anyhow::Result<Measured> {
        self.measure(Command::new(self.program).arg("tally").arg(export).args(options), part)
    }

    fn report(&self, part: &str) -> anyhow::Result<Measured> {
        let part = self.folder.join(part);
        self.measure(Command::new(self.program).args(["report", "-f", "json"]).arg(part), "report.json")
    }

    fn measure(&self, command: &mut Command, output: &str) -> anyhow::Result<Measured> {
        command.args(["-q", "--force", "-o"]).arg(self.folder.join(output));
        measure::run(command, None, &self.folder.join("errors"))
    }

    fn size(&self, name: &str) -> anyhow::Result<u64> {
        Ok(fs::metadata(self.folder.join(name))?.len())
    }
}

fn shown(measured: &Measured) -> String {
    let Measured { wall, processor, peak, .. } = measured;
    format!("{wall:.2} s ({processor:.2} s of processor time, {} MB)", peak / 1_000_000)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn ratio(one: u64, other: u64) -> f64 {
    one as f64 / other as f64
}
