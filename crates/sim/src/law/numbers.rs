//! What is set about numbers, by their businesses and by the operator, and who must hear of it.

use types::{Country, Timestamp};

use super::hours::Hours;
use super::number::{Order, Suspended};
use super::{Law, notices};

/// What is set about the calls of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) enabled: bool,
    pub(crate) calls_back: bool,
    pub(crate) icon: bool,
    pub(crate) countries: Vec<Country>,
    pub(crate) hours: Option<Hours>,
}

impl Law {
    pub(crate) fn setting(&self, business: usize) -> Setting {
        let number = &self.numbers[business];
        Setting {
            enabled: number.enabled,
            calls_back: number.calls_back,
            icon: number.icon,
            countries: number.countries.clone(),
            hours: number.hours.clone(),
        }
    }

    pub(crate) fn calling_enabled(&self, business: usize) -> bool {
        self.numbers[business].enabled
    }

    pub(crate) fn calls_back(&self, business: usize) -> bool {
        self.numbers[business].calls_back
    }

    /// Settings were changed. Of some of them the business hears.
    pub(crate) fn set(&mut self, now: Timestamp, business: usize, setting: Setting) {
        let before = self.told_settings(business);
        let number = &mut self.numbers[business];
        number.enabled = setting.enabled;
        number.calls_back = setting.calls_back;
        number.icon = setting.icon;
        number.countries = setting.countries;
        number.hours = setting.hours;
        let after = self.told_settings(business);
        if before != after {
            self.must_hear(business, notices::settings(now.as_secs(), after));
        }
    }

    /// Whether a user of that country sees the number's call button.
    pub(crate) fn shows_icon(&self, now: Timestamp, business: usize, country: Country) -> bool {
        self.numbers[business].shows_icon(now, country)
    }

    /// Whether nobody but the operator may change settings now.
    pub(crate) fn settings_are_frozen(&self, now: Timestamp, business: usize) -> bool {
        let suspended = &self.numbers[business].suspended;
        self.preset.eligibility.restrictions == types::preset::RestrictionKinds::Combined
            && (suspended.may_not_call(now) || suspended.may_not_be_called(now))
    }

    /// A number is suspended as ordered, or let go; its business hears of what runs.
    pub(crate) fn suspend(&mut self, now: Timestamp, business: usize, order: Order) {
        let eligibility = &self.preset.eligibility;
        let until = now + order.lasts.unwrap_or(eligibility.restricted_for);
        let suspended = Suspended::by(order, until, eligibility.restrictions);
        self.numbers[business].suspended = suspended;
        let listed: Vec<(String, u64)> = self
            .suspended(now, business)
            .into_iter()
            .map(|(name, until)| (name.to_owned(), until.as_secs_up()))
            .collect();
        if !listed.is_empty() {
            self.must_hear(business, notices::suspended(now.as_secs(), &listed));
        }
    }

    /// What a number is suspended from, by the names on the wire.
    pub(crate) fn suspended(
        &self,
        now: Timestamp,
        business: usize,
    ) -> Vec<(&'static str, Timestamp)> {
        let kinds = self.preset.eligibility.restrictions;
        self.numbers[business].suspended.listed(now, kinds)
    }

    /// Whether a user outside of the hours is told rightly when they begin.
    pub(crate) fn begin_at(
        &self,
        now: Timestamp,
        business: usize,
        opens_at: Option<Timestamp>,
    ) -> bool {
        let hours = self.numbers[business].hours.as_ref();
        let holidays = self.preset.hours.holidays;
        hours.is_some_and(|hours| hours.begin_at(now, opens_at, holidays))
    }

    fn told_settings(&self, business: usize) -> [&'static str; 3] {
        let number = &self.numbers[business];
        let switch = |on| if on { "ENABLED" } else { "DISABLED" };
        [
            switch(number.enabled),
            if number.icon {
                "DEFAULT"
            } else {
                "DISABLE_ALL"
            },
            switch(number.calls_back),
        ]
    }
}
