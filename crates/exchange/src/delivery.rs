//! Delivery: takes webhooks from the outbox, sends them, and reports what receivers said.
//!
//! The worker leases what is due in one command of the desk, sends it with no transaction open, and
//! reports in the next one. Each subscriber has a bound of its own, and nothing waits for an answer
//! but the report of that very attempt: a receiver that is slow, refuses or is gone delays nobody
//! else's webhooks and no other event of its own. A worker that dies leaves leases that run out.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use types::limits::{DELIVERIES_MAX, DELIVERY_DRAIN_WITHIN, RETRY_PAUSE};
use types::preset::RetrySchedule;
use types::{SubscriptionId, Timestamp};

use crate::clock::Clock;
use crate::desk::deliveries::{self, Errand, Report, Room};
use crate::desk::{Desk, Refused};
use crate::observe::{self, WebhookOutcome};
use crate::pause;
use send::Sender;
use store::deliveries::StateWord;

mod send;
mod under_way;

pub use under_way::UnderWay;

/// Takes webhooks from the outbox and sends them.
#[derive(Debug)]
pub struct DeliveryWorker {
    desk: Desk,
    clock: Clock,
    wake: Arc<Notify>,
    under_way: UnderWay,
    sender: Sender,
    /// The last attempt under way for each subscriber and call or message: the next one lets it go
    /// ahead.
    ahead: BTreeMap<(SubscriptionId, String), CancellationToken>,
    attempts: JoinSet<Report>,
}

impl DeliveryWorker {
    /// A worker for one desk. `wake` is notified whenever a delivery was added or made due.
    ///
    /// # Errors
    ///
    /// When the HTTP client cannot be made: the TLS library found no certificates, for instance.
    pub fn new(
        desk: Desk,
        clock: Clock,
        wake: Arc<Notify>,
        schedule: &RetrySchedule,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            desk,
            wake,
            under_way: UnderWay::new(schedule.answer_within),
            sender: Sender::new(clock.clone(), schedule.answer_within)?,
            clock,
            ahead: BTreeMap::new(),
            attempts: JoinSet::new(),
        })
    }

    /// What is under way, for whoever turns the clock.
    #[must_use]
    pub fn under_way(&self) -> UnderWay {
        self.under_way.clone()
    }

    /// Works until `closing`, then waits for the attempts under way, for a bounded time.
    pub async fn run(mut self, closing: CancellationToken) {
        let mut reports = Vec::new();
        loop {
            let next_at = match self.turn_over(std::mem::take(&mut reports)).await {
                Ok(next_at) => next_at,
                Err(error) => {
                    // Attempts whose report is lost are made again when their lease runs out.
                    tracing::error!(%error, "the outbox could not be worked on");
                    pause::for_real(RETRY_PAUSE).await;
                    None
                }
            };
            let due = async {
                match next_at {
                    Some(at) => self.clock.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = closing.cancelled() => return self.drain().await,
                () = self.wake.notified() => {}
                () = due => {}
                Some(first) = self.attempts.join_next() => reports.extend(first.ok()),
            }
            while let Some(report) = self.attempts.try_join_next() {
                reports.extend(report.ok());
            }
        }
    }

    /// Reports what has come to its end, takes what is due, and sends it on its way. Answers with
    /// the moment when something will be due.
    async fn turn_over(&mut self, reports: Vec<Report>) -> Result<Option<Timestamp>, Refused> {
        let times: Vec<_> = reports.iter().map(|report| report.took).collect();
        let free = DELIVERIES_MAX.saturating_sub(self.attempts.len());
        let under_way = self.under_way.clone();
        // What is under way changes in the same command as the records: whoever asks the desk next
        // finds the two in agreement.
        let turned_over = self.desk.run_patiently(move |turn| {
            under_way.end(reports.iter().map(|report| report.id));
            let states = deliveries::report(turn, reports)?;
            let room = Room {
                free,
                busy: under_way.by_subscriber(),
            };
            let leased = deliveries::lease(turn, &room)?;
            under_way.begin(
                leased.errands.iter().map(|it| (it.id, it.subscription)),
                turn.now,
            );
            Ok::<_, Refused>((states, leased))
        });
        let turned_over = turned_over.await;
        self.under_way.tell();
        let (states, leased) = turned_over?;
        for (state, took) in states.into_iter().zip(times) {
            observe::webhook(outcome(state), took);
        }
        self.ahead.retain(|_, attempt| !attempt.is_cancelled());
        for errand in leased.errands {
            self.send(errand);
        }
        Ok(leased.next_at)
    }

    fn send(&mut self, errand: Errand) {
        let done = CancellationToken::new();
        let ahead = errand.about.clone().and_then(|about| {
            self.ahead
                .insert((errand.subscription, about), done.clone())
        });
        let sender = self.sender.clone();
        self.attempts.spawn(async move {
            let _done = done.drop_guard();
            sender.attempt(errand, ahead).await
        });
    }

    /// Sends what is due and waits for what is under way, for a bounded time. What then remains is
    /// the next process's.
    async fn drain(mut self) {
        let finish = async {
            let mut reports = Vec::new();
            loop {
                self.turn_over(std::mem::take(&mut reports)).await?;
                let Some(first) = self.attempts.join_next().await else {
                    return Ok::<_, Refused>(());
                };
                reports.extend(first.ok());
                while let Some(report) = self.attempts.try_join_next() {
                    reports.extend(report.ok());
                }
            }
        };
        match tokio::time::timeout(DELIVERY_DRAIN_WITHIN, finish).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the last deliveries were not recorded"),
            Err(_) => tracing::warn!("some receivers of webhooks did not answer before the end"),
        }
    }
}

const fn outcome(state: StateWord) -> WebhookOutcome {
    match state {
        StateWord::Delivered => WebhookOutcome::Delivered,
        StateWord::GivenUp => WebhookOutcome::GivenUp,
        StateWord::Due | StateWord::Leased => WebhookOutcome::Failed,
    }
}

#[cfg(test)]
mod tests;
