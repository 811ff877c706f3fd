//! JSON bodies from outside: call actions in both dialects, and webhooks as a business reads them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{CallAction, Dialect, webhook};

fuzz_target!(|body: &[u8]| {
    for dialect in [Dialect::Graph, Dialect::D360] {
        if let Err(error) = CallAction::parse(body, dialect) {
            drop(format!("{error:?}"));
        }
    }
    drop(webhook::read(body));
});
