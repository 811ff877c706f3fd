//! A call that the business placed, until the user has taken it or it is over.
//!
//! The business's leg connects while it rings: its offer is answered by the first webhook. Only the
//! user's pickup makes it a call; the user's leg connects from then on.

use std::collections::VecDeque;

use types::Timestamp;
use types::preset::CallLimits;

use super::{
    EarlyLeg, EndReason, Ending, Input, Notice, Output, Phase, PhoneNotice, Refusal, Talk,
};
use crate::consent::Permission;

/// The machine of a call that the business placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessInitiated {
    state: BusinessInitiatedState,
    outputs: VecDeque<Output>,
}

/// Where a business's call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BusinessInitiatedState {
    /// The user's phones are asked to ring, and the user is silent.
    Ringing(AtTheUser),
    /// The user has taken the call.
    Answered(Talk),
    /// The call is over.
    Ended(Ending),
}

/// A business's call that the user has not taken yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtTheUser {
    /// When the call is given up, whether a phone rang by then or not.
    pub pick_up_by: Timestamp,
    /// Whether a phone rings. The business is told once, however many do.
    pub rings: bool,
    /// The business's leg.
    pub business: EarlyLeg,
}

impl BusinessInitiated {
    /// Takes the permission away from the caller: each call asks for its own.
    pub(super) fn new(now: Timestamp, limits: &CallLimits, _: Permission) -> Self {
        Self {
            state: BusinessInitiatedState::Ringing(AtTheUser {
                pick_up_by: now + limits.ring_for,
                rings: false,
                business: EarlyLeg::Down,
            }),
            outputs: VecDeque::from([Output::Notify(Notice::Connect), Output::RingPhone]),
        }
    }

    pub(super) const fn from_state(state: BusinessInitiatedState) -> Self {
        Self {
            state,
            outputs: VecDeque::new(),
        }
    }

    pub(super) const fn state(&self) -> BusinessInitiatedState {
        self.state
    }

    pub(super) fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub(super) fn poll_timeout(&self) -> Option<Timestamp> {
        self.deadline().map(|(at, _)| at)
    }

    pub(super) fn handle(
        &mut self,
        now: Timestamp,
        limits: &CallLimits,
        input: Input,
    ) -> Result<(), Refusal> {
        if let Some((at, reason)) = self.deadline()
            && at <= now
        {
            self.end(at, reason);
        }

        match self.state {
            BusinessInitiatedState::Ringing(ringing) => {
                self.handle_ringing(now, limits, input, ringing)
            }
            BusinessInitiatedState::Answered(talk) => {
                self.handle_answered(now, limits, input, talk)
            }
            BusinessInitiatedState::Ended(ending) => ending.handle(input),
        }
    }

    fn handle_ringing(
        &mut self,
        now: Timestamp,
        limits: &CallLimits,
        input: Input,
        ringing: AtTheUser,
    ) -> Result<(), Refusal> {
        let business = ringing.business;
        match input {
            Input::PhoneRings => {
                if !ringing.rings {
                    self.outputs.push_back(Output::Notify(Notice::Ringing));
                }
                self.keep_ringing(AtTheUser {
                    rings: true,
                    ..ringing
                });
            }
            Input::PhoneUnreachable | Input::Timeout => {}
            Input::UserPicksUp => {
                // The user's leg gets its answer only now, so that it cannot be up.
                self.pick_up(Talk::new(now, limits, false, business));
            }
            // To hang up a phone that rings is to decline.
            Input::UserRejects | Input::UserHangUp => {
                self.outputs.push_back(Output::Notify(Notice::Rejected));
                self.end(now, EndReason::UserRejected);
            }
            Input::BusinessHangUp => self.end(now, EndReason::BusinessCancelled),
            Input::BusinessLegUp => self.keep_ringing(AtTheUser {
                business: business.came_up(),
                ..ringing
            }),
            Input::BusinessMediaStarted => self.keep_ringing(AtTheUser {
                business: EarlyLeg::Sending,
                ..ringing
            }),
            Input::BusinessMediaStopped => self.keep_ringing(AtTheUser {
                business: business.media_stopped(),
                ..ringing
            }),
            Input::BusinessLegFailed => self.end(now, EndReason::BusinessSetUpFailed),
            Input::MediaLost => self.end(now, EndReason::PlatformRestarted),
            Input::CutOff { reason } => self.end(now, reason),

            Input::PreAccept { .. } | Input::Accept { .. } | Input::Reject => {
                return Err(Refusal::YourOwnCall);
            }
            // The user's leg has no answer yet.
            Input::UserLegUp | Input::UserLegFailed => {
                return Err(Refusal::OutOfTurn {
                    phase: self.state.phase(),
                });
            }
        }
        Ok(())
    }

