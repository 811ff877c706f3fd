//! A call that a user placed, until the business has taken it or it is over.
//!
//! The user's leg connects while it rings; the business's leg connects from `pre_accept` or `accept`
//! on, whichever comes first. `pre_accept` does not prolong the time to accept.

use std::collections::VecDeque;

use types::Timestamp;
use types::preset::CallLimits;

use super::{
    EarlyLeg, EndReason, Ending, Input, Notice, Output, Phase, PhoneNotice, Refusal, SdpDigest,
    Talk,
};

/// The machine of a call that a user placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserInitiated {
    state: UserInitiatedState,
    outputs: VecDeque<Output>,
}

/// Where a user's call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserInitiatedState {
    /// The business has its offer and is silent.
    Ringing(AtTheBusiness),
    /// The business has answered the offer and not yet taken the call.
    PreAccepted(PreAccepted),
    /// The business has taken the call.
    Answered(Talk),
    /// The call is over.
    Ended(Ending),
}

/// A user's call that rings at the business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtTheBusiness {
    /// When the call is given up.
    pub accept_by: Timestamp,
    /// Whether ICE and DTLS of the user's leg are through.
    pub user_leg_up: bool,
}

/// A user's call that the business has pre-accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreAccepted {
    /// When the call is given up.
    pub accept_by: Timestamp,
    /// Whether ICE and DTLS of the user's leg are through.
    pub user_leg_up: bool,
    /// The business's leg.
    pub business: EarlyLeg,
    /// The answer that the accept has to bring again.
    pub answer: SdpDigest,
}

impl UserInitiated {
    pub(super) fn new(now: Timestamp, limits: &CallLimits) -> Self {
        Self {
            state: UserInitiatedState::Ringing(AtTheBusiness {
                accept_by: now + limits.accept_within,
                user_leg_up: false,
            }),
            outputs: VecDeque::from([Output::Notify(Notice::Connect)]),
        }
    }

    pub(super) const fn from_state(state: UserInitiatedState) -> Self {
        Self {
            state,
            outputs: VecDeque::new(),
        }
    }

