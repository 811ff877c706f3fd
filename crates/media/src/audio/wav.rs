//! WAV files: read leniently, written plainly.
//!
//! Reading is our own: files that were written into a pipe carry no true length, and telephony keeps
//! G.711 in WAV; the library that writes here refuses both.

use std::io::{Seek, Write};

use hound::{SampleFormat, WavSpec, WavWriter};
use types::limits::AUDIO_FILE_SECS_MAX;

use super::SAMPLE_RATE;
use super::file::AudioFileError;

/// What a WAV file holds, mixed down to one channel.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wav {
    pub(crate) rate: u32,
    pub(crate) samples: Vec<f32>,
}

/// Reads a WAV file of any rate and up to eight channels: whole numbers of 8, 16, 24 or 32 bits,
/// floats of 32 or 64, A-law or mu-law.
pub(crate) fn read(bytes: &[u8]) -> Result<Wav, AudioFileError> {
    let mut format = None;
    // After `RIFF`, a length that is often wrong, and `WAVE`.
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some((header, body)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, length @ ..] = *header;
        // A length beyond the end is that of a file written into a pipe, or cut off: take what is
        // there.
        let length = (u32::from_le_bytes(length) as usize).min(body.len());
        match &[a, b, c, d] {
            b"fmt " => format = Some(Format::read(&body[..length])?),
            b"data" => {
                let format = format.ok_or_else(|| damaged("its data comes before its format"))?;
                // Zero is what a program leaves that never came back to write the length.
                let data = if length == 0 { body } else { &body[..length] };
                return format.decode(data);
            }
            _ => {}
        }
        // Chunks begin at even places.
        rest = body.get(length + length % 2..).unwrap_or_default();
    }
    Err(damaged("it has no data"))
}

/// Begins a WAV file of 48 kHz and 16 bits, its samples to be written channel by channel in turn.
pub(crate) fn writer<W: Write + Seek>(sink: W, channels: u16) -> std::io::Result<WavWriter<W>> {
    let spec = WavSpec {
        channels,
        sample_rate: SAMPLE_RATE,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    WavWriter::new(sink, spec).map_err(io_error)
}

/// Writes one sample; what is louder than full scale is clipped.
pub(crate) fn write_sample<W: Write + Seek>(
    writer: &mut WavWriter<W>,
    sample: f32,
) -> std::io::Result<()> {
    writer
        .write_sample((sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16)
        .map_err(io_error)
}

/// Ends the file: its lengths are true from now on.
pub(crate) fn finish<W: Write + Seek>(writer: WavWriter<W>) -> std::io::Result<()> {
    writer.finalize().map_err(io_error)
}

fn io_error(error: hound::Error) -> std::io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => std::io::Error::other(other),
    }
}

#[derive(Debug, Clone, Copy)]
struct Format {
    coding: Coding,
    channels: usize,
    rate: u32,
}

#[derive(Debug, Clone, Copy)]
enum Coding {
    Unsigned8,
    Signed16,
    Signed24,
    Signed32,
    Float32,
    Float64,
    ALaw,
    MuLaw,
}

impl Format {
    fn read(chunk: &[u8]) -> Result<Self, AudioFileError> {
        let word = |at: usize| {
            chunk
                .get(at..at + 2)
                .map(|two| u16::from_le_bytes([two[0], two[1]]))
                .ok_or_else(|| damaged("its format is cut off"))
        };
        let tag = match word(0)? {
            // The true tag is the beginning of the sub-format's id.
            EXTENSIBLE => word(24)?,
            tag => tag,
        };
        let bits = word(14)?;
        let coding = match (tag, bits) {
            (PCM, 8) => Coding::Unsigned8,
            (PCM, 16) => Coding::Signed16,
            (PCM, 24) => Coding::Signed24,
            (PCM, 32) => Coding::Signed32,
            (FLOAT, 32) => Coding::Float32,
            (FLOAT, 64) => Coding::Float64,
            (A_LAW, 8) => Coding::ALaw,
            (MU_LAW, 8) => Coding::MuLaw,
            (tag, bits) => {
                return Err(AudioFileError::WrongFormat {
                    found: format!("a WAV file of format {tag} with {bits} bits"),
                });
            }
        };
        let channels = usize::from(word(2)?);
        if !(1..=CHANNELS_MAX).contains(&channels) {
            return Err(AudioFileError::WrongFormat {
                found: format!("a WAV file with {channels} channels"),
            });
        }
        let rate = u32::from(word(4)?) | u32::from(word(6)?) << 16;
        Ok(Self {
            coding,
            channels,
            rate,
        })
    }

