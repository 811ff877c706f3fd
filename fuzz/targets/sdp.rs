//! Session descriptions: read or refused, never a panic, never a hang.

#![no_main]

use libfuzzer_sys::fuzz_target;
use types::Preset;
use types::preset::SdpRules;
use wire::sdp::SessionDescription;

fuzz_target!(|text: &str| {
    let strict = Preset::meta_2026().sdp;
    let lenient = SdpRules {
        several_fingerprints: true,
        ice_lite: true,
        ..strict
    };
    for rules in [strict, lenient] {
        for read in [
            SessionDescription::offer(text, &rules),
            SessionDescription::answer(text, &rules, Some(META_OFFER)),
            SessionDescription::answer(META_OFFER, &rules, Some(text)),
        ] {
            match read {
                Ok(description) => drop(description.digest()),
                Err(fault) => drop(fault.to_string()),
            }
        }
    }
});

const META_OFFER: &str = include_str!("../../crates/wire/src/sdp/fixtures/meta_offer.sdp");
