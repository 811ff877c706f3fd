//! WhatsApp Business Accounts: `/{waba_id}`, its numbers, and the apps that get its webhooks.

use axum::extract::{Path, State};
use store::subscriptions::{Dialect, Scope};
use types::WabaId;
use wire::reply::{Asked, BusinessNumber, PageQuery};
use wire::{reply, subscriptions};

use super::described::{account_health, described};
use super::refusals::{nothing_there, refused, waba_id};
use crate::desk::subscriptions as desk_subscriptions;
use crate::desk::{Refused, Turn, auth, numbers};
use crate::door::Door;
use crate::door::answer::{Answer, Json};
use crate::door::ask::Ask;
use crate::subscribe;

/// `GET /{waba_id}`: what is asked for last of all that an id may be.
pub(super) async fn read(door: &Door, id: &str, ask: &Ask) -> Answer {
    let (token, id) = (ask.access_token()?, waba_id(id)?);
    let fields = ask.query("fields");
    let asked = reply::asked_for(fields, "phone_numbers")?;
    let health_asked = reply::asked_for(fields, "health_status")?;
    let (waba, numbers, health) = door
        .desk()
        .run(move |turn| {
            let holder = auth::waba_by_token(turn, &token, &id)?;
            let waba = store::wabas::find(turn.tx, &id)?.ok_or(Refused::UnknownWaba)?;
            let numbers = match asked {
                Asked::Not => None,
                Asked::Whole | Asked::InParts => Some(numbers_of(turn, &token, &id)?),
            };
            let health = match health_asked {
                Asked::Not => None,
                Asked::Whole | Asked::InParts => Some(account_health(turn, &id, &holder.app)?),
            };
            Ok::<_, Refused>((waba, numbers, health))
        })
        .await
        .map_err(|why| match why {
            Refused::UnknownWaba => nothing_there(),
            other => refused(&other),
        })?;
    let waba = reply::Waba {
        id: waba.id,
        name: waba.name,
        timezone_id: "1",
        health_status: health,
        phone_numbers: numbers.map(|them| reply::Numbers::new(&them, asked)),
    };
    Ok(Json(reply::fields(&waba, fields, &reply::Waba::NODE)?))
}

/// An account's numbers, each as the token's app sees it.
fn numbers_of(
    turn: &mut Turn<'_>,
    token: &str,
    waba: &WabaId,
) -> Result<Vec<BusinessNumber>, Refused> {
    let mut found = Vec::new();
    for number in numbers::list(turn)?
        .into_iter()
        .filter(|it| it.waba == *waba)
    {
        let acting = auth::number_by_token(turn, token, &number.id)?;
        found.push(described(turn, &acting)?);
    }
    Ok(found)
}

/// `GET /{waba_id}/phone_numbers`, in pages.
pub(super) async fn list_numbers(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let (token, id) = (ask.access_token()?, waba_id(&id)?);
    let found = door
        .desk()
        .run(move |turn| {
            auth::waba_by_token(turn, &token, &id)?;
            numbers_of(turn, &token, &id)
        })
        .await
        .map_err(|why| refused(&why))?;
    let page = PageQuery::parse(&ask.params()?)?.cut(found.len());
    let base = ask.address_without(&["after", "before"]);
    let cursors = PageQuery::cursors(&page, found.len(), &base);
    let fields = ask.query("fields").unwrap_or(BusinessNumber::USUAL_FIELDS);
    Ok(Json(reply::page(
        &found[page],
        Some(fields),
        &BusinessNumber::NODE,
        cursors.as_ref(),
        None::<&()>,
    )?))
}

/// `GET /{waba_id}/subscribed_apps`.
pub(super) async fn list_apps(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let (token, id) = (ask.access_token()?, waba_id(&id)?);
    let apps = door
        .desk()
        .run(move |turn| {
            auth::waba_by_token(turn, &token, &id)?;
            desk_subscriptions::subscribed_apps(turn, &id)
        })
        .await
        .map_err(|why| refused(&why))?;
    let apps: Vec<_> = apps
        .into_iter()
        .map(|(app, override_)| reply::SubscribedApp {
            whatsapp_business_api_data: reply::AppFacts::new(app.id, app.name),
            override_callback_uri: override_.map(|it| it.callback.url),
        })
        .collect();
    Ok(Json(reply::list(&apps)))
}

/// `POST /{waba_id}/subscribed_apps`: subscribes the token's app, with its override or without.
pub(super) async fn subscribe(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let (token, waba) = (ask.access_token()?, waba_id(&id)?);
    let id = waba.clone();
    let holder = door
        .desk()
        .run(move |turn| auth::waba_by_token(turn, &token, &id))
        .await
        .map_err(|why| refused(&why))?;
    let override_ = subscriptions::waba_override(&ask.params()?)?;
    if let Some(callback) = &override_ {
        door.greeter().greet(callback, door.challenge()).await?;
    }
    door.desk()
        .run(move |turn| {
            desk_subscriptions::subscribe_app(turn, &waba, &holder.app)?;
            let scope = Scope::Waba(waba);
            let Some(callback) = override_ else {
                return desk_subscriptions::remove_scope(turn, &holder.app, &scope).map(drop);
            };
            subscribe::keep(
                turn,
                holder.app,
                scope,
                callback,
                Vec::new(),
                Dialect::Graph,
            )
        })
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(reply::success()))
}

/// `DELETE /{waba_id}/subscribed_apps`: ends the subscription of the token's app.
pub(super) async fn unsubscribe(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
) -> Answer {
    let (token, id) = (ask.access_token()?, waba_id(&id)?);
    door.desk()
        .run(move |turn| {
            let holder = auth::waba_by_token(turn, &token, &id)?;
            desk_subscriptions::unsubscribe_app(turn, &id, &holder.app)
        })
        .await
        .map_err(|why| refused(&why))?;
    Ok(Json(reply::success()))
}
