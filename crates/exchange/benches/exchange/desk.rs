//! Commands of the desk per second, saved: whole calls, beside a command that writes one row.

use std::sync::Arc;
use std::time::Instant;

use exchange::Refused;
use exchange::desk::calls::{self, Answer, Dial};
use exchange::desk::{Desk, auth};
use exchange::leg_news;
use exchange::media_control::PreparedLegs;
use exchange::phone_lines::LineId;
use rules::call::SdpDigest;
use tokio::task::JoinSet;
use types::CallOrigin;

use crate::face::PaperLegs;
use crate::line;
use crate::place::{self, NUMBER, On, TOKEN, wa_id};

pub(crate) async fn measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, leg_news) = leg_news();
    let media = Arc::new(PaperLegs::default());
    let receivers = vec!["http://127.0.0.1:9/nobody".to_owned()];
    let on = On {
        folder: &folder,
        media,
        leg_news,
        users: CALLERS,
        receivers,
    };
    // Never run: nothing is delivered here, only put into the outbox.
    let exchange = place::exchange(on).await;

    let floor = one_row_commands(&exchange.desk).await;
    line(
        "desk: commands of one row",
        floor,
        "per s",
        "the floor here",
    );
    let calls = whole_calls(&exchange.desk).await;
    let commands = calls * 3.0;
    let beside = format!(
        "{:.2} of the floor; 2 webhooks and 3 events per call",
        commands / floor
    );
    line("desk: commands of whole calls", commands, "per s", &beside);
    line("desk: whole calls", calls, "per s", "dial, accept, hang up");
}

async fn one_row_commands(desk: &Desk) -> f64 {
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..CALLERS {
        let desk = desk.clone();
        tasks.spawn(async move {
            for _ in 0..ROUNDS * 3 {
                let told = desk.run(|turn| {
                    turn.tell("bench", None, None, &serde_json::json!({}))?;
                    Ok::<_, Refused>(())
                });
                told.await.expect("saved");
            }
        });
    }
    tasks.join_all().await;
    (CALLERS * ROUNDS * 3) as f64 / begin.elapsed().as_secs_f64()
}

async fn whole_calls(desk: &Desk) -> f64 {
    let media = Arc::new(PaperLegs::default());
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for caller in 0..CALLERS {
        let (desk, media) = (desk.clone(), Arc::clone(&media));
        tasks.spawn(async move {
            for _ in 0..ROUNDS {
                one_call(&desk, &media, caller).await.expect("a whole call");
            }
        });
    }
    tasks.join_all().await;
    (CALLERS * ROUNDS) as f64 / begin.elapsed().as_secs_f64()
}

async fn one_call(desk: &Desk, media: &PaperLegs, caller: usize) -> Result<(), Refused> {
    let dial = Dial {
        wa_id: wa_id(caller).parse().expect("digits"),
        line: LineId(1),
        dial_id: "d".to_owned(),
        to: NUMBER.parse().expect("an id"),
        origin: CallOrigin::default(),
        offer: "v=0\r\n".repeat(300),
        legs: PreparedLegs::for_dial(media, "").expect("legs"),
    };
    let id = desk.run(move |turn| calls::dial(turn, dial)).await?;
    let call = id.clone();
    desk.run(move |turn| {
        let acting = auth::number_by_token(turn, TOKEN, &NUMBER.parse().expect("an id"))?;
        let answer = Answer {
            sdp: "v=0\r\n".repeat(300),
            digest: SdpDigest([1; 32]),
        };
        calls::accept(turn, &acting, &call, answer, None)
    })
    .await?;
    desk.run(move |turn| {
        let wa_id = wa_id(caller).parse().expect("digits");
        calls::phone_hangs_up(turn, &wa_id, LineId(1), &id)
    })
    .await
}

const CALLERS: usize = 64;
const ROUNDS: usize = 100;
