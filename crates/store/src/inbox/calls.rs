//! The gateway's calls and their stories.

use diesel::prelude::*;
use types::{CallId, Direction, PhoneNumberId, Timestamp};

use super::schema::{call, call_event};
use super::{Inbox, InboxError, moment, parse, to_column};

/// One call of the gateway. The words in `phase`, `outcome`, `blame` and `handler` are the gateway's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    /// The gateway's own name for the call.
    pub reference: String,
    /// The platform's id, once it is known.
    pub call_id: Option<CallId>,
    /// Who placed the call.
    pub direction: Direction,
    /// The business number.
    pub phone_number_id: PhoneNumberId,
    /// The user: a wa_id, or a business-scoped user id where the platform gives no number.
    pub peer: String,
    /// The user's profile name, if the platform told it.
    pub peer_name: Option<String>,
    /// What deals with the audio, as JSON.
    pub handler: String,
    /// What the caller of the gateway's API gave to be echoed.
    pub callback_data: Option<String>,
    /// Where the call stands.
    pub phase: String,
    /// When the gateway first knew of it.
    pub started: Timestamp,
    /// When it was answered.
    pub answered: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Whose doing the end was.
    pub blame: Option<String>,
    /// The platform's error code, if it gave one.
    pub reason_code: Option<u32>,
    /// The platform's own sentence, or ours.
    pub reason: Option<String>,
    /// The digits that the user pressed, in order.
    pub digits: String,
    /// The recording's file name without its ending, if there is one.
    pub recording: Option<String>,
    /// The leg's last statistics, as JSON.
    pub statistics: Option<String>,
}

/// One line of a call's story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// The call.
    pub reference: String,
    /// Its place in the order of all events.
    pub number: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened, as JSON.
    pub event: String,
}

impl Inbox {
    /// Writes a call as it now is.
    ///
    /// # Errors
    ///
    /// If the database fails, or another call has the same platform id.
    pub fn save_call(&mut self, row: &CallRow) -> Result<(), InboxError> {
        let columns = Columns::from(row);
        diesel::insert_into(call::table)
            .values(&columns)
            .on_conflict(call::reference)
            .do_update()
            .set(&columns)
            .execute(&mut self.connection)?;
        Ok(())
    }

    /// Adds a line to a call's story; returns its number.
    ///
    /// # Errors
    ///
    /// If the database fails, or there is no such call.
    pub fn add_event(
        &mut self,
        reference: &str,
        at: Timestamp,
        event: &str,
    ) -> Result<u64, InboxError> {
        let number: i64 = diesel::insert_into(call_event::table)
            .values((
                call_event::reference.eq(reference),
                call_event::at_ms.eq(to_column(at.as_millis())),
                call_event::event.eq(event),
            ))
            .returning(call_event::number)
            .get_result(&mut self.connection)?;
        Ok(u64::try_from(number).unwrap_or(0))
    }

    /// The call of that name: the gateway's reference, or the platform's id.
    ///
    /// # Errors
    ///
    /// If the database fails or holds what it should not.
    pub fn call(&mut self, name: &str) -> Result<Option<CallRow>, InboxError> {
        call::table
            .filter(call::reference.eq(name).or(call::call_id.eq(name)))
            .select(Columns::as_select())
            .first(&mut self.connection)
            .optional()?
            .map(CallRow::try_from)
            .transpose()
    }

    /// Calls, the newest first: those that started before `before`, at most `rows_max`.
    ///
    /// # Errors
    ///
    /// If the database fails or holds what it should not.
    pub fn calls(
        &mut self,
        before: Option<Timestamp>,
        rows_max: u32,
    ) -> Result<Vec<CallRow>, InboxError> {
        let before = before.map_or(i64::MAX, |before| to_column(before.as_millis()));
        call::table
            .filter(call::started_ms.lt(before))
            .order((call::started_ms.desc(), call::reference.desc()))
            .limit(i64::from(rows_max))
            .select(Columns::as_select())
            .load(&mut self.connection)?
            .into_iter()
            .map(CallRow::try_from)
            .collect()
    }

