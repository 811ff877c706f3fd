//! What the desk tells phones, and how it names them.

use phone::line::ToPhone;
use types::WaId;

/// The lines of the phones that are online.
///
/// Called on the desk's thread once a decision is saved, in the order of decisions, so it must not
/// wait: a message that finds no room is that phone's loss, as a phone that is not online.
pub trait PhoneLines: Send + Sync + 'static {
    /// Sends a message to phones of a user.
    fn tell(&self, wa_id: &WaId, which: Which, message: &ToPhone);

    /// A business shows itself differently now: whoever is online asks the desk for all of them.
    fn businesses_changed(&self);
}

/// One line of one phone, for as long as the line and the process live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId(pub u64);

/// Which phones of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Every phone.
    All,
    /// The phone at the end of this line. If the line is gone, all phones: the one that holds the
    /// call has come back on another line, and the others do not know the call.
    The(LineId),
    /// Every phone but the one at the end of this line.
    AllBut(LineId),
}

/// No phones at all: what is told is lost.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPhones;

impl PhoneLines for NoPhones {
    fn tell(&self, _: &WaId, _: Which, _: &ToPhone) {}
    fn businesses_changed(&self) {}
}
