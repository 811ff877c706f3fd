//! Whatever comes in, there is an answer, and soon.

use super::*;

/// Reads as offer and answer, and looks at what is said.
fn read(text: &str) {
    for rules in [strict(), lenient()] {
        for answer in [
            SessionDescription::offer(text, &rules),
            SessionDescription::answer(text, &rules, Some(META_OFFER)),
            SessionDescription::answer(META_OFFER, &rules, Some(text)),
        ] {
            match answer {
                Ok(description) => {
                    let again = description.as_str();
                    assert_eq!(
                        Lines::split(again).map(|it| it.normalised()),
                        Ok(again.to_owned())
                    );
                }
                Err(fault) => {
                    assert!(fault.to_string().len() < 1_000);
                    assert!(!fault.to_string().contains(char::is_control));
                    assert_eq!(fault.line.is_some(), fault.text.is_some());
                }
            }
        }
    }
}

fn fixture() -> impl Strategy<Value = &'static str> {
    let all: Vec<_> = OFFERS
        .iter()
        .chain(&ANSWERS)
        .map(|(_, text)| *text)
        .collect();
    prop::sample::select(all)
}

/// Pieces that mean something to a reader of session descriptions.
fn piece() -> impl Strategy<Value = String> {
    let known = [
        "a=imageattr:* send [x=[1:2:3],y=[4,5],sar=[1.0-2.0]] recv *",
        "a=imageattr:97 send [",
        "a=simulcast:send rid=1;~2 recv 3",
        "a=rid:1 send pt=111;max-width=7",
        "a=ssrc-group:FID 1 2",
        "a=ssrc-group:FID x",
        "a=extmap:1/sendonly urn:x y z",
        "a=fmtp:111 =;=",
        "a=fmtp:63 1/2/999",
        "a=dtls-message:client AA==",
        "a=sctpmap:5000 webrtc-datachannel 1024",
        "a=framerate:NaN",
        "m=audio 9/0 UDP/TLS/RTP/SAVPF",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 224.2.36.42/127/3",
        "c=IN IP6 ::/",
        "b=:",
        "i=x",
        "a=rtcp:9 IN",
        "a=candidate:1 1 udp 1 [::1 9 typ host",
        "a=msid-semantic:",
        "=",
        "a=",
        "a=:",
    ];
    prop_oneof![
        prop::sample::select(known.map(str::to_owned).to_vec()),
        "[a-z]=[ -~]{0,40}",
        "\\PC{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text(text in "\\PC{0,400}") {
        read(&text);
    }

    #[test]
    fn any_lines(lines in prop::collection::vec(piece(), 0..40)) {
        read(&format!("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n{}", lines.join("\r\n")));
    }

    #[test]
    fn a_fixture_with_lines_replaced(
        text in fixture(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), piece()), 1..4),
    ) {
        let mut lines: Vec<&str> = text.lines().collect();
        for (index, piece) in &changes {
            let index = index.index(lines.len());
            lines[index] = piece;
        }
        read(&lines.join("\r\n"));
    }

    #[test]
    fn a_fixture_with_characters_replaced(
        text in fixture(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<char>()), 1..6),
    ) {
        let mut characters: Vec<char> = text.chars().collect();
        for (index, character) in changes {
            let index = index.index(characters.len());
            characters[index] = character;
        }
        read(&characters.into_iter().collect::<String>());
    }

    #[test]
    fn a_fixture_cut_short(text in fixture(), end in any::<prop::sample::Index>()) {
        read(&text[..end.index(text.len())]);
    }
}

/// Many lines and long ones cost the parser more than their number; the bounds keep it short.
#[test]
fn the_largest_that_is_read_is_read() {
    let most = |line: &str| {
        let room = (types::limits::SDP_BYTES_MAX - CHROME_OFFER.len()) / (line.len() + 2);
        let lines = CHROME_OFFER.lines().count();
        let times = room.min(types::limits::SDP_LINES_MAX - lines);
        format!("{CHROME_OFFER}{}", format!("{line}\r\n").repeat(times))
    };
    let sets = "[x=1,y=1] ".repeat(400);
    for text in [
        most("a=x"),
        most("b=AS:1"),
        most(&format!("a=imageattr:* send {sets}")),
        most(&format!("a=fmtp:0 {}", ";a=1".repeat(1_000))),
    ] {
        assert!(text.len() <= types::limits::SDP_BYTES_MAX);
        SessionDescription::offer(&text, &strict()).expect("within the bounds");
    }
}
