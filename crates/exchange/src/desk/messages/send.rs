//! A business sends a message.
//!
//! What the platform can know at once it refuses at once; that the customer-service window is closed,
//! or that the user is not there, it says as Meta does: by a `failed` status of a message that was
//! taken. A call permission request is the exception, of which its rules are asked at once.

use rules::consent::{Input, RequestPass};
use rules::fault::{Kind, Sending};
use rules::message::{self, Failure, Message};
use rules::reach;
use rules::window::Window;
use store::messages::{MessageRow, Writer};
use store::numbers::Number;
use store::users::User;
use types::{Direction, MessageId, WaId};
use wire::Recipient;
use wire::messages::{Contact, Content, NewMessage};
use wire::webhook::{Pricing, PricingCategory};

use super::super::auth::Acting;
use super::super::{Refused, Turn, accounts, consents, faults, users};
use super::compose::{self, Composed};
use super::{course, fate, find_of, pricing, rates};
use crate::ids;

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Whom it is for.
    pub contact: Contact,
    /// Its id.
    pub message: MessageId,
    /// Whether it is a template.
    pub is_template: bool,
}

/// Whom a message is for.
pub(super) struct Addressee {
    /// The digits.
    pub(super) wa_id: WaId,
    /// The user, if there is one with these digits.
    pub(super) user: Option<User>,
    /// Whether the business knows them by their business-scoped id alone.
    pub(super) by_bsuid: bool,
}

/// Takes a message of a business. It arrives at once where a phone of the user takes it.
///
/// # Errors
///
/// [`Refused::UnknownUser`] for a business-scoped id that nobody has;
/// [`Refused::RecipientIsSender`], [`Refused::Account`], [`Refused::Reach`], [`Refused::TooManyMessages`],
/// [`Refused::TooManyToUser`]; [`Refused::UnknownMessage`] for an answer to none of the two;
/// [`Refused::NoRequest`] for a call permission request; what a call button or a template is refused
/// for.
pub fn send(turn: &mut Turn<'_>, acting: &Acting, new: NewMessage) -> Result<Sent, Refused> {
    let number = acting.number();
    let to = addressee(turn, &new.to)?;
    admit(turn, number, &to)?;
    rates::count(turn, &number.id, &to.wa_id)?;
    if let Some(reply_to) = &new.reply_to
        && find_of(turn, &to.wa_id, reply_to)?.number != number.id
    {
        return Err(Refused::UnknownMessage);
    }
    let window = consents::window(turn, &number.id, &to.wa_id)?;
    let standing = accounts::standing(turn, &number.waba)?;
    standing.may_send(turn.now, window.is_open(turn.now, &turn.preset.consent))?;
    let kind = new.content.word();
    let is_template = matches!(new.content, Content::Template(_));
    let composed = compose::compose(turn, number, &to, &window, new.content)?;
    let pricing = Pricing {
        category: composed.category,
        free_customer_service: is_free(turn, &window, composed.category),
    };
    let unpaid = standing.payment_missing && !pricing.free_customer_service;
    let failure =
        failure(turn, &to, &window, &composed).or_else(|| unpaid.then_some(Failure::PaymentIssue));
    let id = ids::message_id(turn.chance, &to.wa_id, Direction::BusinessInitiated);
    let struck = match failure {
        None => faults::on_sending(turn, &number.id, &to.wa_id, &id, kind_of(&composed))?,
        Some(_) => None,
    };
    let message = match (failure, struck) {
        (Some(failure), _) | (None, Some((failure, Sending::Before))) => {
            Message::failed(turn.now, failure)
        }
        (None, Some((_, Sending::After)) | None) => Message::sent(turn.now, &turn.preset.consent),
    };
    let mut row = MessageRow {
        id,
        number: number.id.clone(),
        wa_id: to.wa_id.clone(),
        from: Writer::Business,
        kind: kind.to_owned(),
        body: composed.shown.to_json(),
        reply_to: new.reply_to,
        callback_data: new.callback_data,
        pricing: Some(pricing::write(pricing)),
        created_at: turn.now,
        state: message.state(),
    };
    keep(turn, number, &mut row, message, composed.pass)?;
    let is_there = to.user.as_ref().is_some_and(|user| user.online);
    match struck {
        Some((failure, Sending::After)) => {
            course::step(turn, &mut row, message::Input::Undeliverable(failure))?;
        }
        None if failure.is_none() && is_there => {
            course::step(turn, &mut row, message::Input::Arrived)?;
        }
        Some((_, Sending::Before)) | None => {}
    }
    Ok(Sent {
        contact: Contact {
            input: new.input,
            wa_id: to.wa_id,
            user_id: to.user.map(|user| user.bsuid),
        },
        message: row.id,
        is_template,
    })
}

/// What a message is, as far as armed faults tell it apart.
fn kind_of(composed: &Composed) -> Kind {
    Kind {
        is_template: !composed.is_free_form,
        is_marketing: composed.category == PricingCategory::Marketing,
        has_media: composed.has_media,
    }
}

/// In an open window answers cost nothing, and neither do templates about something that the user has
/// agreed to.
fn is_free(turn: &Turn<'_>, window: &Window, category: PricingCategory) -> bool {
    match category {
        PricingCategory::Service | PricingCategory::Utility => {
            window.is_open(turn.now, &turn.preset.consent)
        }
        PricingCategory::Marketing | PricingCategory::Authentication => false,
    }
}

/// Saves a new message. The ledger hears of a request before anything becomes of it.
fn keep(
    turn: &mut Turn<'_>,
    number: &Number,
    row: &mut MessageRow,
    message: Message,
    pass: Option<RequestPass>,
) -> Result<(), Refused> {
    store::messages::insert(turn.tx, row)?;
    if let Some(pass) = pass {
        let request = row.id.clone();
        consents::feed(turn, number, &row.wa_id, Input::Requested { pass, request })?;
    }
    course::carry_out(turn, number, row, message)
}

/// Somebody who is not on WhatsApp has a number all the same, and a message to them fails later; of
/// an id that nobody has there is nothing to keep.
fn addressee(turn: &mut Turn<'_>, to: &Recipient) -> Result<Addressee, Refused> {
    match (users::by_recipient(turn, to), to) {
        (Ok(user), _) => Ok(Addressee {
            wa_id: user.wa_id.clone(),
            user: Some(user),
            by_bsuid: matches!(to, Recipient::Bsuid(_)),
        }),
        (Err(Refused::UnknownUser), Recipient::WaId(wa_id)) => Ok(Addressee {
            wa_id: wa_id.clone(),
            user: None,
            by_bsuid: false,
        }),
        (Err(other), _) => Err(other),
    }
}

fn admit(turn: &mut Turn<'_>, number: &Number, to: &Addressee) -> Result<(), Refused> {
    if to.wa_id == number.display {
        return Err(Refused::RecipientIsSender);
    }
    let listed = turn.preset.eligibility.allow_list_max.is_some();
    if listed && !store::recipients::contains(turn.tx, &number.id, &to.wa_id)? {
        return Err(reach::Refusal::NotOnAllowList.into());
    }
    Ok(())
}

/// What keeps a message that was taken from its user.
fn failure(
    turn: &Turn<'_>,
    to: &Addressee,
    window: &Window,
    composed: &Composed,
) -> Option<Failure> {
    let bar = match &to.user {
        None => Some(Failure::NotOnWhatsApp),
        Some(user) => fate::bar_now(user, &composed.shown),
    };
    if bar.is_some() {
        return bar;
    }
    let closed = !window.is_open(turn.now, &turn.preset.consent);
    (composed.is_free_form && closed).then_some(Failure::WindowClosed)
}
