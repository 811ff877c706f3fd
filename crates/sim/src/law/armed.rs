//! Armed faults, as the guide says them: what each is for, at which moments it fires, and how often.
//!
//! The law counts the occasions by itself, from requests, calls and webhooks, and hears from the
//! stream of events which faults have fired. One that always fires, or at the next so many occasions,
//! must have fired at each of them and nowhere else; one of chance may.

use std::collections::BTreeMap;
use std::time::Duration;

use types::{Direction, FaultId};

use super::Broken;

/// The faults of a world.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    all: BTreeMap<FaultId, Armed>,
    /// One that is about to be armed.
    arming: Option<Armed>,
}

/// An armed fault.
#[derive(Debug, Clone)]
pub(crate) struct Armed {
    pub(crate) kind: Kind,
    pub(crate) filter: Filter,
    pub(crate) times: Times,
    met: u64,
    fired: u64,
    disarmed: bool,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A request is refused with this code.
    Refuse(u32),
    /// A webhook is never sent,
    Drop,
    /// is sent later,
    Delay(Duration),
    /// is sent twice,
    Double,
    /// or behind a later one of its call: that one, or any.
    Reorder(Option<&'static str>),
    /// The answer to `connect` leaves behind the webhook.
    WebhookFirst,
    /// A call rings for this long.
    RingFor(Duration),
    /// A call fails with this code.
    Fail(u32, When),
    /// Nobody pays.
    NoPayment,
    /// The number is suspended: one direction or both, for a time or the preset's.
    Restrict(Option<Direction>, Option<Duration>),
    /// The user takes the permission back.
    Revoke(When),
}

/// A moment in the life of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    BeforeCall,
    BeforeRinging,
    WhileRinging,
    AfterPickup,
}

/// For whom; what is not named fits any.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) business: Option<usize>,
    pub(crate) user: Option<usize>,
    pub(crate) operation: Option<&'static str>,
    pub(crate) event: Option<&'static str>,
    pub(crate) direction: Option<Direction>,
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    Always,
    Next(u32),
    /// At each occasion with this chance, in thousandths.
    Chance(u32),
}

