//! Every mistake is named with its key.

use super::*;
use crate::line::{PermissionAnswer, PermissionHeld};
use crate::script::{Chatting, Profile, Reply, Write};

#[test]
fn a_typing_error_names_the_nearest_key() {
    check(
        "answer_afer_ms = 1",
        "unknown key `answer_afer_ms`: did you mean `answer_after_ms`?",
    );
    check(
        "hangup_after_ms = 1",
        "unknown key `hangup_after_ms`: did you mean `hang_up_after_ms`?",
    );
    check("Dial = \"1\"", "unknown key `Dial`: did you mean `dial`?");
    check(
        "colour = \"red\"",
        "unknown key `colour`: known are answer_after_ms, reject_after_ms, ignore, misses, dial, dial_after_ms, say, press, hang_up_after_ms, then, record, on_permission, on_permission_after_ms, then_permission, then_permission_after_ms, read_after_ms, press_button_after_ms, write, write_to, write_after_ms, profile, profile_after_ms, calls",
    );
    check(
        "then = [{ say = \"echo\" }, { wait = 5 }]",
        "unknown key `then, step 2: wait`: did you mean `wait_ms`?",
    );
}

#[test]
fn a_wrong_value_names_what_it_must_be() {
    let millis = "must be a whole number of milliseconds from 0 to 604800000";
    check(
        "answer_after_ms = \"3s\"",
        &format!("`answer_after_ms` {millis}, not \"3s\""),
    );
    check(
        "answer_after_ms = -1",
        &format!("`answer_after_ms` {millis}, not -1"),
    );
    check(
        "answer_after_ms = 1.5",
        &format!("`answer_after_ms` {millis}, not 1.5"),
    );
    check(
        "hang_up_after_ms = 604800001",
        &format!("`hang_up_after_ms` {millis}, not 604800001"),
    );
    check(
        "ignore = \"yes\"",
        "`ignore` must be true or false, not \"yes\"",
    );
    check(
        "dial = 15550783881",
        "`dial` must be a text in quotes, not 15550783881",
    );
    check("dial = \" \"", "`dial` must be a text in quotes, not \" \"");
    check(
        "calls = 0",
        "`calls` must be a whole number from 1 on, not 0",
    );
    check(
        "press = \"12x\"",
        "`press` must be 0 to 9, *, #, A to D, and w or , for a pause of half a second, not \"12x\"",
    );
    check(
        "say = \"tone:x\"",
        "`say` must be a file's path, tone:440, echo, silence or nothing, not \"tone:x\": a tone is written tone:440, its frequency from 20 to 20000 Hz",
    );
    check(
        "then = \"hang_up\"",
        "`then` must be a list of up to 64 steps such as { say = \"hello.wav\" }, not a text",
    );
    check(
        "then = [\"hang_up\"]",
        "`then, step 1` must be one of say, press, wait_ms and hang_up with its value, not a text",
    );
    check(
        "then = [{ say = \"echo\", press = \"1\" }]",
        "`then, step 1` must be one of say, press, wait_ms and hang_up with its value, not 2 keys",
    );
    check(
        "then = [{}]",
        "`then, step 1` must be one of say, press, wait_ms and hang_up with its value, not 0 keys",
    );
    check(
        "then = [{ hang_up = false }]",
        "`then, step 1: hang_up` must be true, not false",
    );
    check(
        &format!("dial = [{}]", "1,".repeat(999)),
        "`dial` must be a text in quotes, not a list",
    );
}

#[test]
fn keys_that_exclude_or_need_each_other() {
    check(
        "answer_after_ms = 1\nreject_after_ms = 1",
        "`answer_after_ms` and `reject_after_ms` cannot stand together: a phone that rings does one of them",
    );
    check(
        "ignore = false\nreject_after_ms = 1",
        "`reject_after_ms` and `ignore` cannot stand together: a phone that rings does one of them",
    );
    check(
        "say = \"echo\"\nthen = []",
        "`then` and `say` cannot stand together: put it into the steps of `then`, in its place",
    );
    check(
        "press = \"1\"\nthen = []",
        "`then` and `press` cannot stand together: put it into the steps of `then`, in its place",
    );
    check("dial_after_ms = 1", "`dial_after_ms` needs `dial`");
}

