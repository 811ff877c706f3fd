//! Whether something can be a template. The first fault counts, from name to buttons.

use types::limits::{
    TEMPLATE_BODY_CHARS_MAX, TEMPLATE_FOOTER_CHARS_MAX, TEMPLATE_HANDLE_CHARS_MAX,
    TEMPLATE_HEADER_CHARS_MAX, TEMPLATE_NAME_CHARS_MAX,
};
use types::template::{
    Category, Component, Examples, MediaFormat, MediaHeader, Template, TemplateText, VariableNames,
};

use super::buttons;
use super::fault::{Fault, FaultKind, Part, VariableFault};
use super::language::{LANGUAGES, nearest};
use super::variables::{Piece, number, pieces, variables};

/// Whether a template may be kept.
///
/// # Errors
///
/// With the first fault, from its name on in the order in which its parts are shown.
pub fn check(template: &Template) -> Result<(), Fault> {
    check_name(&template.name)?;
    check_language(&template.language)?;
    let parts = Parts::of(template)?;
    match parts.header {
        Some(Header::Text(header)) => check_header(header, template.variables)?,
        Some(Header::Media(header)) => check_media_header(header, template.category)?,
        None => {}
    }
    let body = parts
        .body
        .ok_or_else(|| fault(Part::Body, FaultKind::Missing))?;
    check_body(body, template.variables)?;
    if let Some(footer) = parts.footer {
        check_footer(footer)?;
    }
    if let Some(list) = parts.buttons {
        buttons::check(list)?;
    }
    if parts.asks_permission && template.category == Category::Authentication {
        return Err(fault(
            Part::PermissionRequest,
            FaultKind::NotInAuthentication,
        ));
    }
    Ok(())
}

/// The components by kind, each once at most.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) header: Option<Header<'a>>,
    pub(super) body: Option<&'a TemplateText>,
    pub(super) footer: Option<&'a str>,
    pub(super) buttons: Option<&'a [types::template::Button]>,
    pub(super) asks_permission: bool,
}

