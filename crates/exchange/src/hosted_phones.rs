//! Scripted phones that live in the exchange's process and are phones like any other: they open
//! their line on the public listener and have no private door.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use phone::{Phone, PhoneClock, PhoneConfig, PhoneEnd, PhoneHandle, PhoneMedia, Script};
use tokio_util::sync::CancellationToken;
use types::limits::HOSTED_PHONES_MAX;
use types::{Timestamp, WaId};
use url::Url;

use crate::clock::Clock;
use crate::ticker::Stops;

/// The scripted phones of this process. A handle: clones share the phones.
#[derive(Clone)]
pub struct HostedPhones(Arc<Inner>);

struct Inner {
    exchange: Url,
    media: Arc<PhoneMedia>,
    clock: Clock,
    closing: CancellationToken,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    last: u64,
    phones: BTreeMap<u64, HostedPhone>,
}

/// One scripted phone.
#[derive(Clone)]
pub(crate) struct HostedPhone {
    pub(crate) id: u64,
    pub(crate) wa_id: WaId,
    pub(crate) handle: PhoneHandle,
}

/// Why there is no such phone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoPhone {
    /// Every place is taken by a phone that is still there.
    #[error("{HOSTED_PHONES_MAX} scripted phones are here, which is as many as there may be")]
    TooMany,
    /// The script names a file that cannot be played.
    #[error("{0}")]
    Speech(String),
    /// The exchange's own address is of no use.
    #[error("{0}")]
    Address(String),
}

impl HostedPhones {
    /// No phones yet. `exchange` is the public listener's own address, such as
    /// `http://127.0.0.1:7080`; once `closing` is cancelled, all phones hang up and go.
    #[must_use]
    pub fn new(
        exchange: Url,
        media: Arc<PhoneMedia>,
        clock: Clock,
        closing: CancellationToken,
    ) -> Self {
        Self(Arc::new(Inner {
            exchange,
            media,
            clock,
            closing,
            table: Mutex::default(),
        }))
    }

    /// Starts a phone. Whether the exchange lets it online is told by its story.
    pub(crate) async fn start(
        &self,
        wa_id: WaId,
        token: String,
        script: Script,
    ) -> Result<HostedPhone, NoPhone> {
        // A place first, so that none is exceeded while files are read.
        let id = self.table().reserve().ok_or(NoPhone::TooMany)?;
        let config = PhoneConfig::new(self.0.exchange.clone(), wa_id.clone(), token)
            .map_err(|error| NoPhone::Address(error.to_string()))?;
        let clock: Arc<dyn PhoneClock> = Arc::new(self.0.clock.clone());
        let handle = Phone::start(config, script, Arc::clone(&self.0.media), clock)
            .await
            .map_err(|error| NoPhone::Speech(error.to_string()))?;
        let phone = HostedPhone { id, wa_id, handle };
        self.table().phones.insert(id, phone.clone());
        let (handle, closing) = (phone.handle.clone(), self.0.closing.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = closing.cancelled() => { handle.stop().await; }
                _ = handle.join() => {}
            }
        });
        Ok(phone)
    }

    /// The phone of that id, gone or not.
    pub(crate) fn find(&self, id: u64) -> Option<HostedPhone> {
        self.table().phones.get(&id).cloned()
    }

    /// Every phone, the oldest first.
    pub(crate) fn list(&self) -> Vec<HostedPhone> {
        self.table().phones.values().cloned().collect()
    }

    /// Lets a phone hang up and go, and forgets it; says whether there was one.
    pub(crate) async fn remove(&self, id: u64) -> bool {
        let phone = self.table().phones.remove(&id);
        match phone {
            Some(phone) => {
                phone.handle.stop().await;
                true
            }
            None => false,
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Every change is whole before anything in it can panic.
        self.0.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HostedPhone {
    /// Why the phone is gone, if it is.
    pub(crate) fn end(&self) -> Option<PhoneEnd> {
        self.handle.join().now_or_never()
    }
}

impl Table {
    /// An id for one more phone. The oldest that is gone makes room, when room is short.
    fn reserve(&mut self) -> Option<u64> {
        if self.phones.len() >= HOSTED_PHONES_MAX {
            let gone = self.phones.values().find(|phone| phone.end().is_some());
            let gone = gone.map(|phone| phone.id)?;
            self.phones.remove(&gone);
        }
        self.last += 1;
        Some(self.last)
    }
}

/// The waits of hosted phones' scripts are moments at which a clock that is turned stops: else it would
/// be past a ring's end before a phone that answers in time was asked.
impl Stops for HostedPhones {
    fn next(&self, now: Timestamp) -> Option<Timestamp> {
        let table = self.table();
        let alarms = table
            .phones
            .values()
            .filter_map(|phone| phone.handle.alarm());
        alarms.filter(|at| now < *at).min()
    }

    fn settle(&self) -> Pin<Box<dyn Future<Output = bool> + Send + '_>> {
        Box::pin(async move {
            let phones = self.list();
            let settling = phones.iter().map(|phone| phone.handle.settle());
            let spoke = futures_util::future::join_all(settling).await;
            spoke.contains(&true)
        })
    }
}

/// A hosted phone's script counts in the exchange's time: whoever turns the clock turns both.
impl PhoneClock for Clock {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(Self::sleep_until(self, at))
    }
}

impl fmt::Debug for HostedPhones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phones = self.table().phones.len();
        f.debug_struct("HostedPhones")
            .field("phones", &phones)
            .finish_non_exhaustive()
    }
}
