//! Each rule, broken once: the line, the rule, and the sentence.

use std::collections::BTreeSet;

use super::*;

/// What is said of Chrome's offer with `old` replaced by `new`.
#[track_caller]
fn offer(old: &str, new: &str) -> String {
    assert!(CHROME_OFFER.contains(old), "{old} stands in it");
    refused(&CHROME_OFFER.replace(old, new))
}

#[track_caller]
fn refused(text: &str) -> String {
    let fault = SessionDescription::offer(text, &strict()).expect_err("it is refused");
    format!("{}: {fault}", fault.rule)
}

/// What is said of Chrome's answer to Meta's offer with `old` replaced by `new`.
#[track_caller]
fn answer(old: &str, new: &str) -> String {
    assert!(CHROME_ANSWER.contains(old), "{old} stands in it");
    let text = CHROME_ANSWER.replace(old, new);
    let fault = SessionDescription::answer(&text, &strict(), Some(META_OFFER));
    let fault = fault.expect_err("it is refused");
    format!("{}: {fault}", fault.rule)
}

#[test]
fn what_is_no_session_description() {
    assert_eq!(
        refused(" \r\n"),
        "empty: SDP: Nothing there. Send the text of your local description."
    );
    assert_eq!(
        refused("Hello"),
        "not_sdp: SDP line 1 `Hello`: Not a session description: its first line is v=0 (RFC 8866)."
    );
    assert_eq!(
        refused("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"),
        "not_sdp: SDP line 1 `m=audio 9 UDP/TLS/RTP/SAVPF 111`: Not a session description: its \
         first line is v=0 (RFC 8866)."
    );
    let encoded = "encoded: SDP: Encoded twice. Send the description itself as a JSON string, not \
                   JSON in a string; its line ends are CRLF, not the characters \\r\\n.";
    let once_more = CHROME_OFFER.replace("\r\n", "\\r\\n");
    assert_eq!(refused(&once_more), encoded);
    assert_eq!(refused(&format!("\"{once_more}\"")), encoded);
    let json = format!("{{\"type\":\"offer\",\"sdp\":\"{once_more}\"}}");
    assert_eq!(refused(&json), encoded);
}

#[test]
fn what_is_too_large() {
    let padding = "a=x\r\n".repeat(7_000);
    assert_eq!(
        refused(&format!("{CHROME_OFFER}{padding}")),
        "too_large: SDP: More than 32768 bytes. Send audio only."
    );
    let padding = "a=x\r\n".repeat(600);
    assert_eq!(
        refused(&format!("{CHROME_OFFER}{padding}")),
        "too_many_lines: SDP: More than 512 lines. Send audio only."
    );
    let long = refused(&format!("{CHROME_OFFER}a={}\r\n", "x".repeat(5_000)));
    assert!(
        long.starts_with("line_too_long: SDP line 39 `a=xxx"),
        "{long}"
    );
    assert!(long.len() < 250, "a long line is shown in part");
}

#[test]
fn a_line_that_cannot_be_read() {
    assert_eq!(
        offer("a=rtcp-rsize", "rtcp-rsize"),
        "syntax: SDP line 24 `rtcp-rsize`: Cannot be read. A line is one small letter, an equals \
         sign and a value."
    );
    assert_eq!(
        offer("t=0 0", "t=0"),
        "syntax: SDP line 4 `t=0`: Cannot be read. Timing attribute must have two tokens."
    );
    assert_eq!(
        offer("a=rtcp-rsize", "a=rtcp-rsize\u{7}"),
        "control_character: SDP line 24 `a=rtcp-rsize`: A control character. End each line with \
         CRLF."
    );
    assert_eq!(
        offer("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus/fast/2"),
        "rtpmap: SDP line 26 `a=rtpmap:111 opus/fast/2`: Each dynamic payload type has one \
         a=rtpmap, such as 111 opus/48000/2. Not a number that fits: invalid digit found in string."
    );
    assert_eq!(
        offer(
            "a=rtcp-rsize",
            "a=candidate:1 1 udp 7 192.0.2.1 70000 typ host"
        ),
        "candidate: SDP line 24 `a=candidate:1 1 udp 7 192.0.2.1 70000 typ host`: Not an ICE \
         candidate (RFC 8839, 5.1). ICE candidate port can only be a bit 16bit number."
    );
    assert_eq!(
        offer("a=rtcp-rsize", "a=candidate:1 1 udp"),
        "candidate: SDP line 24 `a=candidate:1 1 udp`: Not an ICE candidate (RFC 8839, 5.1). \
         Candidate needs to have minimum eight tokens."
    );
}

