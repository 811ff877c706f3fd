//! The ledger against a plain list of everything that happened, from which each answer is worked out
//! anew, by looking through all of it.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the model looks for a few events among many"
)]

mod past;

use proptest::prelude::*;

use super::*;
use past::Past;

/// Something that happened, as far as it was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Asked(usize),
    Delivered(usize),
    Failed(usize),
    Answered(usize, Answer),
    Profile(Term),
    ProfileRevoked,
    UserCalled,
    Operator(Term),
    OperatorRevoked,
    Connected(Direction),
    Missed,
}

/// Something to try.
#[derive(Debug, Clone, Copy)]
enum Attempt {
    Ask {
        window_open: Option<bool>,
    },
    /// Of the n-th newest request.
    Deliver(usize),
    Fail(usize),
    Answer(usize, Answer),
    /// A call of the business that is taken, or not, so much later.
    Call {
        taken: bool,
        later: u64,
    },
    /// An event that needs nothing else.
    Plain(Event),
}

/// When something is tried.
#[derive(Debug, Clone, Copy)]
enum When {
    After(u64),
    /// At the ledger's deadline, or a millisecond before or after it.
    Deadline(i64),
    /// When requests, or calls, are free again, or a millisecond before.
    Free {
        calls: bool,
        early: bool,
    },
}

proptest! {
    #[test]
    fn the_ledger_is_what_happened(
        limits in limits(),
        story in prop::collection::vec((when(), attempt()), 1..60),
    ) {
        let mut pair = Pair::new(limits);
        for (when, attempt) in story {
            pair.wait(when);
            pair.attempt(attempt);
            pair.compare();
            pair.hold_to_promises();
        }
        pair.hold_to_limits();
    }
}

fn limits() -> impl Strategy<Value = ConsentLimits> {
    let presets = Preset::NAMES.map(|name| Preset::by_name(name).expect(name).consent);
    let mine = (
        (1_u32..4, 1_u32..5, 1_u32..4, prop::option::of(1_u32..6)),
        (0_u32..3, 0_u32..4, 1_u64..200, 1_u64..200, 1_u64..400),
    );
    let mine =
        mine.prop_map(
            |((day, week, calls, each), (nudge, revoke, a, b, c))| ConsentLimits {
                requests_per_day: day,
                requests_per_week: week,
                temporary_for: Duration::from_hours(a),
                request_lives_for: Duration::from_hours(b),
                request_waits_for: Duration::from_hours(c),
                connected_calls_per_day: calls,
                calls_per_permission: each,
                nudge_after_unanswered: nudge,
                revoke_after_unanswered: revoke,
                service_window: Duration::from_hours(24),
            },
        );
    prop_oneof![prop::sample::select(presets.to_vec()), mine]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        4 => Just(When::After(0)),
        3 => (0_u64..48 * 3_600_000).prop_map(When::After),
        2 => (0_u64..10).prop_map(|days| When::After(days * 86_400_000)),
        2 => (-1_i64..2).prop_map(When::Deadline),
        1 => any::<(bool, bool)>().prop_map(|(calls, early)| When::Free { calls, early }),
    ]
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let answer = prop::sample::select(vec![Answer::Temporary, Answer::Permanent, Answer::Decline]);
    let term = prop::sample::select(vec![Term::Temporary, Term::Permanent]);
    let plain = prop::sample::select(vec![
        Event::UserCalled,
        Event::ProfileRevoked,
        Event::OperatorRevoked,
        Event::Connected(Direction::UserInitiated),
    ]);
    prop_oneof![
        5 => prop::option::of(any::<bool>()).prop_map(|window_open| Attempt::Ask { window_open }),
        3 => (0_usize..3).prop_map(Attempt::Deliver),
        1 => (0_usize..3).prop_map(Attempt::Fail),
        5 => (0_usize..3, answer).prop_map(|(index, answer)| Attempt::Answer(index, answer)),
        8 => (any::<bool>(), 0_u64..90_000_000)
            .prop_map(|(taken, later)| Attempt::Call { taken, later }),
        2 => plain.prop_map(Attempt::Plain),
        1 => term.clone().prop_map(|term| Attempt::Plain(Event::Profile(term))),
        1 => term.prop_map(|term| Attempt::Plain(Event::Operator(term))),
    ]
}

/// A ledger and everything that happened to it.
struct Pair {
    limits: ConsentLimits,
    ledger: Ledger,
    past: Past,
    requests: usize,
    now: Timestamp,
}

impl Pair {
    fn new(limits: ConsentLimits) -> Self {
        Self {
            limits,
            ledger: Ledger::new(),
            past: Past(Vec::new()),
            requests: 0,
            now: moment("100d"),
        }
    }

