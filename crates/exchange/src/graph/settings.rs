//! The settings of a number's calls: `/{phone_number_id}/settings`, and what 360dialog's
//! `/calling/settings` shares with it.

use axum::extract::{Path, State};
use wire::settings::Settings;
use wire::{ApiError, ErrorCode, Situation, reply, settings};

use super::numbers::acting;
use super::refusals::refused;
use crate::desk::auth::Acting;
use crate::desk::{Refused, settings as desk_settings};
use crate::door::Door;
use crate::door::answer::{Answer, Json};
use crate::door::ask::Ask;

/// `GET /{phone_number_id}/settings`.
pub(super) async fn read(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    let acting = acting(&door, &id, &ask).await?;
    let credentials = ask
        .query("include_sip_credentials")
        .is_some_and(|word| word.eq_ignore_ascii_case("true") || word == "1");
    Ok(Json(shown(&door, &acting, &ask, credentials).await?))
}

/// `POST /{phone_number_id}/settings`.
pub(super) async fn change(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    let acting = acting(&door, &id, &ask).await?;
    Ok(Json(set(&door, acting, &ask).await?))
}

/// A number's settings with the fields that are asked for, in either dialect.
///
/// # Errors
///
/// When the desk cannot say what time it is, and code 100 for fields that are none.
pub(crate) async fn shown(
    door: &Door,
    acting: &Acting,
    ask: &Ask,
    credentials: bool,
) -> Result<Vec<u8>, ApiError> {
    let number = acting.number().clone();
    let media = door.media().addresses();
    let settings = door
        .desk()
        .run(move |turn| {
            let kinds = turn.preset.eligibility.restrictions;
            let restrictions = desk_settings::restrictions(&number, turn.now, kinds);
            let settings = &number.settings;
            Ok(Settings::new(settings, &restrictions, &media, credentials))
        })
        .await
        .map_err(|why: Refused| refused(&why))?;
    reply::fields(&settings, ask.query("fields"), &Settings::NODE)
}

/// Changes a number's settings, in either dialect.
///
/// # Errors
///
/// Code 100 that names the key; 138014, 138015 or 138018 where the number may not.
pub(crate) async fn set(door: &Door, acting: Acting, ask: &Ask) -> Result<Vec<u8>, ApiError> {
    let change = settings::change(&ask.params()?)?;
    door.desk()
        .run(move |turn| desk_settings::change(turn, &acting, change))
        .await
        .map_err(|why| match why {
            Refused::Settings(fault) => not_set(door, &fault),
            other => refused(&other),
        })?;
    Ok(reply::success())
}

fn not_set(door: &Door, fault: &rules::settings::Fault) -> ApiError {
    use rules::settings::Fault;
    let details = fault.to_string();
    match fault {
        Fault::Restricted(_) => ApiError::chosen(Situation::Restricted, door.preset(), details),
        Fault::MessagingLimit { .. } => ApiError::new(ErrorCode::CallingCannotBeEnabled, details),
        Fault::NobodyListens => ApiError::new(ErrorCode::CallingPrerequisites, details),
        Fault::TooManyCountries
        | Fault::UnknownTimeZone
        | Fault::Hours(_)
        | Fault::NoSipServer
        | Fault::NobodysSipServer
        | Fault::TooManySipServers
        | Fault::SipHostname
        | Fault::TooManySipUserParams
        | Fault::SipUserParam
        | Fault::NoVoicemailTrigger
        | Fault::VoicemailTimeout
        | Fault::VoicemailNeverBegins => ApiError::parameter(details),
    }
}
