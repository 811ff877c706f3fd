//! Our session descriptions line for line, and other clients' as they were seen.

use std::net::SocketAddr;

use super::*;
use crate::identity::LegDraw;
use crate::leg::LegError;

fn draw() -> LegDraw {
    let mut bytes = [0; LegDraw::BYTES];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = (at * 7) as u8;
    }
    LegDraw::from_bytes(&bytes)
}

fn write(shape: Shape, ice_lite: bool, make: impl FnOnce(&SdpText<'_>) -> String) -> String {
    let candidates = [
        SocketAddr::from(([57, 144, 215, 49], 3_484)),
        "[2a03:2880:f36b:131:face:b00c:0:699c]:3484"
            .parse()
            .expect("an address"),
    ];
    let draw = draw();
    let text = SdpText {
        shape,
        ice_lite,
        session_id: 1_760_681_506_762,
        draw: &draw,
        fingerprint: "8A:27:6A",
        candidates: &candidates,
    };
    let sdp = make(&text);
    assert!(sdp.lines().all(|line| !line.is_empty()) && sdp.ends_with("\r\n"));
    sdp.replace("\r\n", "\n")
}

#[test]
fn the_offer_of_a_users_call_is_metas() {
    insta::assert_snapshot!(write(Shape::Meta, true, |text| text.offer()));
}

#[test]
fn the_answer_to_a_businesss_call_is_metas() {
    let peer = PeerDescription::read(CHROME).expect("an offer");
    let sdp = write(Shape::Meta, true, |text| text.answer(&peer, Setup::Passive));
    insta::assert_snapshot!(sdp);
}

#[test]
fn a_phones_offer_is_a_common_clients() {
    insta::assert_snapshot!(write(Shape::Plain, false, |text| text.offer()));
}

#[test]
fn an_answer_names_only_what_the_offer_has() {
    let peer = PeerDescription::read(RTPENGINE).expect("an offer");
    let sdp = write(Shape::Meta, true, |text| text.answer(&peer, Setup::Active));
    assert!(!sdp.contains("a=mid:"));
    assert!(!sdp.contains("BUNDLE"));
    assert!(sdp.contains("UDP/TLS/RTP/SAVPF 96 97\n"));
    assert!(sdp.contains("a=rtpmap:97 telephone-event/8000\n"));
    assert!(sdp.contains("a=setup:active\n"));
}

#[test]
fn our_own_descriptions_are_read_back() {
    for shape in [Shape::Meta, Shape::Plain] {
        let sdp = write(shape, true, |text| text.offer()).replace("8A:27:6A", SHA_256);
        let peer = PeerDescription::read(&sdp).expect("an offer");
        assert_eq!(peer.ufrag, draw().ice_credentials.ufrag);
        assert_eq!(peer.password, draw().ice_credentials.password);
        assert_eq!(peer.ssrcs, [draw().ssrc]);
        assert_eq!(peer.candidates.len(), 2);
        assert_eq!(peer.setup, Setup::ActPass);
        assert_eq!((peer.opus, peer.events), (111, vec![(126, 8_000)]));
    }
}

#[test]
fn chromes_offer_is_read() {
    let peer = PeerDescription::read(CHROME).expect("an offer");
    assert_eq!(peer.opus, 111);
    assert_eq!(peer.events, [(126, 8_000), (110, 48_000)]);
    assert_eq!(peer.mid.as_deref(), Some("0"));
    assert!(peer.bundle);
    assert_eq!(peer.candidates, []);
    assert_eq!(peer.ssrcs, [1_420_914_212]);
}

#[test]
fn libdatachannels_answer_is_read() {
    let peer = PeerDescription::read(LIBDATACHANNEL).expect("an answer");
    assert_eq!(peer.setup, Setup::Active);
    assert!(!peer.bundle);
    assert_eq!(peer.fingerprint[..2], [0x8A, 0x27]);
    assert_eq!(peer.ssrcs, Vec::<u32>::new());
    assert_eq!(
        peer.candidates,
        [SocketAddr::from(([192, 168, 1, 7], 51_000))]
    );
}

#[test]
fn janus_with_two_mid_lines_is_read() {
    let twice = CHROME.replace("a=mid:0\n", "a=mid:0\na=mid:audio\n");
    assert_eq!(
        PeerDescription::read(&twice)
            .expect("an offer")
            .mid
            .as_deref(),
        Some("0")
    );
}

#[test]
fn a_second_audio_section_and_video_are_passed_over() {
    let more = format!(
        "{CHROME}m=video 9 UDP/TLS/RTP/SAVPF 96\na=ssrc:5 cname:v\na=mid:1\n\
         m=audio 9 UDP/TLS/RTP/SAVPF 0\na=ssrc:6 cname:w\n",
    );
    let plain = PeerDescription::read(CHROME).expect("an offer");
    assert_eq!(PeerDescription::read(&more), Ok(plain));
}

#[test]
fn what_is_missing_is_named() {
    let lacking = |prefix: &str| {
        let lines = CHROME.lines().filter(|line| !line.starts_with(prefix));
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        PeerDescription::read(&text).expect_err(prefix)
    };
    assert_eq!(lacking("m=audio"), LegError::NoAudio);
    assert_eq!(lacking("a=rtpmap:111"), LegError::NoOpus);
    assert_eq!(lacking("a=fingerprint"), LegError::NoFingerprint);
    assert_eq!(lacking("a=ice-ufrag"), LegError::NoIceCredentials);
    assert_eq!(lacking("a=ice-pwd"), LegError::NoIceCredentials);
    assert_eq!(PeerDescription::read(""), Err(LegError::NoAudio));
    assert_eq!(PeerDescription::read("hello"), Err(LegError::NoAudio));
    let large = CHROME.repeat(40);
    assert_eq!(PeerDescription::read(&large), Err(LegError::TooLarge));
}

#[test]
fn a_broken_fingerprint_is_none() {
    for broken in ["sha-256 8A", "sha-256", "sha-1 8A:27", "sha-256 ZZ:ZZ", ""] {
        let lines = CHROME.lines().map(|line| {
            let is_it = line.starts_with("a=fingerprint");
            if is_it {
                format!("a=fingerprint:{broken}\n")
            } else {
                format!("{line}\n")
            }
        });
        let text: String = lines.collect();
        assert_eq!(
            PeerDescription::read(&text),
            Err(LegError::NoFingerprint),
            "{broken}"
        );
    }
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_strange(text in "(a=[a-z-]{0,12}:?[ -~]{0,40}|m=audio [ -~]{0,30}|[ -~]{0,30}|\\PC{0,20}\n){0,30}") {
        let _read = PeerDescription::read(&text);
    }

    #[test]
    fn no_damage_is_too_strange(at in 0..CHROME.len(), byte in 32_u8..127, cut in 0..CHROME.len()) {
        let mut bytes = CHROME.as_bytes().to_vec();
        bytes[at] = byte;
        bytes.truncate(cut);
        let _read = PeerDescription::read(&String::from_utf8_lossy(&bytes));
    }
}

const SHA_256: &str = "8A:27:6A:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:\
    DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC";

const CHROME: &str = "v=0
o=- 3626166318745852955 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS d8b26053-4474-4eb2-b3b6-8b2b6d5f0a11
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 110 126
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:6O0H
a=ice-pwd:TYCbtfOrBMPpfxFRgSbnnuTI
a=ice-options:trickle
a=fingerprint:sha-256 8A:27:6A:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=sendrecv
a=msid:d8b26053-4474-4eb2-b3b6-8b2b6d5f0a11 d98ff2fc-fc0a-4e57-b1b5-d5f3fb4d8d3a
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:1420914212 cname:FhqQzQqY3wX4q9Kp
a=ssrc:1420914212 msid:d8b26053-4474-4eb2-b3b6-8b2b6d5f0a11 d98ff2fc-fc0a-4e57-b1b5-d5f3fb4d8d3a
";

const LIBDATACHANNEL: &str = "v=0
o=rtc 2767817045 0 IN IP4 127.0.0.1
s=-
t=0 0
a=group:LS audio
a=msid-semantic:WMS *
a=ice-options:ice2,trickle
a=fingerprint:sha-256 8A:27:6A:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC
m=audio 51000 UDP/TLS/RTP/SAVPF 111
c=IN IP4 192.168.1.7
a=mid:audio
a=sendrecv
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=setup:active
a=ice-ufrag:Zkqy
a=ice-pwd:8b4ylHLNBbkrTVmEpCHfvG
a=candidate:1 1 UDP 2122317823 192.168.1.7 51000 typ host
a=candidate:2 1 TCP 2105458943 192.168.1.7 9 typ host tcptype active
a=candidate:3 2 UDP 2122317822 192.168.1.7 51001 typ host
a=candidate:4 1 UDP 2122317821 3d1b7f5e.local 51002 typ host
a=end-of-candidates
";

const RTPENGINE: &str = "v=0
o=- 1 1 IN IP4 10.0.0.1
s=rtpengine
c=IN IP4 10.0.0.1
t=0 0
m=audio 30000 UDP/TLS/RTP/SAVPF 96 97
a=rtpmap:96 opus/48000/2
a=rtpmap:97 telephone-event/8000
a=sendrecv
a=rtcp:30000
a=rtcp-mux
a=setup:actpass
a=fingerprint:sha-256 8A:27:6A:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC
a=ice-ufrag:gq3ZxxLd
a=ice-pwd:VbX3JNqsXpmBLhBYTmnuDFRMqQ
a=candidate:ICBhBwuxPxSpTXJD 1 UDP 2130706431 10.0.0.1 30000 typ host
";
