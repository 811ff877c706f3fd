//! A call's story, line by line as it happens.

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
    /// Only lines after the one of this number.
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
    let story = Follow::after(api.desk.clone(), call, since.after.unwrap_or(0), live).await?;
    let lines = stream::unfold(story, |mut story| async move {
        // A desk that cannot be reached ends the stream; the reader comes back with `after`.
        let line = story.next().await.ok()??;
        let data = serde_json::to_string(&line).unwrap_or_default();
        let event = Event::default().id(line.number.to_string()).data(data);
        Some((Ok(event), story))
    });
    Ok(Sse::new(lines).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// Reads one call's story, first what is written, then what happens.
pub(super) struct Follow {
    desk: Desk,
    call: CallRef,
    after: u64,
    written: VecDeque<StoryLine>,
    live: broadcast::Receiver<(CallRef, StoryLine)>,
    over: bool,
}

impl Follow {
    /// `live` must have been subscribed before the call was looked up.
    pub(super) async fn after(
        desk: Desk,
        call: CallRef,
        after: u64,
        live: broadcast::Receiver<(CallRef, StoryLine)>,
    ) -> Result<Self, Problem> {
        let mut follow = Self {
            desk,
            call,
            after,
            written: VecDeque::new(),
            live,
            over: false,
        };
        follow.read().await?;
        Ok(follow)
    }

    /// The next line; none after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<StoryLine>, Problem> {
        loop {
            if self.over {
                return Ok(None);
            }
            if let Some(line) = self.written.pop_front() {
                self.after = line.number;
                self.over = line.event.is_end();
                return Ok(Some(line));
            }
            match self.live.recv().await {
                Ok((call, line)) if call == self.call && line.number > self.after => {
                    self.written.push_back(line);
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => self.read().await?,
                Err(RecvError::Closed) => return Ok(None),
            }
        }
    }

    async fn read(&mut self) -> Result<(), Problem> {
        let (call, after) = (self.call.to_string(), self.after);
        let rows = self
            .desk
            .read(move |inbox| inbox.story(&call, after))
            .await??;
        self.written = rows.iter().filter_map(StoryLine::from_row).collect();
        Ok(())
    }
}

const KEEP_ALIVE: Duration = Duration::from_secs(15);
