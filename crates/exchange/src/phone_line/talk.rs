//! What is said on one open line, until one side closes it.

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use phone::line::{DialRefusal, FromPhone, ToPhone};
use rules::admission;
use store::users::User;
use tokio::time::{MissedTickBehavior, interval, timeout};
use types::limits::{
    BUTTON_PAYLOAD_CHARS_MAX, PHONE_PING_EVERY, PHONE_SILENCE_MAX, PHONE_WRITE_WITHIN,
};
use types::preset::SdpRules;
use types::{CallId, Timestamp, WaId};
use wire::sdp::SessionDescription;

use super::PhoneLine;
use super::chatting::{self, Dialled};
use super::lines::{News, OpenLine};
use crate::desk::calls::{self, Dial};
use crate::desk::{DeskError, Refused, Turn, messages};
use crate::media_control::PreparedLegs;

/// Serves one phone until its line is closed. A call goes on without it.
pub(super) async fn serve(socket: WebSocket, line: OpenLine, user: User, state: PhoneLine) {
    let number = line.id.0;
    tracing::debug!(line = number, "a phone has come");
    let mut talk = Talk {
        socket,
        line,
        wa_id: user.wa_id,
        state,
    };
    let farewell = talk.on().await;
    let close = CloseFrame {
        code: farewell.code(),
        reason: farewell.as_str().into(),
    };
    let last = talk.socket.send(Message::Close(Some(close)));
    // The phone may be gone already; then there is nobody to say it to.
    timeout(PHONE_WRITE_WITHIN, last).await.ok();
    tracing::debug!(
        line = number,
        farewell = farewell.as_str(),
        "a phone has gone"
    );
}

struct Talk {
    socket: WebSocket,
    line: OpenLine,
    wa_id: WaId,
    state: PhoneLine,
}

/// Why a line is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Farewell {
    PhoneGone,
    TooSlow,
    Silent,
    Closing,
}

impl Talk {
    async fn on(&mut self) -> Farewell {
        // Saved and told by the desk, so that no ring falls between the welcome and what follows it.
        let (wa_id, line) = (self.wa_id.clone(), self.line.id);
        let came = self
            .state
            .desk
            .run_patiently(move |turn| calls::phone_came(turn, &wa_id, line))
            .await;
        if came.is_err() {
            return Farewell::Closing;
        }
        let mut welcomed = false;
        let mut pings_unanswered = 0_u32;
        let mut ping = interval(PHONE_PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let said = tokio::select! {
                // In this order: who asks on the line whether all was heard also has what came of it.
                biased;
                () = self.state.closing.cancelled() => return Farewell::Closing,
                told = self.line.next() => match told {
                    // What was decided before the welcome is in the welcome.
                    Some(News::BusinessesChanged) => self.show_businesses().await,
                    Some(News::Told(message)) => {
                        welcomed |= matches!(message, ToPhone::Welcome { .. });
                        if !welcomed {
                            continue;
                        }
                        self.say(&message).await
                    }
                    None => return Farewell::TooSlow,
                },
                heard = self.socket.recv() => {
                    pings_unanswered = 0;
                    match heard {
                        Some(Ok(Message::Text(frame))) => self.hear(&frame).await,
                        Some(Ok(Message::Binary(_))) => self.object("Say it in text frames.").await,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return Farewell::PhoneGone,
                    }
                }
                _ = ping.tick() => {
                    if PHONE_PING_EVERY * pings_unanswered > PHONE_SILENCE_MAX {
                        return Farewell::Silent;
                    }
                    pings_unanswered += 1;
                    self.write(Message::Ping(axum::body::Bytes::new())).await
                }
            };
            if let Err(farewell) = said {
                return farewell;
            }
        }
    }

    /// Their list comes out of the line once the desk has read it.
    async fn show_businesses(&mut self) -> Result<(), Farewell> {
        let (wa_id, line) = (self.wa_id.clone(), self.line.id);
        let desk = &self.state.desk;
        let shown = desk.run_patiently(move |turn| calls::show_businesses(turn, &wa_id, line));
        shown.await.map_err(|_| Farewell::Closing)
    }

