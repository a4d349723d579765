//! Progress bars: bytes, rows, speed and time left, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ringback_pipeline::Progress;
use std::sync::atomic::{AtomicU64, Ordering};

/// One line for the whole run, on standard error; nothing off a terminal.
pub(crate) struct Bar {
    bar: ProgressBar,
    rows: AtomicU64,
}

impl Bar {
    /// A bar, hidden where the user asked for quiet.
    pub(crate) fn new(quiet: bool) -> Self {
        let target =
            if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(10) };
        Bar { bar: ProgressBar::with_draw_target(None, target), rows: AtomicU64::new(0) }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn started(&self, inputs: usize, bytes: u64) {
        let template = "{bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.set_length(bytes);
        self.bar.set_message(format!("{inputs} inputs"));
    }

    fn opened(&self, _: &str) {}

    fn read(&self, bytes: u64, rows: u64) {
        let all = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        self.bar.inc(bytes);
        self.bar.set_message(format!("{all} rows"));
    }

    fn closed(&self, _: &str) {}

    fn judging(&self) {
        self.bar.set_message(format!("{} rows, judging", self.rows.load(Ordering::Relaxed)));
    }
}
