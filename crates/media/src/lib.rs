//! WebRTC legs, relay, recorder, tones and DTMF, without a socket or a clock of their own.

pub mod audio;
pub mod audio_app;
pub mod datagram;
pub mod dtmf;
pub mod identity;
pub mod leg;
pub mod relay;
mod rtcp;
pub mod rtp;
pub mod sdp_shape;
mod srtp;
pub mod stats;
pub mod weather;

pub use audio_app::{AppFrame, AudioApp};
pub use identity::{DtlsIdentity, IceCredentials, LegDraw};
pub use leg::{IceRole, Leg, LegError, LegEvent, LegFailure, LegOutput, LegSetup, Transmit};
pub use rtp::{FrameKind, RtpFrame};
pub use sdp_shape::{PeerDescription, Setup, Shape};
pub use stats::LegStats;
