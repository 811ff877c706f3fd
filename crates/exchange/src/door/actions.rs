//! The call actions, from the bytes of the body to the bytes of the answer; the same in both
//! dialects but for how a request says for which number it acts.

use rules::call::SdpDigest;
use types::CallId;
use wire::sdp::{SdpFault, SessionDescription};
use wire::{ApiError, CallAction, Dialect, ErrorCode, Recipient, Situation, reply};

use super::ask::Ask;
use super::{Door, faults};
use crate::desk::auth::Acting;
use crate::desk::calls::{self, Answer, Connect};
use crate::desk::{Refused, Turn};
use crate::graph::refusals::{leg_refused, refused};
use crate::media_control::PreparedLegs;

/// Does what a request asks for, in the name of the number that `who` says.
///
/// Who asks is looked at before what is asked: without a good token nothing else is told.
///
/// # Errors
///
/// The refusal, as the client is to read it.
pub(crate) async fn act<W>(
    door: &Door,
    who: W,
    ask: &Ask,
    dialect: Dialect,
) -> Result<Vec<u8>, ApiError>
where
    W: FnOnce(&mut Turn<'_>) -> Result<Acting, Refused> + Send + 'static,
{
    let action = match read(ask, dialect) {
        Ok(action) => action,
        Err(error) => {
            run(door, who).await?;
            return Err(error);
        }
    };
    let (verb, about) = (action.verb(), action.call_id().cloned());
    match action {
        CallAction::Connect {
            to,
            offer,
            callback_data,
        } => {
            let call_id = connect(door, who, to, offer, callback_data).await?;
            faults::let_webhook_go_first(door.desk(), &call_id).await;
            tracing::info!(%call_id, action = verb, "call action taken");
            return Ok(reply::connected(&call_id));
        }
        CallAction::PreAccept { call_id, answer } => {
            let (acting, answer) = answered(door, who, &call_id, answer).await?;
            let command =
                move |turn: &mut Turn<'_>| calls::pre_accept(turn, &acting, &call_id, answer);
            run(door, command).await?;
        }
        CallAction::Accept {
            call_id,
            answer,
            callback_data,
        } => {
            let (acting, answer) = answered(door, who, &call_id, answer).await?;
            let command = move |turn: &mut Turn<'_>| {
                calls::accept(turn, &acting, &call_id, answer, callback_data)
            };
            run(door, command).await?;
        }
        CallAction::Reject { call_id } => {
            run(door, move |turn| {
                let acting = who(turn)?;
                calls::reject(turn, &acting, &call_id)
            })
            .await?;
        }
        CallAction::Terminate { call_id } => {
            run(door, move |turn| {
                let acting = who(turn)?;
                calls::terminate(turn, &acting, &call_id)
            })
            .await?;
        }
    }
    let call_id = about.as_ref().map(CallId::as_str);
    tracing::info!(call_id, action = verb, "call action taken");
    Ok(reply::call_action_done())
}

async fn connect<W>(
    door: &Door,
    who: W,
    to: Recipient,
    offer: String,
    callback_data: Option<String>,
) -> Result<CallId, ApiError>
where
    W: FnOnce(&mut Turn<'_>) -> Result<Acting, Refused> + Send + 'static,
{
    let acting = run(door, who).await?;
    let rules = &door.preset().sdp;
    let offer =
        SessionDescription::offer(&offer, rules).map_err(|fault| sdp_refused(door, &fault))?;
    let offer = offer.as_str().to_owned();

    let media = door.media();
    let to_answer = offer.clone();
    // Milliseconds of key exchange: not on a thread that other requests wait for.
    let legs = tokio::task::spawn_blocking(move || PreparedLegs::for_connect(&*media, &to_answer))
        .await
        .map_err(|error| {
            tracing::error!(%error, "the legs of a call could not be prepared");
            ApiError::new(
                ErrorCode::SomethingWentWrong,
                "The platform could not prepare the call's media. Nothing was changed; try again.",
            )
        })?
        .map_err(|fault| leg_refused(&fault, door.preset()))?;
    let request = Connect {
        to,
        offer,
        callback_data,
        legs,
    };
    run(door, move |turn| calls::connect(turn, &acting, request)).await
}

/// The number that somebody acts for, and their answer, held against our offer.
async fn answered<W>(
    door: &Door,
    who: W,
    call_id: &CallId,
    answer: String,
) -> Result<(Acting, Answer), ApiError>
where
    W: FnOnce(&mut Turn<'_>) -> Result<Acting, Refused> + Send + 'static,
{
    let id = call_id.clone();
    let (acting, offer) = run(door, move |turn| {
        let acting = who(turn)?;
        let offer = calls::offer_to_business(turn, &acting, &id)?;
        Ok((acting, offer))
    })
    .await?;
    let answer = SessionDescription::answer(&answer, &door.preset().sdp, Some(&offer))
        .map_err(|fault| sdp_refused(door, &fault))?;
    let answer = Answer {
        digest: SdpDigest(answer.digest()),
        sdp: answer.as_str().to_owned(),
    };
    Ok((acting, answer))
}

async fn run<T, C>(door: &Door, command: C) -> Result<T, ApiError>
where
    T: Send + 'static,
    C: FnOnce(&mut Turn<'_>) -> Result<T, Refused> + Send + 'static,
{
    door.desk().run(command).await.map_err(|why| refused(&why))
}

fn sdp_refused(door: &Door, fault: &SdpFault) -> ApiError {
    ApiError::chosen(Situation::SdpFault, door.preset(), fault.to_string())
}

fn read(ask: &Ask, dialect: Dialect) -> Result<CallAction, ApiError> {
    CallAction::read(&ask.needed_params(CallAction::OBJECTS)?, dialect)
}
