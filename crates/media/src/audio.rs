//! Audio beside the legs: codec, files, tones, recordings, and the apps that play and record.
//!
//! Everything here is 48 kHz mono in frames of 20 ms, because that is what a call carries; samples
//! are `f32` from -1 to 1. What a call plays is encoded once, before it, as a [`Clip`]; what it
//! hears is kept as the packets came ([`Tape`], [`OggTrack`]) and decoded after it, so that a media
//! thread neither encodes nor decodes for either.

pub mod clip;
pub mod codec;
pub mod file;
pub mod handset;
pub mod jitter;
pub mod mix;
pub mod ogg;
pub mod probe;
pub mod resample;
pub mod tape;
pub mod timeline;
pub mod track;
pub mod wav;

pub use clip::Clip;
pub use codec::{AudioCodec, CodecError, CodecSettings, OpusCodec};
pub use file::{AudioFileError, read_clip, read_pcm};
pub use handset::{Handset, HandsetControl, HandsetEvent, Mouthpiece, NotTold};
pub use jitter::{JitterBuffer, Listener};
pub use probe::Probe;
pub use tape::Tape;
pub use track::{OggTrack, Track};

/// Samples per second.
pub const SAMPLE_RATE: u32 = 48_000;

/// Samples of one frame: 20 ms.
pub const FRAME_SAMPLES: usize = 960;

/// Frames per second.
pub const FRAMES_PER_SECOND: usize = 50;

/// One Opus packet of 20 ms of nothing: CELT, full band, its silence flag set.
pub const SILENT_PACKET: [u8; 3] = [0xf8, 0xff, 0xfe];
