//! The WebSocket under a phone's line: opened, kept alive, and opened again when it breaks.
//!
//! What is said while there is no connection is dropped: the machine knows when the line is down and
//! says again what still matters when it is back.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use types::limits::{
    PHONE_CONNECT_WITHIN, PHONE_MESSAGE_BYTES_MAX, PHONE_PING_EVERY, PHONE_QUEUE_MAX,
    PHONE_RECONNECT_WAIT_FIRST, PHONE_RECONNECT_WAIT_MAX, PHONE_SILENCE_MAX,
};
use url::Url;

use crate::config::PhoneConfig;
use crate::line::{FromPhone, ToPhone};

/// A line that is opened again and again until it is closed.
#[derive(Debug)]
pub(crate) struct Link {
    events: mpsc::Receiver<LinkEvent>,
    outgoing: Option<mpsc::Sender<Outgoing>>,
    task: JoinHandle<()>,
}

/// What is to be said.
#[derive(Debug)]
enum Outgoing {
    Message(FromPhone),
    /// A ping that the exchange echoes once it has taken everything before.
    Ping,
}

/// What comes from the line.
#[derive(Debug)]
pub(crate) enum LinkEvent {
    /// The exchange says something.
    Message(ToPhone),
    /// The exchange has taken all that was said before [`Link::ask_for_echo`].
    Echo,
    /// The connection broke or could not be made; it is tried again.
    Down { why: String },
    /// The exchange does not want this phone: it is not tried again.
    Refused { why: String },
}

impl Link {
    pub(crate) fn open(config: &PhoneConfig) -> Self {
        let (to_phone, events) = mpsc::channel(PHONE_QUEUE_MAX);
        let (outgoing, from_phone) = mpsc::channel(PHONE_QUEUE_MAX);
        let keeper = Keeper {
            url: config.line_url(),
            patience: spread(config.wa_id.digits()),
            to_phone,
            from_phone,
        };
        Self {
            events,
            outgoing: Some(outgoing),
            task: tokio::spawn(keeper.run()),
        }
    }

    /// The next event; none after [`LinkEvent::Refused`].
    pub(crate) async fn next(&mut self) -> Option<LinkEvent> {
        self.events.recv().await
    }

    /// Says something, if the line is up.
    pub(crate) fn say(&self, message: FromPhone) {
        if let Some(outgoing) = &self.outgoing
            && outgoing.try_send(Outgoing::Message(message)).is_err()
        {
            tracing::warn!("the line does not keep up: a message of the phone is dropped");
        }
    }

    /// Asks the exchange for one [`LinkEvent::Echo`]; whether it could be asked.
    pub(crate) fn ask_for_echo(&self) -> bool {
        let outgoing = self.outgoing.as_ref();
        outgoing.is_some_and(|outgoing| outgoing.try_send(Outgoing::Ping).is_ok())
    }