    /// The calls that are not over: after a start, those that a previous process left.
    ///
    /// # Errors
    ///
    /// If the database fails or holds what it should not.
    pub fn open_calls(&mut self) -> Result<Vec<CallRow>, InboxError> {
        call::table
            .filter(call::ended_ms.is_null())
            .order(call::started_ms)
            .select(Columns::as_select())
            .load(&mut self.connection)?
            .into_iter()
            .map(CallRow::try_from)
            .collect()
    }

    /// Story lines after the line `after`, oldest first, at most `rows_max`: of one call, or of all.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub fn story(
        &mut self,
        reference: Option<&str>,
        after: u64,
        rows_max: u32,
    ) -> Result<Vec<EventRow>, InboxError> {
        let mut lines = call_event::table
            .filter(call_event::number.gt(to_column(after)))
            .order(call_event::number)
            .limit(i64::from(rows_max))
            .into_boxed();
        if let Some(reference) = reference {
            lines = lines.filter(call_event::reference.eq(reference));
        }
        let rows: Vec<(i64, String, i64, String)> = lines.load(&mut self.connection)?;
        Ok(rows
            .into_iter()
            .map(|(number, reference, at, event)| EventRow {
                reference,
                number: u64::try_from(number).unwrap_or(0),
                at: moment(at),
                event,
            })
            .collect())
    }

    pub(super) fn sweep_calls(&mut self, before_ms: i64) -> Result<Vec<String>, InboxError> {
        let gone = diesel::delete(call::table.filter(call::ended_ms.lt(before_ms)))
            .returning(call::reference)
            .get_results(&mut self.connection)?;
        Ok(gone)
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = call, treat_none_as_null = true)]
struct Columns {
    reference: String,
    call_id: Option<String>,
    direction: String,
    phone_number_id: String,
    peer: String,
    peer_name: Option<String>,
    handler: String,
    callback_data: Option<String>,
    phase: String,
    started_ms: i64,
    answered_ms: Option<i64>,
    ended_ms: Option<i64>,
    outcome: Option<String>,
    blame: Option<String>,
    reason_code: Option<i64>,
    reason: Option<String>,
    digits: String,
    recording: Option<String>,
    statistics: Option<String>,
}

impl From<&CallRow> for Columns {
    fn from(row: &CallRow) -> Self {
        let millis = |at: Timestamp| to_column(at.as_millis());
        Self {
            reference: row.reference.clone(),
            call_id: row.call_id.as_ref().map(|id| id.as_str().to_owned()),
            direction: row.direction.as_str().to_owned(),
            phone_number_id: row.phone_number_id.as_str().to_owned(),
            peer: row.peer.clone(),
            peer_name: row.peer_name.clone(),
            handler: row.handler.clone(),
            callback_data: row.callback_data.clone(),
            phase: row.phase.clone(),
            started_ms: millis(row.started),
            answered_ms: row.answered.map(millis),
            ended_ms: row.ended.map(millis),
            outcome: row.outcome.clone(),
            blame: row.blame.clone(),
            reason_code: row.reason_code.map(i64::from),
            reason: row.reason.clone(),
            digits: row.digits.clone(),
            recording: row.recording.clone(),
            statistics: row.statistics.clone(),
        }
    }
}

impl TryFrom<Columns> for CallRow {
    type Error = InboxError;

    fn try_from(columns: Columns) -> Result<Self, InboxError> {
        Ok(Self {
            call_id: columns
                .call_id
                .map(|id| parse(&id, "call id"))
                .transpose()?,
            direction: parse(&columns.direction, "direction")?,
            phone_number_id: parse(&columns.phone_number_id, "phone number id")?,
            started: moment(columns.started_ms),
            answered: columns.answered_ms.map(moment),
            ended: columns.ended_ms.map(moment),
            reason_code: columns
                .reason_code
                .map(u32::try_from)
                .transpose()
                .map_err(|_| InboxError::Unreadable {
                    column: "reason code",
                })?,
            reference: columns.reference,
            peer: columns.peer,
            peer_name: columns.peer_name,
            handler: columns.handler,
            callback_data: columns.callback_data,
            phase: columns.phase,
            outcome: columns.outcome,
            blame: columns.blame,
            reason: columns.reason,
            digits: columns.digits,
            recording: columns.recording,
            statistics: columns.statistics,
        })
    }
}
