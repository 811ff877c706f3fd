//! What the exchange says, and the line itself, coming and going.

use types::{CallId, Timestamp};

use super::{FromPhone, Machine, Output, State, WhenRinging};
use crate::line::{Business, ToPhone};
use crate::story::Happening;

impl Machine {
    pub(super) fn hear(&mut self, now: Timestamp, message: ToPhone) {
        match message {
            ToPhone::Welcome {
                businesses,
                calls,
                chat,
                ..
            } => {
                self.line_up(now, &businesses, &calls);
                self.chats_up(now, &businesses, chat);
            }
            ToPhone::Businesses { businesses } => {
                self.tell(Happening::BusinessesChanged { businesses });
            }
            ToPhone::Dialing {
                dial_id,
                call_id,
                sdp,
            } => self.dialing(&dial_id, call_id, sdp),
            ToPhone::DialRefused {
                dial_id,
                reason,
                message,
                ..
            } => {
                if self.is_dial(&dial_id) {
                    self.tell(Happening::DialRefused { reason, message });
                    self.call_over();
                }
            }
            ToPhone::Ring { call_id, from, sdp } => self.ring(now, call_id, from, sdp),
            ToPhone::StopRinging { call_id, reason } => {
                if matches!(&self.state, State::Ringing { call_id: ringing, .. } if *ringing == call_id)
                {
                    self.tell(Happening::StoppedRinging { call_id, reason });
                    self.call_over();
                }
            }
            ToPhone::RemoteRinging { call_id } => {
                if matches!(&self.state, State::Waiting { call_id: waiting } if *waiting == call_id)
                {
                    self.tell(Happening::RemoteRings { call_id });
                }
            }
            ToPhone::Accepted { call_id } => self.accepted(now, call_id),
            ToPhone::Ended {
                call_id,
                reason,
                message,
            } => {
                if self.state.call_id() == Some(&call_id) {
                    self.tell(Happening::Ended {
                        call_id,
                        reason,
                        message,
                    });
                    self.call_over();
                }
            }
            ToPhone::Chat { message } => self.chat_came(now, message),
            ToPhone::ChatStatus { message_id, status } => self.chat_status(message_id, status),
            ToPhone::Permission { permission } => self.tell(Happening::Permission { permission }),
            ToPhone::Error { message } => self.tell(Happening::Complaint { message }),
        }
    }

    fn line_up(&mut self, now: Timestamp, businesses: &[Business], calls: &[CallId]) {
        self.online = true;
        self.tell(Happening::Online {
            businesses: businesses.to_vec(),
        });
        // A call that ended while the phone was away is over, though nobody said so.
        if let Some(call_id) = self.state.call_id()
            && !calls.contains(call_id)
        {
            let call_id = call_id.clone();
            self.tell(Happening::Ended {
                call_id,
                reason: "ended_while_offline".to_owned(),
                message: "It ended while the phone was offline.".to_owned(),
            });
            self.call_over();
        }
        if let State::HangingUp { call_id } = &self.state {
            // That this side is done was lost with the line.
            let call_id = call_id.clone();
            self.send(FromPhone::HangUp { call_id });
        }
        if self.dial_at.is_none() {
            self.dial_at = self.script.dial.as_ref().map(|dial| now + dial.after);
        }
    }

    pub(super) fn line_down(&mut self, why: String) {
        self.online = false;
        self.tell(Happening::Offline { why });
        match &self.state {
            // The exchange's answer, if it comes at all, comes to nobody.
            State::Offering { .. } | State::Dialling { .. } | State::GivingUp { .. } => {
                self.call_over();
            }
            // It rings again if it still rings when the phone is back; a call keeps its media.
            State::Idle
            | State::Waiting { .. }
            | State::Ringing { .. }
            | State::PickingUp { .. }
            | State::Answering { .. }
            | State::Talking(_)
            | State::HangingUp { .. } => {}
        }
    }

    fn is_dial(&self, id: &str) -> bool {
        matches!(
            &self.state,
            State::Dialling { dial_id } | State::GivingUp { dial_id } if dial_id == id
        )
    }

    fn dialing(&mut self, id: &str, call_id: CallId, sdp: String) {
        match &self.state {
            State::Dialling { dial_id } if dial_id == id => {
                self.tell(Happening::Calling {
                    call_id: call_id.clone(),
                });
                self.outputs.push_back(Output::ApplyAnswer { sdp });
                self.state = State::Waiting { call_id };
            }
            State::GivingUp { dial_id } if dial_id == id => {
                self.send(FromPhone::HangUp {
                    call_id: call_id.clone(),
                });
                self.state = State::HangingUp { call_id };
            }
            _ => {}
        }
    }

    fn ring(&mut self, now: Timestamp, call_id: CallId, from: Business, offer: String) {
        match &mut self.state {
            State::Ringing {
                call_id: ringing,
                offer: known,
                ..
            } if *ringing == call_id => {
                // The phone was away: the exchange may have a new leg, and wants to hear it ring.
                *known = offer;
                self.send(FromPhone::Ringing { call_id });
            }
            State::Answering { call_id: answering } if *answering == call_id => {
                // The pick-up was lost with the line: pick up again.
                self.outputs.push_back(Output::CloseMedia);
                self.state = State::PickingUp { call_id };
                self.outputs.push_back(Output::MakeAnswer { offer });
            }
            State::HangingUp { call_id: over } if *over == call_id => {
                self.send(FromPhone::Reject { call_id });
            }
            State::Idle | State::HangingUp { .. } => {
                if matches!(self.state, State::HangingUp { .. }) {
                    self.count_call();
                }
                self.tell(Happening::Rings {
                    call_id: call_id.clone(),
                    from,
                });
                self.send(FromPhone::Ringing {
                    call_id: call_id.clone(),
                });
                let act_at = match self.script.when_ringing {
                    _ if self.calls_missed < self.script.misses => {
                        self.calls_missed += 1;
                        None
                    }
                    WhenRinging::AnswerAfter(after) | WhenRinging::RejectAfter(after) => {
                        Some(now + after)
                    }
                    WhenRinging::Ask | WhenRinging::Ignore => None,
                };
                self.state = State::Ringing {
                    call_id,
                    offer,
                    act_at,
                };
            }
            State::Ringing { .. }
            | State::Answering { .. }
            | State::Offering { .. }
            | State::Dialling { .. }
            | State::GivingUp { .. }
            | State::Waiting { .. }
            | State::PickingUp { .. }
            | State::Talking(_) => self.tell(Happening::RingsWhileBusy { call_id }),
        }
    }

    fn accepted(&mut self, now: Timestamp, call_id: CallId) {
        if let State::Waiting { call_id: ours } | State::Answering { call_id: ours } = &self.state
            && *ours == call_id
        {
            self.tell(Happening::Accepted {
                call_id: call_id.clone(),
            });
            self.begin_talk(now, call_id);
        }
    }
}
