//! How a run ends before its time: told to by the user or the system, or by a fault of its own.

use crate::terminal;
use std::panic::PanicHookInfo;

/// The exit code of a run that was told to end, as shells give it for Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Has Ctrl-C, a request to terminate and a closed terminal leave no half-written file: files that are finished stay, and
/// those under way go. Where the caller had one of these signals ignored, as `nohup` does, it stays ignored. Faults of the
/// program are told by their place alone: their message could hold text of a log.
pub(crate) fn prepare() {
    std::panic::set_hook(Box::new(tell_fault));
    watch();
}

#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored();
    let wanted = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
    // Without a watch the system's own way of ending applies, which is no reason not to run.
    let Ok(mut signals) = signal_hook::iterator::Signals::new(wanted) else { return };
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            end();
        }
    });
}

/// The signals that the caller had ignored, one bit each, where the system tells.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(not(unix))]
fn watch() {
    // Without a watch the system's own way of ending applies, which is no reason not to run.
    _ = ctrlc::set_handler(end);
}

fn end() {
    ringback_report::abandon_unfinished();
    terminal::error("interrupted; files that were finished are kept, nothing is left half-written");
    std::process::exit(INTERRUPTED);
}

fn tell_fault(fault: &PanicHookInfo<'_>) {
    let place = fault.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    terminal::error(&format!("a fault of the program{place}\nhint: please report it; see SECURITY.md"));
}
