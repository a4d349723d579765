//! Rows by their marks and in few steps are those that the reference and the slower reader tell.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ringback_parse::differential::hold_to_reference(input));
