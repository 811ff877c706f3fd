//! Ids that the platform makes, from chance that is handed in. Opaque to everyone else.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::Rng;
use types::{Bsuid, CallId, Country, Direction, MessageId, PhoneNumber, TemplateId, WaId};

/// A call's id in the layout that live ones show: base64 of the user's digits, the direction, 32
/// hexadecimal digits of chance and the business's digits, with marks in between.
pub(crate) fn call_id(
    chance: &mut impl Rng,
    user: &WaId,
    business: &PhoneNumber,
    direction: Direction,
) -> CallId {
    let direction = match direction {
        Direction::BusinessInitiated => 0x11,
        Direction::UserInitiated => 0x12,
    };
    let mut layout = Vec::with_capacity(80);
    layout.extend([0x1c, 0x18, length(user.digits())]);
    layout.extend(user.digits().bytes());
    layout.extend([0x15, 0x02, 0x00, direction, 0x18, 0x20]);
    layout.extend(hex::encode_upper(bytes::<16>(chance)).bytes());
    layout.extend([0x1c, 0x18, length(business.digits())]);
    layout.extend(business.digits().bytes());
    layout.extend([0x15, 0x02, 0x00, 0x00]);
    format!("wacid.{}", STANDARD.encode(layout))
        .parse()
        .expect("base64 of some eighty bytes is an opaque id")
}

/// A message's id in the layout that live ones show: base64 of the user's digits, the direction and
/// twenty hexadecimal digits of chance, with marks in between.
pub(crate) fn message_id(chance: &mut impl Rng, user: &WaId, direction: Direction) -> MessageId {
    let direction = match direction {
        Direction::BusinessInitiated => 0x11,
        Direction::UserInitiated => 0x12,
    };
    let mut layout = Vec::with_capacity(48);
    layout.extend([0x1c, 0x18, length(user.digits())]);
    layout.extend(user.digits().bytes());
    layout.extend([0x15, 0x02, 0x00, direction, 0x18, 0x14]);
    layout.extend(hex::encode_upper(bytes::<10>(chance)).bytes());
    layout.push(0x00);
    format!("wamid.{}", STANDARD.encode(layout))
        .parse()
        .expect("base64 of some fifty bytes is an opaque id")
}

/// A business-scoped user id: the country and twenty digits.
pub(crate) fn bsuid(chance: &mut impl Rng, country: Country) -> Bsuid {
    let (high, low) = (
        chance.next_u64() % 9_000_000_000,
        chance.next_u64() % 10_000_000_000,
    );
    format!("{country}.{}{low:010}", 1_000_000_000 + high)
        .parse()
        .expect("a country and digits are such an id")
}

/// A template's id: fifteen digits, as Graph's are.
pub(crate) fn template_id(chance: &mut impl Rng) -> TemplateId {
    let digits = 100_000_000_000_000 + chance.next_u64() % 900_000_000_000_000;
    digits
        .to_string()
        .parse()
        .expect("fifteen digits are such an id")
}

/// What a phone shows to take its user's line: 128 bits.
pub(crate) fn phone_token(chance: &mut impl Rng) -> String {
    URL_SAFE_NO_PAD.encode(bytes::<16>(chance))
}

fn bytes<const N: usize>(chance: &mut impl Rng) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill_bytes(&mut bytes);
    bytes
}

/// Digits of E.164 are at most fifteen.
fn length(digits: &str) -> u8 {
    u8::try_from(digits.len()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
