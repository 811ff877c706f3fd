//! An exchange that says what the test tells it to, with real media; and phones that are its.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use media::audio::{Handset, HandsetControl, HandsetEvent, Mouthpiece, Tape};
use media_io::{Address, Feed, LegWish, MediaIo, MediaIoConfig, Ports};
use phone::line::{Business, FromPhone, ToPhone};
use phone::story::StoryEvent;
use phone::{Phone, PhoneClock, PhoneConfig, PhoneHandle, PhoneMedia, Script};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};
use types::{CallId, LegId, Timestamp};

/// The exchange and what phones need.
pub(crate) struct World {
    listener: TcpListener,
    media: MediaIo,
    phones: Arc<PhoneMedia>,
    pub(crate) clock: Arc<TurnedClock>,
}

/// The exchange's end of a phone's line.
pub(crate) struct Line(WebSocketStream<TcpStream>);

/// The exchange's leg of a call, which stands for the business too.
pub(crate) struct Leg {
    pub(crate) leg: LegId,
    pub(crate) sdp: String,
    pub(crate) heard: Tape,
    pub(crate) control: HandsetControl,
    pub(crate) events: mpsc::UnboundedReceiver<HandsetEvent>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let config = |ports, seed| MediaIoConfig {
            addresses: vec![Address::plain(IpAddr::V4(Ipv4Addr::LOCALHOST))],
            ports,
            workers: 1,
            seed: [seed; 32],
        };
        Self {
            listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
            media: MediaIo::start(config(Ports::Shared(0), 1), |_| {}).unwrap(),
            phones: PhoneMedia::start(config(Ports::PerLeg(0..=0), 2)).unwrap(),
            clock: Arc::new(TurnedClock::default()),
        }
    }

    pub(crate) async fn phone(&self, script: &str) -> PhoneHandle {
        let port = self.listener.local_addr().unwrap().port();
        let config = PhoneConfig::new(
            format!("http://127.0.0.1:{port}").parse().unwrap(),
            "14085551234".parse().unwrap(),
            "secret".to_owned(),
        );
        let script = Script::from_toml(script).unwrap();
        let clock: Arc<dyn PhoneClock> = self.clock.clone();
        Phone::start(config.unwrap(), script, self.phones.clone(), clock)
            .await
            .unwrap()
    }

    /// Takes the next phone that comes.
    pub(crate) async fn accept(&self) -> Line {
        let (stream, _) = soon(self.listener.accept()).await.unwrap();
        let check = |request: &Request, response: Response| {
            let uri = request.uri();
            assert_eq!(uri.path(), phone::line::LINE_PATH);
            assert_eq!(uri.query(), Some("wa_id=14085551234&token=secret"));
            Ok(response)
        };
        Line(soon(accept_hdr_async(stream, check)).await.unwrap())
    }

    /// Sends the next phone that comes away.
    pub(crate) async fn refuse(&self, status: u16) {
        let (stream, _) = soon(self.listener.accept()).await.unwrap();
        let refuse = |_: &Request, _: Response| {
            let mut refusal = ErrorResponse::new(None);
            *refusal.status_mut() = status.try_into().unwrap();
            Err(refusal)
        };
        soon(accept_hdr_async(stream, refuse)).await.unwrap_err();
    }

    /// A leg that offers, for a call that rings.
    pub(crate) fn offer(&self, mouthpiece: Mouthpiece) -> Leg {
        let prepared = self.media.prepare_offer(LegWish::meta(1)).unwrap();
        self.adopt(prepared, mouthpiece)
    }

    /// A leg that answers, for a call that was dialled.
    pub(crate) fn answer(&self, offer: &str, mouthpiece: Mouthpiece) -> Leg {
        let prepared = self.media.prepare_answer(offer, LegWish::meta(1)).unwrap();
        self.adopt(prepared, mouthpiece)
    }

    pub(crate) fn apply_answer(&self, leg: LegId, sdp: String) {
        self.media.apply_answer(leg, sdp);
    }

    fn adopt(&self, prepared: media_io::PreparedLeg, mouthpiece: Mouthpiece) -> Leg {
        let (leg, sdp) = (prepared.id, prepared.sdp.clone());
        let (sender, events) = mpsc::unbounded_channel();
        let (handset, control) = Handset::new(mouthpiece, move |event| {
            sender.send(event).ok();
        });
        let heard = Tape::new();
        let handset = handset.keep_heard(heard.clone());
        self.media.adopt(prepared, Feed::App(Box::new(handset)));
        Leg {
            leg,
            sdp,
            heard,
            control,
            events,
        }
    }
}