#[test]
fn what_is_no_script() {
    let error = Script::from_toml("answer_after_ms 3").expect_err("no TOML");
    assert!(error.to_string().starts_with("the script is not TOML: "));
    let error = Script::from_json(&serde_json::json!([1])).expect_err("no table");
    assert_eq!(
        error.to_string(),
        "a script is a table of keys such as answer_after_ms, not a list"
    );
    let many = format!("then = [{}]", "{hang_up = true},".repeat(65));
    assert!(
        Script::from_toml(&many)
            .expect_err("too many")
            .to_string()
            .ends_with("not 65 of them")
    );
}

#[test]
fn the_api_writes_no_files() {
    let error = Script::from_json(&serde_json::json!({"record": "/etc/passwd"}));
    assert_eq!(
        error.expect_err("refused").to_string(),
        "`record` must be left out: every phone's recording can be had from the control API, not a file's path"
    );
}

#[test]
fn a_long_mistake_is_cut() {
    let error = Script::from_toml(&format!("{} = 1", "é".repeat(1_000))).err();
    let error = error.map(|error| error.to_string());
    assert!(error.is_some_and(|text| text.chars().count() < 450));
    let error = Script::from_toml(&format!("\"{}\" = 1", "é".repeat(1_000))).expect_err("unknown");
    assert!(
        error
            .to_string()
            .starts_with(&format!("unknown key `{}…`", "é".repeat(60)))
    );
}

#[test]
fn what_it_does_about_chats() {
    let script = Script::from_toml(
        "on_permission = \"temporary\"\non_permission_after_ms = 2000\nthen_permission = \"decline\"\nthen_permission_after_ms = 60000\nread_after_ms = 500\npress_button_after_ms = 1000\nwrite = \"Hello\"\nwrite_to = \"15550783881\"\nprofile = \"none\"\nmisses = 2",
    )
    .expect("a script");
    assert_eq!(script.misses, 2);
    assert_eq!(
        script.chatting,
        Chatting {
            on_permission: Some(Reply {
                answer: PermissionAnswer::Temporary,
                after: Duration::from_secs(2),
                then: Some((PermissionAnswer::Decline, Duration::from_mins(1))),
            }),
            read_after: Some(Duration::from_millis(500)),
            press_button_after: Some(Duration::from_secs(1)),
            write: Some(Write {
                to: "15550783881".to_owned(),
                body: "Hello".to_owned(),
                after: Duration::ZERO,
            }),
            profile: Some(Profile {
                permission: PermissionHeld::None,
                after: Duration::ZERO,
            }),
        }
    );
    assert_eq!(
        Script::from_toml("on_permission = \"ignore\""),
        Ok(Script::default())
    );
}

#[test]
fn keys_about_chats_that_do_not_fit() {
    check(
        "on_permission = \"yes\"",
        "`on_permission` must be one of temporary, permanent, decline, ignore, not \"yes\"",
    );
    check(
        "on_permission_after_ms = 5",
        "`on_permission_after_ms` needs `on_permission`",
    );
    check(
        "on_permission = \"ignore\"\nthen_permission = \"decline\"",
        "`on_permission` and `then_permission` cannot stand together: a request that is ignored has no answer",
    );
    check(
        "on_permission = \"decline\"\nthen_permission_after_ms = 5",
        "`then_permission_after_ms` needs `then_permission`",
    );
    check("write = \"Hello\"", "`write` needs `write_to`");
    check("write_to = \"1555\"", "`write_to` needs `write`");
    check("profile_after_ms = 5", "`profile_after_ms` needs `profile`");
}

#[track_caller]
fn check(toml: &str, error: &str) {
    let refused = Script::from_toml(toml).expect_err("refused");
    assert_eq!(refused.to_string(), error);
}
