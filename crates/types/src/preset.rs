//! Dated sets of the platform's limits and timers.
//!
//! Meta changes its numbers over time and the documents disagree, so no rule holds a number of its
//! own: it asks the preset.

use std::time::Duration;

/// The numbers that one exchange lives by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// What the configuration calls it, such as `meta-2026`.
    pub name: String,
    /// The timers and limits of calls.
    pub calls: CallLimits,
    /// What a session description may contain.
    pub sdp: SdpRules,
    /// How webhooks are retried.
    pub delivery: RetrySchedule,
}

/// Timers and limits of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallLimits {
    /// A user's call: how long the business has to accept after the connect webhook (`wire.md` 1.4).
    pub accept_within: Duration,
    /// A business's call: how long the user's phone rings (not documented by Meta, `wire.md` 14).
    pub ring_for: Duration,
    /// From the moment that media may pass (accept or pickup) to ICE and DTLS of the business's leg
    /// being up; else 138007.
    pub connect_within: Duration,
    /// How long the start of a call may go without media from the business; else 138021
    /// (`wire.md` 7.4).
    pub first_media_within: Duration,
    /// How long a running call may go without media from the business; else 138021.
    pub media_gap_max: Duration,
    /// Calls of one business number at one time; one more is 138002.
    pub concurrent_calls_max: u32,
    /// Attempts of one business number to place calls in 24 hours; one more is 138005.
    pub attempts_per_day_max: u32,
}

/// What a session description of the business may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SdpRules {
    /// Whether several `a=fingerprint` lines are taken; Meta refuses them (`wire.md` 7.1).
    pub several_fingerprints: bool,
    /// Whether `a=ice-lite` is taken. The platform is ICE-lite itself, and one of the two has to
    /// start the checks.
    pub ice_lite: bool,
    /// The error code for a session description that breaks a rule: 100 by Meta's documents, 138008
    /// as seen live (`wire.md` 13.2).
    pub error_code: u32,
}

/// When a webhook that was not taken is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetrySchedule {
    /// How long a receiver may take to answer.
    pub answer_within: Duration,
    /// The wait after the first failure; each further one doubles it.
    pub first_wait: Duration,
    /// The longest wait between two attempts.
    pub wait_max: Duration,
    /// How long after the event the platform keeps trying (`wire.md` 5.1).
    pub give_up_after: Duration,
    /// The part of a wait that chance may add or take away, in percent.
    pub jitter_percent: u32,
}

impl Preset {
    /// Meta's numbers as its pages gave them in June 2026. The default.
    #[must_use]
    pub fn meta_2026() -> Self {
        Self {
            name: "meta-2026".to_owned(),
            calls: CallLimits {
                accept_within: Duration::from_secs(60),
                ring_for: Duration::from_secs(60),
                connect_within: Duration::from_secs(20),
                first_media_within: Duration::from_secs(20),
                media_gap_max: Duration::from_secs(30),
                concurrent_calls_max: 1_000,
                attempts_per_day_max: 10_000,
            },
            sdp: SdpRules {
                several_fingerprints: false,
                ice_lite: false,
                error_code: 100,
            },
            delivery: RetrySchedule {
                answer_within: Duration::from_secs(20),
                first_wait: Duration::from_secs(1),
                wait_max: Duration::from_hours(1),
                give_up_after: Duration::from_hours(7 * 24),
                jitter_percent: 20,
            },
        }
    }

    /// Meta's sandbox: as `meta-2026`, with relaxed limits of consent.
    #[must_use]
    pub fn meta_sandbox() -> Self {
        Self {
            name: "meta-sandbox".to_owned(),
            ..Self::meta_2026()
        }
    }

    /// The numbers of the three documents that Dialtone fulfils, as of November 2025.
    #[must_use]
    pub fn seeds_2025() -> Self {
        let meta = Self::meta_2026();
        Self {
            name: "seeds-2025".to_owned(),
            delivery: RetrySchedule {
                give_up_after: Duration::from_hours(36),
                ..meta.delivery
            },
            ..meta
        }
    }

    /// The preset of that name, if there is one.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "meta-2026" => Some(Self::meta_2026()),
            "meta-sandbox" => Some(Self::meta_sandbox()),
            "seeds-2025" => Some(Self::seeds_2025()),
            _ => None,
        }
    }

    /// The names that [`Preset::by_name`] knows.
    pub const NAMES: [&'static str; 3] = ["meta-2026", "meta-sandbox", "seeds-2025"];
}

impl Default for Preset {
    fn default() -> Self {
        Self::meta_2026()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_known() {
        for name in Preset::NAMES {
            assert_eq!(Preset::by_name(name).expect(name).name, name);
        }
        assert_eq!(Preset::by_name("meta-2019"), None);
    }
}
