//! A phone that runs: the machine's driver. It carries messages, orders, media's events and the time
//! to the machine, and does what the machine says.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use media::audio::Mouthpiece;
use tokio::sync::{mpsc, oneshot, watch};
use types::limits::{PHONE_INBOX_MAX, PHONE_SCRIPT_STEPS_MAX};
use types::{LegId, Timestamp};

use crate::call_media::{CallMedia, MediaEvents, PhoneMedia, Recording};
use crate::clock::PhoneClock;
use crate::config::PhoneConfig;
use crate::handle::{Instruction, PhoneEnd, PhoneHandle, Shared};
use crate::link::{Link, LinkEvent};
use crate::machine::{Input, Machine, MediaInput, Order, Output};
use crate::record;
use crate::script::{Script, Speech, SpeechError};
use crate::story::Happening;

/// A phone, to be started.
#[derive(Debug)]
pub struct Phone;

impl Phone {
    /// Starts a phone: it opens its line, keeps it open, and does as `script` and its handle say.
    /// Needs a tokio runtime. Whether the exchange takes it is told by its story.
    ///
    /// # Errors
    ///
    /// A file that the script says cannot be played.
    pub async fn start(
        config: PhoneConfig,
        script: Script,
        media: Arc<PhoneMedia>,
        clock: Arc<dyn PhoneClock>,
    ) -> Result<PhoneHandle, SpeechError> {
        let sounds = load(&script).await?;
        let record = script.record.clone();
        let machine = Machine::new(script);
        let shared = Arc::new(Shared::new(machine.doing()));
        let (orders, inbox) = mpsc::channel(PHONE_INBOX_MAX);
        let (media_events, from_media) = mpsc::channel(PHONE_INBOX_MAX);
        let (end, ended) = watch::channel(None);
        let driver = Driver {
            machine,
            link: Link::open(&config),
            media,
            media_events,
            clock,
            call: None,
            sounds,
            record,
            recorded: 0,
            leaving: false,
            connecting: true,
            said: 0,
            settling: VecDeque::new(),
            shared: shared.clone(),
        };
        tokio::spawn(async move {
            end.send_replace(Some(driver.run(inbox, from_media).await));
        });
        Ok(PhoneHandle {
            orders,
            shared,
            end: ended,
        })
    }
}

