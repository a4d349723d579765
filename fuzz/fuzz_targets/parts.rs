//! Files of parts are read or refused, and what is read can be written.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ringback_tally::any_bytes::read_part(input));
