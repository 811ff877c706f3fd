//! `GET /{phone_number_id}/call_permissions`: what a number may do about calling a user.

use axum::extract::{Path, State};
use rules::consent::{Action, Limit, Status};
use wire::reply::{self, ActionLimit, CallPermissions, PermittedAction};
use wire::{ApiError, Recipient};

use super::numbers::acting;
use super::refusals::refused;
use crate::desk::auth::Acting;
use crate::desk::consents::{self, Permitted};
use crate::door::Door;
use crate::door::answer::{Answer, Json};
use crate::door::ask::Ask;

/// The user is named by `?user_wa_id=` or `?recipient=`.
pub(super) async fn read(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    let acting = acting(&door, &id, &ask).await?;
    let user = ask
        .query("user_wa_id")
        .or_else(|| ask.query("recipient"))
        .ok_or_else(|| {
            ApiError::parameter(
                "The parameter user_wa_id is missing. Send the user's number, or their \
                 business-scoped user id as recipient.",
            )
        })?;
    Ok(Json(of_user(&door, acting, user).await?))
}

/// What a number may do about calling a user, in either dialect. Of one who is not known it is told
/// what is told of one who cannot be called.
///
/// # Errors
///
/// Code 138000 where calling is off, 613 for whoever asks too often, 100 for a user who is named badly.
pub(crate) async fn of_user(door: &Door, acting: Acting, user: &str) -> Result<Vec<u8>, ApiError> {
    let recipient = match (user.parse(), user.parse()) {
        (Ok(wa_id), _) => Recipient::WaId(wa_id),
        (_, Ok(bsuid)) => Recipient::Bsuid(bsuid),
        (Err(_), Err(_)) => {
            return Err(ApiError::parameter(
                "The user is named neither by a phone number nor by a business-scoped user id.",
            ));
        }
    };
    let permitted = door
        .desk()
        .run(move |turn| consents::read_permissions(turn, acting.number(), &recipient))
        .await
        .map_err(|why| refused(&why))?;
    Ok(reply::body(&on_the_wire(&permitted)))
}

fn on_the_wire(permitted: &Permitted) -> CallPermissions {
    let until = match permitted.status {
        Status::Temporary { until } => Some(until.as_secs()),
        Status::NoPermission | Status::Permanent => None,
    };
    CallPermissions::new(
        permitted.status.as_str(),
        until,
        action(&permitted.request),
        action(&permitted.call),
    )
}

fn action<R>(action: &Action<R>) -> PermittedAction {
    PermittedAction {
        can_perform_action: action.can_perform(),
        limits: action.limits.iter().map(limit).collect(),
    }
}

fn limit(limit: &Limit) -> ActionLimit {
    ActionLimit {
        time_period: limit.period_iso(),
        max_allowed: limit.max,
        current_usage: limit.used,
        // Rounded up, or it would promise too early.
        limit_expiration_time: limit.free_at.map(types::Timestamp::as_secs_up),
    }
}
