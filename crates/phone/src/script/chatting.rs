//! What a phone does about chats by itself: answers requests, reads, writes, presses call buttons, and
//! sets what businesses may do.

use std::time::Duration;

use crate::line::{PermissionAnswer, PermissionHeld};

/// What a phone does about chats. The default does nothing: what comes is shown, and stays unread.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chatting {
    /// What it says when a business asks whether it may call; nothing where there is none.
    pub on_permission: Option<Reply>,
    /// How long after a message has come it is read; never where there is none.
    pub read_after: Option<Duration>,
    /// How long after a message with a call button has come the button is pressed; never where there
    /// is none.
    pub press_button_after: Option<Duration>,
    /// What it writes by itself.
    pub write: Option<Write>,
    /// What it sets in the businesses' profiles by itself.
    pub profile: Option<Profile>,
}

/// What a phone says to a call permission request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// The answer.
    pub answer: PermissionAnswer,
    /// How long after the request has come.
    pub after: Duration,
    /// What it changes the answer to, and how long after it was given.
    pub then: Option<(PermissionAnswer, Duration)>,
}

/// A text that a phone writes by itself, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// A business's number or phone number id.
    pub to: String,
    /// The text.
    pub body: String,
    /// How long after its line is up.
    pub after: Duration,
}

/// What a phone sets in the profile of every business that it is shown, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// What they may do.
    pub permission: PermissionHeld,
    /// How long after its line is up.
    pub after: Duration,
}
