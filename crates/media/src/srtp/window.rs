//! Which packets have been received already (RFC 3711, 3.3.2).

/// The newest index and the 127 before it.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct ReplayWindow {
    newest: Option<u64>,
    /// Bit n is the index n below the newest.
    seen: u128,
}

impl ReplayWindow {
    /// The newest index that was taken.
    pub(crate) fn newest(&self) -> Option<u64> {
        self.newest
    }

    /// Whether the index has not been taken and is not too old to know.
    pub(crate) fn is_new(&self, index: u64) -> bool {
        let Some(newest) = self.newest else {
            return true;
        };
        match newest.checked_sub(index) {
            None => true,
            Some(age) => age < u64::from(u128::BITS) && self.seen & (1 << age) == 0,
        }
    }

    /// Takes an index; false if it is not new.
    pub(crate) fn take(&mut self, index: u64) -> bool {
        if !self.is_new(index) {
            return false;
        }
        let newest = self.newest.unwrap_or(index);
        if let Some(age) = newest.checked_sub(index) {
            self.seen |= 1 << age;
        } else {
            let ahead = u32::try_from(index - newest).unwrap_or(u32::MAX);
            self.seen = self.seen.checked_shl(ahead).unwrap_or(0) | 1;
        }
        self.newest = Some(newest.max(index));
        true
    }
}
