//! A webhook on its way into the outbox: once for each subscriber of its field.

use store::deliveries::Outgoing;
use store::numbers::Number;
use store::subscriptions::{Shape, Subscription};
use types::{CallId, MessageId};
use wire::webhook;

use crate::desk::{Refused, Turn, deliveries};

/// What a webhook is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    /// The business number.
    pub(crate) number: &'a Number,
    /// The call, if there is one: its webhooks are sent in their order.
    pub(crate) call: Option<&'a CallId>,
    /// The message, if there is one: its webhooks are sent in their order.
    pub(crate) message: Option<&'a MessageId>,
    /// The webhook field.
    pub(crate) field: &'a str,
    /// What happened, for listings of deliveries.
    pub(crate) event: &'a str,
}

/// Puts a webhook into the outbox for each subscriber of its field that `body` has bytes for.
///
/// # Errors
///
/// When the records cannot be read or written.
pub(crate) fn publish(
    turn: &mut Turn<'_>,
    about: About<'_>,
    mut body: impl FnMut(&Subscription) -> Option<Vec<u8>>,
) -> Result<(), Refused> {
    let number = about.number;
    let subscribers = store::subscriptions::route(turn.tx, &number.waba, &number.id, about.field)?;
    for subscriber in subscribers {
        let Some(bytes) = body(&subscriber) else {
            continue;
        };
        let outgoing = Outgoing {
            subscription: subscriber.id,
            app: subscriber.callback.app,
            number: number.id.clone(),
            call: about.call.cloned(),
            message: about.message.cloned(),
            event: about.event.to_owned(),
        };
        deliveries::add(turn, &outgoing, &bytes)?;
    }
    Ok(())
}

/// The shape of webhooks that a subscriber wants.
pub(crate) const fn shape(subscriber: &Subscription) -> webhook::Shape {
    match subscriber.callback.shape {
        Shape::Rich => webhook::Shape::Rich,
        Shape::DocExact => webhook::Shape::DocExact,
    }
}
