//! What a phone does, as decisions: told what happened and when, it says what is to be done.
//!
//! [`Machine`] holds no socket, no clock and no audio. Its driver passes `now` in, takes
//! [`Machine::poll_output`] until it is empty after every [`Machine::handle`], and comes back with
//! [`Input::Timeout`] at [`Machine::poll_timeout`]. [`Output::MakeOffer`] and [`Output::MakeAnswer`]
//! are answered at once, before anything else is told.
//!
//! ```text
//!        ┌─ dial ─▶ Offering ─offer─▶ Dialling ─call─▶ Waiting ─┐accepted
//!  Idle ─┤                                                      ├─────▶ Talking ─▶ HangingUp ─▶ Idle
//!        └─ ring ─▶ Ringing ─pick up─▶ PickingUp ─answer─▶ Answering ┘
//! ```
//! From everywhere a hang-up, a refusal, an end or broken media leads back to `Idle`.

mod chatting;
mod messages;
mod talking;
mod words;

use std::collections::VecDeque;

use chatting::Chats;
use types::{CallId, MessageId, Timestamp};

use crate::line::FromPhone;
use crate::script::{Script, Speech, Step, WhenRinging};
use crate::story::Happening;
use talking::Talk;
pub use words::{ChatOrder, Doing, Input, MediaInput, Order, Output, Refusal};

/// One phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    script: Script,
    state: State,
    online: bool,
    dial_at: Option<Timestamp>,
    dialled: u64,
    calls_over: u32,
    calls_missed: u32,
    chats: Chats,
    outputs: VecDeque<Output>,
}

impl Machine {
    /// A phone without a line that does as `script` says.
    #[must_use]
    pub fn new(script: Script) -> Self {
        Self {
            script,
            state: State::Idle,
            online: false,
            dial_at: None,
            dialled: 0,
            calls_over: 0,
            calls_missed: 0,
            chats: Chats::default(),
            outputs: VecDeque::new(),
        }
    }

