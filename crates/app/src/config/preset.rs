//! The preset by name, and what of it the configuration changes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use types::Preset;

use crate::failure::Failure;
use crate::suggest::did_you_mean;

/// A preset, with the numbers that differ from it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PresetChoice {
    /// One of [`Preset::NAMES`].
    pub name: String,
    /// In place of `calls.accept_within`, in milliseconds.
    pub accept_within_ms: Option<u64>,
    /// In place of `calls.ring_for`, in milliseconds.
    pub ring_for_ms: Option<u64>,
    /// In place of `calls.connect_within`, in milliseconds.
    pub connect_within_ms: Option<u64>,
    /// In place of `calls.first_media_within`, in milliseconds.
    pub first_media_within_ms: Option<u64>,
    /// In place of `calls.media_gap_max`, in milliseconds.
    pub media_gap_ms_max: Option<u64>,
    /// In place of `calls.concurrent_calls_max`.
    pub concurrent_calls_max: Option<u32>,
    /// In place of `calls.attempts_per_day_max`.
    pub attempts_per_day_max: Option<u32>,
    /// In place of `sdp.several_fingerprints`.
    pub several_fingerprints: Option<bool>,
    /// In place of `sdp.error_code`.
    pub sdp_error_code: Option<u32>,
    /// In place of `delivery.first_wait`, in milliseconds.
    pub webhook_first_wait_ms: Option<u64>,
    /// In place of `delivery.give_up_after`, in milliseconds.
    pub webhook_give_up_after_ms: Option<u64>,
}

impl Default for PresetChoice {
    fn default() -> Self {
        Self {
            name: Preset::default().name,
            accept_within_ms: None,
            ring_for_ms: None,
            connect_within_ms: None,
            first_media_within_ms: None,
            media_gap_ms_max: None,
            concurrent_calls_max: None,
            attempts_per_day_max: None,
            several_fingerprints: None,
            sdp_error_code: None,
            webhook_first_wait_ms: None,
            webhook_give_up_after_ms: None,
        }
    }
}

impl PresetChoice {
    /// The preset with these changes.
    ///
    /// # Errors
    ///
    /// When there is none of that name.
    pub fn preset(&self) -> Result<Preset, Failure> {
        let mut preset = Preset::by_name(&self.name).ok_or_else(|| {
            Failure::configuration(format!(
                "preset.name: there is no preset `{}`{}",
                self.name,
                did_you_mean(&self.name, Preset::NAMES)
            ))
        })?;
        let set = |into: &mut Duration, ms: Option<u64>| {
            if let Some(ms) = ms {
                *into = Duration::from_millis(ms);
            }
        };
        let calls = &mut preset.calls;
        set(&mut calls.accept_within, self.accept_within_ms);
        set(&mut calls.ring_for, self.ring_for_ms);
        set(&mut calls.connect_within, self.connect_within_ms);
        set(&mut calls.first_media_within, self.first_media_within_ms);
        set(&mut calls.media_gap_max, self.media_gap_ms_max);
        let delivery = &mut preset.delivery;
        set(&mut delivery.first_wait, self.webhook_first_wait_ms);
        set(&mut delivery.give_up_after, self.webhook_give_up_after_ms);
        let or = |number: u32, other: Option<u32>| other.unwrap_or(number);
        calls.concurrent_calls_max = or(calls.concurrent_calls_max, self.concurrent_calls_max);
        calls.attempts_per_day_max = or(calls.attempts_per_day_max, self.attempts_per_day_max);
        preset.sdp.error_code = or(preset.sdp.error_code, self.sdp_error_code);
        if let Some(several) = self.several_fingerprints {
            preset.sdp.several_fingerprints = several;
        }
        Ok(preset)
    }
}
