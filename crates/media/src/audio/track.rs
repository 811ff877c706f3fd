//! Where what is heard or said on a leg is kept while the call runs.

use std::fmt;
use std::io::Write;
use std::sync::Arc;

use opus_pure::{OggOpusWriter, OpusHead};

use super::timeline::{Slot, Timeline};
use super::{SAMPLE_RATE, ogg};

/// Keeps one direction of a leg's audio. Driven from a media thread: it must not wait for long.
pub trait Track: Send {
    /// One Opus packet, with its RTP timestamp; in any order, some twice, some never.
    fn packet(&mut self, timestamp: u32, packet: &Arc<[u8]>);

    /// 20 ms have gone by.
    fn tick(&mut self);
}

/// Writes a track as Ogg Opus while the call runs, a page about every second, so that a crash leaves
/// a file that plays up to its last second. Packets pass as they are; gaps are filled.
pub struct OggTrack<W: Write> {
    timeline: Timeline,
    writer: OggOpusWriter<W>,
    /// Why nothing more is written, once something could not be.
    failed: Option<opus_pure::Error>,
}

impl<W: Write> OggTrack<W> {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// Gives the sink's error.
    pub fn new(sink: W) -> Result<Self, opus_pure::Error> {
        let mut writer = OggOpusWriter::new(sink, OpusHead::new(1, SAMPLE_RATE)?)?;
        writer.set_page_target(PAGE_BYTES);
        Ok(Self {
            timeline: Timeline::new(),
            writer,
            failed: None,
        })
    }

    /// Ends the file and gives the sink back.
    ///
    /// # Errors
    ///
    /// Gives the first error that the sink had, during the call or now.
    pub fn finish(mut self) -> Result<W, opus_pure::Error> {
        self.timeline.flush();
        self.write_ready();
        match self.failed {
            Some(error) => Err(error),
            None => self.writer.finish(),
        }
    }

    fn write_ready(&mut self) {
        for slot in self.timeline.drain() {
            if self.failed.is_none() {
                self.failed = write_slot(&mut self.writer, &slot).err();
            }
        }
    }
}

impl<W: Write + Send> Track for OggTrack<W> {
    fn packet(&mut self, timestamp: u32, packet: &Arc<[u8]>) {
        self.timeline.push(timestamp, packet);
        self.write_ready();
    }

    fn tick(&mut self) {
        self.timeline.tick();
    }
}

impl<W: Write> fmt::Debug for OggTrack<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OggTrack")
            .field("writer", &self.writer)
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

/// Writes slots as a whole Ogg Opus file.
pub(crate) fn write_ogg<W: Write>(slots: &[Slot], sink: W) -> Result<W, opus_pure::Error> {
    let mut writer = OggOpusWriter::new(sink, OpusHead::new(1, SAMPLE_RATE)?)?;
    for slot in slots {
        write_slot(&mut writer, slot)?;
    }
    writer.finish()
}

fn write_slot<W: Write>(
    writer: &mut OggOpusWriter<W>,
    slot: &Slot,
) -> Result<(), opus_pure::Error> {
    match slot {
        Slot::Packet(packet) => writer.write_packet(packet),
        Slot::Missing { samples } => {
            ogg::fillers(*samples).try_for_each(|filler| writer.write_packet(filler))
        }
    }
}

/// About a second of speech at the rate that calls have.
const PAGE_BYTES: usize = 2_500;

#[cfg(test)]
mod tests;