    /// Takes one input at one moment. A deadline that has passed by `now` is met first.
    ///
    /// # Errors
    ///
    /// Refuses orders that cannot be done now; the phone is then as time alone left it. Other inputs
    /// are never refused: what does not fit is passed over.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Result<(), Refusal> {
        self.meet_deadlines(now);
        match input {
            Input::Message(message) => self.hear(now, message),
            Input::LineDown { why } => self.line_down(why),
            Input::Order(order) => self.obey(order)?,
            Input::OfferMade { sdp } => self.offer_made(sdp),
            Input::AnswerMade { sdp } => self.answer_made(sdp),
            Input::Media(event) => self.media(now, event),
            Input::Timeout => {}
        }
        // What is to happen after no time at all happens now.
        self.meet_deadlines(now);
        Ok(())
    }

    /// The next thing to do, if any.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to come back with [`Input::Timeout`], if at all.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let of_state = match &self.state {
            State::Ringing { act_at, .. } => *act_at,
            State::Talking(talk) => talk.deadline(),
            State::Idle
            | State::Offering { .. }
            | State::Dialling { .. }
            | State::GivingUp { .. }
            | State::Waiting { .. }
            | State::PickingUp { .. }
            | State::Answering { .. }
            | State::HangingUp { .. } => None,
        };
        let may_dial = self.may_dial();
        let dial_at = self.dial_at.filter(|_| may_dial);
        let chore_at = self.online.then(|| self.chats.deadline(may_dial));
        of_state
            .into_iter()
            .chain(dial_at)
            .chain(chore_at.flatten())
            .min()
    }

    /// What it is doing.
    #[must_use]
    pub fn doing(&self) -> Doing {
        let state = match &self.state {
            State::Idle => "idle",
            State::Offering { .. } | State::Dialling { .. } => "dialling",
            State::Waiting { .. } => "waiting",
            State::Ringing { .. } => "ringing",
            State::PickingUp { .. } | State::Answering { .. } => "answering",
            State::Talking(_) => "talking",
            State::GivingUp { .. } | State::HangingUp { .. } => "hanging_up",
        };
        Doing {
            online: self.online,
            state,
            call_id: self.state.call_id().cloned(),
        }
    }

    /// Whether the phone has had all the calls that its script gives it.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.script
            .calls
            .is_some_and(|most| self.calls_over >= most)
    }

    fn meet_deadlines(&mut self, now: Timestamp) {
        // One deadline may bring the next: a wait of no time, a dial that was due already.
        while self.poll_timeout().is_some_and(|at| at <= now) {
            if self.dial_at.is_some_and(|at| at <= now) && self.may_dial() {
                self.dial_at = None;
                if let Some(dial) = self.script.dial.take() {
                    self.dial(Dialled::number(dial.to));
                }
                continue;
            }
            if self.do_chore(now) {
                continue;
            }
            match &mut self.state {
                State::Ringing { act_at, .. } => {
                    *act_at = None;
                    match self.script.when_ringing {
                        WhenRinging::AnswerAfter(_) => self.pick_up(),
                        WhenRinging::RejectAfter(_) => self.reject(),
                        WhenRinging::Ask | WhenRinging::Ignore => {}
                    }
                }
                State::Talking(_) => self.talk_deadline(now),
                _ => return,
            }
        }
    }

    fn may_dial(&self) -> bool {
        self.online && matches!(self.state, State::Idle | State::HangingUp { .. })
    }

    fn obey(&mut self, order: Order) -> Result<(), Refusal> {
        match (order, &self.state) {
            (Order::Dial { .. }, _) if !self.online => return Err(Refusal::Offline),
            (
                Order::Dial {
                    to,
                    deep_link_payload,
                },
                State::Idle | State::HangingUp { .. },
            ) => self.dial(Dialled {
                to,
                button: None,
                deep_link_payload,
            }),
            (Order::Dial { .. }, _) => return Err(Refusal::Busy),

            (Order::Answer, State::Ringing { .. }) => self.pick_up(),
            (Order::Reject, State::Ringing { .. }) => self.reject(),
            (Order::Answer | Order::Reject, _) => return Err(Refusal::NothingRings),

            (Order::HangUp, State::Idle | State::GivingUp { .. } | State::HangingUp { .. }) => {
                return Err(Refusal::NoCall);
            }
            (Order::HangUp, State::Ringing { .. }) => self.reject(),
            (Order::HangUp, _) => self.hang_up(),

            (Order::Press(digits), State::Talking(_)) => {
                self.outputs.push_back(Output::Press(digits));
            }
            (Order::Say(speech), State::Talking(_)) => self.say(speech),
            (Order::Press(_) | Order::Say(_), _) => return Err(Refusal::NotTalking),

            (Order::Chat(_), _) if !self.online => return Err(Refusal::Offline),
            (Order::Chat(order), _) => self.obey_in_chat(order)?,
        }
        Ok(())
    }

    fn dial(&mut self, dialled: Dialled) {
        if matches!(self.state, State::HangingUp { .. }) {
            self.count_call();
        }
        self.tell(Happening::Dialling {
            to: dialled.to.clone(),
        });
        self.state = State::Offering { dialled };
        self.outputs.push_back(Output::MakeOffer);
    }

    fn offer_made(&mut self, sdp: String) {
        let State::Offering { dialled } = &self.state else {
            return;
        };
        self.dialled += 1;
        let dial_id = format!("dial-{}", self.dialled);
        let Dialled {
            to,
            button,
            deep_link_payload,
        } = dialled.clone();
        self.state = State::Dialling {
            dial_id: dial_id.clone(),
        };
        self.send(FromPhone::Dial {
            dial_id,
            to,
            sdp,
            button,
            deep_link_payload,
        });
    }

    fn pick_up(&mut self) {
        if let State::Ringing { call_id, offer, .. } = &self.state {
            let (call_id, offer) = (call_id.clone(), offer.clone());
            self.state = State::PickingUp { call_id };
            self.outputs.push_back(Output::MakeAnswer { offer });
        }
    }

    fn answer_made(&mut self, sdp: String) {
        let State::PickingUp { call_id } = &self.state else {
            return;
        };
        let call_id = call_id.clone();
        self.tell(Happening::PickedUp {
            call_id: call_id.clone(),
        });
        self.send(FromPhone::PickUp {
            call_id: call_id.clone(),
            sdp,
        });
        self.state = State::Answering { call_id };
    }

    fn reject(&mut self) {
        if let State::Ringing { call_id, .. } = &self.state {
            let call_id = call_id.clone();
            self.tell(Happening::Rejected {
                call_id: call_id.clone(),
            });
            self.send(FromPhone::Reject {
                call_id: call_id.clone(),
            });
            self.state = State::HangingUp { call_id };
        }
    }

    /// Ends whatever call there is; its end is still to be heard.
    fn hang_up(&mut self) {
        self.tell(Happening::HungUp);
        self.leave_call();
    }

    /// As [`Machine::hang_up`], but not because the user wants it.
    fn leave_call(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Idle) {
            State::Dialling { dial_id } => State::GivingUp { dial_id },
            state => match state.into_call_id() {
                Some(call_id) => {
                    self.send(FromPhone::HangUp {
                        call_id: call_id.clone(),
                    });
                    State::HangingUp { call_id }
                }
                None => State::Idle,
            },
        };
        // Last, since what was heard may be written to a disk first, and the exchange should not
        // wait for that.
        self.outputs.push_back(Output::CloseMedia);
    }

    /// The call is over for everybody.
    fn call_over(&mut self) {
        if !matches!(self.state, State::HangingUp { .. } | State::Ringing { .. }) {
            self.outputs.push_back(Output::CloseMedia);
        }
        self.state = State::Idle;
        self.count_call();
    }

    fn count_call(&mut self) {
        self.calls_over = self.calls_over.saturating_add(1);
        if self.is_done() {
            self.outputs.push_back(Output::Leave);
        }
    }

    fn media(&mut self, now: Timestamp, event: MediaInput) {
        let has_media = !matches!(
            self.state,
            State::Idle | State::Ringing { .. } | State::GivingUp { .. } | State::HangingUp { .. }
        );
        if !has_media {
            return;
        }
        match event {
            MediaInput::Up => self.tell(Happening::MediaUp),
            MediaInput::HearsAudio => self.tell(Happening::HearsAudio),
            MediaInput::Digit(digit) => self.tell(Happening::HeardDigit { digit }),
            MediaInput::ClipEnded => {
                self.tell(Happening::Said);
                self.step_done(now, |step| matches!(step, Step::Say(_)));
            }
            MediaInput::DigitsSent => {
                self.tell(Happening::Pressed);
                self.step_done(now, |step| matches!(step, Step::Press(_)));
            }
            MediaInput::Failed { why } => {
                self.tell(Happening::MediaFailed { why });
                // No call can come of an offer that was never made.
                let was_offering = matches!(self.state, State::Offering { .. });
                self.leave_call();
                if was_offering {
                    self.count_call();
                }
            }
        }
    }

    fn say(&mut self, speech: Speech) {
        self.tell(Happening::Says {
            what: speech.to_string(),
        });
        self.outputs.push_back(Output::Say(speech));
    }

    fn send(&mut self, message: FromPhone) {
        self.outputs.push_back(Output::Send(message));
    }

    fn tell(&mut self, what: Happening) {
        self.outputs.push_back(Output::Tell(what));
    }
}

