//! The log of a world: what happened, each line with the moment at which it did, counted from the
//! beginning of the world. Long ids get short names in the order in which they came up.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// The log.
#[derive(Default)]
pub(crate) struct Story {
    text: String,
    names: BTreeMap<String, String>,
    counts: BTreeMap<&'static str, u64>,
}

impl Story {
    /// Adds a line.
    pub(crate) fn tell(&mut self, at: Duration, line: &str) {
        let secs = at.as_secs();
        let (days, hours) = (secs / 86_400, secs / 3_600 % 24);
        let (mins, secs, millis) = (secs / 60 % 60, secs % 60, at.subsec_millis());
        let line = writeln!(
            self.text,
            "{days:>3} {hours:02}:{mins:02}:{secs:02}.{millis:03}  {line}"
        );
        // Writing to a text cannot fail.
        line.ok();
    }

    /// The short name of an id, such as `call 7`.
    pub(crate) fn name(&mut self, kind: &str, id: &str) -> String {
        if let Some(name) = self.names.get(id) {
            return name.clone();
        }
        let count = self
            .names
            .values()
            .filter(|name| name.starts_with(kind))
            .count();
        let name = format!("{kind} {}", count + 1);
        self.names.insert(id.to_owned(), name.clone());
        name
    }

    /// Counts something that happened.
    pub(crate) fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// What happened how often.
    pub(crate) const fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    /// The whole log.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}
