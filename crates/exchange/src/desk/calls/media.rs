//! What the legs of a call report.

use rules::call::Input;
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
    let input = match (side, news) {
        (side, LegNews::Closed(stats)) => {
            let json = stats_json(&stats).to_string();
            return Ok(store::legs::set_stats(turn.tx, id, side, &json)?);
        }
        (Side::User, LegNews::Up) => Input::UserLegUp,
        // Word of the hang-up may still be on the line: closing the audio means the same.
        (Side::User, LegNews::PeerLeft) => Input::UserHangUp,
        (Side::User, LegNews::Failed) => Input::UserLegFailed,
        // A user may be silent for as long as they like.
        (Side::User, LegNews::MediaStarted | LegNews::MediaStopped) => return Ok(()),
        (Side::Business, LegNews::Up) => Input::BusinessLegUp,
        (Side::Business, LegNews::MediaStarted) => Input::BusinessMediaStarted,
        // A business hangs up over the API and in no other way (Meta, calling reference): one that
        // closes its audio first is about to say so, or is missed like any that sends nothing.
        (Side::Business, LegNews::MediaStopped | LegNews::PeerLeft) => Input::BusinessMediaStopped,
        (Side::Business, LegNews::Failed) => Input::BusinessLegFailed,
    };
    let mut call = match load(turn, id) {
        Err(Refused::UnknownCall) => return Ok(()),
        other => other?,
    };
    match step::step(turn, &mut call, input, With::default()) {
        Err(Refused::Call(refusal)) => {
            tracing::debug!(call_id = %id, %side, %refusal, "a leg's news came out of turn");
            Ok(())
        }
        other => other,
    }
}