    fn handle_answered(
        &mut self,
        now: Timestamp,
        limits: &CallLimits,
        input: Input,
        talk: Talk,
    ) -> Result<(), Refusal> {
        match input {
            Input::PreAccept { .. } | Input::Accept { .. } | Input::Reject => {
                Err(Refusal::YourOwnCall)
            }
            Input::UserPicksUp | Input::UserRejects => {
                Err(Refusal::AlreadyPickedUp { at: talk.since })
            }
            Input::PhoneRings | Input::PhoneUnreachable => Err(Refusal::OutOfTurn {
                phase: self.state.phase(),
            }),

            Input::BusinessHangUp
            | Input::UserHangUp
            | Input::BusinessLegUp
            | Input::BusinessMediaStarted
            | Input::BusinessMediaStopped
            | Input::BusinessLegFailed
            | Input::UserLegUp
            | Input::UserLegFailed
            | Input::MediaLost
            | Input::CutOff { .. }
            | Input::Timeout => {
                match talk.handle(now, limits, input) {
                    Ok(talk) => self.state = BusinessInitiatedState::Answered(talk),
                    Err(reason) => self.end(now, reason),
                }
                Ok(())
            }
        }
    }

    fn keep_ringing(&mut self, ringing: AtTheUser) {
        self.state = BusinessInitiatedState::Ringing(ringing);
    }

    fn pick_up(&mut self, talk: Talk) {
        self.state = BusinessInitiatedState::Answered(talk);
        self.outputs.extend([
            Output::ApplyUserAnswer,
            Output::PassMedia,
            Output::TellPhone(PhoneNotice::Accepted),
            Output::Notify(Notice::Accepted),
        ]);
    }

    fn end(&mut self, at: Timestamp, reason: EndReason) {
        let started = match self.state {
            BusinessInitiatedState::Answered(talk) => Some(talk.since),
            BusinessInitiatedState::Ringing(_) | BusinessInitiatedState::Ended(_) => None,
        };
        let ending = Ending::new(reason, started, at);
        self.state = BusinessInitiatedState::Ended(ending);
        self.outputs.extend(ending.outputs());
    }

    fn deadline(&self) -> Option<(Timestamp, EndReason)> {
        match self.state {
            BusinessInitiatedState::Ringing(AtTheUser {
                pick_up_by, rings, ..
            }) => {
                let reason = if rings {
                    EndReason::UserDidNotAnswer
                } else {
                    EndReason::UserUnreachable
                };
                Some((pick_up_by, reason))
            }
            BusinessInitiatedState::Answered(talk) => talk.deadline(),
            BusinessInitiatedState::Ended(_) => None,
        }
    }
}

impl BusinessInitiatedState {
    pub(super) const fn phase(&self) -> Phase {
        match self {
            Self::Ringing(AtTheUser { rings: false, .. }) => Phase::Calling,
            Self::Ringing(AtTheUser { rings: true, .. }) => Phase::Ringing,
            Self::Answered(talk) => talk.phase(),
            Self::Ended(_) => Phase::Ended,
        }
    }
}
