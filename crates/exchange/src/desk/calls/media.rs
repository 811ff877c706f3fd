//! What the legs of a call report.

use rules::call::Input;
use store::calls::CallRow;
use types::CallId;

use super::super::{Refused, Turn};
use super::load;
use super::step::{self, With};
use crate::media_control::{LegNews, Side, stats_json};

/// Takes what happened to one leg of a call. What means nothing where the call stands is left: media
/// and signalling overtake each other.
///
/// # Errors
///
/// When the records cannot be read or written.
pub fn leg_news(
    turn: &mut Turn<'_>,
    id: &CallId,
    side: Side,
    news: LegNews,
) -> Result<(), Refused> {
    if let LegNews::Closed(stats) = news {
        let json = stats_json(&stats).to_string();
        return Ok(store::legs::set_stats(turn.tx, id, side, &json)?);
    }
    let mut call = match load(turn, id) {
        Err(Refused::UnknownCall) => return Ok(()),
        other => other?,
    };
    take_news(turn, &mut call, side, news)
}

/// The same, of a call that is at hand.
pub(in crate::desk) fn take_news(
    turn: &mut Turn<'_>,
    call: &mut CallRow,
    side: Side,
    news: LegNews,
) -> Result<(), Refused> {
    let input = match (side, news) {
        (Side::User, LegNews::Up) => Input::UserLegUp,
        // Word of the hang-up may still be on the line: closing the audio means the same.
        (Side::User, LegNews::PeerLeft) => Input::UserHangUp,
        (Side::User, LegNews::Failed) => Input::UserLegFailed,
        (Side::Business, LegNews::Up) => Input::BusinessLegUp,
        (Side::Business, LegNews::MediaStarted) => Input::BusinessMediaStarted,
        // A business hangs up over the API and in no other way (Meta, calling reference): one that
        // closes its audio first is about to say so, or is missed like any that sends nothing.
        (Side::Business, LegNews::MediaStopped | LegNews::PeerLeft) => Input::BusinessMediaStopped,
        (Side::Business, LegNews::Failed) => Input::BusinessLegFailed,
        // A user may be silent for as long as they like. What a closed leg has counted is no input.
        (Side::User, LegNews::MediaStarted | LegNews::MediaStopped) | (_, LegNews::Closed(_)) => {
            return Ok(());
        }
    };
    match step::step(turn, call, input, With::default()) {
        Err(Refused::Call(refusal)) => {
            tracing::debug!(call_id = %call.id, %side, %refusal, "a leg's news came out of turn");
            Ok(())
        }
        other => other,
    }
}