#[test]
fn a_line_that_is_missing_or_misplaced() {
    assert_eq!(
        offer("t=0 0\r\n", ""),
        "order: SDP: A line is missing or stands in the wrong place (RFC 8866, 5). Missing timing \
         type at session level."
    );
    assert_eq!(
        offer("c=IN IP4 0.0.0.0\r\n", ""),
        "order: SDP: A line is missing or stands in the wrong place (RFC 8866, 5). Without \
         connection type at session level all media sections must have connection types."
    );
    assert_eq!(
        offer("t=0 0\r\n", "t=0 0\r\na=mid:0\r\n"),
        "order: SDP line 5 `a=mid:0`: A line is missing or stands in the wrong place (RFC 8866, 5). \
         Mid:0 not allowed at session level."
    );
    assert!(refused("v=0\r\n").starts_with("order: SDP: "));
}

#[test]
fn streams() {
    let audio = "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126";
    let head = CHROME_OFFER.split(audio).next().expect("a head");
    assert_eq!(
        refused(head),
        "no_audio: SDP: No audio stream. A call has one m=audio."
    );
    assert_eq!(
        offer(audio, "m=video 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126"),
        "no_audio: SDP line 8 `m=video 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126`: No audio \
         stream. A call has one m=audio."
    );
    let second = |media: &str| {
        refused(&format!(
            "{CHROME_OFFER}m={media} 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"
        ))
    };
    assert_eq!(
        second("audio"),
        "several_audio: SDP line 39 `m=audio 9 UDP/TLS/RTP/SAVPF 111`: A second audio stream. A \
         call has one m=audio."
    );
    assert_eq!(
        second("video"),
        "other_media: SDP line 39 `m=video 9 UDP/TLS/RTP/SAVPF 111`: A stream that is not audio. A \
         call has one m=audio and no other."
    );
    assert_eq!(
        offer("m=audio 9 ", "m=audio 0 "),
        "port_zero: SDP line 8 `m=audio 0 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126`: Port 0 \
         refuses the stream. Use port 9 where none is known yet."
    );
    for protocol in ["RTP/AVP", "UDP/SOMETHING"] {
        let said = offer("UDP/TLS/RTP/SAVPF", protocol);
        assert!(said.starts_with("protocol: SDP line 8 "), "{said}");
    }
}

#[test]
fn codecs() {
    let audio = "SAVPF 111 63 9 0 8 13 110 126";
    assert_eq!(
        offer(audio, "SAVPF 111 63 9 0 8 13 110 126 128"),
        "payload_type: SDP line 8 `m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126 128`: A \
         payload type is a number from 0 to 127. 128 is not."
    );
    assert_eq!(
        offer("a=rtpmap:110 telephone-event/48000\r\n", ""),
        "rtpmap: SDP line 8 `m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126`: Each dynamic \
         payload type has one a=rtpmap, such as 111 opus/48000/2. 110 has none."
    );
    assert_eq!(
        offer(
            "a=rtpmap:110 telephone-event/48000",
            "a=rtpmap:111 PCMU/8000"
        ),
        "rtpmap: SDP line 35 `a=rtpmap:111 PCMU/8000`: Each dynamic payload type has one a=rtpmap, \
         such as 111 opus/48000/2. 111 is PCMU/8000 as well."
    );
    for opus in ["opus/48000", "opus/16000/2", "SILK/48000/2"] {
        let said = offer("opus/48000/2", opus);
        assert!(said.starts_with("no_opus: SDP line 8 "), "{opus}: {said}");
    }
    let said = offer(audio, "SAVPF 0 8");
    assert!(said.starts_with("no_opus: SDP line 8 "), "{said}");
    assert_eq!(
        offer("a=rtcp-mux\r\n", ""),
        "no_rtcp_mux: SDP: No a=rtcp-mux. RTP and RTCP share one port."
    );
}

