//! One call as the gateway sees it, from the first webhook or the wish to call until it is over.
//!
//! [`Call`] decides and does nothing else: no socket, no clock, no chance. Its driver passes `now` in
//! and carries the outputs out. It believes nothing of the order in which a platform speaks: webhooks
//! may come twice, late, or before the answer to the request that caused them.
//!
//! - [`Call::handle`] takes one input at one moment; time moves first, so that it makes no difference
//!   whether the driver served its timer or its socket first;
//! - [`Call::poll_output`] and [`Call::poll_timeout`] say what is to be done, and when to come back
//!   with [`Input::Timeout`].
//!
//! ```text
//! a user calls:     Answering ──accepted──▶ Talking ──┐
//! the business:     Dialling ──picked up──▶ Talking ──┼─▶ Ending ──▶ Ended
//!                                                     │  (we hung up; the platform has not said so yet)
//! ```
//!
//! What is built here is small on purpose: media is opened at most once, closed exactly once if it was
//! opened, and the end is told exactly once. The only thing that may follow the end is the request to
//! terminate a call whose id was learned too late.

use std::collections::VecDeque;
use std::time::Duration;

use types::{Blame, CallId, Direction, Timestamp};

mod answering;
mod dialling;
mod talking;
mod words;

use answering::Answering;
use dialling::Dialling;
use talking::Talking;
pub use words::{
    Ending, Input, News, Outcome, Output, Phase, Reason, Refusal, Request, RequestKind, Terminated,
    Timers,
};

/// One call of the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    direction: Direction,
    id: Option<CallId>,
    answered: Option<Timestamp>,
    state: State,
    outputs: VecDeque<Output>,
}

/// What a previous process left of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    /// Who placed it.
    pub direction: Direction,
    /// The platform's id, if it was known.
    pub id: Option<CallId>,
    /// When it was answered.
    pub answered: Option<Timestamp>,
}

impl Call {
    /// A user calls: `stamped` is when the platform says the call began, `offer` its session
    /// description.
    #[must_use]
    pub fn from_user(
        now: Timestamp,
        timers: &Timers,
        id: CallId,
        stamped: Timestamp,
        offer: String,
    ) -> Self {
        let mut call = Self::blank(
            Direction::UserInitiated,
            Some(id),
            State::Answering(Answering::new(now, timers, stamped)),
        );
        call.outputs.push_back(Output::MakeAnswer(offer));
        call
    }

    /// The business calls a user.
    #[must_use]
    pub fn to_user(now: Timestamp, timers: &Timers) -> Self {
        let mut call = Self::blank(
            Direction::BusinessInitiated,
            None,
            State::Dialling(Dialling::new(now, timers)),
        );
        call.outputs.push_back(Output::MakeOffer);
        call
    }

    /// A user's call that is declined at once, because there is no room for it.
    #[must_use]
    pub fn turned_away(now: Timestamp, timers: &Timers, id: CallId) -> Self {
        let ending = Ending::new(Outcome::Busy, Blame::Business);
        let mut call = Self::blank(
            Direction::UserInitiated,
            Some(id),
            State::Ending {
                ending,
                gives_up_at: now + timers.goodbye_within,
            },
        );
        call.request(Request::Reject);
        call
    }

    /// A user's call that was over, or too old to be answered, before the gateway heard of it.
    #[must_use]
    pub fn missed(now: Timestamp, id: CallId, outcome: Outcome, reason: Option<Reason>) -> Self {
        let mut ending = Ending::new(outcome, Blame::User);
        ending.reason = reason;
        let mut call = Self::blank(Direction::UserInitiated, Some(id), State::Ended);
        call.tell_end(now, ending);
        call
    }

    /// A call that a previous process left behind: its media is lost, so it is hung up.
    #[must_use]
    pub fn left_over(now: Timestamp, timers: &Timers, left: LeftOver) -> Self {
        let ending = Ending::new(Outcome::Lost, Blame::Business);
        let mut call = Self::blank(left.direction, left.id, State::Ended);
        call.answered = left.answered;
        if call.id.is_some() {
            call.request(call.goodbye());
            call.state = State::Ending {
                ending,
                gives_up_at: now + timers.goodbye_within,
            };
        } else {
            call.tell_end(now, ending);
        }
        call
    }

    /// Who placed the call.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// The platform's id, once it is known.
    #[must_use]
    pub const fn id(&self) -> Option<&CallId> {
        self.id.as_ref()
    }

    /// When the two sides could first hear each other: the accept, or the pickup.
    #[must_use]
    pub const fn answered(&self) -> Option<Timestamp> {
        self.answered
    }

