//! From arguments to a request, and what is the same at the end of every run.

use crate::args::{InputArgs, Order};
use crate::exit::Outcome;
use crate::layouts::{Chosen, draft_hint};
use crate::periods::{End, instant};
use crate::progress::Bar;
use crate::{clock, rejects, terminal};
use anyhow::{Context, anyhow};
use jiff::tz::TimeZone;
use ringback_model::brand::Brand;
use ringback_model::case::Heading;
use ringback_model::{Profile, RejectReason};
use ringback_parse::{DateOrder, ReadOptions};
use ringback_pipeline::{Investigation, Request, Window, investigate};
use std::path::{Path, PathBuf};

/// The language where nobody names one.
const ENGLISH: &str = "en";

/// What a command needs besides the common options.
pub(crate) struct Wish<'a> {
    /// The title, instead of the profile's.
    pub(crate) title: Option<&'a str>,
    /// Whether inputs are hashed.
    pub(crate) hash_inputs: bool,
    /// Whether the rows are asked for again once the case is made.
    pub(crate) read_again: bool,
    /// Whether incidents get their advice.
    pub(crate) advise: bool,
    /// An earlier report to compare with.
    pub(crate) baseline: Option<&'a Path>,
}

/// Reads, counts and judges what the arguments name, with a progress bar, and tells what could not be read.
///
/// # Errors
/// A profile, path or option that is wrong.
pub(crate) fn run(args: &InputArgs, wish: &Wish<'_>) -> anyhow::Result<Investigation> {
    run_with(args, wish, false).map(|(found, _)| found)
}

/// The same with the profile that was read. The text of rejected rows is kept where it is asked for, whether or not the
/// arguments ask for it.
///
/// # Errors
/// As for [`run`].
pub(crate) fn run_with(
    args: &InputArgs,
    wish: &Wish<'_>,
    keep_rejected: bool,
) -> anyhow::Result<(Investigation, Profile)> {
    begin(args);
    let mut request = request(args, wish)?;
    request.keep_rejected |= keep_rejected;
    let bar = Bar::new(args.quiet);
    let found = investigate(&request, &bar);
    bar.finish();
    let found = found?;
    tell_failures(args, &found);
    if let Some(path) = &args.rejects {
        let names: Vec<&str> = found.case.inputs.iter().map(|input| input.name.as_str()).collect();
        rejects::write(path, &names, &found.rejected)?;
    }
    Ok((found, request.profile))
}

/// Begins what takes some milliseconds at every start and is not needed before the first row: the table of rule names and
/// the words. It is made beside layouts and plans, where there is another thread.
pub(crate) fn begin(args: &InputArgs) {
    if rayon::current_thread_index().is_some() && rayon::current_num_threads() > 1 {
        let language = args.language.clone().unwrap_or_else(|| ENGLISH.to_owned());
        rayon::spawn(move || {
            ringback_parse::compile_rule_names();
            // What is wrong with the words is told where they are used.
            _ = ringback_template::words(&language);
        });
    }
}

/// Ends a run that wrote its results. What was found is not taken apart: the process ends, and the system takes its memory
/// back at once, where a large case would take a tenth of the run's time piece by piece.
pub(crate) fn end(args: &InputArgs, found: Investigation) -> Outcome {
    let outcome = outcome(args, &found);
    std::mem::forget(found);
    outcome
}

/// The outcome of a run.
fn outcome(args: &InputArgs, found: &Investigation) -> Outcome {
    let worst = found.case.findings.iter().map(|finding| finding.verdict.severity).min();
    if found.case.inputs.len() == found.failed.len() && found.case.accounting.rows == 0 {
        Outcome::Failed
    } else if args.strict && (found.case.accounting.rejected > 0 || !found.failed.is_empty()) {
        Outcome::Rejected
    } else if args.fail_on.is_some_and(|limit| worst.is_some_and(|worst| worst <= limit.severity())) {
        Outcome::SeverityMet
    } else {
        Outcome::Done
    }
}

/// The request that the arguments make.
///
/// # Errors
/// A profile or option that is wrong.
pub(crate) fn request(args: &InputArgs, wish: &Wish<'_>) -> anyhow::Result<Request> {
    let (profile, mut data_files, addresses, profile_layouts, brand) = match &args.profile {
        Some(path) => {
            let loaded = ringback_context::read_profile(path)?;
            (loaded.profile, loaded.data_files, loaded.addresses, loaded.layouts, loaded.brand)
        }
        None => Default::default(),
    };
    let chosen = Chosen::of(&args.layout, &profile_layouts)?;
    let baseline = wish.baseline.map(ringback_context::read_baseline).transpose()?;
    data_files.extend(baseline.as_ref().map(ringback_context::baseline_file));
    data_files.extend(chosen.files.iter().cloned());
    let zone_name = zone_name(args, &profile);
    let zone = zone_name.as_deref().map(zone).transpose()?;
    let shown_zone = zone.clone().unwrap_or(TimeZone::UTC);
    let end =
        |text: &Option<String>, end| text.as_deref().map(|text| instant(text, end, &shown_zone)).transpose();
    let window = Window {
        since: end(&args.since, End::Since).context("--since")?,
        until: end(&args.until, End::Until).context("--until")?,
    };
    Ok(Request {
        paths: args.paths.clone(),
        read: ReadOptions {
            time_zone: zone,
            date_order: args.date_order.map(|order| match order {
                Order::Dmy => DateOrder::DayFirst,
                Order::Mdy => DateOrder::MonthFirst,
            }),
            layouts: chosen.wanted.clone(),
            encoding: args.encoding,
            endpoint: args.endpoint.clone(),
        },
        heading: Heading {
            brand: brand.in_language(language(args, &profile)),
            ..heading(args, &profile, wish, zone_name.as_deref().unwrap_or("UTC"))?
        },
        shown_options: shown_options(args, &chosen, window, zone_name.as_deref()),
        layout_files: chosen.files.clone(),
        layouts: chosen.layouts,
        window,
        profile,
        data_files,
        addresses,
        threads: args.threads,
        hash_inputs: wish.hash_inputs,
        read_again: wish.read_again,
        advise: wish.advise,
        baseline,
        keep_duplicates: args.keep_duplicates,
        keep_rejected: args.rejects.is_some(),
    })
}

