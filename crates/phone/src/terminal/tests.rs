//! What is typed, and what is answered.

use types::Timestamp;

use super::*;
use crate::story::Happening;

#[test]
fn what_is_typed_is_understood() {
    let command = |line: &str| line.parse::<Command>().expect(line);
    assert_eq!(
        command("dial +1 555 078 3881"),
        Command::Dial("+1 555 078 3881".to_owned())
    );
    assert_eq!(command("  answer "), Command::Answer);
    assert_eq!(command("hang up"), Command::HangUp);
    assert_eq!(command("hangup"), Command::HangUp);
    assert_eq!(
        command("press 12#"),
        Command::Press("12#".parse().expect("digits"))
    );
    assert_eq!(
        command("play my hello.wav"),
        Command::Play("my hello.wav".parse().expect("a path"))
    );
    assert_eq!(
        command("write 15550783881 Where is my order?"),
        Command::Write {
            to: "15550783881".to_owned(),
            body: "Where is my order?".to_owned()
        }
    );
    assert_eq!(
        command("link 15550783881 spring"),
        Command::Link {
            to: "15550783881".to_owned(),
            payload: "spring".to_owned()
        }
    );
    assert_eq!(
        command("permit decline"),
        Command::Permit(PermissionAnswer::Decline)
    );
    assert_eq!(
        command("profile 436666719526789 none"),
        Command::Profile(
            "436666719526789".parse().expect("an id"),
            PermissionHeld::None
        )
    );
    assert_eq!(command("read"), Command::Read);
    assert_eq!(command("button"), Command::Button);
    assert_eq!(command(""), Command::Nothing);
    assert_eq!(command("quit"), Command::Quit);
}

#[test]
fn what_is_not_understood_is_explained() {
    let wrong = |line: &str| line.parse::<Command>().expect_err(line);
    assert_eq!(
        wrong("anwser"),
        "There is no `anwser`: did you mean `answer`?"
    );
    assert_eq!(
        wrong("dance"),
        "There is no `dance`. `help` says what there is."
    );
    assert_eq!(
        wrong("dial"),
        "`dial` needs a number: dial +1 555 078 3881."
    );
    assert_eq!(
        wrong("press x"),
        "`press` needs digits: 0 to 9, *, #, A to D, and w or , for a pause of half a second."
    );
    assert_eq!(
        wrong("permit yes"),
        "`permit` needs an answer: permit temporary, permit permanent or permit decline."
    );
    assert_eq!(
        wrong("write 15550783881"),
        "`write` needs a number in one word and a text: write 15550783881 Hello."
    );
    assert_eq!(
        wrong("play tone:1"),
        "`play`: a tone is written tone:440, its frequency from 20 to 20000 Hz."
    );
}

#[test]
fn help_names_every_verb() {
    for verb in VERBS.iter().filter(|verb| **verb != "help") {
        assert!(HELP.lines().any(|line| line.starts_with(verb)), "{verb}");
    }
}

#[test]
fn an_event_is_a_sentence_with_its_time() {
    let event = StoryEvent {
        number: 0,
        at: Timestamp::from_millis(86_400_000 * 3 + 3_723_004),
        what: Happening::HungUp,
    };
    assert_eq!(sentence(&event), "01:02:03.004  Hung up.");
}
