//! A call from the terminal, through a running gateway.

use gateway::api::PlaceCall;
use gateway::place::{Fate, Order, OrderError, place};
use media::audio::{Probe, clip, read_pcm};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use types::Direction::BusinessInitiated;
use wire::webhook::CallStatus;

use crate::outbound::answer;
use crate::world::{Connecting, World, now, status, terminated};

#[tokio::test]
async fn a_file_is_played_and_the_answer_recorded() {
    let world = World::start(json!({})).await;
    let folder = tempfile::tempdir().unwrap();
    let hello = folder.path().join("hello.wav");
    write_tone(&hello, 600);
    let record = folder.path().join("both.wav");
    let mut order = order(&world);
    order.play = Some(hello);
    order.record = Some(record.clone());

    let mut told = Vec::new();
    let placed = place(order, CancellationToken::new(), |line| {
        told.push(line.to_owned())
    });
    let (fate, ()) = tokio::join!(placed, async {
        world.platform.wait_for("connect", 1).await;
        let id = "wacid.TEST1".parse().unwrap();
        world.until("wacid.TEST1", "placed").await;
        answer(&world, &id).await;
        let phone = world.platform.phone_of(&id);
        phone.speak(440);
        world
            .platform
            .tell(&status(&id, CallStatus::Accepted))
            .await;
        // It hangs up when it has played its file.
        world.platform.wait_for("terminate", 1).await;
        world
            .platform
            .tell(&terminated(&id, BusinessInitiated, Some(now())))
            .await;
        let heard = phone.heard.pcm();
        assert!(Probe::new(&heard).tone_level(600) > 0.15);
    });
    assert_eq!(fate.unwrap(), Fate::Talked, "{told:#?}");
    let said: Vec<&str> = told
        .iter()
        .map(|line| line.get(11..).unwrap_or_default().trim())
        .collect();
    assert!(said.contains(&"answered"), "{told:#?}");
    let both = read_pcm(&std::fs::read(record).unwrap()).unwrap();
    assert!(Probe::new(&both).tone_level(440) > 0.05);
    assert!(Probe::new(&both).tone_level(600) > 0.05);
    world.stop().await;
}

#[tokio::test]
async fn a_refusal_is_a_fate_and_no_error() {
    let world = World::start(json!({})).await;
    let refusal = json!({"error": {"message": "No approved permission", "code": 138_006}});
    world.platform.connecting(Connecting::Answer(401, refusal));
    let mut told = Vec::new();
    let placed = place(order(&world), CancellationToken::new(), |line| {
        told.push(line.to_owned())
    });
    assert_eq!(placed.await.unwrap(), Fate::NoPermission);
    assert_eq!(
        told,
        ["the user has not allowed this business to call: No approved permission"]
    );
    world.stop().await;
}

#[tokio::test]
async fn ctrl_c_hangs_up() {
    let world = World::start(json!({})).await;
    let stop = CancellationToken::new();
    let placed = place(order(&world), stop.clone(), |_| {});
    let (fate, ()) = tokio::join!(placed, async {
        world.platform.wait_for("connect", 1).await;
        world.until("wacid.TEST1", "placed").await;
        stop.cancel();
        world.platform.wait_for("terminate", 1).await;
        let id = "wacid.TEST1".parse().unwrap();
        world
            .platform
            .tell(&terminated(&id, BusinessInitiated, None))
            .await;
    });
    assert_eq!(fate.unwrap(), Fate::Failed);
    world.stop().await;
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_an_error_that_helps() {
    let world = World::start(json!({})).await;
    let mut order = order(&world);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    order.gateway = format!("http://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    drop(listener);
    let error = place(order, CancellationToken::new(), |_| {})
        .await
        .unwrap_err();
    assert!(matches!(error, OrderError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("dialtone gateway"), "{error}");
    world.stop().await;
}

fn order(world: &World) -> Order {
    Order {
        gateway: world.url.parse().expect("an address"),
        token: None,
        call: PlaceCall {
            to: "12185552828".to_owned(),
            handler: None,
            callback_data: None,
        },
        play: None,
        record: None,
    }
}

/// A second of a tone as a WAV file of 16 bits.
fn write_tone(path: &std::path::Path, hz: u16) {
    let samples = clip::sine(hz, 0.3, 48_000);
    let data: Vec<u8> = samples
        .iter()
        .flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes())
        .collect();
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(48_000_u32.to_le_bytes());
    file.extend(96_000_u32.to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    std::fs::write(path, file).expect("a file");
}
