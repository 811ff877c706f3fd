//! Something to play, encoded once and shared by every call that plays it.

use std::f64::consts::PI;
use std::sync::Arc;
use std::time::Duration;

use types::limits::AUDIO_FILE_SECS_MAX;

use super::codec::{AudioCodec, CodecSettings, OpusCodec, packet_samples};
use super::probe::duration_of;
use super::{FRAME_SAMPLES, FRAMES_PER_SECOND, SAMPLE_RATE};

/// Opus packets of 20 ms each. Cloning shares them.
#[derive(Debug, Clone)]
pub struct Clip {
    packets: Arc<[Arc<[u8]>]>,
}

impl Clip {
    /// Encodes 48 kHz mono samples; the last frame is filled up with silence.
    #[must_use]
    pub fn from_pcm(samples: &[f32], settings: CodecSettings) -> Self {
        let mut codec = OpusCodec::new(settings);
        let mut frame = [0.0; FRAME_SAMPLES];
        let packets = samples
            .chunks(FRAME_SAMPLES)
            .map(|chunk| {
                frame[..chunk.len()].copy_from_slice(chunk);
                frame[chunk.len()..].fill(0.0);
                encoded(&mut codec, &frame)
            })
            .collect();
        Self { packets }
    }

    /// A sine of `hz` and `level` (1 is full scale), to be looped: its end goes over into its
    /// beginning, for the ear and for the decoder.
    #[must_use]
    pub fn tone(hz: u16, level: f32) -> Self {
        // A second holds a whole number of periods of any whole frequency. The second time round
        // the encoder's memory is that of the end of the loop, and so is the decoder's in a call.
        let samples = sine(hz, level, 2 * SAMPLE_RATE as usize);
        let mut clip = Self::from_pcm(&samples, CodecSettings::default());
        clip.packets = clip.packets[FRAMES_PER_SECOND..].into();
        clip
    }

    /// Takes packets as they are, if each is one of 20 ms that fits an RTP packet.
    #[must_use]
    pub fn from_packets(packets: Vec<Vec<u8>>) -> Option<Self> {
        let fits = |packet: &Vec<u8>| {
            packet.len() <= PACKET_BYTES_MAX && packet_samples(packet) == Ok(FRAME_SAMPLES)
        };
        if packets.is_empty()
            || packets.len() > AUDIO_FILE_SECS_MAX * FRAMES_PER_SECOND
            || !packets.iter().all(fits)
        {
            return None;
        }
        Some(Self {
            packets: packets.into_iter().map(Arc::from).collect(),
        })
    }

    /// The packets, one per 20 ms.
    #[must_use]
    pub fn packets(&self) -> &[Arc<[u8]>] {
        &self.packets
    }

    /// How long it plays.
    #[must_use]
    pub fn duration(&self) -> Duration {
        duration_of(self.packets.len() * FRAME_SAMPLES)
    }
}

/// A sine of 48 kHz; `level` 1 is full scale.
#[must_use]
pub fn sine(hz: u16, level: f32, samples: usize) -> Vec<f32> {
    let period = u64::from(SAMPLE_RATE);
    (0_u64..)
        .take(samples)
        .map(|at| {
            // Counted in whole steps, so that the phase of the last sample is as exact as the first's.
            let step = at * u64::from(hz) % period;
            let turn = step as f64 / period as f64;
            (2.0 * PI * turn).sin() as f32 * level
        })
        .collect()
}

fn encoded(codec: &mut OpusCodec, frame: &[f32]) -> Arc<[u8]> {
    codec
        .encode(frame)
        .map_or_else(|_| Arc::from(super::SILENT_PACKET), Arc::from)
}

/// What fits into an RTP packet on any network, headers and SRTP's tag aside.
const PACKET_BYTES_MAX: usize = 1_100;

#[cfg(test)]
mod tests;
