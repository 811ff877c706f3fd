//! Whether calls would work.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro qualifies what it is given"
)]

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::answer::{ErrorBody, Problem};
use crate::doctor::Finding;

/// Where the platform should reach the gateway.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outside {
    /// The webhook endpoint's outer address, such as `https://calls.example.org/webhook`.
    #[param(value_type = Option<String>)]
    callback: Option<Url>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Findings {
    /// The findings, in the order in which things have to be mended.
    pub findings: Vec<Finding>,
}

/// Looks at token, number, settings, webhooks and media, and says what is wrong.
#[utoipa::path(
    get, path = "/doctor", tag = "doctor", params(Outside),
    responses(
        (status = 200, description = "What was found", body = Findings),
        (status = 400, description = "The request is wrong", body = ErrorBody),
    )
)]
pub(crate) async fn examine(
    State(api): State<Api>,
    outside: Result<Query<Outside>, QueryRejection>,
) -> Result<Json<Findings>, Problem> {
    let Query(outside) = outside.map_err(|error| Problem::bad_request(error.body_text()))?;
    let findings = api.doctor.examine(outside.callback.as_ref()).await;
    Ok(Json(Findings { findings }))
}