/// Reads and encodes everything that the script may say, before anybody waits for it.
async fn load(script: &Script) -> Result<Vec<(Speech, Mouthpiece)>, SpeechError> {
    let speeches: Vec<Speech> = script.speeches().cloned().collect();
    let loading = move || {
        speeches
            .into_iter()
            .map(|speech| {
                let sound = speech.load()?;
                Ok((speech, sound.mouthpiece))
            })
            .collect()
    };
    match tokio::task::spawn_blocking(loading).await {
        Ok(sounds) => sounds,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

struct Driver {
    machine: Machine,
    link: Link,
    media: Arc<PhoneMedia>,
    media_events: MediaEvents,
    clock: Arc<dyn PhoneClock>,
    call: Option<CallMedia>,
    /// What can be said without waiting; the newest last.
    sounds: Vec<(Speech, Mouthpiece)>,
    record: Option<PathBuf>,
    recorded: u32,
    leaving: bool,
    /// Whether the line is being opened for the first time.
    connecting: bool,
    /// Messages said since the last [`Instruction::Settle`].
    said: u32,
    /// Who waits for an echo of the line, the oldest first, and what it is to hear.
    settling: VecDeque<(bool, oneshot::Sender<bool>)>,
    shared: Arc<Shared>,
}

impl Driver {
    async fn run(
        mut self,
        mut inbox: mpsc::Receiver<Instruction>,
        mut from_media: mpsc::Receiver<(LegId, MediaInput)>,
    ) -> PhoneEnd {
        while !self.leaving {
            let deadline = self.machine.poll_timeout();
            let clock = self.clock.clone();
            let alarm = async move {
                match deadline {
                    Some(at) => clock.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                event = self.link.next() => match event {
                    Some(LinkEvent::Message(message)) => {
                        self.put(Input::Message(message)).await;
                        if std::mem::take(&mut self.connecting) {
                            self.all_settled();
                        }
                    }
                    Some(LinkEvent::Echo) => self.settled(),
                    Some(LinkEvent::Down { why }) => {
                        self.put(Input::LineDown { why }).await;
                        // No echo comes of a line that is down.
                        self.connecting = false;
                        self.all_settled();
                    }
                    Some(LinkEvent::Refused { why }) => return self.refused(why).await,
                    None => break,
                },
                instruction = inbox.recv() => match instruction {
                    Some(Instruction::Order { order, sound, reply }) => {
                        if let (Order::Say(speech), Some(sound)) = (&order, sound) {
                            self.keep_sound(speech.clone(), sound.mouthpiece);
                        }
                        let answer = self.order(order).await;
                        // Whoever gave the order may have gone away meanwhile.
                        reply.send(answer).ok();
                    }
                    Some(Instruction::Settle { reply }) => self.settle(reply).await,
                    Some(Instruction::Stop) | None => break,
                },
                Some((leg, event)) = from_media.recv() => {
                    if self.call.as_ref().is_some_and(|call| call.leg() == leg) {
                        self.put(Input::Media(event)).await;
                    }
                }
                () = alarm => self.put(Input::Timeout).await,
            }
        }
        // Refused if there is no call; then there is nothing to be left behind.
        self.order(Order::HangUp).await.ok();
        self.link.close().await;
        PhoneEnd::Left
    }

    async fn refused(mut self, why: String) -> PhoneEnd {
        self.put(Input::LineDown { why: why.clone() }).await;
        self.order(Order::HangUp).await.ok();
        PhoneEnd::Refused { why }
    }

    async fn settle(&mut self, reply: oneshot::Sender<bool>) {
        self.put(Input::Timeout).await;
        if self.connecting {
            // What its script says begins with the line.
            self.settling.push_back((true, reply));
            return;
        }
        let spoke = std::mem::take(&mut self.said) > 0;
        if self.machine.doing().online && self.link.ask_for_echo() {
            self.settling.push_back((spoke, reply));
        } else {
            reply.send(spoke).ok();
        }
    }

    /// The exchange has taken all that was said before it was asked.
    fn settled(&mut self) {
        if let Some((spoke, reply)) = self.settling.pop_front() {
            reply.send(spoke).ok();
        }
    }

    fn all_settled(&mut self) {
        while !self.settling.is_empty() {
            self.settled();
        }
    }

    async fn order(&mut self, order: Order) -> Result<(), crate::machine::Refusal> {
        let now = self.clock.now();
        let answer = self.machine.handle(now, Input::Order(order));
        self.serve(now).await;
        answer
    }

    async fn put(&mut self, input: Input) {
        let now = self.clock.now();
        if self.machine.handle(now, input).is_err() {
            tracing::error!("the phone's machine refused what was no order");
        }
        self.serve(now).await;
    }

    async fn serve(&mut self, now: Timestamp) {
        // Whoever reads the story may look at what the phone is doing next.
        self.shared.set_doing(self.machine.doing());
        while let Some(output) = self.machine.poll_output() {
            match output {
                Output::Send(message) => {
                    self.said = self.said.saturating_add(1);
                    self.link.say(message);
                }
                Output::MakeOffer => {
                    let made = self.make_media(now, None).await;
                    self.made(now, made, |sdp| Input::OfferMade { sdp });
                }
                Output::MakeAnswer { offer } => {
                    let made = self.make_media(now, Some(offer)).await;
                    self.made(now, made, |sdp| Input::AnswerMade { sdp });
                }
                Output::ApplyAnswer { sdp } => {
                    if let Some(call) = &self.call {
                        call.apply_answer(sdp);
                    }
                }
                Output::Say(speech) => self.say(&speech),
                Output::Press(digits) => {
                    if let Some(call) = &self.call
                        && let Err(error) = call.press(digits)
                    {
                        tracing::warn!(%error, "keys were not pressed");
                    }
                }
                Output::CloseMedia => self.close_media(now).await,
                Output::Tell(what) => self.shared.tell(now, what),
                Output::Leave => self.leaving = true,
            }
        }
        self.shared.set_doing(self.machine.doing());
        self.shared.set_alarm(self.machine.poll_timeout());
    }

    /// Makes a call's media; with the exchange's offer to answer it, else to make one.
    async fn make_media(
        &self,
        now: Timestamp,
        offer: Option<String>,
    ) -> Result<(CallMedia, String), String> {
        let (media, events) = (self.media.clone(), self.media_events.clone());
        let made = tokio::task::spawn_blocking(move || match offer {
            Some(offer) => CallMedia::answer(&media, now, &offer, events),
            None => CallMedia::offer(&media, now, events),
        });
        match made.await {
            Ok(made) => made.map_err(|error| error.to_string()),
            Err(_) => Err("it could not be made".to_owned()),
        }
    }

    fn made(
        &mut self,
        now: Timestamp,
        made: Result<(CallMedia, String), String>,
        input: impl FnOnce(String) -> Input,
    ) {
        let input = match made {
            Ok((call, sdp)) => {
                self.shared.set_recording(call.recording().clone());
                self.call = Some(call);
                input(sdp)
            }
            Err(why) => Input::Media(MediaInput::Failed { why }),
        };
        if self.machine.handle(now, input).is_err() {
            tracing::error!("the phone's machine refused what was no order");
        }
    }

    fn say(&mut self, speech: &Speech) {
        let sound = self.sounds.iter().rev().find(|(known, _)| known == speech);
        if let (Some(call), Some((_, mouthpiece))) = (&self.call, sound)
            && let Err(error) = call.say(mouthpiece.clone())
        {
            tracing::warn!(%error, "nothing was said");
        }
    }

    fn keep_sound(&mut self, speech: Speech, mouthpiece: Mouthpiece) {
        // The file may have changed since the script was loaded: the newest counts.
        self.sounds.retain(|(known, _)| *known != speech);
        if self.sounds.len() > SOUNDS_MAX {
            self.sounds.remove(0);
        }
        self.sounds.push((speech, mouthpiece));
    }

    async fn close_media(&mut self, now: Timestamp) {
        let Some(call) = self.call.take() else {
            return;
        };
        let recording = call.recording().clone();
        drop(call);
        if let Some(path) = &self.record {
            self.recorded += 1;
            let path = record::numbered(path, self.recorded);
            let what = save(&path, recording).await;
            self.shared.tell(now, what);
        }
    }
}

async fn save(path: &Path, recording: Recording) -> Happening {
    let file = path.display().to_string();
    let path = path.to_owned();
    let saving = tokio::task::spawn_blocking(move || record::save(&path, &recording.heard));
    match saving.await {
        Ok(Ok(())) => Happening::Recorded { file },
        Ok(Err(error)) => Happening::NotRecorded {
            file,
            why: error.to_string(),
        },
        Err(_) => Happening::NotRecorded {
            file,
            why: "the recording could not be written".to_owned(),
        },
    }
}

/// A script's speeches and a few that were ordered.
const SOUNDS_MAX: usize = PHONE_SCRIPT_STEPS_MAX + 16;