    /// Where the call stands.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        match &self.state {
            State::Answering(_) => Phase::Answering,
            State::Dialling(dialling) => dialling.phase(),
            State::Talking(_) => Phase::Talking,
            State::Ending { .. } => Phase::Ending,
            State::Ended => Phase::Ended,
        }
    }

    /// Whether it is waiting for the platform to name it.
    #[must_use]
    pub const fn awaits_id(&self) -> bool {
        self.id.is_none() && !matches!(self.state, State::Ended)
    }

    /// Takes one input at one moment. Deadlines that have passed by `now` are met first.
    ///
    /// # Errors
    ///
    /// Refuses an input that does not fit: a webhook that came twice, an order for a call that is
    /// over. The call is then as time alone left it.
    pub fn handle(&mut self, now: Timestamp, timers: &Timers, input: Input) -> Result<(), Refusal> {
        self.meet_deadlines(now, timers);
        if matches!(input, Input::Timeout) {
            return Ok(());
        }
        match &self.state {
            State::Answering(_) => self.while_answering(now, timers, input),
            State::Dialling(_) => self.while_dialling(now, timers, input),
            State::Talking(_) => self.while_talking(now, timers, input),
            State::Ending { .. } => self.while_ending(now, input),
            State::Ended => self.after_the_end(input),
        }
    }

    /// The next thing to do, if any.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to come back with [`Input::Timeout`], if at all.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        match &self.state {
            State::Answering(answering) => Some(answering.deadline()),
            State::Dialling(dialling) => Some(dialling.deadline()),
            State::Talking(talking) => talking.deadline(),
            State::Ending { gives_up_at, .. } => Some(*gives_up_at),
            State::Ended => None,
        }
    }

    fn meet_deadlines(&mut self, now: Timestamp, timers: &Timers) {
        // One deadline may uncover the next; each step leads on towards the end, so this ends too.
        while self.poll_timeout().is_some_and(|deadline| deadline <= now) {
            match &self.state {
                State::Answering(_) => self.answering_deadline(now, timers),
                State::Dialling(_) => self.dialling_deadline(now, timers),
                State::Talking(talking) => {
                    let ending = talking.why_gone();
                    self.hang_up(now, timers, ending);
                }
                State::Ending { ending, .. } => {
                    let ending = ending.clone();
                    self.tell_end(now, ending);
                }
                State::Ended => return,
            }
        }
    }

    fn while_ending(&mut self, now: Timestamp, input: Input) -> Result<(), Refusal> {
        let State::Ending { ending, .. } = &self.state else {
            return Err(Refusal::OutOfTurn);
        };
        match input {
            Input::Terminated(told) => {
                let mut ending = ending.clone();
                ending.reason = ending.reason.or(told.reason);
                self.tell_end(now, ending);
            }
            // The platform knows of no call to end; or it never let us place it.
            Input::Refused(
                RequestKind::Reject | RequestKind::Terminate | RequestKind::Connect,
                _,
            ) => {
                let ending = ending.clone();
                self.tell_end(now, ending);
            }
            // The cancelled call has a name now, so it can be ended by it.
            Input::Placed(id) if self.id.is_none() => {
                self.id = Some(id);
                self.request(Request::Terminate);
            }
            // The accept overtook our goodbye: what we declined is a running call now.
            Input::Done(RequestKind::Accept) => self.request(Request::Terminate),
            Input::HangUp => return Err(Refusal::Ended),
            Input::AnswerCame(_)
            | Input::Declined
            | Input::DescriptionFailed(_)
            | Input::DescriptionMade(_)
            | Input::Done(_)
            | Input::HandlerDone
            | Input::LegClosed
            | Input::LegFailed
            | Input::LegUp
            | Input::MediaStarted
            | Input::MediaStopped
            | Input::PickedUp
            | Input::Placed(_)
            | Input::Refused(..)
            | Input::Rings
            | Input::Timeout
            | Input::Unclear(_) => return Err(Refusal::OutOfTurn),
        }
        Ok(())
    }

    fn after_the_end(&mut self, input: Input) -> Result<(), Refusal> {
        match input {
            // We gave up on a call that rings all the same.
            Input::Placed(id) if self.id.is_none() => {
                self.id = Some(id);
                self.request(Request::Terminate);
                Ok(())
            }
            _ => Err(Refusal::Ended),
        }
    }

    /// Ends the call from our side: media off, the platform told, and then its word awaited.
    fn hang_up(&mut self, now: Timestamp, timers: &Timers, ending: Ending) {
        self.request(self.goodbye());
        self.wind_up(now, timers, ending);
    }

    /// Media off, and the platform's word awaited.
    fn wind_up(&mut self, now: Timestamp, timers: &Timers, ending: Ending) {
        self.outputs.push_back(Output::CloseMedia);
        self.state = State::Ending {
            ending,
            gives_up_at: now + timers.goodbye_within,
        };
    }

    /// Media off, and nothing more to wait for.
    fn end(&mut self, now: Timestamp, ending: Ending) {
        self.outputs.push_back(Output::CloseMedia);
        self.tell_end(now, ending);
    }

    fn tell_end(&mut self, now: Timestamp, mut ending: Ending) {
        ending.talked = self
            .answered
            .map_or(Duration::ZERO, |answered| now.since(answered));
        self.state = State::Ended;
        self.outputs.push_back(Output::Tell(News::Ended(ending)));
    }

    /// What ends this call at the platform: an unanswered call of a user is declined, any other is
    /// terminated.
    const fn goodbye(&self) -> Request {
        match (self.direction, self.answered) {
            (Direction::UserInitiated, None) => Request::Reject,
            (Direction::UserInitiated, Some(_)) | (Direction::BusinessInitiated, _) => {
                Request::Terminate
            }
        }
    }

    fn request(&mut self, request: Request) {
        self.outputs.push_back(Output::Request(request));
    }

    fn tell(&mut self, news: News) {
        self.outputs.push_back(Output::Tell(news));
    }

    const fn blank(direction: Direction, id: Option<CallId>, state: State) -> Self {
        Self {
            direction,
            id,
            answered: None,
            state,
            outputs: VecDeque::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// A user's call that we have not answered yet.
    Answering(Answering),
    /// Our call that the user has not answered yet.
    Dialling(Dialling),
    /// Both sides may be heard.
    Talking(Talking),
    /// Over on our side; the platform has not said so yet.
    Ending {
        ending: Ending,
        gives_up_at: Timestamp,
    },
    /// Over; nothing follows.
    Ended,
}

/// What is known of the WebRTC leg.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Leg {
    /// ICE and DTLS are through.
    up: bool,
    /// Audio arrives.
    flows: bool,
}

#[cfg(test)]
mod tests;
