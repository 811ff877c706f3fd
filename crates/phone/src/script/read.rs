//! From TOML or JSON to a script, one key at a time, so that every error names its key.

use std::path::PathBuf;
use std::time::Duration;

use media::dtmf::Digits;
use serde_json::{Map, Value};
use types::limits::{PHONE_SCRIPT_STEPS_MAX, PHONE_SCRIPT_WAIT_MAX};

use super::nearest::nearest;
use super::{Dial, Script, Speech, Step, WhenRinging};

mod chatting;

/// Where a script comes from: what may be in it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptSource {
    /// A file of the person who runs the phone.
    File,
    /// A request to the control API: it writes no files on the exchange's machine.
    Api,
}

/// Why a script is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// Not TOML at all.
    #[error("the script is not TOML: {0}")]
    NotToml(String),
    /// Not a table of keys.
    #[error("a script is a table of keys such as answer_after_ms, not {found}")]
    NotATable {
        /// What it is instead.
        found: &'static str,
    },
    /// A key that is not known.
    #[error("unknown key `{key}`{}", hint(*.nearest, .known))]
    UnknownKey {
        /// The key, cut if it is very long.
        key: String,
        /// The known key that may be meant.
        nearest: Option<&'static str>,
        /// All known keys in this place.
        known: &'static [&'static str],
    },
    /// A value that does not fit its key.
    #[error("`{key}` must be {rule}, not {found}")]
    WrongValue {
        /// The key, with its step if it is in `then`.
        key: String,
        /// What it must be.
        rule: String,
        /// What it is.
        found: String,
    },
    /// Two keys that exclude each other.
    #[error("`{one}` and `{other}` cannot stand together: {why}")]
    Together {
        /// One of them.
        one: &'static str,
        /// The other.
        other: &'static str,
        /// Why not.
        why: &'static str,
    },
    /// A key that needs another.
    #[error("`{key}` needs `{needs}`")]
    Alone {
        /// The key.
        key: &'static str,
        /// What it needs.
        needs: &'static str,
    },
}

pub(super) fn from_toml(text: &str) -> Result<Script, ScriptError> {
    let value: Value = toml::from_str(text).map_err(|error| {
        ScriptError::NotToml(cut(error.to_string().trim_end(), TOML_ERROR_CHARS_MAX))
    })?;
    from_json(&value, ScriptSource::File)
}

pub(super) fn from_json(value: &Value, source: ScriptSource) -> Result<Script, ScriptError> {
    let Value::Object(table) = value else {
        return Err(ScriptError::NotATable { found: kind(value) });
    };
    let keys = Keys { table, place: "" };
    keys.check(SCRIPT_KEYS)?;
    Ok(Script {
        when_ringing: when_ringing(&keys)?,
        misses: keys.count("misses")?.unwrap_or(0),
        dial: dial(&keys)?,
        steps: steps(&keys)?,
        hang_up_after: keys.wait("hang_up_after_ms")?,
        record: record(&keys, source)?,
        chatting: chatting::chatting(&keys)?,
        calls: keys.count("calls")?,
    })
}

fn when_ringing(keys: &Keys<'_>) -> Result<WhenRinging, ScriptError> {
    const CHOICES: [&str; 3] = ["answer_after_ms", "reject_after_ms", "ignore"];
    let mut given = CHOICES
        .into_iter()
        .filter(|key| keys.table.contains_key(*key));
    let first = given.next();
    if let (Some(one), Some(other)) = (first, given.next()) {
        return Err(ScriptError::Together {
            one,
            other,
            why: "a phone that rings does one of them",
        });
    }
    if let Some(after) = keys.wait("answer_after_ms")? {
        return Ok(WhenRinging::AnswerAfter(after));
    }
    if let Some(after) = keys.wait("reject_after_ms")? {
        return Ok(WhenRinging::RejectAfter(after));
    }
    Ok(if keys.flag("ignore")? {
        WhenRinging::Ignore
    } else {
        WhenRinging::Ask
    })
}

fn dial(keys: &Keys<'_>) -> Result<Option<Dial>, ScriptError> {
    let after = keys.wait("dial_after_ms")?;
    match (keys.text("dial")?, after) {
        (Some(to), after) => Ok(Some(Dial {
            to,
            after: after.unwrap_or_default(),
        })),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(ScriptError::Alone {
            key: "dial_after_ms",
            needs: "dial",
        }),
    }
}

fn steps(keys: &Keys<'_>) -> Result<Vec<Step>, ScriptError> {
    let plain: Vec<Step> = [keys.speech("say")?, keys.digits("press")?]
        .into_iter()
        .flatten()
        .collect();
    let Some(then) = keys.table.get("then") else {
        return Ok(plain);
    };
    if let Some(step) = plain.first() {
        return Err(ScriptError::Together {
            one: "then",
            other: if matches!(step, Step::Say(_)) {
                "say"
            } else {
                "press"
            },
            why: "put it into the steps of `then`, in its place",
        });
    }
    let wrong = |found: String| ScriptError::WrongValue {
        key: "then".to_owned(),
        rule: format!(
            "a list of up to {PHONE_SCRIPT_STEPS_MAX} steps such as {{ say = \"hello.wav\" }}"
        ),
        found,
    };
    let Value::Array(list) = then else {
        return Err(wrong(kind(then).to_owned()));
    };
    if list.len() > PHONE_SCRIPT_STEPS_MAX {
        return Err(wrong(format!("{} of them", list.len())));
    }
    (1..)
        .zip(list)
        .map(|(number, step)| read_step(number, step))
        .collect()
}