    /// Says what is still to be said and closes the line.
    pub(crate) async fn close(mut self) {
        self.outgoing = None;
        // What the exchange still says would otherwise hold the keeper up.
        self.events.close();
        if timeout(CLOSE_WITHIN, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

struct Keeper {
    url: Url,
    /// How much longer than others this phone waits before it tries again, in percent.
    patience: u32,
    to_phone: mpsc::Sender<LinkEvent>,
    from_phone: mpsc::Receiver<Outgoing>,
}

/// Why a connection is over.
enum Over {
    /// The phone closed the line.
    Closed,
    /// It broke.
    Broken {
        why: String,
        /// Whether it had been up for some time.
        held: bool,
    },
}

impl Keeper {
    async fn run(mut self) {
        let mut wait = PHONE_RECONNECT_WAIT_FIRST;
        loop {
            let why = match self.connect().await {
                None => return,
                Some(Err(error)) => match refused(&error) {
                    Some(why) => {
                        self.to_phone.send(LinkEvent::Refused { why }).await.ok();
                        return;
                    }
                    None => said(&error),
                },
                Some(Ok(socket)) => match self.carry(socket).await {
                    Over::Closed => return,
                    Over::Broken { why, held } => {
                        // A line that held for a while is tried again at once.
                        if held {
                            wait = PHONE_RECONNECT_WAIT_FIRST;
                        }
                        why
                    }
                },
            };
            if self.to_phone.send(LinkEvent::Down { why }).await.is_err() {
                return;
            }
            let pause = wait + wait * self.patience / 100;
            if self.pause(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
            wait = (wait * 2).min(PHONE_RECONNECT_WAIT_MAX);
        }
    }

    async fn connect(&mut self) -> Option<Result<Socket, tungstenite::Error>> {
        let limits = WebSocketConfig::default()
            .max_message_size(Some(PHONE_MESSAGE_BYTES_MAX))
            .max_frame_size(Some(PHONE_MESSAGE_BYTES_MAX));
        let url = self.url.to_string();
        // Boxed: making a connection is large, and rare.
        self.pause(Box::pin(async move {
            // Without waiting for more to send: messages are small and somebody waits for each.
            let connecting = connect_async_with_config(url, Some(limits), true);
            match timeout(PHONE_CONNECT_WITHIN, connecting).await {
                Ok(connected) => connected.map(|(socket, _)| socket),
                Err(_) => Err(tungstenite::Error::Io(std::io::ErrorKind::TimedOut.into())),
            }
        }))
        .await
    }

    /// Awaits something while there is no connection; none if the line is closed meanwhile.
    async fn pause<T>(&mut self, what: impl Future<Output = T>) -> Option<T> {
        tokio::pin!(what);
        loop {
            tokio::select! {
                done = &mut what => return Some(done),
                message = self.from_phone.recv() => {
                    message?;
                }
            }
        }
    }

    /// Carries messages both ways until the connection is over.
    async fn carry(&mut self, mut socket: Socket) -> Over {
        let mut ping = interval(PHONE_PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // Pings in all, and those since something was last heard.
        let (mut pings, mut unanswered) = (0_u32, 0_u32);
        loop {
            let done = tokio::select! {
                message = self.from_phone.recv() => match message {
                    None => {
                        socket.close(None).await.ok();
                        return Over::Closed;
                    }
                    Some(Outgoing::Message(message)) => {
                        tracing::debug!(message = ?message, "phone says");
                        let frame = Message::text(message.to_json());
                        socket.send(frame).await.map_err(|error| said(&error))
                    }
                    Some(Outgoing::Ping) => {
                        let frame = Message::Ping(ECHO.into());
                        socket.send(frame).await.map_err(|error| said(&error))
                    }
                },
                frame = socket.next() => {
                    unanswered = 0;
                    match frame {
                        None => Err("the exchange closed the line".to_owned()),
                        Some(Err(error)) => Err(said(&error)),
                        Some(Ok(frame)) => self.take(frame).await,
                    }
                }
                _ = ping.tick() => {
                    pings = pings.saturating_add(1);
                    unanswered += 1;
                    if PHONE_PING_EVERY * unanswered > PHONE_SILENCE_MAX {
                        Err("the exchange does not answer".to_owned())
                    } else {
                        let frame = Message::Ping(Vec::new().into());
                        socket.send(frame).await.map_err(|error| said(&error))
                    }
                }
            };
            if let Err(why) = done {
                // The first ping goes out at once.
                let held = pings > 1;
                return Over::Broken { why, held };
            }
        }
    }

    /// Hands on what the exchange says; why the connection is over, if that is what it says.
    async fn take(&mut self, frame: Message) -> Result<(), String> {
        let text = match frame {
            Message::Text(text) => text,
            Message::Close(reason) => {
                return Err(match reason {
                    Some(reason) if !reason.reason.is_empty() => {
                        format!("the exchange closed the line: {}", reason.reason)
                    }
                    _ => "the exchange closed the line".to_owned(),
                });
            }
            Message::Pong(payload) if payload[..] == *ECHO => {
                self.to_phone.send(LinkEvent::Echo).await.ok();
                return Ok(());
            }
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
                return Ok(());
            }
        };
        match ToPhone::parse(&text) {
            Ok(message) => {
                tracing::debug!(message = ?message, "exchange says");
                // The phone is going away: what the exchange says does not matter any more, but
                // what is queued is still to be sent.
                self.to_phone.send(LinkEvent::Message(message)).await.ok();
            }
            // A later exchange may know messages that this phone does not.
            Err(error) => tracing::warn!(%error, "the phone passes over a message"),
        }
        Ok(())
    }
}

/// Why the exchange does not want this phone, if that is what the error says.
fn refused(error: &tungstenite::Error) -> Option<String> {
    let tungstenite::Error::Http(response) = error else {
        return None;
    };
    match response.status().as_u16() {
        401 | 403 => Some("the exchange knows no user with this WhatsApp id and token".to_owned()),
        404 => Some("there is no phone line at this address: is it an exchange?".to_owned()),
        _ => None,
    }
}

/// The error as half a sentence, without the address, which has the token in it.
fn said(error: &tungstenite::Error) -> String {
    match error {
        tungstenite::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            "nothing answers at the exchange's address".to_owned()
        }
        tungstenite::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
            "the exchange does not answer in time".to_owned()
        }
        tungstenite::Error::Io(error) => format!("the connection failed: {}", error.kind()),
        tungstenite::Error::Http(response) => {
            format!("the exchange answers {}", response.status().as_u16())
        }
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => {
            "the connection was closed".to_owned()
        }
        tungstenite::Error::Protocol(error) => format!("the connection broke: {error}"),
        tungstenite::Error::Capacity(_) => "a message was too long".to_owned(),
        tungstenite::Error::Tls(_) => "no secure connection could be made".to_owned(),
        _ => "the connection broke".to_owned(),
    }
}

/// Phones that lost their exchange together come back one after the other: 0 to 49 percent.
fn spread(digits: &str) -> u32 {
    digits
        .bytes()
        .fold(0, |sum: u32, digit| sum.wrapping_mul(31) + u32::from(digit))
        % 50
}

/// What such a ping carries; those that keep the line alive carry nothing.
const ECHO: &[u8] = b"echo";
/// How long the exchange may take to say goodbye.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
