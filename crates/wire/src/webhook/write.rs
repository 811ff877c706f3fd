//! Writing: one event of one call as the body of one webhook.

use serde::Serialize;
use types::{
    Bsuid, CallId, CallOrigin, Direction, PhoneNumber, PhoneNumberId, Timestamp, WaId, WabaId,
};

use super::envelope::{self, ContactOut, ErrorOut, Metadata, seconds};
use super::{CallStatus, EndStatus};
use crate::ErrorCode;

/// How much a webhook's body tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Shape {
    /// Everything that any known client reads, in every event: contacts, errors in both places.
    #[default]
    Rich,
    /// What the samples on Meta's pages print and nothing more: contacts with connect only, errors
    /// beside the calls only, the legacy `connection` with the answer.
    DocExact,
}

impl Shape {
    /// One lower-case word, for configuration and rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rich => "rich",
            Self::DocExact => "doc_exact",
        }
    }
}

/// Something that happened to a call, for the business to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallEvent {
    /// The business number.
    pub line: BusinessLine,
    /// The user.
    pub user: UserContact,
    /// The call.
    pub call_id: CallId,
    /// Who placed it.
    pub direction: Direction,
    /// When this happened; whole seconds on the wire.
    pub at: Timestamp,
    /// `biz_opaque_callback_data` of the connect or the accept.
    pub callback_data: Option<String>,
    /// The button or the link that a user's call came from.
    pub origin: CallOrigin,
    /// What happened.
    pub what: What,
}

/// The business number that an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessLine {
    /// Its WhatsApp Business Account.
    pub waba_id: WabaId,
    /// Its id.
    pub phone_number_id: PhoneNumberId,
    /// The number itself.
    pub display_phone_number: PhoneNumber,
}

/// The user at the other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserContact {
    /// Their WhatsApp id.
    pub wa_id: WaId,
    /// Their business-scoped id.
    pub user_id: Bsuid,
    /// The name in their profile.
    pub name: String,
}

/// What happened to the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The platform's session description: an offer if a user calls, an answer if the business does.
    Connect {
        /// The session description.
        sdp: String,
    },
    /// A call that the business placed went on.
    Status(CallStatus),
    /// The call is over.
    Terminate {
        /// How.
        status: EndStatus,
        /// When it was taken, if it was.
        started: Option<Timestamp>,
        /// When it ended.
        ended: Timestamp,
        /// What went wrong, if something did.
        fault: Option<CallFault>,
    },
}

/// What went wrong with a call, as webhooks tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFault {
    /// The line of the error table.
    pub code: ErrorCode,
    /// What was wrong and what to do.
    pub details: String,
}

impl CallEvent {
    /// The body, byte for byte as it is to be signed and sent: ASCII only.
    #[must_use]
    pub fn to_bytes(&self, shape: Shape) -> Vec<u8> {
        let rich = shape == Shape::Rich;
        let connecting = matches!(self.what, What::Connect { .. });
        let errors = self.errors(rich);
        let value = Value {
            messaging_product: "whatsapp",
            metadata: Metadata::of(&self.line),
            contacts: (rich || connecting).then(|| [ContactOut::of(&self.user)]),
            calls: self.call(rich, &errors).map(|it| [it]),
            statuses: self.status().map(|it| [it]),
            errors,
        };
        envelope::body(&self.line.waba_id, "calls", &value)
    }

    fn call<'a>(&'a self, rich: bool, errors: &Option<[ErrorOut<'a>; 1]>) -> Option<CallOut<'a>> {
        let by_user = self.direction == Direction::UserInitiated;
        let (from, to) = if by_user {
            (&self.user.wa_id, &self.line.display_phone_number)
        } else {
            (&self.line.display_phone_number, &self.user.wa_id)
        };
        let plain = CallOut {
            id: &self.call_id,
            from,
            to,
            from_user_id: by_user.then_some(&self.user.user_id),
            to_user_id: (!by_user).then_some(&self.user.user_id),
            event: "connect",
            timestamp: seconds(self.at),
            direction: self.direction,
            status: None,
            start_time: None,
            end_time: None,
            duration: None,
            biz_opaque_callback_data: self.callback_data.as_deref(),
            deeplink_payload: self.origin.deeplink_payload.as_deref(),
            cta_payload: self.origin.cta_payload.as_deref(),
            session: None,
            connection: None,
            errors: None,
        };
        match &self.what {
            What::Status(_) => None,
            What::Connect { sdp } => Some(CallOut {
                session: Some(SessionOut {
                    sdp_type: if by_user { "offer" } else { "answer" },
                    sdp,
                }),
                connection: (!rich && !by_user).then(|| Connection::answer(sdp)),
                ..plain
            }),
            What::Terminate {
                status,
                started,
                ended,
                ..
            } => Some(CallOut {
                event: "terminate",
                status: Some(status.as_str()),
                start_time: started.map(seconds),
                end_time: started.map(|_| seconds(*ended)),
                // From the two times as they are printed, so that the three always agree.
                duration: started.map(|it| ended.as_secs().saturating_sub(it.as_secs())),
                errors: errors.clone().filter(|_| rich),
                ..plain
            }),
        }
    }

    fn status(&self) -> Option<StatusOut<'_>> {
        let What::Status(status) = self.what else {
            return None;
        };
        Some(StatusOut {
            id: &self.call_id,
            kind: "call",
            status: status.as_str(),
            timestamp: seconds(self.at),
            recipient_id: &self.user.wa_id,
            recipient_user_id: &self.user.user_id,
            biz_opaque_callback_data: self.callback_data.as_deref(),
        })
    }

    fn errors(&self, rich: bool) -> Option<[ErrorOut<'_>; 1]> {
        let What::Terminate {
            fault: Some(fault), ..
        } = &self.what
        else {
            return None;
        };
        Some([ErrorOut::of(fault.code, &fault.details, rich)])
    }
}

#[derive(Serialize)]
struct Value<'a> {
    messaging_product: &'static str,
    metadata: Metadata<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<[ContactOut<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<[CallOut<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<[StatusOut<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[ErrorOut<'a>; 1]>,
}

#[derive(Serialize)]
struct CallOut<'a> {
    id: &'a CallId,
    from: &'a PhoneNumber,
    to: &'a PhoneNumber,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_user_id: Option<&'a Bsuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_user_id: Option<&'a Bsuid>,
    event: &'static str,
    timestamp: String,
    direction: Direction,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deeplink_payload: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cta_payload: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<Connection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[ErrorOut<'a>; 1]>,
}

#[derive(Serialize)]
struct SessionOut<'a> {
    sdp_type: &'static str,
    sdp: &'a str,
}

/// The session description once more, as the JSON text of an object: Meta's older samples have it.
#[derive(Serialize)]
struct Connection {
    webrtc: Webrtc,
}

#[derive(Serialize)]
struct Webrtc {
    sdp: String,
}

impl Connection {
    fn answer(sdp: &str) -> Self {
        let inner = serde_json::json!({ "sdp": sdp, "type": "answer" });
        Self {
            webrtc: Webrtc {
                sdp: inner.to_string(),
            },
        }
    }
}

#[derive(Serialize)]
struct StatusOut<'a> {
    id: &'a CallId,
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    timestamp: String,
    recipient_id: &'a WaId,
    recipient_user_id: &'a Bsuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<&'a str>,
}

#[cfg(test)]
mod tests;
