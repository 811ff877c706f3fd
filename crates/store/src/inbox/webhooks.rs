//! Webhook bodies: kept once, dealt with once, in the order in which they came.

use diesel::prelude::*;
use types::Timestamp;

use super::schema::webhook;
use super::{Inbox, InboxError, to_column};

/// A kept webhook, in the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WebhookId(i64);

/// What became of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is new and waits to be dealt with.
    New(WebhookId),
    /// The very same bytes came before.
    Before,
}

/// A body that waits to be dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWebhook {
    /// Which one.
    pub id: WebhookId,
    /// The exact bytes.
    pub body: Vec<u8>,
}

impl Inbox {
    /// Keeps a body, unless one with the same hash was kept before.
    ///
    /// # Errors
    ///
    /// If the database fails; the platform must then be told to send it again.
    pub fn keep_webhook(
        &mut self,
        hash: &[u8; 32],
        body: &[u8],
        now: Timestamp,
    ) -> Result<Kept, InboxError> {
        let id: Option<i64> = diesel::insert_into(webhook::table)
            .values((
                webhook::body_hash.eq(hash.as_slice()),
                webhook::body.eq(body),
                webhook::received_ms.eq(to_column(now.as_millis())),
            ))
            .on_conflict(webhook::body_hash)
            .do_nothing()
            .returning(webhook::id)
            .get_result(&mut self.connection)
            .optional()?;
        Ok(id.map_or(Kept::Before, |id| Kept::New(WebhookId(id))))
    }

    /// The oldest `rows_max` bodies that wait to be dealt with.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub fn waiting_webhooks(&mut self, rows_max: u32) -> Result<Vec<StoredWebhook>, InboxError> {
        let rows: Vec<(i64, Vec<u8>)> = webhook::table
            .filter(webhook::processed_ms.is_null())
            .order(webhook::id)
            .limit(i64::from(rows_max))
            .select((webhook::id, webhook::body))
            .load(&mut self.connection)?;
        Ok(rows
            .into_iter()
            .map(|(id, body)| StoredWebhook {
                id: WebhookId(id),
                body,
            })
            .collect())
    }

    /// Marks a body as dealt with; `note` says why nothing came of it, if nothing did.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub fn webhook_processed(
        &mut self,
        id: WebhookId,
        now: Timestamp,
        note: Option<&str>,
    ) -> Result<(), InboxError> {
        diesel::update(webhook::table.find(id.0))
            .set((
                webhook::processed_ms.eq(to_column(now.as_millis())),
                webhook::note.eq(note),
            ))
            .execute(&mut self.connection)?;
        Ok(())
    }

    pub(super) fn sweep_webhooks(&mut self, before_ms: i64) -> Result<usize, InboxError> {
        let gone = diesel::delete(webhook::table.filter(webhook::processed_ms.lt(before_ms)))
            .execute(&mut self.connection)?;
        Ok(gone)
    }
}