    fn wait(&mut self, when: When) {
        let then = match when {
            When::After(millis) => Some(self.now.as_millis() + millis),
            When::Deadline(off) => self
                .ledger
                .poll_timeout()
                .and_then(|at| at.as_millis().checked_add_signed(off)),
            When::Free { calls, early } => {
                let standing = self.ledger.standing(self.now, &self.limits);
                let limits = if calls {
                    standing.call.limits
                } else {
                    standing.request.limits
                };
                let free = limits.iter().filter_map(|limit| limit.free_at).max();
                free.map(|at| at.as_millis() - u64::from(early))
            }
        };
        let then = then.map_or(self.now, Timestamp::from_millis);
        self.now = self.now.max(then);
    }

    fn attempt(&mut self, attempt: Attempt) {
        let newest = |back: usize| self.requests.checked_sub(back + 1).unwrap_or(99);
        match attempt {
            Attempt::Ask { window_open } => self.ask(window_open),
            Attempt::Deliver(back) => self.happen(Event::Delivered(newest(back))),
            Attempt::Fail(back) => self.happen(Event::Failed(newest(back))),
            Attempt::Answer(back, answer) => self.happen(Event::Answered(newest(back), answer)),
            Attempt::Call { taken, later } => {
                if self.ledger.may_call(self.now, &self.limits).is_ok() {
                    self.now = self.now + Duration::from_millis(later);
                    self.happen(if taken {
                        Event::Connected(Direction::BusinessInitiated)
                    } else {
                        Event::Missed
                    });
                }
            }
            Attempt::Plain(event) => self.happen(event),
        }
    }

    fn ask(&mut self, window_open: Option<bool>) {
        let heard = |open: bool| {
            let day = Duration::from_hours(24).as_millis() as u64;
            let ago = if open { day - 1 } else { day };
            Timestamp::from_millis(self.now.as_millis() - ago)
        };
        let how = match window_open {
            Some(open) => How::FreeForm(Window {
                heard: Some(heard(open)),
            }),
            None => How::Template,
        };
        let told = self.ledger.may_request(self.now, &self.limits, how);
        let expected = match self.past.held(self.now, &self.limits) {
            Some(None) => Some("permanent"),
            _ if window_open == Some(false) => Some("window"),
            _ if self.past.requests_are_used_up(self.now, &self.limits) => Some("too many"),
            _ => None,
        };
        let refusal = told.as_ref().err().map(|refusal| match refusal {
            NoRequest::Permanent => "permanent",
            NoRequest::WindowClosed => "window",
            NoRequest::TooMany { .. } => "too many",
        });
        assert_eq!(refusal, expected);
        if let Ok(pass) = told {
            let request = request(&self.requests.to_string());
            let input = Input::Requested { pass, request };
            self.ledger
                .handle(self.now, &self.limits, input)
                .expect("a fresh pass");
            self.past.0.push((self.now, Event::Asked(self.requests)));
            self.requests += 1;
        }
        while self.ledger.poll_output().is_some() {}
    }

    /// Lets something happen to both, and compares whether it was let through.
    fn happen(&mut self, event: Event) {
        let of = |index: usize| request(&index.to_string());
        let input = match event {
            Event::Asked(_) => unreachable!("requests are asked for"),
            Event::Delivered(index) => Input::RequestDelivered { request: of(index) },
            Event::Failed(index) => Input::RequestFailed { request: of(index) },
            Event::Answered(index, answer) => Input::Answered {
                request: of(index),
                answer,
            },
            Event::Profile(term) => Input::ProfileGrant { term },
            Event::ProfileRevoked => Input::ProfileRevoke,
            Event::UserCalled => Input::CallbackGrant { call: call("C") },
            Event::Operator(term) => Input::OperatorGrant { term },
            Event::OperatorRevoked => Input::OperatorRevoke,
            Event::Connected(direction) => Input::CallConnected {
                call: call("C"),
                direction,
            },
            Event::Missed => Input::CallUnanswered { call: call("C") },
        };
        let told = self.ledger.handle(self.now, &self.limits, input);
        let expected = self.past.refuses(event, self.now, &self.limits);
        assert_eq!(told.err(), expected, "{event:?}");
        if expected.is_none() {
            self.past.0.push((self.now, event));
        }
        while self.ledger.poll_output().is_some() {}
    }

