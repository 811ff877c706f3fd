//! The other side: takes call actions over HTTP, sends webhooks, and holds a user's phone with a real
//! ICE-lite leg.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::StatusCode;
use media::audio::{Clip, Handset, HandsetControl, Mouthpiece, Tape, Track};
use media_io::{Feed, LegWish, MediaIo, Ports, PreparedLeg};
use serde_json::{Value, json};
use tokio::sync::watch;
use types::{CallId, CallOrigin, Direction, LegId, Timestamp};
use wire::webhook::{BusinessLine, CallEvent, CallStatus, EndStatus, Shape, UserContact, What};

use super::{PATIENCE, media, now};

pub(crate) const NUMBER: &str = "436666719526789";
pub(crate) const SECRET: &str = "app-secret";

/// How the platform answers a request to place a call.
#[derive(Debug, Clone)]
pub(crate) enum Connecting {
    /// With a call id; the webhook with the session description follows when the test sends it.
    Take,
    /// The webhook with the session description is taken by the gateway before the answer leaves.
    WebhookFirst,
    /// Like this, and no phone rings.
    Answer(u16, Value),
    /// The phone rings, but what comes back says nothing.
    Lose,
}

/// A platform on a free port.
pub(crate) struct Platform {
    pub(crate) url: String,
    media: MediaIo,
    state: Mutex<State_>,
    changes: watch::Sender<()>,
    client: reqwest::Client,
    ids: AtomicU32,
}

struct State_ {
    actions: Vec<Value>,
    phones: BTreeMap<CallId, Phone>,
    connecting: Connecting,
    gateway: String,
}

/// The user's phone on one call.
#[derive(Debug, Clone)]
pub(crate) struct Phone {
    pub(crate) leg: LegId,
    pub(crate) control: HandsetControl,
    /// What it hears.
    pub(crate) heard: Tape,
    count: watch::Sender<usize>,
    /// The platform's session description.
    pub(crate) sdp: String,
    /// What the gateway asked to be echoed.
    pub(crate) echo: Option<String>,
}

impl Platform {
    pub(crate) async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let platform = Arc::new(Self {
            url,
            media: MediaIo::start(media(Ports::Shared(0)), |_| {}).expect("media"),
            state: Mutex::new(State_ {
                actions: Vec::new(),
                phones: BTreeMap::new(),
                connecting: Connecting::Take,
                gateway: String::new(),
            }),
            changes: watch::Sender::new(()),
            client: reqwest::Client::new(),
            ids: AtomicU32::new(1),
        });
        let router = Router::new()
            .route(&format!("/v24.0/{NUMBER}/calls"), post(calls))
            .route("/calling/calls", post(calls))
            .with_state(platform.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        platform
    }

    pub(crate) fn gateway_is_at(&self, url: &str) {
        self.lock().gateway = url.to_owned();
    }

    /// How requests to place a call are answered from now on.
    pub(crate) fn connecting(&self, connecting: Connecting) {
        self.lock().connecting = connecting;
    }

    /// A user calls: the phone and the call's id; the connect webhook is not sent yet.
    pub(crate) fn dial(&self) -> (CallId, Phone) {
        let id = self.fresh_id();
        let wish = LegWish::meta(now().as_millis());
        let prepared = self.media.prepare_offer(wish).expect("an offer");
        let phone = self.phone(prepared, None);
        self.lock().phones.insert(id.clone(), phone.clone());
        (id, phone)
    }

    /// A user calls and the gateway is told.
    pub(crate) async fn ring(&self) -> (CallId, Phone) {
        let (id, phone) = self.dial();
        let sdp = phone.sdp.clone();
        self.tell(&event(&id, Direction::UserInitiated, What::Connect { sdp }))
            .await;
        (id, phone)
    }

    /// Sends a webhook; the gateway must take it.
    pub(crate) async fn tell(&self, event: &CallEvent) {
        assert_eq!(self.send(event.to_bytes(Shape::Rich)).await, 200);
    }

    /// Sends signed bytes as a webhook; the answer's status.
    pub(crate) async fn send(&self, body: Vec<u8>) -> u16 {
        let signature = wire::signature::sign(SECRET.as_bytes(), &body);
        let url = format!("{}/webhook", self.lock().gateway);
        let request = self
            .client
            .post(url)
            .header(wire::signature::HEADER, signature);
        request
            .body(body)
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    }

    /// The phone of a call.
    pub(crate) fn phone_of(&self, id: &CallId) -> Phone {
        self.lock().phones.get(id).expect("a phone").clone()
    }

    /// The actions that came so far, of one call or without a call id.
    pub(crate) fn actions(&self) -> Vec<String> {
        let actions = &self.lock().actions;
        let words = actions
            .iter()
            .map(|it| it["action"].as_str().expect("an action").to_owned());
        words.collect()
    }

    /// Waits until `action` came `count` times; the last of them.
    pub(crate) async fn wait_for(&self, action: &str, count: usize) -> Value {
        let mut changes = self.changes.subscribe();
        let found = async {
            loop {
                changes.borrow_and_update();
                let of_kind: Vec<Value> = {
                    let state = self.lock();
                    let actions = state.actions.iter();
                    actions
                        .filter(|it| it["action"] == action)
                        .cloned()
                        .collect()
                };
                if of_kind.len() >= count {
                    return of_kind.last().expect("at least one").clone();
                }
                changes.changed().await.expect("it lives");
            }
        };
        let came = tokio::time::timeout(PATIENCE, found).await;
        came.unwrap_or_else(|_| panic!("no {action}; what came: {:?}", self.actions()))
    }

