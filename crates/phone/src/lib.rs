//! A WhatsApp user's phone as a program: dials, answers, talks, presses digits, hangs up.

pub mod line;