/// Something at which a fault may fire.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion<'a> {
    pub(crate) moment: Moment<'a>,
    pub(crate) business: Option<usize>,
    pub(crate) user: Option<usize>,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment<'a> {
    /// The API is asked for that.
    Request(&'a str),
    /// A webhook that tells of that goes into the outbox.
    Webhook(&'a str),
    /// A business's call is placed and its answer is about to leave.
    Reply,
    Placing(Direction),
    Ringing(Direction),
    Answered(Direction),
}

impl Armed {
    pub(crate) const fn new(kind: Kind, filter: Filter, times: Times) -> Self {
        Self {
            kind,
            filter,
            times,
            met: 0,
            fired: 0,
            disarmed: false,
        }
    }

    /// How often it must have fired by now; a fault of chance at most so often.
    fn most(&self) -> u64 {
        match self.times {
            Times::Always | Times::Chance(_) => self.met,
            Times::Next(count) => self.met.min(count.into()),
        }
    }

    fn is_live(&self) -> bool {
        let spent = matches!(self.times, Times::Next(count) if self.met >= u64::from(count));
        !self.disarmed && !spent
    }

    fn fits(&self, occasion: &Occasion<'_>) -> bool {
        let moment = occasion.moment;
        let (operation, event, direction) = match moment {
            Moment::Request(operation) => (Some(operation), None, None),
            Moment::Webhook(event) => (None, Some(event), None),
            Moment::Reply => (None, None, Some(Direction::BusinessInitiated)),
            Moment::Placing(it) | Moment::Ringing(it) | Moment::Answered(it) => {
                (None, None, Some(it))
            }
        };
        let filter = &self.filter;
        self.kind.is_about(moment)
            && (filter.business.is_none() || filter.business == occasion.business)
            && (filter.user.is_none() || filter.user == occasion.user)
            && (filter.operation.is_none() || filter.operation == operation)
            && (filter.event.is_none() || filter.event == event)
            && (filter.direction.is_none() || filter.direction == direction)
    }
}

impl Kind {
    fn is_about(&self, moment: Moment<'_>) -> bool {
        match self {
            Self::Refuse(_) | Self::Restrict(..) => matches!(moment, Moment::Request(_)),
            Self::Drop | Self::Delay(_) | Self::Double | Self::Reorder(_) => {
                matches!(moment, Moment::Webhook(_))
            }
            Self::WebhookFirst => moment == Moment::Reply,
            Self::RingFor(_) => matches!(moment, Moment::Placing(_)),
            Self::Fail(_, when) | Self::Revoke(when) => match when {
                When::BeforeCall => moment == Moment::Request("connect"),
                When::BeforeRinging => matches!(moment, Moment::Placing(_)),
                When::WhileRinging => matches!(moment, Moment::Ringing(_)),
                When::AfterPickup => matches!(moment, Moment::Answered(_)),
            },
            Self::NoPayment => matches!(
                moment,
                Moment::Request("connect" | "messages") | Moment::Placing(Direction::UserInitiated)
            ),
        }
    }

    /// The code that a request for that is refused with, if this refuses it.
    pub(crate) fn refuses(&self, operation: &str) -> Option<u32> {
        match self {
            Self::Refuse(code) => Some(*code),
            Self::NoPayment if operation == "messages" => Some(131_042),
            Self::NoPayment => Some(131_044),
            _ => None,
        }
    }
}

impl Faults {
    /// A fault is about to be armed.
    pub(crate) fn prepare(&mut self, armed: Armed) {
        self.arming = Some(armed);
    }

    /// The one that was about to be is armed.
    pub(crate) fn armed(&mut self, id: FaultId) -> Result<(), Broken> {
        let armed = self
            .arming
            .take()
            .ok_or("a fault is armed that nobody armed")?;
        self.all.insert(id, armed);
        Ok(())
    }

    /// A fault is disarmed.
    pub(crate) fn disarmed(&mut self, id: FaultId) -> Result<(), Broken> {
        let armed = self
            .all
            .get_mut(&id)
            .ok_or("a fault of nobody is disarmed")?;
        armed.disarmed = true;
        Ok(())
    }

    /// Whether any may still fire.
    pub(crate) fn any(&self) -> bool {
        self.all.values().any(Armed::is_live)
    }

    /// Those that are armed, spent ones included.
    pub(crate) fn ids(&self) -> Vec<FaultId> {
        let armed = self.all.iter().filter(|(_, it)| !it.disarmed);
        armed.map(|(id, _)| *id).collect()
    }

    /// An occasion comes.
    pub(crate) fn meet(&mut self, occasion: &Occasion<'_>) {
        for armed in self.all.values_mut() {
            if armed.is_live() && armed.fits(occasion) {
                armed.met += 1;
            }
        }
    }

    /// A fault is said to have fired: what it does.
    pub(crate) fn fires(&mut self, id: FaultId) -> Result<Kind, Broken> {
        let armed = self.all.get_mut(&id).ok_or("a fault of nobody fires")?;
        armed.fired += 1;
        if armed.disarmed || armed.fired > armed.most() {
            return Err(format!("fault {id} fires where it must not: {armed:?}"));
        }
        Ok(armed.kind.clone())
    }

    /// What a fault does.
    pub(crate) fn kind(&self, id: FaultId) -> Option<&Kind> {
        self.all.get(&id).map(|armed| &armed.kind)
    }

    /// Holds the exchange's own counts against these: occasions met, and firings.
    pub(crate) fn agree(&self, counts: &[(FaultId, u64, u64)]) -> Result<(), Broken> {
        if counts.iter().map(|(id, ..)| *id).ne(self.ids()) {
            return Err(format!(
                "the exchange lists the faults {counts:?}, and {:?} are armed",
                self.ids()
            ));
        }
        for (id, met, fired) in counts {
            let armed = &self.all[id];
            let must = match armed.times {
                Times::Always | Times::Next(_) => armed.most(),
                Times::Chance(_) => armed.fired,
            };
            if (*met, *fired) != (armed.met, armed.fired) || *fired != must {
                return Err(format!(
                    "fault {id} has met {met} and fired {fired} times by its own count, and must \
                     have fired {must}: {armed:?}"
                ));
            }
        }
        Ok(())
    }
}
