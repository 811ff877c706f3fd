//! What one does with a phone that runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use media::dtmf::Digits;
use tokio::sync::{mpsc, oneshot, watch};
use types::{MessageId, PhoneNumberId, Timestamp};

use crate::call_media::Recording;
use crate::line::{PermissionAnswer, PermissionHeld};
use crate::machine::{ChatOrder, Doing, Order, Refusal};
use crate::script::{Sound, Speech, SpeechError};
use crate::story::{Happening, Story, StoryEvent};

/// A phone that runs. Clones are the same phone; when the last one is dropped the phone hangs up and
/// goes away.
#[derive(Debug, Clone)]
pub struct PhoneHandle {
    pub(crate) orders: mpsc::Sender<Instruction>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) end: watch::Receiver<Option<PhoneEnd>>,
}

/// Why a phone is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneEnd {
    /// It has had all its calls, or was told to stop.
    Left,
    /// The exchange does not want it.
    Refused {
        /// Why, as a sentence without its full stop.
        why: String,
    },
}

/// Why an order was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// It does not fit what the phone is doing.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What is to be said cannot be.
    #[error(transparent)]
    Speech(#[from] SpeechError),
    /// The phone is gone.
    #[error("the phone is gone")]
    Gone,
}

/// What a phone's task is told, and where it answers.
#[derive(Debug)]
pub(crate) enum Instruction {
    Order {
        order: Order,
        /// What an [`Order::Say`] says, ready to be played.
        sound: Option<Sound>,
        reply: oneshot::Sender<Result<(), Refusal>>,
    },
    /// Meet what is due, and say once the exchange has taken all that was said until now whether
    /// anything was said since the last such question.
    Settle {
        reply: oneshot::Sender<bool>,
    },
    Stop,
}

/// What a phone's task lets others see.
#[derive(Debug)]
pub(crate) struct Shared {
    story: Mutex<Story>,
    told: watch::Sender<u64>,
    doing: Mutex<Doing>,
    alarm: Mutex<Option<Timestamp>>,
    recording: Mutex<Recording>,
}

impl PhoneHandle {
    /// Calls a business, by its number or its phone number id.
    ///
    /// # Errors
    ///
    /// The phone is offline, in a call, or gone. That the exchange refuses is told by the story.
    pub async fn dial(&self, to: &str) -> Result<(), OrderError> {
        self.order(dial(to, None), None).await
    }

    /// Calls a business as a deep link with this payload does.
    ///
    /// # Errors
    ///
    /// As [`PhoneHandle::dial`].
    pub async fn follow_link(&self, to: &str, payload: &str) -> Result<(), OrderError> {
        self.order(dial(to, Some(payload)), None).await
    }

    /// Presses the latest call button.
    ///
    /// # Errors
    ///
    /// No message has one; otherwise as [`PhoneHandle::dial`].
    pub async fn press_button(&self) -> Result<(), OrderError> {
        self.chat(ChatOrder::PressButton).await
    }

    /// Writes to a business, by its number or its phone number id.
    ///
    /// # Errors
    ///
    /// The phone is offline or gone. That the exchange refuses is told by the story.
    pub async fn write(&self, to: &str, body: &str) -> Result<(), OrderError> {
        let (to, body) = (to.to_owned(), body.to_owned());
        self.chat(ChatOrder::Write { to, body }).await
    }

    /// Reads a message, the latest that is unread where it is not named.
    ///
    /// # Errors
    ///
    /// Nothing is unread, or the phone is offline or gone.
    pub async fn read(&self, message: Option<MessageId>) -> Result<(), OrderError> {
        self.chat(ChatOrder::Read { message }).await
    }

    /// Answers a call permission request or changes the answer, the latest where it is not named.
    ///
    /// # Errors
    ///
    /// There is none, or the phone is offline or gone. That the exchange refuses is told by the story.
    pub async fn answer_permission(
        &self,
        message: Option<MessageId>,
        answer: PermissionAnswer,
    ) -> Result<(), OrderError> {
        self.chat(ChatOrder::AnswerPermission { message, answer })
            .await
    }

    /// Says in a business's profile what it may do.
    ///
    /// # Errors
    ///
    /// The phone is offline or gone. That the exchange refuses is told by the story.
    pub async fn set_permission(
        &self,
        phone_number_id: PhoneNumberId,
        permission: PermissionHeld,
    ) -> Result<(), OrderError> {
        let order = ChatOrder::SetPermission {
            phone_number_id,
            permission,
        };
        self.chat(order).await
    }

    /// Takes the call that rings.
    ///
    /// # Errors
    ///
    /// Nothing rings, or the phone is gone.
    pub async fn answer(&self) -> Result<(), OrderError> {
        self.order(Order::Answer, None).await
    }

    /// Declines the call that rings.
    ///
    /// # Errors
    ///
    /// Nothing rings, or the phone is gone.
    pub async fn reject(&self) -> Result<(), OrderError> {
        self.order(Order::Reject, None).await
    }

