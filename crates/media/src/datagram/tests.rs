//! First bytes and user names.

use super::*;

/// A binding request with attributes as given, not signed.
fn request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, value) in attributes {
        body.extend(kind.to_be_bytes());
        body.extend((value.len() as u16).to_be_bytes());
        body.extend(*value);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    let mut message = vec![0, 1];
    message.extend((body.len() as u16).to_be_bytes());
    message.extend([0x21, 0x12, 0xa4, 0x42]);
    message.extend([7; 12]);
    message.extend(body);
    message
}

#[test]
fn protocols_are_told_by_their_first_bytes() {
    let mut rtp = vec![0x80, 0xef];
    rtp.extend([0, 1, 0, 0, 0, 0, 0, 0, 0, 9]);
    assert_eq!(kind(&rtp), Some(Datagram::Rtp));
    rtp[1] = 200;
    assert_eq!(kind(&rtp), Some(Datagram::Rtcp));
    assert_eq!(kind(&request(&[])), Some(Datagram::Stun));
    assert_eq!(kind(&[22, 0xfe, 0xfd]), Some(Datagram::Dtls));
    for nothing in [
        &[][..],
        &[1, 2, 3],
        &[64; 40],
        &[0x80; 11],
        &[255; 40],
        b"hello there, world",
    ] {
        assert_eq!(kind(nothing), None);
    }
}

#[test]
fn a_check_names_the_leg_it_is_for() {
    let check = request(&[
        (0x0024, &[1, 2, 3, 4]),
        (0x0006, b"ours:theirs"),
        (0x8029, &[0; 8]),
    ]);
    assert_eq!(wanted_ufrag(&check), Some("ours"));
    assert_eq!(wanted_ufrag(&request(&[(0x0006, b"nobody")])), None);
    assert_eq!(wanted_ufrag(&request(&[])), None);
    let mut answer = check.clone();
    answer[0] = 1;
    assert_eq!(wanted_ufrag(&answer), None);
    for length in 0..check.len() {
        let _shorter = wanted_ufrag(&check[..length]);
    }
}

#[test]
fn a_header_ends_where_its_extensions_end() {
    let mut packet = vec![0xb2, 0xef, 1, 2, 0, 0, 0, 3, 0, 0, 0, 9];
    packet.extend([0; 8]); // two contributing sources
    packet.extend([0xbe, 0xde, 0, 1, 0, 0, 0, 0]); // an extension of one word
    let header = rtp_header(&packet).expect("a header");
    let expected = RtpHeader {
        bytes: 28,
        padded: true,
        marker: true,
        payload_type: 111,
        seq: 0x0102,
        timestamp: 3,
        ssrc: 9,
    };
    assert_eq!(header, expected);
    for length in 0..packet.len() {
        assert_eq!(rtp_header(&packet[..length]), None);
    }
    packet[0] = 0x12;
    assert_eq!(rtp_header(&packet), None);
}