    async fn hear(&mut self, frame: &str) -> Result<(), Farewell> {
        let message = match FromPhone::parse(frame) {
            Ok(message) => message,
            Err(bad) => return self.object(&format!("{bad}.")).await,
        };
        let (wa_id, line) = (self.wa_id.clone(), self.line.id);
        let desk = self.state.desk.clone();
        let done = match message {
            FromPhone::Dial {
                dial_id,
                to,
                sdp,
                button,
                deep_link_payload,
            } => {
                let dialled = Dialled {
                    to,
                    button,
                    deep_link_payload,
                };
                return self.dial(dial_id, dialled, &sdp).await;
            }
            FromPhone::AnswerPermission { message_id, answer } => {
                desk.run(move |turn| chatting::answer(turn, &wa_id, &message_id, answer))
                    .await
            }
            FromPhone::SetPermission {
                phone_number_id,
                permission,
            } => {
                desk.run(move |turn| {
                    chatting::set_permission(turn, &wa_id, &phone_number_id, permission)
                })
                .await
            }
            FromPhone::Text { to, body } => {
                desk.run(move |turn| chatting::write(turn, &wa_id, &to, body))
                    .await
            }
            FromPhone::Read { message_id } => {
                desk.run(move |turn| messages::user_reads(turn, &wa_id, &message_id))
                    .await
            }
            FromPhone::PickUp { call_id, sdp } => return self.pick_up(call_id, sdp).await,
            FromPhone::Ringing { call_id } => {
                desk.run(move |turn| calls::phone_rings(turn, &wa_id, &call_id))
                    .await
            }
            FromPhone::Reject { call_id } => {
                desk.run(move |turn| calls::phone_rejects(turn, &wa_id, line, &call_id))
                    .await
            }
            FromPhone::HangUp { call_id } => {
                desk.run(move |turn| calls::phone_hangs_up(turn, &wa_id, line, &call_id))
                    .await
            }
        };
        self.answer(done).await
    }

    async fn dial(&mut self, dial_id: String, dialled: Dialled, sdp: &str) -> Result<(), Farewell> {
        if dial_id.len() > DIAL_ID_BYTES_MAX {
            return self
                .object("`dial_id` is too long: at most 64 characters.")
                .await;
        }
        let request = self.dial_request(dial_id.clone(), dialled, sdp).await;
        let dialled = match request {
            Ok(request) => self.state.desk.run(move |turn| dial(turn, request)).await,
            Err(refusal) => Err(refusal),
        };
        match dialled {
            // The desk has told the phone.
            Ok(_) => Ok(()),
            Err(NoDial {
                reason,
                message,
                opens_at_ms,
                callback_offered,
            }) => {
                self.say(&ToPhone::DialRefused {
                    dial_id,
                    reason,
                    message,
                    opens_at_ms,
                    callback_offered,
                })
                .await
            }
        }
    }

    async fn dial_request(
        &mut self,
        dial_id: String,
        dialled: Dialled,
        sdp: &str,
    ) -> Result<Dial, NoDial> {
        let offer = SessionDescription::offer(sdp, &PHONE_SDP)
            .map_err(|fault| NoDial::new(DialRefusal::BadOffer, fault))?;
        dialled.check()?;
        let wa_id = self.wa_id.clone();
        let (to, origin) = self
            .state
            .desk
            .run(move |turn| chatting::dialled(turn, &wa_id, dialled))
            .await
            .map_err(NoDial::from)?;
        let legs = PreparedLegs::for_dial(&*self.state.media, offer.as_str())
            .map_err(|fault| NoDial::new(DialRefusal::BadOffer, fault))?;
        Ok(Dial {
            wa_id: self.wa_id.clone(),
            line: self.line.id,
            dial_id,
            to,
            origin,
            offer: offer.as_str().to_owned(),
            legs,
        })
    }

    async fn pick_up(&mut self, call_id: CallId, sdp: String) -> Result<(), Farewell> {
        let answer = match SessionDescription::answer(&sdp, &PHONE_SDP, None) {
            Ok(answer) => answer.as_str().to_owned(),
            Err(fault) => {
                return self
                    .object(&format!("The answer cannot be used: {fault}"))
                    .await;
            }
        };
        let (wa_id, line) = (self.wa_id.clone(), self.line.id);
        let done = self
            .state
            .desk
            .run(move |turn| calls::phone_picks_up(turn, &wa_id, line, &call_id, answer))
            .await;
        self.answer(done).await
    }

    /// What the desk did is told by the desk; what it refused is told here.
    async fn answer(&mut self, done: Result<(), Refused>) -> Result<(), Farewell> {
        match done {
            Ok(()) => Ok(()),
            Err(Refused::UnknownCall) => self.object("You have no such call.").await,
            Err(Refused::UnknownMessage) => self.object("You have no such message.").await,
            Err(Refused::UnknownNumber) => self.object("No business has this number.").await,
            Err(refused) => self.object(&refused.to_string()).await,
        }
    }

