//! How often an approved template may be edited (Meta, template management, edit template
//! limitations). One that was rejected or is paused may be edited as often as its business likes.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use types::Timestamp;
use types::preset::TemplateRules;

/// When a template was edited while it was approved, the oldest first: plain data, to be stored as it
/// is. What no limit looks at any more is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edits(pub Vec<Timestamp>);

/// An approved template was edited as often as it may be. `Display` says when to come again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyEdits {
    /// How often it may be.
    pub max: u32,
    /// In which time.
    pub within: Duration,
    /// The first moment at which it may be again.
    pub next_at: Timestamp,
}

impl Edits {
    /// Counts one edit.
    ///
    /// # Errors
    ///
    /// When there were as many as there may be; nothing is counted then.
    pub fn take(&mut self, now: Timestamp, rules: &TemplateRules) -> Result<(), TooManyEdits> {
        let limits = [(rules.edits_per_day, DAY), (rules.edits_per_month, MONTH)];
        for (max, within) in limits {
            if let Some(max) = max {
                self.room(now, max, within)?;
            }
        }
        let counted = limits.iter().filter(|(max, _)| max.is_some());
        let longest = counted.map(|(_, within)| *within).max();
        self.0.push(now);
        self.0
            .retain(|at| longest.is_some_and(|within| *at + within > now));
        Ok(())
    }

    /// Whether one more fits into a time.
    fn room(&self, now: Timestamp, max: u32, within: Duration) -> Result<(), TooManyEdits> {
        let recent: Vec<_> = self.0.iter().filter(|at| **at + within > now).collect();
        let max_len = usize::try_from(max).unwrap_or(usize::MAX);
        // Of those that fill it, the oldest makes room first.
        match recent.len().checked_sub(max_len) {
            Some(surplus) => Err(TooManyEdits {
                max,
                within,
                next_at: recent.get(surplus).map_or(now, |at| **at) + within,
            }),
            None => Ok(()),
        }
    }
}

impl fmt::Display for TooManyEdits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = match self.max {
            1 => "once".to_owned(),
            max => format!("{max} times"),
        };
        let hours = self.within.as_secs() / 3_600;
        let time = match hours {
            24 => "24 hours".to_owned(),
            hours => format!("{} days", hours / 24),
        };
        write!(
            f,
            "An approved template may be edited {times} in {time}. The next edit is taken at Unix \
             time {}; until then, make a new template.",
            self.next_at.as_secs_up()
        )
    }
}

impl Error for TooManyEdits {}

const DAY: Duration = Duration::from_hours(24);
const MONTH: Duration = Duration::from_hours(30 * 24);
