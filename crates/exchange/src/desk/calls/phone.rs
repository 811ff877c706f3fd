//! What a user's phone does with a call, and what it hears when it comes.

use phone::line::{Business, ToPhone};
use rules::call::{BusinessInitiatedState, Input, Refusal, State};
use store::calls::CallRow;
use types::{CallId, Country, WaId};

use super::super::effects::Effect;
use super::super::{Refused, Turn, chat, numbers, users};
use super::load;
use super::step::{self, With};
use crate::notices;
use crate::phone_lines::{LineId, Which};

/// A phone's line has opened: it is welcomed, rings for every call that rings, and hears which calls
/// have been taken.
///
/// # Errors
///
/// [`Refused::UnknownUser`].
pub fn phone_came(turn: &mut Turn<'_>, wa_id: &WaId, line: LineId) -> Result<(), Refused> {
    let user = users::find(turn, wa_id)?;
    let running = store::calls::running_of_user(turn.tx, wa_id)?;
    let businesses = businesses(turn, user.country)?;
    let permissions = chat::permissions(turn, wa_id)?;
    let welcome = ToPhone::Welcome {
        wa_id: user.wa_id,
        name: user.name,
        businesses,
        calls: running.iter().map(|call| call.id.clone()).collect(),
        chat: chat::latest(turn, wa_id)?,
        permissions,
        now_ms: turn.now.as_millis(),
    };
    turn.afterwards(Effect::Tell(wa_id.clone(), Which::The(line), welcome));
    for call in &running {
        if matches!(
            call.state,
            State::BusinessInitiated(BusinessInitiatedState::Ringing(_))
        ) {
            step::ring(turn, call, Which::The(line))?;
        } else if call.machine().accepted_at().is_some() {
            // It may have been away when the call was taken; a phone that does not hold it passes on.
            let accepted = ToPhone::Accepted {
                call_id: call.id.clone(),
            };
            turn.afterwards(Effect::Tell(wa_id.clone(), Which::The(line), accepted));
        }
    }
    Ok(())
}

/// Shows a phone that is online all businesses as they are now.
///
/// # Errors
///
/// [`Refused::UnknownUser`].
pub fn show_businesses(turn: &mut Turn<'_>, wa_id: &WaId, line: LineId) -> Result<(), Refused> {
    let user = users::find(turn, wa_id)?;
    let businesses = businesses(turn, user.country)?;
    let shown = ToPhone::Businesses { businesses };
    turn.afterwards(Effect::Tell(wa_id.clone(), Which::The(line), shown));
    Ok(())
}

/// A phone rings.
///
/// # Errors
///
/// [`Refused::UnknownCall`]; [`Refused::Call`] out of turn.
pub fn phone_rings(turn: &mut Turn<'_>, wa_id: &WaId, id: &CallId) -> Result<(), Refused> {
    let mut call = load_own(turn, wa_id, id)?;
    match step::step(turn, &mut call, Input::PhoneRings, With::default()) {
        // Another phone was quicker, or the call is over: this one is told so, and did nothing wrong.
        Err(Refused::Call(Refusal::OutOfTurn { .. } | Refusal::Ended { .. })) => Ok(()),
        other => other,
    }
}

/// The user takes a business's call on one phone, with its answer, which has been checked.
///
/// # Errors
///
/// [`Refused::UnknownCall`]; [`Refused::Call`] out of turn, or when another phone was quicker.
pub fn phone_picks_up(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    line: LineId,
    id: &CallId,
    answer: String,
) -> Result<(), Refused> {
    let mut call = load_own(turn, wa_id, id)?;
    call.phone_line = Some(line.0);
    let with = With {
        answer: Some(answer),
        line: Some(line),
    };
    step::step(turn, &mut call, Input::UserPicksUp, with)
}

/// The user declines a business's call on one phone.
///
/// # Errors
///
/// [`Refused::UnknownCall`]; [`Refused::Call`] out of turn.
pub fn phone_rejects(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    line: LineId,
    id: &CallId,
) -> Result<(), Refused> {
    let mut call = load_own(turn, wa_id, id)?;
    step::step(
        turn,
        &mut call,
        Input::UserRejects,
        With {
            answer: None,
            line: Some(line),
        },
    )
}

/// The user ends a call, or gives it up before it was taken. That it is over already is no error.
///
/// # Errors
///
/// [`Refused::UnknownCall`].
pub fn phone_hangs_up(
    turn: &mut Turn<'_>,
    wa_id: &WaId,
    line: LineId,
    id: &CallId,
) -> Result<(), Refused> {
    let mut call = load_own(turn, wa_id, id)?;
    let with = With {
        answer: None,
        line: Some(line),
    };
    match step::step(turn, &mut call, Input::UserHangUp, with) {
        // Two ends of a call may cross; the phone has what it wanted.
        Err(Refused::Call(Refusal::Ended { .. })) => Ok(()),
        other => other,
    }
}

fn businesses(turn: &mut Turn<'_>, country: Country) -> Result<Vec<Business>, Refused> {
    let numbers = numbers::list(turn)?;
    let shown = numbers
        .iter()
        .map(|number| notices::business(number, country, turn.now));
    Ok(shown.collect())
}

fn load_own(turn: &mut Turn<'_>, wa_id: &WaId, id: &CallId) -> Result<CallRow, Refused> {
    let call = load(turn, id)?;
    if call.wa_id == *wa_id {
        Ok(call)
    } else {
        Err(Refused::UnknownCall)
    }
}
