//! All calls of the gateway: which event belongs to which, and what to do with one that belongs to none.
//!
//! Pure, as [`Call`]. A platform promises no order, so the board holds two kinds of memory beside its
//! calls, both bounded and both short:
//!
//! - **tombstones**: a terminate for a call that nobody knows yet. When its connect comes, it is not
//!   answered: the caller has long gone;
//! - **early events**: while the answer to a request to place a call is awaited, webhooks may already
//!   speak of the call under an id that nobody knows. They wait for the id. A webhook that echoes our
//!   reference names the call itself.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::str::FromStr;

use types::limits::{
    GATEWAY_EARLY_CALLS_MAX, GATEWAY_EARLY_EVENTS_MAX, GATEWAY_REMEMBER_FOR, GATEWAY_TOMBSTONES_MAX,
};
use types::{CallId, ParseError, Timestamp};

use crate::call::{Call, Input, LeftOver, Outcome, Output, Phase, Refusal, Terminated, Timers};

/// The gateway's own name for a call; the platform's id comes later, or never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallRef(pub u64);

/// What the board is held to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardLimits {
    /// The patience of each call.
    pub timers: Timers,
    /// Calls at one time, both directions together.
    pub calls_max: usize,
}

/// Something that the platform says of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The platform's id.
    pub id: CallId,
    /// When it happened, by the platform's clock.
    pub stamped: Option<Timestamp>,
    /// Our own reference, if the platform echoes it.
    pub reference: Option<CallRef>,
    /// What happened.
    pub what: Word,
}

/// What happened, in one word each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A user calls, with this offer.
    Offer(String),
    /// The platform's answer to our offer.
    Answer(String),
    /// The user's phone rings.
    Rings,
    /// The user took the call.
    PickedUp,
    /// The user declined.
    Declined,
    /// A call of a user is over.
    UserCallOver(Terminated),
    /// A call is over that we placed, or of which nobody says who placed it.
    CallOver(Terminated),
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It began this call.
    Began(CallRef),
    /// It was given to this call.
    Given(CallRef),
    /// It waits for the platform's answer to a request to place a call.
    Waits,
    /// It ended a call that nobody knows yet; its connect will be too late.
    Tombstone,
    /// It changed nothing of this call: it came before, or too late.
    Stale(CallRef),
    /// It belongs to no call of ours.
    NotOurs,
}

/// There is no room for one more call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("as many calls as are allowed are running")]
pub struct Full;

/// All calls.
#[derive(Debug, Clone)]
pub struct Board {
    limits: BoardLimits,
    calls: BTreeMap<CallRef, Call>,
    by_id: BTreeMap<CallId, CallRef>,
    deadlines: BTreeSet<(Timestamp, CallRef)>,
    tombstones: BTreeMap<CallId, Tombstone>,
    early: BTreeMap<CallId, Early>,
    ended: VecDeque<(Timestamp, CallRef)>,
    open: usize,
    outputs: VecDeque<(CallRef, Output)>,
}

impl Board {
    /// An empty board.
    #[must_use]
    pub const fn new(limits: BoardLimits) -> Self {
        Self {
            limits,
            calls: BTreeMap::new(),
            by_id: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            tombstones: BTreeMap::new(),
            early: BTreeMap::new(),
            ended: VecDeque::new(),
            open: 0,
            outputs: VecDeque::new(),
        }
    }

    /// The call of that reference, if it is running or ended lately.
    #[must_use]
    pub fn call(&self, reference: CallRef) -> Option<&Call> {
        self.calls.get(&reference)
    }

    /// The call of that id, if it is running or ended lately.
    #[must_use]
    pub fn by_id(&self, id: &CallId) -> Option<CallRef> {
        self.by_id.get(id).copied()
    }

