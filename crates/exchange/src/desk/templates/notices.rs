//! What the subscribers of an account hear of its templates.

use rules::template::Review;
use store::deliveries::Outgoing;
use store::templates::TemplateRow;
use wire::webhook::{TEMPLATE_STATUS_FIELD, TemplateEvent, TemplateNews};

use crate::account_notices::subscribers_of_account;
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
    for (number, subscriber) in subscribers_of_account(turn, &row.waba, TEMPLATE_STATUS_FIELD)? {
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
