//! What deals with the audio of a call: echo, tone, a file, or an ear that only records.
//!
//! A [`HandlerSpec`] is what the configuration or the API says; a [`Handler`] is ready to be used: its
//! file read and encoded, so that nothing waits for a disk when a call comes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use media::audio::file::{AudioFileError, open_clip};
use media::audio::{Clip, Mouthpiece};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

mod on_call;

pub(crate) use on_call::{HandlerEvent, OnCall, Recording, Start};

/// What a handler does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandlerKind {
    /// Gives back what it hears.
    #[default]
    Echo,
    /// Sends a tone.
    Tone,
    /// Plays a file.
    Play,
    /// Is silent and records both sides.
    Record,
}

/// A handler, as the configuration and the API describe it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandlerSpec {
    /// What it does.
    #[serde(default)]
    pub kind: HandlerKind,
    /// `tone`: the frequency, 20 to 20 000 Hz; 440 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hz: Option<u16>,
    /// `play`: a WAV or Ogg Opus file. In the configuration a path; over the API the name of a sound
    /// that was uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// `play`: over and over, instead of hanging up at its end.
    #[serde(default)]
    pub repeat: bool,
    /// Records both sides whatever it does; `record` always does.
    #[serde(default)]
    pub record: bool,
    /// Hangs up so many seconds after the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hang_up_after_secs: Option<u32>,
}

/// A handler that is ready for a call.
#[derive(Debug, Clone)]
pub struct Handler {
    spec: HandlerSpec,
    mouthpiece: Mouthpiece,
}

/// Where a handler's file may be.
#[derive(Debug, Clone, Copy)]
pub enum Files<'a> {
    /// Anywhere on this machine: the configuration may say so.
    Anywhere,
    /// In this folder, under a plain name: what the API may name.
    In(&'a Path),
    /// Nowhere: there is no folder for sounds.
    Nowhere,
}

/// Why a handler cannot be made ready.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandlerError {
    /// The frequency is none that a call carries.
    #[error("hz: must be 20 to 20000")]
    Hertz,
    /// A key that only another kind has.
    #[error("{key}: only the handler {kind} has it")]
    NotThisKind {
        /// The key.
        key: &'static str,
        /// The kind that has it.
        kind: &'static str,
    },
    /// A file to play is missing from the description.
    #[error("file: the handler play needs one")]
    NoFile,
    /// The name of a sound is no plain file name.
    #[error("file: must be the name of an uploaded sound, such as hello.wav")]
    NotAName,
    /// There is no folder for sounds.
    #[error("file: this gateway has no data folder, so it keeps no sounds")]
    NoSounds,
    /// The file cannot be played.
    #[error("file: {0}")]
    Audio(#[from] AudioFileError),
}

impl HandlerSpec {
    /// Makes it ready. Reads and encodes its file: not for a thread that others wait for.
    ///
    /// # Errors
    ///
    /// Names the key that is wrong and why.
    pub fn ready(&self, files: Files<'_>) -> Result<Handler, HandlerError> {
        let wrong = |key, kind| Err(HandlerError::NotThisKind { key, kind });
        if self.hz.is_some() && self.kind != HandlerKind::Tone {
            return wrong("hz", "tone");
        }
        if self.file.is_some() && self.kind != HandlerKind::Play {
            return wrong("file", "play");
        }
        if self.repeat && self.kind != HandlerKind::Play {
            return wrong("repeat", "play");
        }
        let mouthpiece = match self.kind {
            HandlerKind::Echo => Mouthpiece::Echo,
            HandlerKind::Record => Mouthpiece::Silence,
            HandlerKind::Tone => {
                let hz = self.hz.unwrap_or(TONE_HZ);
                if !(20..=20_000).contains(&hz) {
                    return Err(HandlerError::Hertz);
                }
                Mouthpiece::Loop(Clip::tone(hz, TONE_LEVEL))
            }
            HandlerKind::Play => {
                let name = self.file.as_deref().ok_or(HandlerError::NoFile)?;
                let clip = open_clip(&files.path(name)?)?;
                if self.repeat {
                    Mouthpiece::Loop(clip)
                } else {
                    Mouthpiece::Once(clip)
                }
            }
        };
        Ok(Handler {
            spec: self.clone(),
            mouthpiece,
        })
    }
}

impl Handler {
    /// What it was made from.
    #[must_use]
    pub const fn spec(&self) -> &HandlerSpec {
        &self.spec
    }

    /// Whether both sides are to be recorded.
    #[must_use]
    pub fn records(&self) -> bool {
        self.spec.record || self.spec.kind == HandlerKind::Record
    }

    /// What it says once the call is answered.
    pub(crate) fn mouthpiece(&self) -> Mouthpiece {
        self.mouthpiece.clone()
    }

    /// How long after the answer it hangs up, if it does by itself.
    pub(crate) fn hangs_up_after(&self) -> Option<Duration> {
        let secs = self.spec.hang_up_after_secs?;
        Some(Duration::from_secs(u64::from(secs)))
    }
}

impl Files<'_> {
    fn path(self, name: &str) -> Result<PathBuf, HandlerError> {
        match self {
            Self::Anywhere => Ok(PathBuf::from(name)),
            Self::In(folder) if is_plain_name(name) => Ok(folder.join(name)),
            Self::In(_) => Err(HandlerError::NotAName),
            Self::Nowhere => Err(HandlerError::NoSounds),
        }
    }
}

/// Whether a text is a file name that stays in its folder: letters, digits, dots, dashes and
/// underscores, no dot at the beginning.
#[must_use]
pub fn is_plain_name(name: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&name.len())
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

const TONE_HZ: u16 = 440;
/// Loud enough to be measured, soft enough to be listened to.
const TONE_LEVEL: f32 = 0.3;
const NAME_BYTES_MAX: usize = 64;

#[cfg(test)]
mod tests;
