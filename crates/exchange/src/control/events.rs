//! The event stream: everything that was decided, in the order of commits, as server-sent events.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event as SseEvent, KeepAlive};
use futures_util::stream::{self, Stream};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use store::events::Event as Row;
use types::limits::PAGE_ROWS_MAX;
use types::{CallId, EventId, PhoneNumberId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Control;
use super::body::Query;
use super::error::{ControlError, ControlErrorCode as Code, ErrorBody};
use crate::desk;

pub(super) fn router() -> OpenApiRouter<Control> {
    OpenApiRouter::new().routes(routes!(follow))
}

/// One entry of the stream, as the `data` of a server-sent event.
#[derive(Debug, Serialize, ToSchema)]
struct Event<'a> {
    /// Its place in the stream.
    #[schema(value_type = u64)]
    id: EventId,
    /// When it happened, in milliseconds since the Unix epoch.
    at_ms: u64,
    /// What happened, such as `call.ringing`.
    #[schema(example = "call.ringing")]
    kind: &'a str,
    /// The business number that it is about, if any.
    #[schema(value_type = Option<String>)]
    phone_number_id: Option<&'a PhoneNumberId>,
    /// The call that it is about, if any.
    #[schema(value_type = Option<String>)]
    call_id: Option<&'a CallId>,
    /// More about it.
    #[schema(value_type = Object)]
    detail: Box<RawValue>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct From {
    /// Begin behind this entry; 0 begins with the oldest that is kept. Without it, and without a
    /// `Last-Event-ID` header, only what happens from now on is sent.
    after: Option<u64>,
}

/// Follows the event stream. It does not end; a client that comes back says what it saw last by
/// `after` or by the header `Last-Event-ID`, which browsers send by themselves.
#[utoipa::path(get, path = "/events", tag = "events",
    responses((status = 200, body = Event<'_>, content_type = "text/event-stream"),
        (status = "4XX", body = ErrorBody)))]
async fn follow(
    State(control): State<Control>,
    headers: HeaderMap,
    Query(from): Query<From>,
) -> Result<Sse<impl Stream<Item = Result<SseEvent, Infallible>>>, ControlError> {
    let after = match from
        .after
        .map_or_else(|| last_seen(&headers), |id| Ok(Some(id)))?
    {
        Some(id) => EventId(id),
        None => control.desk.run(desk::events::last).await?,
    };
    let records = control.desk.agenda().borrow().records;
    let reader = Reader {
        control,
        after,
        records,
    };
    let rows = stream::unfold(reader, Reader::next_batch);
    let events = futures_util::StreamExt::flat_map(rows, stream::iter);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// A reader reads committed rows at its own pace: a slow one holds nothing up and misses nothing that
/// is still kept.
struct Reader {
    control: Control,
    after: EventId,
    /// Which records `after` is of.
    records: u64,
}

impl Reader {
    async fn next_batch(mut self) -> Option<(Vec<Result<SseEvent, Infallible>>, Self)> {
        loop {
            // Looked at before reading, so that nothing that is added in between is slept over.
            let mut agenda = self.control.desk.agenda();
            let records = agenda.borrow_and_update().records;
            if records != self.records {
                // All records were replaced, and the stream with them: it is read from its beginning.
                (self.records, self.after) = (records, EventId(0));
            }
            let after = self.after;
            let rows = self
                .control
                .desk
                .run_patiently(move |turn| desk::events::list(turn, after, PAGE_ROWS_MAX))
                .await
                .ok()?;
            if let Some(last) = rows.last() {
                self.after = last.id;
                return Some((rows.iter().map(|row| Ok(event(row))).collect(), self));
            }
            tokio::select! {
                changed = agenda.wait_for(|agenda| agenda.last_event > after || agenda.records != records) => { changed.ok()?; }
                () = self.control.closing.cancelled() => return None,
            }
        }
    }
}

fn event(row: &Row) -> SseEvent {
    let event = Event {
        id: row.id,
        at_ms: row.at.as_millis(),
        kind: &row.kind,
        phone_number_id: row.number.as_ref(),
        call_id: row.call.as_ref(),
        detail: RawValue::from_string(row.detail.clone()).unwrap_or_default(),
    };
    let sse = SseEvent::default().id(row.id.to_string()).event(&row.kind);
    let data = serde_json::to_string(&event).unwrap_or_default();
    sse.data(data)
}

fn last_seen(headers: &HeaderMap) -> Result<Option<u64>, ControlError> {
    let Some(header) = headers.get("last-event-id") else {
        return Ok(None);
    };
    let id = header
        .to_str()
        .ok()
        .and_then(|text| text.trim().parse().ok());
    id.map(Some).ok_or_else(|| {
        ControlError::new(
            Code::BadQuery,
            "Last-Event-ID is the id of an event: a whole number.",
        )
    })
}
