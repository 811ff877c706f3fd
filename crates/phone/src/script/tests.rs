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

#[test]
fn a_file_says_what_lies_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ana.toml");
    std::fs::write(&path, "say = \"hello.wav\"\nrecord = \"heard.wav\"").expect("a file");
    let script = Script::open(&path).expect("a script");
    let hello = folder.path().join("hello.wav");
    assert_eq!(
        script
            .speeches()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [hello.display().to_string()]
    );
    assert_eq!(script.record, Some("heard.wav".into()));

    std::fs::write(&path, "sya = 1").expect("a file");
    let error = Script::open(&path).expect_err("no script").to_string();
    assert!(
        error.ends_with("ana.toml: unknown key `sya`: did you mean `say`?"),
        "{error}"
    );
    let error = Script::open(Path::new("no/such.toml")).expect_err("no file");
    assert!(
        error
            .to_string()
            .starts_with("no/such.toml cannot be read: ")
    );
}

/// What the guide shows is what is read.
#[test]
fn the_guides_scripts_are_scripts() {
    let guide = include_str!("../../../../docs/guide/phones.md");
    let mut shown = 0;
    for block in guide.split("```").skip(1).step_by(2) {
        let (language, script) = block.split_once('\n').expect("a block of lines");
        let read = match language {
            "toml" => Script::from_toml(script),
            "json" => {
                let body: serde_json::Value = serde_json::from_str(script).expect("JSON");
                Script::from_json(&body["script"])
            }
            _ => continue,
        };
        read.unwrap_or_else(|error| panic!("{error} in:\n{script}"));
        shown += 1;
    }
    assert!(shown >= 4, "{shown} scripts are shown");
    for key in read::SCRIPT_KEYS.iter().chain(read::STEP_KEYS) {
        assert!(
            guide.contains(&format!("`{key}`")),
            "the guide explains `{key}`"
        );
    }
}
