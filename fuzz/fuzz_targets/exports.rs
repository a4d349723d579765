//! Exports in every layout are read alike in every way: whole, in parts, with a survey, step by step.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ringback_parse::any_bytes::read_export(input));
