//! The three documents that Dialtone fulfils: what they print is sent as they print it, and answers
//! and webhooks have the shapes that they print. `docs/guide/seeds.md` lists their statements.
//!
//! What is printed stands in `printed/`, in our own words and with our own numbers; comments and
//! slips of the pen that made it no JSON are taken out.

mod buttons;
mod inbound;
mod outbound;
mod permissions;
mod shape;

use serde_json::Value;

use crate::business::{ANSWER, OFFER};

/// A printed body, its placeholders filled in.
fn printed(text: &str, user: &str, call: &str) -> Value {
    let quoted = |text: &str| {
        let whole = Value::from(text).to_string();
        whole.trim_matches('"').to_owned()
    };
    let filled = text
        .replace("$DIGITS", user)
        .replace("$TO", user)
        .replace("$CALL", call)
        .replace("$OFFER", &quoted(OFFER))
        .replace("$ANSWER", &quoted(ANSWER));
    serde_json::from_str(&filled).unwrap_or_else(|error| panic!("{error}: {filled}"))
}
