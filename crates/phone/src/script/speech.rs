//! What a phone can say: as it is written, and as it is played.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use media::audio::{AudioFileError, Clip, Mouthpiece, file};

/// What a phone says, as a script writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speech {
    /// A file on the phone's machine.
    File {
        /// Where.
        path: PathBuf,
        /// Over and over, not once.
        repeat: bool,
    },
    /// A file's bytes.
    Data(Vec<u8>),
    /// A tone.
    Tone {
        /// Its frequency, 20 to 20 000 Hz.
        hz: u16,
    },
    /// What it hears.
    Echo,
    /// Silence.
    Silence,
    /// No packets at all.
    Nothing,
}

/// A speech that is ready to be said.
#[derive(Debug, Clone)]
pub struct Sound {
    /// For the handset.
    pub mouthpiece: Mouthpiece,
    /// How the script writes it, without a file's bytes.
    pub name: String,
}

/// Why something cannot be said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    /// It is empty.
    #[error("it names nothing: write a file's path, tone:440, echo, silence or nothing")]
    Empty,
    /// A tone that is none.
    #[error("a tone is written tone:440, its frequency from 20 to 20000 Hz")]
    Tone,
    /// Data that is none.
    #[error("data is written data:audio/wav;base64, and then the file in base64")]
    Data,
    /// The file is not one that can be played.
    #[error("{name} {why}")]
    File {
        /// Which.
        name: String,
        /// Why not.
        why: AudioFileError,
    },
}

impl Speech {
    /// Whether it ends by itself.
    #[must_use]
    pub const fn ends(&self) -> bool {
        matches!(self, Self::File { repeat: false, .. } | Self::Data(_))
    }

    /// Reads and encodes it. For a long file this takes seconds: not for a thread that others wait
    /// for.
    ///
    /// # Errors
    ///
    /// Says why a file cannot be played.
    pub fn load(&self) -> Result<Sound, SpeechError> {
        let wrong = |why| SpeechError::File {
            name: self.to_string(),
            why,
        };
        let mouthpiece = match self {
            Self::File { path, repeat } => {
                let clip = file::open_clip(path).map_err(wrong)?;
                if *repeat {
                    Mouthpiece::Loop(clip)
                } else {
                    Mouthpiece::Once(clip)
                }
            }
            Self::Data(bytes) => Mouthpiece::Once(file::read_clip(bytes).map_err(wrong)?),
            Self::Tone { hz } => Mouthpiece::Loop(Clip::tone(*hz, TONE_LEVEL)),
            Self::Echo => Mouthpiece::Echo,
            Self::Silence => Mouthpiece::Silence,
            Self::Nothing => Mouthpiece::Nothing,
        };
        Ok(Sound {
            mouthpiece,
            name: self.to_string(),
        })
    }

    /// The same with a relative path taken from `folder`.
    #[must_use]
    pub fn within(self, folder: &Path) -> Self {
        match self {
            Self::File { path, repeat } => Self::File {
                path: folder.join(path),
                repeat,
            },
            other => other,
        }
    }
}

impl FromStr for Speech {
    type Err = SpeechError;

    fn from_str(text: &str) -> Result<Self, SpeechError> {
        let text = text.trim();
        if let Some(hz) = text.strip_prefix("tone:") {
            let hz = hz.trim().trim_end_matches("Hz").trim_end();
            return match hz.parse() {
                Ok(hz @ HZ_MIN..=HZ_MAX) => Ok(Self::Tone { hz }),
                _ => Err(SpeechError::Tone),
            };
        }
        if let Some(data) = text.strip_prefix("data:") {
            let (_, base64) = data.split_once(";base64,").ok_or(SpeechError::Data)?;
            let bytes = STANDARD.decode(base64).map_err(|_| SpeechError::Data)?;
            return Ok(Self::Data(bytes));
        }
        let (path, repeat) = match text.strip_prefix("loop:") {
            Some(path) => (path.trim(), true),
            None => (text, false),
        };
        match path {
            "" => Err(SpeechError::Empty),
            "echo" => Ok(Self::Echo),
            "silence" => Ok(Self::Silence),
            "nothing" => Ok(Self::Nothing),
            path => Ok(Self::File {
                path: PathBuf::from(path),
                repeat,
            }),
        }
    }
}

impl fmt::Display for Speech {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, repeat: true } => write!(f, "loop:{}", path.display()),
            Self::File { path, .. } => write!(f, "{}", path.display()),
            Self::Data(bytes) => write!(f, "a file of {} bytes", bytes.len()),
            Self::Tone { hz } => write!(f, "tone:{hz}"),
            Self::Echo => f.write_str("echo"),
            Self::Silence => f.write_str("silence"),
            Self::Nothing => f.write_str("nothing"),
        }
    }
}

const HZ_MIN: u16 = 20;
const HZ_MAX: u16 = 20_000;
/// Loud enough to measure, quiet enough not to clip.
const TONE_LEVEL: f32 = 0.4;

#[cfg(test)]
mod tests;
