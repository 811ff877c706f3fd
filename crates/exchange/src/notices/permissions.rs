//! What a business is told of a user's permission: Meta's reply for whoever takes the field `messages`,
//! and for whoever subscribed in 360dialog's way its flat event besides.

use std::collections::BTreeSet;

use rules::consent::{Notice, Response, Source};
use store::numbers::Number;
use store::subscriptions::Dialect;
use types::{Direction, WaId};
use wire::webhook::{self, FlatPermission, PermissionReply, PermissionResponse};

use super::publish::{About, publish, shape};
use super::{contact, line};
use crate::desk::{Refused, Turn, users};
use crate::ids;

/// Puts a notice into the outbox.
pub(crate) fn send(
    turn: &mut Turn<'_>,
    number: &Number,
    wa_id: &WaId,
    notice: &Notice,
) -> Result<(), Refused> {
    if let Some(response) = notice.response() {
        reply(turn, number, wa_id, notice, response)?;
    }
    flat(turn, number, wa_id, notice)
}

fn reply(
    turn: &mut Turn<'_>,
    number: &Number,
    wa_id: &WaId,
    notice: &Notice,
    response: Response,
) -> Result<(), Refused> {
    let reply = PermissionReply {
        line: line(number),
        user: contact(users::find(turn, wa_id)?),
        id: ids::message_id(turn.chance, wa_id, Direction::UserInitiated),
        at: turn.now,
        about: about(notice),
        response: match response {
            Response::Accept { until } => PermissionResponse::Accept { until },
            Response::Reject => PermissionResponse::Reject,
        },
        automatic: notice.is_automatic(),
    };
    let about = About {
        number,
        message: match &reply.about {
            Some(webhook::About::Request(request)) => Some(request),
            Some(webhook::About::Call(_)) | None => None,
        },
        call: match &reply.about {
            Some(webhook::About::Call(call)) => Some(call),
            Some(webhook::About::Request(_)) | None => None,
        },
        field: PermissionReply::FIELD,
        event: match response {
            Response::Accept { .. } => "permission.accept",
            Response::Reject => "permission.reject",
        },
    };
    publish(turn, about, |subscriber| {
        Some(reply.to_bytes(shape(subscriber)))
    })
}

fn flat(
    turn: &mut Turn<'_>,
    number: &Number,
    wa_id: &WaId,
    notice: &Notice,
) -> Result<(), Refused> {
    let event = FlatPermission {
        waba_id: number.waba.clone(),
        recipient: wa_id.clone(),
        status: notice.flat_status().as_str(),
    };
    // Whoever takes messages at 360dialog gets it, and whoever takes it alone, by its own name.
    let mut told = BTreeSet::new();
    for field in [PermissionReply::FIELD, FlatPermission::FIELD] {
        let about = About {
            number,
            call: None,
            message: None,
            field,
            event: FlatPermission::FIELD,
        };
        publish(turn, about, |subscriber| {
            let at_360dialog = subscriber.callback.dialect == Dialect::D360;
            (at_360dialog && told.insert(subscriber.id)).then(|| event.to_bytes())
        })?;
    }
    Ok(())
}

/// What the notice answers, as its `context` names it.
fn about(notice: &Notice) -> Option<webhook::About> {
    match notice {
        Notice::Granted { source, .. } => match source {
            Source::Request(request) => Some(webhook::About::Request(request.clone())),
            Source::Call(call) => Some(webhook::About::Call(call.clone())),
            Source::Profile | Source::Operator => None,
        },
        Notice::Declined { request, .. } => Some(webhook::About::Request(request.clone())),
        Notice::Withdrawn | Notice::RevokedUnanswered | Notice::Lapsed => None,
    }
}
