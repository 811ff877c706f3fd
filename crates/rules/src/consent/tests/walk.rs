//! Every story that a ledger can tell, up to a length, held to what must be true of any story.
//!
//! Each step is any of the inputs, each either at once, a day later or at the ledger's own deadline.
//! What happens next depends on how long ago things were, not on when: two stories that led to the
//! same ledger, seen from their own moments, go on alike, and only one of them is followed.

use std::collections::BTreeSet;

use super::*;

const STEPS: u32 = 6;

const DAY: Duration = Duration::from_hours(24);

/// Small and all different where they can be, so that every limit is met within a few steps.
fn limits() -> ConsentLimits {
    ConsentLimits {
        requests_per_day: 1,
        requests_per_week: 2,
        temporary_for: 2 * DAY,
        request_lives_for: 3 * DAY,
        request_waits_for: 4 * DAY,
        connected_calls_per_day: 1,
        calls_per_permission: Some(2),
        nudge_after_unanswered: 1,
        revoke_after_unanswered: 2,
        service_window: DAY,
    }
}

#[test]
fn every_short_story_is_sound() {
    let limits = limits();
    let mut met = Met::default();
    let mut seen = BTreeSet::new();
    let mut frontier = vec![(Ledger::new(), moment("30d"))];
    for _ in 0..STEPS {
        let mut next = Vec::new();
        for (ledger, now) in frontier {
            for step in steps(&ledger) {
                for at in moments(&ledger, now) {
                    if is_impossible(&ledger, at, &limits, step) {
                        continue;
                    }
                    let after = follow(&ledger, at, &limits, step, &mut met);
                    if seen.insert(seen_from(after.state(), at)) {
                        look_at(&after, at, &limits);
                        next.push((after, at));
                    }
                }
            }
        }
        frontier = next;
    }
    assert!(seen.len() > 10_000, "{} different ledgers", seen.len());
    met.assert_all();
}

/// One input, as it can be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Ask(How),
    Deliver(usize),
    Fail(usize),
    Answer(usize, Answer),
    Profile(Term),
    ProfileRevoke,
    UserCalls,
    Operator(Term),
    OperatorRevoke,
    Connected(Direction),
    Unanswered,
    Rejected,
    Timeout,
}

/// Every kind of input there is; for requests the oldest, the newest, and one that does not exist.
fn steps(ledger: &Ledger) -> Vec<Step> {
    let closed = How::FreeForm(Window::default());
    let mut steps = vec![Step::Ask(How::Template), Step::Ask(closed)];
    let open = ledger.state().requests.len();
    for index in BTreeSet::from([0, open.saturating_sub(1), open]) {
        steps.extend([Step::Deliver(index), Step::Fail(index)]);
        for answer in [Answer::Temporary, Answer::Permanent, Answer::Decline] {
            steps.push(Step::Answer(index, answer));
        }
    }
    steps.extend([Term::Temporary, Term::Permanent].map(Step::Profile));
    steps.push(Step::Operator(Term::Permanent));
    steps.extend([Step::ProfileRevoke, Step::OperatorRevoke, Step::UserCalls]);
    steps.push(Step::Connected(Direction::UserInitiated));
    steps.push(Step::Connected(Direction::BusinessInitiated));
    steps.extend([Step::Unanswered, Step::Rejected, Step::Timeout]);
    steps
}

/// At once, a day later, and at the deadline.
fn moments(ledger: &Ledger, now: Timestamp) -> impl Iterator<Item = Timestamp> + use<> {
    let moments = [Some(now), Some(now + DAY), ledger.poll_timeout()];
    moments.into_iter().flatten()
}

/// No call of the business rings where none could be placed; only the permission may have ended since.
fn is_impossible(ledger: &Ledger, at: Timestamp, limits: &ConsentLimits, step: Step) -> bool {
    let rang = matches!(
        step,
        Step::Connected(Direction::BusinessInitiated) | Step::Unanswered | Step::Rejected
    );
    let of_calls = ledger.standing(at, limits).call.limits;
    rang && of_calls.iter().any(Limit::is_reached)
}