    /// Waits until a phone has heard as much.
    pub(crate) async fn hears(&self, phone: &Phone, packets: usize) {
        let mut count = phone.count.subscribe();
        let heard = count.wait_for(|count| *count >= packets);
        let heard_it = tokio::time::timeout(PATIENCE, heard).await;
        assert!(
            matches!(heard_it, Ok(Ok(_))),
            "only {} packets were heard",
            phone.heard.packets()
        );
    }

    fn phone(&self, prepared: PreparedLeg, echo: Option<String>) -> Phone {
        let heard = Tape::new();
        let (handset, control) = Handset::new(Mouthpiece::Nothing, |_| {});
        let phone = Phone {
            leg: prepared.id,
            control,
            heard: heard.clone(),
            count: watch::Sender::new(0),
            sdp: prepared.sdp.clone(),
            echo,
        };
        let app = handset.keep_heard(Ear {
            tape: heard,
            count: phone.count.clone(),
        });
        self.media.adopt(prepared, Feed::App(Box::new(app)));
        phone
    }

    fn fresh_id(&self) -> CallId {
        let number = self.ids.fetch_add(1, Ordering::Relaxed);
        format!("wacid.TEST{number}").parse().expect("an id")
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State_> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connect(&self, action: &Value) -> Response {
        let connecting = self.lock().connecting.clone();
        if let Connecting::Answer(status, body) = connecting {
            let status = StatusCode::from_u16(status).expect("a status");
            return (status, axum::Json(body)).into_response();
        }
        let offer = action["session"]["sdp"].as_str().expect("an offer");
        let wish = LegWish::meta(now().as_millis());
        let prepared = self.media.prepare_answer(offer, wish).expect("an answer");
        let echo = action["biz_opaque_callback_data"]
            .as_str()
            .map(str::to_owned);
        let id = self.fresh_id();
        let phone = self.phone(prepared, echo);
        let sdp = phone.sdp.clone();
        self.lock().phones.insert(id.clone(), phone);
        match connecting {
            Connecting::Lose => return StatusCode::BAD_GATEWAY.into_response(),
            Connecting::WebhookFirst => {
                self.tell(&event(
                    &id,
                    Direction::BusinessInitiated,
                    What::Connect { sdp },
                ))
                .await;
            }
            Connecting::Take | Connecting::Answer(..) => {}
        }
        axum::Json(json!({"messaging_product": "whatsapp", "calls": [{"id": id}]})).into_response()
    }
}

impl Phone {
    /// Speaks a tone from now on.
    pub(crate) fn speak(&self, hz: u16) {
        let tone = Clip::tone(hz, 0.3);
        self.control
            .say(Mouthpiece::Loop(tone))
            .expect("the leg is there");
    }

    /// Presses keys.
    pub(crate) fn press(&self, digits: &str) {
        let digits = digits.parse().expect("digits");
        self.control.press(digits).expect("the leg is there");
    }
}

/// A tape that counts.
struct Ear {
    tape: Tape,
    count: watch::Sender<usize>,
}

impl Track for Ear {
    fn packet(&mut self, timestamp: u32, packet: &Arc<[u8]>) {
        self.tape.packet(timestamp, packet);
        self.count.send_modify(|count| *count += 1);
    }

    fn tick(&mut self) {
        self.tape.tick();
    }
}

async fn calls(State(platform): State<Arc<Platform>>, body: axum::body::Bytes) -> Response {
    let action: Value = serde_json::from_slice(&body).expect("JSON");
    let kind = action["action"].as_str().unwrap_or_default().to_owned();
    let id = action["call_id"]
        .as_str()
        .and_then(|id| id.parse::<CallId>().ok());
    if kind == "pre_accept"
        && let Some(id) = &id
    {
        let answer = action["session"]["sdp"]
            .as_str()
            .expect("an answer")
            .to_owned();
        let leg = platform.phone_of(id).leg;
        platform.media.apply_answer(leg, answer);
    }
    platform.lock().actions.push(action.clone());
    let answer = if kind == "connect" {
        platform.connect(&action).await
    } else {
        axum::Json(json!({"messaging_product": "whatsapp", "success": true})).into_response()
    };
    platform.changes.send_replace(());
    answer
}

/// What happened to a call, as the platform tells it now.
pub(crate) fn event(id: &CallId, direction: Direction, what: What) -> CallEvent {
    CallEvent {
        line: BusinessLine {
            waba_id: "366634483210360".parse().expect("an id"),
            phone_number_id: NUMBER.parse().expect("an id"),
            display_phone_number: "13175551399".parse().expect("a number"),
        },
        user: UserContact {
            wa_id: "12185552828".parse().expect("a number"),
            user_id: "US.13491208655302741918".parse().expect("an id"),
            name: "Ada Lovelace".to_owned(),
        },
        call_id: id.clone(),
        direction,
        at: now(),
        callback_data: None,
        origin: CallOrigin::default(),
        what,
    }
}

/// The end of a call that ran its course.
pub(crate) fn terminated(
    id: &CallId,
    direction: Direction,
    started: Option<Timestamp>,
) -> CallEvent {
    let what = What::Terminate {
        status: EndStatus::Completed,
        started,
        ended: now(),
        fault: None,
    };
    event(id, direction, what)
}

/// A step of a call that the business placed.
pub(crate) fn status(id: &CallId, status: CallStatus) -> CallEvent {
    event(id, Direction::BusinessInitiated, What::Status(status))
}
