//! Puts file, variables and flags together, and says what is wrong with them.

use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use toml::{Table, Value};

use super::Config;
use super::keys::{Key, Kind, keys};
use crate::failure::Failure;
use crate::suggest::did_you_mean;

/// Where the configuration comes from, besides flags.
#[derive(Debug, Default)]
pub struct Sources {
    /// The file, if one was named; `dialtone.toml` is read when it is there.
    pub file: Option<PathBuf>,
    /// The environment, of which the `DIALTONE_*` variables count.
    pub variables: Vec<(String, String)>,
}

/// What was read, and what looks like a mistake without being one for certain.
#[derive(Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Sentences to be logged.
    pub doubts: Vec<String>,
}

/// The file that is read when none is named.
const FILE: &str = "dialtone.toml";

/// Reads the configuration: the file, with the variables over it.
///
/// # Errors
///
/// Names the file and the line, or the variable, and what was probably meant.
pub fn load(sources: &Sources) -> Result<Loaded, Failure> {
    let mut table = match file(sources.file.as_deref())? {
        Some((path, text)) => read(&path, &text)?,
        None => Table::new(),
    };
    let mut doubts = Vec::new();
    let keys = keys();
    for (name, value) in &sources.variables {
        if !name.starts_with("DIALTONE_") || NOT_KEYS.contains(&name.as_str()) {
            continue;
        }
        match keys.iter().find(|key| key.variable() == *name) {
            Some(key) => set(&mut table, key, name, value)?,
            None => {
                let names: Vec<String> = keys.iter().map(Key::variable).collect();
                let near = did_you_mean(name, names.iter().map(String::as_str));
                // Without a near one the whole list would follow, which belongs into the guide.
                let near = near
                    .strip_prefix("; did")
                    .map(|near| format!("; did{near}"));
                doubts.push(format!(
                    "the variable {name} is set and means nothing here{}",
                    near.unwrap_or_default()
                ));
            }
        }
    }
    let config = Config::deserialize(Value::Table(table))
        .map_err(|error| Failure::configuration(format!("configuration: {}", error.message())))?;
    Ok(Loaded { config, doubts })
}

/// The text of the file, if there is one to be read.
fn file(named: Option<&Path>) -> Result<Option<(PathBuf, String)>, Failure> {
    let path = named.unwrap_or_else(|| Path::new(FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some((path.to_owned(), text))),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::configuration(format!(
            "the configuration file {} cannot be read: {error}",
            path.display()
        ))),
    }
}

/// The file as a table, once it is known to be right by itself: only here are lines known.
fn read(path: &Path, text: &str) -> Result<Table, Failure> {
    let wrong = |error: &toml::de::Error| {
        let line = error
            .span()
            .map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        let place = line.map_or_else(
            || path.display().to_string(),
            |line| format!("{}:{line}", path.display()),
        );
        Failure::configuration(format!("{place}: {}", sentence(error.message())))
    };
    toml::from_str::<Config>(text).map_err(|error| wrong(&error))?;
    toml::from_str(text).map_err(|error| wrong(&error))
}

/// The parser's message, with the nearest key when one is not known.
fn sentence(message: &str) -> String {
    let message = message.lines().next().unwrap_or(message);
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match words.split_first() {
        Some((key, known)) if message.starts_with("unknown field") => {
            format!(
                "`{key}` is not a key here{}",
                did_you_mean(key, known.iter().copied())
            )
        }
        Some((word, known)) if message.starts_with("unknown variant") => {
            format!(
                "`{word}` is not known here{}",
                did_you_mean(word, known.iter().copied())
            )
        }
        _ => message.to_owned(),
    }
}

/// Puts a variable's value where its key says.
fn set(table: &mut Table, key: &Key, name: &str, text: &str) -> Result<(), Failure> {
    let value = value(key.kind, text).ok_or_else(|| {
        let wanted = match key.kind {
            Kind::Number => "a number",
            Kind::Flag => "`true` or `false`",
            Kind::Text | Kind::Secret | Kind::List => "a text",
        };
        Failure::configuration(format!("{name} is not {wanted}"))
    })?;
    let mut single = Table::new();
    put(&mut single, &key.path, value.clone());
    // By itself, so that the message can name the variable; a secret's value is never repeated.
    Config::deserialize(Value::Table(single)).map_err(|error| {
        let said = if key.kind == Kind::Secret {
            "not a text".to_owned()
        } else {
            sentence(error.message())
        };
        Failure::configuration(format!("{name}: {said}"))
    })?;
    put(table, &key.path, value);
    Ok(())
}

fn value(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Text | Kind::Secret => Some(Value::String(text.to_owned())),
        Kind::Number => {
            let whole = text.parse::<i64>().map(Value::Integer).ok();
            whole.or_else(|| text.parse::<f64>().map(Value::Float).ok())
        }
        Kind::Flag => text.parse().map(Value::Boolean).ok(),
        Kind::List => Some(Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| Value::String(part.to_owned()))
                .collect(),
        )),
    }
}

/// Puts a value where a path with dots says.
pub(super) fn put(table: &mut Table, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            table.insert(path.to_owned(), value);
        }
        Some((section, rest)) => {
            let inner = table
                .entry(section)
                .or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// Variables that begin like ours and are no keys: flags of the program, and what
/// [`crate::face`] writes for others to read.
const NOT_KEYS: &[&str] = &[
    "DIALTONE_ACCESS_TOKEN",
    "DIALTONE_APP_ID",
    "DIALTONE_APP_SECRET",
    "DIALTONE_CHROMIUM",
    "DIALTONE_CONFIG",
    "DIALTONE_CONTROL_URL",
    "DIALTONE_D360_API_KEY",
    "DIALTONE_D360_URL",
    "DIALTONE_DISPLAY_PHONE_NUMBER",
    "DIALTONE_ENV_FILE",
    "DIALTONE_GATEWAY_TOKEN",
    "DIALTONE_GATEWAY_URL",
    "DIALTONE_GRAPH_URL",
    "DIALTONE_PHONE_NUMBER_ID",
    "DIALTONE_PHONE_TOKEN",
    "DIALTONE_PYTHON",
    "DIALTONE_USER_WA_ID",
    "DIALTONE_VERIFY_TOKEN",
    "DIALTONE_WABA_ID",
];
