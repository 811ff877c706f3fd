//! An answered call: the handler runs, and a watchdog listens for the user.

use types::{Blame, Timestamp};

use super::{Call, Ending, Input, Leg, News, Outcome, Output, Refusal, State, Timers};

/// Both sides may be heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Talking {
    leg: Leg,
    /// The platform's session description was given to the leg; always so on a user's call.
    described: bool,
    /// When the user counts as gone; none while audio arrives.
    gone_at: Option<Timestamp>,
    /// The platform has closed its side of the media.
    closed: bool,
}

impl Talking {
    /// We accepted a user's call.
    pub(super) fn answered(now: Timestamp, timers: &Timers, leg: Leg) -> Self {
        Self::picked_up(now, timers, leg, true)
    }

    /// The user took our call.
    pub(super) fn picked_up(now: Timestamp, timers: &Timers, leg: Leg, described: bool) -> Self {
        Self {
            leg,
            described,
            gone_at: (!leg.flows).then(|| now + timers.first_media_within),
            closed: false,
        }
    }

    pub(super) const fn deadline(&self) -> Option<Timestamp> {
        self.gone_at
    }

    /// How the call ended if the user is gone.
    pub(super) const fn why_gone(&self) -> Ending {
        if self.closed {
            Ending::new(Outcome::HungUp, Blame::User)
        } else {
            Ending::new(Outcome::NoMedia, Blame::Network)
        }
    }
}

impl Call {
    pub(super) fn talk(&mut self, now: Timestamp, talking: Talking) {
        self.answered = Some(now);
        self.tell(News::Answered);
        if talking.leg.up {
            self.outputs.push_back(Output::StartHandler);
        }
        self.state = State::Talking(talking);
    }

    pub(super) fn while_talking(
        &mut self,
        now: Timestamp,
        timers: &Timers,
        input: Input,
    ) -> Result<(), Refusal> {
        let State::Talking(talking) = &mut self.state else {
            return Err(Refusal::OutOfTurn);
        };
        match input {
            Input::AnswerCame(answer) if !talking.described => {
                talking.described = true;
                self.outputs.push_back(Output::ApplyAnswer(answer));
            }
            // What the handler says before the leg is up would be lost.
            Input::LegUp if !talking.leg.up => {
                talking.leg.up = true;
                self.tell(News::Connected);
                self.outputs.push_back(Output::StartHandler);
            }
            Input::MediaStarted if !talking.leg.flows && !talking.closed => {
                talking.leg.flows = true;
                talking.gone_at = None;
            }
            Input::MediaStopped if talking.leg.flows => {
                talking.leg.flows = false;
                talking.gone_at = Some(now + timers.media_gap_max);
            }
            Input::LegClosed if !talking.closed => {
                talking.closed = true;
                talking.leg.flows = false;
                talking.gone_at = Some(now + timers.farewell_within);
            }
            Input::LegFailed => {
                let ending = Ending::new(Outcome::MediaFailed, Blame::Network);
                self.hang_up(now, timers, ending);
            }
            Input::DescriptionFailed(why) => {
                let ending = Ending::unusable(why);
                self.hang_up(now, timers, ending);
            }
            Input::HandlerDone | Input::HangUp => {
                let ending = Ending::new(Outcome::HungUp, Blame::Business);
                self.hang_up(now, timers, ending);
            }
            Input::Terminated(told) => self.end(now, Ending::told(told, Outcome::HungUp)),
            // The phone declined on one device what another took; or things that came twice or late.
            Input::AnswerCame(_)
            | Input::Declined
            | Input::DescriptionMade(_)
            | Input::Done(_)
            | Input::LegClosed
            | Input::LegUp
            | Input::MediaStarted
            | Input::MediaStopped
            | Input::PickedUp
            | Input::Placed(_)
            | Input::Refused(..)
            | Input::Rings
            | Input::Timeout
            | Input::Unclear(_) => return Err(Refusal::OutOfTurn),
        }
        Ok(())
    }
}
