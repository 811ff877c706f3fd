//! Armed faults: where they fire, and what they do to webhooks.

use std::time::Duration;

use types::{CallId, DeliveryId, Direction, FaultId, Timestamp};

use crate::law::armed::{Armed, Faults, Filter, Kind, Moment, Occasion, Times, When};
use crate::law::post::Post;

const AT: Timestamp = Timestamp::from_secs(1_780_315_200);
const FAULT: FaultId = FaultId(1);

fn armed(kind: Kind, filter: Filter, times: Times) -> Faults {
    let mut faults = Faults::default();
    faults.prepare(Armed::new(kind, filter, times));
    faults.armed(FAULT).expect("one was prepared");
    faults
}

fn at(moment: Moment<'_>, user: Option<usize>) -> Occasion<'_> {
    Occasion {
        moment,
        business: Some(0),
        user,
    }
}

#[test]
fn the_next_two_and_no_more() {
    let mut faults = armed(Kind::Refuse(100), Filter::default(), Times::Next(2));
    assert!(faults.clone().fires(FAULT).is_err(), "nothing was asked");
    for _ in 0..3 {
        faults.meet(&at(Moment::Request("connect"), None));
    }
    faults.meet(&at(Moment::Webhook("connect"), None));
    assert!(
        faults.agree(&[(FAULT, 2, 0)]).is_err(),
        "it must have fired"
    );
    faults.fires(FAULT).expect("the first");
    faults.fires(FAULT).expect("the second");
    faults.agree(&[(FAULT, 2, 2)]).expect("twice");
    assert!(!faults.any());
    assert!(faults.fires(FAULT).is_err(), "a third time");
}

#[test]
fn a_fault_for_one_user_leaves_others_alone() {
    let filter = Filter {
        user: Some(1),
        ..Filter::default()
    };
    let mut faults = armed(Kind::Drop, filter, Times::Always);
    faults.meet(&at(Moment::Webhook("sent"), Some(0)));
    faults.meet(&at(Moment::Webhook("ACCOUNT_RESTRICTION"), None));
    faults.agree(&[(FAULT, 0, 0)]).expect("neither was for it");
    faults.meet(&at(Moment::Webhook("sent"), Some(1)));
    faults.fires(FAULT).expect("it was");
    faults.disarmed(FAULT).expect("it is armed");
    assert!(faults.fires(FAULT).is_err(), "it is not armed any more");
    faults.agree(&[]).expect("none is listed");
}

#[test]
fn each_moment_of_a_call_has_its_faults() {
    let ours = Direction::BusinessInitiated;
    let kind = Kind::Fail(138_019, When::WhileRinging);
    let mut faults = armed(kind, Filter::default(), Times::Always);
    faults.meet(&at(Moment::Placing(ours), None));
    faults.meet(&at(Moment::Answered(ours), None));
    faults.agree(&[(FAULT, 0, 0)]).expect("too early, too late");
    faults.meet(&at(Moment::Ringing(ours), None));
    faults.fires(FAULT).expect("now");
    assert_eq!(Kind::NoPayment.refuses("connect"), Some(131_044));
    assert_eq!(Kind::NoPayment.refuses("messages"), Some(131_042));
}

#[test]
fn webhooks_leave_when_their_faults_let_them() {
    let call: CallId = "wacid.1".parse().expect("an id");
    let mut post = Post::default();
    for id in 1..=5 {
        let event = if id == 5 { "terminate" } else { "connect" };
        post.add(DeliveryId(id), Some(call.clone()), event);
    }
    let kinds = [
        Kind::Drop,
        Kind::Delay(Duration::from_secs(5)),
        Kind::Reorder(Some("terminate")),
        Kind::Reorder(Some("terminate")),
    ];
    for (id, kind) in (1..).zip(&kinds) {
        let struck = post.strike(DeliveryId(id), AT, (FAULT, kind));
        struck.expect("a fault of webhooks");
    }
    let leaves = |post: &Post, id, ms| {
        let now = AT + Duration::from_millis(ms);
        post.clone().leaves(DeliveryId(id), now).is_ok()
    };
    assert!(!leaves(&post, 1, 1_000_000));
    assert_eq!(post.dropped(), [(DeliveryId(1), FAULT)]);
    assert!(!leaves(&post, 2, 4_999));
    assert!(leaves(&post, 2, 5_000));
    assert!(!leaves(&post, 3, 599_999));
    assert!(leaves(&post, 3, 600_000), "nothing follows");
    post.was_sent(DeliveryId(5));
    assert!(leaves(&post, 4, 0));
    let in_time = AT + Duration::from_secs(5);
    post.leaves(DeliveryId(2), in_time).expect("in time");
    assert!(leaves(&post, 2, 0), "a second attempt, the clock set back");
    post.again(DeliveryId(1));
    assert!(leaves(&post, 1, 0), "the operator sends it after all");
}
