//! What must hold, written down a second time from the documents: who may call and ask whom, how
//! often, and with what code it is refused otherwise. It asks nothing of the exchange's own rules; it
//! hears what was done, and from the stream of events what became of calls.

use std::collections::BTreeMap;
use std::time::Duration;

use types::{CallId, Direction, MessageId, Preset, Timestamp};

use self::pair::Pair;
pub(crate) use self::pair::{Held, Word};

mod pair;

/// The law of a world, with all that it counts.
pub(crate) struct Law {
    preset: Preset,
    numbers: Vec<OwnNumber>,
    pairs: BTreeMap<(usize, usize), Pair>,
    calls: BTreeMap<CallId, KnownCall>,
}

/// A business number.
#[derive(Default)]
struct OwnNumber {
    disabled: bool,
    calls_back: bool,
    attempts: Vec<Timestamp>,
}

/// A call, running or over.
struct KnownCall {
    business: usize,
    user: usize,
    direction: Direction,
    over: bool,
}

/// How a call of the business went that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It was taken, or the platform or a leg ended it.
    NoMatter,
    /// The user saw it and did not take it.
    NotTaken,
}

/// Something that must not be.
pub(crate) type Broken = String;

impl Law {
    pub(crate) fn new(preset: Preset, businesses: usize) -> Self {
        Self {
            preset,
            numbers: (0..businesses).map(|_| OwnNumber::default()).collect(),
            pairs: BTreeMap::new(),
            calls: BTreeMap::new(),
        }
    }

    pub(crate) fn set_calling(&mut self, business: usize, enabled: bool) {
        self.numbers[business].disabled = !enabled;
    }

    pub(crate) fn calling_enabled(&self, business: usize) -> bool {
        !self.numbers[business].disabled
    }

    pub(crate) fn set_calls_back(&mut self, business: usize, enabled: bool) {
        self.numbers[business].calls_back = enabled;
    }

    pub(crate) fn calls_back(&self, business: usize) -> bool {
        self.numbers[business].calls_back
    }

    /// With what code a call is refused, if it is.
    pub(crate) fn no_call(&mut self, now: Timestamp, business: usize, user: usize) -> Option<u32> {
        if let Some(code) = self.no_room(now, business, user) {
            return Some(code);
        }
        let (limits, errors) = (self.preset.consent, self.preset.errors);
        let pair = self.pair(now, business, user);
        match pair.held {
            Held::No { ran_out: true } => return Some(errors.permission_lapsed),
            Held::No { ran_out: false } => return Some(NO_PERMISSION),
            Held::Until(_)
                if limits
                    .calls_per_permission
                    .is_some_and(|max| pair.calls >= max) =>
            {
                return Some(errors.calls_per_permission);
            }
            Held::Until(_) | Held::Forever => {}
        }
        let connected = pair.connected_since(now, DAY);
        (connected >= limits.connected_calls_per_day).then_some(TOO_MANY_CONNECTED)
    }

    /// With what code a call permission request is refused, if it is.
    pub(crate) fn no_request(
        &mut self,
        now: Timestamp,
        business: usize,
        user: usize,
        free_form: bool,
    ) -> Option<u32> {
        if self.numbers[business].disabled {
            return Some(CALLING_DISABLED);
        }
        let (limits, errors) = (self.preset.consent, self.preset.errors);
        let pair = self.pair(now, business, user);
        if pair.held == Held::Forever {
            return Some(PERMANENT);
        }
        if free_form && !pair.window_open(now, limits.service_window) {
            return Some(errors.request_outside_window);
        }
        let too_many = pair.asked_since(now, DAY) >= limits.requests_per_day
            || pair.asked_since(now, WEEK) >= limits.requests_per_week;
        too_many.then_some(errors.too_many_requests)
    }

    /// Whether the customer-service window is open.
    pub(crate) fn window_open(&mut self, now: Timestamp, business: usize, user: usize) -> bool {
        let window = self.preset.consent.service_window;
        self.pair(now, business, user).window_open(now, window)
    }

    /// What the user allows the business.
    pub(crate) fn held(&mut self, now: Timestamp, business: usize, user: usize) -> Held {
        self.pair(now, business, user).held
    }

    /// Requests of the last day and week, and connected calls of the last day.
    pub(crate) fn counts(&mut self, now: Timestamp, business: usize, user: usize) -> [u32; 3] {
        let pair = self.pair(now, business, user);
        [
            pair.asked_since(now, DAY),
            pair.asked_since(now, WEEK),
            pair.connected_since(now, DAY),
        ]
    }

    /// A request has gone out.
    pub(crate) fn asked(&mut self, now: Timestamp, business: usize, user: usize, id: MessageId) {
        let waits = self.preset.consent.request_waits_for;
        self.pair(now, business, user).ask(now, id, now + waits);
    }

    /// A request is on the user's phone.
    pub(crate) fn delivered(
        &mut self,
        now: Timestamp,
        business: usize,
        user: usize,
        id: &MessageId,
    ) {
        let lives = self.preset.consent.request_lives_for;
        self.pair(now, business, user).deliver(id, now + lives);
    }

    /// Whether the user can still answer a request.
    pub(crate) fn can_answer(
        &mut self,
        now: Timestamp,
        business: usize,
        user: usize,
        id: &MessageId,
    ) -> bool {
        self.pair(now, business, user).is_open(id)
    }

