//! One business number and one user, as the law sees them.

use std::time::Duration;

use types::limits::OPEN_REQUESTS_MAX;
use types::{Direction, MessageId, Timestamp};

use super::{DAY, WEEK, since};

/// What has happened between them that still matters.
#[derive(Default)]
pub(super) struct Pair {
    pub(super) held: Held,
    /// Calls of the business under what is held.
    pub(super) calls: u32,
    /// The last of them in a row that were not taken.
    misses: u32,
    asked: Vec<Timestamp>,
    connected: Vec<Timestamp>,
    heard: Option<Timestamp>,
    /// Requests that can be answered, the oldest first.
    open: Vec<Open>,
    /// The seconds of the last two words that the business hears.
    words: [u64; 2],
    /// Whether the last word on calls was the business's question.
    waits_for_answer: bool,
}

struct Open {
    id: MessageId,
    until: Timestamp,
    answered: bool,
}

/// What the user allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// No calls.
    No {
        /// Because something ran out: a permission, or a request for one.
        ran_out: bool,
    },
    /// Calls until then.
    Until(Timestamp),
    /// Calls for ever.
    Forever,
}

/// What a user says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// Calls for a time.
    Temporary,
    /// Calls for ever.
    Permanent,
    /// No calls.
    No,
}

impl Default for Held {
    fn default() -> Self {
        Self::No { ran_out: false }
    }
}

impl Pair {
    /// Lets everything run out that has its end by `now`, in the order of the ends.
    pub(super) fn settle(&mut self, now: Timestamp) {
        loop {
            let lapse = match self.held {
                Held::Until(until) if until <= now => Some(until),
                Held::Until(_) | Held::No { .. } | Held::Forever => None,
            };
            let request = self.open.iter().map(|open| open.until).min();
            match (lapse, request.filter(|until| *until <= now)) {
                (Some(lapse), request) if request.is_none_or(|it| lapse <= it) => {
                    self.held = Held::No { ran_out: true };
                }
                (_, Some(until)) => {
                    let first = self.open.iter().position(|open| open.until == until);
                    self.close(first.unwrap_or(0));
                }
                (Some(_) | None, None) => break,
            }
        }
        self.asked.retain(|at| now < *at + WEEK);
        self.connected.retain(|at| now < *at + DAY);
    }

    pub(super) fn ask(&mut self, now: Timestamp, id: MessageId, until: Timestamp) {
        self.asked.push(now);
        self.open.push(Open {
            id,
            until,
            answered: false,
        });
        if matches!(self.held, Held::No { .. }) {
            self.held = Held::No { ran_out: false };
            self.waits_for_answer = true;
        }
        while self.open.len() > OPEN_REQUESTS_MAX {
            self.close(0);
        }
    }

    pub(super) fn deliver(&mut self, id: &MessageId, until: Timestamp) {
        let open = self.open.iter_mut().find(|open| open.id == *id);
        if let Some(open) = open.filter(|open| !open.answered) {
            open.until = until;
        }
    }

    pub(super) fn is_open(&self, id: &MessageId) -> bool {
        self.open.iter().any(|open| open.id == *id)
    }

    /// The first answer settles how long it may be changed; older requests are over.
    pub(super) fn answer(&mut self, id: &MessageId, until: Timestamp) {
        let Some(index) = self.open.iter().position(|open| open.id == *id) else {
            return;
        };
        let open = &mut self.open[index];
        if !open.answered {
            (open.answered, open.until) = (true, until);
        }
        self.waits_for_answer = false;
        self.open.drain(..index);
    }

    pub(super) fn say(&mut self, now: Timestamp, word: Word, until: Timestamp) {
        self.words = [self.words[1], now.as_secs()];
        (self.calls, self.misses) = (0, 0);
        self.waits_for_answer = false;
        self.held = match word {
            Word::Temporary => Held::Until(until),
            Word::Permanent => Held::Forever,
            Word::No => Held::No { ran_out: false },
        };
    }

    pub(super) fn hear(&mut self, now: Timestamp) {
        self.heard = self.heard.max(Some(now));
    }

    pub(super) fn connect(&mut self, now: Timestamp, direction: Direction) {
        if direction == Direction::BusinessInitiated {
            self.connected.push(now);
            self.calls += 1;
            self.hear(now);
        }
        self.misses = 0;
        self.asked.clear();
    }

    pub(super) const fn is_tied(&self) -> bool {
        self.words[0] == self.words[1]
    }

    pub(super) fn miss(&mut self, now: Timestamp, revoke_after: u32) {
        if matches!(self.held, Held::No { .. }) {
            return;
        }
        self.calls += 1;
        self.misses += 1;
        if revoke_after > 0 && self.misses >= revoke_after {
            self.say(now, Word::No, now);
        }
    }

    pub(super) fn window_open(&self, now: Timestamp, window: Duration) -> bool {
        self.heard.is_some_and(|at| now < at + window)
    }

    pub(super) fn asked_since(&self, now: Timestamp, period: Duration) -> u32 {
        since(&self.asked, now, period)
    }

    pub(super) fn connected_since(&self, now: Timestamp, period: Duration) -> u32 {
        since(&self.connected, now, period)
    }

    /// A request is over without a word. If it was the last that anybody waited for, the business
    /// has asked in vain.
    fn close(&mut self, index: usize) {
        self.open.remove(index);
        if self.waits_for_answer && self.open.iter().all(|open| open.answered) {
            self.waits_for_answer = false;
            self.held = Held::No { ran_out: true };
        }
    }
}
