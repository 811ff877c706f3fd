//! The world: everybody in it, what is going to happen, and one step after the other.

use std::collections::BTreeSet;
use std::time::Duration;

use exchange::media_control::LegNews;
use types::{CallId, EventId, FaultId, LegId, MessageId, Timestamp};

use crate::agenda::Agenda;
use crate::business::Business;
use crate::chance::Chance;
use crate::law::{Broken, Law};
use crate::plan::{Faults, Plan};
use crate::platform::Platform;
use crate::post::Report;
use crate::story::Story;
use crate::town;
use crate::under_way::UnderWay;
use crate::user::User;

/// The world.
pub(crate) struct World {
    pub(crate) plan: Plan,
    /// What goes wrong just now: the plan's faults, and nothing any more in the end.
    pub(crate) faults: Faults,
    pub(crate) chance: Chance,
    /// The true time.
    pub(crate) now: Timestamp,
    /// How far the exchange's clock is behind it.
    pub(crate) set_back: Duration,
    pub(crate) agenda: Agenda<Todo>,
    pub(crate) platform: Platform,
    pub(crate) businesses: Vec<Business>,
    pub(crate) users: Vec<User>,
    pub(crate) law: Law,
    pub(crate) story: Story,
    /// How far the stream of events was read.
    pub(crate) last_event: EventId,
    /// When the exchange looks at its outbox again.
    pub(crate) post_at: Option<Timestamp>,
    /// How late the exchange meets its next deadline.
    pub(crate) lateness: Duration,
    /// Whether anything was committed since the world was last looked at.
    pub(crate) changed: bool,
    /// Lines that phones have opened so far.
    pub(crate) lines: u64,
    /// Legs that are on the network.
    pub(crate) legs: BTreeSet<LegId>,
    /// What was begun and is known by its first event.
    pub(crate) under_way: UnderWay,
}

/// Something that is going to happen.
pub(crate) enum Todo {
    /// A business does something of its own accord.
    BusinessActs(usize),
    /// A user does.
    UserActs(usize),
    /// A phone opens its line.
    PhoneComes(usize),
    /// A phone loses its line.
    PhoneGoes(usize),
    /// A user sees that it rings, and makes up their mind.
    UserDecides(usize, CallId),
    /// A user has talked, or waited, long enough.
    UserHangsUp(usize, CallId),
    /// A user looks at a request.
    UserAnswers(usize, usize, MessageId),
    /// A user looks at a message.
    UserReads(usize, MessageId),
    /// A user presses the button of a message.
    UserPresses(usize, MessageId),
    /// A business sees a user's call, and makes up its mind.
    BusinessDecides(usize, CallId),
    /// A business has talked, or waited, long enough.
    BusinessHangsUp(usize, CallId),
    /// Something happens to a leg.
    Leg(LegId, LegNews),
    /// A business that has switched calling off switches it on again.
    CallingComesBack(usize),
    /// A user's phones take messages again.
    UserSwitchesOn(usize),
    /// The operator does something over the control API.
    OperatorActs,
    /// The operator disarms a fault.
    FaultEnds(FaultId),
    /// The operator disarms all of them.
    FaultsEnd,
    /// A receiver has answered.
    Answer(Box<Report>),
    /// A receiver is well again.
    ReceiverHeals(usize),
    /// The exchange starts after it has died.
    ExchangeStarts,
    /// The exchange's clock is set back.
    ClockSetBack,
}

impl World {
    pub(crate) fn new(plan: Plan) -> Result<Self, Broken> {
        let mut chance = Chance::new(plan.seed);
        let platform = Platform::new(plan.preset.clone(), town::of(&plan))
            .map_err(|error| format!("the exchange cannot be opened: {error}"))?;
        let users = (0..plan.users).map(|_| User::drawn(&mut chance)).collect();
        Ok(Self {
            faults: plan.faults,
            now: BEGIN,
            set_back: Duration::ZERO,
            agenda: Agenda::new(),
            platform,
            businesses: (0..plan.businesses).map(|_| Business::default()).collect(),
            users,
            law: Law::new(plan.law.clone(), plan.businesses),
            story: Story::default(),
            last_event: EventId(0),
            post_at: None,
            lateness: Duration::ZERO,
            changed: true,
            lines: 0,
            legs: BTreeSet::new(),
            under_way: UnderWay::default(),
            chance,
            plan,
        })
    }

    /// What the exchange's clock shows.
    pub(crate) fn clock(&self) -> Timestamp {
        let behind = u64::try_from(self.set_back.as_millis()).unwrap_or(u64::MAX);
        Timestamp::from_millis(self.now.as_millis().saturating_sub(behind))
    }

