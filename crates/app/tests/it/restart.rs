//! A process that is killed in the middle of things, and the one that comes after it: no accepted
//! call event and no webhook is lost.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::webhook::{Behaviour, Delivery, Receiver, VERIFY_TOKEN};

use crate::program::Program;

/// An exchange whose records outlive it, on the same ports in each of its lives.
struct Lives {
    data: tempfile::TempDir,
    receiver: Receiver,
}

impl Lives {
    async fn begin() -> (Self, Program) {
        let lives = Self {
            data: tempfile::tempdir().expect("a folder"),
            receiver: Receiver::start().await,
        };
        let program = lives.start(&[]);
        let subscription = json!({
            "override_callback_uri": lives.receiver.url(),
            "verify_token": VERIFY_TOKEN,
        });
        let path = format!("/v24.0/{}/subscribed_apps", program.env("DIALTONE_WABA_ID"));
        let done = program.graph(&path, &subscription).await;
        assert_eq!(done["success"], json!(true), "{done}");
        (lives, program)
    }

    fn start(&self, variables: &[(&str, &str)]) -> Program {
        let data = self.data.path().to_str().expect("a path");
        Program::start_with("exchange", &["--data", data], variables)
    }

    /// The next life: on the ports of the one before.
    fn start_again(&self, before: &BTreeMap<String, String>) -> Program {
        let address = |key: &str| {
            let url = before[key].trim_start_matches("http://");
            url.trim_end_matches("/control/v1").to_owned()
        };
        let (public, control) = (
            address("DIALTONE_GRAPH_URL"),
            address("DIALTONE_CONTROL_URL"),
        );
        self.start(&[
            ("DIALTONE_LISTEN_PUBLIC", &public),
            ("DIALTONE_LISTEN_CONTROL", &control),
        ])
    }

    /// Everything that the business was told of a call, each word once, in the order of coming.
    fn told(&self, call: &str) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for delivery in self.receiver.deliveries() {
            let of_this = delivery.call_id() == Some(call);
            if let Some(word) = delivery.event().filter(|_| of_this)
                && !words.iter().any(|it| it == word)
            {
                words.push(word.to_owned());
            }
        }
        words
    }
}

/// Places a call to a user, and gives its id.
async fn connect(program: &Program, to: &str) -> String {
    let body = json!({
        "messaging_product": "whatsapp",
        "to": to,
        "action": "connect",
        "session": {"sdp_type": "offer", "sdp": OFFER},
    });
    let path = format!("/{}/calls", program.env("DIALTONE_PHONE_NUMBER_ID"));
    let answer = program.graph(&path, &body).await;
    answer["calls"][0]["id"].as_str().expect("an id").to_owned()
}

/// A user who lets the business call, with the number that ends so.
async fn a_user(program: &Program, ends: u32) -> String {
    let wa_id = format!("1408555{ends:04}");
    let user = json!({"wa_id": wa_id, "name": "Ben", "country": "US"});
    program.post("/users", &user).await;
    let number = program.env("DIALTONE_PHONE_NUMBER_ID");
    let consent = format!("/consents/{number}/{wa_id}");
    program.put(&consent, &json!({"granted": true})).await;
    wa_id
}

fn end_of(call: &str) -> impl FnMut(&[Delivery]) -> Option<Value> {
    let call = call.to_owned();
    move |all| {
        let end = all
            .iter()
            .find(|it| it.call_id() == Some(&call) && it.event() == Some("terminate"));
        end.map(|it| it.value()["calls"][0].clone())
    }
}

#[tokio::test]
async fn calls_under_way_are_ended_and_told() {
    let (lives, program) = Lives::begin().await;
    let user = program.env("DIALTONE_USER_WA_ID").to_owned();
    let call = connect(&program, &user).await;
    lives.receiver.wait_for_event("connect").await;
    let env = program.env.clone();
    program.kill();

    let program = lives.start_again(&env);
    let end = lives.receiver.wait_for(end_of(&call)).await;
    assert_eq!(end["direction"], json!("BUSINESS_INITIATED"), "{end}");
    assert_eq!(end["status"], json!("FAILED"), "{end}");
    assert_eq!(lives.told(&call), ["connect", "terminate"]);
    let secret = program.env("DIALTONE_APP_SECRET");
    let deliveries = lives.receiver.deliveries();
    assert!(deliveries.iter().all(|it| it.is_signed_with(secret)));
    let record = program.get(&format!("/calls/{call}")).await;
    assert_eq!(record["phase"], json!("ended"), "{record}");
    // And the line is free: the user can be called again.
    connect(&program, &user).await;
}

#[tokio::test]
async fn webhooks_under_way_are_sent_again() {
    let (lives, program) = Lives::begin().await;
    lives.receiver.behave(Behaviour::Hold);
    let mut calls = Vec::new();
    for ends in 0..8 {
        let user = a_user(&program, ends).await;
        calls.push(connect(&program, &user).await);
    }
    lives.receiver.wait_for_count(calls.len()).await;
    let env = program.env.clone();
    program.kill();
    lives.receiver.release();

    let program = lives.start_again(&env);
    for call in &calls {
        lives.receiver.wait_for(end_of(call)).await;
        // The first life's `connect` was never answered, so it comes a second time.
        let connects = |all: &[Delivery]| {
            let of_this =
                |it: &&Delivery| it.call_id() == Some(call) && it.event() == Some("connect");
            (all.iter().filter(of_this).count() >= 2).then_some(())
        };
        lives.receiver.wait_for(connects).await;
    }
    let deliveries = program.get("/deliveries?rows=100").await;
    let rows = deliveries["data"].as_array().expect("a list");
    assert!(rows.len() >= 2 * calls.len(), "{deliveries}");
}

/// As Chrome writes it; nobody answers at its candidates.
const OFFER: &str = "v=0\r\n\
    o=- 7602563789789945080 2 IN IP4 127.0.0.1\r\n\
    s=-\r\n\
    t=0 0\r\n\
    a=group:BUNDLE 0\r\n\
    a=msid-semantic: WMS stream\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111 126\r\n\
    c=IN IP4 0.0.0.0\r\n\
    a=rtcp:9 IN IP4 0.0.0.0\r\n\
    a=ice-ufrag:7H3k\r\n\
    a=ice-pwd:5hqBT6v0qFOC5a2vVuvbcKq1\r\n\
    a=ice-options:trickle\r\n\
    a=fingerprint:sha-256 5D:2B:1F:6E:93:04:7C:88:AD:30:52:E9:4B:77:C0:16:2E:8F:A1:D4:3C:65:90:BB:07:5A:E2:19:F8:4D:6B:31\r\n\
    a=setup:actpass\r\n\
    a=mid:0\r\n\
    a=sendrecv\r\n\
    a=msid:stream track\r\n\
    a=rtcp-mux\r\n\
    a=rtpmap:111 opus/48000/2\r\n\
    a=fmtp:111 minptime=10;useinbandfec=1\r\n\
    a=rtpmap:126 telephone-event/8000\r\n\
    a=ssrc:1001 cname:business\r\n";
