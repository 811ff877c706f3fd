//! The decisions of the platform: pure state machines, told the time, asked what to do.
