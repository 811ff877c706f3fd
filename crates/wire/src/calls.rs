//! The five call actions: the body of `POST /{phone_number_id}/calls` and of 360dialog's
//! `POST /calling/calls`.
//!
//! Lenient as clients in the wild need it (any case, extra keys, numbers as JSON integers, the
//! connect without an action, the legacy `connection`), and never so that a body could mean two
//! things.

use serde_json::{Map, Value};
use types::{Bsuid, CallId, WaId};

use crate::fields::Fields;
use crate::json::{self, kind, shortened};
use crate::subscriptions::Params;
use crate::{ApiError, Dialect};

mod recorder;

/// What a business asks of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallAction {
    /// Call a user.
    Connect {
        /// Whom.
        to: Recipient,
        /// The session description of type `offer`, not yet looked at.
        offer: String,
        /// Text of the business's own, given back in the call's webhooks.
        callback_data: Option<String>,
    },
    /// Set the media of a user's call up before taking the call.
    PreAccept {
        /// Which call.
        call_id: CallId,
        /// The session description of type `answer`, not yet looked at.
        answer: String,
    },
    /// Take a user's call.
    Accept {
        /// Which call.
        call_id: CallId,
        /// The session description of type `answer`, not yet looked at.
        answer: String,
        /// Text of the business's own, given back in the call's webhooks.
        callback_data: Option<String>,
    },
    /// Refuse a user's call.
    Reject {
        /// Which call.
        call_id: CallId,
    },
    /// Hang up, or give a call up that nobody has taken yet.
    Terminate {
        /// Which call.
        call_id: CallId,
    },
}

/// Whom a business calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// The user with that number: `to`.
    WaId(WaId),
    /// The user with that business-scoped id: `recipient`.
    Bsuid(Bsuid),
}

impl CallAction {
    /// The parameters that are objects.
    pub const OBJECTS: &[&str] = &["session", "connection", "recording", "transcription"];

    /// Reads a body of JSON, as [`CallAction::read`] does.
    ///
    /// # Errors
    ///
    /// Code 100 with a sentence that names the field, says what is wrong and what to send.
    pub fn parse(body: &[u8], dialect: Dialect) -> Result<Self, ApiError> {
        Self::read(&json::object(body)?, dialect)
    }

    /// Reads the parameters of a request.
    ///
    /// Meta asks for `messaging_product` in every body; 360dialog's documents show bodies without
    /// it, so there it may be missing.
    ///
    /// # Errors
    ///
    /// As [`CallAction::parse`].
    pub fn read(params: &Params, dialect: Dialect) -> Result<Self, ApiError> {
        let body = Body(Fields::of_body(params));
        body.0.check_product(dialect)?;
        let verb = body.verb()?;
        if matches!(verb, Verb::Connect | Verb::Accept) {
            recorder::check(&body.0)?;
        }
        match verb {
            Verb::Connect => Ok(Self::Connect {
                to: body.recipient()?,
                offer: body.sdp(SdpType::Offer)?,
                callback_data: body.0.callback_data()?,
            }),
            Verb::PreAccept => Ok(Self::PreAccept {
                call_id: body.call_id()?,
                answer: body.sdp(SdpType::Answer)?,
            }),
            Verb::Accept => Ok(Self::Accept {
                call_id: body.call_id()?,
                answer: body.sdp(SdpType::Answer)?,
                callback_data: body.0.callback_data()?,
            }),
            Verb::Reject => Ok(Self::Reject {
                call_id: body.call_id()?,
            }),
            Verb::Terminate => Ok(Self::Terminate {
                call_id: body.call_id()?,
            }),
        }
    }

    /// The call that the action is about; none for a connect, which makes one.
    #[must_use]
    pub const fn call_id(&self) -> Option<&CallId> {
        match self {
            Self::Connect { .. } => None,
            Self::PreAccept { call_id, .. }
            | Self::Accept { call_id, .. }
            | Self::Reject { call_id }
            | Self::Terminate { call_id } => Some(call_id),
        }
    }

    /// The word on the wire.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Connect { .. } => "connect",
            Self::PreAccept { .. } => "pre_accept",
            Self::Accept { .. } => "accept",
            Self::Reject { .. } => "reject",
            Self::Terminate { .. } => "terminate",
        }
    }
}

/// Which half of an offer/answer exchange a session description is (RFC 3264).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SdpType {
    /// The first.
    Offer,
    /// The second.
    Answer,
}

impl SdpType {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Answer => "answer",
        }
    }

    /// The half that the word means, in any case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim();
        [Self::Offer, Self::Answer]
            .into_iter()
            .find(|it| word.eq_ignore_ascii_case(it.as_str()))
    }
}

#[derive(Clone, Copy)]
enum Verb {
    Connect,
    PreAccept,
    Accept,
    Reject,
    Terminate,
}

impl Verb {
    fn from_word(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "connect" => Some(Self::Connect),
            "pre_accept" => Some(Self::PreAccept),
            "accept" => Some(Self::Accept),
            "reject" => Some(Self::Reject),
            "terminate" => Some(Self::Terminate),
            _ => None,
        }
    }
}

struct Body<'a>(Fields<'a>);

