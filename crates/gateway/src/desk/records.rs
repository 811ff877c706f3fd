//! What is written down of each call, and told of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use store::inbox::{CallRow, Inbox, InboxError};
use types::limits::GATEWAY_DIGITS_MAX;
use types::{Direction, PhoneNumberId, Timestamp};
use wire::Recipient;

use super::clerk::Clerk;
use crate::board::{Board, CallRef};
use crate::call::{Ending, News, Output, Phase};
use crate::handlers::Handler;
use crate::observe;
use crate::story::{StoryEvent, StoryLine};

/// A call's record, and what its handler and its requests need.
pub(super) struct Line {
    pub(super) row: CallRow,
    pub(super) handler: Arc<Handler>,
    pub(super) recipient: Option<Recipient>,
    reference: CallRef,
}

impl Line {
    pub(super) fn blank(
        now: Timestamp,
        call: CallRef,
        number: &PhoneNumberId,
        direction: Direction,
        handler: Arc<Handler>,
    ) -> Self {
        let phase = match direction {
            Direction::UserInitiated => Phase::Answering,
            Direction::BusinessInitiated => Phase::Dialling,
        };
        let row = CallRow {
            reference: call.to_string(),
            call_id: None,
            direction,
            phone_number_id: number.clone(),
            peer: String::new(),
            peer_name: None,
            handler: serde_json::to_string(handler.spec()).unwrap_or_default(),
            callback_data: None,
            phase: phase.as_str().to_owned(),
            started: now,
            answered: None,
            ended: None,
            outcome: None,
            blame: None,
            reason_code: None,
            reason: None,
            digits: String::new(),
            recording: handler.records().then(|| call.to_string()),
            statistics: None,
        };
        Self {
            row,
            handler,
            recipient: None,
            reference: call,
        }
    }

    /// A call that an earlier run left open.
    pub(super) fn left_over(row: CallRow, handler: Arc<Handler>) -> Self {
        Self {
            reference: row.reference.parse().unwrap_or(CallRef(0)),
            row,
            handler,
            recipient: None,
        }
    }

    /// Writes the call down for the first time.
    pub(super) fn begin(
        &self,
        inbox: &mut Inbox,
        now: Timestamp,
    ) -> Result<(CallRef, StoryLine), InboxError> {
        observe::call_started(self.row.direction);
        let event = StoryEvent::Began {
            direction: self.row.direction.as_str().to_owned(),
        };
        inbox.transaction(|inbox| {
            inbox.save_call(&self.row)?;
            write(inbox, self.reference, now, event)
        })
    }

    /// What the platform is asked to echo: our reference, then what the API's caller gave.
    pub(super) fn echoed_data(&self) -> String {
        match &self.row.callback_data {
            Some(data) => format!("{};{data}", self.reference),
            None => self.reference.to_string(),
        }
    }

    /// Brings the row up to what the board knows.
    fn follow(&mut self, board: &Board, now: Timestamp, news: &[&News]) {
        if let Some(call) = board.call(self.reference) {
            self.row.phase = call.phase().as_str().to_owned();
            self.row.call_id = call.id().cloned();
            self.row.answered = call.answered();
        }
        for news in news {
            if let News::Ended(ending) = news {
                let Ending {
                    outcome,
                    blame,
                    reason,
                    ..
                } = ending;
                self.row.ended = Some(now);
                self.row.outcome = Some(outcome.as_str().to_owned());
                self.row.blame = Some(blame.as_str().to_owned());
                self.row.reason_code = reason.as_ref().and_then(|reason| reason.code);
                self.row.reason = reason.as_ref().map(|reason| reason.text.clone());
            }
        }
    }
}

/// The reference in what the platform echoes, if it is one of ours.
pub(super) fn reference_in(echo: &str) -> Option<CallRef> {
    echo.split(';').next()?.parse().ok()
}

