//! The gateway's own records: webhooks as they came, events already taken, and its calls.
//!
//! Nothing here is the exchange's: a gateway keeps a database of its own. A webhook is kept before it
//! is answered, so that the platform's "200" means that it will be dealt with, whatever happens to the
//! process; and it is kept once, however often it comes.

use std::path::PathBuf;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use types::{CallId, Timestamp};

mod calls;
mod schema;
mod webhooks;

pub use calls::{CallRow, EventRow};
pub use webhooks::{Kept, StoredWebhook, WebhookId};

use schema::seen_event;

/// The gateway's database: one connection, used by one thread.
pub struct Inbox {
    connection: SqliteConnection,
}

/// Where the records are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In memory: gone with the process.
    Memory,
    /// In this file, made if it is not there.
    File(PathBuf),
}

/// Why the records could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// The file could not be opened.
    #[error("the gateway's database could not be opened: {0}")]
    Open(#[from] ConnectionError),
    /// The tables could not be brought up to date.
    #[error("the gateway's tables could not be brought up to date: {0}")]
    Migrate(String),
    /// A query failed.
    #[error("the gateway's database failed: {0}")]
    Query(#[from] diesel::result::Error),
    /// A row holds what this program never writes.
    #[error("the gateway's database holds a {column} that is none")]
    Unreadable {
        /// The column.
        column: &'static str,
    },
}

/// What makes an event the same event, however often and in whatever body it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventKey {
    /// The call.
    pub call_id: CallId,
    /// One word for what happened, such as `connect` or `status:RINGING`.
    pub event: String,
    /// The platform's timestamp, in whole seconds; zero if it gave none.
    pub stamped_sec: u64,
}

impl Inbox {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, is no database, or is one that a newer version wrote.
    pub fn open(place: &Place) -> Result<Self, InboxError> {
        let mut connection = match place {
            Place::Memory => SqliteConnection::establish(":memory:")?,
            Place::File(path) => SqliteConnection::establish(&path.to_string_lossy())?,
        };
        connection.batch_execute(PRAGMAS)?;
        connection
            .run_pending_migrations(MIGRATIONS)
            .map_err(|error| InboxError::Migrate(error.to_string()))?;
        Ok(Self { connection })
    }

    /// Runs `work` in one transaction: all that it writes is kept, or nothing is.
    ///
    /// # Errors
    ///
    /// What `work` fails with, or the commit itself.
    pub fn transaction<T, E: From<InboxError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let query = |error| E::from(InboxError::Query(error));
        self.connection
            .batch_execute("BEGIN IMMEDIATE")
            .map_err(query)?;
        match work(self) {
            Ok(done) => match self.connection.batch_execute("COMMIT") {
                Ok(()) => Ok(done),
                Err(error) => {
                    // A commit that failed may have left the transaction open.
                    self.connection.batch_execute("ROLLBACK").ok();
                    Err(query(error))
                }
            },
            Err(error) => {
                self.connection.batch_execute("ROLLBACK").map_err(query)?;
                Err(error)
            }
        }
    }

    /// Whether an event was taken before.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub fn event_is_known(&mut self, key: &EventKey) -> Result<bool, InboxError> {
        let place = (
            key.call_id.as_str(),
            key.event.as_str(),
            to_column(key.stamped_sec),
        );
        let known = diesel::select(diesel::dsl::exists(seen_event::table.find(place)))
            .get_result(&mut self.connection)?;
        Ok(known)
    }

    /// Marks an event as taken.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub fn mark_event(&mut self, key: &EventKey, now: Timestamp) -> Result<(), InboxError> {
        diesel::insert_or_ignore_into(seen_event::table)
            .values((
                seen_event::call_id.eq(key.call_id.as_str()),
                seen_event::event.eq(&key.event),
                seen_event::stamped_sec.eq(to_column(key.stamped_sec)),
                seen_event::seen_ms.eq(to_column(now.as_millis())),
            ))
            .execute(&mut self.connection)?;
        Ok(())
    }

    /// The calls of which `event` came since `since`: what a fresh start must still know.
    ///
    /// # Errors
    ///
    /// If the database fails or holds what is no call id.
    pub fn calls_with_event(
        &mut self,
        event: &str,
        since: Timestamp,
    ) -> Result<Vec<(CallId, Timestamp)>, InboxError> {
        let rows: Vec<(String, i64)> = seen_event::table
            .filter(seen_event::event.eq(event))
            .filter(seen_event::seen_ms.ge(to_column(since.as_millis())))
            .select((seen_event::call_id, seen_event::seen_ms))
            .load(&mut self.connection)?;
        rows.into_iter()
            .map(|(id, at)| Ok((parse(&id, "call id")?, moment(at))))
            .collect()
    }

    /// Forgets what is over and older than `before`: dealt-with webhooks, event keys, ended calls with
    /// their stories. Returns the references of those calls.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub fn sweep(&mut self, before: Timestamp) -> Result<Vec<String>, InboxError> {
        let before = to_column(before.as_millis());
        self.transaction(|inbox| {
            inbox.sweep_webhooks(before)?;
            diesel::delete(seen_event::table.filter(seen_event::seen_ms.lt(before)))
                .execute(&mut inbox.connection)?;
            inbox.sweep_calls(before)
        })
    }
}

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/gateway");

/// NORMAL with WAL: a committed transaction outlives the process, killed or not; only a machine that
/// loses power may lose the last ones, and the platform sends those again.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA busy_timeout = 5000;";

/// A number as a column holds it.
fn to_column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A moment as a column held it.
fn moment(column: i64) -> Timestamp {
    Timestamp::from_millis(u64::try_from(column).unwrap_or(0))
}

fn parse<T: std::str::FromStr>(text: &str, column: &'static str) -> Result<T, InboxError> {
    text.parse().map_err(|_| InboxError::Unreadable { column })
}

#[cfg(test)]
mod tests;
