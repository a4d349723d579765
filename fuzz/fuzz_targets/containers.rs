//! Containers are opened within their limits or refused, whatever their bytes.

#![no_main]

libfuzzer_sys::fuzz_target!(
    // The library that reads workbooks may panic, which is caught where it is called: only a panic that gets out counts.
    init: std::panic::set_hook(Box::new(|_| ())),
    |input: &[u8]| ringback_parse::any_bytes::open_container(input)
);
