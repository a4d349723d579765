//! Reports of scanners, catalogues, scans and databases of addresses are read or refused, whatever their bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ringback_context::any_bytes::read_data(input));
