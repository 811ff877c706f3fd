//! Calls: placed, driven by everything that happens to them, and shown.
//!
//! What a call does is decided by `rules::call`; here it is loaded whole, given one input, saved
//! whole, and what it wants done is noted as webhooks, phone messages and words to media.

use rules::call::{EndReason, Input, SdpDigest};
use store::calls::{CallFilter, CallRow};
use store::legs::LegRow;
use types::CallId;

use super::{Refused, Turn};
use crate::media_control::Side;

mod business;
mod by_time;
mod ledger;
mod media;
mod phone;
mod place;
mod step;
mod weather;

pub use business::{accept, offer_to_business, pre_accept, reject, terminate};
pub use by_time::{end_all, lose_media};
pub use media::leg_news;
pub(super) use media::take_news;
pub use phone::show_businesses;
pub use phone::{phone_came, phone_hangs_up, phone_picks_up, phone_rejects, phone_rings};
pub use place::{Connect, Dial, connect, dial};
pub use weather::set_weather;

pub(super) use by_time::meet_deadlines;
pub(super) use place::load_of;
pub(super) use weather::make_weather;

/// A session description that has been checked, as the other side of an offer of ours.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The text.
    pub sdp: String,
    /// Its SHA-256, with line ends made equal.
    pub digest: SdpDigest,
}

/// The call of that id, with what is known of both its sides.
///
/// # Errors
///
/// [`Refused::UnknownCall`].
pub fn find(turn: &mut Turn<'_>, id: &CallId) -> Result<(CallRow, Vec<LegRow>), Refused> {
    let call = load(turn, id)?;
    let legs = store::legs::list(turn.tx, id)?;
    Ok((call, legs))
}

/// Up to `rows` calls, the youngest first.
///
/// # Errors
///
/// When the records cannot be read.
pub fn list(
    turn: &mut Turn<'_>,
    filter: &CallFilter,
    rows: usize,
) -> Result<Vec<CallRow>, Refused> {
    Ok(store::calls::list(turn.tx, filter, rows)?)
}

/// Ends a call in the name of one side, for whoever runs the platform.
///
/// # Errors
///
/// [`Refused::UnknownCall`]; [`Refused::Call`] when it is over.
pub fn hang_up(turn: &mut Turn<'_>, id: &CallId, side: Side) -> Result<(), Refused> {
    let mut call = load(turn, id)?;
    let input = match side {
        Side::User => Input::UserHangUp,
        Side::Business => Input::BusinessHangUp,
    };
    step::step(turn, &mut call, input, step::With::default())
}

/// Ends a call with a failure, as an armed fault wants it.
pub(super) fn cut_off(
    turn: &mut Turn<'_>,
    call: &mut CallRow,
    reason: EndReason,
) -> Result<(), Refused> {
    step::step(turn, call, Input::CutOff { reason }, step::With::default())
}

fn load(turn: &mut Turn<'_>, id: &CallId) -> Result<CallRow, Refused> {
    store::calls::find(turn.tx, id)?.ok_or(Refused::UnknownCall)
}
