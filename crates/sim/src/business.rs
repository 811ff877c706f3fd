//! A business: what it believes, which it knows from webhooks and answers alone.

use std::collections::BTreeMap;

use serde_json::Value;
use types::{CallId, CallOrigin, MessageId, Timestamp};

use crate::law::Broken;
use crate::law::notices::{self, Notices};

pub(crate) use self::letters::Heard;

mod letters;

/// A business.
#[derive(Default)]
pub(crate) struct Business {
    /// The calls that it knows of.
    pub(crate) calls: BTreeMap<CallId, Believed>,
    /// What it believes each user allows, by their digits.
    pub(crate) allowed: BTreeMap<String, Allowed>,
    /// What it has heard of its messages.
    pub(crate) letters: BTreeMap<MessageId, Heard>,
    /// What it has heard of its account.
    pub(crate) notices: Notices,
    pub(crate) receiver: Receiver,
}

/// What a business believes of a call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Believed {
    pub(crate) over: bool,
    /// What it has begun to act on already.
    connected: bool,
    taken: bool,
    /// The body that said that it is over: another one would be another end.
    farewell: Vec<u8>,
}

/// What a business believes that a user allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowed {
    /// When it was said, in seconds: of two words the later one counts, in whatever order they come.
    pub(crate) said: u64,
    /// No calls, calls until a moment, or calls for ever.
    pub(crate) what: Permitted,
}

/// See [`Allowed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permitted {
    Nothing,
    Until(u64),
    Forever,
}

/// The end of a webhook.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Receiver {
    /// Takes everything.
    #[default]
    Well,
    /// Answers 500.
    Refuses,
    /// Does not answer.
    Gone,
}

/// What a webhook made a business notice, for it to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Noticed {
    /// A user calls.
    Incoming(CallId),
    /// A call that it placed was taken.
    Taken(CallId),
    /// A call came from that button or link.
    Origin(CallId, CallOrigin),
    /// A call has failed with that code, if any.
    Ended(CallId, Option<u64>),
    /// Something was said of its account.
    Account(String),
}

impl Business {
    /// Reads a webhook as a customer of the platform does. Of a delivery that comes twice the second
    /// changes nothing.
    pub(crate) fn read(&mut self, body: &[u8]) -> Result<Vec<Noticed>, Broken> {
        let json: Value = serde_json::from_slice(body)
            .map_err(|error| format!("a webhook is no JSON: {error}"))?;
        let mut noticed = Vec::new();
        for entry in list(&json, "/entry") {
            let time = entry["time"].as_u64().unwrap_or(0);
            for change in list(entry, "/changes") {
                let value = &change["value"];
                match change["field"].as_str().unwrap_or_default() {
                    "calls" => self.read_calls(value, body, &mut noticed)?,
                    "messages" => self.read_messages(value)?,
                    field => {
                        if let Some(line) = notices::read(time, field, value) {
                            self.notices.insert(line.clone());
                            noticed.push(Noticed::Account(line));
                        }
                    }
                }
            }
        }
        Ok(noticed)
    }

    fn read_calls(
        &mut self,
        value: &Value,
        body: &[u8],
        noticed: &mut Vec<Noticed>,
    ) -> Result<(), Broken> {
        for call in list(value, "/calls") {
            let id = call_id(call)?;
            noticed.push(Noticed::Origin(id.clone(), origin(call)));
            let known = self.calls.entry(id.clone()).or_default();
            match call["event"].as_str() {
                Some("connect") => {
                    let first = !std::mem::replace(&mut known.connected, true);
                    if first && !known.over && call["direction"] != "BUSINESS_INITIATED" {
                        noticed.push(Noticed::Incoming(id));
                    }
                }
                Some("terminate") if known.over && known.farewell != body => {
                    return Err("a business heard of two ends of one call".to_owned());
                }
                Some("terminate") => {
                    known.over = true;
                    known.farewell = body.to_vec();
                    noticed.push(Noticed::Ended(id, failure(value, call)?));
                }
                other => return Err(format!("a webhook about a call has the event {other:?}")),
            }
        }
        for status in list(value, "/statuses") {
            let id = call_id(status)?;
            let known = self.calls.entry(id.clone()).or_default();
            if status["status"] == "ACCEPTED" && !known.over && !known.taken {
                known.taken = true;
                noticed.push(Noticed::Taken(id));
            }
        }
        Ok(())
    }

    fn read_messages(&mut self, value: &Value) -> Result<(), Broken> {
        for status in list(value, "/statuses") {
            self.read_status(status)?;
        }
        for message in list(value, "/messages") {
            let Some(reply) = message.pointer("/interactive/call_permission_reply") else {
                continue;
            };
            let from = message["from"].as_str().unwrap_or_default().to_owned();
            let said = seconds(&message["timestamp"]).ok_or("a reply without a time")?;
            let what = match (reply["response"].as_str(), reply["is_permanent"].as_bool()) {
                (Some("accept"), Some(true)) => Permitted::Forever,
                (Some("accept"), _) => Permitted::Until(
                    seconds(&reply["expiration_timestamp"]).ok_or("a permission without an end")?,
                ),
                (Some("reject"), _) => Permitted::Nothing,
                (other, _) => return Err(format!("a permission reply says {other:?}")),
            };
            let known = self.allowed.entry(from).or_insert(Allowed { said, what });
            if known.said <= said {
                *known = Allowed { said, what };
            }
        }
        Ok(())
    }

    /// Whether it believes that it may call this user now.
    pub(crate) fn may_call(&self, wa_id: &str, now: Timestamp) -> bool {
        match self.allowed.get(wa_id).map(|allowed| allowed.what) {
            Some(Permitted::Forever) => true,
            Some(Permitted::Until(until)) => now.as_secs() < until,
            Some(Permitted::Nothing) | None => false,
        }
    }
}

/// The button or the link that a call came from.
fn origin(call: &Value) -> CallOrigin {
    let text = |key: &str| call[key].as_str().map(str::to_owned);
    CallOrigin {
        cta_payload: text("cta_payload"),
        deeplink_payload: text("deeplink_payload"),
    }
}

/// The code of a call that failed; one that did not has none.
fn failure(value: &Value, call: &Value) -> Result<Option<u64>, Broken> {
    let code = |of: &Value| of.pointer("/errors/0/code").and_then(Value::as_u64);
    let code = code(value).or_else(|| code(call));
    match (call["status"].as_str(), code) {
        (Some("COMPLETED"), None) => Ok(None),
        (Some("FAILED"), Some(code)) => Ok(Some(code)),
        (status, code) => Err(format!("a call ends as {status:?} with the code {code:?}")),
    }
}

fn call_id(call: &Value) -> Result<CallId, Broken> {
    let id = call["id"].as_str().unwrap_or_default();
    id.parse()
        .map_err(|error| format!("a webhook about a call has the id {id:?}: {error}"))
}

/// The entries of a list in a body; none where there is none.
fn list<'a>(json: &'a Value, place: &str) -> impl Iterator<Item = &'a Value> {
    json.pointer(place)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Texts and numbers are both seen.
fn seconds(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}
