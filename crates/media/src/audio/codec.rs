//! Opus in and out. The only file that knows which library does it.
//!
//! The library is young and has one author, so it stands behind [`AudioCodec`]. It encodes well at
//! every rate, but decodes well at 48 kHz only: nothing here asks it for another.

use opus_pure::{Application, MAX_PACKET_BYTES, OpusDecoder, OpusEncoder};

use super::{FRAME_SAMPLES, SAMPLE_RATE};

/// One direction each of a call's audio: 48 kHz mono samples to packets, packets to samples.
///
/// Both halves carry state from packet to packet: one codec serves one stream, in order.
pub trait AudioCodec: Send {
    /// Encodes one frame of [`FRAME_SAMPLES`] samples into a packet.
    ///
    /// # Errors
    ///
    /// Refuses frames of another length.
    fn encode(&mut self, frame: &[f32]) -> Result<Vec<u8>, CodecError>;

    /// Decodes a packet and appends its samples, 2.5 to 120 ms of them; gives their number.
    ///
    /// # Errors
    ///
    /// Refuses what is no Opus packet. The codec can be used on.
    fn decode(&mut self, packet: &[u8], samples: &mut Vec<f32>) -> Result<usize, CodecError>;

    /// Makes up `missing` samples in place of lost packets, from what was heard before.
    fn conceal(&mut self, missing: usize, samples: &mut Vec<f32>);

    /// Recovers the frame before `next` from the copy that `next` may carry, or makes it up.
    /// `next` itself is still to be decoded.
    fn recover(&mut self, next: &[u8], samples: &mut Vec<f32>);
}

/// How to encode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodecSettings {
    /// Bits per second, 6 000 to 128 000.
    pub bitrate_bps: u32,
    /// How much work to spend, 0 to 10. At 5 a frame costs about 0.2 ms.
    pub complexity: u8,
    /// Packets that are expected to be lost, in percent; above 0 each packet may carry a copy of
    /// the frame before it.
    pub expected_loss_percent: u8,
}

impl Default for CodecSettings {
    /// Speech that nobody finds fault with, on a network that loses little.
    fn default() -> Self {
        Self {
            bitrate_bps: 32_000,
            complexity: 5,
            expected_loss_percent: 0,
        }
    }
}

/// Why samples or a packet could not be coded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The encoder was given something else than one frame.
    #[error("{samples} samples are not a frame of {FRAME_SAMPLES}")]
    NotAFrame {
        /// What it was given.
        samples: usize,
    },
    /// The decoder was given something else than an Opus packet.
    #[error("not an Opus packet: {0}")]
    BadPacket(String),
}

/// [`AudioCodec`] for Opus.
#[derive(Debug)]
pub struct OpusCodec {
    encoder: OpusEncoder,
    decoder: OpusDecoder,
    packet: Vec<u8>,
}

impl OpusCodec {
    /// A codec for one stream each way.
    #[must_use]
    pub fn new(settings: CodecSettings) -> Self {
        Self {
            encoder: encoder(settings),
            decoder: decoder(),
            packet: vec![0; MAX_PACKET_BYTES],
        }
    }
}

impl Default for OpusCodec {
    fn default() -> Self {
        Self::new(CodecSettings::default())
    }
}

impl AudioCodec for OpusCodec {
    fn encode(&mut self, frame: &[f32]) -> Result<Vec<u8>, CodecError> {
        if frame.len() != FRAME_SAMPLES {
            return Err(CodecError::NotAFrame {
                samples: frame.len(),
            });
        }
        let bytes = self
            .encoder
            .encode(frame, FRAME_SAMPLES, &mut self.packet)
            .map_err(|error| CodecError::BadPacket(error.to_string()))?;
        Ok(self.packet[..bytes].to_vec())
    }

    fn decode(&mut self, packet: &[u8], samples: &mut Vec<f32>) -> Result<usize, CodecError> {
        if packet.is_empty() {
            return Err(CodecError::BadPacket("it is empty".to_owned()));
        }
        let bad = |error: opus_pure::Error| CodecError::BadPacket(error.to_string());
        let length = opus_pure::packet::samples_48k(packet).map_err(bad)?;
        let start = samples.len();
        samples.resize(start + length, 0.0);
        match self.decoder.decode(packet, length, &mut samples[start..]) {
            Ok(decoded) => {
                samples.truncate(start + decoded);
                Ok(decoded)
            }
            Err(error) => {
                samples.truncate(start);
                Err(bad(error))
            }
        }
    }

    fn conceal(&mut self, missing: usize, samples: &mut Vec<f32>) {
        let end = samples.len() + missing;
        while samples.len() < end {
            let start = samples.len();
            let length = (end - start).min(FRAME_SAMPLES);
            samples.resize(start + length, 0.0);
            // The library conceals in steps of 2.5 ms; what is left over stays silent.
            let step = length - length % STEP_SAMPLES;
            if step == 0
                || self
                    .decoder
                    .decode(&[], step, &mut samples[start..])
                    .is_err()
            {
                samples[start..].fill(0.0);
            }
        }
    }

    fn recover(&mut self, next: &[u8], samples: &mut Vec<f32>) {
        let start = samples.len();
        samples.resize(start + FRAME_SAMPLES, 0.0);
        let recovered = self
            .decoder
            .decode_fec(next, FRAME_SAMPLES, &mut samples[start..]);
        if recovered.is_err() {
            samples.truncate(start);
            self.conceal(FRAME_SAMPLES, samples);
        }
    }
}

/// The samples that a packet stands for, or why it is no Opus packet.
///
/// # Errors
///
/// Refuses what is no Opus packet, by its first two bytes only.
pub fn packet_samples(packet: &[u8]) -> Result<usize, CodecError> {
    match opus_pure::packet::samples_48k(packet) {
        Ok(0) => Err(CodecError::BadPacket("it stands for no time".to_owned())),
        Ok(samples) => Ok(samples),
        Err(error) => Err(CodecError::BadPacket(error.to_string())),
    }
}

fn encoder(settings: CodecSettings) -> OpusEncoder {
    let mut encoder = OpusEncoder::new(SAMPLE_RATE.cast_signed(), 1, Application::Voip)
        .expect("48 kHz mono is a rate and a channel count of Opus");
    encoder.bitrate_bps = settings.bitrate_bps.clamp(6_000, 128_000).cast_signed();
    encoder.complexity = i32::from(settings.complexity.min(10));
    encoder.use_inband_fec = settings.expected_loss_percent > 0;
    encoder.packet_loss_perc = i32::from(settings.expected_loss_percent.min(100));
    encoder
}

fn decoder() -> OpusDecoder {
    OpusDecoder::new(SAMPLE_RATE.cast_signed(), 1)
        .expect("48 kHz mono is a rate and a channel count of Opus")
}

/// The shortest Opus frame: 2.5 ms.
const STEP_SAMPLES: usize = 120;

#[cfg(test)]
mod tests;
