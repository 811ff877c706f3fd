//! WebRTC legs, relay, recorder, tones and DTMF, without a socket or a clock of their own.

pub mod audio_app;
pub mod dtmf;
pub mod rtp;

pub use audio_app::{AppFrame, AudioApp};
pub use rtp::{FrameKind, RtpFrame, TelephoneEvent};
