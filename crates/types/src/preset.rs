//! Dated sets of the platform's limits and timers.
//!
//! Meta changes its numbers over time and the documents disagree, so no rule holds a number of its
//! own: it asks the preset. Three come with the program; any other is one of them with some of its
//! [settings](Preset::SETTINGS) changed.

mod named;
mod settings;

use std::time::Duration;

use crate::Country;
use crate::template::RejectReason;

pub use settings::{Setting, SettingFault, Value};

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
    /// What users allow, how often they may be asked, and when it ends.
    pub consent: ConsentLimits,
    /// Messages.
    pub messages: MessageLimits,
    /// Message templates, and what comes of their reviews.
    pub templates: TemplateRules,
    /// How often the API may be asked.
    pub reads: ReadLimits,
    /// What a business number must be to call.
    pub eligibility: Eligibility,
    /// Business hours for calls.
    pub hours: HoursRules,
    /// The codes on which sources disagree.
    pub errors: ErrorChoices,
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
    /// How soon after accept or pickup a call may be hung up without a sound from the business and
    /// still be a call that ran its course; later it is 138023. Meta names no time.
    pub first_sign_within: Duration,
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

/// Consent of one user to the calls of one business number (`wire.md` 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentLimits {
    /// Call permission requests in any 24 hours.
    pub requests_per_day: u32,
    /// Call permission requests in any 7 days.
    pub requests_per_week: u32,
    /// How long a temporary permission lasts, from the user's approval.
    pub temporary_for: Duration,
    /// How long a request can be answered after its delivery, and its answer be changed after the
    /// first one.
    pub request_lives_for: Duration,
    /// How long a request waits for a phone that is not online (not documented for calls; the time
    /// after which WhatsApp drops any message that it could not deliver).
    pub request_waits_for: Duration,
    /// Connected calls of the business in any 24 hours; one more is 138012.
    pub connected_calls_per_day: u32,
    /// Calls of the business during one temporary permission, connected or not, if they are counted.
    pub calls_per_permission: Option<u32>,
    /// After how many calls in a row that were not taken the user is asked to think again; 0 is never.
    pub nudge_after_unanswered: u32,
    /// After how many calls in a row that were not taken the permission is revoked; 0 is never.
    pub revoke_after_unanswered: u32,
    /// How long the customer-service window stays open after the user was last heard of (`wire.md`
    /// 10.1).
    pub service_window: Duration,
}

/// How many messages may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageLimits {
    /// Messages of one business number in a second; one more is 130429.
    pub per_second: u32,
    /// In the long run, a business number may send a user one message in this time; else 131056.
    pub pair_every: Duration,
    /// Messages that a business number may send a user at once, borrowed from the time after.
    pub pair_burst: u32,
}

/// How many templates an account may have, and how they are reviewed (`wire.md` 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplateRules {
    /// Names of templates that one account may have; the languages of one name count once.
    pub names_max: u32,
    /// Templates that one account may make in an hour, if they are counted; one more is 80008.
    pub creations_per_hour: Option<u32>,
    /// Edits of one approved template in any 24 hours, if they are counted.
    pub edits_per_day: Option<u32>,
    /// Edits of one approved template in any 30 days, if they are counted.
    pub edits_per_month: Option<u32>,
    /// How long the name of an approved template that was removed cannot be used again.
    pub name_held_for: Duration,
    /// What a review comes to.
    pub review: ReviewOutcome,
    /// How long a review takes.
    pub review_after: Duration,
    /// Why templates are rejected, where they are.
    pub rejected_reason: RejectReason,
}

/// What the review of a template comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewOutcome {
    /// It is approved.
    Approve,
    /// It waits until somebody decides over the control API.
    Wait,
    /// It is rejected.
    Reject,
}

/// How often the API may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadLimits {
    /// Reads of call permissions in a second; one more is 613 (`wire.md` 2).
    pub permission_reads_per_second: u32,
}

/// What a business number must be to call (`wire.md` 4.1, 11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// Countries whose business numbers may not call users: 138013.
    pub excluded_business_countries: Vec<Country>,
    /// Countries whose business numbers may not send call buttons: 131009. Meta's pages say that there
    /// are such, and not which.
    pub no_call_button_countries: Vec<Country>,
    /// The messaging limit without which calling cannot be enabled: 138015.
    pub messaging_limit_min: u32,
    /// How many users a number may call and message, if it is one for tests: others are 131030.
    pub allow_list_max: Option<u32>,
    /// How long calling is suspended for low quality.
    pub restricted_for: Duration,
    /// How long messaging is restricted for a breach of policy.
    pub messaging_restricted_for: Duration,
    /// How finely calling is suspended.
    pub restrictions: RestrictionKinds,
}

/// How finely calling is suspended for low quality, and what the suspensions are called (`wire.md`
/// 4.2, 4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestrictionKinds {
    /// Each direction by itself, and the call button, as Meta's pages say in 2026.
    Split,
    /// Both directions together, and the settings of calls with them, as they said in 2025.
    Combined,
}

/// What business hours for calls may be, and how they are read (`wire.md` 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoursRules {
    /// Entries for one day of the week.
    pub openings_per_day_max: u32,
    /// Entries for single dates.
    pub holidays_max: u32,
    /// What the times of such an entry say.
    pub holidays: HolidayTimes,
}

/// What the times of an entry of the holiday schedule say. Meta's pages do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolidayTimes {
    /// When the business is open on that date, in place of the weekly hours. So does the reference
    /// of AWS End User Messaging Social, which hands them to Meta, describe them.
    Open,
    /// When the business is closed on that date, whatever the weekly hours. So does Meta's one
    /// sample look, New Year's Day from 0000 to 2359.
    Closed,
}

/// The codes of situations on which sources disagree (`wire.md` 6.1, 13). What is wrong with a
/// session description has its code in [`SdpRules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorChoices {
    /// A call after the permission, or the request for it, ran out. Meta knows only that there is
    /// none, 138006; 360dialog's page on outbound calls says 138010.
    pub permission_lapsed: u32,
    /// A call beyond those of one temporary permission: 138010 by 360dialog's page on inbound calls.
    pub calls_per_permission: u32,
    /// One call permission request too many. Meta and 360dialog's page on inbound calls say 138009,
    /// its page on outbound calls 138011.
    pub too_many_requests: u32,
    /// A free-form call permission request without an open window: 138011 by 360dialog's page on
    /// inbound calls; gone from Meta's table.
    pub request_outside_window: u32,
    /// A call while calling is suspended for low quality: 138014.
    pub restricted: u32,
    /// A line break, a tab or a row of spaces in what stands for a template's variable: 132018, as
    /// Meta's page on template management says from v23.0 of the API on; before, 132007 fitted best.
    pub template_whitespace: u32,
}

impl Preset {
    /// The preset `base` under the name `name`, to be changed by [`Preset::set`].
    #[must_use]
    pub fn based_on(base: &Self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..base.clone()
        }
    }
}

impl Default for Preset {
    fn default() -> Self {
        Self::meta_2026()
    }
}

#[cfg(test)]
mod tests;
