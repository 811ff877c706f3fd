//! What the subscribers of an account hear of its templates.

use rules::template::Review;
use store::deliveries::Outgoing;
use store::subscriptions::{Dialect, Scope, Subscription};
use store::templates::TemplateRow;
use types::PhoneNumberId;
use wire::webhook::{TEMPLATE_STATUS_FIELD, TemplateEvent, TemplateNews};

use crate::desk::{Refused, Turn, deliveries};
use crate::notices::publish::shape;

/// Tells what a review came to, if it has.
pub(super) fn decided(turn: &mut Turn<'_>, row: &TemplateRow) -> Result<(), Refused> {
    match row.review {
        Review::Approved => send(turn, row, TemplateNews::Approved),
        Review::Rejected { reason } => send(turn, row, TemplateNews::Rejected(reason)),
        Review::Pending { .. } | Review::Paused | Review::Disabled => Ok(()),
    }
}

/// Tells what became of a template.
///
/// A delivery belongs to a business number, a template to none: it is sent in the name of the account's
/// first number. An account without numbers has nobody who could send templates, and hears nothing.
pub(super) fn send(
    turn: &mut Turn<'_>,
    row: &TemplateRow,
    news: TemplateNews,
) -> Result<(), Refused> {
    let event = TemplateEvent::new(
        row.waba.clone(),
        row.id.clone(),
        &row.template,
        turn.now,
        news,
    );
    for (number, subscriber) in subscribers(turn, row)? {
        let body = event.to_bytes(shape(&subscriber));
        let outgoing = Outgoing {
            subscription: subscriber.id,
            app: subscriber.callback.app,
            number,
            call: None,
            message: None,
            event: format!("template.{}", news.as_str()),
        };
        deliveries::add(turn, &outgoing, &body)?;
    }
    Ok(())
}

/// Who hears of an account's templates, each once: the callback for the account, else the app's own;
/// and every number's webhook that was set in 360dialog's way, which knows no other.
fn subscribers(
    turn: &mut Turn<'_>,
    row: &TemplateRow,
) -> Result<Vec<(PhoneNumberId, Subscription)>, Refused> {
    let mut found: Vec<(PhoneNumberId, Subscription)> = Vec::new();
    let numbers = store::numbers::list(turn.tx)?;
    let numbers: Vec<_> = numbers
        .into_iter()
        .filter(|number| number.waba == row.waba)
        .map(|number| number.id)
        .collect();
    if let Some(first) = numbers.first() {
        let wide = store::subscriptions::route_account(turn.tx, &row.waba, TEMPLATE_STATUS_FIELD)?;
        found.extend(wide.into_iter().map(|it| (first.clone(), it)));
    }
    for number in numbers {
        let route =
            store::subscriptions::route(turn.tx, &row.waba, &number, TEMPLATE_STATUS_FIELD)?;
        for subscriber in route {
            let is_own = matches!(subscriber.callback.scope, Scope::Number(_))
                && subscriber.callback.dialect == Dialect::D360;
            if is_own && found.iter().all(|(_, it)| it.id != subscriber.id) {
                found.push((number.clone(), subscriber));
            }
        }
    }
    Ok(found)
}
