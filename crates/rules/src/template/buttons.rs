//! The buttons of a template: which there may be, and next to which.

use types::limits::{
    BUTTON_TEXT_CHARS_MAX, BUTTON_TTL_MINUTES_MAX, TEMPLATE_BUTTON_TEXT_CHARS_MAX,
    TEMPLATE_BUTTON_TTL_MINUTES_MIN, TEMPLATE_BUTTONS_MAX, TEMPLATE_PHONE_NUMBER_CHARS_MAX,
    TEMPLATE_URL_BUTTONS_MAX, TEMPLATE_URL_CHARS_MAX,
};
use types::template::Button;

use super::check::{check_fixed, check_length, fault};
use super::fault::{ButtonFault, Fault, FaultKind, Part, VariableFault};
use super::variables::{Piece, pieces};

pub(super) fn check(buttons: &[Button]) -> Result<(), Fault> {
    if buttons.is_empty() {
        return Err(fault(Part::Buttons, FaultKind::Empty));
    }
    at_most(buttons.len(), "buttons", TEMPLATE_BUTTONS_MAX)?;
    for (place, button) in buttons.iter().enumerate() {
        check_button(Part::Button(place), button)?;
    }
    let count = |kind: &str| buttons.iter().filter(|it| it.kind() == kind).count();
    at_most(count("VOICE_CALL"), "buttons of the type VOICE_CALL", 1)?;
    at_most(count("PHONE_NUMBER"), "buttons of the type PHONE_NUMBER", 1)?;
    at_most(
        count("URL"),
        "buttons of the type URL",
        TEMPLATE_URL_BUTTONS_MAX,
    )?;
    let is_reply = |button: &Button| matches!(button, Button::QuickReply { .. });
    let changes = buttons
        .windows(2)
        .filter(|pair| is_reply(&pair[0]) != is_reply(&pair[1]));
    if changes.count() > 1 {
        return Err(fault(Part::Buttons, ButtonFault::RepliesApart));
    }
    Ok(())
}

/// Whether an address ends in a variable.
pub(super) fn has_variable(url: &str) -> bool {
    let pieces = pieces(url).unwrap_or_default();
    pieces.iter().any(|it| matches!(it, Piece::Variable(_)))
}

fn check_button(part: Part, button: &Button) -> Result<(), Fault> {
    let chars_max = match button {
        Button::VoiceCall { .. } => BUTTON_TEXT_CHARS_MAX,
        Button::Url { .. } | Button::PhoneNumber { .. } | Button::QuickReply { .. } => {
            TEMPLATE_BUTTON_TEXT_CHARS_MAX
        }
    };
    check_length(part, button.text(), chars_max)?;
    check_fixed(part, button.text())?;
    match button {
        Button::VoiceCall { ttl_minutes, .. } => check_ttl(part, *ttl_minutes),
        Button::Url { url, example, .. } => check_address(part, url, example.as_deref()),
        Button::PhoneNumber { phone_number, .. } => check_phone_number(part, phone_number),
        Button::QuickReply { .. } => Ok(()),
    }
}

fn check_ttl(part: Part, ttl_minutes: Option<u32>) -> Result<(), Fault> {
    let (min, max) = (TEMPLATE_BUTTON_TTL_MINUTES_MIN, BUTTON_TTL_MINUTES_MAX);
    match ttl_minutes {
        Some(given) if !(min..=max).contains(&given) => {
            Err(fault(part, ButtonFault::Ttl { given, min, max }))
        }
        Some(_) | None => Ok(()),
    }
}

fn check_address(part: Part, url: &str, example: Option<&str>) -> Result<(), Fault> {
    check_length(part, url, TEMPLATE_URL_CHARS_MAX)?;
    let behind = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = behind.filter(|it| !it.starts_with(['/', '?', '#', '{']));
    let fits = |c: char| !c.is_whitespace() && !c.is_control();
    if host.is_none_or(str::is_empty) || !url.chars().all(fits) {
        return Err(fault(part, ButtonFault::BadAddress));
    }
    let pieces = pieces(url).map_err(|_| fault(part, ButtonFault::AddressVariable))?;
    match pieces[..] {
        [Piece::Plain(_)] => Ok(()),
        [Piece::Plain(_), Piece::Variable("1")] if example.is_some_and(|it| !it.is_empty()) => {
            Ok(())
        }
        [Piece::Plain(_), Piece::Variable("1")] => Err(fault(
            part,
            VariableFault::Examples {
                wanted: 1,
                given: 0,
                key: "example",
            },
        )),
        _ => Err(fault(part, ButtonFault::AddressVariable)),
    }
}

fn check_phone_number(part: Part, number: &str) -> Result<(), Fault> {
    check_length(part, number, TEMPLATE_PHONE_NUMBER_CHARS_MAX)?;
    let digits = number.strip_prefix('+').unwrap_or(number);
    let fits = |b: u8| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'(' | b')');
    if digits.bytes().all(fits) && digits.bytes().any(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err(fault(part, ButtonFault::BadPhoneNumber))
    }
}

fn at_most(count: usize, of: &'static str, max: usize) -> Result<(), Fault> {
    if count > max {
        Err(fault(Part::Buttons, ButtonFault::TooMany { of, max }))
    } else {
        Ok(())
    }
}
