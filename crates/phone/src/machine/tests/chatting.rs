//! What a phone does about chats, as short stories.

use super::*;
use crate::line::{
    Business, CallPermission, ChatContent, ChatMessage, ChatSide, ChatStatus, PermissionAnswer,
    PermissionHeld, PermissionRequest, RequestState,
};

#[test]
fn answers_a_request_and_changes_its_mind() {
    check(
        "on_permission = \"temporary\"\non_permission_after_ms = 2000\nthen_permission = \"decline\"\nthen_permission_after_ms = 60000",
        "0 welcome, 100 request, 2100 timeout, 2110 answered, 62100 timeout, 62110 over",
        "0 tell online
         100 tell message call_permission_request
         2100 tell answers_permission temporary
         2100 send answer_permission
         2110 tell request_stands temporary
         62100 tell answers_permission decline
         62100 send answer_permission
         62110 tell request_stands over",
    );
}

#[test]
fn ignores_a_request() {
    check(
        "on_permission = \"ignore\"",
        "0 welcome, 100 request, 604800100 over",
        "0 tell online
         100 tell message call_permission_request
         604800100 tell request_stands over",
    );
}

#[test]
fn a_request_that_came_while_it_was_away_is_answered() {
    check(
        "on_permission = \"permanent\"\nread_after_ms = 50",
        "0 welcome with request, 0 welcome with request, 50 timeout",
        "0 tell online
         0 tell answers_permission permanent
         0 send answer_permission
         0 tell online
         0 tell answers_permission permanent
         0 send answer_permission
         50 tell reads
         50 send read",
    );
}

#[test]
fn what_is_due_waits_for_the_line() {
    check(
        "on_permission = \"decline\"\non_permission_after_ms = 10",
        "0 welcome, 5 request, 7 line down, 20 timeout, 30 welcome with request",
        "0 tell online
         5 tell message call_permission_request
         7 tell offline
         30 tell online
         30 tell answers_permission decline
         30 send answer_permission",
    );
}

#[test]
fn reads_and_presses_the_button() {
    check(
        "read_after_ms = 500\npress_button_after_ms = 1000",
        "0 welcome, 100 button, 600 timeout, 610 was read, 1100 timeout, 1110 dialing, 1200 ended, 2000 press button",
        "0 tell online
         100 tell message call_button
         600 tell reads
         600 send read
         610 tell message_status read
         1100 tell presses_button
         1100 tell dialling
         1100 make offer
         1100 send dial
         1110 tell calling
         1110 apply answer
         1200 tell ended user_hung_up
         1200 close media
         2000 tell presses_button
         2000 tell dialling
         2000 make offer
         2000 send dial",
    );
}

#[test]
fn a_button_waits_for_the_end_of_a_call() {
    check(
        "press_button_after_ms = 10\nreject_after_ms = 100",
        "0 welcome, 0 ring, 5 button, 15 timeout, 100 timeout, 100 ended",
        "0 tell online
         0 tell rings
         0 send ringing
         5 tell message call_button
         100 tell rejected
         100 send reject
         100 tell presses_button
         100 tell dialling
         100 make offer
         100 send dial",
    );
}

#[test]
fn writes_and_sets_profiles_once() {
    check(
        "write = \"Hello\"\nwrite_to = \"15550783881\"\nwrite_after_ms = 5\nprofile = \"permanent\"",
        "0 welcome with a shop, 5 timeout, 6 line down, 7 welcome with a shop, 20 permission",
        "0 tell online
         0 tell sets_permission permanent
         0 send set_permission
         5 tell writes
         5 send text
         6 tell offline
         7 tell online
         20 tell permission permanent",
    );
}

#[test]
fn obeys_in_chats() {
    check(
        "",
        "0 permit, 0 welcome, 1 permit, 1 read, 1 press button, 2 request, 3 permit, 4 read, 5 button, 6 press button, 7 press button",
        "0 refused: Offline
         0 tell online
         1 refused: NothingAsked
         1 refused: NothingUnread
         1 refused: NoButton
         2 tell message call_permission_request
         3 tell answers_permission decline
         3 send answer_permission
         4 tell reads
         4 send read
         5 tell message call_button
         6 tell presses_button
         6 tell dialling
         6 make offer
         6 send dial
         7 refused: Busy",
    );
}

#[test]
fn misses_a_few_calls_and_takes_the_next() {
    check(
        "answer_after_ms = 10\nmisses = 1",
        "0 welcome, 0 ring, 60000 stop ringing, 70000 ring, 70010 timeout",
        "0 tell online
         0 tell rings
         0 send ringing
         60000 tell stopped_ringing no_answer
         70000 tell rings
         70000 send ringing
         70010 make answer
         70010 tell picked_up
         70010 send pick_up",
    );
}

pub(super) fn chat_input(event: &str) -> Option<Input> {
    let message = |message| Input::Message(ToPhone::Chat { message });
    Some(match event {
        "request" => message(request(RequestState::Open, None)),
        "answered" => message(request(
            RequestState::Answered,
            Some(PermissionAnswer::Temporary),
        )),
        "over" => message(request(RequestState::Over, Some(PermissionAnswer::Decline))),
        "button" => message(chat(
            "wamid.B",
            ChatContent::CallButton {
                body: "Questions?".to_owned(),
                display_text: "Call".to_owned(),
                expires_at_ms: 9,
            },
        )),
        "welcome with request" => Input::Message(with(|_, chat| {
            chat.push(request(RequestState::Open, None));
        })),
        "welcome with a shop" => Input::Message(with(|businesses, _| {
            if let ToPhone::Ring { from, .. } = ring("wacid.A") {
                businesses.push(from);
            }
        })),
        "was read" => Input::Message(ToPhone::ChatStatus {
            message_id: "wamid.B".parse().expect("a message id"),
            status: ChatStatus::Read,
        }),
        "permission" => Input::Message(ToPhone::Permission {
            permission: CallPermission {
                phone_number_id: number(),
                permission: PermissionHeld::Permanent,
                until_ms: None,
            },
        }),
        "permit" => Input::Order(Order::Chat(ChatOrder::AnswerPermission {
            message: None,
            answer: PermissionAnswer::Decline,
        })),
        "read" => Input::Order(Order::Chat(ChatOrder::Read { message: None })),
        "press button" => Input::Order(Order::Chat(ChatOrder::PressButton)),
        _ => return None,
    })
}

fn with(fill: impl Fn(&mut Vec<Business>, &mut Vec<ChatMessage>)) -> ToPhone {
    let mut welcome = welcome(vec![]);
    if let ToPhone::Welcome {
        businesses, chat, ..
    } = &mut welcome
    {
        fill(businesses, chat);
    }
    welcome
}

fn request(state: RequestState, answer: Option<PermissionAnswer>) -> ChatMessage {
    let request = PermissionRequest {
        state,
        answer,
        until_ms: 604_800_000,
    };
    chat(
        "wamid.R",
        ChatContent::CallPermissionRequest {
            body: None,
            request,
        },
    )
}

fn chat(id: &str, content: ChatContent) -> ChatMessage {
    ChatMessage {
        id: id.parse().expect("a message id"),
        phone_number_id: number(),
        from: ChatSide::Business,
        at_ms: 0,
        status: ChatStatus::Delivered,
        content,
    }
}

fn number() -> types::PhoneNumberId {
    "436666719526789".parse().expect("an id")
}
