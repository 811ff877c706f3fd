//! What the business does with a call over the API.

use rules::call::Input;
use store::calls::CallRow;
use types::CallId;

use super::super::auth::Acting;
use super::super::{Refused, Turn};
use super::step::{self, With};
use super::{Answer, load};
use crate::media_control::Side;

/// The session description that the business was given for a call: what its answer is held against.
///
/// # Errors
///
/// [`Refused::UnknownCall`].
pub fn offer_to_business(
    turn: &mut Turn<'_>,
    acting: &Acting,
    id: &CallId,
) -> Result<String, Refused> {
    load_own(turn, acting, id)?;
    let leg = store::legs::find(turn.tx, id, Side::Business)?;
    leg.and_then(|leg| leg.sdp_ours).ok_or(Refused::UnknownCall)
}

/// Lets the business's leg of a user's call connect before the call is taken.
///
/// # Errors
///
/// [`Refused::UnknownCall`]; [`Refused::Call`] out of turn.
pub fn pre_accept(
    turn: &mut Turn<'_>,
    acting: &Acting,
    id: &CallId,
    answer: Answer,
) -> Result<(), Refused> {
    let mut call = load_own(turn, acting, id)?;
    let input = Input::PreAccept {
        answer: answer.digest,
    };
    step::step(
        turn,
        &mut call,
        input,
        With {
            answer: Some(answer.sdp),
            line: None,
        },
    )
}

/// Takes a user's call. `callback_data` is given back in its webhooks from now on.
///
/// # Errors
///
/// [`Refused::UnknownCall`]; [`Refused::Call`] out of turn, or with another answer than pre-accepted.
pub fn accept(
    turn: &mut Turn<'_>,
    acting: &Acting,
    id: &CallId,
    answer: Answer,
    callback_data: Option<String>,
) -> Result<(), Refused> {
    let mut call = load_own(turn, acting, id)?;
    call.callback_data = callback_data.or(call.callback_data);
    let input = Input::Accept {
        answer: answer.digest,
    };
    step::step(
        turn,
        &mut call,
        input,
        With {
            answer: Some(answer.sdp),
            line: None,
        },
    )
}

/// Declines a user's call.
///
/// # Errors
///
/// [`Refused::UnknownCall`]; [`Refused::Call`] out of turn.
pub fn reject(turn: &mut Turn<'_>, acting: &Acting, id: &CallId) -> Result<(), Refused> {
    let mut call = load_own(turn, acting, id)?;
    step::step(turn, &mut call, Input::Reject, With::default())
}

/// Hangs up, or gives up a call that nobody has taken.
///
/// # Errors
///
/// [`Refused::UnknownCall`]; [`Refused::Call`] when it is over.
pub fn terminate(turn: &mut Turn<'_>, acting: &Acting, id: &CallId) -> Result<(), Refused> {
    let mut call = load_own(turn, acting, id)?;
    step::step(turn, &mut call, Input::BusinessHangUp, With::default())
}

fn load_own(turn: &mut Turn<'_>, acting: &Acting, id: &CallId) -> Result<CallRow, Refused> {
    let number = acting.number();
    match load(turn, id) {
        Ok(call) if call.number == number.id => Ok(call),
        // A call that began before SIP was switched on can still be ended.
        Ok(_) | Err(Refused::UnknownCall) if number.settings.sip.enabled => Err(Refused::SipNumber),
        Ok(_) => Err(Refused::UnknownCall),
        Err(other) => Err(other),
    }
}
