//! Noise for the reader of messages: whatever comes, it is read or refused, and never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{Dialect, MessageRequest};

fuzz_target!(|body: &[u8]| {
    for dialect in [Dialect::Graph, Dialect::D360] {
        if let Err(refusal) = MessageRequest::parse(body, dialect) {
            assert!(!refusal.details.is_empty());
        }
    }
});
