//! Who gets which webhooks, set without a handshake: for tests whose receiver is not up yet.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::subscriptions::{Callback, Dialect, Scope, Shape, Subscription as Row};
use types::{AppId, PhoneNumberId, SubscriptionId, WabaId};
use url::Url;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::subscriptions;

use super::Control;
use super::body::{Body, Named};
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};
use super::page::Page;
use crate::desk::{self, Refused, Turn};

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(remove))
}

/// Where an app wants webhooks, and which. Of an app's callbacks the most specific one is used: the
/// number's, else the account's, else the app's own.
#[derive(Debug, Serialize, ToSchema)]
struct Subscription {
    /// Its id.
    #[schema(value_type = u64)]
    id: SubscriptionId,
    /// The app whose secret signs.
    #[schema(value_type = String)]
    app_id: AppId,
    /// The account that it is for; null unless it is for one.
    #[schema(value_type = Option<String>)]
    waba_id: Option<WabaId>,
    /// The number that it is for; null unless it is for one.
    #[schema(value_type = Option<String>)]
    phone_number_id: Option<PhoneNumberId>,
    /// Where webhooks go.
    #[schema(example = "http://127.0.0.1:8000/webhook")]
    url: String,
    /// The webhook fields that it takes; empty for those of the app's own callback, or all.
    #[schema(example = json!(["calls"]))]
    fields: Vec<String>,
    /// How webhooks look: `rich` or `doc_exact`.
    #[schema(example = "rich")]
    shape: &'static str,
    /// In whose way it was set: `graph` or `d360`.
    #[schema(example = "graph")]
    dialect: &'static str,
    /// The names of headers that its webhooks carry besides; the values are not shown.
    #[schema(example = json!(["Authorization"]))]
    headers: Vec<String>,
    /// When it was last set, in milliseconds since the Unix epoch.
    changed_at_ms: u64,
}

/// A callback to set. With neither `waba_id` nor `phone_number_id` it is the app's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSubscription {
    /// The app whose secret signs; the only app may be left out.
    #[schema(value_type = Option<String>)]
    app_id: Option<AppId>,
    /// The account that it is for.
    #[schema(value_type = Option<String>)]
    waba_id: Option<WabaId>,
    /// The number that it is for.
    #[schema(value_type = Option<String>)]
    phone_number_id: Option<PhoneNumberId>,
    /// Where webhooks go: http or https.
    #[schema(example = "http://127.0.0.1:8000/webhook")]
    url: String,
    /// What a handshake would show to the receiver. None takes place here.
    #[serde(default)]
    verify_token: String,
    /// The webhook fields to take; empty for those of the app's own callback, or all.
    #[serde(default)]
    #[schema(example = json!(["calls"]))]
    fields: Vec<String>,
    /// How webhooks look: `rich` (the default) has every field that any client is known to need,
    /// `doc_exact` is as Meta's pages print them.
    #[serde(default)]
    shape: ShapeWord,
    /// Headers that its webhooks carry besides, by name, as 360dialog's do.
    #[serde(default)]
    #[schema(example = json!({"Authorization": "Basic YmVuOmJyZWFk"}))]
    headers: BTreeMap<String, String>,
}

/// How webhooks look.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ShapeWord {
    #[default]
    Rich,
    DocExact,
}

/// Lists the subscriptions.
#[utoipa::path(get, path = "/subscriptions", tag = "subscriptions",
    responses((status = 200, body = Page<Subscription>)))]
async fn list(State(control): State<Control>) -> Result<Json<Page<Subscription>>, ControlError> {
    let rows = control.desk.run(desk::subscriptions::list).await?;
    Ok(Json(Page::whole(
        rows.into_iter().map(Subscription::from).collect(),
    )))
}

/// Sets a callback, in place of the app's last one of the same scope. One for an account or a number
/// subscribes the app to the account as well; the app's own callback gets webhooks of the accounts
/// that have subscribed the app by other ways. The receiver is not asked: the handshake belongs to Meta's own ways of subscribing.
#[utoipa::path(post, path = "/subscriptions", tag = "subscriptions", request_body = NewSubscription,
    responses((status = 201, body = Subscription), (status = "4XX", body = ErrorBody)))]
