//! Every story that a call can tell, up to a length, held to what must be true of any story.
//!
//! Each step is any of the inputs, each either at once, a little later or at the call's own
//! deadline. Two stories that led to the same call at the same moment go on alike, so that only
//! one of them is followed; that makes the walk wide instead of long.

use std::collections::BTreeSet;

use super::*;

/// Enough for a pre-accepted call to connect, to start, stop and restart its media, to be hung up,
/// and to be asked for more.
const STEPS: u32 = 10;

#[test]
fn every_short_story_is_sound() {
    let mut reasons = walk_all(Direction::UserInitiated);
    reasons.extend(walk_all(Direction::BusinessInitiated));
    assert_eq!(reasons, BTreeSet::from(EndReason::ALL), "every end is met");
}

/// Walks all stories of one direction, and answers with the reasons that they ended for.
fn walk_all(direction: Direction) -> BTreeSet<EndReason> {
    let limits = limits();
    let mut seen = BTreeSet::new();
    let mut reasons = BTreeSet::new();
    let mut call = placed(direction, &limits);
    let mut story = Story::default();
    story.hear(&mut call, Timestamp::EPOCH);
    assert_eq!(story.connects, 1, "the first word is connect");

    let mut frontier = vec![(call, story, Timestamp::EPOCH)];
    for _ in 0..STEPS {
        let mut next = Vec::new();
        for (call, story, now) in frontier {
            for input in inputs() {
                for at in moments(&call, now) {
                    let (call, story) = step(&call, story, at, &limits, input);
                    reasons.extend(call.ending().map(|ending| ending.reason));
                    if seen.insert(format!("{call:?} {story:?} {at:?}")) {
                        next.push((call, story, at));
                    }
                }
            }
        }
        frontier = next;
    }
    assert!(seen.len() > 2_000, "{} different calls", seen.len());
    reasons
}

/// At once, ten seconds later, and at the deadline.
fn moments(call: &Call, now: Timestamp) -> impl Iterator<Item = Timestamp> {
    let later = now + Duration::from_secs(10);
    [Some(now), Some(later), call.poll_timeout()]
        .into_iter()
        .flatten()
}

fn step(
    call: &Call,
    mut story: Story,
    at: Timestamp,
    limits: &CallLimits,
    input: Input,
) -> (Call, Story) {
    let mut waited = call.clone();
    waited
        .handle(at, limits, Input::Timeout)
        .expect("time is never refused");

    let mut next = call.clone();
    let answer = next.handle(at, limits, input);
    if let Err(refusal) = answer {
        assert_eq!(next, waited, "a refused input changes nothing");
        assert_eq!(
            matches!(refusal, Refusal::Ended { .. }),
            next.is_over(),
            "a call that is over says so, and no other"
        );
    }
    let timer_first = waited.handle(at, limits, input);
    assert_eq!(next, waited, "timer or input first: the same call");
    assert_eq!(answer, timer_first, "timer or input first: the same answer");

    story.hear(&mut next, at);

    let stored = Call::from_state(next.state());
    assert_eq!(stored, next, "a stored call is the call itself");
    (next, story)
}

/// What a call has told so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Story {
    connects: u32,
    ringings: u32,
    answers: u32,
    rejected: bool,
    passes: bool,
    closed: bool,
    phones_told: bool,
    terminated: bool,
}

impl Story {
    fn hear(&mut self, call: &mut Call, now: Timestamp) {
        while let Some(output) = call.poll_output() {
            assert!(!self.terminated, "nothing follows the end");
            assert!(self.connects == 1 || output == Output::Notify(Notice::Connect));
            self.hear_one(call, output);
        }
        self.look_at(call, now);
    }

    fn hear_one(&mut self, call: &Call, output: Output) {
        let open = !self.closed;
        match output {
            Output::Notify(Notice::Connect) => self.connects += 1,
            Output::Notify(Notice::Ringing) => self.ringings += 1,
            Output::Notify(Notice::Accepted) => {
                assert!(self.passes, "accepted is said when media passes");
            }
            Output::Notify(Notice::Rejected) => self.rejected = true,
            Output::Notify(Notice::Terminated(ending)) => {
                assert!(
                    self.closed && self.phones_told,
                    "terminate is the last word"
                );
                assert_eq!(call.ending(), Some(ending));
                assert_eq!(ending.started.is_some(), self.passes);
                assert_eq!(
                    ending.fault().is_some(),
                    ending.status() == EndStatus::Failed
                );
                assert_eq!(self.rejected, ending.reason == EndReason::UserRejected);
                self.terminated = true;
            }
            Output::RingPhone => assert_eq!(call.direction(), Direction::BusinessInitiated),
            Output::TellPhone(PhoneNotice::Ended(_)) => {
                assert!(!self.phones_told);
                self.phones_told = true;
            }
            Output::TellPhone(PhoneNotice::Ringing | PhoneNotice::Accepted) => assert!(open),
            Output::ApplyBusinessAnswer | Output::ApplyUserAnswer => {
                assert!(open && !self.passes, "an answer comes before media");
                self.answers += 1;
            }
            Output::PassMedia => {
                assert!(open && !self.passes, "media begins to pass once");
                self.passes = true;
            }
            Output::CloseMedia => {
                assert!(open, "legs are closed once");
                self.closed = true;
            }
        }
    }

    /// What must hold between two inputs.
    fn look_at(&self, call: &Call, now: Timestamp) {
        assert!(self.connects == 1 && self.ringings <= 1 && self.answers <= 1);
        assert_eq!(call.is_over(), self.terminated);
        assert_eq!(self.closed, self.terminated, "an ended call holds no legs");
        assert_eq!(self.passes, call.accepted_at().is_some());
        if self.passes {
            assert_eq!(self.answers, 1, "no media without an answer");
        }
        match call.poll_timeout() {
            Some(deadline) => {
                assert!(now < deadline, "a deadline lies ahead, or the driver spins");
                assert!(!self.terminated, "an ended call waits for nothing");
            }
            None => assert!(self.terminated || call.phase() == Phase::Talking),
        }
        match call.phase() {
            Phase::Calling | Phase::Ringing | Phase::PreAccepted => assert!(!self.passes),
            Phase::Connecting | Phase::Talking => assert!(self.passes && !self.closed),
            Phase::Ended => assert!(self.terminated),
        }
    }
}