/// What the user dialled, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Dialled {
    to: String,
    button: Option<MessageId>,
    deep_link_payload: Option<String>,
}

impl Dialled {
    const fn number(to: String) -> Self {
        Self {
            to,
            button: None,
            deep_link_payload: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Idle,
    /// The user dials; the offer is being made.
    Offering {
        dialled: Dialled,
    },
    /// The exchange has been asked for a call.
    Dialling {
        dial_id: String,
    },
    /// The exchange has been asked for a call that is not wanted any more.
    GivingUp {
        dial_id: String,
    },
    /// The business has not accepted yet.
    Waiting {
        call_id: CallId,
    },
    Ringing {
        call_id: CallId,
        offer: String,
        act_at: Option<Timestamp>,
    },
    /// The user takes the call; the answer is being made.
    PickingUp {
        call_id: CallId,
    },
    /// The exchange has not confirmed yet.
    Answering {
        call_id: CallId,
    },
    Talking(Talk),
    /// This side is done; the exchange has not said so yet.
    HangingUp {
        call_id: CallId,
    },
}

impl State {
    const fn call_id(&self) -> Option<&CallId> {
        match self {
            Self::Idle | Self::Offering { .. } | Self::Dialling { .. } | Self::GivingUp { .. } => {
                None
            }
            Self::Waiting { call_id }
            | Self::Ringing { call_id, .. }
            | Self::PickingUp { call_id }
            | Self::Answering { call_id }
            | Self::Talking(Talk { call_id, .. })
            | Self::HangingUp { call_id } => Some(call_id),
        }
    }

    fn into_call_id(self) -> Option<CallId> {
        self.call_id().cloned()
    }
}

#[cfg(test)]
mod tests;
