//! Ogg Opus files: read whole, and what stands in one for packets that never came.

use std::io::{Cursor, Read};

use opus_pure::{MAX_PACKET_SAMPLES, OggOpusReader, OggPacket, OpusDecoder, Trim};
use types::limits::AUDIO_FILE_SECS_MAX;

use super::file::AudioFileError;
use super::{FRAME_SAMPLES, SAMPLE_RATE, SILENT_PACKET};

/// The file's packets as they are, and its number of channels.
pub(crate) fn read_packets(bytes: &[u8]) -> Result<Packets, AudioFileError> {
    let mut reader = OggOpusReader::new(Cursor::new(bytes)).map_err(damaged)?;
    let as_they_are = reader.head().channel_count == 1 && reader.head().output_gain_q8 == 0;
    let packets = reader
        .packets()
        .map(|packet| packet.map(|packet| packet.data).map_err(damaged))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Packets {
        packets,
        as_they_are,
    })
}

/// What [`read_packets`] gives.
pub(crate) struct Packets {
    pub(crate) packets: Vec<Vec<u8>>,
    /// Whether they can be played without decoding: mono, and no gain to apply.
    pub(crate) as_they_are: bool,
}

/// The file's audio, decoded to 48 kHz mono.
pub(crate) fn read_pcm(bytes: &[u8]) -> Result<Vec<f32>, AudioFileError> {
    let mut decoder = OggDecoder::new(Cursor::new(bytes))?;
    let mut samples = Vec::new();
    while decoder.next_block(&mut samples)? {
        if samples.len() > AUDIO_FILE_SECS_MAX * SAMPLE_RATE as usize {
            return Err(AudioFileError::TooLong);
        }
    }
    Ok(samples)
}

/// Decodes a file packet by packet to 48 kHz mono, its ends trimmed as the file says.
pub(crate) struct OggDecoder<R: Read> {
    reader: OggOpusReader<R>,
    decoder: OpusDecoder,
    trim: Trim,
    packet: OggPacket,
    block: Vec<f32>,
}

impl<R: Read> OggDecoder<R> {
    pub(crate) fn new(source: R) -> Result<Self, AudioFileError> {
        let reader = OggOpusReader::new(source).map_err(damaged)?;
        let head = reader.head();
        if head.mapping_family != 0 {
            return Err(AudioFileError::WrongFormat {
                found: "an Ogg Opus file with more than two channels".to_owned(),
            });
        }
        // A decoder of one channel mixes two into one by itself.
        let rate = SAMPLE_RATE.cast_signed();
        let mut decoder = OpusDecoder::new(rate, 1).map_err(damaged)?;
        decoder.gain_q8 = i32::from(head.output_gain_q8);
        Ok(Self {
            trim: Trim::new(head, rate, 1).map_err(damaged)?,
            reader,
            decoder,
            packet: OggPacket::default(),
            block: vec![0.0; MAX_PACKET_SAMPLES],
        })
    }

    /// Appends the next packet's samples, which may be none; false at the end of the file.
    pub(crate) fn next_block(&mut self, samples: &mut Vec<f32>) -> Result<bool, AudioFileError> {
        if !self
            .reader
            .read_packet_into(&mut self.packet)
            .map_err(damaged)?
        {
            return Ok(false);
        }
        let decoded = self
            .decoder
            .decode(&self.packet.data, MAX_PACKET_SAMPLES, &mut self.block)
            .map_err(damaged)?;
        samples.extend_from_slice(self.trim.keep(&self.packet, &self.block[..decoded]));
        Ok(true)
    }
}

/// Packets that stand for `samples` of silence: at first one byte each, at which a decoder makes up
/// what may have been there (RFC 6716, 4.4), then silence itself. A rest below 2.5 ms is dropped.
pub(crate) fn fillers(samples: u64) -> impl Iterator<Item = &'static [u8]> {
    let frame = FRAME_SAMPLES as u64;
    let rest = samples % frame;
    let made_up = (samples / frame).min(CONCEALED_FRAMES_MAX);
    let silent = samples / frame - made_up;
    let many = |packet: &'static [u8], times: u64| {
        std::iter::repeat_n(packet, usize::try_from(times).unwrap_or(0))
    };
    many(&[LOST_20_MS], made_up)
        .chain(many(&SILENT_PACKET, silent))
        .chain(many(&[LOST_10_MS], rest / 480))
        .chain(many(&[LOST_5_MS], rest % 480 / 240))
        .chain(many(&[LOST_2_5_MS], rest % 240 / 120))
}

fn damaged(error: opus_pure::Error) -> AudioFileError {
    AudioFileError::Damaged {
        why: error.to_string(),
    }
}

/// After 60 ms of making up there is nothing left to go by.
pub(crate) const CONCEALED_FRAMES_MAX: u64 = 3;

// CELT, full band, mono, one frame without a byte: lost (RFC 6716, 3.1 and 3.2).
const LOST_20_MS: u8 = 31 << 3;
const LOST_10_MS: u8 = 30 << 3;
const LOST_5_MS: u8 = 29 << 3;
const LOST_2_5_MS: u8 = 28 << 3;

#[cfg(test)]
mod tests;
