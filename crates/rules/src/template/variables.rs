//! Variables in a text: `{{1}}`, or `{{order_number}}`.

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// As it stands.
    Plain(&'a str),
    /// A variable, by what stands between its braces.
    Variable(&'a str),
}

/// Two opening braces that no variable follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// Takes a text apart. Nothing in it is lost: the pieces make the text again.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Malformed> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((plain, after)) = rest.split_once(OPEN) {
        let (name, behind) = after.split_once(CLOSE).ok_or(Malformed)?;
        if !is_name(name) {
            return Err(Malformed);
        }
        if !plain.is_empty() {
            pieces.push(Piece::Plain(plain));
        }
        pieces.push(Piece::Variable(name));
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Plain(rest));
    }
    Ok(pieces)
}

/// The variables of a text, each once, in the order in which they first stand there. Of a text that
/// cannot be taken apart, none.
pub(super) fn variables(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for piece in pieces(text).unwrap_or_default() {
        match piece {
            Piece::Variable(name) if !found.contains(&name) => found.push(name),
            Piece::Variable(_) | Piece::Plain(_) => {}
        }
    }
    found
}

/// The number that a variable is called by: no sign, no zero in front.
pub(super) fn number(name: &str) -> Option<u32> {
    let number = name.parse().ok()?;
    (number > 0 && !name.starts_with(['0', '+'])).then_some(number)
}

/// Lower-case letters, digits and underscores, beginning with a letter or an underscore; or a number.
fn is_name(name: &str) -> bool {
    let of_a_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    match name.as_bytes() {
        [] => false,
        [first, ..] if first.is_ascii_digit() => number(name).is_some(),
        letters => letters.iter().copied().all(of_a_name),
    }
}

const OPEN: &str = "{{";
const CLOSE: &str = "}}";
