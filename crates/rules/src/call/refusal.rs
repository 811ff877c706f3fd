//! Why a call refuses an input. Values with the data of the failure; the doors choose the code.

use std::error::Error;
use std::fmt;

use types::Timestamp;

use super::{EndReason, Phase};

/// Why an input was refused. `Display` says what was wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The call is over.
    Ended {
        /// Why it ended.
        reason: EndReason,
        /// When it ended.
        at: Timestamp,
    },
    /// A second accept.
    AlreadyAccepted {
        /// The moment of the first.
        at: Timestamp,
    },
    /// A second pre-accept.
    AlreadyPreAccepted,
    /// A pre-accept after the accept.
    PreAcceptAfterAccept {
        /// The moment of the accept.
        at: Timestamp,
    },
    /// A reject after the accept.
    RejectAfterAccept {
        /// The moment of the accept.
        at: Timestamp,
    },
    /// The accept carries another session description than the pre-accept.
    AnswerDiffers,
    /// Pre-accept, accept or reject of a call that the business itself placed: that is for the user.
    YourOwnCall,
    /// The user has taken the call already, on another phone of theirs.
    AlreadyPickedUp {
        /// The moment of the pickup.
        at: Timestamp,
    },
    /// A sign of a phone or a leg that means nothing where the call stands.
    OutOfTurn {
        /// Where it stands.
        phase: Phase,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended { reason, .. } => write!(
                f,
                "The call is over: {}. Nothing more can be done with it.",
                reason.sentence()
            ),
            Self::AlreadyAccepted { .. } => f.write_str(
                "The call has been accepted already. Accept a call once; terminate ends it.",
            ),
            Self::AlreadyPreAccepted => f.write_str(
                "The call has been pre-accepted already. Accept, reject or terminate it.",
            ),
            Self::PreAcceptAfterAccept { .. } => f.write_str(
                "The call has been accepted already. Pre-accept comes before accept, or not at all.",
            ),
            Self::RejectAfterAccept { .. } => f.write_str(
                "The call has been accepted already and can no longer be rejected. Terminate it.",
            ),
            Self::AnswerDiffers => f.write_str(
                "The session description differs from the one given with pre_accept. Send the same \
                 one again.",
            ),
            Self::YourOwnCall => f.write_str(
                "The business placed this call, so it is the user who takes or declines it. Wait \
                 for the ACCEPTED or REJECTED status, or terminate the call.",
            ),
            Self::AlreadyPickedUp { .. } => {
                f.write_str("The call has been taken on another phone of the user.")
            }
            Self::OutOfTurn { phase } => {
                write!(f, "This means nothing to a call that is {phase}.")
            }
        }
    }
}

impl Error for Refusal {}
