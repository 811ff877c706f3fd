//! Digits in RTP: RFC 4733 telephone events, sent and received. In-band tones are not looked for.
//!
//! Both halves count time in RTP timestamps and in ticks of 20 ms; neither owns a clock.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;

use types::ParseError;
use types::limits::DTMF_QUEUE_MAX;

/// One key: `0` to `9`, `*`, `#`, `A` to `D` (RFC 4733, 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digit(u8);

impl Digit {
    /// The event code on the wire, 0 to 15.
    #[must_use]
    pub const fn event(self) -> u8 {
        self.0
    }

    /// The key with that event code; codes above 15 are no keys (16 is a hook flash).
    #[must_use]
    pub const fn from_event(event: u8) -> Option<Self> {
        if (event as usize) < KEYS.len() {
            Some(Self(event))
        } else {
            None
        }
    }

    /// The key as it is printed on a telephone.
    #[must_use]
    pub fn as_char(self) -> char {
        char::from(KEYS[usize::from(self.0)])
    }
}

impl TryFrom<char> for Digit {
    type Error = ParseError;

    fn try_from(key: char) -> Result<Self, ParseError> {
        KEYS.iter()
            .zip(0_u8..)
            .find(|(known, _)| char::from(**known) == key.to_ascii_uppercase())
            .map(|(_, event)| Self(event))
            .ok_or(ParseError {
                what: "key",
                rule: "one of 0 to 9, *, #, A to D",
            })
    }
}

impl fmt::Display for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_char())
    }
}

/// A row of keys to press, with pauses: `12#` or `1w2`, where `w` or `,` waits half a second.
/// Between two keys there is always a short pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits(Vec<Stroke>);

impl Digits {
    /// How many keys and pauses there are; never 0.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "parsing refuses an empty row, so the question never arises"
    )]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl FromStr for Digits {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let strokes = text
            .chars()
            .filter(|c| *c != ' ')
            .map(|c| match c {
                'w' | 'W' | ',' => Ok(Stroke::Pause),
                key => Digit::try_from(key).map(Stroke::Key),
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| ParseError {
                what: "row of digits",
                rule: "0 to 9, *, #, A to D, and w or , for a pause of half a second",
            })?;
        if strokes.is_empty() || strokes.len() > DTMF_QUEUE_MAX {
            return Err(ParseError {
                what: "row of digits",
                rule: "1 to 64 keys and pauses",
            });
        }
        Ok(Self(strokes))
    }
}

impl From<Digit> for Digits {
    fn from(digit: Digit) -> Self {
        Self(vec![Stroke::Key(digit)])
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|stroke| match stroke {
            Stroke::Key(digit) => digit.fmt(f),
            Stroke::Pause => f.write_str("w"),
        })
    }
}

/// Turns received telephone events into digits, each reported once, when it begins.
///
/// Takes what peers really send: only the end packets of an event, each with the marker set
/// (Chromium at 8 kHz), empty payloads, late repeats, packets that overtake each other, and events
/// so long that they are cut into segments (RFC 4733, 2.5.1.3).
#[derive(Debug, Default)]
pub struct DtmfReceiver {
    newest: Option<Heard>,
}

impl DtmfReceiver {
    /// A receiver that has heard nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { newest: None }
    }

    /// Takes one packet of the event payload type; gives the digit if one begins with it.
    pub fn receive(&mut self, timestamp: u32, payload: &[u8]) -> Option<Digit> {
        let &[event, flags, high, low, ..] = payload else {
            return None;
        };
        let digit = Digit::from_event(event)?;
        let heard = Heard {
            digit,
            timestamp,
            duration: u16::from_be_bytes([high, low]),
            ended: flags & END_BIT != 0,
        };
        let Some(newest) = &mut self.newest else {
            self.newest = Some(heard);
            return Some(digit);
        };

        let age = newest.timestamp.wrapping_sub(timestamp).cast_signed();
        if age == 0 && newest.digit == digit {
            newest.duration = newest.duration.max(heard.duration);
            newest.ended |= heard.ended;
            return None;
        }
        if (1..=LATE_MAX).contains(&age) {
            return None;
        }
        let continues = newest.digit == digit && !newest.ended && newest.duration >= SEGMENT_MIN;
        *newest = heard;
        (!continues).then_some(digit)
    }
}

