//! What a phone does by itself: read from a TOML file, or from JSON over the control API.
//!
//! ```toml
//! # When it rings: one of these. Without any the phone rings until it is told what to do.
//! answer_after_ms = 3000
//! # reject_after_ms = 2000
//! # ignore = true
//! # Miss so many calls before that.
//! # misses = 2
//!
//! # Or it calls by itself, once, as soon as its line is up (or so long after).
//! # dial = "+1 555 078 3881"
//! # dial_after_ms = 500
//!
//! # Once both sides can talk: say a file to its end, then press keys.
//! say = "hello.wav"
//! press = "2"
//! # Whatever it is doing then, it hangs up so long after both sides could talk.
//! hang_up_after_ms = 8000
//!
//! # Keep what it hears in a file (in script files only).
//! # record = "heard.wav"
//!
//! # What it does in chats: answer a call permission request, and change the answer later; read; press
//! # call buttons; write; say in the businesses' profiles what they may do.
//! # on_permission = "temporary"        # or "permanent", "decline", "ignore"
//! # on_permission_after_ms = 2000
//! # then_permission = "decline"
//! # then_permission_after_ms = 60000
//! # read_after_ms = 500
//! # press_button_after_ms = 1000
//! # write = "Where is my order?"
//! # write_to = "+1 555 078 3881"
//! # profile = "permanent"              # or "temporary", "none"
//!
//! # Go away after so many calls.
//! # calls = 1
//! ```
//!
//! When the order matters, `then` takes the place of `say` and `press`; each of its steps begins
//! when the one before is done:
//!
//! ```toml
//! answer_after_ms = 0
//! then = [
//!     { wait_ms = 500 },
//!     { say = "hello.wav" },
//!     { press = "1w2#" },
//!     { say = "tone:440" },
//!     { wait_ms = 5000 },
//!     { hang_up = true },
//! ]
//! ```
//!
//! What can be said: the path of a WAV or Ogg Opus file, said once (`loop:hello.wav` repeats it); the
//! file itself as `data:audio/wav;base64,…`; `tone:440`, a tone of so many Hz; `echo`, what it
//! hears; `silence`; and `nothing`, as a phone whose microphone never started.

mod chatting;
pub(crate) mod nearest;
mod read;
mod speech;

use std::path::{Path, PathBuf};
use std::time::Duration;

use media::dtmf::Digits;

pub use chatting::{Chatting, Profile, Reply, Write};
pub use read::{ScriptError, ScriptSource};
pub use speech::{Sound, Speech, SpeechError};

/// What a phone does by itself. The default does nothing: the phone rings, and waits for orders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// What it does when it rings.
    pub when_ringing: WhenRinging,
    /// The number of calls that it lets ring before it does so.
    pub misses: u32,
    /// The call that it places by itself.
    pub dial: Option<Dial>,
    /// What it does once both sides can talk, one after the other.
    pub steps: Vec<Step>,
    /// When it hangs up, from the moment that both sides could talk.
    pub hang_up_after: Option<Duration>,
    /// Where it keeps what it heard: a WAV file, or Ogg Opus if it ends in `.ogg` or `.opus`.
    pub record: Option<PathBuf>,
    /// What it does about chats.
    pub chatting: Chatting,
    /// The number of calls after which it goes away.
    pub calls: Option<u32>,
}

/// What a phone does when it rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhenRinging {
    /// Waits for an order.
    #[default]
    Ask,
    /// Answers after this time.
    AnswerAfter(Duration),
    /// Rejects after this time.
    RejectAfter(Duration),
    /// Rings until the call ends.
    Ignore,
}

/// A call that a phone places by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// A business's number or phone number id.
    pub to: String,
    /// How long after its line is up.
    pub after: Duration,
}

/// One thing that a phone does in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Says something. Done when the file is over; at once for what never ends.
    Say(Speech),
    /// Presses keys. Done when they are sent.
    Press(Digits),
    /// Waits.
    Wait(Duration),
    /// Ends the call.
    HangUp,
}

impl Script {
    /// Reads a script from the text of a TOML file.
    ///
    /// # Errors
    ///
    /// Names the key that is wrong, and the nearest one that is known.
    pub fn from_toml(text: &str) -> Result<Self, ScriptError> {
        read::from_toml(text)
    }

    /// Opens a script file. What it says is looked for beside it; what it records is written where the
    /// program runs.
    ///
    /// # Errors
    ///
    /// Names the file, and what is wrong with it.
    pub fn open(path: &Path) -> Result<Self, ScriptFileError> {
        let file = || path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|why| ScriptFileError::Unreadable {
            file: file(),
            why: why.to_string(),
        })?;
        let mut script =
            Self::from_toml(&text).map_err(|why| ScriptFileError::Wrong { file: file(), why })?;
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        for step in &mut script.steps {
            if let Step::Say(speech) = step {
                *speech = speech.clone().within(folder);
            }
        }
        Ok(script)
    }

    /// Reads a script from a JSON object with the same keys.
    ///
    /// # Errors
    ///
    /// Names the key that is wrong, and the nearest one that is known.
    pub fn from_json(value: &serde_json::Value) -> Result<Self, ScriptError> {
        read::from_json(value, ScriptSource::Api)
    }

    /// Everything that it may say.
    pub fn speeches(&self) -> impl Iterator<Item = &Speech> {
        self.steps.iter().filter_map(|step| match step {
            Step::Say(speech) => Some(speech),
            Step::Press(_) | Step::Wait(_) | Step::HangUp => None,
        })
    }
}

/// Why a script file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScriptFileError {
    /// It cannot be read.
    #[error("{file} cannot be read: {why}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        why: String,
    },
    /// It is no script.
    #[error("{file}: {why}")]
    Wrong {
        /// The file.
        file: String,
        /// What is wrong.
        why: ScriptError,
    },
}

#[cfg(test)]
mod tests;