    /// Decodes whole frames and mixes their channels; a cut-off frame at the end is dropped.
    fn decode(self, data: &[u8]) -> Result<Wav, AudioFileError> {
        let frame_bytes = self.coding.bytes() * self.channels;
        let frames = data.len() / frame_bytes;
        if frames > AUDIO_FILE_SECS_MAX.saturating_mul(self.rate as usize) {
            return Err(AudioFileError::TooLong);
        }
        let samples = data
            .chunks_exact(frame_bytes)
            .map(|frame| {
                let sum: f32 = frame
                    .chunks_exact(self.coding.bytes())
                    .map(|sample| self.coding.decode(sample))
                    .sum();
                sum / self.channels as f32
            })
            .collect();
        Ok(Wav {
            rate: self.rate,
            samples,
        })
    }
}

impl Coding {
    const fn bytes(self) -> usize {
        match self {
            Self::Unsigned8 | Self::ALaw | Self::MuLaw => 1,
            Self::Signed16 => 2,
            Self::Signed24 => 3,
            Self::Signed32 | Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }

    /// One sample, from -1 to 1. `bytes` has [`Coding::bytes`] of them.
    fn decode(self, bytes: &[u8]) -> f32 {
        let value = match (self, bytes) {
            (Self::Unsigned8, &[a]) => (f32::from(a) - 128.0) / 128.0,
            (Self::Signed16, &[a, b]) => f32::from(i16::from_le_bytes([a, b])) / 32_768.0,
            (Self::Signed24, &[a, b, c]) => {
                i32::from_le_bytes([0, a, b, c]) as f32 / 2_147_483_648.0
            }
            (Self::Signed32, &[a, b, c, d]) => {
                i32::from_le_bytes([a, b, c, d]) as f32 / 2_147_483_648.0
            }
            (Self::Float32, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
            (Self::Float64, &[a, b, c, d, e, f, g, h]) => {
                f64::from_le_bytes([a, b, c, d, e, f, g, h]) as f32
            }
            (Self::ALaw, &[a]) => a_law(a),
            (Self::MuLaw, &[a]) => mu_law(a),
            _ => 0.0,
        };
        // A float may be anything at all, and what is not a number would stay in every filter.
        if value.is_finite() {
            value.clamp(-1.0, 1.0)
        } else {
            0.0
        }
    }
}

/// ITU-T G.711, A-law.
fn a_law(byte: u8) -> f32 {
    let byte = byte ^ 0x55;
    let (exponent, mantissa) = ((byte >> 4) & 0x07, i32::from(byte & 0x0f));
    let magnitude = match exponent {
        0 => (mantissa << 4) + 8,
        exponent => ((mantissa << 4) + 0x108) << (exponent - 1),
    };
    let magnitude = magnitude as f32 / 32_768.0;
    if byte & 0x80 == 0 {
        -magnitude
    } else {
        magnitude
    }
}

/// ITU-T G.711, mu-law.
fn mu_law(byte: u8) -> f32 {
    let byte = !byte;
    let (exponent, mantissa) = ((byte >> 4) & 0x07, i32::from(byte & 0x0f));
    let magnitude = (((mantissa << 3) + 0x84) << exponent) - 0x84;
    let magnitude = magnitude as f32 / 32_768.0;
    if byte & 0x80 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

fn damaged(why: &str) -> AudioFileError {
    AudioFileError::Damaged {
        why: why.to_owned(),
    }
}

const PCM: u16 = 1;
const FLOAT: u16 = 3;
const A_LAW: u16 = 6;
const MU_LAW: u16 = 7;
const EXTENSIBLE: u16 = 0xfffe;
const CHANNELS_MAX: usize = 8;

#[cfg(test)]
mod tests;
