//! What the API tells of a call: its story, line by line, and how it stands.

use media::LegStats;
use serde::{Deserialize, Serialize};
use store::inbox::{CallRow, EventRow};
use utoipa::ToSchema;

use crate::call::{Ending, News};
use crate::handlers::HandlerSpec;

/// Something that happened on a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StoryEvent {
    /// The gateway knows of the call from now on.
    Began {
        /// `USER_INITIATED` or `BUSINESS_INITIATED`.
        direction: String,
    },
    /// The platform has the call, under this id.
    Placed {
        /// The platform's id.
        call_id: String,
    },
    /// ICE and DTLS are through.
    Connected,
    /// The user's phone rings.
    Ringing,
    /// The call is answered: the gateway accepted it, or the user picked up.
    Answered,
    /// The user pressed a key.
    Digit {
        /// `0` to `9`, `*`, `#`, `A` to `D`.
        digit: char,
    },
    /// The call is over; nothing follows.
    Ended {
        /// What became of it.
        outcome: String,
        /// Whose doing the end was: `nobody`, `user`, `business`, `platform`, `network`.
        blame: String,
        /// The platform's error code, if it gave one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u32>,
        /// The reason, if one was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// How long it was answered, in milliseconds.
        talked_ms: u64,
    },
}

/// One line of a call's story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoryLine {
    /// Its place in the order of all lines of all calls.
    pub number: u64,
    /// The call: the gateway's reference.
    pub call: String,
    /// When it happened, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: StoryEvent,
}

/// A call as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallView {
    /// The gateway's name for the call.
    pub reference: String,
    /// The platform's id, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// `USER_INITIATED` or `BUSINESS_INITIATED`.
    pub direction: String,
    /// The business number.
    pub phone_number_id: String,
    /// The user: a number, or a business-scoped user id.
    pub peer: String,
    /// The user's profile name, if the platform told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer_name: Option<String>,
    /// What deals with the audio.
    pub handler: HandlerSpec,
    /// What was given with the request to place the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_data: Option<String>,
    /// `dialling`, `calling`, `ringing`, `answering`, `talking`, `ending` or `ended`.
    pub phase: String,
    /// When the gateway first knew of it, in milliseconds since the Unix epoch.
    pub started_ms: u64,
    /// When it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_ms: Option<u64>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_ms: Option<u64>,
    /// What became of it: `hung_up`, `not_answered`, `declined`, `cancelled`, `busy`, `too_late`,
    /// `no_permission`, `refused`, `unclear`, `failed`, `no_media`, `media_failed` or `lost`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Whose doing the end was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blame: Option<String>,
    /// The platform's error code, if it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<u32>,
    /// The reason, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The keys that the user pressed, in order.
    pub digits: String,
    /// Whether a recording can be fetched.
    pub recorded: bool,
    /// The leg's counts, once it is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistics: Option<Counts>,
}

/// What a leg counted, seen from the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// RTP packets of the user that arrived.
    pub packets_received: u64,
    /// Their payloads, in bytes.
    pub bytes_received: u64,
    /// RTP packets of the user that never came.
    pub packets_lost: u64,
    /// The variation of their travel time, in microseconds.
    pub jitter_us: u64,
    /// RTP packets that were sent.
    pub packets_sent: u64,
    /// Their payloads, in bytes.
    pub bytes_sent: u64,
    /// Packets that the peer says it missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packets_lost_by_peer: Option<u64>,
    /// The round trip, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_trip_us: Option<u64>,
}

impl StoryEvent {
    /// Whether it is the last line of a story.
    #[must_use]
    pub const fn is_end(&self) -> bool {
        matches!(self, Self::Ended { .. })
    }
}

impl From<&News> for StoryEvent {
    fn from(news: &News) -> Self {
        match news {
            News::Answered => Self::Answered,
            News::Connected => Self::Connected,
            News::Ringing => Self::Ringing,
            News::Placed(id) => Self::Placed {
                call_id: id.as_str().to_owned(),
            },
            News::Ended(Ending {
                outcome,
                blame,
                reason,
                talked,
            }) => Self::Ended {
                outcome: outcome.as_str().to_owned(),
                blame: blame.as_str().to_owned(),
                code: reason.as_ref().and_then(|reason| reason.code),
                reason: reason.as_ref().map(|reason| reason.text.clone()),
                talked_ms: u64::try_from(talked.as_millis()).unwrap_or(u64::MAX),
            },
        }
    }
}

impl StoryLine {
    /// A line as its row holds it; none if the row holds what this version does not know.
    pub(crate) fn from_row(row: &EventRow) -> Option<Self> {
        Some(Self {
            number: row.number,
            call: row.reference.clone(),
            at_ms: row.at.as_millis(),
            event: serde_json::from_str(&row.event).ok()?,
        })
    }
}

impl From<CallRow> for CallView {
    fn from(row: CallRow) -> Self {
        Self {
            reference: row.reference,
            call_id: row.call_id.map(|id| id.as_str().to_owned()),
            direction: row.direction.as_str().to_owned(),
            phone_number_id: row.phone_number_id.as_str().to_owned(),
            peer: row.peer,
            peer_name: row.peer_name,
            handler: serde_json::from_str(&row.handler).unwrap_or_default(),
            callback_data: row.callback_data,
            phase: row.phase,
            started_ms: row.started.as_millis(),
            answered_ms: row.answered.map(types::Timestamp::as_millis),
            ended_ms: row.ended.map(types::Timestamp::as_millis),
            outcome: row.outcome,
            blame: row.blame,
            reason_code: row.reason_code,
            reason: row.reason,
            digits: row.digits,
            recorded: row.recording.is_some() && row.answered.is_some(),
            statistics: row
                .statistics
                .and_then(|counts| serde_json::from_str(&counts).ok()),
        }
    }
}

impl From<&LegStats> for Counts {
    fn from(stats: &LegStats) -> Self {
        let micros = |it: std::time::Duration| u64::try_from(it.as_micros()).unwrap_or(u64::MAX);
        Self {
            packets_received: stats.packets_received,
            bytes_received: stats.bytes_received,
            packets_lost: stats.packets_lost,
            jitter_us: micros(stats.jitter),
            packets_sent: stats.packets_sent,
            bytes_sent: stats.bytes_sent,
            packets_lost_by_peer: stats.packets_lost_by_peer,
            round_trip_us: stats.round_trip.map(micros),
        }
    }
}
