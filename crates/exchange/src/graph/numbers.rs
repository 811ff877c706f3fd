//! Business numbers: `/{phone_number_id}`, its settings, and what its users allow it.

use axum::extract::{Path, State};
use store::subscriptions::{Dialect, Scope};
use wire::reply::BusinessNumber;
use wire::{ApiError, reply, subscriptions};

use super::described::described;
use super::refusals::{number_id, refused};
use super::templates;
use super::{accounts, apps};
use crate::desk::auth::{self, Acting};
use crate::desk::subscriptions as desk_subscriptions;
use crate::desk::{Refused, Turn};
use crate::door::Door;
use crate::door::answer::{Answer, Json};
use crate::door::ask::Ask;
use crate::subscribe;

/// `GET /{id}`: an app, a business number, a template, or else an account.
pub(super) async fn read_object(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let (token, number) = (ask.access_token()?, number_id(&id)?);
    if let Some(app) = apps::read(&door, &id, &ask).await? {
        return Ok(Json(app));
    }
    let found = door
        .desk()
        .run(
            move |turn| match auth::number_by_token(turn, &token, &number) {
                Ok(acting) => described(turn, &acting).map(Some),
                Err(Refused::UnknownNumber) => Ok(None),
                Err(other) => Err(other),
            },
        )
        .await
        .map_err(|why| refused(&why))?;
    if let Some(number) = found {
        let fields = ask.query("fields").unwrap_or(BusinessNumber::USUAL_FIELDS);
        return Ok(Json(reply::fields(
            &number,
            Some(fields),
            &BusinessNumber::NODE,
        )?));
    }
    match templates::read(&door, &id, &ask).await? {
        Some(template) => Ok(Json(template)),
        None => accounts::read(&door, &id, &ask).await,
    }
}

/// `POST /{phone_number_id}` with `webhook_configuration`: where this number's webhooks go; with
/// components or a category, `POST /{template_id}`.
pub(super) async fn change(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    if let Some(edited) = templates::edit(&door, &id, &ask).await? {
        return Ok(Json(edited));
    }
    let acting = acting(&door, &id, &ask).await?;
    let scope = Scope::Number(acting.number().id.clone());
    let app = acting.app().clone();
    match subscriptions::number_override(&ask.params()?)? {
        Some(callback) => {
            door.greeter().greet(&callback, door.challenge()).await?;
            let set = move |turn: &mut Turn<'_>| {
                subscribe::keep(turn, app, scope, callback, Vec::new(), Dialect::Graph)
            };
            door.desk().run(set).await.map_err(|why| refused(&why))?;
        }
        None => {
            let remove =
                move |turn: &mut Turn<'_>| desk_subscriptions::remove_scope(turn, &app, &scope);
            door.desk().run(remove).await.map_err(|why| refused(&why))?;
        }
    }
    Ok(Json(reply::success()))
}

pub(super) async fn acting(door: &Door, id: &str, ask: &Ask) -> Result<Acting, ApiError> {
    let (token, id) = (ask.access_token()?, number_id(id)?);
    door.desk()
        .run(move |turn| auth::number_by_token(turn, &token, &id))
        .await
        .map_err(|why| refused(&why))
}
