//! From what a business says to what a phone shows, as far as the business may say it.

use std::time::Duration;

use rules::admission;
use rules::consent::{How, RequestPass};
use rules::template::FilledButton;
use rules::window::Window;
use store::numbers::Number;
use types::template::{Category, TemplateCall};
use wire::messages::{CallButton, Content};
use wire::webhook::PricingCategory;

use super::super::{Refused, Turn, consents, templates};
use super::send::Addressee;
use super::shown::{Shown, ShownButton, ShownCallButton};

/// A message as it will be kept.
pub(super) struct Composed {
    /// What it shows.
    pub(super) shown: Shown,
    /// That it may ask for a permission, if it does.
    pub(super) pass: Option<RequestPass>,
    /// What it is in the eyes of whoever bills it.
    pub(super) category: PricingCategory,
    /// Whether a picture, a film or a file stands above it.
    pub(super) has_media: bool,
    /// Whether it needs an open window.
    pub(super) is_free_form: bool,
}

pub(super) fn compose(
    turn: &mut Turn<'_>,
    number: &Number,
    to: &Addressee,
    window: &Window,
    content: Content,
) -> Result<Composed, Refused> {
    match content {
        Content::Text { body, .. } => Ok(free_form(Shown::Text { body })),
        Content::PermissionRequest { body } => {
            let pass = may_request(turn, number, to, How::FreeForm(*window))?;
            Ok(Composed {
                pass,
                ..free_form(Shown::CallPermissionRequest { body })
            })
        }
        Content::CallButton { body, button } => {
            may_send_button(turn, number)?;
            let button = call_button(turn, button);
            Ok(free_form(Shown::VoiceCall { body, button }))
        }
        Content::Template(call) => template(turn, number, to, call),
    }
}

/// A template needs no open window; one that asks for a permission needs what every request needs.
fn template(
    turn: &mut Turn<'_>,
    number: &Number,
    to: &Addressee,
    call: TemplateCall,
) -> Result<Composed, Refused> {
    let filled = templates::filled(turn, number, &call)?;
    // Meta sends codes to numbers alone (code 131062).
    if filled.category == Category::Authentication && to.by_bsuid {
        return Err(Refused::BsuidNotSupported);
    }
    let calls = |button: &FilledButton| matches!(button, FilledButton::VoiceCall { .. });
    if filled.buttons.iter().any(calls) {
        may_send_button(turn, number)?;
    }
    let pass = if filled.asks_permission {
        may_request(turn, number, to, How::Template)?
    } else {
        None
    };
    let buttons = filled.buttons.into_iter();
    let buttons = buttons.map(|it| template_button(turn, it)).collect();
    Ok(Composed {
        shown: Shown::Template {
            name: call.name,
            language: call.language,
            header: filled.header,
            body: filled.body,
            footer: filled.footer,
            buttons,
            asks_permission: filled.asks_permission,
        },
        pass,
        category: match filled.category {
            Category::Authentication => PricingCategory::Authentication,
            Category::Marketing => PricingCategory::Marketing,
            Category::Utility => PricingCategory::Utility,
        },
        has_media: filled.has_media,
        is_free_form: false,
    })
}

fn template_button(turn: &Turn<'_>, button: FilledButton) -> ShownButton {
    match button {
        FilledButton::VoiceCall {
            text,
            ttl_minutes,
            payload,
        } => ShownButton::VoiceCall(call_button(
            turn,
            CallButton {
                display_text: text,
                ttl_minutes,
                payload,
            },
        )),
        FilledButton::Url { text, url } => ShownButton::Url { text, url },
        FilledButton::PhoneNumber { text, .. } | FilledButton::QuickReply { text, .. } => {
            ShownButton::Other { text }
        }
    }
}

fn free_form(shown: Shown) -> Composed {
    Composed {
        shown,
        pass: None,
        category: PricingCategory::Service,
        has_media: false,
        is_free_form: true,
    }
}

/// The proof that a user may be asked; nothing is kept of somebody who is not on WhatsApp, and the
/// message that asks them fails like any other.
fn may_request(
    turn: &mut Turn<'_>,
    number: &Number,
    to: &Addressee,
    how: How,
) -> Result<Option<RequestPass>, Refused> {
    let facts = match &to.user {
        Some(user) => consents::outbound(turn, number, user)?,
        None => consents::facts_of_stranger(turn, number)?,
    };
    let pass = facts
        .outbound()
        .may_request(turn.now, turn.preset, how)
        .map_err(|why| Refused::no_request(why, &turn.preset.errors))?;
    Ok(to.user.is_some().then_some(pass))
}

/// A button calls a number that takes calls, from a country whose numbers may send one.
fn may_send_button(turn: &Turn<'_>, number: &Number) -> Result<(), Refused> {
    if !number.settings.enabled {
        return Err(admission::Refusal::CallingDisabled.into());
    }
    let excluded = &turn.preset.eligibility.no_call_button_countries;
    match number.country.filter(|country| excluded.contains(country)) {
        Some(country) => Err(Refused::NoButtonsFrom { country }),
        None => Ok(()),
    }
}

fn call_button(turn: &Turn<'_>, button: CallButton) -> ShownCallButton {
    let works_for = Duration::from_mins(button.ttl_minutes.into());
    ShownCallButton {
        text: button.display_text,
        payload: button.payload,
        expires_at_ms: (turn.now + works_for).as_millis(),
    }
}
