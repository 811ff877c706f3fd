//! Stories of calls, line by line as they happen.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro qualifies what it is given"
)]

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};
use serde::Deserialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use utoipa::IntoParams;

use super::Api;
use super::answer::{ErrorBody, Problem};
use super::calls::view;
use crate::board::CallRef;
use crate::desk::Desk;
use crate::story::StoryLine;

/// From where.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    /// Only lines after the one of this number. Without it a call's story begins at its beginning, and
    /// that of all calls now.
    after: Option<u64>,
}

/// A call's story as server-sent events, one JSON object each, until the call is over.
#[utoipa::path(
    get, path = "/calls/{call}/events", tag = "calls",
    params(
        ("call" = String, Path, description = "The gateway's reference, or the platform's id"),
        Since
    ),
    responses(
        (status = 200, description = "The story", content_type = "text/event-stream", body = StoryLine),
        (status = 404, description = "There is no such call", body = ErrorBody),
    )
)]
pub(crate) async fn follow(
    State(api): State<Api>,
    Path(name): Path<String>,
    since: Result<Query<Since>, QueryRejection>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let Query(since) = since.map_err(|error| Problem::bad_request(error.body_text()))?;
    let live = api.desk.listen();
    let call = view(&api, name).await?;
    let call: CallRef = call
        .reference
        .parse()
        .map_err(|_| Problem::unknown_call())?;
    let story = Follow::one(api.desk.clone(), call, since.after.unwrap_or(0), live).await?;
    Ok(sse(story))
}

/// The stories of all calls as server-sent events, one JSON object each, without an end.
#[utoipa::path(
    get, path = "/events", tag = "calls", params(Since),
    responses(
        (status = 200, description = "The stories", content_type = "text/event-stream", body = StoryLine),
    )
)]
pub(crate) async fn follow_all(
    State(api): State<Api>,
    since: Result<Query<Since>, QueryRejection>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let Query(since) = since.map_err(|error| Problem::bad_request(error.body_text()))?;
    let story = Follow::all(api.desk.clone(), since.after).await?;
    Ok(sse(story))
}

fn sse(story: Follow) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let lines = stream::unfold(story, |mut story| async move {
        // A desk that cannot be reached ends the stream; the reader comes back with `after`.
        let line = story.next().await.ok()??;
        let data = serde_json::to_string(&line).unwrap_or_default();
        let event = Event::default().id(line.number.to_string()).data(data);
        Some((Ok(event), story))
    });
    Sse::new(lines).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// Reads one call's story or that of all, first what is written, then what happens.
pub(super) struct Follow {
    desk: Desk,
    /// None for all calls.
    call: Option<CallRef>,
    after: u64,
    written: VecDeque<StoryLine>,
    /// There may be more written lines than were read.
    more: bool,
    live: broadcast::Receiver<(CallRef, StoryLine)>,
    over: bool,
}

impl Follow {
    /// One call's story. `live` must have been subscribed before the call was looked up.
    pub(super) async fn one(
        desk: Desk,
        call: CallRef,
        after: u64,
        live: broadcast::Receiver<(CallRef, StoryLine)>,
    ) -> Result<Self, Problem> {
        let mut follow = Self::new(desk, Some(call), after, live);
        follow.read().await?;
        Ok(follow)
    }

    /// The stories of all calls, from now on or after a line that was read before.
    async fn all(desk: Desk, after: Option<u64>) -> Result<Self, Problem> {
        let live = desk.listen();
        let mut follow = Self::new(desk, None, after.unwrap_or(0), live);
        if after.is_some() {
            follow.read().await?;
        }
        Ok(follow)
    }

    const fn new(
        desk: Desk,
        call: Option<CallRef>,
        after: u64,
        live: broadcast::Receiver<(CallRef, StoryLine)>,
    ) -> Self {
        Self {
            desk,
            call,
            after,
            written: VecDeque::new(),
            more: false,
            live,
            over: false,
        }
    }

    /// The next line; none after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<StoryLine>, Problem> {
        loop {
            if self.over {
                return Ok(None);
            }
            if let Some(line) = self.written.pop_front() {
                self.after = line.number;
                self.over = self.call.is_some() && line.event.is_end();
                return Ok(Some(line));
            }
            if self.more {
                self.read().await?;
                continue;
            }
            match self.live.recv().await {
                Ok((call, line)) => {
                    let wanted = self.call.is_none_or(|wanted| wanted == call);
                    if wanted && line.number > self.after {
                        self.written.push_back(line);
                    }
                }
                Err(RecvError::Lagged(_)) => self.read().await?,
                Err(RecvError::Closed) => return Ok(None),
            }
        }
    }

    async fn read(&mut self) -> Result<(), Problem> {
        let (call, after) = (self.call.map(|call| call.to_string()), self.after);
        let rows = self
            .desk
            .read(move |inbox| inbox.story(call.as_deref(), after, READ_ROWS_MAX))
            .await??;
        self.more = rows.len() == READ_ROWS_MAX as usize;
        self.written = rows.iter().filter_map(StoryLine::from_row).collect();
        Ok(())
    }
}

const KEEP_ALIVE: Duration = Duration::from_secs(15);
const READ_ROWS_MAX: u32 = 500;
