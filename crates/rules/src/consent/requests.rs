//! Call permission requests: whether one may be sent, what becomes of it, and the user's answer.

use std::error::Error;
use std::fmt;

use types::limits::OPEN_REQUESTS_MAX;
use types::preset::{ConsentLimits, ErrorChoices};
use types::{MessageId, Timestamp};

use super::grants::{Held, Lack, Source};
use super::ledger::{DAY, Refusal, State, WEEK};
use super::{Ledger, Limit, Reason, RequestPass};
use crate::window::Window;
use crate::words::counted;

/// A request that can be answered, or whose answer can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The message.
    pub id: MessageId,
    /// When it was sent.
    pub sent: Timestamp,
    /// When it is over by itself.
    pub until: Timestamp,
    /// How far it has come.
    pub stage: Stage,
}

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It waits for a phone of the user.
    Sent,
    /// It is on a phone of the user.
    Delivered,
    /// The user has answered; this was the last answer.
    Answered(Answer),
}

/// What a user says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Calls are allowed for a time.
    Temporary,
    /// Calls are allowed for ever.
    Permanent,
    /// They are not.
    Decline,
}

/// How a request is about to go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// As a free-form message, in this customer-service window.
    FreeForm(Window),
    /// As an approved template.
    Template,
}

/// How a request went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As a free-form message.
    FreeForm,
    /// As an approved template.
    Template,
}

/// Why a request can no longer be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestEnd {
    /// The user answered a newer one.
    Superseded,
    /// Its time after the first answer is over.
    AnswerSettled,
    /// The user did not answer in time.
    NotAnswered,
    /// No phone of the user could be reached in time.
    NotDelivered,
    /// It could not be delivered at all.
    Undeliverable,
    /// More requests are open than are kept.
    CrowdedOut,
}

/// Why a user may not be asked now. `Display` says what was wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRequest {
    /// 138017: the user may be called for ever, so that there is nothing to ask.
    Permanent,
    /// [`ErrorChoices::request_outside_window`]: a free-form request without an open window.
    WindowClosed,
    /// [`ErrorChoices::too_many_requests`]: as many requests as the pair has in a period.
    TooMany {
        /// The limit that holds longest.
        limit: Limit,
    },
}

impl Ledger {
    /// Whether the user may be asked now. The answer is proof, which [`Input::Requested`] demands.
    ///
    /// [`Input::Requested`]: super::Input::Requested
    ///
    /// # Errors
    ///
    /// Refuses with the first reason that applies.
    pub fn may_request(
        &self,
        now: Timestamp,
        limits: &ConsentLimits,
        how: How,
    ) -> Result<RequestPass, NoRequest> {
        let state = self.seen_at(now);
        let form = match how {
            How::FreeForm(_) => Form::FreeForm,
            How::Template => Form::Template,
        };
        if matches!(state.held, Held::Permanent { .. }) {
            return Err(NoRequest::Permanent);
        }
        if matches!(how, How::FreeForm(window) if !window.is_open(now, limits)) {
            return Err(NoRequest::WindowClosed);
        }
        match state.reached_request_limit(now, limits) {
            Some(limit) => Err(NoRequest::TooMany { limit }),
            None => Ok(RequestPass::new(now, form, state.entries)),
        }
    }

    pub(super) fn request(
        &mut self,
        now: Timestamp,
        limits: &ConsentLimits,
        pass: &RequestPass,
        id: MessageId,
    ) -> Result<(), Refusal> {
        if !pass.fits(now, self.state.entries) {
            return Err(Refusal::StalePass);
        }
        if self.state.open_request(&id).is_ok() {
            return Err(Refusal::KnownRequest);
        }
        self.record(
            now,
            Reason::Requested {
                request: id.clone(),
                form: pass.form(),
            },
        );
        if matches!(self.state.held, Held::Nothing(_)) {
            self.state.held = Held::Nothing(Lack::Asked { at: now });
        }
        self.state.asked.push(now);
        self.state.requests.push(Request {
            id,
            sent: now,
            until: now + limits.request_waits_for,
            stage: Stage::Sent,
        });
        while self.state.requests.len() > OPEN_REQUESTS_MAX {
            self.end_request(now, 0, RequestEnd::CrowdedOut);
        }
        Ok(())
    }