    pub(super) const fn state(&self) -> UserInitiatedState {
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
            UserInitiatedState::Ringing(ringing) => {
                self.handle_ringing(now, limits, input, ringing)
            }
            UserInitiatedState::PreAccepted(call) => {
                self.handle_pre_accepted(now, limits, input, call)
            }
            UserInitiatedState::Answered(talk) => self.handle_answered(now, limits, input, talk),
            UserInitiatedState::Ended(ending) => ending.handle(input),
        }
    }

    fn handle_ringing(
        &mut self,
        now: Timestamp,
        limits: &CallLimits,
        input: Input,
        ringing: AtTheBusiness,
    ) -> Result<(), Refusal> {
        let AtTheBusiness {
            accept_by,
            user_leg_up,
        } = ringing;
        match input {
            Input::PreAccept { answer } => {
                self.state = UserInitiatedState::PreAccepted(PreAccepted {
                    accept_by,
                    user_leg_up,
                    business: EarlyLeg::Down,
                    answer,
                });
                self.outputs.push_back(Output::ApplyBusinessAnswer);
                self.outputs
                    .push_back(Output::TellPhone(PhoneNotice::Ringing));
            }
            Input::Accept { .. } => {
                self.outputs.push_back(Output::ApplyBusinessAnswer);
                self.accept(Talk::new(now, limits, user_leg_up, EarlyLeg::Down));
            }
            Input::Reject => self.end(now, EndReason::BusinessRejected),
            Input::BusinessHangUp => self.end(now, EndReason::BusinessCancelled),
            Input::UserHangUp => self.end(now, EndReason::UserCancelled),
            Input::UserLegUp => {
                self.state = UserInitiatedState::Ringing(AtTheBusiness {
                    user_leg_up: true,
                    ..ringing
                });
            }
            Input::UserLegFailed => self.end(now, EndReason::UserSetUpFailed),
            Input::MediaLost => self.end(now, EndReason::PlatformRestarted),
            Input::CutOff { reason } => self.end(now, reason),
            Input::Timeout => {}

            // The business's leg has no answer yet, and it is the user who calls.
            Input::BusinessLegUp
            | Input::BusinessMediaStarted
            | Input::BusinessMediaStopped
            | Input::BusinessLegFailed
            | Input::PhoneRings
            | Input::PhoneUnreachable
            | Input::UserPicksUp
            | Input::UserRejects => return Err(self.out_of_turn()),
        }
        Ok(())
    }

    fn handle_pre_accepted(
        &mut self,
        now: Timestamp,
        limits: &CallLimits,
        input: Input,
        call: PreAccepted,
    ) -> Result<(), Refusal> {
        let business = call.business;
        match input {
            Input::PreAccept { .. } => return Err(Refusal::AlreadyPreAccepted),
            Input::Accept { answer } if answer != call.answer => {
                return Err(Refusal::AnswerDiffers);
            }
            Input::Accept { .. } => {
                self.accept(Talk::new(now, limits, call.user_leg_up, business));
            }
            Input::Reject => self.end(now, EndReason::BusinessRejected),
            Input::BusinessHangUp => self.end(now, EndReason::BusinessCancelled),
            Input::UserHangUp => self.end(now, EndReason::UserCancelled),
            Input::BusinessLegUp => self.keep_pre_accepted(PreAccepted {
                business: business.came_up(),
                ..call
            }),
            Input::BusinessMediaStarted => self.keep_pre_accepted(PreAccepted {
                business: EarlyLeg::Sending,
                ..call
            }),
            Input::BusinessMediaStopped => self.keep_pre_accepted(PreAccepted {
                business: business.media_stopped(),
                ..call
            }),
            Input::UserLegUp => self.keep_pre_accepted(PreAccepted {
                user_leg_up: true,
                ..call
            }),
            Input::BusinessLegFailed => self.end(now, EndReason::BusinessSetUpFailed),
            Input::UserLegFailed => self.end(now, EndReason::UserSetUpFailed),
            Input::MediaLost => self.end(now, EndReason::PlatformRestarted),
            Input::CutOff { reason } => self.end(now, reason),
            Input::Timeout => {}

            // It is the user who calls.
            Input::PhoneRings
            | Input::PhoneUnreachable
            | Input::UserPicksUp
            | Input::UserRejects => return Err(self.out_of_turn()),
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
        let at = talk.since;
        match input {
            Input::PreAccept { .. } => Err(Refusal::PreAcceptAfterAccept { at }),
            Input::Accept { .. } => Err(Refusal::AlreadyAccepted { at }),
            Input::Reject => Err(Refusal::RejectAfterAccept { at }),
            // It is the user who calls.
            Input::PhoneRings
            | Input::PhoneUnreachable
            | Input::UserPicksUp
            | Input::UserRejects => Err(self.out_of_turn()),

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
                    Ok(talk) => self.state = UserInitiatedState::Answered(talk),
                    Err(reason) => self.end(now, reason),
                }
                Ok(())
            }
        }
    }

    fn keep_pre_accepted(&mut self, call: PreAccepted) {
        self.state = UserInitiatedState::PreAccepted(call);
    }

    fn accept(&mut self, talk: Talk) {
        self.state = UserInitiatedState::Answered(talk);
        self.outputs.push_back(Output::PassMedia);
        self.outputs
            .push_back(Output::TellPhone(PhoneNotice::Accepted));
    }

    fn end(&mut self, at: Timestamp, reason: EndReason) {
        let started = match self.state {
            UserInitiatedState::Answered(talk) => Some(talk.since),
            UserInitiatedState::Ringing(_)
            | UserInitiatedState::PreAccepted(_)
            | UserInitiatedState::Ended(_) => None,
        };
        let ending = Ending::new(reason, started, at);
        self.state = UserInitiatedState::Ended(ending);
        self.outputs.extend(ending.outputs());
    }

    fn deadline(&self) -> Option<(Timestamp, EndReason)> {
        match self.state {
            UserInitiatedState::Ringing(AtTheBusiness { accept_by, .. })
            | UserInitiatedState::PreAccepted(PreAccepted { accept_by, .. }) => {
                Some((accept_by, EndReason::BusinessDidNotAnswer))
            }
            UserInitiatedState::Answered(talk) => talk.deadline(),
            UserInitiatedState::Ended(_) => None,
        }
    }

    const fn out_of_turn(&self) -> Refusal {
        Refusal::OutOfTurn {
            phase: self.state.phase(),
        }
    }
}

impl UserInitiatedState {
    pub(super) const fn phase(&self) -> Phase {
        match self {
            Self::Ringing(_) => Phase::Ringing,
            Self::PreAccepted(_) => Phase::PreAccepted,
            Self::Answered(talk) => talk.phase(),
            Self::Ended(_) => Phase::Ended,
        }
    }
}
