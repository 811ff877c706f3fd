//! For tests of this crate: a desk with fake media, phones that only listen, and a clock that stands.

use std::sync::Arc;
use std::time::Duration;

use media::LegStats;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use store::{Place, Store};
use types::{CallId, CallOrigin, MessageId, Preset, Timestamp};
use wire::Recipient;

use crate::clock::Clock;
use crate::desk::auth::Acting;
use crate::desk::calls::{self, Answer, Connect, Dial};
use crate::desk::deliveries::{self, ReceiverAnswer, Report, Room};
use crate::desk::{Desk, DeskError, DeskParts, DeskThread, LegBook, Outside, Refused, Turn, due};
use crate::media_control::{LegNews, MediaControl, PreparedLegs, Side};
use crate::phone_lines::{LineId, PhoneLines};
use crate::world;

mod consenting;
mod messaging;
mod small_world;
mod told;
mod webhook_line;

pub(crate) use small_world::{a_world, number, the_business, user};

pub(crate) use told::Told;

use told::{Media, Phones};
use webhook_line::webhook_line;

/// When every story begins.
pub(crate) const BEGIN: Timestamp = Timestamp::from_secs(1_760_681_500);

/// Plays `script` and compares what was told with `story`, line by line.
#[track_caller]
pub(crate) fn check(script: &str, story: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let told = runtime.block_on(async {
        let mut platform = Platform::start().await;
        platform.play(script).await;
        platform.end()
    });
    assert_eq!(
        told.join("\n"),
        lines(story),
        "\n--- told ---\n{}\n",
        told.join("\n")
    );
}