#[test]
fn ice_credentials() {
    let missing = "no_ice_credentials: SDP: No a=ice-ufrag or no a=ice-pwd. ICE needs both.";
    assert_eq!(offer("a=ice-ufrag:U6/d\r\n", ""), missing);
    assert_eq!(offer("a=ice-pwd:pSOMnHu4WSsNb0TFYWXMbWVD\r\n", ""), missing);
    assert_eq!(
        offer("a=ice-ufrag:U6/d", "a=ice-ufrag:U6/"),
        "ice_ufrag: SDP line 11 `a=ice-ufrag:U6/`: An ICE user fragment has 4 to 256 letters, \
         digits, + or / (RFC 8839, 5.4)."
    );
    let said = offer("a=ice-ufrag:U6/d", "a=ice-ufrag:U6 d");
    assert!(said.starts_with("ice_ufrag: SDP line 11 "), "{said}");
    assert_eq!(
        offer("pSOMnHu4WSsNb0TFYWXMbWVD", "pSOMnHu4WSsNb0TFYWXMb"),
        "ice_pwd: SDP line 12 `a=ice-pwd:…`: An ICE password has 22 to 256 letters, digits, + or / \
         (RFC 8839, 5.4). It has 21."
    );
    let said = offer("pSOMnHu4WSsNb0TFYWXMbWVD", &"p".repeat(257));
    assert!(said.starts_with("ice_pwd: SDP line 12 "), "{said}");
    assert_eq!(
        answer("t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n"),
        "ice_lite: SDP line 5 `a=ice-lite`: Both sides are ICE-lite, and nobody would start the \
         checks. Use full ICE, in the controlling role."
    );
}

#[test]
fn fingerprints() {
    let fingerprint = CHROME_OFFER
        .lines()
        .find(|line| line.starts_with("a=fingerprint"))
        .expect("it has one");
    let other = |text: &str| offer(fingerprint, text);
    assert_eq!(
        offer(&format!("{fingerprint}\r\n"), ""),
        "no_fingerprint: SDP: No fingerprint found in SDP. Add one a=fingerprint:sha-256 with the \
         hash of your DTLS certificate."
    );
    let several = refused(AIORTC_OFFER);
    assert!(
        several.starts_with(
            "several_fingerprints: SDP line 27 `a=fingerprint:sha-384 4A:B7:35:53:13:5B:A8:08:1D:C8"
        ),
        "{several}"
    );
    assert!(
        several.ends_with(
            "A second fingerprint. Keep one a=fingerprint:sha-256 and remove the others."
        ),
        "{several}"
    );
    let zeros = format!("a=fingerprint:sha-256 {}", ["00"; 32].join(":"));
    let short = fingerprint[..fingerprint.len() - 3].to_owned();
    let not_hex = fingerprint.replace(":24:", ":2G:");
    for text in [zeros, short, not_hex, "a=fingerprint:sha-256".to_owned()] {
        let said = other(&text);
        assert!(said.starts_with("bad_fingerprint: SDP line 14 "), "{said}");
    }
    let sha_1 = format!("a=fingerprint:sha-1 {}", ["AB"; 20].join(":"));
    for text in [sha_1, "a=fingerprint:md5 AB:CD".to_owned()] {
        let said = other(&text);
        assert!(said.starts_with("fingerprint_hash: SDP line 14 "), "{said}");
    }
}

