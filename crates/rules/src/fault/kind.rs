//! Everything that can be made to go wrong, each with what it needs to know, and where it bites.

use std::time::Duration;

use types::Direction;

use super::{Operation, Point};
use crate::call::EndReason;
use crate::message::Failure;

/// What is to go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A request to the API is refused with a code of the error table, before anything is done.
    RefuseApi {
        /// The code.
        code: u32,
    },
    /// A webhook is never sent.
    DropWebhook,
    /// A webhook is sent so much later.
    DelayWebhook {
        /// How much.
        by: Duration,
    },
    /// A webhook is sent twice.
    DoubleWebhook,
    /// A webhook of a call is held back until a later one of the same call has been sent.
    ReorderWebhooks {
        /// Which one, such as `terminate`; none is whichever comes next.
        behind: Option<String>,
    },
    /// The answer to `connect` leaves only after the connect webhook was sent.
    WebhookBeforeResponse,
    /// A call rings for this long and no longer.
    RingFor {
        /// How long.
        time: Duration,
    },
    /// A call ends with an error, as it would by a cause outside.
    FailCall {
        /// The end.
        reason: EndReason,
        /// The moment.
        when: When,
    },
    /// A message that is taken fails later, as it would by a cause outside.
    FailMessage {
        /// Why.
        failure: Failure,
        /// The moment.
        when: Sending,
    },
    /// The business has no valid payment method.
    PaymentMissing,
    /// The business number is restricted for low quality, from a request on.
    RestrictAccount {
        /// The calls that are restricted; both directions if none is named.
        direction: Option<Direction>,
        /// How long; the preset's time if none is named.
        time: Option<Duration>,
    },
    /// The user takes back what they have allowed.
    RevokePermission {
        /// The moment.
        when: When,
    },
    /// No media passes between the legs, which live on otherwise.
    NoMedia,
    /// The audio of one party does not reach the other.
    OneWayAudio {
        /// Who is not heard.
        silent: Party,
    },
    /// The network of one party's leg loses and delays datagrams.
    Network {
        /// Whose leg.
        leg: Party,
        /// Which way.
        toward: Toward,
        /// How many of a thousand datagrams are lost.
        loss_permille: u32,
        /// How much later each one comes.
        delay: Duration,
        /// How much later still it may come, by chance.
        jitter: Duration,
    },
    /// The connectivity checks of one party's leg are not answered.
    IceBlackhole {
        /// Whose leg.
        leg: Party,
    },
    /// One party's leg is taken for connected and its media for heard, whatever comes: for a client
    /// that signals and brings no media.
    AssumeMedia {
        /// Whose leg.
        leg: Party,
    },
}

/// The moment in a call's life at which a fault bites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// When a business asks for a call, before anything is looked at.
    BeforeCall,
    /// When a call is placed, before it rings.
    BeforeRinging,
    /// When it rings: on a phone, or at a business that has pre-accepted.
    WhileRinging,
    /// When it was accepted or picked up.
    AfterPickup,
}

/// The moment in a message's life at which it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sending {
    /// Before its business has heard that it was sent: it hears of the failure alone.
    Before,
    /// After its business has heard so.
    After,
}

/// One of the two who are in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The user with their phone.
    User,
    /// The business.
    Business,
}

/// Which way datagrams go on a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Toward {
    /// From the party to the exchange.
    Exchange,
    /// From the exchange to the party.
    Party,
    /// Both.
    Both,
}

impl Fault {
    /// One lower-case word for its kind, for rows, events and the control API; never changed.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::RefuseApi { .. } => "refuse_api",
            Self::DropWebhook => "drop_webhook",
            Self::DelayWebhook { .. } => "delay_webhook",
            Self::DoubleWebhook => "double_webhook",
            Self::ReorderWebhooks { .. } => "reorder_webhooks",
            Self::WebhookBeforeResponse => "webhook_before_response",
            Self::RingFor { .. } => "ring_for",
            Self::FailCall { .. } => "fail_call",
            Self::FailMessage { .. } => "fail_message",
            Self::PaymentMissing => "payment_missing",
            Self::RestrictAccount { .. } => "restrict_account",
            Self::RevokePermission { .. } => "revoke_permission",
            Self::NoMedia => "no_media",
            Self::OneWayAudio { .. } => "one_way_audio",
            Self::Network { .. } => "network",
            Self::IceBlackhole { .. } => "ice_blackhole",
            Self::AssumeMedia { .. } => "assume_media",
        }
    }

    /// Whether it can fire at such a point at all.
    #[must_use]
    pub fn bites(&self, point: Point<'_>) -> bool {
        match self {
            Self::RefuseApi { .. } | Self::RestrictAccount { .. } => {
                matches!(point, Point::Request(_))
            }
            Self::DropWebhook
            | Self::DelayWebhook { .. }
            | Self::DoubleWebhook
            | Self::ReorderWebhooks { .. } => matches!(point, Point::Webhook(_)),
            Self::WebhookBeforeResponse => point == Point::Reply,
            Self::FailCall { when, .. } | Self::RevokePermission { when } => when.is(point),
            Self::FailMessage { failure, .. } => match (failure.outside(), point) {
                (Some(strikes), Point::Sending(kind)) => kind.is_struck_by(strikes),
                _ => false,
            },
            Self::AssumeMedia { .. } => matches!(point, Point::Answered(_)),
            Self::PaymentMissing => matches!(
                point,
                Point::Request(Operation::Connect | Operation::Messages)
                    | Point::Placing(Direction::UserInitiated)
            ),
            Self::RingFor { .. }
            | Self::NoMedia
            | Self::OneWayAudio { .. }
            | Self::Network { .. }
            | Self::IceBlackhole { .. } => matches!(point, Point::Placing(_)),
        }
    }
}

impl When {
    /// Every moment there is.
    pub const ALL: [Self; 4] = [
        Self::BeforeCall,
        Self::BeforeRinging,
        Self::WhileRinging,
        Self::AfterPickup,
    ];

    fn is(self, point: Point<'_>) -> bool {
        match self {
            Self::BeforeCall => point == Point::Request(Operation::Connect),
            Self::BeforeRinging => matches!(point, Point::Placing(_)),
            Self::WhileRinging => matches!(point, Point::Ringing(_)),
            Self::AfterPickup => matches!(point, Point::Answered(_)),
        }
    }
}
