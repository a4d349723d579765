//! Whole runs add up, and tell the same for any number of threads and any order of inputs.

#![no_main]

libfuzzer_sys::fuzz_target!(
    // A fault in one input is caught and told of that input: only a panic that gets out, or a difference, counts.
    init: std::panic::set_hook(Box::new(|_| ())),
    |input: &[u8]| ringback_pipeline::any_bytes::investigate_inputs(input)
);
