//! `?fields=`: which parts of an object are answered, in Graph's syntax: names between commas, each with
//! modifiers such as `.limit(1)`, and with the parts of a part in braces.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use types::limits::FIELDS_DEPTH_MAX;

use crate::ApiError;
use crate::error::to_bytes;
use crate::json::shortened;

/// A kind of object, as Graph names it in refusals, and what may be asked of one besides the keys that it
/// has here.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// Its type.
    pub kind: &'static str,
    /// Fields that Meta's objects of this type can have, and none has here: they are left out, as Graph
    /// leaves out what is not set.
    pub unset: &'static [&'static str],
    /// What is a list of its own, with a path of its own.
    pub edges: &'static [&'static str],
}

/// An object with the fields that `?fields=a,b{c}` asks for, and its `id` in any case; whole without
/// `fields`.
///
/// # Errors
///
/// Code 100 that names what the object has not, or where `fields` cannot be read.
pub fn fields(
    object: &impl Serialize,
    fields: Option<&str>,
    node: &Node,
) -> Result<Vec<u8>, ApiError> {
    Ok(to_bytes(&picked(object, wishes(fields)?.as_deref(), node)?))
}

/// How `fields` asks for one of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Not at all.
    Not,
    /// Without saying which parts of it.
    Whole,
    /// With the parts of it in braces.
    InParts,
}

/// How `fields` asks for this one.
///
/// # Errors
///
/// Code 100 where `fields` cannot be read.
pub fn asked_for(fields: Option<&str>, name: &str) -> Result<Asked, ApiError> {
    let wishes = wishes(fields)?.unwrap_or_default();
    Ok(match wishes.iter().find(|wish| wish.name == name) {
        None => Asked::Not,
        Some(wish) if wish.parts.is_empty() => Asked::Whole,
        Some(_) => Asked::InParts,
    })
}

/// [`fields`], before it is bytes.
pub(crate) fn picked(
    object: &impl Serialize,
    wishes: Option<&[Wish]>,
    node: &Node,
) -> Result<Entries, ApiError> {
    let whole = to_bytes(object);
    let all: Entries = serde_json::from_slice(&whole).expect("what was just written is an object");
    let Some(wishes) = wishes else {
        return Ok(all);
    };
    let known = |name: &str| {
        name.is_empty() || all.0.iter().any(|(key, _)| key == name) || node.unset.contains(&name)
    };
    match wishes.iter().find(|wish| !known(&wish.name)) {
        None => Ok(all.picked(wishes)),
        Some(other) => Err(nonexisting(&other.name, &all, node)),
    }
}

fn nonexisting(name: &str, all: &Entries, node: &Node) -> ApiError {
    let hint = if node.edges.contains(&name) {
        format!("Ask for it by itself: GET /{{id}}/{name}.")
    } else {
        let keys = all.0.iter().map(|(key, _)| key.as_str());
        format!(
            "Its fields here are {}.",
            keys.collect::<Vec<_>>().join(", ")
        )
    };
    let kind = node.kind;
    ApiError::parameter(format!(
        "Tried accessing nonexisting field ({name}) on node type ({kind}). {hint}"
    ))
}

/// A field that is asked for, and the parts of it; all if none is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    name: String,
    parts: Vec<Self>,
}

