//! What a template leaves behind when it is removed: the name of one that was approved cannot be used
//! again for a while, because messages of it may still be on their way.
//!
//! Meta's page on template management speaks of the name, its servers of the language in which it was
//! removed ("Message template language is being deleted"). A name of which other languages live on is
//! therefore held in the removed language alone; one that is gone as a whole, in every language.

use std::error::Error;
use std::fmt;

use types::Timestamp;

use super::review::{Review, Status};

/// What becomes of the name of a template that is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// It can be used again at once.
    Free,
    /// It was approved, and is held for a while.
    Held,
}

/// A disabled template cannot be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRemovable;

/// A removed template whose name is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldName {
    /// The language that it was in.
    pub language: String,
    /// Until when.
    pub until: Timestamp,
}

/// A name cannot be used yet. `Display` says from when on it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameHeld {
    /// From when on it can.
    pub until: Timestamp,
}

impl Review {
    /// What becomes of the name of a template that stands so and is removed.
    ///
    /// # Errors
    ///
    /// When it cannot be removed.
    pub const fn removed(self) -> Result<Name, NotRemovable> {
        match self.status() {
            Status::Approved => Ok(Name::Held),
            Status::Pending | Status::Rejected | Status::Paused => Ok(Name::Free),
            Status::Disabled => Err(NotRemovable),
        }
    }
}

/// Whether a name of which `held` were removed can be used in a language. `lives` says that the name
/// still has templates in other languages.
///
/// # Errors
///
/// With the moment from which on it can.
pub fn may_use_again(
    now: Timestamp,
    language: &str,
    lives: bool,
    held: &[HeldName],
) -> Result<(), NameHeld> {
    let counts = |it: &&HeldName| it.until > now && (!lives || it.language == language);
    match held.iter().filter(counts).map(|it| it.until).max() {
        Some(until) => Err(NameHeld { until }),
        None => Ok(()),
    }
}

impl fmt::Display for NotRemovable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The template is DISABLED and cannot be removed.")
    }
}

impl fmt::Display for NameHeld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "An approved template of this name was removed lately, and messages of it may still be \
             on their way. Choose another name, or come again at Unix time {}.",
            self.until.as_secs_up()
        )
    }
}

impl Error for NotRemovable {}
impl Error for NameHeld {}
