//! All of a world's chance: one seed, drawn from in one order.

use std::time::Duration;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// The chance of a world, or of a part of it.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The chance of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below `bound`, which is not 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64() % bound
    }

    /// A place in a list of that length, which is not 0.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// A number from `least` to `most`.
    pub(crate) fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    /// Yes, in so many cases of a thousand.
    pub(crate) fn per_mille(&mut self, cases: u64) -> bool {
        self.below(1_000) < cases
    }

    /// A time from `least` to `most`, to the millisecond.
    pub(crate) fn time(&mut self, least: Duration, most: Duration) -> Duration {
        Duration::from_millis(self.between(millis(least), millis(most)))
    }

    /// One of several, each as often as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, choices: &[(u64, T)]) -> T {
        let all = choices.iter().map(|(weight, _)| weight).sum();
        let mut drawn = self.below(all);
        for (weight, choice) in choices {
            if drawn < *weight {
                return *choice;
            }
            drawn -= weight;
        }
        choices[choices.len() - 1].1
    }

    /// A seed for somebody else.
    pub(crate) fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX - 1)
}