impl Body<'_> {
    fn verb(&self) -> Result<Verb, ApiError> {
        if let Some(word) = self.0.text("action")? {
            return Verb::from_word(&word).ok_or_else(|| {
                ApiError::parameter(format!(
                    "action is {}. It must be one of connect, pre_accept, accept, reject, terminate.",
                    shortened(&word)
                ))
            });
        }
        // Chatwoot places calls with `"type": "audio"` and no action. A body that names a callee,
        // brings a session and names no call can mean nothing else.
        let names_callee = self
            .0
            .get("to")
            .or_else(|| self.0.get("recipient"))
            .is_some();
        let brings_session = self
            .0
            .get("session")
            .or_else(|| self.0.get("connection"))
            .is_some();
        if names_callee && brings_session && self.0.get("call_id").is_none() {
            return Ok(Verb::Connect);
        }
        Err(ApiError::parameter(
            "The parameter action is missing. Send one of connect, pre_accept, accept, reject, terminate.",
        ))
    }

    fn recipient(&self) -> Result<Recipient, ApiError> {
        self.0.recipient()?.ok_or_else(|| {
            ApiError::parameter(
                "The action connect needs the parameter to, the user's number, or recipient, their business-scoped user id.",
            )
        })
    }

    fn call_id(&self) -> Result<CallId, ApiError> {
        let Some(text) = self.0.text("call_id")? else {
            return Err(ApiError::parameter(
                "The parameter call_id is missing. Send the id of the call, from calls[].id of its connect webhook or of the answer to connect.",
            ));
        };
        text.trim().parse().map_err(|e| {
            ApiError::parameter(format!(
                "call_id is {e}. Send calls[].id as the connect webhook or the answer to connect gave it."
            ))
        })
    }

    /// The session description, from `session` or the legacy `connection.webrtc.sdp`.
    fn sdp(&self, wanted: SdpType) -> Result<String, ApiError> {
        let session = match self.0.get("session") {
            None => None,
            Some(Value::Object(session)) => Some(sdp_of(session, "session", "sdp_type", wanted)?),
            Some(Value::String(_)) => {
                return Err(ApiError::parameter(
                    "session is a string. Send an object with sdp_type and sdp, not the JSON text of one.",
                ));
            }
            Some(other) => {
                return Err(ApiError::parameter(format!(
                    "session is {}. Send an object with sdp_type and sdp.",
                    kind(other)
                )));
            }
        };
        match (session, self.legacy_sdp(wanted)?) {
            (Some(sdp), None) | (None, Some(sdp)) => Ok(sdp),
            (Some(sdp), Some(legacy)) if sdp == legacy => Ok(sdp),
            (Some(_), Some(_)) => Err(ApiError::parameter(
                "session and connection bring different session descriptions. Send session alone; connection is deprecated.",
            )),
            (None, None) => Err(ApiError::parameter(format!(
                "The parameter session is missing. Send {{\"sdp_type\": \"{}\", \"sdp\": \"v=0\\r\\n...\"}}.",
                wanted.as_str()
            ))),
        }
    }

    /// `connection.webrtc.sdp`, which Meta has deprecated: the JSON text of `{"sdp", "type"}`.
    fn legacy_sdp(&self, wanted: SdpType) -> Result<Option<String>, ApiError> {
        let Some(connection) = self.0.get("connection") else {
            return Ok(None);
        };
        let Some(Value::String(text)) = connection.pointer("/webrtc/sdp") else {
            return Err(ApiError::parameter(
                "connection has no webrtc.sdp. Send session with sdp_type and sdp instead; connection is deprecated.",
            ));
        };
        if !text.trim_start().starts_with('{') {
            return Ok(Some(text.clone()));
        }
        let Ok(Value::Object(inner)) = json::value(text.as_bytes()) else {
            return Err(ApiError::parameter(
                "connection.webrtc.sdp is not the JSON text of an object. Send session with sdp_type and sdp instead; connection is deprecated.",
            ));
        };
        sdp_of(&inner, "connection.webrtc.sdp", "type", wanted).map(Some)
    }
}

fn sdp_of(
    session: &Map<String, Value>,
    path: &str,
    type_key: &str,
    wanted: SdpType,
) -> Result<String, ApiError> {
    let word = wanted.as_str();
    match session.get(type_key) {
        Some(Value::String(given)) if SdpType::from_word(given) == Some(wanted) => {}
        Some(Value::String(given)) => {
            return Err(ApiError::parameter(format!(
                "{path}.{type_key} is {}. For this action it must be \"{word}\".",
                shortened(given)
            )));
        }
        None | Some(Value::Null) => {
            return Err(ApiError::parameter(format!(
                "{path}.{type_key} is missing. For this action it must be \"{word}\"."
            )));
        }
        Some(other) => {
            return Err(ApiError::parameter(format!(
                "{path}.{type_key} is {}. For this action it must be \"{word}\".",
                kind(other)
            )));
        }
    }
    match session.get("sdp") {
        Some(Value::String(sdp)) if !sdp.trim().is_empty() => Ok(sdp.clone()),
        None | Some(Value::Null | Value::String(_)) => Err(ApiError::parameter(format!(
            "{path}.sdp is missing or empty. Send the session description as text with \\r\\n line ends."
        ))),
        Some(other) => Err(ApiError::parameter(format!(
            "{path}.sdp is {}. Send the session description as a string with \\r\\n line ends.",
            kind(other)
        ))),
    }
}

#[cfg(test)]
mod tests;
