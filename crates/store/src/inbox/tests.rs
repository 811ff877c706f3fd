//! What the gateway's records promise.

use super::*;
use types::Direction;

fn inbox() -> Inbox {
    Inbox::open(&Place::Memory).expect("an empty database")
}

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn ringing(reference: &str, started_ms: u64) -> CallRow {
    CallRow {
        reference: reference.to_owned(),
        call_id: None,
        direction: Direction::BusinessInitiated,
        phone_number_id: "436666719526789".parse().expect("an id"),
        peer: "14085551234".to_owned(),
        peer_name: None,
        handler: "{}".to_owned(),
        callback_data: None,
        phase: "dialling".to_owned(),
        started: at(started_ms),
        answered: None,
        ended: None,
        outcome: None,
        blame: None,
        reason_code: None,
        reason: None,
        digits: String::new(),
        recording: None,
        statistics: None,
    }
}

#[test]
fn a_body_is_kept_once_and_dealt_with_once() {
    let mut inbox = inbox();
    let Kept::New(first) = inbox.keep_webhook(&[1; 32], b"one", at(1)).unwrap() else {
        panic!("the first of its kind")
    };
    assert!(matches!(
        inbox.keep_webhook(&[2; 32], b"two", at(2)).unwrap(),
        Kept::New(_)
    ));
    assert_eq!(
        inbox.keep_webhook(&[1; 32], b"one", at(3)).unwrap(),
        Kept::Before
    );

    let waiting = |inbox: &mut Inbox| {
        let rows = inbox.waiting_webhooks(10).unwrap();
        rows.into_iter().map(|row| row.body).collect::<Vec<_>>()
    };
    assert_eq!(waiting(&mut inbox), [b"one".to_vec(), b"two".to_vec()]);
    inbox.webhook_processed(first, at(4), None).unwrap();
    assert_eq!(waiting(&mut inbox), [b"two".to_vec()]);
    assert_eq!(
        inbox.keep_webhook(&[1; 32], b"one", at(5)).unwrap(),
        Kept::Before,
        "dealt with is still known"
    );
}

#[test]
fn an_event_is_known_once_it_is_marked() {
    let mut inbox = inbox();
    let key = EventKey {
        call_id: "wacid.A".parse().unwrap(),
        event: "terminate".to_owned(),
        stamped_sec: 7,
    };
    assert!(!inbox.event_is_known(&key).unwrap());
    inbox.mark_event(&key, at(10)).unwrap();
    inbox.mark_event(&key, at(11)).unwrap();
    assert!(inbox.event_is_known(&key).unwrap());
    let later = EventKey {
        stamped_sec: 8,
        ..key.clone()
    };
    assert!(!inbox.event_is_known(&later).unwrap());
    inbox.mark_event(&later, at(12)).unwrap();

    let ended = inbox.calls_with_event("terminate", at(11)).unwrap();
    assert_eq!(ended, [(key.call_id, at(12))], "the first mark stands");
}

#[test]
fn a_call_is_written_over_and_found_by_either_name() {
    let mut inbox = inbox();
    let mut row = ringing("c1", 5);
    inbox.save_call(&row).unwrap();
    row.call_id = Some("wacid.A".parse().unwrap());
    row.answered = Some(at(9));
    row.reason_code = Some(138_021);
    inbox.save_call(&row).unwrap();

    assert_eq!(inbox.call("c1").unwrap().as_ref(), Some(&row));
    assert_eq!(inbox.call("wacid.A").unwrap().as_ref(), Some(&row));
    assert_eq!(inbox.call("wacid.B").unwrap(), None);

    row.answered = None;
    inbox.save_call(&row).unwrap();
    assert_eq!(inbox.call("c1").unwrap().unwrap().answered, None);
}

#[test]
fn open_calls_and_pages() {
    let mut inbox = inbox();
    for (reference, started) in [("c1", 1), ("c2", 2), ("c3", 3)] {
        let mut row = ringing(reference, started);
        row.ended = (reference == "c2").then(|| at(4));
        inbox.save_call(&row).unwrap();
    }
    let names = |rows: Vec<CallRow>| {
        let names = rows.into_iter().map(|row| row.reference);
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(inbox.open_calls().unwrap()), "c1 c3");
    assert_eq!(names(inbox.calls(None, 2).unwrap()), "c3 c2");
    assert_eq!(names(inbox.calls(Some(at(2)), 2).unwrap()), "c1");
}

#[test]
fn a_story_is_told_in_order_and_swept_with_its_call() {
    let mut inbox = inbox();
    inbox.save_call(&ringing("c1", 1)).unwrap();
    let first = inbox.add_event("c1", at(1), r#"{"is":"dialled"}"#).unwrap();
    inbox.add_event("c1", at(2), r#"{"is":"ringing"}"#).unwrap();
    assert!(inbox.add_event("c9", at(2), "{}").is_err(), "no such call");

    assert_eq!(inbox.story(Some("c1"), 0, 10).unwrap().len(), 2);
    assert_eq!(inbox.story(None, 0, 1).unwrap().len(), 1);
    assert!(inbox.story(Some("c2"), 0, 10).unwrap().is_empty());
    let rest = inbox.story(Some("c1"), first, 10).unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].event, r#"{"is":"ringing"}"#);

    assert!(
        inbox.sweep(at(100)).unwrap().is_empty(),
        "an open call stays"
    );
    let mut row = ringing("c1", 1);
    row.ended = Some(at(50));
    inbox.save_call(&row).unwrap();
    assert_eq!(inbox.sweep(at(100)).unwrap(), ["c1"]);
    assert!(inbox.story(None, 0, 10).unwrap().is_empty());
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let mut inbox = inbox();
    let failed: Result<(), InboxError> = inbox.transaction(|inbox| {
        inbox.save_call(&ringing("c1", 1))?;
        Err(InboxError::Unreadable { column: "test" })
    });
    assert!(failed.is_err());
    assert_eq!(inbox.call("c1").unwrap(), None);
}

#[test]
fn a_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::File(folder.path().join("gateway.db"));
    let mut inbox = Inbox::open(&place).unwrap();
    inbox.keep_webhook(&[1; 32], b"one", at(1)).unwrap();
    drop(inbox);
    let mut inbox = Inbox::open(&place).unwrap();
    assert_eq!(inbox.waiting_webhooks(1).unwrap().len(), 1);
}
