//! Both sides of a call in one file, after it: the left ear hears one side, the right the other.

use std::io::{Cursor, Read, Seek, Write};

use super::ogg::OggDecoder;
use super::{AudioFileError, Tape, wav};

/// Writes a stereo WAV file of 48 kHz and 16 bits from two recordings that were written as Ogg Opus
/// during the call, block by block: as they sounded at the same time, the shorter one ending in
/// silence.
///
/// # Errors
///
/// Says which of the two cannot be read, or gives the sink's error.
pub fn stereo_of_files(
    left: impl Read,
    right: impl Read,
    sink: impl Write + Seek,
) -> Result<(), MixError> {
    let mut left = Side::open("left", left)?;
    let mut right = Side::open("right", right)?;
    let mut writer = wav::writer(sink, 2)?;
    while left.fill()? | right.fill()? {
        let frames = match (left.rest().len(), right.rest().len()) {
            (0, some) | (some, 0) => some,
            (one, other) => one.min(other),
        };
        for at in 0..frames {
            wav::write_sample(&mut writer, left.rest().get(at).copied().unwrap_or(0.0))?;
            wav::write_sample(&mut writer, right.rest().get(at).copied().unwrap_or(0.0))?;
        }
        left.advance(frames);
        right.advance(frames);
    }
    Ok(wav::finish(writer)?)
}

/// As [`stereo_of_files`], from two tapes.
///
/// # Errors
///
/// Gives the sink's error.
pub fn stereo_of_tapes(left: &Tape, right: &Tape, sink: impl Write + Seek) -> Result<(), MixError> {
    let mut sides = [Vec::new(), Vec::new()];
    for (side, tape) in sides.iter_mut().zip([left, right]) {
        tape.write_ogg(side)?;
    }
    let [left, right] = sides.map(Cursor::new);
    stereo_of_files(left, right, sink)
}

/// Why two recordings could not be mixed.
#[derive(Debug, thiserror::Error)]
pub enum MixError {
    /// One of them is no recording.
    #[error("the recording of the {side} side {why}")]
    Side {
        /// `left` or `right`.
        side: &'static str,
        /// What is wrong with it.
        why: AudioFileError,
    },
    /// The mix could not be written.
    #[error("the mix cannot be written: {0}")]
    Sink(#[from] std::io::Error),
}

/// One recording, decoded a block ahead.
struct Side<R: Read> {
    name: &'static str,
    decoder: OggDecoder<R>,
    block: Vec<f32>,
    used: usize,
}

impl<R: Read> Side<R> {
    fn open(name: &'static str, source: R) -> Result<Self, MixError> {
        let decoder = OggDecoder::new(source).map_err(|why| MixError::Side { side: name, why })?;
        Ok(Self {
            name,
            decoder,
            block: Vec::new(),
            used: 0,
        })
    }

    /// Decodes the next block if there is nothing left of this one; whether there is anything.
    fn fill(&mut self) -> Result<bool, MixError> {
        while self.rest().is_empty() {
            self.block.clear();
            self.used = 0;
            let more = self
                .decoder
                .next_block(&mut self.block)
                .map_err(|why| MixError::Side {
                    side: self.name,
                    why,
                })?;
            if !more {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn rest(&self) -> &[f32] {
        &self.block[self.used..]
    }

    fn advance(&mut self, frames: usize) {
        self.used = (self.used + frames).min(self.block.len());
    }
}

#[cfg(test)]
mod tests;
