//! What the phones of a user show: kept, changed, bounded.

use phone::line::{
    CallPermission, ChatContent, ChatMessage, ChatSide, ChatStatus, PermissionAnswer,
    PermissionHeld, PermissionRequest, RequestState,
};
use rules::consent::{Answer, Held, How, Input, Ledger, State};
use types::limits::{CHAT_KEPT_PER_USER, CHAT_WELCOME_BYTES_MAX};
use types::{MessageId, Timestamp};

use crate::desk::{Refused, Turn, chat};
use crate::testing::{BEGIN, Platform, number, user};

#[tokio::test]
async fn a_message_is_shown_and_kept_for_phones_that_come_later() {
    let platform = Platform::start().await;
    show(&platform, text(1, "Hello.")).await;
    assert_eq!(platform.take(), ["phones: chat, text Hello."]);
    assert_eq!(latest(&platform).await, [text(1, "Hello.")]);
}

#[tokio::test]
async fn one_that_is_known_takes_its_place() {
    let platform = Platform::start().await;
    for message in [text(1, "Helo."), text(2, "Bye."), text(1, "Hello.")] {
        show(&platform, message).await;
    }
    assert_eq!(
        latest(&platform).await,
        [text(1, "Hello."), text(2, "Bye.")]
    );
}

#[tokio::test]
async fn a_status_is_told_once_and_kept() {
    let platform = Platform::start().await;
    show(&platform, text(1, "Hello.")).await;
    platform.take();
    for id in [1, 1, 7] {
        platform
            .run(move |turn| chat::status(turn, &user(), &id_of(id), ChatStatus::Read))
            .await
            .expect("a status");
    }
    assert_eq!(platform.take(), ["phones: chat status, read"]);
    assert_eq!(latest(&platform).await[0].status, ChatStatus::Read);
}

#[tokio::test]
async fn a_welcome_has_the_latest_that_it_has_room_for() {
    let platform = Platform::start().await;
    for number in 0..60 {
        show(&platform, text(number, &"word ".repeat(200))).await;
    }
    let latest = latest(&platform).await;
    let bytes = serde_json::to_string(&latest).expect("JSON").len();
    assert!(
        bytes <= CHAT_WELCOME_BYTES_MAX + latest.len() + 1,
        "{bytes}"
    );
    assert!(latest.len() > 20, "{}", latest.len());
    let ids: Vec<MessageId> = latest.into_iter().map(|message| message.id).collect();
    let newest = 60 - u32::try_from(ids.len()).expect("a few");
    assert_eq!(ids, (newest..60).map(id_of).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_oldest_go_when_there_are_too_many() {
    let platform = Platform::start().await;
    let kept = u32::try_from(CHAT_KEPT_PER_USER).expect("a few");
    for number in 0..kept + 5 {
        show(&platform, text(number, "Hello.")).await;
    }
    let is_there = |number| {
        let wanted = id_of(number);
        platform.run(move |turn| chat::find(turn, &user(), &wanted))
    };
    assert_eq!(is_there(4).await, Ok(None));
    assert!(is_there(5).await.expect("records").is_some());
}

#[tokio::test]
async fn a_request_shows_its_answer_until_it_is_over() {
    let platform = Platform::start().await;
    show(&platform, request()).await;
    platform.take();
    let (asked, answered, over) = ledgers();
    change(&platform, asked.clone(), answered.clone()).await;
    assert_eq!(
        platform.take(),
        [
            "phones: chat, call_permission_request",
            "phones: permission, temporary"
        ]
    );
    let shown = *latest(&platform).await[0].request().expect("a request");
    assert_eq!(
        (shown.state, shown.answer),
        (RequestState::Answered, Some(PermissionAnswer::Temporary))
    );
    assert_eq!(shown.until_ms, answered.requests[0].until.as_millis());

    change(&platform, answered, over).await;
    assert_eq!(
        platform.take(),
        [
            "phones: chat, call_permission_request",
            "phones: permission, none"
        ]
    );
    let shown = *latest(&platform).await[0].request().expect("a request");
    assert_eq!(
        (shown.state, shown.answer),
        (RequestState::Over, Some(PermissionAnswer::Temporary))
    );
    change(&platform, asked.clone(), asked).await;
    assert!(platform.take().is_empty(), "nothing has changed");
}

#[tokio::test]
async fn a_welcome_says_what_is_allowed() {
    let platform = Platform::start().await;
    let allowed = platform
        .run(|turn| chat::permissions(turn, &user()))
        .await
        .expect("records");
    assert_eq!(
        allowed,
        [CallPermission {
            phone_number_id: number(),
            permission: PermissionHeld::Permanent,
            until_ms: None,
        }]
    );
}

/// A ledger with a request, the same with the answer, and after both have run out.
fn ledgers() -> (State, State, State) {
    let limits = types::Preset::meta_2026().consent;
    let mut ledger = Ledger::new();
    let pass = ledger.may_request(BEGIN, &limits, How::Template);
    let mut take = |at: Timestamp, input| {
        ledger.handle(at, &limits, input).expect("it fits");
        while ledger.poll_output().is_some() {}
        ledger.state().clone()
    };
    let asked = take(
        BEGIN,
        Input::Requested {
            pass: pass.expect("a pass"),
            request: id_of(1),
        },
    );
    let answer = Input::Answered {
        request: id_of(1),
        answer: Answer::Temporary,
    };
    let answered = take(BEGIN, answer);
    let over = take(BEGIN + limits.temporary_for, Input::Timeout);
    assert!(matches!(over.held, Held::Nothing(_)) && over.requests.is_empty());
    (asked, answered, over)
}

async fn change(platform: &Platform, before: State, after: State) {
    run(platform, move |turn| {
        chat::ledger_changed(turn, &number(), &user(), &before, &after)
    })
    .await;
}

async fn show(platform: &Platform, message: ChatMessage) {
    run(platform, move |turn| chat::show(turn, &user(), message)).await;
}

async fn run(
    platform: &Platform,
    what: impl FnOnce(&mut Turn<'_>) -> Result<(), Refused> + Send + 'static,
) {
    platform.run(what).await.expect("it is done");
}

async fn latest(platform: &Platform) -> Vec<ChatMessage> {
    platform
        .run(|turn| chat::latest(turn, &user()))
        .await
        .expect("records")
}

fn text(number: u32, body: &str) -> ChatMessage {
    let body = body.to_owned();
    message(number, ChatContent::Text { body })
}

fn request() -> ChatMessage {
    let request = PermissionRequest {
        state: RequestState::Open,
        answer: None,
        until_ms: 0,
    };
    message(
        1,
        ChatContent::CallPermissionRequest {
            body: None,
            request,
        },
    )
}

fn message(id: u32, content: ChatContent) -> ChatMessage {
    ChatMessage {
        id: id_of(id),
        phone_number_id: number(),
        from: ChatSide::Business,
        at_ms: BEGIN.as_millis(),
        status: ChatStatus::Delivered,
        content,
    }
}

fn id_of(number: u32) -> MessageId {
    format!("wamid.{number}").parse().expect("a message id")
}
