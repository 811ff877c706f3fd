//! What a phone's user does in chats, as commands of the desk.

use phone::line::{PermissionAnswer, PermissionHeld};
use rules::consent::{Answer, Refusal, Term};
use types::{MessageId, PhoneNumberId, WaId};

use crate::desk::{Refused, Turn, consents};

/// The user answers a call permission request, or changes the answer. That it has been said before is
/// no mistake: another phone of the user may have said it.
pub(super) fn answer(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    request: &MessageId,
    answer: PermissionAnswer,
) -> Result<(), Refused> {
    let answer = match answer {
        PermissionAnswer::Temporary => Answer::Temporary,
        PermissionAnswer::Permanent => Answer::Permanent,
        PermissionAnswer::Decline => Answer::Decline,
    };
    once(consents::answer(turn, wa_id, request, answer))
}

/// The user says in a business's profile what it may do.
pub(super) fn set_permission(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    number: &PhoneNumberId,
    permission: PermissionHeld,
) -> Result<(), Refused> {
    let term = match permission {
        PermissionHeld::None => None,
        PermissionHeld::Temporary => Some(Term::Temporary),
        PermissionHeld::Permanent => Some(Term::Permanent),
    };
    once(consents::profile(turn, wa_id, number, term))
}

fn once(done: Result<(), Refused>) -> Result<(), Refused> {
    match done {
        Err(Refused::Consent(Refusal::NothingNew | Refusal::NothingToRevoke)) => Ok(()),
        other => other,
    }
}
