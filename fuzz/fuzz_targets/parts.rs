//! Counts on disk are read or refused, whatever their bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ringback_tally::part::read_any_bytes(input));
