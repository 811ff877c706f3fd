//! Places a call from the terminal: asks a running gateway, tells what happens as it happens, and
//! fetches the recording.
//!
//! It speaks to the gateway's API as anybody may ([`crate::api`]): the webhooks of a call go to the
//! gateway, so there must be one that runs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::api::{ErrorBody, ErrorDetail, PlaceCall};
use crate::handlers::{HandlerKind, HandlerSpec};
use crate::pause::before_another_attempt;
use crate::story::{CallView, StoryEvent, StoryLine};

/// A call that is to be placed through a running gateway.
#[derive(Debug, Clone)]
pub struct Order {
    /// Where the gateway is, such as `http://127.0.0.1:7090`.
    pub gateway: Url,
    /// Its API token, if it has one.
    pub token: Option<SecretString>,
    /// The call.
    pub call: PlaceCall,
    /// A WAV or Ogg Opus file of this machine to play, in place of a handler.
    pub play: Option<PathBuf>,
    /// Where to write the recording: both sides as WAV, or the user's side if the name ends in `.ogg`.
    pub record: Option<PathBuf>,
}

/// What became of a call, for whoever started the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was answered, and then one side hung up.
    Talked,
    /// Nobody answered.
    NotAnswered,
    /// The user declined.
    Declined,
    /// The user has not allowed this business to call.
    NoPermission,
    /// The platform refused.
    Refused,
    /// Nobody knows whether it was placed.
    Unclear,
    /// It failed on the way, or was ended from here before it was answered.
    Failed,
}

/// Why there is no fate to tell.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// The gateway cannot be reached.
    #[error(
        "the gateway at {gateway} cannot be reached: {why}; is it running? (`dialtone gateway`)"
    )]
    Unreachable {
        /// Where it should be.
        gateway: Url,
        /// What the network said.
        why: String,
    },
    /// The gateway does not take the order.
    #[error("the gateway refuses: {0}")]
    Refused(String),
    /// The gateway does not answer as a gateway does.
    #[error("{0} does not answer as a gateway does")]
    NotAGateway(Url),
    /// This machine cannot make an HTTP client.
    #[error("the HTTP client could not be made: {0}")]
    Client(String),
    /// A file of this machine cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
}

impl Fate {
    /// The exit code for it: 0 talked, 10 not answered, 11 declined, 12 no permission, 13 refused,
    /// 14 unclear, 15 failed.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Talked => 0,
            Self::NotAnswered => 10,
            Self::Declined => 11,
            Self::NoPermission => 12,
            Self::Refused => 13,
            Self::Unclear => 14,
            Self::Failed => 15,
        }
    }

    fn of(outcome: &str) -> Self {
        match outcome {
            "hung_up" => Self::Talked,
            "not_answered" => Self::NotAnswered,
            "declined" => Self::Declined,
            "no_permission" => Self::NoPermission,
            "refused" | "full" => Self::Refused,
            "unclear" => Self::Unclear,
            _ => Self::Failed,
        }
    }
}

/// Places the call and follows it to its end. `say` gets each line of what happens; `hang_up` ends the
/// call when it is cancelled.
///
/// # Errors
///
/// If the gateway cannot be asked, or a file cannot be read or written. That a call fails is no error
/// but its [`Fate`].
pub async fn place(
    order: Order,
    hang_up: CancellationToken,
    mut say: impl FnMut(&str),
) -> Result<Fate, OrderError> {
    let gateway = Remote::new(&order)?;
    let mut call = order.call.clone();
    let handler = gateway.handler(&order).await?;
    call.handler = handler.or(call.handler);
    let view = match gateway.place(&call).await? {
        Ok(view) => view,
        Err(refused) => {
            say(&refused.message);
            return Ok(Fate::of(&refused.code));
        }
    };
    let fate = gateway.follow(&view, &hang_up, &mut say).await?;
    if let Some(path) = &order.record {
        if gateway.fetch_recording(&view, path).await? {
            say(&format!("the recording is in {}", path.display()));
        } else {
            say("nothing was recorded: the call was not answered");
        }
    }
    Ok(fate)
}

