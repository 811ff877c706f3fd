//! From a webhook's body to what the board hears.

use store::inbox::{EventKey, InboxError, WebhookId};
use types::{CallId, Direction, Timestamp};
use wire::calls::SdpType;
use wire::webhook::{CallStatus, Change, EndStatus, Fault, Notice, Party, read};

use super::clerk::Clerk;
use super::records::{Line, reference_in};
use crate::board::{Heard, Verdict, Word};
use crate::call::{Reason, Terminated};

impl Clerk {
    /// Deals with a kept webhook: its events are given to their calls, once each, and it is marked.
    ///
    /// The marks come last and together: a process that is killed before them deals with the webhook
    /// again at its next start, and then finds its calls as they were recorded.
    pub(super) fn deal_with(
        &mut self,
        now: Timestamp,
        id: WebhookId,
        body: &[u8],
    ) -> Result<(), InboxError> {
        let mut keys = Vec::new();
        let mut note = None;
        match read(body) {
            Ok(changes) => {
                for change in changes {
                    match self.hear(now, change, &mut keys) {
                        Ok(()) => {}
                        Err(why) => note = note.or(Some(why)),
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a signed webhook cannot be read");
                note = Some("not a webhook");
            }
        }
        self.parts.inbox.transaction(|inbox| {
            for key in &keys {
                inbox.mark_event(key, now)?;
            }
            inbox.webhook_processed(id, now, note)
        })
    }

    /// Gives one change to its call, or says why nothing came of it.
    fn hear(
        &mut self,
        now: Timestamp,
        change: Change,
        keys: &mut Vec<EventKey>,
    ) -> Result<(), &'static str> {
        let number = change.origin.phone_number_id.as_ref();
        if number.is_some_and(|number| *number != self.parts.number) {
            return Err("of another number");
        }
        let event = Event::read(change.notice)?;
        match self.parts.inbox.event_is_known(&event.key) {
            Ok(false) => {}
            Ok(true) => return Err("came before"),
            // Twice told is better than not told: the board takes no event twice.
            Err(error) => tracing::error!(%error, "whether an event came before is not known"),
        }
        keys.push(event.key.clone());
        let fresh = self.fresh();
        let call_id = event.heard.id.clone();
        let heard = event.heard;
        let verdict = self.parts.board.hear(now, heard, fresh);
        tracing::debug!(call_id = %call_id, event = event.key.event, ?verdict, "a webhook was heard");
        let note = match verdict {
            Verdict::Began(call) => {
                let mut line = Line::blank(
                    now,
                    call,
                    &self.parts.number,
                    Direction::UserInitiated,
                    self.parts.handler.clone(),
                );
                line.row.call_id = Some(call_id);
                line.know(event.user);
                let saved = line.begin(&mut self.parts.inbox, now);
                self.lines.insert(call, line);
                self.let_go(now, Vec::new(), saved.map(|told| vec![told]));
                Ok(())
            }
            Verdict::Given(call) => {
                if let Some(line) = self.lines.get_mut(&call) {
                    line.know(event.user);
                }
                Ok(())
            }
            Verdict::Waits => Ok(()),
            Verdict::Tombstone => Err("the end of a call that is not known yet"),
            Verdict::Stale(_) => Err("changed nothing"),
            Verdict::NotOurs => Err("no call of ours"),
        };
        self.settle(now);
        note
    }
}

impl Line {
    /// Takes up what a webhook says of the user.
    fn know(&mut self, user: Party) {
        if self.row.peer.is_empty() {
            let number = user.wa_id.map(|number| number.digits().to_owned());
            let id = user.user_id.map(|id| id.as_str().to_owned());
            self.row.peer = number.or(id).unwrap_or_default();
        }
        self.row.peer_name = self.row.peer_name.take().or(user.name);
    }
}

/// One event of one call.
struct Event {
    key: EventKey,
    heard: Heard,
    user: Party,
}

impl Event {
    fn read(notice: Notice) -> Result<Self, &'static str> {
        let (id, at, data, event, user, what) = match notice {
            Notice::Connect(it) => {
                let session = it
                    .session
                    .ok_or("a connect without a session description")?;
                let what = match (it.direction, session.sdp_type) {
                    (Direction::UserInitiated, SdpType::Offer) => Word::Offer(session.sdp),
                    (Direction::BusinessInitiated, SdpType::Answer) => Word::Answer(session.sdp),
                    (Direction::UserInitiated, SdpType::Answer)
                    | (Direction::BusinessInitiated, SdpType::Offer) => {
                        return Err("a session description of the wrong kind");
                    }
                };
                (
                    it.call_id,
                    it.at,
                    it.callback_data,
                    "connect",
                    it.user,
                    what,
                )
            }
            Notice::Status(it) => {
                let (event, what) = match it.status {
                    CallStatus::Ringing => ("ringing", Word::Rings),
                    CallStatus::Accepted => ("accepted", Word::PickedUp),
                    CallStatus::Rejected => ("rejected", Word::Declined),
                };
                (it.call_id, it.at, it.callback_data, event, it.user, what)
            }
            Notice::Terminate(it) => {
                let told = Terminated {
                    failed: it.status == Some(EndStatus::Failed),
                    reason: it.faults.into_iter().next().map(reason),
                };
                let what = match it.direction {
                    Some(Direction::UserInitiated) => Word::UserCallOver(told),
                    Some(Direction::BusinessInitiated) | None => Word::CallOver(told),
                };
                (
                    it.call_id,
                    it.at,
                    it.callback_data,
                    "terminate",
                    it.user,
                    what,
                )
            }
            Notice::Unread { why, .. } => return Err(why),
        };
        Ok(Self {
            key: key(&id, event, at),
            heard: Heard {
                id,
                stamped: at,
                reference: data.as_deref().and_then(reference_in),
                what,
            },
            user,
        })
    }
}

fn key(call_id: &CallId, event: &str, at: Option<Timestamp>) -> EventKey {
    EventKey {
        call_id: call_id.clone(),
        event: event.to_owned(),
        stamped_sec: at.map_or(0, Timestamp::as_secs),
    }
}

fn reason(fault: Fault) -> Reason {
    let sentence = fault.details.or(fault.title);
    Reason {
        code: fault.code,
        text: sentence.unwrap_or_else(|| "no reason was given".to_owned()),
    }
}
