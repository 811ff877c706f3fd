//! Whether a business number may reach a user at all, whatever the user allows: countries, tests,
//! suspensions. Consent is another question, see [`crate::consent`], and so is load, see
//! [`crate::admission`].

use std::error::Error;
use std::fmt;

use types::preset::{Eligibility, ErrorChoices};
use types::{Country, Direction, Timestamp};

/// What is known of a business number and a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The country of the business number, if it can be told.
    pub business_country: Option<Country>,
    /// Whether the user is on the number's list. Only asked where the preset has such lists.
    pub on_allow_list: bool,
    /// Whether the user can be called: is on WhatsApp, with a recent client, terms accepted.
    pub user_callable: bool,
    /// What the number is suspended from.
    pub restrictions: Restrictions,
}

/// What a number is suspended from for low quality, and until when (`wire.md` 4.4). Permissions that
/// users decide on meanwhile stay good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Restrictions {
    /// From calling users and from asking them.
    pub business_initiated_until: Option<Timestamp>,
    /// From being called by users.
    pub user_initiated_until: Option<Timestamp>,
    /// From showing a call button; users can call all the same.
    pub call_button_hidden_until: Option<Timestamp>,
}

/// Why a number may not reach a user, in the order of the checks. `Display` says what was wrong and
/// what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// 131030: the number is for tests and the user is not on its list.
    NotOnAllowList,
    /// 138013: business numbers of this country may not call users.
    CountryExcluded {
        /// The country.
        country: Country,
    },
    /// [`ErrorChoices::restricted`]: calling is suspended for low quality.
    Restricted(Restricted),
    /// 138001: the user cannot be called.
    Uncallable,
}

/// Calling is suspended for low quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restricted {
    /// Until when.
    pub until: Timestamp,
}

impl Reach {
    /// Whether the business may call the user.
    ///
    /// # Errors
    ///
    /// Refuses with the first reason that applies.
    pub fn may_call(&self, now: Timestamp, eligibility: &Eligibility) -> Result<(), Refusal> {
        self.may_request(now, eligibility)?;
        if !self.user_callable {
            return Err(Refusal::Uncallable);
        }
        Ok(())
    }

    /// Whether the business may ask the user for permission to call. A user who cannot be called can
    /// be asked; the message fails later, as any message to such a user does (131026).
    ///
    /// # Errors
    ///
    /// Refuses with the first reason that applies.
    pub fn may_request(&self, now: Timestamp, eligibility: &Eligibility) -> Result<(), Refusal> {
        if eligibility.allow_list_max.is_some() && !self.on_allow_list {
            return Err(Refusal::NotOnAllowList);
        }
        let excluded = &eligibility.excluded_business_countries;
        if let Some(country) = self.business_country.filter(|it| excluded.contains(it)) {
            return Err(Refusal::CountryExcluded { country });
        }
        self.restrictions
            .admit(now, Direction::BusinessInitiated)
            .map_err(Refusal::Restricted)
    }
}

impl Restrictions {
    /// Whether calls in this direction are free.
    ///
    /// # Errors
    ///
    /// Refuses while they are suspended.
    pub fn admit(&self, now: Timestamp, direction: Direction) -> Result<(), Restricted> {
        let until = match direction {
            Direction::BusinessInitiated => self.business_initiated_until,
            Direction::UserInitiated => self.user_initiated_until,
        };
        match until {
            Some(until) if now < until => Err(Restricted { until }),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether users see no call button, whatever the settings say.
    #[must_use]
    pub fn hides_call_button(&self, now: Timestamp) -> bool {
        [self.user_initiated_until, self.call_button_hidden_until]
            .into_iter()
            .flatten()
            .any(|until| now < until)
    }

    /// The longest suspension of calls that is still running, in whichever direction.
    #[must_use]
    pub fn of_calls(&self, now: Timestamp) -> Option<Restricted> {
        let running = self.without_past(now);
        let until = running
            .business_initiated_until
            .max(running.user_initiated_until)?;
        Some(Restricted { until })
    }

    /// Those that are still running.
    #[must_use]
    pub fn without_past(&self, now: Timestamp) -> Self {
        let running = |until: Option<Timestamp>| until.filter(|until| now < *until);
        Self {
            business_initiated_until: running(self.business_initiated_until),
            user_initiated_until: running(self.user_initiated_until),
            call_button_hidden_until: running(self.call_button_hidden_until),
        }
    }

    /// When the first suspension that is still running ends by itself.
    #[must_use]
    pub fn poll_timeout(&self, now: Timestamp) -> Option<Timestamp> {
        self.running(now).min()
    }

    fn running(&self, now: Timestamp) -> impl Iterator<Item = Timestamp> {
        let Self {
            business_initiated_until,
            user_initiated_until,
            call_button_hidden_until,
        } = self.without_past(now);
        [
            business_initiated_until,
            user_initiated_until,
            call_button_hidden_until,
        ]
        .into_iter()
        .flatten()
    }
}

/// Whether a list with so many users on it has room for one more.
#[must_use]
pub fn allow_list_has_room(users: usize, eligibility: &Eligibility) -> bool {
    eligibility
        .allow_list_max
        .is_none_or(|max| users < max as usize)
}

impl Refusal {
    /// The code, where sources disagree on it; where they do not, the variant names it.
    #[must_use]
    pub const fn chosen_code(&self, choices: &ErrorChoices) -> Option<u32> {
        match self {
            Self::Restricted(_) => Some(choices.restricted),
            Self::NotOnAllowList | Self::CountryExcluded { .. } | Self::Uncallable => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOnAllowList => f.write_str(
                "This business number is for tests and the user is not on its list of recipients. \
                 Add the user first.",
            ),
            Self::CountryExcluded { country } => write!(
                f,
                "Business numbers of {country} may not call users. Users may call them."
            ),
            Self::Restricted(restricted) => fmt::Display::fmt(restricted, f),
            Self::Uncallable => f.write_str(
                "The user cannot be called: not on WhatsApp, with too old a client, or without \
                 having accepted the terms. Nothing can be done from here.",
            ),
        }
    }
}

impl fmt::Display for Restricted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Calling is suspended on this business number for low quality, until Unix time {}.",
            self.until.as_secs_up()
        )
    }
}

impl Error for Refusal {}
impl Error for Restricted {}

#[cfg(test)]
mod tests;