    pub(super) fn request_delivered(
        &mut self,
        now: Timestamp,
        limits: &ConsentLimits,
        id: &MessageId,
    ) -> Result<(), Refusal> {
        let index = self.state.open_request(id)?;
        match self.state.requests[index].stage {
            Stage::Sent => self.deliver(now, limits, index),
            Stage::Delivered | Stage::Answered(_) => return Err(Refusal::NothingNew),
        }
        Ok(())
    }

    pub(super) fn request_failed(&mut self, now: Timestamp, id: &MessageId) -> Result<(), Refusal> {
        let index = self.state.open_request(id)?;
        match self.state.requests[index].stage {
            Stage::Sent => self.end_request(now, index, RequestEnd::Undeliverable),
            Stage::Delivered | Stage::Answered(_) => return Err(Refusal::NothingNew),
        }
        Ok(())
    }

    /// The user's word on a request. Requests older than this one are over by it.
    pub(super) fn answer(
        &mut self,
        now: Timestamp,
        limits: &ConsentLimits,
        id: &MessageId,
        answer: Answer,
    ) -> Result<(), Refusal> {
        let index = self.state.open_request(id)?;
        if self.state.holds_already(index, answer) {
            return Err(Refusal::NothingNew);
        }
        // Only a phone that has the request can answer it.
        if self.state.requests[index].stage == Stage::Sent {
            self.deliver(now, limits, index);
        }
        let request = &mut self.state.requests[index];
        if request.stage == Stage::Delivered {
            request.until = now + limits.request_lives_for;
        }
        request.stage = Stage::Answered(answer);

        let request = id.clone();
        let source = Source::Request(id.clone());
        match answer {
            Answer::Temporary => {
                let until = now + limits.temporary_for;
                let reason = Reason::AnsweredTemporary { request, until };
                self.grant(now, Some(until), source, reason);
            }
            Answer::Permanent => {
                self.grant(now, None, source, Reason::AnsweredPermanent { request });
            }
            Answer::Decline => self.decline(now, request),
        }
        for _ in 0..index {
            self.end_request(now, 0, RequestEnd::Superseded);
        }
        Ok(())
    }

    /// The deadline of the request at `index`.
    pub(super) fn request_ran_out(&mut self, at: Timestamp, index: usize) {
        let end = match self.state.requests[index].stage {
            Stage::Sent => RequestEnd::NotDelivered,
            Stage::Delivered => RequestEnd::NotAnswered,
            Stage::Answered(_) => RequestEnd::AnswerSettled,
        };
        self.end_request(at, index, end);
    }

    fn deliver(&mut self, now: Timestamp, limits: &ConsentLimits, index: usize) {
        let request = &mut self.state.requests[index];
        request.stage = Stage::Delivered;
        request.until = now + limits.request_lives_for;
        let request = request.id.clone();
        self.record(now, Reason::RequestDelivered { request });
    }

    fn end_request(&mut self, at: Timestamp, index: usize, end: RequestEnd) {
        let request = self.state.requests.remove(index).id;
        self.record(at, Reason::RequestEnded { request, end });

        let asked_in_vain = match self.state.held {
            Held::Nothing(Lack::Asked { .. }) => !self.state.has_unanswered_request(),
            Held::Nothing(_) | Held::Temporary { .. } | Held::Permanent { .. } => false,
        };
        if asked_in_vain {
            self.state.held = Held::Nothing(Lack::NotAnswered { at });
        }
    }
}

impl State {
    /// The place of the request of that id.
    fn open_request(&self, id: &MessageId) -> Result<usize, Refusal> {
        self.requests
            .iter()
            .position(|request| request.id == *id)
            .ok_or(Refusal::NoSuchRequest)
    }

