//! Why the program could not do what it was asked: a sentence for the person who started it.

use std::fmt;
use std::process::ExitCode;

/// A failure, told so that one can act on it.
#[derive(Debug)]
pub struct Failure {
    sentence: String,
    exit: u8,
}

impl Failure {
    /// The configuration or the command line is wrong: exit status 2.
    #[must_use]
    pub fn configuration(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            exit: 2,
        }
    }

    /// Something did not work: exit status 1.
    #[must_use]
    pub fn running(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            exit: 1,
        }
    }

    /// A call from the command line came to nothing: an exit status of its own for each way.
    #[must_use]
    pub fn of_a_call(sentence: impl Into<String>, exit: u8) -> Self {
        Self {
            sentence: sentence.into(),
            exit,
        }
    }

    /// What the process ends with.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.exit)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Failure {}
