//! One connection to one SQLite database, and the transactions on it.

use std::fmt;
use std::path::PathBuf;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::{Connection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::StoreError;

/// Where a database lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file, made if it is missing. Its folder must exist.
    File(PathBuf),
    /// In memory: gone with the [`Store`].
    Memory,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Memory => f.write_str(":memory:"),
        }
    }
}

/// The exchange's records: one connection, used by one thread at a time.
///
/// What a transaction has committed survives the process, however it dies; it survives the machine
/// as well as the disk's cache does (write-ahead log, `synchronous = NORMAL`). The file belongs to
/// one process: a second one is refused.
pub struct Store {
    tx: Tx,
}

impl Store {
    /// Opens the exchange's database and brings its schema up to date.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened, belongs to another process or is no database of ours.
    pub fn open(place: &Place) -> Result<Self, StoreError> {
        let mut connection = connect(place)?;
        connection
            .run_pending_migrations(EXCHANGE)
            .map_err(|error| StoreError::Migration(error.to_string()))?;
        Ok(Self {
            tx: Tx { connection },
        })
    }

    /// Runs `work` in one transaction: all of it is saved, or, if it fails, nothing.
    ///
    /// # Errors
    ///
    /// Whatever `work` fails with, and what the database says to the begin and the commit.
    pub fn transaction<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.tx.nested(work)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

/// An open transaction. Every function of a table asks for one.
pub struct Tx {
    pub(crate) connection: SqliteConnection,
}

impl Tx {
    /// Runs `work` as a part of this transaction that can fail by itself: its writes are taken back
    /// then, and those of the others stay.
    ///
    /// # Errors
    ///
    /// Whatever `work` fails with, and what the database says to the savepoint.
    pub fn savepoint<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.nested(work)
    }

    fn nested<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        AnsiTransactionManager::begin_transaction(&mut self.connection)
            .map_err(StoreError::Database)?;
        match work(self) {
            Ok(value) => {
                AnsiTransactionManager::commit_transaction(&mut self.connection)
                    .map_err(StoreError::Database)?;
                Ok(value)
            }
            Err(error) => {
                AnsiTransactionManager::rollback_transaction(&mut self.connection)
                    .map_err(StoreError::Database)?;
                Err(error)
            }
        }
    }
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").finish_non_exhaustive()
    }
}

/// Opens a database for one process alone, with its settings made.
pub(crate) fn connect(place: &Place) -> Result<SqliteConnection, StoreError> {
    let mut connection =
        SqliteConnection::establish(&place.to_string()).map_err(|error| StoreError::Open {
            place: place.to_string(),
            reason: error.to_string(),
        })?;
    // The lock comes first: with it, the log's index needs no shared memory. It is taken by the
    // first write, which the empty transaction at the end is.
    connection
        .batch_execute(SETTINGS)
        .map_err(|error| match error {
            DieselError::DatabaseError(kind, info)
                if matches!(kind, DatabaseErrorKind::Unknown)
                    && info.message().contains("locked") =>
            {
                StoreError::InUse {
                    place: place.to_string(),
                }
            }
            error => StoreError::Open {
                place: place.to_string(),
                reason: error.to_string(),
            },
        })?;
    Ok(connection)
}

pub(crate) const EXCHANGE: EmbeddedMigrations = embed_migrations!("migrations/exchange");

const SETTINGS: &str = "
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -65536;
    BEGIN IMMEDIATE;
    COMMIT;
";
