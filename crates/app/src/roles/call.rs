//! `dialtone call`: a call from the business's side, placed through a gateway that runs and told
//! line by line.

use std::path::Path;

use gateway::api::PlaceCall;
use gateway::story::{CallView, StoryEvent, StoryLine};
use reqwest::{Client, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::cli::call::Call;
use crate::failure::Failure;

/// Places the call and follows it to its end.
///
/// # Errors
///
/// When the gateway cannot be reached, refuses the call, or the call is not answered.
pub async fn run(asked: Call, stop: CancellationToken) -> Result<(), Failure> {
    let gateway = Gateway::new(&asked)?;
    let sound = match &asked.play {
        Some(file) => Some(gateway.keep_sound(file).await?),
        None => None,
    };
    let wish = PlaceCall {
        to: asked.to.clone(),
        handler: Some(asked.handler(sound)),
        callback_data: None,
    };
    let placing = gateway.post("/calls").json(&wish);
    let call: CallView = gateway.ask(placing).await?;
    let end = follow(&gateway, &call.reference, stop).await?;
    if let Some(file) = &asked.record {
        gateway.fetch_recording(&call.reference, file).await?;
    }
    match end {
        Some(StoryEvent::Ended { talked_ms, .. }) if talked_ms > 0 => Ok(()),
        Some(StoryEvent::Ended { outcome, .. }) => Err(Failure::running(format!(
            "the call was not answered: {outcome}"
        ))),
        _ => Err(Failure::running("the gateway went away during the call")),
    }
}

/// Tells the call's story as it happens, and gives its last line. `stop` hangs up.
async fn follow(
    gateway: &Gateway,
    call: &str,
    stop: CancellationToken,
) -> Result<Option<StoryEvent>, Failure> {
    let request = gateway.get(&format!("/calls/{call}/events"));
    let mut answer = gateway.checked(request).await?;
    let mut waiting = Vec::new();
    let mut last = None;
    let mut hung_up = false;
    loop {
        let chunk = tokio::select! {
            chunk = answer.chunk() => chunk,
            () = stop.cancelled(), if !hung_up => {
                hung_up = true;
                let _ = gateway.checked(gateway.post(&format!("/calls/{call}/hangup"))).await?;
                continue;
            }
        };
        let Some(chunk) = chunk.map_err(|error| unreachable_gateway(&gateway.base, &error))? else {
            return Ok(last);
        };
        waiting.extend_from_slice(&chunk);
        while let Some(end) = waiting.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = waiting.drain(..=end).collect();
            let Some(data) = line.strip_prefix(b"data:") else {
                continue;
            };
            let line: StoryLine = serde_json::from_slice(data)
                .map_err(|error| Failure::running(format!("the gateway's story: {error}")))?;
            println!("{}", sentence(&line.event));
            last = Some(line.event);
        }
    }
}

/// A line of the story, for a person.
fn sentence(event: &StoryEvent) -> String {
    match event {
        StoryEvent::Began { .. } => "calling".to_owned(),
        StoryEvent::Placed { call_id } => format!("the platform has the call: {call_id}"),
        StoryEvent::Connected => "media is connected".to_owned(),
        StoryEvent::Ringing => "it rings".to_owned(),
        StoryEvent::Answered => "answered".to_owned(),
        StoryEvent::Digit { digit } => format!("the user pressed {digit}"),
        StoryEvent::Ended {
            outcome,
            blame,
            reason,
            talked_ms,
            ..
        } => {
            let reason = reason
                .as_ref()
                .map(|it| format!(": {it}"))
                .unwrap_or_default();
            let seconds = talked_ms / 1_000;
            format!("ended by {blame}, {outcome}, after {seconds} s{reason}")
        }
    }
}

/// The API of a gateway.
struct Gateway {
    client: Client,
    base: String,
    token: Option<crate::secret::Secret>,
}

impl Gateway {
    fn new(asked: &Call) -> Result<Self, Failure> {
        let client = Client::builder()
            .build()
            .map_err(|error| Failure::running(format!("HTTP: {error}")))?;
        let base = asked.gateway.as_str().trim_end_matches('/');
        Ok(Self {
            client,
            base: format!("{base}/gateway/v1"),
            token: asked.token.clone(),
        })
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base))
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base))
    }

    /// Gives the gateway a file to play, and the name that it keeps it under.
    async fn keep_sound(&self, file: &Path) -> Result<String, Failure> {
        let wrong =
            |error: std::io::Error| Failure::running(format!("{}: {error}", file.display()));
        let bytes = tokio::fs::read(file).await.map_err(wrong)?;
        let name: String = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '.' {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        let name = name.trim_start_matches('.').to_owned();
        let put = self.client.put(format!("{}/sounds/{name}", self.base));
        self.checked(put.body(bytes)).await?;
        Ok(name)
    }

    async fn fetch_recording(&self, call: &str, file: &Path) -> Result<(), Failure> {
        let request = self.get(&format!("/calls/{call}/recording?side=both"));
        let answer = self.checked(request).await?;
        let bytes = answer
            .bytes()
            .await
            .map_err(|error| unreachable_gateway(&self.base, &error))?;
        tokio::fs::write(file, bytes)
            .await
            .map_err(|error| Failure::running(format!("{}: {error}", file.display())))?;
        println!("both sides are in {}", file.display());
        Ok(())
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failure> {
        let answer = self.checked(request).await?;
        answer
            .json()
            .await
            .map_err(|error| Failure::running(format!("the gateway's answer: {error}")))
    }

    /// Sends a request; an answer that is a refusal becomes its message.
    async fn checked(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token.reveal()),
            None => request,
        };
        let answer = request
            .send()
            .await
            .map_err(|error| unreachable_gateway(&self.base, &error))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or_default();
        let message = body["error"]["message"]
            .as_str()
            .unwrap_or("no reason given");
        Err(Failure::running(format!(
            "the gateway says {status}: {message}"
        )))
    }
}

fn unreachable_gateway(base: &str, error: &reqwest::Error) -> Failure {
    let what = if error.is_connect() {
        "; is a gateway running there? `dialtone dev` starts one"
    } else {
        ""
    };
    Failure::running(format!("{base} cannot be reached{what} ({error})"))
}