/// A gateway somewhere.
struct Remote {
    client: reqwest::Client,
    base: Url,
    token: Option<SecretString>,
}

impl Remote {
    fn new(order: &Order) -> Result<Self, OrderError> {
        let client = reqwest::Client::builder().no_proxy().build();
        Ok(Self {
            client: client.map_err(|error| OrderError::Client(error.to_string()))?,
            base: order.gateway.clone(),
            token: order.token.clone(),
        })
    }

    /// The handler that the order's files make, if it has any.
    async fn handler(&self, order: &Order) -> Result<Option<HandlerSpec>, OrderError> {
        let mut handler = order.call.handler.clone();
        if let Some(path) = &order.play {
            let file = self.upload(path).await?;
            handler = Some(HandlerSpec {
                kind: HandlerKind::Play,
                file: Some(file),
                ..handler.unwrap_or_default()
            });
        }
        if order.record.is_some() {
            let silent = HandlerSpec {
                kind: HandlerKind::Record,
                ..HandlerSpec::default()
            };
            handler = Some(HandlerSpec {
                record: true,
                ..handler.unwrap_or(silent)
            });
        }
        Ok(handler)
    }

    /// Gives the gateway a file under a name made of what is in it, so that the same file is one sound.
    async fn upload(&self, path: &Path) -> Result<String, OrderError> {
        let bytes = tokio::fs::read(path)
            .await
            .map_err(|error| OrderError::File {
                path: path.to_owned(),
                error,
            })?;
        let digest = Sha256::digest(&bytes);
        let name = digest[..8]
            .iter()
            .fold("call-".to_owned(), |name, byte| format!("{name}{byte:02x}"));
        let request = self.request(reqwest::Method::PUT, &["sounds", &name]);
        let answer = self.send(request.body(bytes)).await?;
        if answer.status().is_success() {
            return Ok(name);
        }
        Err(OrderError::Refused(self.error(answer).await?.message))
    }

    async fn place(&self, call: &PlaceCall) -> Result<Result<CallView, ErrorDetail>, OrderError> {
        let request = self.request(reqwest::Method::POST, &["calls"]);
        let answer = self.send(request.json(call)).await?;
        let status = answer.status();
        if status.is_success() {
            return self.read(answer).await.map(Ok);
        }
        let error = self.error(answer).await?;
        if error.reference.is_some() || error.code == "full" {
            return Ok(Err(error));
        }
        Err(OrderError::Refused(error.message))
    }

    /// Tells the call's story to its end. A broken line is taken up again where it broke.
    async fn follow(
        &self,
        call: &CallView,
        hang_up: &CancellationToken,
        say: &mut impl FnMut(&str),
    ) -> Result<Fate, OrderError> {
        let mut after = 0;
        let mut breaks = 0;
        let mut asked_to_end = false;
        loop {
            let after_now = after.to_string();
            let request = self.request(reqwest::Method::GET, &["calls", &call.reference, "events"]);
            let mut answer = self.send(request.query(&[("after", after_now)])).await?;
            if !answer.status().is_success() {
                return Err(OrderError::Refused(self.error(answer).await?.message));
            }
            let mut lines = SseLines::default();
            loop {
                let piece = tokio::select! {
                    piece = answer.chunk() => piece,
                    () = hang_up.cancelled(), if !asked_to_end => {
                        asked_to_end = true;
                        say("hanging up");
                        self.hang_up(call).await?;
                        continue;
                    }
                };
                let Ok(Some(piece)) = piece else {
                    break;
                };
                for line in lines.read(&piece) {
                    after = line.number;
                    breaks = 0;
                    say(&sentence(call.started_ms, &line));
                    if let StoryEvent::Ended { outcome, .. } = &line.event {
                        return Ok(Fate::of(outcome));
                    }
                }
            }
            breaks += 1;
            if breaks > BREAKS_MAX {
                return Err(self.unreachable("the story of the call breaks off again and again"));
            }
            before_another_attempt(BREAK_PAUSE).await;
        }
    }

    async fn hang_up(&self, call: &CallView) -> Result<(), OrderError> {
        let path = ["calls", &call.reference, "hangup"];
        let request = self.request(reqwest::Method::POST, &path);
        // Over already is as good.
        self.send(request).await.map(drop)
    }