/// Takes the step; `None` where the ledger does not let the business ask.
fn take_step(
    ledger: &mut Ledger,
    now: Timestamp,
    limits: &ConsentLimits,
    step: Step,
) -> Option<Result<(), Refusal>> {
    let call = call("C");
    let id = |index: usize| match ledger.state().requests.get(index) {
        Some(request) => request.id.clone(),
        None => request("none"),
    };
    let input = match step {
        Step::Ask(how) => Input::Requested {
            pass: ledger.may_request(now, limits, how).ok()?,
            request: request(&format!("R{}", ledger.state().entries)),
        },
        Step::Deliver(index) => Input::RequestDelivered { request: id(index) },
        Step::Fail(index) => Input::RequestFailed { request: id(index) },
        Step::Answer(index, answer) => Input::Answered {
            request: id(index),
            answer,
        },
        Step::Profile(term) => Input::ProfileGrant { term },
        Step::ProfileRevoke => Input::ProfileRevoke,
        Step::UserCalls => Input::CallbackGrant { call },
        Step::Operator(term) => Input::OperatorGrant { term },
        Step::OperatorRevoke => Input::OperatorRevoke,
        Step::Connected(direction) => Input::CallConnected { call, direction },
        Step::Unanswered => Input::CallUnanswered { call },
        Step::Rejected => Input::CallRejected { call },
        Step::Timeout => Input::Timeout,
    };
    Some(ledger.handle(now, limits, input))
}

/// Takes one step in all the ways that must come to the same.
fn follow(
    ledger: &Ledger,
    at: Timestamp,
    limits: &ConsentLimits,
    step: Step,
    met: &mut Met,
) -> Ledger {
    let mut waited = ledger.clone();
    waited
        .handle(at, limits, Input::Timeout)
        .expect("time is never refused");

    let mut next = ledger.clone();
    let answer = take_step(&mut next, at, limits, step);
    // Which request an index means may depend on whether time has passed already.
    if !matches!(step, Step::Deliver(_) | Step::Fail(_) | Step::Answer(..)) {
        let mut timer_first = waited.clone();
        let timer_answer = take_step(&mut timer_first, at, limits, step);
        // A name is made from the count of entries, which is no part of the rules.
        assert_eq!(
            answer, timer_answer,
            "timer or input first: the same answer"
        );
        if !matches!(step, Step::Ask(_)) {
            assert_eq!(next, timer_first, "timer or input first: the same ledger");
        }
    }
    match answer {
        Some(Err(refusal)) => {
            assert_eq!(next, waited, "a refused input changes nothing: {step:?}");
            met.refusals.insert(format!("{refusal:?}"));
        }
        None => assert_eq!(&next, ledger, "a question changes nothing"),
        Some(Ok(())) => {}
    }
    if step == Step::Ask(How::Template) {
        let looked = ledger.standing(at, limits);
        assert_eq!(looked, waited.standing(at, limits), "a look sees the time");
        let promised = looked.request.can_perform();
        assert_eq!(promised, answer == Some(Ok(())), "the look was true");
    }

    // Whoever may not ask has not even let time pass.
    let mut next = if answer.is_none() { waited } else { next };
    hear(ledger, &mut next, at, met);
    assert_eq!(Ledger::from_state(next.state().clone()), next);
    next
}

/// Drains what the step has told, and holds it against what it has changed.
fn hear(before: &Ledger, next: &mut Ledger, now: Timestamp, met: &mut Met) {
    let mut number = before.state().entries;
    let mut last_at = Timestamp::EPOCH;
    let mut notices = 0_i32;
    let mut held = Status::from(&before.state().held).as_str();
    while let Some(output) = next.poll_output() {
        match output {
            Output::Record(Entry {
                number: its,
                at,
                reason,
            }) => {
                assert_eq!(its, number, "no line is left out");
                assert!(last_at <= at && at <= now, "lines are in order");
                (number, last_at) = (number + 1, at);
                (held, notices) = match &reason {
                    Reason::AnsweredTemporary { .. } | Reason::AutomaticGrant { .. } => {
                        ("temporary", notices + 1)
                    }
                    Reason::ProfileGrant { until: Some(_) } => ("temporary", notices + 1),
                    Reason::AnsweredPermanent { .. } | Reason::ProfileGrant { until: None } => {
                        ("permanent", notices + 1)
                    }
                    Reason::OperatorGrant { until: Some(_) } => ("temporary", notices),
                    Reason::OperatorGrant { until: None } => ("permanent", notices),
                    Reason::Declined { .. }
                    | Reason::ProfileRevoke
                    | Reason::Lapsed
                    | Reason::RevokedUnanswered { .. } => ("no_permission", notices + 1),
                    Reason::OperatorRevoke => ("no_permission", notices),
                    Reason::Requested { .. }
                    | Reason::RequestDelivered { .. }
                    | Reason::RequestEnded { .. }
                    | Reason::Nudged { .. }
                    | Reason::CallConnected { .. }
                    | Reason::CallUnanswered { .. }
                    | Reason::CallRejected { .. }
                    | Reason::CountersCleared { .. } => (held, notices),
                };
                if let Reason::RequestEnded { end, .. } = &reason {
                    met.ends.insert(end.as_str());
                }
                met.reasons.insert(reason.as_str());
            }
            Output::Notify(notice) => {
                notices -= 1;
                let accepts = matches!(notice.response(), Some(Response::Accept { .. }));
                assert_eq!(accepts, notice.flat_status() == FlatStatus::Granted);
            }
            Output::TellUser(_) => {}
        }
    }
    assert_eq!(notices, 0, "one notice for each change that is told");
    assert_eq!(number, next.state().entries);
    assert_eq!(held, Status::from(&next.state().held).as_str());
}

