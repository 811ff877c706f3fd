//! The lines that are open, each with a queue of its own, so that a phone that does not read costs
//! nobody else anything: its queue runs full and it loses its line.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use phone::line::ToPhone;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::watch;
use types::WaId;
use types::limits::{PHONE_QUEUE_MAX, PHONES_PER_USER_MAX};

use crate::observe;
use crate::phone_lines::{LineId, PhoneLines, Which};

/// The lines of all phones that are online. A handle: clones share the lines.
#[derive(Clone, Default)]
pub struct OpenLines(Arc<Mutex<Table>>);

/// One phone's end of [`OpenLines`]: what it is told comes out here. Dropping it closes the line.
pub(super) struct OpenLine {
    pub(super) id: LineId,
    wa_id: WaId,
    queue: Receiver<ToPhone>,
    businesses: watch::Receiver<()>,
    lines: OpenLines,
}

/// What comes out of an [`OpenLine`].
pub(super) enum News {
    /// The phone is told this.
    Told(ToPhone),
    /// The phone should be shown the businesses as they are now.
    BusinessesChanged,
}

/// Every line of this user is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyPhones;

#[derive(Default)]
struct Table {
    last: u64,
    lines: BTreeMap<WaId, Vec<Line>>,
    businesses: watch::Sender<()>,
}

struct Line {
    id: LineId,
    queue: Sender<ToPhone>,
}

impl OpenLines {
    /// Opens one more line for a user.
    pub(super) fn open(&self, wa_id: WaId) -> Result<OpenLine, TooManyPhones> {
        let mut table = self.table();
        if table.lines.get(&wa_id).map_or(0, Vec::len) >= PHONES_PER_USER_MAX {
            return Err(TooManyPhones);
        }
        table.last += 1;
        let id = LineId(table.last);
        let (sender, queue) = mpsc::channel(PHONE_QUEUE_MAX);
        table
            .lines
            .entry(wa_id.clone())
            .or_default()
            .push(Line { id, queue: sender });
        observe::phones_online(table.count());
        Ok(OpenLine {
            id,
            wa_id,
            queue,
            businesses: table.businesses.subscribe(),
            lines: self.clone(),
        })
    }

    /// How many phones of a user are online.
    #[must_use]
    pub fn online(&self, wa_id: &WaId) -> usize {
        self.table().lines.get(wa_id).map_or(0, Vec::len)
    }

    /// Closes every line of a user: the user is gone, or has another token.
    pub fn close_all(&self, wa_id: &WaId) {
        let mut table = self.table();
        table.lines.remove(wa_id);
        observe::phones_online(table.count());
    }

    /// Closes every line, as a restart would.
    pub fn close_every(&self) {
        let mut table = self.table();
        table.lines.clear();
        observe::phones_online(table.count());
    }

    fn close(&self, wa_id: &WaId, id: LineId) {
        let mut table = self.table();
        table.retain(wa_id, |line| line.id != id);
        observe::phones_online(table.count());
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Every change is whole before anything in it can panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PhoneLines for OpenLines {
    fn tell(&self, wa_id: &WaId, which: Which, message: &ToPhone) {
        let mut table = self.table();
        let Some(lines) = table.lines.get(wa_id) else {
            return;
        };
        let which = match which {
            Which::The(id) if !lines.iter().any(|line| line.id == id) => Which::All,
            named => named,
        };
        let mut too_slow = 0;
        table.retain(wa_id, |line| {
            let meant = match which {
                Which::All => true,
                Which::The(id) => line.id == id,
                Which::AllBut(id) => line.id != id,
            };
            let kept = !meant || line.queue.try_send(message.clone()).is_ok();
            too_slow += u32::from(!kept);
            kept
        });
        for _ in 0..too_slow {
            observe::phone_too_slow();
        }
    }

    fn businesses_changed(&self) {
        self.table().businesses.send_replace(());
    }
}

impl OpenLine {
    /// What is next for this phone; none when the line is closed from this side.
    pub(super) async fn next(&mut self) -> Option<News> {
        tokio::select! {
            biased;
            told = self.queue.recv() => told.map(News::Told),
            Ok(()) = self.businesses.changed() => Some(News::BusinessesChanged),
        }
    }
}

impl Drop for OpenLine {
    fn drop(&mut self) {
        self.lines.close(&self.wa_id, self.id);
    }
}

impl Table {
    fn retain(&mut self, wa_id: &WaId, keep: impl FnMut(&Line) -> bool) {
        if let Some(lines) = self.lines.get_mut(wa_id) {
            lines.retain(keep);
            if lines.is_empty() {
                self.lines.remove(wa_id);
            }
        }
    }

    fn count(&self) -> usize {
        self.lines.values().map(Vec::len).sum()
    }
}

#[cfg(test)]
mod tests;
