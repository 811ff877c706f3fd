//! The core without a thread: what dies before the commit never was, and what is committed is there
//! for the next process, told or not.

use std::sync::Arc;
use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rules::call::EndReason;
use store::{Place, Store};
use types::{CallId, Preset, Timestamp};

use crate::desk::calls::{self, Dial};
use crate::desk::{DeskCore, LegBook, Outside, Refused, Saved};
use crate::media_control::PreparedLegs;
use crate::phone_lines::LineId;
use crate::testing::{BEGIN, Told, a_world, number, paper_media, paper_phones, user};
use crate::world;

/// A core with what its effects act on.
struct Alone {
    core: DeskCore,
    outside: Outside,
    told: Told,
}

impl Alone {
    fn start(store: Store, seed: u64) -> Self {
        Self::start_at(BEGIN, store, seed)
    }

    fn start_at(now: Timestamp, store: Store, seed: u64) -> Self {
        let told = Told::default();
        let chance = ChaCha8Rng::seed_from_u64(seed);
        let mut core = DeskCore::new(store, chance, Arc::new(Preset::meta_2026()));
        let outside = Outside {
            media: Arc::new(paper_media(&told)),
            phones: Arc::new(paper_phones(&told)),
            deliveries: Arc::default(),
            legs: LegBook::default(),
        };
        let started = core.run(now, |turn| world::start(turn, a_world()));
        started.expect("a small world").effects.let_go(&outside);
        told.take();
        Self {
            core,
            outside,
            told,
        }
    }

    fn dial(&mut self) -> Saved<CallId> {
        let dial = self.a_dial();
        let placed = self.core.run(BEGIN, |turn| calls::dial(turn, dial));
        placed.expect("a call")
    }

    fn a_dial(&self) -> Dial {
        Dial {
            wa_id: user(),
            line: LineId(1),
            dial_id: "d1".to_owned(),
            to: number(),
            origin: types::CallOrigin::default(),
            offer: "the phone's offer".to_owned(),
            legs: PreparedLegs::for_dial(&*self.outside.media, "").expect("legs"),
        }
    }

    /// Another process on the same records.
    fn restart(self) -> Self {
        self.restart_after(Duration::ZERO)
    }

    /// Another process, after a while in which there was none.
    fn restart_after(self, down: Duration) -> Self {
        Self::start_at(BEGIN + down, self.core.into_store(), 8)
    }
}

#[test]
fn a_command_runs_without_a_thread() {
    let mut desk = Alone::start(Store::open(&Place::Memory).expect("a store"), 7);
    let saved = desk.dial();
    assert_eq!(
        desk.told.take(),
        [""; 0],
        "nothing is told before it is let go"
    );
    assert!(saved.next_deadline().is_some());
    saved.effects.let_go(&desk.outside);
    assert_eq!(
        desk.told.take(),
        [
            "phone 1: dialing, our answer to the user",
            "media: begin user 1 business 2"
        ]
    );
}

#[test]
fn what_dies_before_the_commit_never_was() {
    let mut desk = Alone::start(Store::open(&Place::Memory).expect("a store"), 7);
    let dial = desk.a_dial();
    let died = desk.core.run(BEGIN, |turn| {
        calls::dial(turn, dial)?;
        Err::<(), _>(Refused::UserInCall)
    });
    assert!(died.is_err());
    let mut desk = desk.restart();
    let none = desk
        .core
        .run(BEGIN, |turn| calls::list(turn, &Default::default(), 10));
    assert_eq!(none.expect("a list").value, []);
}

#[test]
fn what_dies_after_the_commit_goes_on() {
    let mut desk = Alone::start(Store::open(&Place::Memory).expect("a store"), 7);
    let Saved { value: call, .. } = desk.dial();
    let mut desk = desk.restart();
    let found = desk.core.run(BEGIN, |turn| calls::find(turn, &call));
    let (row, _) = found.expect("the call").value;
    assert!(row.machine().is_over(), "its media went with the process");
}

/// Found by a simulated world: the call ended by its deadline before its media could be lost, and the
/// exchange could not start any more.
#[test]
fn what_was_due_while_nobody_was_there_is_met_at_the_start() {
    let mut desk = Alone::start(Store::open(&Place::Memory).expect("a store"), 7);
    let Saved { value: call, .. } = desk.dial();
    let mut desk = desk.restart_after(Duration::from_hours(2));
    let found = desk.core.run(BEGIN, |turn| calls::find(turn, &call));
    let (row, _) = found.expect("the call").value;
    let ending = row.machine().ending().expect("an end");
    assert_eq!(ending.reason, EndReason::BusinessDidNotAnswer);
    assert_eq!(ending.ended, BEGIN + Duration::from_mins(1));
}