    /// Adds a line to the log.
    pub(crate) fn tell(&mut self, line: &str) {
        self.story.tell(self.now.since(BEGIN), line);
    }

    /// Plans something for after a while.
    pub(crate) fn after(&mut self, wait: Duration, what: Todo) {
        self.agenda.plan(self.now + wait, what);
    }

    /// Plans everything that people do of their own accord.
    pub(crate) fn plan_acts(&mut self) {
        let lasts = self.plan.lasts;
        let span = BUNCH.min(lasts / 4);
        let mut bunch = Duration::ZERO;
        for _ in 0..self.plan.acts {
            // What people do comes in bunches: one thing leads to another.
            if self.chance.per_mille(NEW_BUNCH) {
                bunch = self.chance.time(Duration::ZERO, lasts - span);
            }
            let at = bunch + self.chance.time(Duration::ZERO, span);
            let who = match self.chance.below(20) {
                0..10 => Todo::BusinessActs(self.chance.place(self.plan.businesses)),
                10..16 => Todo::UserActs(self.chance.place(self.plan.users)),
                _ => Todo::OperatorActs,
            };
            self.after(at, who);
        }
        for user in 0..self.plan.users {
            self.after(Duration::ZERO, Todo::PhoneComes(user));
        }
        if self.faults != Faults::NONE {
            let at = self.chance.time(lasts / 4, lasts / 2);
            self.after(at, Todo::ClockSetBack);
        }
    }

    /// Everything up to `end`.
    pub(crate) fn live_until(&mut self, end: Timestamp) -> Result<(), Broken> {
        loop {
            let next = self.next_moment();
            let Some((at, what)) = next.filter(|(at, _)| *at < end) else {
                self.now = end;
                return Ok(());
            };
            self.now = self.now.max(at);
            match what {
                Next::Deadline => self.meet_deadlines()?,
                Next::Post => self.send_post()?,
                Next::Todo => self.act()?,
            }
            self.settle()?;
        }
    }

    /// The next thing in the exchange or outside; of several at one moment the exchange's first.
    fn next_moment(&self) -> Option<(Timestamp, Next)> {
        let up = self.platform.is_up();
        let outside = |at: Timestamp| at + self.set_back;
        let deadline = self.platform.next_deadline().map(outside);
        let deadline = deadline.map(|at| (at + self.lateness, Next::Deadline));
        let post = self.post_at.filter(|_| up);
        let post = post.map(|at| (outside(at), Next::Post));
        let todo = self.agenda.next_at().map(|at| (at, Next::Todo));
        deadline
            .into_iter()
            .chain(post)
            .chain(todo)
            .min_by_key(|(at, _)| *at)
    }

    fn act(&mut self) -> Result<(), Broken> {
        let Some(what) = self.agenda.next() else {
            return Ok(());
        };
        match what {
            Todo::BusinessActs(business) => self.business_acts(business),
            Todo::UserActs(user) => self.user_acts(user),
            Todo::PhoneComes(user) => self.phone_comes(user),
            Todo::PhoneGoes(user) => self.phone_goes(user),
            Todo::UserDecides(user, call) => self.user_decides(user, &call),
            Todo::UserHangsUp(user, call) => self.user_hangs_up(user, &call),
            Todo::UserAnswers(user, business, request) => {
                self.user_answers(user, business, &request)
            }
            Todo::UserReads(user, message) => self.user_reads(user, &message),
            Todo::UserPresses(user, message) => self.user_presses(user, &message),
            Todo::OperatorActs => self.operator_acts(),
            Todo::FaultEnds(fault) => self.fault_ends(fault),
            Todo::FaultsEnd => self.faults_end(),
            Todo::BusinessDecides(business, call) => self.business_decides(business, &call),
            Todo::BusinessHangsUp(business, call) => self.business_hangs_up(business, &call),
            Todo::Leg(leg, news) => self.leg_news(leg, news),
            Todo::CallingComesBack(business) => self.calling_comes_back(business),
            Todo::UserSwitchesOn(user) => self.set_online(user, true),
            Todo::Answer(report) => self.report(*report),
            Todo::ReceiverHeals(business) => {
                self.receiver_heals(business);
                Ok(())
            }
            Todo::ExchangeStarts => self.exchange_starts(),
            Todo::ClockSetBack => self.set_clock_back(),
        }
    }
}

/// What comes next.
#[derive(Debug, Clone, Copy)]
enum Next {
    Deadline,
    Post,
    Todo,
}

/// How many of a thousand acts begin a new bunch, and how long one lasts.
const NEW_BUNCH: u64 = 120;
const BUNCH: Duration = Duration::from_hours(10);

/// When every world begins: 1 June 2026, 12:00 UTC.
pub(crate) const BEGIN: Timestamp = Timestamp::from_secs(1_780_315_200);
