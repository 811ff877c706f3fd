//! Callbacks that behave, and callbacks that do not.

use testkit::webhook::{Behaviour, Receiver, VERIFY_TOKEN};

use super::*;

fn callback(url: &str) -> Callback {
    Callback {
        url: url.parse().expect("an address"),
        verify_token: VERIFY_TOKEN.to_owned(),
        headers: Default::default(),
    }
}

async fn told(greeter: &Greeter, callback: &Callback) -> String {
    match greeter.greet(callback, 1_158_201_444).await {
        Ok(()) => "taken".to_owned(),
        Err(error) => {
            let start =
                "The callback was asked with hub.mode, hub.challenge and hub.verify_token, and ";
            let rest = error.details.strip_prefix(start).expect("the common start");
            let end = rest.find(". It must").expect("the common end");
            format!("#{} {}", error.code.code(), &rest[..end])
        }
    }
}

#[tokio::test]
async fn callbacks_are_asked_before_they_are_kept() {
    let greeter = Greeter::new().expect("a client");
    let receiver = Receiver::start().await;
    // A query of its own stays.
    let good = callback(&receiver.url_at("/hook?tenant=7"));
    assert_eq!(told(&greeter, &good).await, "taken");

    let answers = [
        (
            Behaviour::Answer(404, String::new()),
            "#2200 it answered HTTP status 404",
        ),
        (
            Behaviour::Answer(302, String::new()),
            "#2200 it answered HTTP status 302",
        ),
        (
            Behaviour::Answer(200, "hello".to_owned()),
            "#2200 it answered 200 with another body than the challenge",
        ),
        (
            Behaviour::Answer(200, "1".repeat(1_000_000)),
            "#2200 it answered far more than the challenge",
        ),
        (Behaviour::Answer(200, "1158201444\n".to_owned()), "taken"),
    ];
    for (behaviour, wanted) in answers {
        receiver.behave_next([behaviour]);
        assert_eq!(told(&greeter, &good).await, wanted);
    }

    let other_token = Callback {
        verify_token: "other".to_owned(),
        ..good
    };
    assert_eq!(
        told(&greeter, &other_token).await,
        "#2200 it answered HTTP status 403"
    );
    drop(receiver);
}

#[tokio::test]
async fn nobody_there() {
    let greeter = Greeter::new().expect("a client");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let gone = callback(&format!("http://{address}/"));
    assert_eq!(
        told(&greeter, &gone).await,
        "#2200 no connection could be made"
    );
}

#[tokio::test]
async fn a_callback_that_never_answers_is_given_up() {
    let greeter = Greeter {
        within: Duration::from_millis(50),
        ..Greeter::new().expect("a client")
    };
    let receiver = Receiver::start().await;
    receiver.behave(Behaviour::Hold);
    let silent = callback(&receiver.url());
    assert_eq!(
        told(&greeter, &silent).await,
        "#2200 it did not answer within 0 s"
    );
    receiver.release();
}
