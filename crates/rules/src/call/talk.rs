//! A call from accept or pickup on: the same for both directions. Knows the legs and their deadlines.

use types::Timestamp;
use types::preset::CallLimits;

use super::{EndReason, Input, Phase};

/// A call that was taken. Media may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Talk {
    /// The moment of accept or pickup.
    pub since: Timestamp,
    /// The user's leg.
    pub user: UserLeg,
    /// The business's leg.
    pub business: BusinessLeg,
    /// Whether media of the business has come since the call was taken, or came just then.
    pub heard: bool,
}

/// The user's leg of a call that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserLeg {
    /// ICE or DTLS are not through yet.
    Down {
        /// When the call is given up unless they are.
        up_by: Timestamp,
    },
    /// ICE and DTLS are through.
    Up,
}

/// The business's leg of a call that was taken.
///
/// Deadlines for media stand here only while media is absent, so that a clock that is turned
/// forward does not end a call whose media flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BusinessLeg {
    /// ICE or DTLS are not through yet.
    Down {
        /// When the call is given up unless they are.
        up_by: Timestamp,
        /// When the call is given up unless media has come.
        media_by: Timestamp,
    },
    /// ICE and DTLS are through, and no media comes.
    Silent {
        /// When the call is given up unless media has come.
        media_by: Timestamp,
    },
    /// Media comes.
    Sending,
}

/// The business's leg of a call that was not taken yet: what it did early, without any deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlyLeg {
    /// ICE or DTLS are not through yet.
    Down,
    /// ICE and DTLS are through.
    Up,
    /// Media comes already. It does not pass.
    Sending,
}

impl EarlyLeg {
    pub(super) const fn came_up(self) -> Self {
        match self {
            Self::Down => Self::Up,
            Self::Up | Self::Sending => self,
        }
    }

    pub(super) const fn media_stopped(self) -> Self {
        match self {
            Self::Sending => Self::Up,
            Self::Down | Self::Up => self,
        }
    }
}

impl Talk {
    pub(super) fn new(
        now: Timestamp,
        limits: &CallLimits,
        user_leg_up: bool,
        business: EarlyLeg,
    ) -> Self {
        let up_by = now + limits.connect_within;
        let media_by = now + limits.first_media_within;
        Self {
            since: now,
            user: if user_leg_up {
                UserLeg::Up
            } else {
                UserLeg::Down { up_by }
            },
            business: match business {
                EarlyLeg::Down => BusinessLeg::Down { up_by, media_by },
                EarlyLeg::Up => BusinessLeg::Silent { media_by },
                EarlyLeg::Sending => BusinessLeg::Sending,
            },
            heard: business == EarlyLeg::Sending,
        }
    }

    /// Talking once both legs are up; a gap in the media does not change that.
    pub(super) const fn phase(&self) -> Phase {
        match (self.user, self.business) {
            (UserLeg::Down { .. }, _) | (_, BusinessLeg::Down { .. }) => Phase::Connecting,
            (UserLeg::Up, BusinessLeg::Silent { .. } | BusinessLeg::Sending) => Phase::Talking,
        }
    }

    /// The earliest deadline and what it ends the call with. Of two at one moment, the first named
    /// here is the one nearer to the cause: a leg that is down cannot bring media.
    pub(super) fn deadline(&self) -> Option<(Timestamp, EndReason)> {
        let (business_up_by, media_by) = match self.business {
            BusinessLeg::Down { up_by, media_by } => (Some(up_by), Some(media_by)),
            BusinessLeg::Silent { media_by } => (None, Some(media_by)),
            BusinessLeg::Sending => (None, None),
        };
        let user_up_by = match self.user {
            UserLeg::Down { up_by } => Some(up_by),
            UserLeg::Up => None,
        };
        [
            (business_up_by, EndReason::BusinessDidNotConnect),
            (user_up_by, EndReason::UserDidNotConnect),
            (media_by, EndReason::NoBusinessMedia),
        ]
        .into_iter()
        .filter_map(|(at, reason)| Some((at?, reason)))
        .min_by_key(|(at, _)| *at)
    }

    /// Takes an input that both directions treat alike: the talk as it goes on, or what it ends with.
    pub(super) fn handle(
        self,
        now: Timestamp,
        limits: &CallLimits,
        input: Input,
    ) -> Result<Self, EndReason> {
        match input {
            Input::BusinessHangUp => Err(self.hung_up(now, limits, EndReason::BusinessHungUp)),
            Input::UserHangUp => Err(self.hung_up(now, limits, EndReason::UserHungUp)),
            Input::BusinessLegUp => Ok(self.business_leg_up()),
            Input::BusinessMediaStarted => Ok(Self {
                business: BusinessLeg::Sending,
                heard: true,
                ..self
            }),
            Input::BusinessMediaStopped => Ok(self.business_media_stopped(now, limits)),
            Input::BusinessLegFailed => self.business_leg_failed(now, limits),
            Input::UserLegUp => Ok(Self {
                user: UserLeg::Up,
                ..self
            }),
            Input::UserLegFailed => Err(self.user_leg_failed()),
            Input::MediaLost => Err(EndReason::PlatformRestarted),
            Input::CutOff { reason } => Err(reason),
            Input::Timeout => Ok(self),

            // Whose turn these are depends on the direction: its machine has refused them.
            Input::PreAccept { .. }
            | Input::Accept { .. }
            | Input::Reject
            | Input::PhoneRings
            | Input::PhoneUnreachable
            | Input::UserPicksUp
            | Input::UserRejects => Ok(self),
        }
    }

    /// Hung up by one of the two. Whoever does so at once was quicker than any media; later on, a call
    /// without a sound from the business is a failure and no conversation.
    fn hung_up(&self, now: Timestamp, limits: &CallLimits, reason: EndReason) -> EndReason {
        if self.heard || now < self.since + limits.first_sign_within {
            reason
        } else {
            EndReason::NoMediaSignals
        }
    }

    const fn user_leg_failed(&self) -> EndReason {
        match self.user {
            UserLeg::Down { .. } => EndReason::UserSetUpFailed,
            UserLeg::Up => EndReason::NoUserMedia,
        }
    }

    const fn business_leg_up(self) -> Self {
        match self.business {
            BusinessLeg::Down { media_by, .. } => Self {
                business: BusinessLeg::Silent { media_by },
                ..self
            },
            BusinessLeg::Silent { .. } | BusinessLeg::Sending => self,
        }
    }

    fn business_media_stopped(self, now: Timestamp, limits: &CallLimits) -> Self {
        match self.business {
            BusinessLeg::Sending => Self {
                business: BusinessLeg::Silent {
                    media_by: now + limits.media_gap_max,
                },
                ..self
            },
            BusinessLeg::Down { .. } | BusinessLeg::Silent { .. } => self,
        }
    }

    /// A leg that was up is a gap in its media, to be waited for as any other: a business that
    /// vanishes without `terminate` is told 138021 in the end.
    fn business_leg_failed(self, now: Timestamp, limits: &CallLimits) -> Result<Self, EndReason> {
        match self.business {
            BusinessLeg::Down { .. } => Err(EndReason::BusinessSetUpFailed),
            BusinessLeg::Silent { .. } | BusinessLeg::Sending => {
                Ok(self.business_media_stopped(now, limits))
            }
        }
    }
}
