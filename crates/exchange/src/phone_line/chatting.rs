//! What a phone's user does in chats, as commands of the desk.

use phone::line::{PermissionAnswer, PermissionHeld};
use rules::consent::{Answer, Refusal, Term};
use types::{CallOrigin, MessageId, PhoneNumberId, WaId};

use crate::desk::{Refused, Turn, consents, messages, numbers};

/// What a user dialled, and by what.
pub(super) struct Dialled {
    pub(super) to: String,
    pub(super) button: Option<MessageId>,
    pub(super) deep_link_payload: Option<String>,
}

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

/// The user writes to a business.
pub(super) fn write(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    to: &str,
    body: String,
) -> Result<(), Refused> {
    let number = numbers::dialled(turn, to)?;
    messages::user_writes(turn, wa_id, &number.id, body, None)?;
    Ok(())
}

/// What the user dialled: the number of a button's message, or the one that was named.
pub(super) fn dialled(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    dialled: Dialled,
) -> Result<(PhoneNumberId, CallOrigin), Refused> {
    if let Some(message) = dialled.button {
        let pressed = messages::button(turn, wa_id, &message)?;
        return Ok((pressed.number, pressed.origin));
    }
    let number = numbers::dialled(turn, &dialled.to)?;
    let origin = CallOrigin {
        deeplink_payload: dialled.deep_link_payload,
        ..CallOrigin::default()
    };
    Ok((number.id, origin))
}

fn once(done: Result<(), Refused>) -> Result<(), Refused> {
    match done {
        Err(Refused::Consent(Refusal::NothingNew | Refusal::NothingToRevoke)) => Ok(()),
        other => other,
    }
}
