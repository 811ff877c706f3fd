//! The gateway's WebRTC legs: one per call, full ICE, with a handler on each.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use media::LegStats;
use media_io::{Feed, LegWish, MediaIo, PreparedLeg};
use tokio::sync::oneshot;
use types::{LegId, Timestamp};

use crate::board::CallRef;
use crate::handlers::{Handler, HandlerEvent, OnCall, Recording, Start};

/// All legs, by the call they belong to.
pub(crate) struct Legs {
    io: Arc<MediaIo>,
    by_call: BTreeMap<CallRef, CallLeg>,
    by_leg: BTreeMap<LegId, CallRef>,
    /// Who waits for a call's handler to be gone.
    waiting: BTreeMap<CallRef, Vec<oneshot::Sender<()>>>,
    /// Calls whose handler is still on its leg.
    on_leg: BTreeSet<CallRef>,
    recordings: Option<PathBuf>,
    tell: Tell,
}

/// Where handlers report; called on a media thread.
pub(crate) type Tell = Arc<dyn Fn(CallRef, HandlerEvent) + Send + Sync>;

struct CallLeg {
    leg: LegId,
    start: Start,
}

impl Legs {
    pub(crate) fn new(io: Arc<MediaIo>, recordings: Option<PathBuf>, tell: Tell) -> Self {
        Self {
            io,
            by_call: BTreeMap::new(),
            by_leg: BTreeMap::new(),
            waiting: BTreeMap::new(),
            on_leg: BTreeSet::new(),
            recordings,
            tell,
        }
    }

    /// Makes a leg that offers; gives the offer, or a sentence that says why there is none.
    pub(crate) fn offer(
        &mut self,
        now: Timestamp,
        call: CallRef,
        handler: &Handler,
    ) -> Result<String, String> {
        let prepared = self.io.prepare_offer(wish(now));
        self.adopt(call, handler, prepared.map_err(|error| error.to_string())?)
    }

    /// Makes a leg that answers `offer`; gives the answer, or a sentence that says why there is none.
    pub(crate) fn answer(
        &mut self,
        now: Timestamp,
        call: CallRef,
        handler: &Handler,
        offer: &str,
    ) -> Result<String, String> {
        let prepared = self.io.prepare_answer(offer, wish(now));
        self.adopt(call, handler, prepared.map_err(|error| error.to_string())?)
    }

    /// Gives the platform's answer to the call's leg.
    pub(crate) fn apply_answer(&self, call: CallRef, answer: String) {
        if let Some(it) = self.by_call.get(&call) {
            self.io.apply_answer(it.leg, answer);
        }
    }

    /// Lets the call's handler begin.
    pub(crate) fn start(&self, call: CallRef) {
        let told = self.by_call.get(&call).map(|it| it.start.start());
        if let Some(Err(error)) = told {
            tracing::warn!(call = %call, %error, "the handler could not begin");
        }
    }

    /// Ends the call's leg. Its last counts follow as an event of the leg.
    pub(crate) fn close(&mut self, call: CallRef) {
        if let Some(it) = self.by_call.remove(&call) {
            self.io.close(it.leg);
        }
    }

    /// The call that a leg belongs to, also shortly after the call's end.
    pub(crate) fn call_of(&self, leg: LegId) -> Option<CallRef> {
        self.by_leg.get(&leg).copied()
    }

    /// Answers once the call's handler is gone, and with it its recording finished.
    pub(crate) fn wait_until_gone(&mut self, call: CallRef, reply: oneshot::Sender<()>) {
        if self.on_leg.contains(&call) {
            self.waiting.entry(call).or_default().push(reply);
        } else {
            reply.send(()).ok();
        }
    }

    /// The call's handler is gone.
    pub(crate) fn handler_gone(&mut self, call: CallRef) {
        self.on_leg.remove(&call);
        for reply in self.waiting.remove(&call).into_iter().flatten() {
            reply.send(()).ok();
        }
    }

    /// The leg is gone.
    pub(crate) fn forget(&mut self, leg: LegId) {
        self.by_leg.remove(&leg);
    }

    /// Removes what was recorded of a call that is forgotten.
    pub(crate) fn remove_recording(&self, call: CallRef) {
        let Some(folder) = &self.recordings else {
            return;
        };
        let sides = Side::ALL.map(|side| side.file_name(call));
        for name in sides.into_iter().chain([both_file_name(call)]) {
            match std::fs::remove_file(folder.join(name)) {
                Ok(()) => tracing::info!(call = %call, "an old recording was removed"),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => tracing::error!(call = %call, %error, "an old recording stays"),
            }
        }
    }

    fn adopt(
        &mut self,
        call: CallRef,
        handler: &Handler,
        prepared: PreparedLeg,
    ) -> Result<String, String> {
        let files = self
            .recordings
            .as_ref()
            .filter(|_| handler.records())
            .map(|folder| Side::ALL.map(|side| folder.join(side.file_name(call))));
        let recording = files
            .as_ref()
            .map(|[user, business]| Recording { user, business });
        let tell = self.tell.clone();
        let (app, start) = OnCall::new(handler, recording, move |event| tell(call, event))
            .map_err(|error| format!("the recording could not be begun: {error}"))?;
        let (leg, sdp) = (prepared.id, prepared.sdp.clone());
        self.by_leg.insert(leg, call);
        self.on_leg.insert(call);
        self.by_call.insert(call, CallLeg { leg, start });
        self.io.adopt(prepared, Feed::App(Box::new(app)));
        Ok(sdp)
    }
}

/// One side of a recorded call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    User,
    Business,
}

impl Side {
    pub(crate) const ALL: [Self; 2] = [Self::User, Self::Business];

    pub(crate) fn file_name(self, call: CallRef) -> String {
        let side = match self {
            Self::User => "user",
            Self::Business => "business",
        };
        format!("{call}-{side}.ogg")
    }
}

/// The file with both sides of a call, made when it is first asked for.
pub(crate) fn both_file_name(call: CallRef) -> String {
    format!("{call}-both.wav")
}

/// A leg's counts as they stand in a call's record.
pub(crate) fn counts(stats: &LegStats) -> String {
    serde_json::to_string(&crate::story::Counts::from(stats)).unwrap_or_default()
}

const fn wish(now: Timestamp) -> LegWish {
    LegWish::plain(now.as_millis())
}
