//! How a run ends before its time: told to by the user or the system, or by a fault of its own.

use crate::terminal;
use std::panic::PanicHookInfo;

/// The exit code of a run that was told to end, as shells give it for Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Has Ctrl-C, a request to terminate and a closed terminal leave no half-written file: files that are finished stay, and
/// those under way go. Where the caller had these signals ignored, as `nohup` does, they stay ignored. Faults of the
/// program are told by their place alone: their message could hold text of a log.
pub(crate) fn prepare() {
    std::panic::set_hook(Box::new(tell_fault));
    let handler = || {
        ringback_report::abandon_unfinished();
        terminal::error("interrupted; files that were finished are kept, nothing is left half-written");
        std::process::exit(INTERRUPTED);
    };
    // Without a handler the system's own way of ending applies, which is no reason not to run.
    _ = ctrlc::try_set_handler(handler);
}

fn tell_fault(fault: &PanicHookInfo<'_>) {
    let place = fault.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    terminal::error(&format!("a fault of the program{place}\nhint: please report it; see SECURITY.md"));
}
