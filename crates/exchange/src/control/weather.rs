//! The weather on one leg of a call that runs: what its network loses and delays, and who is not heard.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use media::weather::{Forecast, Wind};
use rand::Rng;
use rules::fault::Misfit;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::CallId;
use types::limits::FAULT_NETWORK_DELAY_MAX;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::{Body, Named};
use super::calls::SideWord;
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};
use super::faults::Way;
use crate::desk::{self, Refused};
use crate::media_control::weather_json;

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(make, clear_up))
}

/// The weather on a leg.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Weather {
    /// What happens to datagrams from the party to the exchange.
    toward_exchange: NetworkWay,
    /// What happens to datagrams from the exchange to the party.
    toward_party: NetworkWay,
    /// Whether the party's audio and keys get lost on their way to the exchange.
    no_media: bool,
    /// Whether the party's audio and keys reach the exchange and go no further.
    one_way_audio: bool,
    /// Whether connectivity checks get lost, both ways.
    ice_blackhole: bool,
    /// What its chance is made from.
    seed: u64,
}

/// What happens to the datagrams of a leg that go one way.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct NetworkWay {
    /// How many of a hundred are lost.
    loss_percent: f64,
    /// How much later each of the others comes, in milliseconds.
    delay_ms: u64,
    /// How much later still it may come, by chance, in milliseconds.
    jitter_ms: u64,
}

/// The weather to make: in words as the faults have them, or as a call shows it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"loss_percent": 5, "delay_ms": 80, "jitter_ms": 40, "toward": "party"}))]
struct NewWeather {
    /// How many of a hundred datagrams are lost.
    loss_percent: Option<f64>,
    /// How much later each of the others comes, in milliseconds.
    delay_ms: Option<u64>,
    /// How much later still it may come, by chance, in milliseconds.
    jitter_ms: Option<u64>,
    /// Which way these three are for; both if left out.
    toward: Option<Way>,
    /// The three for datagrams from the party to the exchange, where the ways differ.
    toward_exchange: Option<NetworkWay>,
    /// The three for datagrams from the exchange to the party, where the ways differ.
    toward_party: Option<NetworkWay>,
    /// The party's audio and keys get lost on their way to the exchange.
    #[serde(default)]
    no_media: bool,
    /// The party's audio and keys reach the exchange and go no further.
    #[serde(default)]
    one_way_audio: bool,
    /// Connectivity checks get lost, both ways.
    #[serde(default)]
    ice_blackhole: bool,
    /// What its chance is made from: the same seed loses and delays in the same way. Drawn if left out.
    seed: Option<u64>,
}

/// Makes the weather on one leg of a call so from now on, in place of what it was. Datagrams that are
/// late already still come.
#[utoipa::path(put, path = "/calls/{id}/legs/{side}/weather", tag = "calls",
    params(("id" = String, Path, description = "The call"),
        ("side" = String, Path, description = "`user` or `business`")),
    request_body = NewWeather,
    responses((status = 200, body = Weather), (status = "4XX", body = ErrorBody)))]
async fn make(
    State(control): State<Control>,
    Named((id, side)): Named<(CallId, SideWord)>,
    Body(wish): Body<NewWeather>,
) -> Result<Json<Value>, ControlError> {
    let forecast = wish.read()?;
    let made = control
        .desk
        .run(move |turn| {
            // Such a seed can be read from JSON by anybody, and given again.
            let drawn = || u64::from(turn.chance.next_u32());
            let seed = wish.seed.unwrap_or_else(drawn);
            let forecast = Forecast { seed, ..forecast };
            desk::calls::set_weather(turn, &id, side.into(), forecast)?;
            Ok::<_, Refused>(forecast)
        })
        .await?;
    Ok(Json(weather_json(&made)))
}

/// Makes the weather on one leg of a call fine again, also where a fault had made it bad.
#[utoipa::path(delete, path = "/calls/{id}/legs/{side}/weather", tag = "calls",
    params(("id" = String, Path, description = "The call"),
        ("side" = String, Path, description = "`user` or `business`")),
    responses((status = 204, description = "Fine"), (status = "4XX", body = ErrorBody)))]
async fn clear_up(
    State(control): State<Control>,
    Named((id, side)): Named<(CallId, SideWord)>,
) -> Result<StatusCode, ControlError> {
    control
        .desk
        .run(move |turn| desk::calls::set_weather(turn, &id, side.into(), Forecast::default()))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Weather {
    /// Reads what a row holds.
    pub(super) fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

impl NewWeather {
    /// What is asked for, with a seed of 0.
    fn read(&self) -> Result<Forecast, ControlError> {
        let (from_peer, to_peer) = self.winds()?;
        let forecast = Forecast {
            from_peer,
            to_peer,
            no_checks: self.ice_blackhole,
            no_media: self.no_media,
            unheard: self.one_way_audio,
            seed: 0,
        };
        if forecast.is_fine() {
            return Err(misfit(FINE));
        }
        Ok(forecast)
    }

    /// What happens to datagrams to the exchange, and to those from it.
    fn winds(&self) -> Result<(Wind, Wind), ControlError> {
        let both = NetworkWay {
            loss_percent: self.loss_percent.unwrap_or(0.0),
            delay_ms: self.delay_ms.unwrap_or(0),
            jitter_ms: self.jitter_ms.unwrap_or(0),
        };
        let says_both =
            self.loss_percent.is_some() || self.delay_ms.is_some() || self.jitter_ms.is_some();
        let says_each = self.toward_exchange.is_some() || self.toward_party.is_some();
        if says_each && (says_both || self.toward.is_some()) {
            return Err(misfit(TWICE));
        }
        if self.toward.is_some() && !says_both {
            return Err(misfit(NOTHING_TOWARD));
        }
        let (exchange, party) = match self.toward {
            _ if says_each => (
                self.toward_exchange.unwrap_or_default(),
                self.toward_party.unwrap_or_default(),
            ),
            Some(Way::Exchange) => (both, NetworkWay::default()),
            Some(Way::Party) => (NetworkWay::default(), both),
            Some(Way::Both) | None => (both, both),
        };
        Ok((exchange.wind()?, party.wind()?))
    }
}

impl NetworkWay {
    fn wind(self) -> Result<Wind, ControlError> {
        if !(0.0..=100.0).contains(&self.loss_percent) {
            return Err(misfit("`loss_percent` is from 0 to 100."));
        }
        let delay = Duration::from_millis(self.delay_ms);
        let jitter = Duration::from_millis(self.jitter_ms);
        if delay.max(jitter) > FAULT_NETWORK_DELAY_MAX {
            return Err(misfit(&Misfit::Delay.to_string()));
        }
        Ok(Wind {
            // At most 1000, so that nothing is cut off.
            loss_permille: (self.loss_percent * 10.0).round() as u32,
            delay,
            jitter,
        })
    }
}

fn misfit(message: &str) -> ControlError {
    ControlError::new(Code::BadBody, message)
}

const FINE: &str = "This weather is fine. Say what is bad about it, such as `loss_percent`, `delay_ms`, \
     `jitter_ms`, `no_media`, `one_way_audio` or `ice_blackhole`; DELETE makes it fine.";
const TWICE: &str = "`loss_percent`, `delay_ms`, `jitter_ms` and `toward` say what `toward_exchange` and \
     `toward_party` say. Use the ones or the others.";
const NOTHING_TOWARD: &str =
    "`toward` says which way `loss_percent`, `delay_ms` or `jitter_ms` are for. Say one of them.";
