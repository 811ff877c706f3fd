//! `kill -9` in the middle of calls and deliveries, again and again, on one file: whatever a client was
//! told stands, every event of every call reaches the business, and nothing is left half done.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use exchange::desk::calls::{self, Answer, Dial};
use exchange::desk::{Desk, auth, deliveries};
use exchange::media_control::PreparedLegs;
use exchange::phone_lines::{LineId, NoPhones};
use exchange::{Clock, Exchange, ExchangeConfig, Parts, Place, Refused, build, leg_news, world};
use rules::call::{EndReason, SdpDigest};
use store::calls::CallFilter;
use store::deliveries::{DeliveryFilter, StateWord};
use store::subscriptions::{Callback, Dialect, Scope, Shape};
use testkit::webhook::{Behaviour, Receiver};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::sync::Notify;
use types::{CallId, Preset, Timestamp};

use crate::fake_media::FakeMedia;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_accounted_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("exchange.db");
    let receiver = Receiver::start().await;
    let mut told = BTreeMap::new();
    for (round, enough) in [(1, 30), (2, 45), (3, 25)] {
        // Some of what is sent is refused, so that retries are under way when the process dies.
        receiver.behave_next(vec![Behaviour::Answer(503, String::new()); 40]);
        let of_round = run_and_kill(&file, &receiver, round, enough).await;
        assert!(
            of_round.len() >= enough,
            "round {round} had {} calls",
            of_round.len()
        );
        told.extend(of_round);
    }
    receiver.release();

    let exchange = start(&file, &receiver.url(), 4).await;
    let desk = exchange.desk.clone();
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let running = tokio::spawn(exchange.run(async move { stopped.notified().await }));

    check_calls(&desk, &told).await;
    check_webhooks(&desk, &receiver).await;
    stop.notify_one();
    running
        .await
        .expect("no panic")
        .expect("a desk that works to the end");
}

/// Every call that a client was told of is there, over, and ended as it was told; those that the
/// process took down with it say so.
async fn check_calls(desk: &Desk, told: &BTreeMap<CallId, Told>) {
    let filter = CallFilter::default();
    let all = desk
        .run(move |turn| calls::list(turn, &filter, 100_000))
        .await
        .expect("calls");
    let kept: BTreeMap<_, _> = all
        .into_iter()
        .map(|call| (call.id.clone(), call))
        .collect();
    let mut lost_media = 0;
    for (id, told) in told {
        let call = kept
            .get(id)
            .unwrap_or_else(|| panic!("{id} was told of and is gone"));
        let ending = call.machine().ending().expect("an end");
        match (told, ending.reason) {
            (Told::Placed, EndReason::PlatformRestarted) => lost_media += 1,
            (Told::Placed | Told::Accepted | Told::Ended, EndReason::UserHungUp) => {
                assert!(ending.started.is_some());
            }
            (Told::Accepted, EndReason::PlatformRestarted) => {
                assert!(
                    ending.started.is_some(),
                    "the accept was told and must stand"
                );
                lost_media += 1;
            }
            other => panic!("{id}: {other:?}"),
        }
    }
    assert!(
        lost_media > 0,
        "at least one call was under way when its process was killed"
    );
}

/// Every webhook that was decided arrives, with its exact bytes; nothing stays due or leased.
async fn check_webhooks(desk: &Desk, receiver: &Receiver) {
    let list = |state| {
        let filter = DeliveryFilter {
            state,
            ..DeliveryFilter::default()
        };
        desk.run(move |turn| deliveries::list(turn, &filter, 100_000))
    };
    let mut events = desk.agenda();
    let settle = async {
        loop {
            events.mark_unchanged();
            let open = [StateWord::Due, StateWord::Leased].map(|state| list(Some(state)));
            let [due, leased] = open;
            let open = due.await.expect("deliveries").len() + leased.await.expect("leased").len();
            if open == 0 {
                return;
            }
            events.changed().await.expect("a desk");
        }
    };
    tokio::time::timeout(Duration::from_secs(60), settle)
        .await
        .expect("an outbox at rest");

    let came: BTreeSet<Vec<u8>> = receiver
        .deliveries()
        .into_iter()
        .map(|it| it.body)
        .collect();
    let all = list(None).await.expect("deliveries");
    let mut of_call: BTreeMap<CallId, BTreeSet<String>> = BTreeMap::new();
    for row in all {
        assert_eq!(StateWord::from(row.machine.state), StateWord::Delivered);
        let id = row.id;
        let story = desk
            .run(move |turn| deliveries::find(turn, id))
            .await
            .expect("it");
        assert!(
            came.contains(&story.body),
            "delivery {id} is marked and never came"
        );
        assert!(
            of_call
                .entry(row.notice.call.expect("a call"))
                .or_default()
                .insert(row.notice.event)
        );
    }
    for (id, events) in of_call {
        let events: Vec<_> = events.iter().map(String::as_str).collect();
        assert_eq!(events, ["connect", "terminate"], "{id}");
    }
}

/// What the client of a call has been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Placed,
    Accepted,
    Ended,
}

