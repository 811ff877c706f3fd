//! A user's call before it is answered: pre-accept, wait for the leg, accept with the same answer.
//!
//! The accept waits until ICE and DTLS are through: a user whose call is taken hears us at once, and a
//! call whose media cannot work is declined instead of being a silent one.

use types::{Blame, Timestamp};

use super::talking::Talking;
use super::{
    Call, Ending, Input, Leg, News, Outcome, Refusal, Request, RequestKind, State, Timers,
};

/// A user's call that we have not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answering {
    step: Step,
    leg: Leg,
    /// Before this moment it is left ringing.
    accept_at: Timestamp,
    gives_up_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Our answer is being made.
    Describing,
    /// The pre-accept is under way.
    PreAccepting { answer: String },
    /// The leg may connect; the call rings.
    Warming { answer: String },
    /// The accept is under way.
    Accepting,
}

impl Answering {
    pub(super) fn new(now: Timestamp, timers: &Timers, stamped: Timestamp) -> Self {
        Self {
            step: Step::Describing,
            leg: Leg::default(),
            accept_at: now + timers.answer_after,
            // A platform whose clock is ahead of ours does not gain time.
            gives_up_at: stamped.min(now) + timers.answer_within,
        }
    }

    pub(super) fn deadline(&self) -> Timestamp {
        if matches!(self.step, Step::Warming { .. }) && self.leg.up {
            self.accept_at.min(self.gives_up_at)
        } else {
            self.gives_up_at
        }
    }
}

impl Call {
    pub(super) fn while_answering(
        &mut self,
        now: Timestamp,
        timers: &Timers,
        input: Input,
    ) -> Result<(), Refusal> {
        let State::Answering(answering) = &mut self.state else {
            return Err(Refusal::OutOfTurn);
        };
        match input {
            Input::LegUp if !answering.leg.up => {
                answering.leg.up = true;
                self.tell(News::Connected);
                self.accept_if_ready(now);
            }
            Input::LegFailed => {
                let ending = Ending::new(Outcome::MediaFailed, Blame::Network);
                self.hang_up(now, timers, ending);
            }
            Input::LegClosed => {
                answering.leg = Leg::default();
                answering.gives_up_at = answering.gives_up_at.min(now + timers.farewell_within);
            }
            Input::MediaStarted if !answering.leg.flows => answering.leg.flows = true,
            Input::MediaStopped if answering.leg.flows => answering.leg.flows = false,
            Input::HangUp => {
                let ending = Ending::new(Outcome::Declined, Blame::Business);
                self.hang_up(now, timers, ending);
            }
            Input::Terminated(told) => self.end(now, Ending::told(told, Outcome::NotAnswered)),
            step => return self.step_on(now, timers, step),
        }
        Ok(())
    }

    /// Takes what leads from one step to the next.
    fn step_on(&mut self, now: Timestamp, timers: &Timers, input: Input) -> Result<(), Refusal> {
        let State::Answering(answering) = &mut self.state else {
            return Err(Refusal::OutOfTurn);
        };
        match (&answering.step, input) {
            (Step::Describing, Input::DescriptionMade(answer)) => {
                answering.step = Step::PreAccepting {
                    answer: answer.clone(),
                };
                self.request(Request::PreAccept { answer });
            }
            (Step::Describing, Input::DescriptionFailed(why)) => {
                let ending = Ending::unusable(why);
                self.hang_up(now, timers, ending);
            }
            // Whether or not an unclear pre-accept came through, the accept carries the same answer.
            (
                Step::PreAccepting { answer },
                Input::Done(RequestKind::PreAccept) | Input::Unclear(RequestKind::PreAccept),
            ) => {
                answering.step = Step::Warming {
                    answer: answer.clone(),
                };
                answering.gives_up_at = answering.gives_up_at.min(now + timers.connect_within);
                self.accept_if_ready(now);
            }
            (Step::PreAccepting { .. }, Input::Refused(RequestKind::PreAccept, reason))
            | (Step::Accepting, Input::Refused(RequestKind::Accept, reason)) => {
                let ending = Ending::because(Outcome::Refused, Blame::Platform, reason);
                self.hang_up(now, timers, ending);
            }
            // An accept whose fate is unknown is taken for done: media, or its absence, will tell.
            (
                Step::Accepting,
                Input::Done(RequestKind::Accept) | Input::Unclear(RequestKind::Accept),
            ) => {
                let leg = answering.leg;
                self.talk(now, Talking::answered(now, timers, leg));
            }
            // Webhooks of calls that we place, requests not under way, things that came twice.
            (
                Step::Describing
                | Step::PreAccepting { .. }
                | Step::Warming { .. }
                | Step::Accepting,
                _,
            ) => return Err(Refusal::OutOfTurn),
        }
        Ok(())
    }

    pub(super) fn answering_deadline(&mut self, now: Timestamp, timers: &Timers) {
        let State::Answering(answering) = &self.state else {
            return;
        };
        if now < answering.gives_up_at {
            self.accept_if_ready(now);
            return;
        }
        let outcome = if answering.leg.up {
            Outcome::NotAnswered
        } else {
            Outcome::MediaFailed
        };
        self.hang_up(now, timers, Ending::new(outcome, Blame::Network));
    }

    fn accept_if_ready(&mut self, now: Timestamp) {
        let State::Answering(answering) = &mut self.state else {
            return;
        };
        if !answering.leg.up || now < answering.accept_at {
            return;
        }
        if let Step::Warming { answer } = &answering.step {
            let answer = answer.clone();
            answering.step = Step::Accepting;
            self.request(Request::Accept { answer });
        }
    }
}
