//! The one who does what is asked at the desk, one order after the other.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use media::LegFailure;
use media_io::{MediaEvent, MediaEventKind};
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;
use store::inbox::{Inbox, InboxError, Kept};
use tokio::sync::{broadcast, mpsc};
use types::limits::GATEWAY_REMEMBER_FOR;
use types::{Direction, PhoneNumberId, Timestamp};
use wire::{CallAction, Recipient};

use super::records::Line;
use super::{Errand, NotHungUp, NotPlaced, Order, Wish};
use crate::board::{Board, CallRef};
use crate::call::{Input, LeftOver, Output, Refusal, Request};
use crate::handlers::{Handler, HandlerEvent};
use crate::legs::{self, Legs};
use crate::story::StoryLine;

/// What a clerk is given.
pub(crate) struct ClerkParts {
    pub(crate) clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub(crate) chance: ChaCha8Rng,
    pub(crate) number: PhoneNumberId,
    pub(crate) handler: Arc<Handler>,
    pub(crate) board: Board,
    pub(crate) inbox: Inbox,
    pub(crate) legs: Legs,
    pub(crate) errands: mpsc::Sender<Errand>,
    pub(crate) live: broadcast::Sender<(CallRef, StoryLine)>,
    /// How long what is over is kept.
    pub(crate) keep_for: Duration,
}

/// Decides, saves, and lets the consequences go.
pub(crate) struct Clerk {
    pub(super) parts: ClerkParts,
    pub(super) lines: BTreeMap<CallRef, Line>,
    swept: Timestamp,
}

impl Clerk {
    pub(crate) const fn new(parts: ClerkParts) -> Self {
        Self {
            parts,
            lines: BTreeMap::new(),
            swept: Timestamp::EPOCH,
        }
    }