    /// Writes the recording to `path`; false if there is none.
    async fn fetch_recording(&self, call: &CallView, path: &Path) -> Result<bool, OrderError> {
        let ogg = path.extension().is_some_and(|ending| ending == "ogg");
        let side = if ogg { "user" } else { "both" };
        let place = ["calls", &call.reference, "recording"];
        let request = self.request(reqwest::Method::GET, &place);
        let mut answer = self.send(request.query(&[("side", side)])).await?;
        if answer.status() == http::StatusCode::NOT_FOUND {
            return Ok(false);
        }
        if !answer.status().is_success() {
            return Err(OrderError::Refused(self.error(answer).await?.message));
        }
        let failed = |error| OrderError::File {
            path: path.to_owned(),
            error,
        };
        let mut file = tokio::fs::File::create(path).await.map_err(failed)?;
        while let Some(piece) = answer.chunk().await.map_err(|error| self.lost(error))? {
            tokio::io::AsyncWriteExt::write_all(&mut file, &piece)
                .await
                .map_err(failed)?;
        }
        tokio::io::AsyncWriteExt::flush(&mut file)
            .await
            .map_err(failed)?;
        Ok(true)
    }

    fn request(&self, method: reqwest::Method, path: &[&str]) -> reqwest::RequestBuilder {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments
                .pop_if_empty()
                .extend(["gateway", "v1"])
                .extend(path);
        }
        let request = self.client.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        }
    }

    async fn send(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, OrderError> {
        request.send().await.map_err(|error| self.lost(error))
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        answer: reqwest::Response,
    ) -> Result<T, OrderError> {
        let not_a_gateway = |_| OrderError::NotAGateway(self.base.clone());
        answer.json().await.map_err(not_a_gateway)
    }

    async fn error(&self, answer: reqwest::Response) -> Result<ErrorDetail, OrderError> {
        let body: ErrorBody = self.read(answer).await?;
        Ok(body.error)
    }

    fn lost(&self, error: reqwest::Error) -> OrderError {
        let error = error.without_url();
        let mut cause: &dyn std::error::Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        self.unreachable(&cause.to_string())
    }

    fn unreachable(&self, why: &str) -> OrderError {
        OrderError::Unreachable {
            gateway: self.base.clone(),
            why: why.to_owned(),
        }
    }
}

/// Reads story lines out of server-sent events that come in pieces.
#[derive(Debug, Default)]
struct SseLines {
    rest: Vec<u8>,
}

impl SseLines {
    fn read(&mut self, piece: &[u8]) -> Vec<StoryLine> {
        self.rest.extend_from_slice(piece);
        let mut lines = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let data = line.strip_prefix(b"data:");
            lines.extend(data.and_then(|data| serde_json::from_slice(data).ok()));
        }
        lines
    }
}

/// A line of a story as it is said in a terminal.
fn sentence(started_ms: u64, line: &StoryLine) -> String {
    let secs = line.at_ms.saturating_sub(started_ms) as f64 / 1_000.0;
    let what = match &line.event {
        StoryEvent::Began { .. } => "calling".to_owned(),
        StoryEvent::Placed { call_id } => format!("the platform has the call: {call_id}"),
        StoryEvent::Connected => "media is connected".to_owned(),
        StoryEvent::Ringing => "the user's phone rings".to_owned(),
        StoryEvent::Answered => "answered".to_owned(),
        StoryEvent::Digit { digit } => format!("the user pressed {digit}"),
        StoryEvent::Ended {
            outcome,
            blame,
            code,
            reason,
            talked_ms,
        } => {
            let talked = *talked_ms as f64 / 1_000.0;
            let code = code.map_or_else(String::new, |code| format!(", code {code}"));
            let reason = reason
                .as_ref()
                .map_or_else(String::new, |it| format!(": {it}"));
            let words = outcome.replace('_', " ");
            format!("over: {words} ({blame}{code}), talked {talked:.1} s{reason}")
        }
    };
    format!("{secs:7.2} s  {what}")
}

const BREAKS_MAX: u32 = 5;
const BREAK_PAUSE: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests;