    /// The user has answered a request.
    pub(crate) fn answered(
        &mut self,
        now: Timestamp,
        business: usize,
        user: usize,
        id: &MessageId,
        word: Word,
    ) {
        let limits = self.preset.consent;
        let pair = self.pair(now, business, user);
        pair.answer(id, now + limits.request_lives_for);
        pair.say(word, now + limits.temporary_for);
    }

    /// The user has said something in the business's profile.
    pub(crate) fn said(&mut self, now: Timestamp, business: usize, user: usize, word: Word) {
        let until = now + self.preset.consent.temporary_for;
        self.pair(now, business, user).say(word, until);
    }

    /// The user was heard of.
    pub(crate) fn heard(&mut self, now: Timestamp, business: usize, user: usize) {
        self.pair(now, business, user).hear(now);
    }

    /// A call exists.
    pub(crate) fn placed(
        &mut self,
        now: Timestamp,
        id: &CallId,
        direction: Direction,
        (business, user): (usize, usize),
    ) -> Result<(), Broken> {
        match direction {
            Direction::BusinessInitiated => {
                if let Some(code) = self.no_call(now, business, user) {
                    return Err(format!("a call was placed that {code} forbids"));
                }
                self.numbers[business].attempts.push(now);
            }
            Direction::UserInitiated => {
                let until = now + self.preset.consent.temporary_for;
                let calls_back = self.numbers[business].calls_back;
                let pair = self.pair(now, business, user);
                pair.hear(now);
                if calls_back && pair.held != Held::Forever {
                    pair.say(Word::Temporary, until);
                }
            }
        }
        let call = KnownCall {
            business,
            user,
            direction,
            over: false,
        };
        match self.calls.insert(id.clone(), call) {
            None => Ok(()),
            Some(_) => Err("a call was placed twice".to_owned()),
        }
    }

    /// A call was taken.
    pub(crate) fn connected(&mut self, now: Timestamp, id: &CallId) -> Result<(), Broken> {
        let (business, user, direction) = self.running(id)?;
        self.pair(now, business, user).connect(now, direction);
        Ok(())
    }

    /// A call is over.
    pub(crate) fn ended(&mut self, now: Timestamp, id: &CallId, end: End) -> Result<(), Broken> {
        let (business, user, direction) = self.running(id)?;
        if let Some(call) = self.calls.get_mut(id) {
            call.over = true;
        }
        let revoke_after = self.preset.consent.revoke_after_unanswered;
        if end == End::NotTaken && direction == Direction::BusinessInitiated {
            self.pair(now, business, user).miss(revoke_after);
        }
        Ok(())
    }

    /// How many calls run.
    pub(crate) fn running_count(&self) -> usize {
        self.calls.values().filter(|call| !call.over).count()
    }

    /// Everything that time alone does by `now`: what has run out then stays so, wherever the clock is
    /// put.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        for pair in self.pairs.values_mut() {
            pair.settle(now);
        }
    }

    /// The pairs between which anything ever happened.
    pub(crate) fn pairs(&self) -> Vec<(usize, usize)> {
        self.pairs.keys().copied().collect()
    }

    fn no_room(&self, now: Timestamp, business: usize, user: usize) -> Option<u32> {
        let number = &self.numbers[business];
        if number.disabled {
            return Some(CALLING_DISABLED);
        }
        let running = || {
            let own = |call: &&KnownCall| call.business == business && !call.over;
            self.calls.values().filter(own)
        };
        if running().any(|call| call.user == user) {
            return Some(ALREADY_IN_CALL);
        }
        let count = u32::try_from(running().count()).unwrap_or(u32::MAX);
        if count >= self.preset.calls.concurrent_calls_max {
            return Some(TOO_MANY_CALLS);
        }
        let attempts = since(&number.attempts, now, DAY);
        (attempts >= self.preset.calls.attempts_per_day_max).then_some(TOO_MANY_ATTEMPTS)
    }

    fn running(&self, id: &CallId) -> Result<(usize, usize, Direction), Broken> {
        match self.calls.get(id) {
            Some(call) if !call.over => Ok((call.business, call.user, call.direction)),
            Some(_) => Err("something happened to a call that is over".to_owned()),
            None => Err("something happened to a call that was never placed".to_owned()),
        }
    }

    fn pair(&mut self, now: Timestamp, business: usize, user: usize) -> &mut Pair {
        let pair = self.pairs.entry((business, user)).or_default();
        pair.settle(now);
        pair
    }
}

/// How many of these are younger than `period`.
fn since(times: &[Timestamp], now: Timestamp, period: Duration) -> u32 {
    let young = times.iter().filter(|at| now < **at + period).count();
    u32::try_from(young).unwrap_or(u32::MAX)
}

const DAY: Duration = Duration::from_hours(24);
const WEEK: Duration = Duration::from_hours(7 * 24);

const CALLING_DISABLED: u32 = 138_000;
const TOO_MANY_CALLS: u32 = 138_002;
const ALREADY_IN_CALL: u32 = 138_003;
const TOO_MANY_ATTEMPTS: u32 = 138_005;
const NO_PERMISSION: u32 = 138_006;
const TOO_MANY_CONNECTED: u32 = 138_012;
const PERMANENT: u32 = 138_017;

#[cfg(test)]
mod tests;
