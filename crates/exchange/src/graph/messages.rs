//! `POST /{phone_number_id}/messages`: messages, and that one was read.

use axum::extract::{Path, State};
use wire::Dialect;

use super::refusals::number_id;
use crate::desk::auth;
use crate::door::answer::{Answer, Json};
use crate::door::ask::Ask;
use crate::door::{Door, messages};

pub(super) async fn take(State(door): State<Door>, Path(id): Path<String>, ask: Ask) -> Answer {
    let (token, id) = (ask.access_token()?, number_id(&id)?);
    let who = move |turn: &mut crate::Turn<'_>| auth::number_by_token(turn, &token, &id);
    Ok(Json(
        messages::take(&door, who, &ask, Dialect::Graph).await?,
    ))
}
