//! The model: everything that happened, and what follows from it, each time from the beginning.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the model looks for a few events among many"
)]

use super::*;

/// Everything that happened, in order.
pub(super) struct Past(pub(super) Vec<(Timestamp, Event)>);

impl Past {
    /// When requests were sent since a call was last taken.
    pub(super) fn asked(&self) -> Vec<Timestamp> {
        let since_call = self
            .0
            .rsplit(|(_, event)| matches!(event, Event::Connected(_)));
        let since_call = since_call.into_iter().next().unwrap_or_default();
        let asked = since_call.iter();
        asked
            .filter(|(_, event)| matches!(event, Event::Asked(_)))
            .map(|(at, _)| *at)
            .collect()
    }

    /// When calls of the business were taken.
    pub(super) fn taken(&self) -> Vec<Timestamp> {
        let by_business = Event::Connected(Direction::BusinessInitiated);
        let events = self.0.iter();
        events
            .filter(|(_, event)| *event == by_business)
            .map(|(at, _)| *at)
            .collect()
    }

    pub(super) fn requests_are_used_up(&self, now: Timestamp, limits: &ConsentLimits) -> bool {
        let asked = self.asked();
        let within = |hours| {
            let period = Duration::from_hours(hours);
            asked.iter().filter(|at| now < **at + period).count() as u32
        };
        within(24) >= limits.requests_per_day || within(7 * 24) >= limits.requests_per_week
    }

    /// The last word on the permission, by its place: what the user or the operator said, and calls of
    /// the user where they said something.
    fn last_word(&self, limits: &ConsentLimits) -> Option<usize> {
        (0..self.0.len()).rev().find(|index| {
            let (at, event) = self.0[*index];
            match event {
                Event::Answered(..)
                | Event::Profile(_)
                | Event::ProfileRevoked
                | Event::Operator(_)
                | Event::OperatorRevoked => true,
                Event::UserCalled => {
                    let before = Self(self.0[..*index].to_vec());
                    before.held(at, limits) != Some(None)
                }
                Event::Asked(_)
                | Event::Delivered(_)
                | Event::Failed(_)
                | Event::Connected(_)
                | Event::Missed => false,
            }
        })
    }

    /// The permission: none, up to a moment, or for ever.
    pub(super) fn held(&self, now: Timestamp, limits: &ConsentLimits) -> Option<Option<Timestamp>> {
        let index = self.last_word(limits)?;
        let (at, event) = self.0[index];
        let until = match event {
            Event::Answered(_, Answer::Temporary)
            | Event::Profile(Term::Temporary)
            | Event::Operator(Term::Temporary)
            | Event::UserCalled => Some(at + limits.temporary_for),
            Event::Answered(_, Answer::Permanent)
            | Event::Profile(Term::Permanent)
            | Event::Operator(Term::Permanent) => None,
            _ => return None,
        };
        let over = |at: Timestamp| until.is_some_and(|until| until <= at);
        let mut row = 0;
        for (at, event) in &self.0[index..] {
            match event {
                _ if over(*at) => return None,
                Event::Missed => row += 1,
                Event::Connected(_) => row = 0,
                _ => {}
            }
            if limits.revoke_after_unanswered > 0 && row >= limits.revoke_after_unanswered {
                return None;
            }
        }
        (!over(now)).then_some(until)
    }

    /// Calls of the business since the last word.
    pub(super) fn calls_under_permission(&self, limits: &ConsentLimits) -> usize {
        let by_business = Event::Connected(Direction::BusinessInitiated);
        let word = self.last_word(limits).unwrap_or(0);
        let since = self.0[word..].iter();
        since
            .filter(|(_, event)| *event == Event::Missed || *event == by_business)
            .count()
    }

    /// Whether a request can be answered.
    pub(super) fn is_open(&self, request: usize, now: Timestamp, limits: &ConsentLimits) -> bool {
        let first = |wanted: &dyn Fn(&Event) -> bool| {
            let mut events = self.0.iter();
            events.find(|(_, event)| wanted(event)).map(|(at, _)| *at)
        };
        let answered_by = |index: &dyn Fn(usize) -> bool| {
            first(&|event| matches!(event, Event::Answered(it, _) if index(*it)))
        };
        let Some(sent) = first(&|event| *event == Event::Asked(request)) else {
            return false;
        };
        let failed = first(&|event| *event == Event::Failed(request)).is_some();
        let superseded = answered_by(&|it| it > request).is_some();
        let answered = answered_by(&|it| it == request);
        let delivered = first(&|event| *event == Event::Delivered(request));
        let until = match answered.or(delivered) {
            Some(at) => at + limits.request_lives_for,
            None => sent + limits.request_waits_for,
        };
        !failed && !superseded && now < until
    }

    /// Why something cannot happen now, if it cannot.
    pub(super) fn refuses(
        &self,
        event: Event,
        now: Timestamp,
        limits: &ConsentLimits,
    ) -> Option<Refusal> {
        let held = self.held(now, limits);
        let word = self.last_word(limits).map(|index| self.0[index].1);
        let happened = |wanted: &dyn Fn(&Event) -> bool| self.0.iter().any(|(_, it)| wanted(it));
        let on_phone = |request: usize| {
            happened(&|it| match it {
                Event::Delivered(other) | Event::Answered(other, _) => *other == request,
                _ => false,
            })
        };
        match event {
            Event::Delivered(request) | Event::Failed(request) | Event::Answered(request, _)
                if !self.is_open(request, now, limits) =>
            {
                Some(Refusal::NoSuchRequest)
            }
            Event::Delivered(request) | Event::Failed(request) => {
                on_phone(request).then_some(Refusal::NothingNew)
            }
            Event::Answered(request, Answer::Decline) => {
                let mut answers = self.0.iter().rev().filter_map(|(_, it)| match it {
                    Event::Answered(other, answer) if *other == request => Some(*answer),
                    _ => None,
                });
                let said = answers.next() == Some(Answer::Decline);
                (said && held.is_none()).then_some(Refusal::NothingNew)
            }
            Event::Answered(..)
            | Event::Profile(Term::Temporary)
            | Event::Operator(Term::Temporary) => {
                (held.is_some() && word == Some(event)).then_some(Refusal::NothingNew)
            }
            Event::Profile(Term::Permanent) | Event::Operator(Term::Permanent) => {
                (held == Some(None)).then_some(Refusal::NothingNew)
            }
            Event::ProfileRevoked | Event::OperatorRevoked => {
                held.is_none().then_some(Refusal::NothingToRevoke)
            }
            Event::Asked(_) | Event::UserCalled | Event::Connected(_) | Event::Missed => None,
        }
    }
}