    /// What the ledger says of itself, against what happened.
    fn compare(&self) {
        let (now, limits, past) = (self.now, &self.limits, &self.past);
        let standing = self.ledger.standing(now, limits);
        let held = match standing.status {
            Status::NoPermission => None,
            Status::Temporary { until } => Some(Some(until)),
            Status::Permanent => Some(None),
        };
        assert_eq!(held, past.held(now, limits));

        let asked = past.asked();
        let taken = past.taken();
        let (day, week) = (Duration::from_hours(24), Duration::from_hours(7 * 24));
        let expected = [
            past_limit(&asked, now, day, limits.requests_per_day),
            past_limit(&asked, now, week, limits.requests_per_week),
            past_limit(&taken, now, day, limits.connected_calls_per_day),
        ];
        assert_eq!(standing.request.limits, expected[..2]);
        assert_eq!(standing.call.limits[0], expected[2]);

        let of_permission = standing.call.limits.get(1);
        let counted = limits.calls_per_permission.is_some() && matches!(held, Some(Some(_)));
        assert_eq!(of_permission.is_some(), counted);
        if let Some(limit) = of_permission {
            assert_eq!(limit.used as usize, past.calls_under_permission(limits));
        }

        let refused = standing.call.refused.map(|refusal| match refusal {
            NoCall::NoPermission(_) => "no permission",
            NoCall::PermissionUsedUp { .. } => "used up",
            NoCall::TooManyConnected { .. } => "too many",
        });
        let used_up = of_permission.is_some_and(|it| it.used >= it.max);
        let expected = match held {
            None => Some("no permission"),
            Some(_) if used_up => Some("used up"),
            Some(_) if expected[2].used >= expected[2].max => Some("too many"),
            Some(_) => None,
        };
        assert_eq!(refused, expected);

        let open: Vec<_> = (0..self.requests)
            .filter(|index| past.is_open(*index, now, limits))
            .map(|index| request(&index.to_string()))
            .collect();
        let seen = self.ledger.seen_at(now);
        let told: Vec<_> = seen.requests.iter().map(|it| it.id.clone()).collect();
        assert_eq!(told, open);
    }

    /// What it says can be done can be done, what it says cannot fails for the reason it gives, and
    /// what it promises for later holds then, if nothing else happens.
    fn hold_to_promises(&self) {
        let (now, limits) = (self.now, &self.limits);
        let standing = self.ledger.standing(now, limits);
        let may_call = self.ledger.may_call(now, limits);
        assert_eq!(may_call.err(), standing.call.refused);
        let pass = self.ledger.may_request(now, limits, How::Template);
        assert_eq!(pass.as_ref().err(), standing.request.refused.as_ref());
        let mut other = self.ledger.clone();
        // Whether the deadlines are met first or not, the pass holds.
        if now.as_millis() % 2 == 0 {
            let timeout = other.handle(now, limits, Input::Timeout);
            timeout.expect("time is never refused");
        }
        if let Ok(pass) = pass {
            let request = request("promised");
            let asked = other.handle(now, limits, Input::Requested { pass, request });
            assert_eq!(asked, Ok(()));
        }

        if let Some(NoCall::TooManyConnected { limit }) = standing.call.refused {
            let free_at = limit.free_at.expect("one may be taken some day");
            let then = self.ledger.may_call(free_at, limits);
            let lapsed = matches!(standing.status, Status::Temporary { until } if until <= free_at);
            assert_eq!(then.is_err(), lapsed, "{then:?}");
            let sooner = Timestamp::from_millis(free_at.as_millis() - 1);
            assert!(self.ledger.may_call(sooner, limits).is_err());
        }
        if let Some(NoRequest::TooMany { limit }) = standing.request.refused {
            let free_at = limit.free_at.expect("one may be sent some day");
            let may = |at| self.ledger.may_request(at, limits, How::Template).is_ok();
            assert!(may(free_at));
            assert!(!may(Timestamp::from_millis(free_at.as_millis() - 1)));
        }
        if let Status::Temporary { until } = standing.status {
            let last = Timestamp::from_millis(until.as_millis() - 1);
            let status = |at| self.ledger.standing(at, limits).status;
            assert_eq!(status(last), standing.status);
            assert_eq!(status(until), Status::NoPermission);
        }
    }

    /// However one looks, there was never more than the limits allow.
    fn hold_to_limits(&self) {
        let mut asked: Vec<Timestamp> = Vec::new();
        let mut taken: Vec<Timestamp> = Vec::new();
        let crowd = |times: &[Timestamp], at: Timestamp, period: Duration| {
            times
                .iter()
                .filter(|earlier| at < **earlier + period)
                .count()
        };
        let (day, week) = (Duration::from_hours(24), Duration::from_hours(7 * 24));
        for (at, event) in &self.past.0 {
            match event {
                Event::Asked(_) => {
                    asked.push(*at);
                    assert!(crowd(&asked, *at, day) <= self.limits.requests_per_day as usize);
                    assert!(crowd(&asked, *at, week) <= self.limits.requests_per_week as usize);
                }
                Event::Connected(direction) => {
                    asked.clear();
                    if *direction == Direction::BusinessInitiated {
                        taken.push(*at);
                        let max = self.limits.connected_calls_per_day as usize;
                        assert!(crowd(&taken, *at, day) <= max);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The limit, counted by hand.
fn past_limit(times: &[Timestamp], now: Timestamp, period: Duration, max: u32) -> Limit {
    let live: Vec<_> = times.iter().filter(|at| now < **at + period).collect();
    let used = live.len();
    // One more fits when all but `max - 1` of them are gone.
    let free_at = (used >= max as usize).then(|| *live[used - max as usize] + period);
    Limit {
        period,
        max,
        used: used as u32,
        free_at,
    }
}
