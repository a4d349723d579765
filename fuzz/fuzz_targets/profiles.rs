//! Profiles are read or refused with a place for each mistake, whatever their bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ringback_context::any_bytes::read_profile(input));