    async fn object(&mut self, message: &str) -> Result<(), Farewell> {
        self.say(&ToPhone::Error {
            message: message.to_owned(),
        })
        .await
    }

    async fn say(&mut self, message: &ToPhone) -> Result<(), Farewell> {
        self.write(Message::Text(message.to_json().into())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), Farewell> {
        match timeout(PHONE_WRITE_WITHIN, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Farewell::PhoneGone),
            Err(_) => Err(Farewell::TooSlow),
        }
    }
}

impl Dialled {
    fn check(&self) -> Result<(), NoDial> {
        let payload = self.deep_link_payload.as_deref().unwrap_or_default();
        if payload.chars().count() <= BUTTON_PAYLOAD_CHARS_MAX {
            return Ok(());
        }
        let message = format!(
            "The link's payload is too long: at most {BUTTON_PAYLOAD_CHARS_MAX} characters."
        );
        Err(NoDial::new(DialRefusal::Other, message))
    }
}

/// Why there is no call for a dial.
struct NoDial {
    reason: DialRefusal,
    message: String,
    opens_at_ms: Option<u64>,
    callback_offered: bool,
}

fn dial(turn: &mut Turn<'_>, request: Dial) -> Result<CallId, NoDial> {
    Ok(calls::dial(turn, request)?)
}

impl NoDial {
    fn new(reason: DialRefusal, message: impl ToString) -> Self {
        Self {
            reason,
            message: message.to_string(),
            opens_at_ms: None,
            callback_offered: false,
        }
    }

    /// The phone shows `opens_at` in its user's own time.
    fn closed(opens_at: Option<Timestamp>, calls_back: bool) -> Self {
        let message = if calls_back {
            "This business takes no calls at this hour. Let it call you back, or write."
        } else {
            "This business takes no calls at this hour. Write, or call later."
        };
        Self {
            opens_at_ms: opens_at.map(Timestamp::as_millis),
            callback_offered: calls_back,
            ..Self::new(DialRefusal::Closed, message)
        }
    }
}

impl From<DeskError> for NoDial {
    fn from(error: DeskError) -> Self {
        Refused::Desk(error).into()
    }
}

impl From<Refused> for NoDial {
    fn from(refused: Refused) -> Self {
        let (reason, message) = match refused {
            Refused::UnknownNumber => {
                (DialRefusal::UnknownBusiness, "No business has this number.")
            }
            Refused::Admission(admission::Refusal::CallingDisabled) => (
                DialRefusal::CallingDisabled,
                "This business does not take calls.",
            ),
            Refused::Admission(admission::Refusal::AlreadyInCall) => (
                DialRefusal::AlreadyInCall,
                "You have a call with this business already.",
            ),
            Refused::Admission(admission::Refusal::TooManyCalls { .. }) => (
                DialRefusal::Busy,
                "This business has as many calls as it may have. Try again later.",
            ),
            Refused::Closed {
                opens_at,
                calls_back,
            } => return Self::closed(opens_at, calls_back),
            Refused::Restricted(_) | Refused::Account(_) => (
                DialRefusal::Restricted,
                "This business cannot be called for now.",
            ),
            Refused::SipNumber => (
                DialRefusal::Other,
                "This business takes its calls by SIP, which this exchange does not speak yet.",
            ),
            Refused::ButtonExpired { .. } => (
                DialRefusal::ButtonExpired,
                "This button has expired. Call from the chat, or write.",
            ),
            Refused::UnknownMessage | Refused::NoButton => (
                DialRefusal::ButtonExpired,
                "There is no such button any more. Call from the chat, or write.",
            ),
            Refused::Desk(_) => (
                DialRefusal::TryAgain,
                "The exchange is busy. Try again in a second.",
            ),
            other => return Self::new(DialRefusal::Other, other),
        };
        Self::new(reason, message)
    }
}

impl Farewell {
    const fn code(self) -> u16 {
        match self {
            Self::PhoneGone => close_code::NORMAL,
            Self::TooSlow | Self::Silent => close_code::POLICY,
            Self::Closing => close_code::RESTART,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::PhoneGone => "the phone has gone",
            Self::TooSlow => "the phone does not read what it is told, or its user is gone",
            Self::Silent => "the phone does not answer",
            Self::Closing => "the exchange closes",
        }
    }
}

/// What a phone may offer: a user's own software, so nothing that WebRTC allows is refused.
const PHONE_SDP: SdpRules = SdpRules {
    several_fingerprints: true,
    ice_lite: false,
    error_code: 100,
};
const DIAL_ID_BYTES_MAX: usize = 64;