    /// Serves until it is told to stop or nobody holds the desk any more.
    pub(crate) fn serve(mut self, orders: &Receiver<Order>) {
        if let Err(error) = self.take_over() {
            tracing::error!(%error, "what an earlier run left could not be read");
        }
        loop {
            let now = self.now();
            let due = self.parts.board.poll_timeout();
            // A clock that is set, or a machine that slept, is noticed within a second.
            let wait = due.map_or(PATIENCE_MAX, |due| due.since(now).min(PATIENCE_MAX));
            match orders.recv_timeout(wait) {
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(order) => self.serve_one(order),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = self.now();
            self.parts.board.tick(now);
            self.settle(now);
            self.sweep(now);
        }
    }

    fn serve_one(&mut self, order: Order) {
        let now = self.now();
        match order {
            Order::Webhook { hash, body, reply } => {
                let kept = self.parts.inbox.keep_webhook(&hash, &body, now);
                let new = match &kept {
                    Ok(Kept::New(id)) => Some(*id),
                    Ok(Kept::Before) | Err(_) => None,
                };
                // Answered first: the platform does not wait for what we make of it.
                reply.send(kept.map(|_| new.is_some())).ok();
                if let Some(id) = new
                    && let Err(error) = self.deal_with(now, id, &body)
                {
                    tracing::error!(%error, "a webhook could not be marked as dealt with");
                }
            }
            // Who has gone meanwhile was told that nothing was done.
            Order::Place { reply, .. } if reply.is_closed() => {}
            Order::Place { wish, reply } => {
                let placed = self.place(now, wish);
                reply.send(placed).ok();
            }
            Order::Input(call, input) => self.input(now, call, input),
            Order::Media(event) => self.media(now, event),
            Order::Handler(call, HandlerEvent::Done) => self.input(now, call, Input::HandlerDone),
            Order::Handler(call, HandlerEvent::Digit(digit)) => self.digit(now, call, digit),
            Order::Handler(call, HandlerEvent::Gone) => self.parts.legs.handler_gone(call),
            Order::Gone(call, reply) => self.parts.legs.wait_until_gone(call, reply),
            Order::HangUp { name, reply } => {
                let answer = self.hang_up(now, &name);
                reply.send(answer).ok();
            }
            Order::Read(look) => look(&mut self.parts.inbox),
            Order::Drain(reply) => {
                self.parts.board.take_no_more();
                reply.send(self.parts.board.open()).ok();
            }
            Order::HangUpAll => {
                let open: Vec<CallRef> = self.parts.board.open_calls().collect();
                for call in open {
                    self.input(now, call, Input::HangUp);
                }
            }
            Order::Stop => {}
        }
        self.settle(now);
    }

    fn place(&mut self, now: Timestamp, wish: Wish) -> Result<CallRef, NotPlaced> {
        if !self.parts.board.has_room() {
            return Err(NotPlaced::Full);
        }
        let call = self.fresh();
        let line = Line::outbound(now, call, &self.parts.number, wish);
        line.begin(&mut self.parts.inbox, now)
            .map(|told| self.announce(told))?;
        self.lines.insert(call, line);
        self.parts
            .board
            .place(now, call)
            .map_err(|_| NotPlaced::Full)?;
        Ok(call)
    }

    fn hang_up(&mut self, now: Timestamp, name: &str) -> Result<(), NotHungUp> {
        let by_id = name.parse().ok().and_then(|id| self.parts.board.by_id(&id));
        let call = by_id.or_else(|| name.parse().ok());
        let running = call.filter(|call| self.parts.board.call(*call).is_some());
        let Some(call) = running else {
            return match self.parts.inbox.call(name)? {
                Some(_) => Err(NotHungUp::Over),
                None => Err(NotHungUp::Unknown),
            };
        };
        self.parts
            .board
            .handle(now, call, Input::HangUp)
            .map_err(|_| NotHungUp::Over)
    }

    fn media(&mut self, now: Timestamp, event: MediaEvent) {
        let Some(call) = self.parts.legs.call_of(event.leg) else {
            return;
        };
        let input = match event.kind {
            MediaEventKind::Up => Input::LegUp,
            MediaEventKind::MediaStarted => Input::MediaStarted,
            MediaEventKind::MediaStopped => Input::MediaStopped,
            MediaEventKind::AnswerRefused(error) => Input::DescriptionFailed(error.to_string()),
            MediaEventKind::Failed(LegFailure::PeerClosed) => Input::LegClosed,
            MediaEventKind::Failed(failure) => {
                tracing::warn!(call = %call, %failure, "the call's media failed");
                Input::LegFailed
            }
            // The call's handler tells of digits, and only of those after the answer.
            MediaEventKind::Digit(_) => return,
            MediaEventKind::Closed(stats) => {
                self.parts.legs.forget(event.leg);
                self.count(call, legs::counts(&stats));
                return;
            }
        };
        self.input(now, call, input);
    }

    pub(super) fn input(&mut self, now: Timestamp, call: CallRef, input: Input) {
        match self.parts.board.handle(now, call, input) {
            Ok(()) => {}
            Err(refusal @ (Refusal::OutOfTurn | Refusal::Ended)) => {
                tracing::debug!(call = %call, %refusal, "an input changed nothing");
            }
        }
    }

    /// Saves what the board decided and lets it go, until there is nothing more to do.
    pub(super) fn settle(&mut self, now: Timestamp) {
        loop {
            let mut outputs = Vec::new();
            while let Some(output) = self.parts.board.poll_output() {
                outputs.push(output);
            }
            if outputs.is_empty() {
                return;
            }
            let saved = self.record(now, &outputs);
            self.let_go(now, outputs, saved);
        }
    }

    /// Announces what was saved and carries the outputs out.
    pub(super) fn let_go(
        &mut self,
        now: Timestamp,
        outputs: Vec<(CallRef, Output)>,
        saved: Result<Vec<(CallRef, StoryLine)>, InboxError>,
    ) {
        match saved {
            Ok(told) => told.into_iter().for_each(|told| self.announce(told)),
            Err(error) => tracing::error!(%error, "the calls go on, but are not recorded"),
        }
        for (call, output) in outputs {
            self.carry_out(now, call, output);
        }
    }

    fn carry_out(&mut self, now: Timestamp, call: CallRef, output: Output) {
        match output {
            Output::MakeOffer => {
                let Some(line) = self.lines.get(&call) else {
                    return;
                };
                let made = self.parts.legs.offer(now, call, &line.handler);
                self.described(now, call, made);
            }
            Output::MakeAnswer(offer) => {
                let Some(line) = self.lines.get(&call) else {
                    return;
                };
                let made = self.parts.legs.answer(now, call, &line.handler, &offer);
                self.described(now, call, made);
            }
            Output::ApplyAnswer(answer) => self.parts.legs.apply_answer(call, answer),
            Output::StartHandler => self.parts.legs.start(call),
            Output::CloseMedia => self.parts.legs.close(call),
            Output::Request(request) => self.send_out(call, request),
            Output::Tell(news) => self.log(now, call, &news),
        }
    }

    fn described(&mut self, now: Timestamp, call: CallRef, made: Result<String, String>) {
        let input = match made {
            Ok(sdp) => Input::DescriptionMade(sdp),
            Err(why) => {
                tracing::warn!(call = %call, why, "the call's leg could not be made");
                Input::DescriptionFailed(why)
            }
        };
        self.input(now, call, input);
    }

    fn send_out(&self, call: CallRef, request: Request) {
        let id = self.parts.board.call(call).and_then(|it| it.id().cloned());
        let action = match (request, id) {
            (Request::Connect { offer }, _) => self.lines.get(&call).and_then(|line| {
                Some(CallAction::Connect {
                    to: line.recipient.clone()?,
                    offer,
                    callback_data: Some(line.echoed_data()),
                })
            }),
            (Request::PreAccept { answer }, Some(call_id)) => {
                Some(CallAction::PreAccept { call_id, answer })
            }
            (Request::Accept { answer }, Some(call_id)) => Some(CallAction::Accept {
                call_id,
                answer,
                callback_data: None,
            }),
            (Request::Reject, Some(call_id)) => Some(CallAction::Reject { call_id }),
            (Request::Terminate, Some(call_id)) => Some(CallAction::Terminate { call_id }),
            (_, None) => None,
        };
        let Some(action) = action else {
            tracing::error!(call = %call, "a request lacks the call that it is about");
            return;
        };
        // Waits if the platform is slow and very much is asked of it; nothing on the way there waits
        // for this thread.
        if self
            .parts
            .errands
            .blocking_send(Errand { call, action })
            .is_err()
        {
            tracing::error!(call = %call, "a request is lost: the gateway has stopped");
        }
    }

    /// What an earlier run of the gateway left: calls that are still open, ends that may come before
    /// their beginnings, webhooks that nobody dealt with.
    fn take_over(&mut self) -> Result<(), InboxError> {
        let now = self.now();
        let lately = Timestamp::from_millis(
            now.as_millis()
                .saturating_sub(GATEWAY_REMEMBER_FOR.as_secs() * 1_000),
        );
        for row in self.parts.inbox.open_calls()? {
            let Ok(call) = row.reference.parse::<CallRef>() else {
                continue;
            };
            tracing::warn!(call = %call, "a call was running when the gateway stopped; it is ended");
            let left = LeftOver {
                direction: row.direction,
                id: row.call_id.clone(),
                answered: row.answered,
            };
            self.lines
                .insert(call, Line::left_over(row, self.parts.handler.clone()));
            self.parts.board.take_over(now, call, left);
        }
        self.settle(now);
        for (id, at) in self.parts.inbox.calls_with_event("terminate", lately)? {
            if self.parts.board.by_id(&id).is_none() {
                self.parts.board.remember_over(at, id);
            }
        }
        loop {
            let waiting = self.parts.inbox.waiting_webhooks(WAITING_ROWS_MAX)?;
            if waiting.is_empty() {
                return Ok(());
            }
            for webhook in waiting {
                self.deal_with(now, webhook.id, &webhook.body)?;
                self.settle(now);
            }
        }
    }

    /// Lets go of what is over and old, once a minute.
    fn sweep(&mut self, now: Timestamp) {
        if now.since(self.swept) < SWEEP_EVERY {
            return;
        }
        self.swept = now;
        let board = &self.parts.board;
        self.lines.retain(|call, _| board.call(*call).is_some());
        let keep_ms = u64::try_from(self.parts.keep_for.as_millis()).unwrap_or(u64::MAX);
        let before = Timestamp::from_millis(now.as_millis().saturating_sub(keep_ms));
        match self.parts.inbox.sweep(before) {
            Ok(calls) => {
                for call in calls.iter().filter_map(|call| call.parse().ok()) {
                    self.parts.legs.remove_recording(call);
                }
            }
            Err(error) => tracing::error!(%error, "old records could not be swept"),
        }
    }

    pub(super) fn fresh(&mut self) -> CallRef {
        CallRef(self.parts.chance.next_u64())
    }

    fn announce(&self, told: (CallRef, StoryLine)) {
        // Nobody may be listening.
        self.parts.live.send(told).ok();
    }

    fn now(&self) -> Timestamp {
        (self.parts.clock)()
    }
}

impl Line {
    /// A call that we place.
    pub(super) fn outbound(
        now: Timestamp,
        call: CallRef,
        number: &PhoneNumberId,
        wish: Wish,
    ) -> Self {
        let peer = match &wish.to {
            Recipient::WaId(number) => number.digits().to_owned(),
            Recipient::Bsuid(id) => id.as_str().to_owned(),
        };
        let mut line = Self::blank(
            now,
            call,
            number,
            Direction::BusinessInitiated,
            wish.handler,
        );
        line.row.peer = peer;
        line.row.callback_data = wish.callback_data;
        line.recipient = Some(wish.to);
        line
    }
}

const PATIENCE_MAX: Duration = Duration::from_secs(1);
const SWEEP_EVERY: Duration = Duration::from_mins(1);
const WAITING_ROWS_MAX: u32 = 64;
