//! Who gets which webhooks: callbacks of apps, with overrides for an account or a number.

use std::collections::BTreeMap;

use diesel::prelude::*;
use types::{AppId, PhoneNumberId, SubscriptionId, Timestamp, WabaId};

use crate::schema::{subscription, waba_app};
use crate::text::{millis, moment, number, parse, whole, words};
use crate::{StoreError, Tx};

/// One callback of one app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id, which stays when the callback is set anew.
    pub id: SubscriptionId,
    /// What was set.
    pub callback: Callback,
    /// When it was last set.
    pub changed_at: Timestamp,
}

/// Where an app wants webhooks, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The app whose secret signs.
    pub app: AppId,
    /// What it is for.
    pub scope: Scope,
    /// Where webhooks go.
    pub url: String,
    /// What the handshake shows to the receiver.
    pub verify_token: String,
    /// The webhook fields it takes, such as `calls`. Empty: those of the app's own callback, or all
    /// if the app has none, or if it was set in 360dialog's way.
    pub fields: Vec<String>,
    /// How webhooks look.
    pub shape: Shape,
    /// In whose way it was set.
    pub dialect: Dialect,
    /// Headers that its webhooks carry besides, by name: 360dialog lets a receiver be known so. The
    /// values are private.
    pub headers: BTreeMap<String, String>,
}

/// What a callback is for; the most specific one of an app wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Everything that the app is subscribed to.
    App,
    /// One account.
    Waba(WabaId),
    /// One number.
    Number(PhoneNumberId),
}

words! {
    /// How webhooks look.
    Shape, "webhook shape":
    /// With every field that any client in the wild needs.
    Rich = "rich",
    /// As Meta's pages print them.
    DocExact = "doc_exact",
}

words! {
    /// Whose way of doing things.
    Dialect, "dialect":
    /// Meta's Graph API.
    Graph = "graph",
    /// 360dialog's API.
    D360 = "d360",
}

/// Sets a callback: a new one, or in place of the app's last one of the same scope.
pub fn set(tx: &mut Tx, callback: &Callback, now: Timestamp) -> Result<SubscriptionId, StoreError> {
    let (scope, target) = scope_columns(&callback.scope);
    let fields = callback.fields.join(",");
    let headers = serde_json::to_string(&callback.headers).map_err(unreadable)?;
    let rest = (
        subscription::url.eq(&callback.url),
        subscription::verify_token.eq(&callback.verify_token),
        subscription::fields.eq(&fields),
        subscription::shape.eq(callback.shape.as_str()),
        subscription::dialect.eq(callback.dialect.as_str()),
        subscription::changed_at.eq(millis(now)),
        subscription::headers.eq(&headers),
    );
    let id = diesel::insert_into(subscription::table)
        .values((
            subscription::app_id.eq(callback.app.as_str()),
            subscription::scope.eq(scope),
            subscription::target.eq(target),
            rest,
        ))
        .on_conflict((
            subscription::app_id,
            subscription::scope,
            subscription::target,
        ))
        .do_update()
        .set(rest)
        .returning(subscription::id)
        .get_result::<i64>(&mut tx.connection)?;
    Ok(SubscriptionId(whole(id)))
}

