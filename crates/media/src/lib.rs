//! WebRTC legs, relay, recorder, tones and DTMF, without a socket or a clock of their own.

pub mod dtmf;
