//! Bad weather on the legs of a call, made on purpose: by faults as it is placed, or while it lasts.

use media::weather::Forecast;
use rules::call::Refusal;
use serde_json::{Value, json};
use store::calls::CallRow;
use types::{CallId, LegId};

use super::super::effects::Effect;
use super::super::{Refused, Turn};
use super::load;
use crate::media_control::{Side, weather_json};

/// Makes the weather on a leg of a call so from now on, in place of what it was; fine weather clears
/// it up.
///
/// # Errors
///
/// [`Refused::UnknownCall`]; [`Refused::Call`] when it is over.
pub fn set_weather(
    turn: &mut Turn<'_>,
    id: &CallId,
    side: Side,
    forecast: Forecast,
) -> Result<(), Refused> {
    let call = load(turn, id)?;
    let leg = leg_of(turn, &call, side)?;
    make_weather(turn, id, side, leg, forecast)?;
    let weather = (!forecast.is_fine()).then(|| weather_json(&forecast));
    let detail = json!({"side": side.as_str(), "weather": weather});
    Ok(turn.tell("call.weather", Some(&call.number), Some(id), &detail)?)
}

/// Notes the weather on a leg that is on the network, and makes it.
pub(in crate::desk) fn make_weather(
    turn: &mut Turn<'_>,
    id: &CallId,
    side: Side,
    leg: LegId,
    forecast: Forecast,
) -> Result<(), Refused> {
    let weather = (!forecast.is_fine()).then(|| weather_json(&forecast));
    let weather = weather.as_ref().map(Value::to_string);
    store::legs::set_weather(turn.tx, id, side, weather.as_deref())?;
    turn.afterwards(Effect::Weather(leg, forecast));
    Ok(())
}

/// The leg of one side, as long as the call lasts.
fn leg_of(turn: &mut Turn<'_>, call: &CallRow, side: Side) -> Result<LegId, Refused> {
    let machine = call.machine();
    if let Some(ending) = machine.ending() {
        let (reason, at) = (ending.reason, ending.ended);
        return Err(Refused::Call(Refusal::Ended { reason, at }));
    }
    let phase = machine.phase();
    let leg = store::legs::media(turn.tx, &call.id, side)?;
    leg.ok_or(Refused::Call(Refusal::OutOfTurn { phase }))
}