/// The subscription of that id, if there is one.
pub fn find(tx: &mut Tx, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
    subscription::table
        .find(number(id.0))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// An app's callback of that scope, if it has one.
pub fn find_scope(
    tx: &mut Tx,
    app: &AppId,
    scope: &Scope,
) -> Result<Option<Subscription>, StoreError> {
    let (scope, target) = scope_columns(scope);
    subscription::table
        .filter(subscription::app_id.eq(app.as_str()))
        .filter(subscription::scope.eq(scope))
        .filter(subscription::target.eq(target))
        .first::<Raw>(&mut tx.connection)
        .optional()?
        .map(read)
        .transpose()
}

/// Every subscription, by id.
pub fn list(tx: &mut Tx) -> Result<Vec<Subscription>, StoreError> {
    subscription::table
        .order(subscription::id)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect()
}

/// Removes a subscription; says whether there was one. Its open deliveries are the caller's.
pub fn remove(tx: &mut Tx, id: SubscriptionId) -> Result<bool, StoreError> {
    let rows =
        diesel::delete(subscription::table.find(number(id.0))).execute(&mut tx.connection)?;
    Ok(rows > 0)
}

/// Who gets a webhook about `field` of a number: for each app that the account has subscribed, its
/// most specific callback, if that takes the field.
pub fn route(
    tx: &mut Tx,
    waba: &WabaId,
    number: &PhoneNumberId,
    field: &str,
) -> Result<Vec<Subscription>, StoreError> {
    let subscribed = waba_app::table
        .filter(waba_app::waba_id.eq(waba.as_str()))
        .select(waba_app::app_id);
    let rows = subscription::table
        .filter(subscription::app_id.eq_any(subscribed))
        .filter(subscription::target.eq_any(["", waba.as_str(), number.as_str()]))
        .order(subscription::app_id)
        .load::<Raw>(&mut tx.connection)?;
    let mut candidates = Vec::with_capacity(rows.len());
    for row in rows {
        let row = read(row)?;
        let fits = match &row.callback.scope {
            Scope::App => true,
            Scope::Waba(id) => id == waba,
            Scope::Number(id) => id == number,
        };
        if fits {
            candidates.push(row);
        }
    }
    Ok(most_specific(candidates, field))
}

/// Who gets a webhook about `field` of an account as a whole: for each app that the account has
/// subscribed, its callback for the account, else its own, if that takes the field.
pub fn route_account(
    tx: &mut Tx,
    waba: &WabaId,
    field: &str,
) -> Result<Vec<Subscription>, StoreError> {
    let subscribed = waba_app::table
        .filter(waba_app::waba_id.eq(waba.as_str()))
        .select(waba_app::app_id);
    let candidates = subscription::table
        .filter(subscription::app_id.eq_any(subscribed))
        .filter(
            subscription::scope.eq("app").or(subscription::scope
                .eq("waba")
                .and(subscription::target.eq(waba.as_str()))),
        )
        .order(subscription::app_id)
        .load::<Raw>(&mut tx.connection)?
        .into_iter()
        .map(read)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(most_specific(candidates, field))
}

/// Of candidates that are ordered by app, each app's most specific one, if it takes the field.
fn most_specific(candidates: Vec<Subscription>, field: &str) -> Vec<Subscription> {
    let mut chosen = Vec::new();
    for of_one_app in candidates.chunk_by(|a, b| a.callback.app == b.callback.app) {
        let own = of_one_app
            .iter()
            .find(|row| row.callback.scope == Scope::App);
        let Some(best) = of_one_app.iter().max_by_key(|row| &row.callback.scope) else {
            continue;
        };
        let fields = match (&best.callback.fields[..], own) {
            // 360dialog has no fields to choose from: it hands on all of them, and its own events.
            ([], Some(own)) if best.callback.dialect == Dialect::Graph => &own.callback.fields,
            _ => &best.callback.fields,
        };
        if fields.is_empty() || fields.iter().any(|taken| taken == field) {
            chosen.push(best.clone());
        }
    }
    chosen
}

fn scope_columns(scope: &Scope) -> (&'static str, &str) {
    match scope {
        Scope::App => ("app", ""),
        Scope::Waba(id) => ("waba", id.as_str()),
        Scope::Number(id) => ("number", id.as_str()),
    }
}

type Raw = (
    i64,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    i64,
    String,
);

fn read(raw: Raw) -> Result<Subscription, StoreError> {
    let (id, app, scope, target, url, verify_token, fields, shape, dialect, changed_at, headers) =
        raw;
    let scope = match scope.as_str() {
        "app" => Scope::App,
        "waba" => Scope::Waba(parse(&target)?),
        "number" => Scope::Number(parse(&target)?),
        other => return Err(StoreError::state("subscription.scope", other)),
    };
    let fields = fields
        .split(',')
        .filter(|field| !field.is_empty())
        .map(str::to_owned)
        .collect();
    Ok(Subscription {
        id: SubscriptionId(whole(id)),
        callback: Callback {
            app: parse(&app)?,
            scope,
            url,
            verify_token,
            fields,
            shape: parse(&shape)?,
            dialect: parse(&dialect)?,
            headers: serde_json::from_str(&headers).map_err(unreadable)?,
        },
        changed_at: moment(changed_at),
    })
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::State {
        column: "subscription.headers",
        reason: error.to_string(),
    }
}
