//! Where chance enters the process: one seed, from which each part is given its own.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

/// The seed of a process. The same seed, configuration and inputs give the same ids and secrets.
///
/// It has no `Debug`: secrets are drawn from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// A seed that somebody chose. What is drawn from it can be guessed by whoever guesses it.
    #[must_use]
    pub fn chosen(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(bytes)
    }

    /// A seed from the machine's entropy.
    ///
    /// # Errors
    ///
    /// When the system has no source of it.
    pub fn drawn() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// A seed as it was written down.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The seed, to be written down where only its owner reads it.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// The seed of one part, named by a word that no other part uses, in the process's start number
    /// `start`: a process that starts again with the same seed must not draw the same call ids.
    #[must_use]
    pub fn of(self, part: &str, start: u64) -> u64 {
        self.chance(&format!("{part}/{start}")).next_u64()
    }

    /// As [`Seed::of`], for a part that must not be guessed: 32 bytes.
    #[must_use]
    pub fn whole_of(self, part: &str, start: u64) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.chance(&format!("{part}/{start}"))
            .fill_bytes(&mut bytes);
        bytes
    }

    /// The chance of one part, the same in every start.
    #[must_use]
    pub fn chance(self, part: &str) -> ChaCha20Rng {
        let mut chance = ChaCha20Rng::from_seed(self.0);
        chance.set_stream(fingerprint(part));
        chance
    }
}

/// FNV-1a. Streams of one seed are independent of each other, however near their numbers.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_and_each_start_has_its_own() {
        let seed = Seed::chosen(7);
        assert_eq!(seed.of("desk", 0), Seed::chosen(7).of("desk", 0));
        assert_ne!(seed.of("desk", 0), seed.of("media", 0));
        assert_ne!(seed.of("desk", 0), seed.of("desk", 1));
        assert_ne!(seed.of("desk", 0), Seed::chosen(8).of("desk", 0));
    }
}
