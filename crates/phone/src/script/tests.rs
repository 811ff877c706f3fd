//! Scripts as their guide shows them.

use super::*;

#[test]
fn the_first_example() {
    let script = Script::from_toml(
        "answer_after_ms = 3000\nsay = \"hello.wav\"\npress = \"2\"\nhang_up_after_ms = 8000\nrecord = \"heard.wav\"\ncalls = 1",
    );
    let script = script.expect("a script");
    assert_eq!(
        script.when_ringing,
        WhenRinging::AnswerAfter(Duration::from_secs(3))
    );
    assert_eq!(script.dial, None);
    assert_eq!(
        script.steps,
        [
            Step::Say(Speech::File {
                path: "hello.wav".into(),
                repeat: false
            }),
            Step::Press("2".parse().expect("digits")),
        ]
    );
    assert_eq!(script.hang_up_after, Some(Duration::from_secs(8)));
    assert_eq!(script.record, Some("heard.wav".into()));
    assert_eq!(script.calls, Some(1));
}

#[test]
fn the_second_example() {
    let script = Script::from_toml(
        r#"
        answer_after_ms = 0
        then = [
            { wait_ms = 500 },
            { say = "hello.wav" },
            { press = "1w2#" },
            { say = "tone:440" },
            { wait_ms = 5000 },
            { hang_up = true },
        ]"#,
    );
    let script = script.expect("a script");
    assert_eq!(script.steps.len(), 6);
    assert_eq!(script.speeches().count(), 2);
    assert_eq!(script.steps[0], Step::Wait(Duration::from_millis(500)));
    assert_eq!(script.steps[5], Step::HangUp);
}

#[test]
fn json_says_the_same() {
    let json = serde_json::json!({
        "dial": "+1 555 078 3881", "dial_after_ms": 250,
        "then": [{"say": "echo"}, {"wait_ms": 1000}, {"hang_up": true}],
    });
    let toml = "dial = \"+1 555 078 3881\"\ndial_after_ms = 250\n[[then]]\nsay = \"echo\"\n[[then]]\nwait_ms = 1000\n[[then]]\nhang_up = true";
    assert_eq!(Script::from_json(&json), Script::from_toml(toml));
    assert_eq!(Script::from_toml(""), Ok(Script::default()));
}
