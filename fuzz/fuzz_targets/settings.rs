//! Profiles, layouts, manifests of packs and answers of reporters are read, or refused with what is wrong and where.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    // Each corpus has a plain test beside its reader; the first byte tells which of them is meant here.
    match input.split_first() {
        Some((b'l', rest)) => ringback_parse::any_bytes::read_layout(rest),
        Some((b'p', rest)) => ringback_context::any_bytes::read_profile(rest),
        Some((b'm', rest)) => ringback_report::any_bytes::read_manifest(rest),
        Some((b'a', rest)) => ringback_report::any_bytes::read_answer(rest),
        _ => (),
    }
});