impl Clerk {
    /// Writes down what the board decided. Returns what is to be announced.
    pub(super) fn record(
        &mut self,
        now: Timestamp,
        outputs: &[(CallRef, Output)],
    ) -> Result<Vec<(CallRef, StoryLine)>, InboxError> {
        let Self { parts, lines, .. } = self;
        let touched: BTreeSet<CallRef> = outputs.iter().map(|(call, _)| *call).collect();
        let news_of = |of: CallRef| {
            let told = outputs.iter().filter(move |(call, _)| *call == of);
            told.filter_map(|(_, output)| match output {
                Output::Tell(news) => Some(news),
                _ => None,
            })
        };
        let board = &parts.board;
        for call in &touched {
            if let Some(line) = lines.get_mut(call) {
                line.follow(board, now, &news_of(*call).collect::<Vec<_>>());
            }
        }
        parts.inbox.transaction(|inbox| {
            let mut told = Vec::new();
            for call in touched {
                let Some(line) = lines.get(&call) else {
                    continue;
                };
                inbox.save_call(&line.row)?;
                for news in news_of(call) {
                    told.push(write(inbox, call, now, StoryEvent::from(news))?);
                }
            }
            Ok(told)
        })
    }

    /// The user pressed a key.
    pub(super) fn digit(&mut self, now: Timestamp, call: CallRef, digit: char) {
        let Some(line) = self.lines.get_mut(&call) else {
            return;
        };
        if line.row.ended.is_some() || line.row.digits.len() >= GATEWAY_DIGITS_MAX {
            return;
        }
        line.row.digits.push(digit);
        let row = &line.row;
        let saved = self.parts.inbox.transaction(|inbox| {
            inbox.save_call(row)?;
            write(inbox, call, now, StoryEvent::Digit { digit }).map(|told| vec![told])
        });
        self.let_go(now, Vec::new(), saved);
    }

    /// The call's leg is closed and has counted.
    pub(super) fn count(&mut self, call: CallRef, counts: String) {
        let Some(line) = self.lines.get_mut(&call) else {
            return;
        };
        line.row.statistics = Some(counts);
        if let Err(error) = self.parts.inbox.save_call(&line.row) {
            tracing::error!(call = %call, %error, "a call's statistics are not recorded");
        }
    }

    /// Logs and counts what happened on a call.
    pub(super) fn log(&self, now: Timestamp, call: CallRef, news: &News) {
        let Some(line) = self.lines.get(&call) else {
            return;
        };
        let row = &line.row;
        let call_id = row.call_id.as_ref().map(types::CallId::as_str);
        let direction = row.direction;
        match news {
            News::Answered => {
                observe::call_answered(direction, now.since(row.started));
                tracing::info!(call = %call, call_id, %direction, "the call is answered");
            }
            News::Connected => {
                tracing::info!(call = %call, call_id, "the call's media is connected")
            }
            News::Placed(_) => tracing::info!(call = %call, call_id, "the platform has the call"),
            News::Ringing => tracing::info!(call = %call, call_id, "the user's phone rings"),
            News::Ended(ending) => {
                observe::call_ended(direction, ending.outcome, ending.blame);
                tracing::info!(
                    call = %call,
                    call_id,
                    outcome = %ending.outcome,
                    blame = %ending.blame,
                    code = ending.reason.as_ref().and_then(|reason| reason.code),
                    talked_ms = ending.talked.as_millis(),
                    "the call is over"
                );
            }
        }
        observe::calls_open(self.parts.board.open());
    }
}

fn write(
    inbox: &mut Inbox,
    call: CallRef,
    now: Timestamp,
    event: StoryEvent,
) -> Result<(CallRef, StoryLine), InboxError> {
    let text = serde_json::to_string(&event).unwrap_or_default();
    let number = inbox.add_event(&call.to_string(), now, &text)?;
    let line = StoryLine {
        number,
        call: call.to_string(),
        at_ms: now.as_millis(),
        event,
    };
    Ok((call, line))
}
