//! Exports of which the number of distinct detections is known.

use anyhow::Context;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

const HEADINGS: &str = "Date/Time,Endpoint,Domain,User,Process,Local IP,Local Port,Remote IP,Remote Port,Protocol,\
                        Traffic Direction,Detected By,Result\n";

/// Writes so many rows of so many detections, which are numbered from `first` on.
///
/// # Errors
/// What the system says.
pub(super) fn write_export(path: &Path, rows: u64, first: u64, distinct: u64) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
    out.write_all(HEADINGS.as_bytes())?;
    for row in 0..rows {
        let number = first + row % distinct;
        let second = row * 2_592_000 / rows;
        let (host, remote) = (number % 5_000, number / 5_000 * 7 + number % 7);
        writeln!(
            out,
            "2026-10-{:02} {:02}:{:02}:{:02},PC-{host:04},CORP,u{:04},C:\\tools\\p{}.exe,10.{}.{}.{},{},22.{}.{}.{},443,TCP,\
             Outgoing,CVE-2017-5638 - APACHE STRUTS EXPLOIT - HTTP (Request),{}",
            1 + second / 86_400,
            second / 3_600 % 24,
            second / 60 % 60,
            second % 60,
            host % 977,
            number % 23,
            host / 62_500,
            host / 250 % 250,
            host % 250 + 1,
            49_152 + row * 7 % 16_000,
            remote / 62_500 % 250,
            remote / 250 % 250,
            remote % 250 + 1,
            if number.is_multiple_of(3) { "Blocked" } else { "Logged" },
        )?;
    }
    out.flush().context("an export")
}