/// What must hold between two inputs.
fn look_at(ledger: &Ledger, now: Timestamp, limits: &ConsentLimits) {
    let state = ledger.state();
    if let Some(deadline) = ledger.poll_timeout() {
        assert!(now < deadline, "a deadline lies ahead, or the driver spins");
    }
    let standing = ledger.standing(now, limits);
    assert_eq!(
        standing.status == Status::NoPermission,
        matches!(standing.call.refused, Some(NoCall::NoPermission(_)))
    );
    assert_eq!(
        standing.status == Status::Permanent,
        standing.request.refused == Some(NoRequest::Permanent)
    );
    for limit in standing.request.limits.iter().chain(&standing.call.limits) {
        assert!(limit.used <= limit.max, "{limit:?}");
        assert_eq!(limit.is_reached(), limit.free_at.is_some());
    }
    let missed = state.held.grant().map_or(0, |grant| grant.unanswered);
    assert!(missed < limits.revoke_after_unanswered);
    if standing.status != Status::Permanent {
        let free = standing.request.limits.iter().filter_map(|it| it.free_at);
        if let Some(free_at) = free.max() {
            let may = |at| ledger.may_request(at, limits, How::Template).is_ok();
            assert!(may(free_at), "what is promised for then can be done then");
            let before = Timestamp::from_millis(free_at.as_millis() - 1);
            assert!(!may(before), "and not before");
        }
    }
}

/// The ledger from where `now` stands, without what no rule looks at: names, line numbers, and how
/// long ago it was that a permission came or went.
fn seen_from(state: &State, now: Timestamp) -> String {
    let ago = |at: Timestamp| i128::from(now.as_millis()) - i128::from(at.as_millis());
    let source = |source: &Source| match source {
        Source::Request(id) => {
            let index = state.requests.iter().position(|it| it.id == *id);
            format!("{index:?}")
        }
        Source::Call(_) => "call".to_owned(),
        Source::Profile | Source::Operator => format!("{source:?}"),
    };
    let of = |grant: &Grant| (source(&grant.source), grant.calls, grant.unanswered);
    let held = match &state.held {
        Held::Nothing(lack) => words::no_call(&NoCall::NoPermission(*lack))
            .split(" at ")
            .next()
            .map(ToOwned::to_owned),
        Held::Temporary { until, grant } => Some(format!("{} {:?}", ago(*until), of(grant))),
        Held::Permanent { grant } => Some(format!("{:?}", of(grant))),
    };
    let requests: Vec<_> = state
        .requests
        .iter()
        .map(|it| (ago(it.until), it.stage))
        .collect();
    let asked: Vec<_> = state.asked.iter().map(|at| ago(*at)).collect();
    let connected: Vec<_> = state.connected.iter().map(|at| ago(*at)).collect();
    format!("{held:?} {requests:?} {asked:?} {connected:?}")
}

/// What the stories have met.
#[derive(Default)]
struct Met {
    reasons: BTreeSet<&'static str>,
    ends: BTreeSet<&'static str>,
    refusals: BTreeSet<String>,
}

impl Met {
    fn assert_all(&self) {
        assert_eq!(self.reasons.len(), 18, "{:?}", self.reasons);
        // It takes more requests than a short story has to crowd one out.
        assert_eq!(self.ends.len(), 5, "{:?}", self.ends);
        let refusals: Vec<&str> = self.refusals.iter().map(String::as_str).collect();
        assert_eq!(refusals, ["NoSuchRequest", "NothingNew", "NothingToRevoke"]);
    }
}