fn zone_name(args: &InputArgs, profile: &Profile) -> Option<String> {
    args.time_zone.clone().or_else(|| Some(profile.time_zone.clone()).filter(|zone| !zone.is_empty()))
}

fn zone(name: &str) -> anyhow::Result<TimeZone> {
    TimeZone::get(name).map_err(|_| {
        anyhow!("{name:?} is not a known time zone\nhint: names are those of the IANA database, such as Europe/Berlin or UTC")
    })
}

/// The language of what is written: the option's, else the profile's.
fn language<'a>(args: &'a InputArgs, profile: &'a Profile) -> &'a str {
    let given = args.language.as_deref().unwrap_or(&profile.language);
    if given.is_empty() { ENGLISH } else { given }
}

fn heading(args: &InputArgs, profile: &Profile, wish: &Wish<'_>, zone: &str) -> anyhow::Result<Heading> {
    let language = language(args, profile);
    let title = wish.title.unwrap_or(&profile.report.title);
    Ok(Heading {
        tool: ("Ringback".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        generated_at: Some(clock::now()?),
        language: language.to_owned(),
        title: if title.is_empty() {
            ringback_template::words(language)?.phrase("label.report-title", &[])
        } else {
            title.to_owned()
        },
        author: profile.report.author.clone(),
        tlp: profile.report.tlp.clone(),
        accent: profile.report.accent.clone(),
        client: profile.client.name.clone(),
        brand: Brand::default(),
        time_zone: zone.to_owned(),
    })
}

/// The options that bear on the content. Threads, output and the order of paths do not.
fn shown_options(
    args: &InputArgs,
    chosen: &Chosen,
    window: Window,
    zone: Option<&str>,
) -> Vec<(String, String)> {
    let order = args.date_order.map(|order| match order {
        Order::Dmy => "dmy",
        Order::Mdy => "mdy",
    });
    let shown = [
        ("date-order", order.map(str::to_owned)),
        ("encoding", args.encoding.map(|encoding| encoding.name().to_owned())),
        ("endpoint", args.endpoint.clone()),
        ("keep-duplicates", args.keep_duplicates.then(|| "true".to_owned())),
        ("layout", Some(chosen.wanted.join(", ")).filter(|names| !names.is_empty())),
        ("since", window.since.map(|at| at.to_string())),
        ("time-zone", zone.map(str::to_owned)),
        ("until", window.until.map(|at| at.to_string())),
    ];
    shown.into_iter().filter_map(|(name, value)| value.map(|value| (name.to_owned(), value))).collect()
}

/// Says on standard error what could not be read; with `--quiet` only whole files.
fn tell_failures(args: &InputArgs, found: &Investigation) {
    for (name, error) in &found.failed {
        terminal::error(&format!("{name}: {error}{}", draft_hint(args, found, name)));
    }
    if args.quiet {
        return;
    }
    tell_ignored(args, &found.ignored);
    let accounting = &found.case.accounting;
    for reject in accounting.rejects.iter().filter(|reject| reject.rows > 0) {
        terminal::warning(&rejected(found, reject.reason, reject.rows, reject.places.first()));
    }
    if accounting.rejected > 0 && args.rejects.is_none() {
        terminal::note("hint: --rejects FILE writes every rejected row with its reason and place");
    }
}

/// Names files in folders and archives that were not read; the profile in use is none of them.
pub(crate) fn tell_ignored(args: &InputArgs, ignored: &[PathBuf]) {
    let profile = args.profile.as_ref().and_then(|path| std::fs::canonicalize(path).ok());
    let other = |path: &&PathBuf| profile.is_none() || std::fs::canonicalize(path).ok() != profile;
    let names: Vec<String> = ignored.iter().filter(other).map(|path| path.display().to_string()).collect();
    if names.is_empty() {
        return;
    }
    let shown = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    let more = if names.len() > 3 { ", …" } else { "" };
    let what = if names.len() == 1 { "file that does" } else { "files that do" };
    terminal::warning(&format!(
        "left aside {} {what} not look like an export: {shown}{more}\nhint: name a file itself to have it read",
        names.len()
    ));
}

fn rejected(
    found: &Investigation,
    reason: RejectReason,
    rows: u64,
    first: Option<&ringback_model::Place>,
) -> String {
    let at = first.map_or_else(String::new, |place| {
        let name = found.case.inputs.get(place.source as usize).map_or("", |input| input.name.as_str());
        format!(", first in {name}, record {}, line {}", place.record, place.line)
    });
    let rows_word = if rows == 1 { "row" } else { "rows" };
    format!("{rows} {rows_word} rejected ({reason}){at}")
}