    /// The calls that are not over.
    pub fn open_calls(&self) -> impl Iterator<Item = CallRef> + '_ {
        let open = self.calls.iter();
        open.filter(|(_, call)| call.phase() != Phase::Ended)
            .map(|(reference, _)| *reference)
    }

    /// How many calls are not over.
    #[must_use]
    pub const fn open(&self) -> usize {
        self.open
    }

    /// Whether one more call may be placed.
    #[must_use]
    pub const fn has_room(&self) -> bool {
        self.open < self.limits.calls_max
    }

    /// From now on there is no room for new calls; those that run go on.
    pub const fn take_no_more(&mut self) {
        self.limits.calls_max = 0;
    }

    /// Starts a call to a user under the reference `fresh`.
    ///
    /// # Errors
    ///
    /// [`Full`] if there is no room.
    pub fn place(&mut self, now: Timestamp, fresh: CallRef) -> Result<(), Full> {
        if !self.has_room() {
            return Err(Full);
        }
        let call = Call::to_user(now, &self.limits.timers);
        self.put(now, fresh, call);
        Ok(())
    }

    /// Takes up what a previous process left, to end it.
    pub fn take_over(&mut self, now: Timestamp, reference: CallRef, left: LeftOver) {
        let call = Call::left_over(now, &self.limits.timers, left);
        self.put(now, reference, call);
    }

    /// Remembers that a call was over by `at`, as a previous process heard.
    pub fn remember_over(&mut self, at: Timestamp, id: CallId) {
        let told = Terminated::default();
        self.tombstones.insert(id, Tombstone { at, told });
    }

    /// Takes an event of the platform. A call of a user is begun under the reference `fresh`.
    pub fn hear(&mut self, now: Timestamp, heard: Heard, fresh: CallRef) -> Verdict {
        let known = self.by_id(&heard.id).or_else(|| self.named_by(&heard));
        match (known, heard.what) {
            (Some(reference), Word::Offer(_)) => Verdict::Stale(reference),
            (Some(reference), word) => {
                if self.call(reference).is_some_and(|call| call.id().is_none()) {
                    // The echo of our reference gives the call its name.
                    self.handle(now, reference, Input::Placed(heard.id)).ok();
                }
                self.give(now, reference, word)
            }
            (None, Word::Offer(offer)) => {
                self.user_calls(now, heard.id, heard.stamped, offer, fresh)
            }
            (None, Word::UserCallOver(told)) => self.bury(now, heard.id, told),
            (None, Word::CallOver(told)) if !self.awaits_id() => self.bury(now, heard.id, told),
            (None, word) => self.keep_early(now, heard.id, word),
        }
    }

    /// Gives one call one input.
    ///
    /// # Errors
    ///
    /// The call's own refusal, or [`Refusal::Ended`] if there is no such call any more.
    pub fn handle(
        &mut self,
        now: Timestamp,
        reference: CallRef,
        input: Input,
    ) -> Result<(), Refusal> {
        let Some(mut call) = self.take(reference) else {
            return Err(Refusal::Ended);
        };
        let unnamed = call.id().is_none();
        let answer = call.handle(now, &self.limits.timers, input);
        let named = call.id().filter(|_| unnamed).cloned();
        self.put(now, reference, call);
        if let Some(id) = named {
            let early = self.early.remove(&id);
            for word in early.into_iter().flat_map(|early| early.words) {
                self.give(now, reference, word);
            }
        }
        answer
    }

    /// Meets every deadline that has passed by `now`. Returns the calls that had one.
    pub fn tick(&mut self, now: Timestamp) -> Vec<CallRef> {
        let due = self.deadlines.range(..=(now, CallRef(u64::MAX)));
        let due: Vec<CallRef> = due.map(|(_, reference)| *reference).collect();
        for reference in &due {
            self.handle(now, *reference, Input::Timeout).ok();
        }
        self.forget(now);
        due
    }

    /// The next thing to do, if any.
    pub fn poll_output(&mut self) -> Option<(CallRef, Output)> {
        self.outputs.pop_front()
    }

    /// When to call [`Board::tick`], if at all.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.deadlines.first().map(|(at, _)| *at)
    }

    fn user_calls(
        &mut self,
        now: Timestamp,
        id: CallId,
        stamped: Option<Timestamp>,
        offer: String,
        fresh: CallRef,
    ) -> Verdict {
        let stamped = stamped.unwrap_or(now);
        let over = self.tombstones.remove(&id).map(|tombstone| tombstone.told);
        let early = self
            .early
            .remove(&id)
            .into_iter()
            .flat_map(|early| early.words);
        let over = over.or_else(|| {
            early.into_iter().find_map(|word| match word {
                Word::CallOver(told) | Word::UserCallOver(told) => Some(told),
                Word::Offer(_)
                | Word::Answer(_)
                | Word::Rings
                | Word::PickedUp
                | Word::Declined => None,
            })
        });
        let timers = &self.limits.timers;
        let call = if let Some(told) = over {
            Call::missed(now, id, Outcome::NotAnswered, told.reason)
        } else if now.since(stamped) >= timers.answer_within {
            Call::missed(now, id, Outcome::TooLate, None)
        } else if !self.has_room() {
            Call::turned_away(now, timers, id)
        } else {
            Call::from_user(now, timers, id, stamped, offer)
        };
        self.put(now, fresh, call);
        Verdict::Began(fresh)
    }

    fn give(&mut self, now: Timestamp, reference: CallRef, word: Word) -> Verdict {
        let input = match word {
            Word::Offer(_) => return Verdict::Stale(reference),
            Word::Answer(sdp) => Input::AnswerCame(sdp),
            Word::Rings => Input::Rings,
            Word::PickedUp => Input::PickedUp,
            Word::Declined => Input::Declined,
            Word::UserCallOver(told) | Word::CallOver(told) => Input::Terminated(told),
        };
        match self.handle(now, reference, input) {
            Ok(()) => Verdict::Given(reference),
            Err(_) => Verdict::Stale(reference),
        }
    }

    fn bury(&mut self, now: Timestamp, id: CallId, told: Terminated) -> Verdict {
        if self.tombstones.len() >= GATEWAY_TOMBSTONES_MAX {
            self.tombstones.pop_first();
        }
        self.tombstones.insert(id, Tombstone { at: now, told });
        Verdict::Tombstone
    }

    fn keep_early(&mut self, now: Timestamp, id: CallId, word: Word) -> Verdict {
        if !self.awaits_id() || self.early.len() >= GATEWAY_EARLY_CALLS_MAX {
            return Verdict::NotOurs;
        }
        let early = self.early.entry(id).or_insert_with(|| Early {
            at: now,
            words: Vec::new(),
        });
        if early.words.len() < GATEWAY_EARLY_EVENTS_MAX {
            early.words.push(word);
        }
        Verdict::Waits
    }

    /// The call that an event names by our own reference: one of ours without an id.
    fn named_by(&self, heard: &Heard) -> Option<CallRef> {
        let reference = heard.reference?;
        let call = self.call(reference)?;
        call.id().is_none().then_some(reference)
    }

    fn awaits_id(&self) -> bool {
        self.calls.values().any(Call::awaits_id)
    }

    fn take(&mut self, reference: CallRef) -> Option<Call> {
        let call = self.calls.remove(&reference)?;
        if let Some(deadline) = call.poll_timeout() {
            self.deadlines.remove(&(deadline, reference));
        }
        if call.phase() != Phase::Ended {
            self.open -= 1;
        }
        Some(call)
    }

    fn put(&mut self, now: Timestamp, reference: CallRef, mut call: Call) {
        let mut told_the_end = false;
        while let Some(output) = call.poll_output() {
            told_the_end |= matches!(output, Output::Tell(crate::call::News::Ended(_)));
            self.outputs.push_back((reference, output));
        }
        if let Some(deadline) = call.poll_timeout() {
            self.deadlines.insert((deadline, reference));
        }
        if let Some(id) = call.id() {
            self.by_id.insert(id.clone(), reference);
        }
        if call.phase() != Phase::Ended {
            self.open += 1;
        }
        if told_the_end {
            self.ended.push_back((now, reference));
        }
        self.calls.insert(reference, call);
    }

    /// Lets go of what has been kept long enough.
    fn forget(&mut self, now: Timestamp) {
        let old = |at: Timestamp| now.since(at) >= GATEWAY_REMEMBER_FOR;
        while self.ended.front().is_some_and(|(at, _)| old(*at)) {
            let Some((_, reference)) = self.ended.pop_front() else {
                break;
            };
            if let Some(call) = self.take(reference)
                && let Some(id) = call.id()
            {
                self.by_id.remove(id);
            }
        }
        self.tombstones.retain(|_, tombstone| !old(tombstone.at));
        self.early.retain(|_, early| !old(early.at));
    }
}

impl fmt::Display for CallRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c{:016x}", self.0)
    }
}

impl FromStr for CallRef {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.strip_prefix('c')
            .filter(|digits| digits.len() == 16)
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .map(Self)
            .ok_or(ParseError {
                what: "call reference",
                rule: "c and 16 hexadecimal digits",
            })
    }
}

#[derive(Debug, Clone)]
struct Tombstone {
    at: Timestamp,
    told: Terminated,
}

#[derive(Debug, Clone)]
struct Early {
    at: Timestamp,
    words: Vec<Word>,
}

#[cfg(test)]
mod tests;
