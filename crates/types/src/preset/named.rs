//! The presets that come with the program.

use std::time::Duration;

use super::{
    CallLimits, ConsentLimits, Eligibility, ErrorChoices, HolidayTimes, HoursRules, MessageLimits,
    Preset, ReadLimits, RestrictionKinds, RetrySchedule, ReviewOutcome, SdpRules, TemplateRules,
};
use crate::Country;
use crate::template::RejectReason;

impl Preset {
    /// The names that [`Preset::by_name`] knows.
    pub const NAMES: [&'static str; 3] = ["meta-2026", "meta-sandbox", "seeds-2025"];

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

    /// Meta's numbers as its pages gave them in June 2026. The default.
    #[must_use]
    pub fn meta_2026() -> Self {
        Self {
            name: "meta-2026".to_owned(),
            calls: CALLS,
            sdp: SDP,
            delivery: DELIVERY,
            consent: CONSENT,
            messages: MESSAGES,
            templates: TEMPLATES,
            reads: ReadLimits {
                permission_reads_per_second: 100,
            },
            eligibility: Eligibility {
                excluded_business_countries: countries(&["US", "CA", "EG", "VN", "NG"]),
                no_call_button_countries: Vec::new(),
                messaging_limit_min: 2_000,
                allow_list_max: None,
                restricted_for: DAY.saturating_mul(7),
                messaging_restricted_for: DAY,
                restrictions: RestrictionKinds::Split,
            },
            hours: HOURS,
            errors: ERRORS,
        }
    }

    /// Meta's sandbox and public test numbers: as `meta-2026`, with relaxed limits of consent, no
    /// messaging limit to reach, and a short list of users.
    #[must_use]
    pub fn meta_sandbox() -> Self {
        let meta = Self::meta_2026();
        Self {
            name: "meta-sandbox".to_owned(),
            consent: ConsentLimits {
                requests_per_day: 25,
                requests_per_week: 100,
                nudge_after_unanswered: 5,
                revoke_after_unanswered: 10,
                ..meta.consent
            },
            eligibility: Eligibility {
                messaging_limit_min: 0,
                allow_list_max: Some(5),
                ..meta.eligibility
            },
            ..meta
        }
    }

    /// The numbers and codes of the three documents that Dialtone fulfils, as of November 2025, and
    /// those of Meta where they say nothing.
    ///
    /// Their two requests in 7 days may go out on one day: they know no other rule. How many calls
    /// there are to one permission they do not say; it is what five a day make in 7 days.
    #[must_use]
    pub fn seeds_2025() -> Self {
        let meta = Self::meta_2026();
        Self {
            name: "seeds-2025".to_owned(),
            sdp: SdpRules {
                error_code: 138_014,
                ..meta.sdp
            },
            delivery: RetrySchedule {
                give_up_after: Duration::from_hours(36),
                ..meta.delivery
            },
            consent: ConsentLimits {
                requests_per_day: 2,
                requests_per_week: 2,
                connected_calls_per_day: 5,
                calls_per_permission: Some(35),
                ..meta.consent
            },
            reads: ReadLimits {
                permission_reads_per_second: 5,
            },
            eligibility: Eligibility {
                excluded_business_countries: countries(&["US", "CA", "EG", "VN", "NG", "TR"]),
                restrictions: RestrictionKinds::Combined,
                ..meta.eligibility
            },
            errors: ErrorChoices {
                permission_lapsed: 138_010,
                too_many_requests: 138_011,
                template_whitespace: 132_007,
                ..meta.errors
            },
            ..meta
        }
    }
}

fn countries(letters: &[&str]) -> Vec<Country> {
    letters
        .iter()
        .map(|two| two.parse().expect("two letters"))
        .collect()
}

const DAY: Duration = Duration::from_hours(24);

const CALLS: CallLimits = CallLimits {
    accept_within: Duration::from_secs(60),
    ring_for: Duration::from_secs(60),
    connect_within: Duration::from_secs(20),
    first_media_within: Duration::from_secs(20),
    media_gap_max: Duration::from_secs(30),
    first_sign_within: Duration::from_secs(3),
    concurrent_calls_max: 1_000,
    attempts_per_day_max: 10_000,
};

const SDP: SdpRules = SdpRules {
    several_fingerprints: false,
    ice_lite: false,
    error_code: 100,
};

const DELIVERY: RetrySchedule = RetrySchedule {
    answer_within: Duration::from_secs(20),
    first_wait: Duration::from_secs(1),
    wait_max: Duration::from_hours(1),
    give_up_after: DAY.saturating_mul(7),
    jitter_percent: 20,
};

const CONSENT: ConsentLimits = ConsentLimits {
    requests_per_day: 1,
    requests_per_week: 2,
    temporary_for: DAY.saturating_mul(7),
    request_lives_for: DAY.saturating_mul(7),
    request_waits_for: DAY.saturating_mul(30),
    connected_calls_per_day: 100,
    calls_per_permission: None,
    nudge_after_unanswered: 2,
    revoke_after_unanswered: 4,
    service_window: DAY,
};

const MESSAGES: MessageLimits = MessageLimits {
    per_second: 80,
    pair_every: Duration::from_secs(6),
    pair_burst: 45,
};

/// Approved at once: a test that makes a template and sends it waits for nobody, and the webhook that
/// tells of the approval comes all the same. Meta takes minutes to a day and does not say which.
const TEMPLATES: TemplateRules = TemplateRules {
    names_max: 250,
    creations_per_hour: Some(100),
    edits_per_day: Some(1),
    edits_per_month: Some(10),
    name_held_for: DAY.saturating_mul(30),
    review: ReviewOutcome::Approve,
    review_after: Duration::ZERO,
    rejected_reason: RejectReason::InvalidFormat,
};

const HOURS: HoursRules = HoursRules {
    openings_per_day_max: 2,
    holidays_max: 20,
    holidays: HolidayTimes::Open,
};

const ERRORS: ErrorChoices = ErrorChoices {
    permission_lapsed: 138_006,
    calls_per_permission: 138_010,
    too_many_requests: 138_009,
    request_outside_window: 138_011,
    restricted: 138_014,
    template_whitespace: 132_018,
};
