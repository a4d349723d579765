//! Earlier reports are read or refused, whatever their bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ringback_context::any_bytes::read_baseline(input));