    /// Ends the call, gives up dialling, or declines the call that rings.
    ///
    /// # Errors
    ///
    /// There is no call, or the phone is gone.
    pub async fn hang_up(&self) -> Result<(), OrderError> {
        self.order(Order::HangUp, None).await
    }

    /// Presses keys in the call.
    ///
    /// # Errors
    ///
    /// Nobody can hear them, or the phone is gone.
    pub async fn press(&self, digits: Digits) -> Result<(), OrderError> {
        self.order(Order::Press(digits), None).await
    }

    /// Says something in the call, in place of what it says now.
    ///
    /// # Errors
    ///
    /// A file cannot be played, nobody can hear it, or the phone is gone.
    pub async fn play(&self, speech: Speech) -> Result<(), OrderError> {
        let loading = speech.clone();
        let sound = tokio::task::spawn_blocking(move || loading.load())
            .await
            .map_err(|_| OrderError::Gone)??;
        self.order(Order::Say(speech), Some(sound)).await
    }

    /// What it is doing now.
    #[must_use]
    pub fn doing(&self) -> Doing {
        lock(&self.shared.doing).clone()
    }

    /// When it has something to do by itself, if nothing happens before.
    #[must_use]
    pub fn alarm(&self) -> Option<Timestamp> {
        *lock(&self.shared.alarm)
    }

    /// Waits until it has done all that is due, and its exchange has taken all that it said; whether
    /// it said anything since the last such question. One that has just been started gets onto its
    /// line first. For whoever turns the clock: what a phone says
    /// may make others do something at once.
    pub async fn settle(&self) -> bool {
        let (reply, answer) = oneshot::channel();
        if self
            .orders
            .send(Instruction::Settle { reply })
            .await
            .is_err()
        {
            return false;
        }
        answer.await.unwrap_or(false)
    }

    /// What happened so far.
    #[must_use]
    pub fn story(&self) -> Vec<StoryEvent> {
        self.story_from(0)
    }

    /// What happened from event `number` on.
    #[must_use]
    pub fn story_from(&self, number: u64) -> Vec<StoryEvent> {
        lock(&self.shared.story).from(number)
    }

    /// Waits until event `number` has happened, and gives it and what followed; nothing once the
    /// phone is gone.
    pub async fn story_after(&self, number: u64) -> Vec<StoryEvent> {
        let mut told = self.shared.told.subscribe();
        let mut end = self.end.clone();
        tokio::select! {
            _ = told.wait_for(|told| *told > number) => {}
            _ = end.wait_for(Option::is_some) => {}
        }
        self.story_from(number)
    }

    /// What the current call's media heard and said, or the last one's.
    #[must_use]
    pub fn recording(&self) -> Recording {
        lock(&self.shared.recording).clone()
    }

    /// Hangs up, leaves the line and ends the phone; its story and its recording stay.
    pub async fn stop(&self) -> PhoneEnd {
        // A phone that takes no instruction any more is about to be gone.
        self.orders.send(Instruction::Stop).await.ok();
        self.join().await
    }

    /// Waits until the phone is gone: it has had all its calls, was stopped, or is not wanted.
    pub async fn join(&self) -> PhoneEnd {
        let mut end = self.end.clone();
        match end.wait_for(Option::is_some).await {
            Ok(end) => end.clone().unwrap_or(PhoneEnd::Left),
            // Its task is gone without a word, as when its runtime is shut down.
            Err(_) => PhoneEnd::Left,
        }
    }

    async fn chat(&self, order: ChatOrder) -> Result<(), OrderError> {
        self.order(Order::Chat(order), None).await
    }

    async fn order(&self, order: Order, sound: Option<Sound>) -> Result<(), OrderError> {
        let (reply, answer) = oneshot::channel();
        let instruction = Instruction::Order {
            order,
            sound,
            reply,
        };
        self.orders
            .send(instruction)
            .await
            .map_err(|_| OrderError::Gone)?;
        Ok(answer.await.map_err(|_| OrderError::Gone)??)
    }
}

fn dial(to: &str, deep_link_payload: Option<&str>) -> Order {
    Order::Dial {
        to: to.to_owned(),
        deep_link_payload: deep_link_payload.map(str::to_owned),
    }
}

impl Shared {
    pub(crate) fn new(doing: Doing) -> Self {
        Self {
            story: Mutex::new(Story::default()),
            told: watch::Sender::new(0),
            doing: Mutex::new(doing),
            alarm: Mutex::new(None),
            recording: Mutex::new(Recording::default()),
        }
    }

    pub(crate) fn tell(&self, at: Timestamp, what: Happening) {
        let told = {
            let mut story = lock(&self.story);
            story.tell(at, what);
            story.told()
        };
        self.told.send_replace(told);
    }

    pub(crate) fn set_doing(&self, doing: Doing) {
        *lock(&self.doing) = doing;
    }

    pub(crate) fn set_alarm(&self, alarm: Option<Timestamp>) {
        *lock(&self.alarm) = alarm;
    }

    pub(crate) fn set_recording(&self, recording: Recording) {
        *lock(&self.recording) = recording;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code that can panic runs while one of them is locked.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
