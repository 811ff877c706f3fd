//! What is said in the terminal.

use super::*;

#[test]
fn story_lines_come_in_pieces() {
    let whole = "id: 7\ndata: {\"number\":7,\"call\":\"c1\",\"at_ms\":1500,\"event\":\"ringing\"}\n\n\
                 : keep-alive\n\nid: 8\ndata: {\"number\":8,\"call\":\"c1\",\"at_ms\":2500,\"event\":\"digit\",\"digit\":\"5\"}\n\n";
    for cut in 0..whole.len() {
        let mut lines = SseLines::default();
        let mut read = lines.read(&whole.as_bytes()[..cut]);
        read.extend(lines.read(&whole.as_bytes()[cut..]));
        let told: Vec<String> = read.iter().map(|line| sentence(1_000, line)).collect();
        assert_eq!(
            told,
            [
                "   0.50 s  the user's phone rings",
                "   1.50 s  the user pressed 5"
            ]
        );
    }
}

#[test]
fn an_end_says_why() {
    let line = StoryLine {
        number: 1,
        call: "c1".to_owned(),
        at_ms: 21_000,
        event: StoryEvent::Ended {
            outcome: "no_media".to_owned(),
            blame: "network".to_owned(),
            code: Some(138_021),
            reason: Some("no audio came".to_owned()),
            talked_ms: 20_000,
        },
    };
    assert_eq!(
        sentence(0, &line),
        "  21.00 s  over: no media (network, code 138021), talked 20.0 s: no audio came"
    );
}

#[test]
fn every_fate_has_an_exit_code_of_its_own() {
    let codes = [
        "hung_up",
        "not_answered",
        "declined",
        "no_permission",
        "refused",
        "unclear",
        "failed",
    ]
    .map(|outcome| Fate::of(outcome).exit_code());
    assert_eq!(codes, [0, 10, 11, 12, 13, 14, 15]);
}