/// Turns digits into telephone events, one packet per tick of 20 ms.
///
/// A key sounds for 100 ms, is followed by its end packet three times (RFC 4733, 2.5.1.4) and then
/// by a pause, in which audio may pass.
#[derive(Debug, Default)]
pub struct DtmfSender {
    queue: VecDeque<Stroke>,
    state: Sending,
}

/// One packet of a telephone event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DtmfPacket {
    /// Event, end bit and volume, duration in 8 kHz units.
    pub payload: [u8; 4],
    /// Set on the first packet of an event only.
    pub marker: bool,
    /// How many ticks of 20 ms ago the event began: all packets of one event carry the RTP timestamp
    /// of its beginning.
    pub ticks_since_start: u32,
}

/// Why digits were not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many digits are waiting to be sent: at most {DTMF_QUEUE_MAX}")]
pub struct DtmfQueueFull;

impl DtmfSender {
    /// A sender with nothing to send.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Queues digits behind those that wait already.
    ///
    /// # Errors
    ///
    /// Takes none of them if they would not all fit.
    pub fn press(&mut self, digits: &Digits) -> Result<(), DtmfQueueFull> {
        if self.queue.len() + digits.0.len() > DTMF_QUEUE_MAX {
            return Err(DtmfQueueFull);
        }
        self.queue.extend(digits.0.iter().copied());
        Ok(())
    }

    /// Whether every digit has been sent, its pause included.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && matches!(self.state, Sending::Nothing)
    }

    /// The packet of this 20 ms, in place of audio; nothing in a pause.
    pub fn tick(&mut self) -> Option<DtmfPacket> {
        if matches!(self.state, Sending::Nothing) {
            self.state = match self.queue.pop_front()? {
                Stroke::Key(digit) => Sending::Key { digit, tick: 0 },
                Stroke::Pause => Sending::Pause { ticks: PAUSE_TICKS },
            };
        }
        match self.state {
            Sending::Nothing => None,
            Sending::Pause { ticks } => {
                self.state = match ticks {
                    0 | 1 => Sending::Nothing,
                    more => Sending::Pause { ticks: more - 1 },
                };
                None
            }
            Sending::Key { digit, tick } => {
                self.state = if tick + 1 == KEY_TICKS + END_REPEATS {
                    Sending::Pause { ticks: GAP_TICKS }
                } else {
                    Sending::Key {
                        digit,
                        tick: tick + 1,
                    }
                };
                Some(packet(digit, tick))
            }
        }
    }
}

fn packet(digit: Digit, tick: u16) -> DtmfPacket {
    let ended = tick + 1 >= KEY_TICKS;
    let [high, low] = ((tick + 1).min(KEY_TICKS) * EVENT_UNITS_PER_TICK).to_be_bytes();
    DtmfPacket {
        payload: [
            digit.event(),
            if ended { END_BIT | VOLUME } else { VOLUME },
            high,
            low,
        ],
        marker: tick == 0,
        ticks_since_start: u32::from(tick),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stroke {
    Key(Digit),
    Pause,
}

#[derive(Debug)]
struct Heard {
    digit: Digit,
    timestamp: u32,
    duration: u16,
    ended: bool,
}

#[derive(Debug, Default)]
enum Sending {
    #[default]
    Nothing,
    Key {
        digit: Digit,
        tick: u16,
    },
    Pause {
        ticks: u16,
    },
}

/// In the order of their event codes (RFC 4733, 3.2, table 3).
const KEYS: &[u8; 16] = b"0123456789*#ABCD";
/// The top bit of the second byte (RFC 4733, 2.3.2).
const END_BIT: u8 = 0x80;
/// -10 dBm0, as browsers send it.
const VOLUME: u8 = 10;
/// 20 ms at 8 kHz.
const EVENT_UNITS_PER_TICK: u16 = 160;
/// A key sounds for 100 ms: comfortably over the 40 ms that receivers ask for.
const KEY_TICKS: u16 = 5;
/// The end packet goes out three times; the first of them is the last of [`KEY_TICKS`].
const END_REPEATS: u16 = 2;
/// 60 ms after the last repeat, so 100 ms of silence between two keys.
const GAP_TICKS: u16 = 3;
/// Half a second.
const PAUSE_TICKS: u16 = 25;
/// A segment of a long event is cut near the largest duration that 16 bits hold.
const SEGMENT_MIN: u16 = 0xff00;
/// A packet this much older, in RTP timestamp units, is no late repeat but a source that started
/// over: ten seconds at 48 kHz.
const LATE_MAX: i32 = 480_000;

#[cfg(test)]
mod tests;
