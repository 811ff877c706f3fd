//! The exchange under load, as its clients see it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use types::{CallId, PhoneNumberId, WaId};
use wire::Dialect;
use wire::calls::{CallAction, Recipient};
use wire::client::{auth_header, calls_path, read_connected, read_done};

/// An exchange and one of its numbers.
#[derive(Debug)]
pub(super) struct Exchange {
    http: Client,
    actions: String,
    control: String,
    token: String,
    number: PhoneNumberId,
    app: String,
}

impl Exchange {
    /// Reads the lines that the exchange wrote when it was ready.
    pub(super) fn open(env_file: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(env_file)?;
        let lines: BTreeMap<&str, &str> = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .collect();
        let line = |name: &str| {
            lines
                .get(name)
                .map(|value| (*value).to_owned())
                .ok_or_else(|| {
                    io::Error::other(format!("{} has no line {name}", env_file.display()))
                })
        };
        let number: PhoneNumberId = line("DIALTONE_PHONE_NUMBER_ID")?
            .parse()
            .map_err(io::Error::other)?;
        let graph = line("DIALTONE_GRAPH_URL")?;
        Ok(Self {
            http: Client::builder()
                .no_proxy()
                .build()
                .map_err(io::Error::other)?,
            actions: format!("{graph}{}", calls_path(Dialect::Graph, &number)),
            control: line("DIALTONE_CONTROL_URL")?,
            token: line("DIALTONE_ACCESS_TOKEN")?,
            app: line("DIALTONE_APP_ID")?,
            number,
        })
    }

    /// Has the number's webhooks sent to `callback`.
    pub(super) async fn send_webhooks_to(&self, callback: &str) -> io::Result<()> {
        let subscription = json!({
            "app_id": self.app, "phone_number_id": self.number, "url": callback, "fields": ["calls"],
        });
        self.control(Method::POST, "/subscriptions", Some(&subscription))
            .await?;
        Ok(())
    }

    /// Makes users who may be called.
    pub(super) async fn make_users(&self, users: u32) -> io::Result<()> {
        for index in 0..users {
            let user = wa_id(index);
            let new = json!({ "wa_id": user, "name": "Load", "country": "DE" });
            // They are there already when an earlier run made them.
            let _ = self.control(Method::POST, "/users", Some(&new)).await;
            let path = format!("/consents/{}/{user}", self.number);
            self.control(Method::PUT, &path, Some(&json!({ "granted": true })))
                .await?;
        }
        Ok(())
    }

    /// Gives the number's webhooks back to whoever had them.
    pub(super) async fn leave(&self, callback: &str) -> io::Result<()> {
        let subscriptions = self.control(Method::GET, "/subscriptions", None).await?;
        let rows = subscriptions["data"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for row in rows.iter().filter(|row| row["url"] == *callback) {
            let path = format!("/subscriptions/{}", row["id"]);
            self.control(Method::DELETE, &path, None).await?;
        }
        Ok(())
    }

    /// Calls a user.
    pub(super) async fn connect(&self, user: u32, reference: &str) -> io::Result<CallId> {
        let action = CallAction::Connect {
            to: Recipient::WaId(wa_id(user).parse().map_err(io::Error::other)?),
            offer: OFFER.replace('\n', "\r\n"),
            callback_data: Some(reference.to_owned()),
        };
        let (status, body) = self.act(&action).await?;
        read_connected(status, &body).map_err(io::Error::other)
    }

    /// Ends a call.
    pub(super) async fn terminate(&self, call_id: CallId) -> io::Result<()> {
        let (status, body) = self.act(&CallAction::Terminate { call_id }).await?;
        read_done(status, &body).map_err(io::Error::other)
    }

    async fn act(&self, action: &CallAction) -> io::Result<(u16, Vec<u8>)> {
        let (name, value) = auth_header(Dialect::Graph, &self.token);
        let request = self
            .http
            .post(&self.actions)
            .header(name, value)
            .body(action.to_body());
        let answer = request.send().await.map_err(io::Error::other)?;
        let status = answer.status().as_u16();
        let body = answer.bytes().await.map_err(io::Error::other)?;
        Ok((status, body.to_vec()))
    }

    async fn control(&self, method: Method, path: &str, body: Option<&Value>) -> io::Result<Value> {
        let mut request = self.http.request(method, format!("{}{path}", self.control));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.map_err(io::Error::other)?;
        let status = answer.status();
        let text = answer.text().await.map_err(io::Error::other)?;
        if !status.is_success() {
            return Err(io::Error::other(format!(
                "the control API said {status} to {path}: {text}"
            )));
        }
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }
}

fn wa_id(index: u32) -> String {
    let digits: Result<WaId, _> = format!("4915{:09}", 100_000_000 + index).parse();
    digits.map_or_else(|_| String::new(), |it| it.to_string())
}

/// An offer as a plain client sends it. Nobody answers its checks: the calls end before.
const OFFER: &str = "v=0
o=- 41938414 0 IN IP4 0.0.0.0
s=-
t=0 0
a=group:BUNDLE 0
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=ice-ufrag:load
a=ice-pwd:1166b7ebcddbe813fcf4a8
a=fingerprint:sha-256 C6:30:25:50:81:97:97:04:D7:7D:BC:7E:35:91:0A:A9:B3:86:B1:E2:B2:1D:42:DD:20:DD:80:70:14:B6:AC:48
a=setup:actpass
a=sendrecv
a=mid:0
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=ssrc:624110152 cname:load
";
