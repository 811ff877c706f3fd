//! Faults that strike calls: as they are placed, as they ring, and when they are answered.

use media::weather::{Forecast, Wind};
use rules::call::EndReason;
use rules::fault::{Fault, Occasion, Party, Point, Toward};
use serde_json::json;
use store::calls::CallRow;
use types::preset::CallLimits;
use types::{CallId, Direction, LegId, PhoneNumberId, WaId};

use super::{Fired, fires, tell};
use crate::desk::calls::{cut_off, make_weather, take_news};
use crate::desk::{Refused, Turn, consents};
use crate::media_control::{LegNews, Side};

/// What goes wrong with a call that is about to be placed.
#[derive(Debug)]
pub(in crate::desk) struct AtPlacing {
    fired: Vec<Fired>,
    /// Whether the account has nothing to pay with, which strikes a user's call as the fault does.
    unpaid: bool,
}

/// Lets faults fire on a call for which everything is in order.
pub(in crate::desk) fn at_placing(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
    direction: Direction,
) -> Result<AtPlacing, Refused> {
    let occasion = Occasion {
        point: Point::Placing(direction),
        number: Some(number),
        wa_id: Some(wa_id),
    };
    Ok(AtPlacing {
        fired: fires(turn, &occasion)?,
        unpaid: false,
    })
}

impl AtPlacing {
    /// The same for an account that may have nothing to pay with.
    pub(in crate::desk) fn and_unpaid(self, unpaid: bool) -> Self {
        Self { unpaid, ..self }
    }

    /// The limits that the call lives by.
    pub(in crate::desk) fn limits(&self, preset: &CallLimits) -> CallLimits {
        let mut limits = preset.clone();
        for fired in &self.fired {
            if let Fault::RingFor { time } = fired.fault {
                limits.ring_for = time;
                limits.accept_within = time;
            }
        }
        limits
    }

    /// Makes the weather on the legs of the call, which have just been begun.
    pub(in crate::desk) fn make_weather(
        &self,
        turn: &mut Turn<'_>,
        call: &CallId,
        user: LegId,
        business: LegId,
    ) -> Result<(), Refused> {
        for (side, leg) in [(Side::User, user), (Side::Business, business)] {
            let forecast = self
                .fired
                .iter()
                .map(|fired| forecast(fired, side))
                .reduce(Forecast::and)
                .filter(|forecast| !forecast.is_fine());
            if let Some(forecast) = forecast {
                make_weather(turn, call, side, leg, forecast)?;
            }
        }
        Ok(())
    }

    /// Does the rest to the call, which was placed.
    pub(in crate::desk) fn placed(
        self,
        turn: &mut Turn<'_>,
        row: &mut CallRow,
    ) -> Result<(), Refused> {
        let unpaid = self.unpaid.then_some(EndReason::PaymentMissing);
        strike(turn, row, self.fired, unpaid)
    }
}

/// Lets faults fire on a call that rings, or was answered.
pub(in crate::desk) fn in_call(
    turn: &mut Turn<'_>,
    row: &mut CallRow,
    point: Point<'_>,
) -> Result<(), Refused> {
    let occasion = Occasion {
        point,
        number: Some(&row.number),
        wa_id: Some(&row.wa_id),
    };
    let fired = fires(turn, &occasion)?;
    strike(turn, row, fired, None)
}

/// Takes the permission back before the call is cut off, if both happen at once. `end` is what cuts it
/// off in any case.
fn strike(
    turn: &mut Turn<'_>,
    row: &mut CallRow,
    all: Vec<Fired>,
    mut end: Option<EndReason>,
) -> Result<(), Refused> {
    for fired in all {
        tell(turn, &fired, Some(&row.number), Some(&row.id), &json!({}))?;
        match fired.fault {
            Fault::RevokePermission { .. } => revoke(turn, &row.number, &row.wa_id)?,
            Fault::FailCall { reason, .. } => end = end.or(Some(reason)),
            Fault::PaymentMissing => end = end.or(Some(EndReason::PaymentMissing)),
            Fault::AssumeMedia { leg } => assume_media(turn, row, leg)?,
            _ => {}
        }
    }
    match end {
        Some(reason) => cut_off(turn, row, reason),
        None => Ok(()),
    }
}

/// Says of a leg what its media would say of itself.
fn assume_media(turn: &mut Turn<'_>, row: &mut CallRow, leg: Party) -> Result<(), Refused> {
    let side = match leg {
        Party::User => Side::User,
        Party::Business => Side::Business,
    };
    take_news(turn, row, side, LegNews::Up)?;
    take_news(turn, row, side, LegNews::MediaStarted)
}

/// The user takes back what they have allowed a number to do, in its profile; one who has allowed
/// nothing has nothing to take back.
pub(super) fn revoke(
    turn: &mut Turn<'_>,
    number: &PhoneNumberId,
    wa_id: &WaId,
) -> Result<(), Refused> {
    match consents::profile(turn, wa_id, number, None) {
        Err(Refused::Consent(_) | Refused::UnknownUser) => Ok(()),
        other => other,
    }
}

/// What a fault does to the network of one side's leg.
fn forecast(fired: &Fired, side: Side) -> Forecast {
    let fine = Forecast {
        seed: fired.seed,
        ..Forecast::default()
    };
    match fired.fault {
        Fault::NoMedia => Forecast {
            no_media: true,
            ..fine
        },
        Fault::OneWayAudio { silent } if is(silent, side) => Forecast {
            unheard: true,
            ..fine
        },
        Fault::IceBlackhole { leg } if is(leg, side) => Forecast {
            no_checks: true,
            ..fine
        },
        Fault::Network {
            leg,
            toward,
            loss_permille,
            delay,
            jitter,
        } if is(leg, side) => {
            let wind = Wind {
                loss_permille,
                delay,
                jitter,
            };
            let (from_peer, to_peer) = match toward {
                Toward::Exchange => (wind, Wind::default()),
                Toward::Party => (Wind::default(), wind),
                Toward::Both => (wind, wind),
            };
            Forecast {
                from_peer,
                to_peer,
                ..fine
            }
        }
        _ => fine,
    }
}

const fn is(party: Party, side: Side) -> bool {
    matches!(
        (party, side),
        (Party::User, Side::User) | (Party::Business, Side::Business)
    )
}