/// What `fields` asks for; nothing where it is not there.
pub(crate) fn wishes(fields: Option<&str>) -> Result<Option<Vec<Wish>>, ApiError> {
    fields.map(|text| Reader { text, at: 0 }.read()).transpose()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn read(mut self) -> Result<Vec<Wish>, ApiError> {
        // The lists that are not closed yet, the innermost last.
        let mut open: Vec<Vec<Wish>> = vec![Vec::new()];
        loop {
            let name = self.name();
            let wish = Wish {
                name,
                parts: Vec::new(),
            };
            open.last_mut()
                .ok_or_else(|| self.unreadable("a brace"))?
                .push(wish);
            self.modifiers()?;
            match self.next() {
                None if open.len() == 1 => return Ok(open.remove(0)),
                None => return Err(self.unreadable("the end, and a brace is open")),
                Some(',') => {}
                Some('{') if open.len() < FIELDS_DEPTH_MAX => open.push(Vec::new()),
                Some('{') => return Err(self.unreadable("one brace too many")),
                Some('}') => self.close(&mut open)?,
                Some(_) => return Err(self.unreadable("no name, comma or brace")),
            }
        }
    }

    /// Closes the innermost list, and those that end right behind it.
    fn close(&mut self, open: &mut Vec<Vec<Wish>>) -> Result<(), ApiError> {
        loop {
            let (Some(parts), Some(outer)) = (open.pop(), open.last_mut()) else {
                return Err(self.unreadable("a brace that closes nothing"));
            };
            if let Some(wish) = outer.last_mut() {
                wish.parts = parts;
            }
            if !self.rest().starts_with('}') {
                break;
            }
            self.next();
        }
        if self.rest().starts_with(',') {
            self.next();
        }
        Ok(())
    }

    /// `.limit(1)` and the like, which nothing here heeds.
    fn modifiers(&mut self) -> Result<(), ApiError> {
        while self.rest().starts_with('.') {
            self.next();
            self.name();
            if !self.rest().starts_with('(') {
                continue;
            }
            match self.rest().find(')') {
                Some(end) => self.at = self.text.len() - self.rest().len() + end + 1,
                None => return Err(self.unreadable("a parenthesis that nothing closes")),
            }
        }
        Ok(())
    }

    fn name(&mut self) -> String {
        let rest = self.rest();
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        self.at = self.text.len() - rest.len() + end;
        name
    }

    fn next(&mut self) -> Option<char> {
        let rest = self.rest();
        let next = rest.chars().next()?;
        self.at = self.text.len() - rest.len() + next.len_utf8();
        Some(next)
    }

    /// What is not read yet, from its first character that is no blank.
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default().trim_start()
    }

    fn unreadable(&self, found: &str) -> ApiError {
        ApiError::parameter(format!(
            "fields is {}, and has {found} at character {}. Send names between commas, with their parts \
             in braces, such as \"id,throughput{{level}}\".",
            shortened(self.text),
            self.text[..self.at].chars().count()
        ))
    }
}

/// An object's entries in the order of the wire.
pub(crate) struct Entries(Vec<(String, Box<RawValue>)>);

impl Entries {
    fn picked(self, wishes: &[Wish]) -> Self {
        let kept = self.0.into_iter().filter_map(|(key, value)| {
            match wishes.iter().find(|wish| wish.name == key) {
                Some(wish) if !wish.parts.is_empty() => Some((key, parts_of(value, &wish.parts))),
                Some(_) => Some((key, value)),
                None => (key == "id").then_some((key, value)),
            }
        });
        Self(kept.collect())
    }
}

/// The parts of a value: of an object, of every object in a list, and of the entries of an edge, whose
/// pages stay.
fn parts_of(value: Box<RawValue>, wishes: &[Wish]) -> Box<RawValue> {
    if let Ok(items) = serde_json::from_str::<Vec<Box<RawValue>>>(value.get()) {
        let items: Vec<_> = items.into_iter().map(|it| parts_of(it, wishes)).collect();
        return raw(&items);
    }
    let Ok(mut entries) = serde_json::from_str::<Entries>(value.get()) else {
        return value;
    };
    let of_edge = entries.0.iter().position(|(key, _)| key == "data");
    match of_edge {
        Some(at) => {
            let (key, data) = entries.0.remove(at);
            entries.0.insert(at, (key, parts_of(data, wishes)));
            raw(&entries)
        }
        None => raw(&entries.picked(wishes)),
    }
}

fn raw(it: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(it).expect("what was just read is JSON")
}

impl Serialize for Entries {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntryReader;

        impl<'de> Visitor<'de> for EntryReader {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(EntryReader)
    }
}

#[cfg(test)]
mod tests;
