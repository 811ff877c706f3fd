//! Who gets which webhooks. The handshake with a callback comes before, outside of the desk.

use serde_json::json;
use store::subscriptions::{Callback, Scope, Subscription};
use types::{AppId, SubscriptionId, WabaId};

use super::{Refused, Turn};

/// Sets a callback: a new one, or in place of the app's last one of the same scope, whose id and
/// open deliveries it takes over.
///
/// # Errors
///
/// [`Refused::UnknownApp`], [`Refused::UnknownWaba`], [`Refused::UnknownNumber`].
pub fn set(turn: &mut Turn<'_>, callback: &Callback) -> Result<SubscriptionId, Refused> {
    store::apps::find(turn.tx, &callback.app)?.ok_or(Refused::UnknownApp)?;
    match &callback.scope {
        Scope::App => {}
        Scope::Waba(id) => {
            store::wabas::find(turn.tx, id)?.ok_or(Refused::UnknownWaba)?;
        }
        Scope::Number(id) => {
            store::numbers::find(turn.tx, id)?.ok_or(Refused::UnknownNumber)?;
        }
    }
    let id = store::subscriptions::set(turn.tx, callback, turn.now)?;
    let detail = json!({ "subscription_id": id, "app_id": callback.app, "url": callback.url });
    turn.tell("subscription.set", None, None, &detail)?;
    Ok(id)
}

/// Removes a subscription; what was not delivered to it is given up.
///
/// # Errors
///
/// [`Refused::UnknownSubscription`].
pub fn remove(turn: &mut Turn<'_>, id: SubscriptionId) -> Result<(), Refused> {
    if !store::subscriptions::remove(turn.tx, id)? {
        return Err(Refused::UnknownSubscription);
    }
    let given_up = store::deliveries::give_up_all(turn.tx, id, turn.now)?;
    let detail = json!({ "subscription_id": id, "deliveries_given_up": given_up });
    turn.tell("subscription.removed", None, None, &detail)?;
    Ok(())
}

/// Removes an app's callback of that scope; whether there was one.
///
/// # Errors
///
/// When the records cannot be written.
pub fn remove_scope(turn: &mut Turn<'_>, app: &AppId, scope: &Scope) -> Result<bool, Refused> {
    match store::subscriptions::find_scope(turn.tx, app, scope)? {
        None => Ok(false),
        Some(found) => remove(turn, found.id).map(|()| true),
    }
}

/// Ends an app's own subscription to these fields; to all if none is named, or none is left.
///
/// # Errors
///
/// When the records cannot be written.
pub fn unsubscribe_fields(
    turn: &mut Turn<'_>,
    app: &AppId,
    fields: &[String],
) -> Result<(), Refused> {
    let Some(found) = find_scope(turn, app, &Scope::App)? else {
        return Ok(());
    };
    let mut callback = found.callback;
    callback.fields.retain(|field| !fields.contains(field));
    if fields.is_empty() || callback.fields.is_empty() {
        return remove(turn, found.id);
    }
    set(turn, &callback).map(drop)
}

/// The subscription of that id.
///
/// # Errors
///
/// [`Refused::UnknownSubscription`].
pub fn find(turn: &mut Turn<'_>, id: SubscriptionId) -> Result<Subscription, Refused> {
    store::subscriptions::find(turn.tx, id)?.ok_or(Refused::UnknownSubscription)
}

/// An app's callback of that scope, if it has one.
///
/// # Errors
///
/// When the records cannot be read.
pub fn find_scope(
    turn: &mut Turn<'_>,
    app: &AppId,
    scope: &Scope,
) -> Result<Option<Subscription>, Refused> {
    Ok(store::subscriptions::find_scope(turn.tx, app, scope)?)
}

/// Every subscription, by id.
///
/// # Errors
///
/// When the records cannot be read.
pub fn list(turn: &mut Turn<'_>) -> Result<Vec<Subscription>, Refused> {
    Ok(store::subscriptions::list(turn.tx)?)
}

/// Subscribes an app to an account's webhooks; once is as good as twice.
///
/// # Errors
///
/// [`Refused::UnknownApp`], [`Refused::UnknownWaba`].
pub fn subscribe_app(turn: &mut Turn<'_>, waba: &WabaId, app: &AppId) -> Result<(), Refused> {
    store::wabas::find(turn.tx, waba)?.ok_or(Refused::UnknownWaba)?;
    store::apps::find(turn.tx, app)?.ok_or(Refused::UnknownApp)?;
    store::wabas::subscribe(turn.tx, waba, app)?;
    turn.tell(
        "waba.app_subscribed",
        None,
        None,
        &json!({ "waba_id": waba, "app_id": app }),
    )?;
    Ok(())
}

/// Ends an app's subscription to an account, its override for the account included; whether there
/// was one.
///
/// # Errors
///
/// [`Refused::UnknownWaba`].
pub fn unsubscribe_app(turn: &mut Turn<'_>, waba: &WabaId, app: &AppId) -> Result<bool, Refused> {
    store::wabas::find(turn.tx, waba)?.ok_or(Refused::UnknownWaba)?;
    remove_scope(turn, app, &Scope::Waba(waba.clone()))?;
    let was_there = store::wabas::unsubscribe(turn.tx, waba, app)?;
    turn.tell(
        "waba.app_unsubscribed",
        None,
        None,
        &json!({ "waba_id": waba, "app_id": app }),
    )?;
    Ok(was_there)
}

/// The apps that an account has subscribed, each with its override for the account, if it has one.
///
/// # Errors
///
/// [`Refused::UnknownWaba`].
pub fn subscribed_apps(
    turn: &mut Turn<'_>,
    waba: &WabaId,
) -> Result<Vec<(store::apps::App, Option<Subscription>)>, Refused> {
    store::wabas::find(turn.tx, waba)?.ok_or(Refused::UnknownWaba)?;
    let mut apps = Vec::new();
    for id in store::wabas::subscribed_apps(turn.tx, waba)? {
        let app = store::apps::find(turn.tx, &id)?.ok_or(Refused::UnknownApp)?;
        let override_ = find_scope(turn, &id, &Scope::Waba(waba.clone()))?;
        apps.push((app, override_));
    }
    Ok(apps)
}
