//! Meets deadlines when their moment comes: by itself as the clock runs, or one after the other when
//! the clock is turned.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use types::Timestamp;
use types::limits::{RETRY_PAUSE, SETTLE_WITHIN};

use crate::clock::Clock;
use crate::delivery::UnderWay;
use crate::desk::{Desk, Refused, deliveries, due};
use crate::hosted_phones::HostedPhones;
use crate::pause;

/// Meets deadlines. Clones share the work.
#[derive(Debug, Clone)]
pub struct Ticker {
    desk: Desk,
    clock: Clock,
    under_way: UnderWay,
    stops: Arc<dyn Stops>,
    turning: Arc<Mutex<()>>,
}

/// Others in this process who wait for the clock, and do something when their moment comes: whoever
/// turns it stops there for them.
pub(crate) trait Stops: fmt::Debug + Send + Sync + 'static {
    /// The next moment after `now` at which one of them has something to do.
    fn next(&self, now: Timestamp) -> Option<Timestamp>;

    /// Waits until they have done all that is due; whether any of them did anything.
    fn settle(&self) -> Pin<Box<dyn Future<Output = bool> + Send + '_>>;
}

/// Nobody waits.
#[derive(Debug)]
struct NoStops;

impl Stops for NoStops {
    fn next(&self, _: Timestamp) -> Option<Timestamp> {
        None
    }

    fn settle(&self) -> Pin<Box<dyn Future<Output = bool> + Send + '_>> {
        Box::pin(std::future::ready(false))
    }
}

impl Ticker {
    /// A ticker for one desk, its clock and its deliveries.
    #[must_use]
    pub fn new(desk: Desk, clock: Clock, under_way: UnderWay) -> Self {
        Self {
            desk,
            clock,
            under_way,
            stops: Arc::new(NoStops),
            turning: Arc::default(),
        }
    }

    /// The same ticker, which also stops for the scripted phones of this process when it turns the
    /// clock.
    #[must_use]
    pub fn stopping_for(self, phones: HostedPhones) -> Self {
        Self {
            stops: Arc::new(phones),
            ..self
        }
    }

    /// Meets deadlines as they come, until `closing`.
    pub async fn run(self, closing: CancellationToken) {
        let mut agenda = self.desk.agenda();
        loop {
            let next = agenda.borrow_and_update().next_deadline;
            let due = async {
                match next {
                    Some(at) => self.clock.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = closing.cancelled() => return,
                changed = agenda.changed() => if changed.is_err() { return },
                () = due => if let Err(error) = self.meet().await {
                    tracing::error!(%error, "deadlines could not be met");
                    pause::for_real(RETRY_PAUSE).await;
                }
            }
        }
    }

    /// Turns the clock forward to `to` and meets every deadline on the way in its order: at each
    /// moment at which anything is due, calls end, webhooks are sent, scripted phones act, and what
    /// receivers do in answer at once is waited for. The clock runs or stands afterwards as it did before.
    ///
    /// # Errors
    ///
    /// When the desk cannot save; the clock then stands where it had come to.
    pub async fn advance(&self, to: Timestamp) -> Result<(), Refused> {
        let _alone = self.turning.lock().await;
        let _running_again = (!self.clock.is_frozen()).then(|| {
            self.clock.freeze();
            ResumeOnDrop(&self.clock)
        });
        self.settle().await?;
        while let Some(at) = self.next_moment().await?.filter(|at| *at < to) {
            self.clock.set(at);
            self.settle().await?;
        }
        if self.clock.now() < to {
            self.clock.set(to);
            self.settle().await?;
        }
        Ok(())
    }

    /// Does all that is due at this moment, and waits a little for what is under way because of it.
    async fn settle(&self) -> Result<(), Refused> {
        let quiet = async {
            loop {
                let changed = self.under_way.changed();
                self.meet().await?;
                if self.stops.settle().await {
                    continue;
                }
                let due = self.desk.run_patiently(deliveries::is_due).await?;
                if !due && !self.under_way.is_busy_at(self.clock.now()) {
                    return Ok(());
                }
                changed.await;
            }
        };
        // A receiver that takes its time is not waited for: its attempt goes on beside the clock.
        tokio::time::timeout(SETTLE_WITHIN, quiet)
            .await
            .unwrap_or(Ok(()))
    }

    async fn meet(&self) -> Result<(), Refused> {
        while self.desk.run_patiently(due::meet).await? {}
        Ok(())
    }

    /// The next moment at which anything is due.
    async fn next_moment(&self) -> Result<Option<Timestamp>, Refused> {
        let next_delivery = self.desk.run_patiently(deliveries::next_due).await?;
        let now = self.clock.now();
        let next_deadline = self
            .desk
            .agenda()
            .borrow()
            .next_deadline
            .filter(|at| now < *at);
        let next_patience = self.under_way.next_patience(now);
        let next_stop = self.stops.next(now);
        Ok([next_delivery, next_deadline, next_patience, next_stop]
            .into_iter()
            .flatten()
            .min())
    }
}

/// Lets the clock run on, also when whoever turned it has gone away.
struct ResumeOnDrop<'a>(&'a Clock);

impl Drop for ResumeOnDrop<'_> {
    fn drop(&mut self) {
        self.0.resume();
    }
}

/// Forgets old calls, deliveries and events, a few at a time, until `closing`.
pub(crate) async fn keep_house(desk: Desk, closing: CancellationToken) {
    loop {
        tokio::select! {
            () = closing.cancelled() => return,
            () = pause::for_real(HOUSEKEEPING_EVERY) => {}
        }
        loop {
            match desk.run_patiently(crate::desk::forget_the_oldest).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(%error, "old records could not be removed");
                    break;
                }
            }
        }
    }
}

const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(10);
