//! Manifests of packs are read or refused, whatever their bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ringback_report::any_bytes::read_manifest(input));