async fn create(
    State(control): State<Control>,
    Body(new): Body<NewSubscription>,
) -> Result<(StatusCode, Json<Subscription>), ControlError> {
    let url = match Url::parse(&new.url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        Ok(_) | Err(_) => {
            let rule = "`url` is the whole address of a receiver, with http:// or https://.";
            return Err(ControlError::new(Code::BadBody, rule));
        }
    };
    subscriptions::check_fields(&new.fields)
        .and_then(|()| subscriptions::check_headers(&new.headers))
        .map_err(|error| ControlError::new(Code::BadBody, error.details))?;
    let scope = match (new.waba_id, new.phone_number_id) {
        (None, None) => Scope::App,
        (Some(waba), None) => Scope::Waba(waba),
        (None, Some(number)) => Scope::Number(number),
        (Some(_), Some(_)) => {
            let rule =
                "Say `waba_id` or `phone_number_id`, not both: the number names its account.";
            return Err(ControlError::new(Code::BadBody, rule));
        }
    };
    let shape = match new.shape {
        ShapeWord::Rich => Shape::Rich,
        ShapeWord::DocExact => Shape::DocExact,
    };
    let callback = move |app| Callback {
        app,
        scope,
        url: url.to_string(),
        verify_token: new.verify_token,
        fields: new.fields,
        shape,
        dialect: Dialect::Graph,
        headers: new.headers,
    };
    let row = control
        .desk
        .run(move |turn| set(turn, new.app_id, callback))
        .await?;
    Ok((StatusCode::CREATED, Json(Subscription::from(row))))
}

/// Removes a subscription. What was to be delivered to it is given up.
#[utoipa::path(delete, path = "/subscriptions/{id}", tag = "subscriptions",
    params(("id" = u64, Path, description = "The subscription")),
    responses((status = 204, description = "Removed"), (status = "4XX", body = ErrorBody)))]
async fn remove(
    State(control): State<Control>,
    Named(id): Named<SubscriptionId>,
) -> Result<StatusCode, ControlError> {
    control
        .desk
        .run(move |turn| desk::subscriptions::remove(turn, id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn set(
    turn: &mut Turn<'_>,
    app: Option<AppId>,
    callback: impl FnOnce(AppId) -> Callback,
) -> Result<Row, ControlError> {
    let app = match app {
        Some(app) => app,
        None => only_app(turn)?,
    };
    let callback = callback(app);
    let account = match &callback.scope {
        Scope::App => None,
        Scope::Waba(id) => Some(id.clone()),
        Scope::Number(id) => Some(desk::numbers::find(turn, id)?.waba),
    };
    if let Some(waba) = account {
        desk::subscriptions::subscribe_app(turn, &waba, &callback.app)?;
    }
    let id = desk::subscriptions::set(turn, &callback)?;
    Ok(desk::subscriptions::find(turn, id)?)
}

fn only_app(turn: &mut Turn<'_>) -> Result<AppId, ControlError> {
    match &store::apps::list(turn.tx).map_err(Refused::from)?[..] {
        [app] => Ok(app.id.clone()),
        apps => {
            let ids: Vec<&str> = apps.iter().map(|app| app.id.as_str()).collect();
            let rule = format!("Say `app_id`: one of {}.", ids.join(", "));
            Err(ControlError::new(Code::BadBody, rule))
        }
    }
}

impl From<Row> for Subscription {
    fn from(row: Row) -> Self {
        let (waba_id, phone_number_id) = match row.callback.scope {
            Scope::App => (None, None),
            Scope::Waba(waba) => (Some(waba), None),
            Scope::Number(number) => (None, Some(number)),
        };
        Self {
            id: row.id,
            app_id: row.callback.app,
            waba_id,
            phone_number_id,
            url: row.callback.url,
            fields: row.callback.fields,
            shape: row.callback.shape.as_str(),
            dialect: row.callback.dialect.as_str(),
            headers: row.callback.headers.into_keys().collect(),
            changed_at_ms: row.changed_at.as_millis(),
        }
    }
}
