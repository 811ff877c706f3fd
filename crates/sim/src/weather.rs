//! What nobody does: deadlines pass, late or in time; the exchange starts again; its clock is set back.

use std::time::Duration;

use exchange::desk::due;

use crate::law::Broken;
use crate::platform::Failed;
use crate::world::{Todo, World};

impl World {
    pub(crate) fn meet_deadlines(&mut self) -> Result<(), Broken> {
        self.lateness = if self.chance.per_mille(self.faults.late) {
            self.chance.time(Duration::from_millis(1), LATEST)
        } else {
            Duration::ZERO
        };
        for _ in 0..ROUNDS_MAX {
            match self.command(due::meet) {
                Ok(true) => self.settle()?,
                Ok(false) => return self.none_in_the_past(),
                Err(Failed::Struck(_) | Failed::NoAnswer { .. }) => return Ok(()),
                Err(Failed::Refused(refused)) => {
                    return Err(format!("deadlines cannot be met: {refused}"));
                }
            }
        }
        Err(format!("after {ROUNDS_MAX} rounds deadlines are still due"))
    }

    fn none_in_the_past(&mut self) -> Result<(), Broken> {
        let now = self.clock();
        self.law.none_rings_too_long(now)?;
        self.law.letters.none_waits_too_long(now)?;
        if self.law.templates.any_is_due(now) {
            return Err(
                "all deadlines are met, and a review is not over that should be".to_owned(),
            );
        }
        self.phones_show_businesses(now)?;
        match self.platform.next_deadline() {
            Some(at) if at <= self.clock() => Err(format!(
                "all deadlines are met, and one is {} ms in the past",
                self.clock().since(at).as_millis()
            )),
            Some(_) | None => Ok(()),
        }
    }

    pub(crate) fn exchange_starts(&mut self) -> Result<(), Broken> {
        if self.platform.is_up() {
            return Ok(());
        }
        if self.chance.per_mille(MOVES) {
            self.platform.moves()?;
            self.tell("the records move to another machine");
        }
        let seed = self.chance.seed();
        self.platform
            .start(self.clock(), seed)
            .map_err(|refused| format!("the exchange cannot start: {refused}"))?;
        let now = self.clock();
        self.law.configuration_is_read(now);
        self.post_at = Some(self.clock());
        self.changed = true;
        self.tell("the exchange starts");
        Ok(())
    }

    /// Somebody sets the exchange's clock back, as clocks are.
    pub(crate) fn set_clock_back(&mut self) -> Result<(), Broken> {
        if !self.platform.is_up() {
            let later = Duration::from_mins(5);
            self.after(later, Todo::ClockSetBack);
            return Ok(());
        }
        // What has run out is out: a clock that goes back brings nothing back.
        self.meet_deadlines()?;
        self.settle()?;
        if !self.platform.is_up() {
            self.after(Duration::from_mins(5), Todo::ClockSetBack);
            return Ok(());
        }
        self.law.settle(self.clock());
        let back = self.chance.time(Duration::from_secs(1), BACK_MAX);
        self.set_back += back;
        self.post_at = self.platform.is_up().then(|| self.clock());
        self.tell(&format!("the clock is set back by {} s", back.as_secs()));
        Ok(())
    }
}

/// In how many starts of a thousand the records were moved before.
const MOVES: u64 = 200;
const LATEST: Duration = Duration::from_secs(5);
const BACK_MAX: Duration = Duration::from_hours(3);
const ROUNDS_MAX: usize = 10_000;
