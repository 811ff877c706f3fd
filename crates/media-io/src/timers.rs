//! When which leg is due. Deadlines move with almost every packet, so they are looked at lazily.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

/// One entry per leg at most is of use; an older one is found to be stale when it comes up.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    heap: BinaryHeap<Reverse<(Instant, usize, u64)>>,
}

impl Timers {
    /// Wakes the leg in `slot` at `at`; `stamp` tells this entry from those before it.
    pub(crate) fn push(&mut self, at: Instant, slot: usize, stamp: u64) {
        self.heap.push(Reverse((at, slot, stamp)));
    }

    /// When the next entry is due.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _, _))| *at)
    }

    /// The next entry that is due by `now`: its slot and its stamp.
    pub(crate) fn pop(&mut self, now: Instant) -> Option<(usize, u64)> {
        if self.next_at()? > now {
            return None;
        }
        self.heap
            .pop()
            .map(|Reverse((_, slot, stamp))| (slot, stamp))
    }
}
