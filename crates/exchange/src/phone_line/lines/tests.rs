//! Who is told what.

use super::*;

#[tokio::test]
async fn tells_the_phones_that_are_meant() {
    let lines = OpenLines::default();
    let (ada, bob) = (wa_id("4915112345678"), wa_id("14085551234"));
    let mut first = lines.open(ada.clone()).expect("room");
    let mut second = lines.open(ada.clone()).expect("room");
    let mut other = lines.open(bob.clone()).expect("room");

    lines.tell(&ada, Which::All, &error("all"));
    lines.tell(&ada, Which::The(second.id), &error("the second"));
    lines.tell(&ada, Which::AllBut(second.id), &error("not the second"));
    lines.tell(&bob, Which::All, &error("bob"));
    lines.tell(&wa_id("33612345678"), Which::All, &error("nobody"));

    assert_eq!(told(&mut first), ["all", "not the second"]);
    assert_eq!(told(&mut second), ["all", "the second"]);
    assert_eq!(told(&mut other), ["bob"]);
}

#[tokio::test]
async fn a_message_for_a_line_that_is_gone_finds_the_phone_on_its_new_one() {
    let lines = OpenLines::default();
    let ada = wa_id("4915112345678");
    let gone = lines.open(ada.clone()).expect("room").id;
    let mut back = lines.open(ada.clone()).expect("room");
    lines.tell(&ada, Which::The(gone), &error("it ended"));
    assert_eq!(told(&mut back), ["it ended"]);
    assert_eq!(lines.online(&ada), 1);
}

#[tokio::test]
async fn a_phone_that_does_not_read_loses_its_line_and_no_other_does() {
    let lines = OpenLines::default();
    let ada = wa_id("4915112345678");
    let mut slow = lines.open(ada.clone()).expect("room");
    let mut quick = lines.open(ada.clone()).expect("room");
    for n in 0..=PHONE_QUEUE_MAX {
        lines.tell(&ada, Which::All, &error("tick"));
        assert!(quick.next().await.is_some(), "message {n}");
    }
    assert_eq!(lines.online(&ada), 1);
    for _ in 0..PHONE_QUEUE_MAX {
        assert!(slow.next().await.is_some(), "what was queued is still read");
    }
    assert!(slow.next().await.is_none(), "and then the line is closed");
}

#[test]
fn lines_are_counted_and_bounded() {
    let lines = OpenLines::default();
    let ada = wa_id("4915112345678");
    let open: Vec<OpenLine> = (0..PHONES_PER_USER_MAX)
        .map(|_| lines.open(ada.clone()).expect("room"))
        .collect();
    assert_eq!(lines.open(ada.clone()).err(), Some(TooManyPhones));
    assert_eq!(lines.online(&ada), PHONES_PER_USER_MAX);
    drop(open);
    assert_eq!(lines.online(&ada), 0);
    assert!(
        lines.table().lines.is_empty(),
        "nothing is left of a user who is offline"
    );
}

fn wa_id(digits: &str) -> WaId {
    digits.parse().expect("digits")
}

fn error(text: &str) -> ToPhone {
    ToPhone::Error {
        message: text.to_owned(),
    }
}

/// What was told until now.
fn told(line: &mut OpenLine) -> Vec<String> {
    let mut told = Vec::new();
    while let Ok(message) = line.queue.try_recv() {
        match message {
            ToPhone::Error { message } => told.push(message),
            other => panic!("not expected: {other:?}"),
        }
    }
    told
}
