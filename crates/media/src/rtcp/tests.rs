//! Reports to and fro.

use proptest::prelude::*;

use super::*;

const NAME: &str = "WhatsAppAudioStream1";

const BLOCK: Block = Block {
    ssrc: 7,
    fraction_lost: 3,
    lost: 12,
    newest_seq: 65_540,
    jitter: 96,
    last_report: 0x1234_5678,
    since_last_report: 65_536,
};

fn heard(packet: &[u8]) -> Vec<Heard> {
    let mut heard = Vec::new();
    read(packet, |what| heard.push(what));
    heard
}

#[test]
fn a_senders_report_is_read_back() {
    let start = Instant::now();
    let now = ReportTime::at(start, start + Duration::from_millis(1_500));
    let sent = SentSoFar {
        timestamp: 1,
        packets: 2,
        bytes: 3,
    };
    let packet = report(9, NAME, now, Some(sent), Some(BLOCK));
    assert!(packet.len().is_multiple_of(4));
    assert_eq!(
        heard(&packet),
        [
            Heard::SenderTime {
                ssrc: 9,
                middle: now.middle()
            },
            Heard::Block(BLOCK)
        ],
    );
    assert_eq!(now.middle(), 3_601 << 16 | 0x8000);
}

#[test]
fn a_receivers_report_is_read_back() {
    let now = ReportTime::at(Instant::now(), Instant::now());
    assert_eq!(
        heard(&report(9, NAME, now, None, Some(BLOCK))),
        [Heard::Block(BLOCK)]
    );
    assert_eq!(heard(&report(9, NAME, now, None, None)), []);
    assert_eq!(heard(&goodbye(9, NAME)), []);
}

#[test]
fn the_wire_form_is_the_standards() {
    let now = ReportTime::at(Instant::now(), Instant::now());
    let packet = report(0x0102_0304, NAME, now, None, None);
    assert_eq!(packet[..8], [0x80, 201, 0, 1, 1, 2, 3, 4]);
    // 8 bytes of receiver report; then SDES of 8 + 2 + 20 + 1 bytes, padded to 32.
    assert_eq!(packet.len(), 40);
    assert_eq!(packet[8..12], [0x81, 202, 0, 7]);
    assert_eq!(goodbye(9, NAME)[40..], [0x81, 203, 0, 1, 0, 0, 0, 9]);
}

#[test]
fn the_round_trip_leaves_out_the_peers_own_time() {
    let start = Instant::now();
    let asked = ReportTime::at(start, start);
    let now = ReportTime::at(start, start + Duration::from_millis(1_250));
    let block = Block {
        last_report: asked.middle(),
        since_last_report: 65_536,
        ..BLOCK
    };
    let took = block.round_trip(now).expect("an answer");
    assert!((249..=251).contains(&took.as_millis()), "{took:?}");
    let long = Block {
        since_last_report: 65_536 * 2,
        ..block
    };
    assert_eq!(long.round_trip(now), Some(Duration::ZERO));
    assert_eq!(
        Block {
            last_report: 0,
            ..block
        }
        .round_trip(now),
        None
    );
}

#[test]
fn more_received_than_sent_is_no_loss() {
    assert_eq!(
        Block {
            lost: 0xff_fffe,
            ..BLOCK
        }
        .packets_lost(),
        0
    );
    assert_eq!(BLOCK.packets_lost(), 12);
}

proptest! {
    #[test]
    fn no_packet_is_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read(&bytes, |_| {});
        let mut report = bytes;
        if report.len() >= 4 {
            report[0] = 0x80 | (report[0] & 0x1f);
            report[1] = 200 + (report[1] & 3);
            report[2] = 0;
            report[3] &= 0x1f;
        }
        read(&report, |_| {});
    }
}