/// A story without the spaces around its lines.
pub(crate) fn lines(text: &str) -> String {
    text.trim()
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A desk with everything around it.
pub(crate) struct Platform {
    pub(crate) desk: Desk,
    pub(crate) clock: Clock,
    pub(crate) outside: Outside,
    thread: DeskThread,
    told: Told,
    /// The call that the script is about: the last one placed.
    pub(crate) call: Option<CallId>,
    /// The request that the script is about: the last one sent.
    request: Option<MessageId>,
    written: messaging::Written,
    bodies: Vec<(String, Vec<u8>)>,
}

impl Platform {
    pub(crate) async fn start() -> Self {
        Self::start_on(&Place::Memory, Preset::meta_2026()).await
    }

    pub(crate) async fn start_on(place: &Place, preset: Preset) -> Self {
        let told = Told::default();
        let clock = Clock::frozen(BEGIN);
        let media = Media::new(told.clone());
        let outside = Outside {
            media: Arc::new(media),
            phones: Arc::new(Phones(told.clone())),
            deliveries: Arc::default(),
            legs: LegBook::default(),
        };
        let (desk, thread) = Desk::start(DeskParts {
            store: Store::open(place).expect("a store"),
            clock: clock.clone(),
            chance: ChaCha8Rng::seed_from_u64(7),
            preset: Arc::new(preset),
            outside: outside.clone(),
        })
        .expect("a desk");
        let platform = Self {
            desk,
            clock,
            thread,
            outside,
            told,
            call: None,
            request: None,
            written: messaging::Written::default(),
            bodies: Vec::new(),
        };
        platform
            .run(|turn| world::apply(turn, a_world()))
            .await
            .expect("a small world");
        platform.take();
        platform
    }

    /// Runs one command.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        command: impl FnOnce(&mut Turn<'_>) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        self.desk.run(command).await
    }

    /// Plays a script: steps with commas in between, each `+<time>` or something that happens.
    pub(crate) async fn play(&mut self, script: &str) {
        for step in script.split(',').map(str::trim) {
            match step.strip_prefix('+') {
                Some(wait) => self.wait(duration(wait)).await,
                None => {
                    if let Err(refused) = self.act(step).await {
                        self.note(format!("refused: {refused}"));
                    }
                }
            }
            self.deliver().await;
        }
    }

    /// Lets the user call the business, and nobody take the webhook.
    pub(crate) async fn place_call(&mut self) {
        self.dial(LineId(1)).await.expect("a call");
    }

    /// What was told so far; stops the desk.
    pub(crate) fn end(self) -> Vec<String> {
        let told = self.told.take();
        self.stop().expect("no bug");
        told
    }

    /// Stops the desk, and waits until its thread is gone.
    pub(crate) fn stop(self) -> Result<(), DeskError> {
        // Not on a thread of the runtime: it would have to wait.
        std::thread::spawn(move || self.thread.stop())
            .join()
            .expect("a thread")
    }

    /// What was told since the last look.
    pub(crate) fn take(&self) -> Vec<String> {
        self.told.take()
    }

    /// The bodies of the webhooks so far, each with the name of its event.
    pub(crate) fn bodies(&self) -> &[(String, Vec<u8>)] {
        &self.bodies
    }

    /// The script's call.
    pub(crate) fn the_call(&self) -> CallId {
        self.call.clone().expect("a call was placed")
    }

    async fn act(&mut self, step: &str) -> Result<(), Refused> {
        let words: Vec<&str> = step.split(' ').collect();
        match words[..] {
            ["dial"] => self.dial(LineId(1)).await,
            ["connect"] => self.connect(None).await,
            ["connect", data] => self.connect(Some(data.to_owned())).await,
            ["pre_accept", answer] => {
                let answer = an_answer(answer);
                self.business(|turn, by, id| calls::pre_accept(turn, by, id, answer))
                    .await
            }
            ["accept", answer] => {
                let answer = an_answer(answer);
                self.business(|turn, by, id| calls::accept(turn, by, id, answer, None))
                    .await
            }
            ["accept", answer, data] => {
                let (answer, data) = (an_answer(answer), Some(data.to_owned()));
                self.business(|turn, by, id| calls::accept(turn, by, id, answer, data))
                    .await
            }
            ["reject"] => self.business(calls::reject).await,
            ["terminate"] => self.business(calls::terminate).await,
            ["phone", line, what] => {
                self.phone(LineId(line.parse().expect("a line")), what)
                    .await
            }
            ["leg", side, what] => self.leg(side.parse().expect("a side"), what).await,
            ["operator", "hangs", "up", side] => {
                let (id, side) = (self.the_call(), side.parse().expect("a side"));
                self.run(move |turn| calls::hang_up(turn, &id, side)).await
            }
            ["ask", form] => self.ask(form).await,
            ["user", "answers", answer] => self.answer(answer).await,
            ["profile", term] => self.profile(term).await,
            ["operator", "grants", term] => self.grant(term).await,
            ["business" | "user", ..] => self.message(&words).await,
            ["restart"] => self.run(calls::lose_media).await.map(drop),
            ["shutdown"] => self.run(calls::end_all).await.map(drop),
            _ => panic!("no such step: {step}"),
        }
    }

    async fn dial(&mut self, line: LineId) -> Result<(), Refused> {
        let offer = "the phone's offer".to_owned();
        let legs = PreparedLegs::for_dial(&*self.outside.media, &offer).expect("legs");
        let dial = Dial {
            wa_id: user(),
            line,
            dial_id: "d1".to_owned(),
            to: number(),
            origin: CallOrigin::default(),
            offer,
            legs,
        };
        self.call = Some(self.run(|turn| calls::dial(turn, dial)).await?);
        Ok(())
    }

    async fn connect(&mut self, callback_data: Option<String>) -> Result<(), Refused> {
        let offer = "the business's offer".to_owned();
        let legs = PreparedLegs::for_connect(&*self.outside.media, &offer).expect("legs");
        let request = Connect {
            to: Recipient::WaId(user()),
            offer,
            callback_data,
            legs,
        };
        let placed = self.run(|turn| {
            let acting = the_business(turn)?;
            calls::connect(turn, &acting, request)
        });
        self.call = Some(placed.await?);
        Ok(())
    }

    async fn business(
        &self,
        what: impl FnOnce(&mut Turn<'_>, &Acting, &CallId) -> Result<(), Refused> + Send + 'static,
    ) -> Result<(), Refused> {
        let id = self.the_call();
        self.run(move |turn| {
            let acting = the_business(turn)?;
            what(turn, &acting, &id)
        })
        .await
    }

    async fn phone(&self, line: LineId, what: &str) -> Result<(), Refused> {
        let id = self
            .call
            .clone()
            .unwrap_or_else(|| "wacid.none".parse().expect("an id"));
        let what = what.to_owned();
        self.run(move |turn| match what.as_str() {
            "comes" => calls::phone_came(turn, &user(), line),
            "rings" => calls::phone_rings(turn, &user(), &id),
            "picks-up" => {
                calls::phone_picks_up(turn, &user(), line, &id, "the phone's answer".to_owned())
            }
            "rejects" => calls::phone_rejects(turn, &user(), line, &id),
            "hangs-up" => calls::phone_hangs_up(turn, &user(), line, &id),
            _ => panic!("no phone does so: {what}"),
        })
        .await
    }

    async fn leg(&self, side: Side, what: &str) -> Result<(), Refused> {
        let id = self.the_call();
        let news = match what {
            "up" => LegNews::Up,
            "media" => LegNews::MediaStarted,
            "silent" => LegNews::MediaStopped,
            "left" => LegNews::PeerLeft,
            "failed" => LegNews::Failed,
            "closed" => LegNews::Closed(LegStats {
                packets_received: 7,
                ..LegStats::default()
            }),
            _ => panic!("no leg does so: {what}"),
        };
        self.run(move |turn| calls::leg_news(turn, &id, side, news))
            .await
    }

    /// Lets time pass, meeting every deadline on the way.
    async fn wait(&self, time: Duration) {
        let to = self.clock.now() + time;
        let agenda = self.desk.agenda();
        loop {
            let next = agenda.borrow().next_deadline;
            let Some(at) = next.filter(|at| *at <= to) else {
                break;
            };
            self.clock.set(at);
            while self.run(due::meet).await.expect("deadlines can be met") {}
        }
        self.clock.set(to);
    }

    /// Takes every webhook that is due, as a subscriber would.
    async fn deliver(&mut self) {
        let room = Room {
            free: 100,
            ..Room::default()
        };
        let leased = self
            .run(move |turn| deliveries::lease(turn, &room))
            .await
            .expect("a lease");
        let mut reports = Vec::new();
        for errand in leased.errands {
            let json: Value = serde_json::from_slice(&errand.body).expect("JSON");
            let (event, line) = webhook_line(&json);
            self.note(line);
            self.bodies.push((event, errand.body));
            reports.push(Report {
                id: errand.id,
                attempt: errand.attempt,
                records: errand.records,
                url: errand.url,
                started_at: self.clock.now(),
                took: Duration::ZERO,
                answer: Ok(ReceiverAnswer {
                    status: 200,
                    body: String::new(),
                }),
            });
        }
        self.run(move |turn| deliveries::report(turn, reports))
            .await
            .expect("a report");
    }

    fn note(&self, line: String) {
        self.told.note(line);
    }
}

/// Media that write down what they are told.
pub(crate) fn paper_media(told: &Told) -> impl MediaControl + use<> {
    Media::new(told.clone())
}

/// Phones that write down what they hear.
pub(crate) fn paper_phones(told: &Told) -> impl PhoneLines + use<> {
    Phones(told.clone())
}

/// A checked answer whose digest follows from its text.
fn an_answer(text: &str) -> Answer {
    let digest = rules::call::SdpDigest([text.as_bytes()[0]; 32]);
    Answer {
        sdp: format!("answer {text}"),
        digest,
    }
}

fn duration(text: &str) -> Duration {
    match text.strip_suffix("ms") {
        Some(millis) => Duration::from_millis(millis.parse().expect("milliseconds")),
        None => {
            let secs = text.strip_suffix('s').expect("a time ends in s or ms");
            Duration::from_secs(secs.parse().expect("seconds"))
        }
    }
}
