//! One business number, as the law sees it: what its business has set, and what it is suspended from.

use std::time::Duration;

use types::preset::RestrictionKinds;
use types::{Country, Timestamp};

use super::hours::Hours;

/// A business number.
pub(super) struct OwnNumber {
    pub(super) enabled: bool,
    pub(super) calls_back: bool,
    /// Whether users see a call button at all.
    pub(super) icon: bool,
    /// The countries whose users do; none for all.
    pub(super) countries: Vec<Country>,
    pub(super) hours: Option<Hours>,
    pub(super) suspended: Suspended,
    pub(super) attempts: Vec<Timestamp>,
}

/// What a number is suspended from, and until when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Suspended {
    /// Calling users, and asking them.
    business: Option<Timestamp>,
    /// Being called.
    user: Option<Timestamp>,
    /// Showing a call button.
    button: Option<Timestamp>,
}

/// What the operator orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) business: bool,
    pub(crate) user: bool,
    pub(crate) button: bool,
    /// As long as the preset says if none.
    pub(crate) lasts: Option<Duration>,
}

impl Default for OwnNumber {
    fn default() -> Self {
        Self {
            enabled: true,
            calls_back: false,
            icon: true,
            countries: Vec::new(),
            hours: None,
            suspended: Suspended::default(),
            attempts: Vec::new(),
        }
    }
}

impl OwnNumber {
    /// Whether a user of that country sees the call button.
    pub(super) fn shows_icon(&self, now: Timestamp, country: Country) -> bool {
        let hidden = self.suspended.user.max(self.suspended.button);
        self.enabled
            && self.icon
            && (self.countries.is_empty() || self.countries.contains(&country))
            && !runs(hidden, now)
    }
}

impl Suspended {
    /// An order takes the place of all that was before. In 2025 there was one suspension for both
    /// directions.
    pub(super) fn by(order: Order, until: Timestamp, kinds: RestrictionKinds) -> Self {
        let both = kinds == RestrictionKinds::Combined && (order.business || order.user);
        let when = |is: bool| is.then_some(until);
        Self {
            business: when(order.business || both),
            user: when(order.user || both),
            button: when(order.button),
        }
    }

    pub(super) fn may_not_call(&self, now: Timestamp) -> bool {
        runs(self.business, now)
    }

    pub(super) fn may_not_be_called(&self, now: Timestamp) -> bool {
        runs(self.user, now)
    }

    /// What runs, by the names on the wire.
    pub(crate) fn listed(
        &self,
        now: Timestamp,
        kinds: RestrictionKinds,
    ) -> Vec<(&'static str, Timestamp)> {
        let all = match kinds {
            RestrictionKinds::Split => vec![
                ("RESTRICTED_BUSINESS_INITIATED_CALLING", self.business),
                ("RESTRICTED_USER_INITIATED_CALLING", self.user),
                (BUTTON, self.button),
            ],
            RestrictionKinds::Combined => vec![
                (
                    "RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING",
                    self.business.max(self.user),
                ),
                (BUTTON, self.button),
            ],
        };
        let running = all.into_iter().filter(|(_, until)| runs(*until, now));
        running
            .filter_map(|(name, until)| Some((name, until?)))
            .collect()
    }

    /// What has run out stays so, wherever the clock is put.
    pub(super) fn settle(&mut self, now: Timestamp) {
        for until in [&mut self.business, &mut self.user, &mut self.button] {
            *until = until.filter(|until| now < *until);
        }
    }
}

fn runs(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_some_and(|until| now < until)
}

const BUTTON: &str = "RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN";