fn read_step(number: usize, step: &Value) -> Result<Step, ScriptError> {
    let place = format!("then, step {number}: ");
    let one_key = |found: String| ScriptError::WrongValue {
        key: format!("then, step {number}"),
        rule: "one of say, press, wait_ms and hang_up with its value".to_owned(),
        found,
    };
    let Value::Object(table) = step else {
        return Err(one_key(kind(step).to_owned()));
    };
    let keys = Keys {
        table,
        place: &place,
    };
    keys.check(STEP_KEYS)?;
    if table.len() != 1 {
        return Err(one_key(format!("{} keys", table.len())));
    }
    if let Some(step) = keys.speech("say")? {
        return Ok(step);
    }
    if let Some(step) = keys.digits("press")? {
        return Ok(step);
    }
    if let Some(wait) = keys.wait("wait_ms")? {
        return Ok(Step::Wait(wait));
    }
    if keys.flag("hang_up")? {
        return Ok(Step::HangUp);
    }
    Err(keys.wrong("hang_up", "true", "false"))
}

fn record(keys: &Keys<'_>, source: ScriptSource) -> Result<Option<PathBuf>, ScriptError> {
    match (keys.text("record")?, source) {
        (Some(_), ScriptSource::Api) => Err(keys.wrong(
            "record",
            "left out: every phone's recording can be had from the control API",
            "a file's path",
        )),
        (path, _) => Ok(path.map(PathBuf::from)),
    }
}

/// A table whose values are read by key.
struct Keys<'a> {
    table: &'a Map<String, Value>,
    /// Before the key in messages.
    place: &'a str,
}

impl Keys<'_> {
    fn check(&self, known: &'static [&'static str]) -> Result<(), ScriptError> {
        match self.table.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => Err(ScriptError::UnknownKey {
                nearest: nearest(key, known),
                key: format!("{}{}", self.place, shortened(key)),
                known,
            }),
        }
    }

    fn wait(&self, key: &str) -> Result<Option<Duration>, ScriptError> {
        let Some(value) = self.table.get(key) else {
            return Ok(None);
        };
        let most = u64::try_from(PHONE_SCRIPT_WAIT_MAX.as_millis()).unwrap_or(u64::MAX);
        match value.as_u64() {
            Some(millis) if millis <= most => Ok(Some(Duration::from_millis(millis))),
            _ => Err(self.wrong(
                key,
                &format!("a whole number of milliseconds from 0 to {most}"),
                &shown(value),
            )),
        }
    }

    fn count(&self, key: &str) -> Result<Option<u32>, ScriptError> {
        let Some(value) = self.table.get(key) else {
            return Ok(None);
        };
        match value.as_u64().map(u32::try_from) {
            Some(Ok(count @ 1..)) => Ok(Some(count)),
            _ => Err(self.wrong(key, "a whole number from 1 on", &shown(value))),
        }
    }

    fn flag(&self, key: &str) -> Result<bool, ScriptError> {
        match self.table.get(key) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(value) => Err(self.wrong(key, "true or false", &shown(value))),
        }
    }

    fn text(&self, key: &str) -> Result<Option<String>, ScriptError> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.clone())),
            Some(value) => Err(self.wrong(key, "a text in quotes", &shown(value))),
        }
    }

    /// One of a few words, with what it means.
    fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Result<Option<T>, ScriptError> {
        let Some(value) = self.table.get(key) else {
            return Ok(None);
        };
        let meant = words.iter().find(|(word, _)| value.as_str() == Some(word));
        match meant {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                Err(self.wrong(key, &format!("one of {}", known.join(", ")), &shown(value)))
            }
        }
    }

    fn speech(&self, key: &str) -> Result<Option<Step>, ScriptError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        match text.parse::<Speech>() {
            Ok(speech) => Ok(Some(Step::Say(speech))),
            Err(error) => Err(self.wrong(
                key,
                "a file's path, tone:440, echo, silence or nothing",
                &format!("{}: {error}", shown(&Value::String(text))),
            )),
        }
    }

    fn digits(&self, key: &str) -> Result<Option<Step>, ScriptError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        match text.parse::<Digits>() {
            Ok(digits) => Ok(Some(Step::Press(digits))),
            Err(error) => Err(self.wrong(key, error.rule, &shown(&Value::String(text)))),
        }
    }

    fn wrong(&self, key: &str, rule: &str, found: &str) -> ScriptError {
        ScriptError::WrongValue {
            key: format!("{}{key}", self.place),
            rule: rule.to_owned(),
            found: found.to_owned(),
        }
    }
}

fn hint(nearest: Option<&str>, known: &[&str]) -> String {
    match nearest {
        Some(nearest) => format!(": did you mean `{nearest}`?"),
        None => format!(": known are {}", known.join(", ")),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => kind(value).to_owned(),
        other => shortened(&other.to_string()),
    }
}

fn shortened(text: &str) -> String {
    cut(text, SHOWN_CHARS_MAX)
}

fn cut(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

pub(super) const SCRIPT_KEYS: &[&str] = &[
    "answer_after_ms",
    "reject_after_ms",
    "ignore",
    "misses",
    "dial",
    "dial_after_ms",
    "say",
    "press",
    "hang_up_after_ms",
    "then",
    "record",
    "on_permission",
    "on_permission_after_ms",
    "then_permission",
    "then_permission_after_ms",
    "read_after_ms",
    "press_button_after_ms",
    "write",
    "write_to",
    "write_after_ms",
    "profile",
    "profile_after_ms",
    "calls",
];
pub(super) const STEP_KEYS: &[&str] = &["say", "press", "wait_ms", "hang_up"];
/// How much of a wrong text is repeated to its author.
const SHOWN_CHARS_MAX: usize = 60;
/// A few lines: the wrong one, and where it is wrong.
const TOML_ERROR_CHARS_MAX: usize = 400;

#[cfg(test)]
mod tests;
