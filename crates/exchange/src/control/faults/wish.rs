//! A fault as the control API takes and shows it: one object, whose keys depend on its kind.

use serde::{Deserialize, Serialize};
use types::{Direction, PhoneNumberId, WaId};
use utoipa::ToSchema;

/// A fault to arm. Which keys belong to it depends on `kind`; a key that means nothing to it is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "refuse_api", "code": 138004, "operation": "connect", "times": {"next": 2}
}))]
pub(super) struct NewFault {
    /// What is to go wrong.
    pub(super) kind: Kind,
    /// `refuse_api`: the code to answer with, any of the table. `fail_call` and `fail_message`:
    /// the code to end with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<u32>,
    /// `delay_webhook`: how much later, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) by_ms: Option<u64>,
    /// `reorder_webhooks`: behind which event of the same call, such as `terminate`; behind the next
    /// one if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) behind: Option<String>,
    /// `ring_for`: how long, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ms: Option<u64>,
    /// `fail_call` and `revoke_permission`: the moment; `after_pickup` if left out. `fail_message`:
    /// `before_sent`, if left out, or `after_sent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<Moment>,
    /// `restrict_account`: which calls; both directions if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "BUSINESS_INITIATED")]
    pub(super) calls: Option<Direction>,
    /// `restrict_account`: how long, in milliseconds; the preset's time if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) for_ms: Option<u64>,
    /// `one_way_audio`: who is not heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) silent: Option<Who>,
    /// `network`, `ice_blackhole` and `assume_media`: whose leg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) leg: Option<Who>,
    /// `network`: which way; both if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) toward: Option<Way>,
    /// `network`: how many of a hundred datagrams are lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) loss_percent: Option<f64>,
    /// `network`: how much later each datagram comes, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delay_ms: Option<u64>,
    /// `network`: how much later still it may come, by chance, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) jitter_ms: Option<u64>,

    /// How often it fires; always if left out.
    #[serde(default)]
    pub(super) times: Times,
    /// What its chance is made from: the same seed and the same occasions fire the same. Drawn if left
    /// out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,

    /// Only for this business number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "106540352242922")]
    pub(super) phone_number_id: Option<PhoneNumberId>,
    /// Only for this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "4915112345678")]
    pub(super) wa_id: Option<WaId>,
    /// Faults of requests: only for this operation: `connect`, `pre_accept`, `accept`, `reject`,
    /// `terminate`, `messages`, `permissions`, `settings`, `templates`, `phone_numbers`, `other`; `any`
    /// or nothing for all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "connect")]
    pub(super) operation: Option<String>,
    /// Faults of webhooks: only for webhooks that tell of this, as deliveries name it: `connect`,
    /// `status.RINGING`, `terminate` and the like. `reorder_webhooks` takes `connect` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "connect")]
    pub(super) event: Option<String>,
    /// Faults of calls: only for calls of this direction.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "USER_INITIATED")]
    pub(super) direction: Option<Direction>,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// A request is refused with a code of the error table, before anything is done.
    RefuseApi,
    /// A webhook is never sent. It stands among the deliveries as given up.
    DropWebhook,
    /// A webhook is sent later.
    DelayWebhook,
    /// A webhook is sent twice.
    DoubleWebhook,
    /// A webhook of a call is held back until a later one of the same call was sent.
    ReorderWebhooks,
    /// The answer to `connect` leaves only after the connect webhook was sent.
    WebhookBeforeResponse,
    /// A call rings for so long and no longer.
    RingFor,
    /// A call ends with an error code.
    FailCall,
    /// A message that is taken fails later with an error code.
    FailMessage,
    /// The business has no valid payment method.
    PaymentMissing,
    /// The number is restricted for low quality from a request on.
    RestrictAccount,
    /// The user takes their permission back.
    RevokePermission,
    /// No media passes, while both legs live on.
    NoMedia,
    /// One party is not heard.
    OneWayAudio,
    /// The network of one leg loses and delays.
    Network,
    /// The connectivity checks of one leg are not answered.
    IceBlackhole,
    /// One leg is taken for connected and its media for heard, whatever comes.
    AssumeMedia,
}

/// A moment in the life of a call or a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Moment {
    /// When a business asks for it, before anything is looked at.
    BeforeCall,
    /// When it is placed.
    BeforeRinging,
    /// When it rings: on a phone, or at a business that has pre-accepted.
    WhileRinging,
    /// When it was accepted or picked up.
    AfterPickup,
    /// Before the business has heard that its message was sent.
    BeforeSent,
    /// After the business has heard that its message was sent.
    AfterSent,
}

/// One of the two in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Who {
    /// The user.
    User,
    /// The business.
    Business,
}

/// Which way datagrams go on a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::control) enum Way {
    /// From the party to the exchange.
    Exchange,
    /// From the exchange to the party.
    Party,
    /// Both.
    Both,
}

/// How often a fault fires: exactly one of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Times {
    /// `true`: at every occasion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) always: Option<bool>,
    /// At so many occasions from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<u32>,
    /// At each occasion with this chance, from 0.001 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<f64>,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            always: Some(true),
            next: None,
            probability: None,
        }
    }
}
