//! The business's call before it is answered: offer, request, answer, ringing.
//!
//! The platform's session description comes long before the pickup; only the status `ACCEPTED` is the
//! pickup. A request whose fate is unknown is never sent again, for the phone may be ringing: a webhook
//! may still name the call, and if none does, nobody knows.

use types::{Blame, Timestamp};

use super::talking::Talking;
use super::{
    Call, Ending, Input, Leg, News, Outcome, Output, Phase, Reason, Refusal, Request, RequestKind,
    State, Timers,
};

/// Our call that the user has not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialling {
    step: Step,
    leg: Leg,
    gives_up_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Our offer is being made.
    Describing,
    /// The request is under way, or its fate unknown; the call has no id yet.
    Placing,
    /// The platform has the call.
    Calling {
        /// The platform's session description was given to the leg.
        described: bool,
        /// The user's phone rings.
        rings: bool,
    },
}

impl Dialling {
    pub(super) fn new(now: Timestamp, timers: &Timers) -> Self {
        Self {
            step: Step::Describing,
            leg: Leg::default(),
            gives_up_at: now + timers.place_within,
        }
    }

    pub(super) const fn deadline(&self) -> Timestamp {
        self.gives_up_at
    }

    pub(super) const fn phase(&self) -> Phase {
        match self.step {
            Step::Describing | Step::Placing => Phase::Dialling,
            Step::Calling { rings: false, .. } => Phase::Calling,
            Step::Calling { rings: true, .. } => Phase::Ringing,
        }
    }
}

impl Call {
    pub(super) fn while_dialling(
        &mut self,
        now: Timestamp,
        timers: &Timers,
        input: Input,
    ) -> Result<(), Refusal> {
        let State::Dialling(dialling) = &mut self.state else {
            return Err(Refusal::OutOfTurn);
        };
        match &mut dialling.step {
            Step::Describing => self.while_describing(now, input),
            Step::Placing => self.while_placing(now, timers, input),
            Step::Calling { .. } => self.while_calling(now, timers, input),
        }
    }

    fn while_describing(&mut self, now: Timestamp, input: Input) -> Result<(), Refusal> {
        let State::Dialling(dialling) = &mut self.state else {
            return Err(Refusal::OutOfTurn);
        };
        match input {
            Input::DescriptionMade(offer) => {
                dialling.step = Step::Placing;
                self.request(Request::Connect { offer });
            }
            Input::DescriptionFailed(why) => {
                let reason = Reason::ours(why);
                let ending = Ending::because(Outcome::MediaFailed, Blame::Business, reason);
                self.end(now, ending);
            }
            // Nothing has left the house yet.
            Input::HangUp => self.end(now, Ending::new(Outcome::Cancelled, Blame::Business)),
            Input::LegFailed => self.end(now, Ending::new(Outcome::MediaFailed, Blame::Business)),
            _ => return Err(Refusal::OutOfTurn),
        }
        Ok(())
    }

    fn while_placing(
        &mut self,
        now: Timestamp,
        timers: &Timers,
        input: Input,
    ) -> Result<(), Refusal> {
        let State::Dialling(dialling) = &mut self.state else {
            return Err(Refusal::OutOfTurn);
        };
        match input {
            Input::Placed(id) => {
                dialling.step = Step::Calling {
                    described: false,
                    rings: false,
                };
                dialling.gives_up_at = now + timers.ring_for;
                self.id = Some(id.clone());
                self.tell(News::Placed(id));
            }
            Input::Refused(RequestKind::Connect, reason) => {
                let (outcome, blame) = if reason.code == Some(NO_PERMISSION) {
                    (Outcome::NoPermission, Blame::User)
                } else {
                    (Outcome::Refused, Blame::Platform)
                };
                self.end(now, Ending::because(outcome, blame, reason));
            }
            Input::Unclear(RequestKind::Connect) => {
                dialling.gives_up_at = dialling.gives_up_at.min(now + timers.learn_within);
            }
            // The call has no name yet to be ended by: that follows when it gets one.
            Input::HangUp => {
                let ending = Ending::new(Outcome::Cancelled, Blame::Business);
                let patience = dialling.gives_up_at;
                self.wind_up(now, timers, ending.clone());
                self.state = State::Ending {
                    ending,
                    gives_up_at: patience,
                };
            }
            Input::LegFailed => {
                let ending = Ending::new(Outcome::MediaFailed, Blame::Network);
                self.wind_up(now, timers, ending);
            }
            _ => return Err(Refusal::OutOfTurn),
        }
        Ok(())
    }

    fn while_calling(
        &mut self,
        now: Timestamp,
        timers: &Timers,
        input: Input,
    ) -> Result<(), Refusal> {
        let State::Dialling(Dialling {
            leg,
            step: Step::Calling { described, rings },
            gives_up_at,
        }) = &mut self.state
        else {
            return Err(Refusal::OutOfTurn);
        };
        match input {
            Input::AnswerCame(answer) if !*described => {
                *described = true;
                self.outputs.push_back(Output::ApplyAnswer(answer));
            }
            Input::Rings if !*rings => {
                *rings = true;
                self.tell(News::Ringing);
            }
            Input::PickedUp => {
                let talking = Talking::picked_up(now, timers, *leg, *described);
                self.talk(now, talking);
            }
            Input::Declined => {
                let ending = Ending::new(Outcome::Declined, Blame::User);
                self.wind_up(now, timers, ending);
            }
            Input::Terminated(told) => self.end(now, Ending::told(told, Outcome::NotAnswered)),
            Input::LegUp if !leg.up => {
                leg.up = true;
                self.tell(News::Connected);
            }
            Input::LegClosed => {
                *leg = Leg::default();
                *gives_up_at = (*gives_up_at).min(now + timers.farewell_within);
            }
            Input::MediaStarted if !leg.flows => leg.flows = true,
            Input::MediaStopped if leg.flows => leg.flows = false,
            Input::LegFailed => {
                let ending = Ending::new(Outcome::MediaFailed, Blame::Network);
                self.hang_up(now, timers, ending);
            }
            Input::DescriptionFailed(why) => {
                let ending = Ending::unusable(why);
                self.hang_up(now, timers, ending);
            }
            Input::HangUp => {
                let ending = Ending::new(Outcome::Cancelled, Blame::Business);
                self.hang_up(now, timers, ending);
            }
            // The answer to the request comes after a webhook has named the call, or things come twice.
            Input::AnswerCame(_)
            | Input::DescriptionMade(_)
            | Input::Done(_)
            | Input::HandlerDone
            | Input::LegUp
            | Input::MediaStarted
            | Input::MediaStopped
            | Input::Placed(_)
            | Input::Refused(..)
            | Input::Rings
            | Input::Timeout
            | Input::Unclear(_) => return Err(Refusal::OutOfTurn),
        }
        Ok(())
    }

    pub(super) fn dialling_deadline(&mut self, now: Timestamp, timers: &Timers) {
        let State::Dialling(dialling) = &self.state else {
            return;
        };
        match dialling.step {
            Step::Describing => {
                self.end(now, Ending::new(Outcome::MediaFailed, Blame::Business));
            }
            Step::Placing => self.end(now, Ending::new(Outcome::Unclear, Blame::Network)),
            Step::Calling { .. } => {
                let ending = Ending::new(Outcome::NotAnswered, Blame::User);
                self.hang_up(now, timers, ending);
            }
        }
    }
}

/// Meta, calling error codes: no approved permission to call this user.
const NO_PERMISSION: u32 = 138_006;
