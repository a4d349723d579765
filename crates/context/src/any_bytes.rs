//! What must hold whatever the bytes are: of profiles and of the files that they name. For tests and for fuzzing.

use crate::{
    AddressDatabase, ProfileError, parse_baseline, parse_known_exploited, parse_profile, parse_scan,
    parse_vulnerabilities,
};
use ringback_model::profile::HostMatch;

/// Holds the readers of what a profile names to what must hold for any bytes: they read them or refuse them with something said, in the same way
/// each time.
///
/// # Panics
/// Where that does not hold.
pub fn read_data(bytes: &[u8]) {
    let host = HostMatch::Name("web01".to_owned());
    for hosts in [None, Some(&host)] {
        let read = parse_vulnerabilities(bytes, hosts);
        assert_eq!(read, parse_vulnerabilities(bytes, hosts));
        match read {
            Ok(report) => assert!(report.records.used <= report.records.all),
            Err(fault) => assert!(!fault.what.is_empty()),
        }
    }
    if let Err(fault) = parse_known_exploited(bytes) {
        assert!(!fault.what.is_empty());
    }
    match AddressDatabase::open(bytes.to_vec()) {
        Ok(database) => {
            for address in ["0.0.0.0", "1.2.3.4", "255.255.255.255", "::", "2001:db8::1", "ffff::ffff"] {
                let address = address.parse().expect("an address");
                // A database that was opened may still refuse a record, and says why.
                if let Err(fault) = database.facts(address, "de") {
                    assert!(!fault.what.is_empty());
                }
            }
        }
        Err(fault) => assert!(!fault.what.is_empty()),
    }
    match parse_scan(bytes) {
        Ok(scan) => assert!(scan.records.used <= scan.records.all && scan.open.is_sorted()),
        Err(fault) => assert!(!fault.what.is_empty()),
    }
}

/// A profile is read, the same way each time, or refused with what is wrong and where.
///
/// # Panics
/// Where that does not hold.
pub fn read_profile(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.split('\n').count();
    match (parse_profile(&text, "profile"), parse_profile(&text, "profile")) {
        (Ok(profile), Ok(again)) => assert_eq!(format!("{profile:?}"), format!("{again:?}")),
        (Err(ProfileError::Content { problems, .. }), Err(again)) => {
            assert!(!problems.is_empty() && problems.is_sorted());
            for problem in &problems {
                assert!(!problem.what.is_empty() && problem.column > 0);
                assert!((1..=lines).contains(&problem.line), "{problem} of {lines} lines");
            }
            let told = ProfileError::Content { name: "profile".to_owned(), problems };
            assert_eq!(told.to_string(), again.to_string());
        }
        (one, other) => panic!("{one:?} and {other:?}: nothing else can come of the text of a profile"),
    }
}

/// An earlier report is read, the same way each time, or refused with something said.
///
/// # Panics
/// Where that does not hold.
pub fn read_baseline(bytes: &[u8]) {
    match (parse_baseline(bytes), parse_baseline(bytes)) {
        (Ok(one), Ok(again)) => {
            assert_eq!((&one.about, &one.findings), (&again.about, &again.findings));
            assert!(one.findings.len() + one.incidents.len() <= bytes.len());
        }
        (Err(one), Err(again)) => assert!(one == again && !one.what.is_empty()),
        (one, other) => panic!("{one:?} and {other:?}: the same bytes are read the same way"),
    }
}

#[cfg(test)]
#[path = "../../../fuzz/replay.rs"]
mod replay;

#[cfg(test)]
mod tests {
    use super::replay::replay;
    use super::*;

    /// Survives: the corpus of the fuzz target `context` | every file is read or refused, in the same way each time
    #[test]
    fn the_corpus_of_data_is_read_or_refused() {
        replay("context", b"", read_data);
    }

    /// Survives: the corpus of the fuzz target `baseline` | every earlier report is read or refused, in the same way each time
    #[test]
    fn the_corpus_of_earlier_reports_is_read_or_refused() {
        replay("baseline", b"", read_baseline);
    }

    /// Survives: profiles in the corpus of the fuzz target `settings` | each is read, or refused with a place for each mistake
    #[test]
    fn the_corpus_of_profiles_is_read_or_refused() {
        replay("settings", b"p", read_profile);
    }
}
