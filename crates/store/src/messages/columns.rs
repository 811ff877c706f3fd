//! The state of `rules::message` as columns hold it.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use rules::message::State;
use types::Timestamp;

use crate::StoreError;
use crate::schema::message;
use crate::text::{millis, moment, parse};

/// Every column of the state; all of them are written whenever one is.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = message, check_for_backend(Sqlite), treat_none_as_null = true)]
pub(super) struct StateColumns {
    status: String,
    deadline: Option<i64>,
    delivered_at: Option<i64>,
    ended_at: Option<i64>,
    failure: Option<String>,
}

impl StateColumns {
    pub(super) fn of(state: &State) -> Self {
        let columns = Self {
            status: state.as_str().to_owned(),
            deadline: None,
            delivered_at: None,
            ended_at: None,
            failure: None,
        };
        match state {
            State::Sent { keep_until } => Self {
                deadline: Some(millis(*keep_until)),
                ..columns
            },
            State::Delivered { at } => Self {
                delivered_at: Some(millis(*at)),
                ..columns
            },
            State::Read { delivered, at } => Self {
                delivered_at: Some(millis(*delivered)),
                ended_at: Some(millis(*at)),
                ..columns
            },
            State::Failed { at, failure } => Self {
                ended_at: Some(millis(*at)),
                failure: Some(failure.as_str().to_owned()),
                ..columns
            },
            State::Dropped { at } => Self {
                ended_at: Some(millis(*at)),
                ..columns
            },
        }
    }

    pub(super) fn read(self) -> Result<State, StoreError> {
        let needed = |column: Option<i64>| -> Result<Timestamp, StoreError> {
            let missing = || StoreError::state("message.status", &self.status);
            Ok(moment(column.ok_or_else(missing)?))
        };
        Ok(match self.status.as_str() {
            "sent" => State::Sent {
                keep_until: needed(self.deadline)?,
            },
            "delivered" => State::Delivered {
                at: needed(self.delivered_at)?,
            },
            "read" => State::Read {
                delivered: needed(self.delivered_at)?,
                at: needed(self.ended_at)?,
            },
            "failed" => State::Failed {
                at: needed(self.ended_at)?,
                failure: parse(self.failure.as_deref().unwrap_or_default())?,
            },
            "dropped" => State::Dropped {
                at: needed(self.ended_at)?,
            },
            other => return Err(StoreError::state("message.status", other)),
        })
    }
}
