//! Media and phones that do nothing but write down what they are told.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use media::weather::{Forecast, Wind};
use phone::line::{ChatContent, ChatMessage, ToPhone};
use types::{LegId, WaId};

use crate::media_control::{LegFault, MediaControl, PreparedLeg, Side, StatsReply};
use crate::phone_lines::{PhoneLines, Which};

/// What was told, in order.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    pub(super) fn note(&self, line: String) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Legs on paper.
pub(super) struct Media {
    told: Told,
    last: AtomicU64,
}

impl Media {
    pub(super) fn new(told: Told) -> Self {
        Self {
            told,
            last: AtomicU64::new(0),
        }
    }

    fn leg(&self, side: Side, kind: &str) -> PreparedLeg {
        PreparedLeg {
            id: LegId(self.last.fetch_add(1, Ordering::Relaxed) + 1),
            sdp: format!("our {kind} to the {side}"),
            body: Box::new(()),
        }
    }
}

impl MediaControl for Media {
    fn prepare_answer(
        &self,
        side: Side,
        _: &str,
        _: Option<LegId>,
    ) -> Result<PreparedLeg, LegFault> {
        Ok(self.leg(side, "answer"))
    }

    fn prepare_offer(&self, side: Side, _: Option<LegId>) -> Result<PreparedLeg, LegFault> {
        Ok(self.leg(side, "offer"))
    }

    fn begin(&self, user: PreparedLeg, business: PreparedLeg) {
        self.told.note(format!(
            "media: begin user {} business {}",
            user.id, business.id
        ));
    }

    fn set_weather(&self, leg: LegId, forecast: Forecast) {
        self.told
            .note(format!("media: {leg} {}", weather(&forecast)));
    }

    fn take_answer(&self, leg: LegId, answer: String) {
        self.told.note(format!("media: {leg} takes {answer}"));
    }

    fn pass(&self, user: LegId, business: LegId) {
        self.told.note(format!("media: pass {user} {business}"));
    }

    fn close(&self, user: LegId, business: LegId) {
        self.told.note(format!("media: close {user} {business}"));
    }

    fn stats(&self, _: LegId, reply: StatsReply) {
        reply(None);
    }
}

/// Phones that write down what they hear.
pub(super) struct Phones(pub(super) Told);

impl PhoneLines for Phones {
    fn tell(&self, _: &WaId, which: Which, message: &ToPhone) {
        let who = match which {
            Which::All => "phones".to_owned(),
            Which::The(line) => format!("phone {}", line.0),
            Which::AllBut(line) => format!("phones but {}", line.0),
        };
        let what = match message {
            ToPhone::Welcome {
                businesses, calls, ..
            } => {
                format!(
                    "welcome, {} businesses, {} calls",
                    businesses.len(),
                    calls.len()
                )
            }
            ToPhone::Businesses { businesses } => format!("{} businesses", businesses.len()),
            ToPhone::Dialing { sdp, .. } => format!("dialing, {sdp}"),
            ToPhone::Ring { sdp, .. } => format!("ring, {sdp}"),
            ToPhone::StopRinging { reason, .. } => format!("stop ringing, {}", reason.as_str()),
            ToPhone::RemoteRinging { .. } => "remote ringing".to_owned(),
            ToPhone::Accepted { .. } => "accepted".to_owned(),
            ToPhone::Ended { reason, .. } => format!("ended, {reason}"),
            ToPhone::Chat { message } => chat(message),
            ToPhone::ChatStatus { status, .. } => format!("chat status, {}", status.as_str()),
            ToPhone::Permission { permission } => {
                format!("permission, {}", permission.permission.as_str())
            }
            ToPhone::DialRefused { .. } | ToPhone::Error { .. } => "not the desk's".to_owned(),
        };
        self.0.note(format!("{who}: {what}"));
    }

    fn businesses_changed(&self) {
        self.0
            .note("phones: the businesses have changed".to_owned());
    }
}

/// A message as a phone shows it, with its text where it is nothing else.
fn chat(message: &ChatMessage) -> String {
    match &message.content {
        ChatContent::Text { body } => format!("chat, text {body}"),
        other => format!("chat, {}", other.kind()),
    }
}

/// What is bad about the weather, in a few words.
fn weather(forecast: &Forecast) -> String {
    let mut words = Vec::new();
    for (way, wind) in [("from", forecast.from_peer), ("to", forecast.to_peer)] {
        if wind != Wind::default() {
            words.push(format!(
                "{way} peer loses {} of 1000, {:?} late, {:?} more",
                wind.loss_permille, wind.delay, wind.jitter
            ));
        }
    }
    for (is, word) in [
        (forecast.no_checks, "no checks"),
        (forecast.no_media, "no media"),
        (forecast.unheard, "unheard"),
    ] {
        if is {
            words.push(word.to_owned());
        }
    }
    if words.is_empty() {
        words.push("fine weather".to_owned());
    }
    words.join(", ")
}
