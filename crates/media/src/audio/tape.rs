//! A recording in memory, which can be listened to at any time.

use std::convert::Infallible;
use std::io::{Seek, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use types::limits::TAPE_PACKETS_MAX;

use super::FRAME_SAMPLES;
use super::codec::{AudioCodec, OpusCodec, packet_samples};
use super::ogg::CONCEALED_FRAMES_MAX;
use super::probe::duration_of;
use super::timeline::{Slot, Timeline};
use super::track::{Track, write_ogg};
use super::wav;

/// The packets of one direction of a leg. Clones are the same tape: one is written by the media
/// thread, another read by whoever wants to hear it.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    reel: Arc<Mutex<Reel>>,
}

#[derive(Debug, Default)]
struct Reel {
    timeline: Timeline,
    slots: Vec<Slot>,
}

impl Tape {
    /// An empty tape whose time begins now.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How long it is so far, silence included.
    #[must_use]
    pub fn duration(&self) -> Duration {
        let samples: u64 = self.slots().iter().map(slot_samples).sum();
        duration_of(usize::try_from(samples).unwrap_or(usize::MAX))
    }

    /// How many packets it has.
    #[must_use]
    pub fn packets(&self) -> usize {
        self.slots()
            .iter()
            .filter(|slot| matches!(slot, Slot::Packet(_)))
            .count()
    }

    /// The longest stretch between two packets for which nothing came.
    #[must_use]
    pub fn longest_gap(&self) -> Duration {
        let longest = self
            .slots()
            .iter()
            .skip_while(|slot| matches!(slot, Slot::Missing { .. }))
            .map(|slot| match slot {
                Slot::Packet(_) => 0,
                Slot::Missing { samples } => *samples,
            })
            .max()
            .unwrap_or(0);
        duration_of(usize::try_from(longest).unwrap_or(usize::MAX))
    }

    /// Decodes it to 48 kHz mono, as a listener would have heard it.
    #[must_use]
    pub fn pcm(&self) -> Vec<f32> {
        let mut samples = Vec::new();
        let Ok(()) = decode::<Infallible>(&self.slots(), |piece| {
            samples.extend_from_slice(piece);
            Ok(())
        });
        samples
    }

    /// Writes it as a WAV file: 48 kHz, mono, 16 bits.
    ///
    /// # Errors
    ///
    /// Gives the sink's error.
    pub fn write_wav(&self, sink: impl Write + Seek) -> std::io::Result<()> {
        let mut writer = wav::writer(sink, 1)?;
        decode(&self.slots(), |piece| {
            piece
                .iter()
                .try_for_each(|sample| wav::write_sample(&mut writer, *sample))
        })?;
        wav::finish(writer)
    }

    /// Writes it as an Ogg Opus file, its packets as they came.
    ///
    /// # Errors
    ///
    /// Gives the sink's error.
    pub fn write_ogg(&self, sink: impl Write) -> std::io::Result<()> {
        match write_ogg(&self.slots(), sink) {
            Ok(_) => Ok(()),
            Err(opus_pure::Error::Io(error)) => Err(error),
            Err(error) => Err(std::io::Error::other(error)),
        }
    }

    /// What is on it so far. Holds the media thread up no longer than it takes to count references.
    fn slots(&self) -> Vec<Slot> {
        let reel = self.lock();
        let mut slots = reel.slots.clone();
        // What waits for a late packet is given as it is, and goes on waiting.
        slots.extend(reel.timeline.waiting());
        slots
    }

    fn lock(&self) -> MutexGuard<'_, Reel> {
        // A panic elsewhere leaves a reel that is whole up to its last packet.
        self.reel.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Track for Tape {
    fn packet(&mut self, timestamp: u32, packet: &Arc<[u8]>) {
        let mut guard = self.lock();
        let reel = &mut *guard;
        if reel.timeline.given() < (TAPE_PACKETS_MAX * FRAME_SAMPLES) as u64 {
            reel.timeline.push(timestamp, packet);
            reel.slots.extend(reel.timeline.drain());
        }
    }

    fn tick(&mut self) {
        self.lock().timeline.tick();
    }
}

/// Decodes a time line piece by piece; missing stretches are made up as far as a decoder would, then
/// silent.
fn decode<E>(slots: &[Slot], mut hear: impl FnMut(&[f32]) -> Result<(), E>) -> Result<(), E> {
    let mut codec = OpusCodec::default();
    let mut samples = Vec::new();
    let mut began = false;
    for slot in slots {
        samples.clear();
        match slot {
            Slot::Packet(packet) => {
                began = true;
                if codec.decode(packet, &mut samples).is_err() {
                    let length = packet_samples(packet).unwrap_or(FRAME_SAMPLES);
                    codec.conceal(length, &mut samples);
                }
                hear(&samples)?;
            }
            Slot::Missing { samples: missing } => {
                let missing = usize::try_from(*missing).unwrap_or(0);
                let made_up = CONCEALED_FRAMES_MAX as usize * FRAME_SAMPLES;
                if began {
                    codec.conceal(missing.min(made_up), &mut samples);
                }
                hear(&samples)?;
                let mut silent = missing - samples.len();
                while silent > 0 {
                    let frame = [0.0; FRAME_SAMPLES];
                    let length = silent.min(FRAME_SAMPLES);
                    hear(&frame[..length])?;
                    silent -= length;
                }
            }
        }
    }
    Ok(())
}

fn slot_samples(slot: &Slot) -> u64 {
    match slot {
        Slot::Packet(packet) => packet_samples(packet).map_or(0, |samples| samples as u64),
        Slot::Missing { samples } => *samples,
    }
}

#[cfg(test)]
mod tests;
