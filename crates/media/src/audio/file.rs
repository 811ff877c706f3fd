//! From an audio file to something that a call can play.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use types::limits::{AUDIO_FILE_BYTES_MAX, AUDIO_FILE_SECS_MAX};

use super::codec::CodecSettings;
use super::{Clip, FRAME_SAMPLES, SAMPLE_RATE, ogg, resample, wav};

/// Reads a WAV or Ogg Opus file of any rate and channels and encodes it for playing. Ogg Opus of
/// one channel in packets of 20 ms is taken as it is.
///
/// Takes milliseconds for a short file and seconds for a long one: not for a thread that others
/// wait for.
///
/// # Errors
///
/// Says whether the file cannot be read, is no such file, is empty or too long.
pub fn open_clip(path: &Path) -> Result<Clip, AudioFileError> {
    let unreadable = |error: std::io::Error| AudioFileError::Unreadable {
        why: error.to_string(),
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(AUDIO_FILE_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    read_clip(&bytes)
}

/// As [`open_clip`], from the file's bytes.
///
/// # Errors
///
/// Says whether it is no such file, is empty or too long.
pub fn read_clip(bytes: &[u8]) -> Result<Clip, AudioFileError> {
    if container(bytes)? == Container::Ogg {
        let ogg::Packets {
            packets,
            as_they_are,
        } = ogg::read_packets(bytes)?;
        if as_they_are && let Some(clip) = Clip::from_packets(packets) {
            return Ok(clip);
        }
    }
    Ok(Clip::from_pcm(&read_pcm(bytes)?, CodecSettings::default()))
}

/// The file's audio as 48 kHz mono samples.
///
/// # Errors
///
/// Says whether it is no such file, is empty or too long.
pub fn read_pcm(bytes: &[u8]) -> Result<Vec<f32>, AudioFileError> {
    let samples = match container(bytes)? {
        Container::Ogg => ogg::read_pcm(bytes)?,
        Container::Wav => {
            let wav = wav::read(bytes)?;
            resample::to_48k(wav.samples, wav.rate).map_err(|error| {
                AudioFileError::WrongFormat {
                    found: error.to_string(),
                }
            })?
        }
    };
    if samples.len() > AUDIO_FILE_SECS_MAX * SAMPLE_RATE as usize + FRAME_SAMPLES {
        return Err(AudioFileError::TooLong);
    }
    if samples.is_empty() {
        return Err(AudioFileError::Empty);
    }
    Ok(samples)
}

/// Why a file cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AudioFileError {
    /// The file cannot be opened or read.
    #[error("cannot be read: {why}")]
    Unreadable {
        /// What the system says.
        why: String,
    },
    /// Another kind of file.
    #[error("is {found}: give a WAV file (16 bit is best) or an Ogg Opus file")]
    WrongFormat {
        /// What it seems to be, with its article.
        found: String,
    },
    /// The right kind of file, but broken.
    #[error("is damaged: {why}")]
    Damaged {
        /// Where or how.
        why: String,
    },
    /// There is no audio in it.
    #[error("is empty: it has no audio")]
    Empty,
    /// More audio than a call should play.
    #[error("is too long: at most {AUDIO_FILE_SECS_MAX} seconds can be played")]
    TooLong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Wav,
    Ogg,
}

fn container(bytes: &[u8]) -> Result<Container, AudioFileError> {
    if bytes.len() > AUDIO_FILE_BYTES_MAX {
        return Err(AudioFileError::TooLong);
    }
    let wrong = |found: &str| {
        Err(AudioFileError::WrongFormat {
            found: found.to_owned(),
        })
    };
    let contains = |word: &[u8]| {
        let head = &bytes[..bytes.len().min(SNIFFED_BYTES)];
        head.windows(word.len()).any(|window| window == word)
    };
    match bytes {
        [] => Err(AudioFileError::Empty),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'A',
            b'V',
            b'E',
            ..,
        ] => Ok(Container::Wav),
        [b'O', b'g', b'g', b'S', ..] if contains(b"OpusHead") => Ok(Container::Ogg),
        [b'O', b'g', b'g', b'S', ..] if contains(b"vorbis") => wrong("an Ogg Vorbis file"),
        [b'O', b'g', b'g', b'S', ..] => wrong("an Ogg file without Opus"),
        [b'I', b'D', b'3', ..] | [0xff, 0xe0..=0xff, ..] => wrong("an MP3 or AAC file"),
        [b'f', b'L', b'a', b'C', ..] => wrong("a FLAC file"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => wrong("an MP4 file"),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => wrong("a WebM or Matroska file"),
        [b'F', b'O', b'R', b'M', ..] => wrong("an AIFF file"),
        [b'#', b'!', b'A', b'M', b'R', ..] => wrong("an AMR file"),
        [b'R', b'F', b'6', b'4', ..] => wrong("an RF64 file"),
        _ => wrong("no audio file"),
    }
}

/// Where a container's first page names its codec.
const SNIFFED_BYTES: usize = 64;

#[cfg(test)]
mod tests;