    fn has_unanswered_request(&self) -> bool {
        self.requests
            .iter()
            .any(|request| !matches!(request.stage, Stage::Answered(_)))
    }

    /// Whether the request was answered so and what is held is due to that. After a grant from
    /// elsewhere, or a revocation, the same answer says something new.
    fn holds_already(&self, index: usize, answer: Answer) -> bool {
        let request = &self.requests[index];
        let due_to_it = |source: &Source| *source == Source::Request(request.id.clone());
        request.stage == Stage::Answered(answer)
            && match (&self.held, answer) {
                (Held::Temporary { grant, .. }, Answer::Temporary)
                | (Held::Permanent { grant }, Answer::Permanent) => due_to_it(&grant.source),
                (Held::Nothing(_), Answer::Decline) => true,
                (Held::Nothing(_), Answer::Temporary | Answer::Permanent)
                | (Held::Temporary { .. }, Answer::Permanent | Answer::Decline)
                | (Held::Permanent { .. }, Answer::Temporary | Answer::Decline) => false,
            }
    }

    /// The limits of requests, the shorter period first.
    pub(super) fn request_limits(&self, now: Timestamp, limits: &ConsentLimits) -> [Limit; 2] {
        [
            Limit::over(&self.asked, now, DAY, limits.requests_per_day),
            Limit::over(&self.asked, now, WEEK, limits.requests_per_week),
        ]
    }

    /// Of the limits that are reached the one that holds longest; one without an end holds longer
    /// than any other.
    fn reached_request_limit(&self, now: Timestamp, limits: &ConsentLimits) -> Option<Limit> {
        self.request_limits(now, limits)
            .into_iter()
            .filter(Limit::is_reached)
            .max_by_key(|limit| (limit.free_at.is_none(), limit.free_at))
    }
}

impl Form {
    /// One lower-case word, for rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FreeForm => "free_form",
            Self::Template => "template",
        }
    }
}

impl RequestEnd {
    /// A few lower-case words joined by `_`, for rows; never changed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Superseded => "superseded",
            Self::AnswerSettled => "answer_settled",
            Self::NotAnswered => "not_answered",
            Self::NotDelivered => "not_delivered",
            Self::Undeliverable => "undeliverable",
            Self::CrowdedOut => "crowded_out",
        }
    }

    pub(super) const fn clause(self) -> &'static str {
        match self {
            Self::Superseded => "the user answered a newer one",
            Self::AnswerSettled => "the time to change the answer has passed",
            Self::NotAnswered => "the user did not answer in time",
            Self::NotDelivered => "no phone of the user could be reached in time",
            Self::Undeliverable => "it could not be delivered",
            Self::CrowdedOut => "too many newer ones are open",
        }
    }
}

impl NoRequest {
    /// The code, where sources disagree on it; where they do not, the variant names it.
    #[must_use]
    pub const fn chosen_code(&self, choices: &ErrorChoices) -> Option<u32> {
        match self {
            Self::Permanent => None,
            Self::WindowClosed => Some(choices.request_outside_window),
            Self::TooMany { .. } => Some(choices.too_many_requests),
        }
    }
}

impl fmt::Display for NoRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permanent => f.write_str(
                "The user has allowed this business number to call for ever. There is nothing to \
                 ask for.",
            ),
            Self::WindowClosed => f.write_str(
                "There is no open customer-service window with this user. Wait for the user to \
                 write or to call, or send the request as a template.",
            ),
            Self::TooMany { limit } => {
                write!(
                    f,
                    "This user was sent {} in {}, and {} is as many as may be. A call that is taken \
                     clears the count.",
                    counted(limit.used, "call permission request"),
                    limit.period_in_words(),
                    limit.max
                )?;
                limit.write_next(f, "request")
            }
        }
    }
}

impl Error for NoRequest {}