impl Leg {
    /// The digits that came, once the first `count` have.
    pub(crate) async fn digits(&mut self, count: usize) -> String {
        let mut digits = String::new();
        while digits.len() < count {
            if let HandsetEvent::Digit(digit) = soon(self.events.recv()).await.unwrap() {
                digits.push(digit);
            }
        }
        digits
    }
}

impl Line {
    pub(crate) async fn say(&mut self, message: ToPhone) {
        self.0.send(Message::text(message.to_json())).await.unwrap();
    }

    pub(crate) async fn say_text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn hear(&mut self) -> FromPhone {
        loop {
            if let Message::Text(text) = soon(self.0.next()).await.unwrap().unwrap() {
                return FromPhone::parse(&text).unwrap();
            }
        }
    }

    /// Waits until the phone has closed the line.
    pub(crate) async fn closed(mut self) {
        while let Some(Ok(frame)) = soon(self.0.next()).await {
            assert!(!frame.is_text(), "nothing is said any more: {frame}");
        }
    }

    pub(crate) async fn welcome(&mut self, calls: &[CallId]) {
        self.say(ToPhone::Welcome {
            wa_id: "14085551234".parse().unwrap(),
            name: "Ana".to_owned(),
            businesses: vec![shop()],
            calls: calls.to_vec(),
            chat: vec![],
            permissions: vec![],
            now_ms: 0,
        })
        .await;
    }

    pub(crate) async fn ring(&mut self, call_id: &CallId, sdp: String) {
        self.say(ToPhone::Ring {
            call_id: call_id.clone(),
            from: shop(),
            sdp,
        })
        .await;
    }

    pub(crate) async fn ended(&mut self, call_id: &CallId) {
        self.say(ToPhone::Ended {
            call_id: call_id.clone(),
            reason: "user_hung_up".to_owned(),
            message: "The user hung up.".to_owned(),
        })
        .await;
    }
}

pub(crate) fn shop() -> Business {
    Business {
        phone_number_id: "436666719526789".parse().unwrap(),
        display_phone_number: "15550783881".parse().unwrap(),
        name: "Shop".to_owned(),
        call_icon: true,
    }
}

pub(crate) fn call_id() -> CallId {
    "wacid.A".parse().unwrap()
}

/// A clock that stands until it is turned.
#[derive(Debug)]
pub(crate) struct TurnedClock(watch::Sender<Timestamp>);

impl Default for TurnedClock {
    fn default() -> Self {
        Self(watch::Sender::new(Timestamp::from_secs(1_000)))
    }
}

impl TurnedClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now = *now + by);
    }
}

impl PhoneClock for TurnedClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut turned = self.0.subscribe();
        Box::pin(async move {
            // A clock that is gone wakes nobody.
            if turned.wait_for(|now| *now >= at).await.is_err() {
                std::future::pending().await
            }
        })
    }
}

/// Waits until the phone's story has this word, and gives the story up to there.
pub(crate) async fn until(phone: &PhoneHandle, word: &str) -> Vec<StoryEvent> {
    let wait = async {
        let mut number = 0;
        loop {
            let events = phone.story_after(number).await;
            assert!(!events.is_empty(), "the phone is gone before `{word}`");
            for event in events {
                number = event.number + 1;
                if event.what.word() == word {
                    return;
                }
            }
        }
    };
    soon(wait).await;
    phone.story()
}

/// The words of a story.
pub(crate) fn words(story: &[StoryEvent]) -> String {
    let words: Vec<&str> = story.iter().map(|event| event.what.word()).collect();
    words.join(" ")
}

/// What must happen, within a time that is generous even on a machine that is busy.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), what)
        .await
        .expect("it should have happened by now")
}