/// What stands above the body.
#[derive(Clone, Copy)]
pub(super) enum Header<'a> {
    Text(&'a TemplateText),
    Media(&'a MediaHeader),
}

impl<'a> Parts<'a> {
    pub(super) fn of(template: &'a Template) -> Result<Self, Fault> {
        let mut parts = Self::default();
        for component in &template.components {
            let (part, first) = match component {
                Component::Header(text) => {
                    let before = parts.header.replace(Header::Text(text));
                    (Part::Header, before.is_none())
                }
                Component::MediaHeader(header) => {
                    let before = parts.header.replace(Header::Media(header));
                    (Part::Header, before.is_none())
                }
                Component::Body(text) => (Part::Body, parts.body.replace(text).is_none()),
                Component::Footer(text) => (Part::Footer, parts.footer.replace(text).is_none()),
                Component::Buttons(list) => (Part::Buttons, parts.buttons.replace(list).is_none()),
                Component::PermissionRequest => {
                    let before = std::mem::replace(&mut parts.asks_permission, true);
                    (Part::PermissionRequest, !before)
                }
            };
            if !first {
                return Err(fault(part, FaultKind::Twice));
            }
        }
        Ok(parts)
    }
}

pub(super) fn fault(part: Part, kind: impl Into<FaultKind>) -> Fault {
    Fault {
        part,
        kind: kind.into(),
    }
}

/// Whether a text says something, and not too much of it.
pub(super) fn check_length(part: Part, text: &str, max: usize) -> Result<(), Fault> {
    let chars = text.chars().count();
    if text.trim().is_empty() {
        Err(fault(part, FaultKind::Empty))
    } else if chars > max {
        Err(fault(part, FaultKind::TooLong { chars, max }))
    } else {
        Ok(())
    }
}

/// Whether a text has no variable.
pub(super) fn check_fixed(part: Part, text: &str) -> Result<(), Fault> {
    match pieces(text) {
        Ok(pieces) if !pieces.iter().any(|it| matches!(it, Piece::Variable(_))) => Ok(()),
        Ok(_) | Err(_) => Err(fault(part, VariableFault::NotAllowed)),
    }
}

fn check_name(name: &str) -> Result<(), Fault> {
    check_length(Part::Name, name, TEMPLATE_NAME_CHARS_MAX)?;
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.bytes().all(fits) {
        Ok(())
    } else {
        Err(fault(Part::Name, FaultKind::BadName))
    }
}

fn check_language(code: &str) -> Result<(), Fault> {
    if LANGUAGES.contains(&code) {
        return Ok(());
    }
    let nearest = nearest(code);
    Err(fault(
        Part::Language,
        FaultKind::UnknownLanguage { nearest },
    ))
}

fn check_header(header: &TemplateText, names: VariableNames) -> Result<(), Fault> {
    let part = Part::Header;
    check_length(part, &header.text, TEMPLATE_HEADER_CHARS_MAX)?;
    check_variables(part, header, names, "example.header_text")?;
    if variables(&header.text).len() > HEADER_VARIABLES_MAX {
        let max = HEADER_VARIABLES_MAX;
        return Err(fault(part, VariableFault::TooMany { max }));
    }
    let plain = pieces(&header.text).unwrap_or_default();
    let plain = plain.iter().all(|piece| match piece {
        Piece::Plain(text) => is_plain(text) && !text.contains('*'),
        Piece::Variable(_) => true,
    });
    if plain {
        Ok(())
    } else {
        Err(fault(part, FaultKind::NotPlain))
    }
}

/// Codes come in plain text, and whoever reviews a picture, a film or a file wants to see one.
fn check_media_header(header: &MediaHeader, category: Category) -> Result<(), Fault> {
    let part = Part::Header;
    if category == Category::Authentication {
        return Err(fault(part, FaultKind::NotInAuthentication));
    }
    match (&header.handle, header.format) {
        (_, MediaFormat::Location) => Ok(()),
        (Some(handle), MediaFormat::Image | MediaFormat::Video | MediaFormat::Document)
            if !handle.trim().is_empty() =>
        {
            check_length(part, handle, TEMPLATE_HANDLE_CHARS_MAX)
        }
        (Some(_) | None, MediaFormat::Image | MediaFormat::Video | MediaFormat::Document) => {
            Err(fault(part, FaultKind::NoSample))
        }
    }
}

fn check_body(body: &TemplateText, names: VariableNames) -> Result<(), Fault> {
    let part = Part::Body;
    check_length(part, &body.text, TEMPLATE_BODY_CHARS_MAX)?;
    check_variables(part, body, names, "example.body_text")?;
    let pieces = pieces(body.text.trim()).unwrap_or_default();
    let at_the_edge = |piece: Option<&Piece<'_>>| matches!(piece, Some(Piece::Variable(_)));
    if at_the_edge(pieces.first()) || at_the_edge(pieces.last()) {
        return Err(fault(part, VariableFault::AtTheEdge));
    }
    Ok(())
}

fn check_footer(footer: &str) -> Result<(), Fault> {
    check_length(Part::Footer, footer, TEMPLATE_FOOTER_CHARS_MAX)?;
    check_fixed(Part::Footer, footer)?;
    if is_plain(footer) {
        Ok(())
    } else {
        Err(fault(Part::Footer, FaultKind::NotPlain))
    }
}

/// Whether the variables are called as they should be, and each has its example.
fn check_variables(
    part: Part,
    text: &TemplateText,
    names: VariableNames,
    key: &'static str,
) -> Result<(), Fault> {
    if pieces(&text.text).is_err() {
        return Err(fault(part, VariableFault::Malformed));
    }
    let found = variables(&text.text);
    match names {
        VariableNames::Positional => {
            let mut numbers = Vec::with_capacity(found.len());
            for name in &found {
                let number = number(name);
                numbers.push(number.ok_or_else(|| fault(part, VariableFault::Named))?);
            }
            let missing = (1..)
                .zip(0..found.len())
                .find(|(n, _)| !numbers.contains(n));
            if let Some((missing, _)) = missing {
                return Err(fault(part, VariableFault::NotConsecutive { missing }));
            }
        }
        VariableNames::Named => {
            if found.iter().any(|name| number(name).is_some()) {
                return Err(fault(part, VariableFault::Numbered));
            }
        }
    }
    check_examples(part, &text.examples, &found, names, key)
}

fn check_examples(
    part: Part,
    examples: &Examples,
    found: &[&str],
    names: VariableNames,
    key: &'static str,
) -> Result<(), Fault> {
    let wanted = found.len();
    let key = match (names, key) {
        (VariableNames::Positional, key) => key,
        (VariableNames::Named, _) if part == Part::Header => "example.header_text_named_params",
        (VariableNames::Named, _) => "example.body_text_named_params",
    };
    let mismatch = |given| Err(fault(part, VariableFault::Examples { wanted, given, key }));
    match (examples, names) {
        // Examples of variables that the text has not are of no harm: Meta's own sample of a header
        // has them.
        (_, _) if wanted == 0 => Ok(()),
        (Examples::ByPlace(given), VariableNames::Positional) => {
            let said = given.iter().filter(|it| !it.trim().is_empty()).count();
            if said == wanted && given.len() == wanted {
                Ok(())
            } else {
                mismatch(said)
            }
        }
        (Examples::ByName(given), VariableNames::Named) => {
            let has = |name: &str| {
                given
                    .iter()
                    .any(|(of, text)| of == name && !text.trim().is_empty())
            };
            match found.iter().find(|name| !has(name)) {
                None => Ok(()),
                Some(name) => Err(fault(
                    part,
                    VariableFault::NoExampleFor {
                        name: (*name).to_owned(),
                    },
                )),
            }
        }
        (Examples::None, _)
        | (Examples::ByPlace(_), VariableNames::Named)
        | (Examples::ByName(_), VariableNames::Positional) => mismatch(0),
    }
}

/// Whether a text has neither line breaks nor emojis.
fn is_plain(text: &str) -> bool {
    !text
        .chars()
        .any(|c| matches!(c, '\n' | '\r' | '\t') || is_emoji(c))
}

/// By the blocks of Unicode that hold pictures.
const fn is_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{2600}'..='\u{27BF}' | '\u{1F000}'..='\u{1FAFF}' | '\u{FE0F}' | '\u{20E3}'
    )
}

const HEADER_VARIABLES_MAX: usize = 1;
