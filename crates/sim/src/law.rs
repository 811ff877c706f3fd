//! What must hold, written down a second time from the documents: who may call and ask whom, how
//! often, and with what code it is refused otherwise. It asks nothing of the exchange's own rules; it
//! hears what was done, and from the stream of events what became of calls.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use types::{CallId, CallOrigin, Direction, MessageId, Preset, Timestamp};

use self::calls::KnownCall;
use self::letters::Letters;
use self::notices::Notices;
use self::number::OwnNumber;
use self::pair::Pair;
pub(crate) use self::pair::{Held, Word};
use self::post::Post;
use self::rates::Rates;
use self::templates::Templates;

pub(crate) mod armed;
pub(crate) mod calls;
pub(crate) mod hours;
pub(crate) mod letters;
pub(crate) mod notices;
pub(crate) mod number;
pub(crate) mod numbers;
mod pair;
pub(crate) mod post;
mod rates;
pub(crate) mod templates;

/// The law of a world, with all that it counts.
pub(crate) struct Law {
    pub(crate) preset: Preset,
    numbers: Vec<OwnNumber>,
    pairs: BTreeMap<(usize, usize), Pair>,
    calls: BTreeMap<CallId, KnownCall>,
    rates: Rates,
    pub(crate) letters: Letters,
    pub(crate) templates: Templates,
    pub(crate) faults: armed::Faults,
    pub(crate) post: Post,
    /// What each business must hear of its account.
    notices: Vec<Notices>,
    /// Users whose phones take no messages.
    away: BTreeSet<usize>,
    /// Whom a message of a user, or to one, is about.
    about: BTreeMap<MessageId, usize>,
}

/// Something that must not be.
pub(crate) type Broken = String;

impl Law {
    pub(crate) fn new(preset: Preset, businesses: usize) -> Self {
        Self {
            preset,
            numbers: (0..businesses).map(|_| OwnNumber::default()).collect(),
            notices: vec![Notices::new(); businesses],
            pairs: BTreeMap::new(),
            calls: BTreeMap::new(),
            rates: Rates::default(),
            letters: Letters::default(),
            templates: Templates::default(),
            faults: armed::Faults::default(),
            post: Post::default(),
            away: BTreeSet::new(),
            about: BTreeMap::new(),
        }
    }

    /// An exchange starts: each business has the template of the configuration, approved, if it has
    /// none of that name, and may have one.
    pub(crate) fn configuration_is_read(&mut self, now: Timestamp) {
        for business in 0..self.numbers.len() {
            self.templates.configured(now, business);
        }
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
        let (limits, errors) = (self.preset.consent, self.preset.errors);
        let number = &self.numbers[business];
        if !number.enabled {
            return Some(CALLING_DISABLED);
        }
        if number.suspended.may_not_call(now) {
            return Some(errors.restricted);
        }
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
        pair.say(now, word, now + limits.temporary_for);
    }

    /// The user has said something in the business's profile.
    pub(crate) fn said(&mut self, now: Timestamp, business: usize, user: usize, word: Word) {
        let until = now + self.preset.consent.temporary_for;
        self.pair(now, business, user).say(now, word, until);
    }

    /// The user is made to take a permission back; who has given none has nothing to take back.
    pub(crate) fn revoked(&mut self, now: Timestamp, business: usize, user: usize) {
        if !matches!(self.held(now, business, user), Held::No { .. }) {
            self.said(now, business, user, Word::No);
        }
    }

    /// Whether the last two words of the user came in one second, so that webhooks do not tell which
    /// was the last.
    pub(crate) fn is_tied(&self, business: usize, user: usize) -> bool {
        let pair = self.pairs.get(&(business, user));
        pair.is_some_and(Pair::is_tied)
    }

    /// A user's phones take messages, or do not.
    pub(crate) fn set_online(&mut self, user: usize, online: bool) {
        if online {
            self.away.remove(&user);
        } else {
            self.away.insert(user);
        }
    }

    pub(crate) fn is_online(&self, user: usize) -> bool {
        !self.away.contains(&user)
    }

    /// With what code a message is refused for there being too many, if it is.
    pub(crate) fn too_many(&self, now: Timestamp, business: usize, user: usize) -> Option<u32> {
        let limits = &self.preset.messages;
        self.rates.too_many(now, limits, (business, user))
    }

    /// A message of a business was taken.
    pub(crate) fn counts_message(&mut self, now: Timestamp, business: usize, user: usize) {
        self.rates
            .count(now, &self.preset.messages, (business, user));
    }

    /// A message between a business and a user has that id.
    pub(crate) fn is_about(&mut self, id: MessageId, user: usize) {
        self.about.insert(id, user);
    }

    pub(crate) fn user_of(&self, id: &MessageId) -> Option<usize> {
        self.about.get(id).copied()
    }

    /// The business must hear this of its account.
    pub(crate) fn must_hear(&mut self, business: usize, line: String) {
        self.notices[business].insert(line);
    }

    pub(crate) fn notices(&self, business: usize) -> &Notices {
        &self.notices[business]
    }

    /// The user was heard of.
    pub(crate) fn heard(&mut self, now: Timestamp, business: usize, user: usize) {
        self.pair(now, business, user).hear(now);
    }

    /// Everything that time alone does by `now`: what has run out then stays so, wherever the clock is
    /// put.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        for pair in self.pairs.values_mut() {
            pair.settle(now);
        }
        for number in &mut self.numbers {
            number.suspended.settle(now);
        }
    }

    /// The pairs between which anything ever happened.
    pub(crate) fn pairs(&self) -> Vec<(usize, usize)> {
        self.pairs.keys().copied().collect()
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
