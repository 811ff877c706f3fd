//! Calls, as the law sees them: placed where that is allowed, taken in time, over once, failed where a
//! fault says so, and with the payloads of the button or link that they came from.

use super::{
    ALREADY_IN_CALL, Broken, CALLING_DISABLED, CallId, CallOrigin, DAY, Direction, Duration, Held,
    Law, TOO_MANY_ATTEMPTS, TOO_MANY_CALLS, Timestamp, Word, since,
};

/// A call, running or over.
#[derive(Debug, Clone)]
pub(crate) struct KnownCall {
    pub(crate) business: usize,
    pub(crate) user: usize,
    pub(crate) direction: Direction,
    pub(crate) over: bool,
    pub(crate) origin: CallOrigin,
    placed: Timestamp,
    /// When it is over if nobody has taken it.
    take_by: Timestamp,
    taken: bool,
    /// The code that it must end with, as an armed fault wants it.
    pub(crate) must_fail: Option<u32>,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It was taken, or the platform or a leg ended it.
    NoMatter,
    /// The user declined it, or the business gave it up.
    NotTaken,
    /// The business's call was not taken in time.
    UserTooLate,
    /// The user's call was not taken in time.
    BusinessTooLate,
}

impl Law {
    /// A call exists, and a user's came from that button or link.
    pub(crate) fn placed(
        &mut self,
        now: Timestamp,
        id: &CallId,
        direction: Direction,
        (business, user): (usize, usize),
        origin: CallOrigin,
    ) -> Result<(), Broken> {
        let limits = &self.preset.calls;
        let take_by = match direction {
            Direction::BusinessInitiated => now + limits.ring_for,
            Direction::UserInitiated => now + limits.accept_within,
        };
        match direction {
            Direction::BusinessInitiated => {
                if let Some(code) = self.no_call(now, business, user) {
                    return Err(format!("a call was placed that {code} forbids"));
                }
                self.numbers[business].attempts.push(now);
            }
            Direction::UserInitiated => {
                if let Some(why) = self.no_dial(now, business, user) {
                    return Err(format!("a user's call was placed that is {why}"));
                }
                let until = now + self.preset.consent.temporary_for;
                let calls_back = self.numbers[business].calls_back;
                let pair = self.pair(now, business, user);
                pair.hear(now);
                if calls_back && pair.held != Held::Forever {
                    pair.say(now, Word::Temporary, until);
                }
            }
        }
        let call = KnownCall {
            business,
            user,
            direction,
            over: false,
            origin,
            placed: now,
            take_by,
            taken: false,
            must_fail: None,
        };
        match self.calls.insert(id.clone(), call) {
            None => Ok(()),
            Some(_) => Err("a call was placed twice".to_owned()),
        }
    }

    /// A call rings for so long, as an armed fault wants it.
    pub(crate) fn rings_for(&mut self, id: &CallId, time: Duration) -> Result<(), Broken> {
        let call = self.calls.get_mut(id).ok_or("a call of nobody rings")?;
        call.take_by = call.placed + time;
        Ok(())
    }

    /// A call must fail at once, as an armed fault wants it. Of two faults the first says how.
    pub(crate) fn must_fail(&mut self, id: &CallId, code: u32) -> Result<(), Broken> {
        self.running(id)?;
        let call = self.calls.get_mut(id).ok_or("a call of nobody fails")?;
        call.must_fail = call.must_fail.or(Some(code));
        Ok(())
    }

    /// A call was taken.
    pub(crate) fn connected(&mut self, now: Timestamp, id: &CallId) -> Result<(), Broken> {
        let (business, user, direction) = self.running(id)?;
        if let Some(call) = self.calls.get_mut(id) {
            call.taken = true;
            if call.take_by <= now {
                return Err("a call was taken whose time was over".to_owned());
            }
        }
        self.pair(now, business, user).connect(now, direction);
        Ok(())
    }

    /// A call is over, with an error or without.
    pub(crate) fn ended(
        &mut self,
        now: Timestamp,
        id: &CallId,
        end: End,
        failed: bool,
    ) -> Result<(), Broken> {
        let (business, user, direction) = self.running(id)?;
        let call = self.calls.get_mut(id).ok_or("a call of nobody ends")?;
        call.over = true;
        if call.must_fail.is_some() && !failed {
            return Err("a call ends well that a fault makes fail".to_owned());
        }
        let too_late = match end {
            End::UserTooLate | End::BusinessTooLate => true,
            End::NoMatter | End::NotTaken => false,
        };
        if too_late && (now < call.take_by || call.taken) {
            return Err(format!("a call is given up before its time: {call:?}"));
        }
        let revoke_after = self.preset.consent.revoke_after_unanswered;
        let missed = matches!(end, End::NotTaken | End::UserTooLate);
        if missed && direction == Direction::BusinessInitiated {
            self.pair(now, business, user).miss(now, revoke_after);
        }
        Ok(())
    }

    /// No call waits to be taken whose time is over.
    pub(crate) fn none_rings_too_long(&self, now: Timestamp) -> Result<(), Broken> {
        let late = |call: &&KnownCall| !call.over && !call.taken && call.take_by <= now;
        match self.calls.values().find(late) {
            Some(call) => Err(format!("a call rings on after its time: {call:?}")),
            None => Ok(()),
        }
    }

    /// No call runs that a fault has made fail.
    pub(crate) fn none_outlives_its_fault(&self) -> Result<(), Broken> {
        let alive = |call: &&KnownCall| !call.over && call.must_fail.is_some();
        match self.calls.values().find(alive) {
            Some(call) => Err(format!("a call goes on that a fault makes fail: {call:?}")),
            None => Ok(()),
        }
    }

    /// A call that there is or was.
    pub(crate) fn call(&self, id: &CallId) -> Option<&KnownCall> {
        self.calls.get(id)
    }

    /// How many calls run.
    pub(crate) fn running_count(&self) -> usize {
        self.calls.values().filter(|call| !call.over).count()
    }

    /// Why a number may place no call, whatever the user allows.
    pub(super) fn no_room(&self, now: Timestamp, business: usize, user: usize) -> Option<u32> {
        let number = &self.numbers[business];
        if !number.enabled {
            return Some(CALLING_DISABLED);
        }
        if number.suspended.may_not_call(now) {
            return Some(self.preset.errors.restricted);
        }
        if self.running_of(business).any(|call| call.user == user) {
            return Some(ALREADY_IN_CALL);
        }
        if self.running_of(business).count() >= self.preset.calls.concurrent_calls_max as usize {
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

    /// Why a user cannot call, if so.
    pub(crate) fn no_dial(
        &self,
        now: Timestamp,
        business: usize,
        user: usize,
    ) -> Option<&'static str> {
        let number = &self.numbers[business];
        let holidays = self.preset.hours.holidays;
        let hours = number.hours.as_ref();
        let running = || self.running_of(business);
        if !number.enabled {
            Some("calling_disabled")
        } else if number.suspended.may_not_be_called(now) {
            Some("restricted")
        } else if hours.is_some_and(|hours| !hours.is_open(now, holidays)) {
            Some("closed")
        } else if running().any(|call| call.user == user) {
            Some("already_in_call")
        } else if running().count() >= self.preset.calls.concurrent_calls_max as usize {
            Some("too_many_calls")
        } else {
            None
        }
    }

    fn running_of(&self, business: usize) -> impl Iterator<Item = &KnownCall> {
        let own = move |call: &&KnownCall| call.business == business && !call.over;
        self.calls.values().filter(own)
    }
}