#[test]
fn a_fingerprint_may_be_written_in_any_case() {
    let upper = CHROME_ANSWER.replace("sha-256", "SHA-256");
    assert!(SessionDescription::answer(&upper, &strict(), None).is_ok());
    let lower: String = CHROME_ANSWER
        .split_inclusive('\n')
        .map(|line| match line.strip_prefix("a=fingerprint:") {
            Some(value) => format!("a=fingerprint:{}", value.to_ascii_lowercase()),
            None => line.to_owned(),
        })
        .collect();
    assert!(SessionDescription::answer(&lower, &strict(), None).is_ok());
}

#[test]
fn who_starts_dtls() {
    let said = "The attribute a=setup says who starts DTLS: actpass in an offer, active (recommended) or passive \
                in an answer.";
    assert_eq!(
        offer("a=setup:actpass\r\n", ""),
        format!("setup: SDP: {said}")
    );
    assert_eq!(
        offer("a=setup:actpass", "a=setup:holdconn"),
        format!("setup: SDP line 15 `a=setup:holdconn`: {said}")
    );
    assert_eq!(
        offer("a=setup:actpass", "a=setup:maybe"),
        format!("setup: SDP line 15 `a=setup:maybe`: {said} Unsupported setup value.")
    );
    assert_eq!(
        answer("a=setup:active", "a=setup:actpass"),
        "setup_undecided: SDP line 14 `a=setup:actpass`: An answer decides who starts DTLS: \
         a=setup:active (recommended) or a=setup:passive, never actpass."
    );
    let passive = CHROME_ANSWER.replace("a=setup:active", "a=setup:passive");
    assert!(SessionDescription::answer(&passive, &strict(), None).is_ok());
}

#[test]
fn the_offer_sent_back_as_the_answer() {
    let said = "This is the offer that you were sent. Give it to your WebRTC stack as the remote \
                description, and send the answer that the stack makes.";
    let echo = |text: &str, our_offer| {
        let fault = SessionDescription::answer(text, &strict(), our_offer);
        fault.expect_err("it is refused").to_string()
    };
    assert_eq!(
        echo(META_OFFER, Some(META_OFFER)),
        format!("SDP line 13 `a=ice-ufrag:kQz7Rb1xWm3TfY0d`: {said}")
    );
    let active = META_OFFER
        .replace("actpass", "active")
        .replace("kQz7", "other");
    assert!(
        echo(&active, Some(META_OFFER)).ends_with(said),
        "by fingerprint"
    );
    // Without the offer at hand, what it says of DTLS gives it away.
    assert!(echo(META_OFFER, None).contains("An answer decides who starts DTLS"));
    assert!(echo(META_OFFER, Some("not an offer")).contains("An answer decides"));
}

#[test]
fn bundles() {
    assert_eq!(
        offer("a=group:BUNDLE 0", "a=group:BUNDLE 1"),
        "bundle: SDP line 5 `a=group:BUNDLE 1`: The line a=group:BUNDLE names no a=mid of the audio stream."
    );
    let said = offer("a=mid:0\r\n", "");
    assert!(said.starts_with("bundle: SDP line 5 "), "{said}");
    let neither = CHROME_OFFER
        .replace("a=group:BUNDLE 0\r\n", "")
        .replace("a=mid:0\r\n", "");
    assert!(SessionDescription::offer(&neither, &strict()).is_ok());
}

#[test]
fn each_rule_has_a_word_and_a_sentence_of_its_own() {
    let mut words = BTreeSet::new();
    let mut sentences = BTreeSet::new();
    for rule in SdpRule::ALL {
        assert!(words.insert(rule.as_str()), "{rule}");
        assert!(
            sentences.insert(SdpFault::whole(rule).to_string()),
            "{rule}"
        );
    }
}