/// Starts a process, lets it answer for so many calls, and kills it.
async fn run_and_kill(
    file: &Path,
    receiver: &Receiver,
    round: u64,
    enough: usize,
) -> BTreeMap<CallId, Told> {
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "--exact",
            "kill_nine::exchange_process",
            "--ignored",
            "--nocapture",
        ])
        .env(FILE, file)
        .env(URL, receiver.url())
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("a second process");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut told = BTreeMap::new();
    let mut killed = false;
    while let Ok(Some(line)) = lines.next_line().await {
        let Some((word, id)) = line.split_once(' ') else {
            continue;
        };
        let what = match word {
            "placed" => Told::Placed,
            "accepted" => Told::Accepted,
            "ended" => Told::Ended,
            _ => continue,
        };
        told.insert(id.parse().expect("an id"), what);
        if told.len() >= enough && !killed {
            child.start_kill().expect("SIGKILL");
            killed = true;
        }
    }
    child.wait().await.expect("the end of it");
    told
}

/// Not a test: the exchange that is killed. Callers dial, are accepted and hang up, without end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by everything_is_accounted_for"]
async fn exchange_process() {
    // Whoever runs the ignored tests as well runs this one by itself: it has nothing to show.
    let Ok(file) = std::env::var(FILE) else {
        return;
    };
    let file = PathBuf::from(file);
    let url = std::env::var(URL).expect("the receiver");
    let round = std::env::var(ROUND)
        .expect("the round")
        .parse()
        .expect("a number");
    let exchange = start(&file, &url, round).await;
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..CALLERS {
        callers.spawn(call_without_end(exchange.desk.clone(), caller));
    }
    let run = tokio::spawn(exchange.run(std::future::pending()));
    while callers.join_next().await.is_some() {}
    run.abort();
}

async fn call_without_end(desk: Desk, caller: usize) -> Result<(), Refused> {
    let media = FakeMedia::default();
    loop {
        let legs = PreparedLegs::for_dial(&media, "").expect("legs");
        let line = LineId(1);
        let dial = Dial {
            wa_id: wa_id(caller).parse().expect("digits"),
            line,
            dial_id: "d".to_owned(),
            to: NUMBER.parse().expect("an id"),
            origin: types::CallOrigin::default(),
            offer: "offer".to_owned(),
            legs,
        };
        let id = desk.run(move |turn| calls::dial(turn, dial)).await?;
        println!("placed {id}");
        let call = id.clone();
        desk.run(move |turn| {
            let acting = auth::number_by_token(turn, TOKEN, &NUMBER.parse().expect("an id"))?;
            let answer = Answer {
                sdp: "answer".to_owned(),
                digest: SdpDigest([1; 32]),
            };
            calls::accept(turn, &acting, &call, answer, None)
        })
        .await?;
        println!("accepted {id}");
        let call = id.clone();
        desk.run(move |turn| {
            let wa_id = wa_id(caller).parse().expect("digits");
            calls::phone_hangs_up(turn, &wa_id, line, &call)
        })
        .await?;
        println!("ended {id}");
    }
}

async fn start(file: &Path, url: &str, round: u64) -> Exchange {
    let mut preset = Preset::meta_2026();
    preset.delivery.first_wait = Duration::from_millis(20);
    preset.delivery.wait_max = Duration::from_millis(200);
    let (_, leg_news) = leg_news();
    let config = ExchangeConfig {
        place: Place::File(file.to_owned()),
        preset,
        seed: round,
        world: a_world(url),
    };
    let parts = Parts {
        clock: Clock::new(|| {
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .expect("after 1970");
            Timestamp::from_millis(u64::try_from(since.as_millis()).expect("a sane clock"))
        }),
        media: Arc::new(FakeMedia::default()),
        leg_news,
        phones: Arc::new(NoPhones),
    };
    build(config, parts).await.expect("an exchange")
}

fn a_world(url: &str) -> world::World {
    let app: types::AppId = "700000000000001".parse().expect("an id");
    let waba: types::WabaId = "102290129340398".parse().expect("an id");
    let user = |caller| world::User {
        wa_id: wa_id(caller).parse().expect("digits"),
        bsuid: None,
        name: "Ada".to_owned(),
        country: "US".parse().expect("a country"),
        phone_token: None,
        reachability: world::Reachability::Active,
        online: true,
    };
    world::World {
        wabas: vec![world::Waba {
            id: waba.clone(),
            name: "Acme".to_owned(),
            apps: vec![app.clone()],
        }],
        apps: vec![world::App {
            id: app.clone(),
            name: "Acme's app".to_owned(),
            secret: "app-secret".into(),
            tokens: vec![(TOKEN.into(), waba.clone())],
        }],
        numbers: vec![world::Number {
            id: NUMBER.parse().expect("an id"),
            waba,
            display: "15550783881".parse().expect("a number"),
            verified_name: "Acme Repairs".to_owned(),
            calling_enabled: true,
            country: None,
            recipients: Vec::new(),
            calling: Default::default(),
            messaging_limit: Default::default(),
            d360_key: None,
        }],
        users: (0..CALLERS).map(user).collect(),
        consents: Vec::new(),
        templates: Vec::new(),
        callbacks: vec![Callback {
            app,
            scope: Scope::App,
            url: url.to_owned(),
            verify_token: "verify-me".to_owned(),
            fields: Vec::new(),
            shape: Shape::Rich,
            dialect: Dialect::Graph,
            headers: Default::default(),
        }],
    }
}

fn wa_id(caller: usize) -> String {
    format!("1408555{caller:04}")
}

const CALLERS: usize = 8;
const NUMBER: &str = "106540352242922";
const TOKEN: &str = "access-token";
const FILE: &str = "DIALTONE_TEST_FILE";
const URL: &str = "DIALTONE_TEST_URL";
const ROUND: &str = "DIALTONE_TEST_ROUND";
