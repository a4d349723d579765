//! The stories that rows come from. Each knows what its rows mean.

use super::random::Random;
use super::{Fate, Meaning, Row};

/// The stories, a line each; the file says how to read it.
const STORIES: &str = include_str!("stories.txt");

/// The first second of October 2026 in Berlin.
const OCTOBER: i64 = 1_790_805_600;

/// A story: who, with whom, how often, and what it means.
pub(crate) struct Story {
    pub(crate) client: &'static str,
    pub(crate) callback_log: bool,
    hosts: &'static str,
    remotes: &'static str,
    ports: (&'static str, &'static str),
    source: &'static str,
    direction: &'static str,
    process: &'static str,
    rows: u64,
    days: (i64, i64),
    blocked: u64,
    verdict: [&'static str; 5],
    naming: [&'static str; 3],
    severity: (&'static str, &'static str),
    fate: &'static str,
}

/// Every story.
pub(crate) fn stories() -> Vec<Story> {
    let lines = STORIES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| story(line).unwrap_or_else(|| panic!("a story that can not be read: {line}"))).collect()
}

fn story(line: &'static str) -> Option<Story> {
    let cells: Vec<&'static str> = line.split(" | ").map(str::trim).collect();
    let [
        who,
        hosts,
        remotes,
        ports,
        source,
        direction,
        process,
        rows,
        days,
        blocked,
        verdict,
        naming,
        severity,
        fate,
    ] = cells.try_into().ok()?;
    let (client, log) = who.split_once(' ')?;
    let (from, to) = days.split_once('-')?;
    Some(Story {
        client,
        callback_log: log == "cnc",
        hosts,
        remotes,
        ports: ports.split_once('/')?,
        source,
        direction,
        process,
        rows: rows.parse().ok()?,
        days: (from.parse().ok()?, to.parse().ok()?),
        blocked: blocked.parse().ok()?,
        verdict: words(verdict)?,
        naming: words(naming)?,
        severity: severity.split_once('/')?,
        fate: if fate == "+" { "in-findings" } else { fate },
    })
}

fn words<const N: usize>(cell: &'static str) -> Option<[&'static str; N]> {
    cell.split(' ').collect::<Vec<_>>().try_into().ok()
}

impl Story {
    /// The rows of the story.
    pub(crate) fn rows(&self, random: &mut Random) -> Vec<Row> {
        (0..self.rows).map(|_| self.row(random)).collect()
    }

    fn row(&self, random: &mut Random) -> Row {
        let number = random.below(1000);
        let host = counted(self.hosts, number, random);
        let (endpoint, local) = host.split_once('=').expect("a host is NAME=address");
        let blocked = random.percent(self.blocked);
        Row {
            at: self.moment(random),
            endpoint: endpoint.to_owned(),
            user: format!("CORP\\{}", user(endpoint)),
            process: self.process.to_owned(),
            local: local.to_owned(),
            local_port: port(self.ports.0, random),
            remote: counted(self.remotes, random.below(1000), random),
            remote_port: port(self.ports.1, random),
            protocol: "TCP",
            blocked,
            source: self.source.to_owned(),
            direction: self.direction,
            risk: if self.blocked < 50 { "High" } else { "Medium" },
            fate: Fate::Good(self.meaning(blocked), self.fate),
        }
    }

    /// A moment in the story's days, mostly in working hours.
    fn moment(&self, random: &mut Random) -> i64 {
        let days = u64::try_from(self.days.1 - self.days.0 + 1).expect("days run forward");
        let day = self.days.0 - 1 + i64::try_from(random.below(days)).expect("a few days");
        let second =
            if random.percent(80) { 7 * 3600 + random.below(11 * 3600) } else { random.below(86_400) };
        OCTOBER + day * 86_400 + i64::try_from(second).expect("a second of a day")
    }

    fn meaning(&self, blocked: bool) -> Meaning {
        let [origin, basis, scope, scenario, suspect] = self.verdict;
        let [message, threat, list] = self.naming;
        Meaning {
            origin,
            basis,
            scope,
            scenario,
            suspect,
            message,
            threat,
            list,
            result: if blocked { "blocked" } else { "logged" },
            severity: if blocked { self.severity.1 } else { self.severity.0 },
        }
    }
}

/// A pattern with its counters filled in. All counters of a host's name and address go together.
fn counted(pattern: &str, number: u64, random: &mut Random) -> String {
    let together = pattern.contains('=');
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (range, tail) = after.split_once('}').expect("a counter is closed");
        let (from, to) = range.split_once('-').expect("a counter is a range");
        let (from, to): (u64, u64) = (from.parse().expect("a number"), to.parse().expect("a number"));
        let step = if together { number } else { random.below(1000) };
        text += &format!("{before}{}", from + step % (to - from + 1));
        rest = tail;
    }
    text + rest
}

fn port(port: &str, random: &mut Random) -> u16 {
    match port {
        "c" => random.client_port(),
        "-" => 0,
        number => number.parse().expect("a port is a number, c or -"),
    }
}

/// Who works at a host; always the same.
fn user(endpoint: &str) -> &'static str {
    const USERS: [&str; 5] = ["a.becker", "m.tanaka", "j.okafor", "s.lindqvist", "svc_backup"];
    let sum: usize = endpoint.bytes().map(usize::from).sum();
    USERS[sum % USERS.len()]
}
