//! Digits there and back, and what peers send that no standard foresaw.

use proptest::prelude::*;

use super::*;

#[test]
fn digits_are_read_as_people_write_them() {
    let digits: Digits = "12 #w*d".parse().expect("digits");
    assert_eq!(digits.to_string(), "12#w*D");
    assert_eq!(digits.len(), 6);

    let wrong = |text: &str| text.parse::<Digits>().expect_err(text).to_string();
    assert_eq!(
        wrong("12x"),
        "not a row of digits: 0 to 9, *, #, A to D, and w or , for a pause of half a second"
    );
    assert_eq!(wrong(""), "not a row of digits: 1 to 64 keys and pauses");
    assert_eq!(
        wrong(&"1".repeat(65)),
        "not a row of digits: 1 to 64 keys and pauses"
    );
}

#[test]
fn one_key_on_the_wire() {
    let mut sender = DtmfSender::new();
    sender.press(&"5".parse().expect("digits")).expect("room");
    let told: Vec<String> = (0..12)
        .map(|_| match sender.tick() {
            Some(packet) => format!(
                "{:02x?}{} -{}",
                packet.payload,
                if packet.marker { " marker" } else { "" },
                packet.ticks_since_start
            ),
            None => "audio".to_owned(),
        })
        .collect();
    assert_eq!(
        told,
        [
            "[05, 0a, 00, a0] marker -0",
            "[05, 0a, 01, 40] -1",
            "[05, 0a, 01, e0] -2",
            "[05, 0a, 02, 80] -3",
            "[05, 8a, 03, 20] -4",
            "[05, 8a, 03, 20] -5",
            "[05, 8a, 03, 20] -6",
            "audio",
            "audio",
            "audio",
            "audio",
            "audio",
        ]
    );
    assert!(sender.is_idle());
}

#[test]
fn what_is_sent_is_heard_once_each() {
    assert_eq!(heard("1123*#ABCD0"), "1123*#ABCD0");
    assert_eq!(heard("1w1"), "11");
}

#[test]
fn the_queue_is_bounded() {
    let mut sender = DtmfSender::new();
    let many: Digits = "1".repeat(DTMF_QUEUE_MAX).parse().expect("digits");
    sender.press(&many).expect("room");
    assert_eq!(sender.press(&many), Err(DtmfQueueFull));
}

#[test]
fn end_packets_alone_are_a_digit() {
    // Chromium with telephone-event/8000 beside Opus: three end packets, nothing before.
    let mut receiver = DtmfReceiver::new();
    let end = [7, 0x8a, 0x03, 0x20];
    assert_eq!(receiver.receive(1000, &end).map(Digit::as_char), Some('7'));
    assert_eq!(receiver.receive(1000, &end), None);
    assert_eq!(receiver.receive(1000, &end), None);
    // The same key again, later.
    assert_eq!(receiver.receive(9000, &end).map(Digit::as_char), Some('7'));
}

#[test]
fn useless_packets_are_passed_over() {
    let mut receiver = DtmfReceiver::new();
    assert_eq!(receiver.receive(0, &[]), None);
    assert_eq!(receiver.receive(0, &[1, 0, 0]), None);
    assert_eq!(receiver.receive(0, &[16, 0, 0, 160]), None, "a hook flash");
    assert_eq!(
        receiver.receive(0, &[1, 0, 0, 160, 99]).map(Digit::as_char),
        Some('1')
    );
}

#[test]
fn a_late_repeat_of_the_key_before_is_not_pressed_again() {
    let mut receiver = DtmfReceiver::new();
    assert!(receiver.receive(1_000, &[1, 0, 0, 160]).is_some());
    assert!(receiver.receive(10_000, &[2, 0, 0, 160]).is_some());
    assert_eq!(receiver.receive(1_000, &[1, 0x80, 3, 32]), None);
    // A source that started over from elsewhere is heard.
    assert!(
        receiver
            .receive(10_000_u32.wrapping_sub(600_000), &[1, 0, 0, 160])
            .is_some()
    );
}

#[test]
fn timestamps_may_wrap() {
    let mut receiver = DtmfReceiver::new();
    assert!(receiver.receive(u32::MAX - 100, &[1, 0, 0, 160]).is_some());
    assert!(receiver.receive(8_000, &[1, 0, 0, 160]).is_some());
    assert_eq!(receiver.receive(u32::MAX - 100, &[1, 0x80, 0, 160]), None);
}

#[test]
fn a_key_held_down_is_one_digit() {
    let mut receiver = DtmfReceiver::new();
    assert!(receiver.receive(0, &[3, 0, 0, 160]).is_some());
    assert_eq!(receiver.receive(0, &[3, 0, 0xff, 0xff]), None);
    assert_eq!(receiver.receive(65_535, &[3, 0, 0, 160]), None);
    assert_eq!(receiver.receive(65_535, &[3, 0x80, 0x10, 0]), None);
    assert!(receiver.receive(200_000, &[3, 0, 0, 160]).is_some());
}

proptest! {
    #[test]
    fn a_receiver_takes_anything(packets in proptest::collection::vec(
        (any::<u32>(), proptest::collection::vec(any::<u8>(), 0..8)), 0..64,
    )) {
        let mut receiver = DtmfReceiver::new();
        for (timestamp, payload) in packets {
            if let Some(digit) = receiver.receive(timestamp, &payload) {
                prop_assert_eq!(Digit::try_from(digit.as_char()), Ok(digit));
            }
        }
    }

    #[test]
    fn lost_packets_lose_no_digit(lost in 0_usize..7) {
        // Any one packet of each key may be lost: the others still tell of it.
        let mut sender = DtmfSender::new();
        sender.press(&"147".parse().expect("digits")).expect("room");
        let mut receiver = DtmfReceiver::new();
        let mut got = String::new();
        for tick in 0_u32..60 {
            let Some(packet) = sender.tick() else { continue };
            if packet.ticks_since_start as usize == lost {
                continue;
            }
            let timestamp = tick.wrapping_sub(packet.ticks_since_start).wrapping_mul(960);
            got.extend(receiver.receive(timestamp, &packet.payload).map(Digit::as_char));
        }
        prop_assert_eq!(got, "147");
    }
}

fn heard(digits: &str) -> String {
    let mut sender = DtmfSender::new();
    sender
        .press(&digits.parse().expect("digits"))
        .expect("room");
    let mut receiver = DtmfReceiver::new();
    let mut heard = String::new();
    for tick in 0_u32.. {
        if sender.is_idle() {
            return heard;
        }
        if let Some(packet) = sender.tick() {
            let timestamp = (tick - packet.ticks_since_start) * 960;
            heard.extend(
                receiver
                    .receive(timestamp, &packet.payload)
                    .map(Digit::as_char),
            );
        }
    }
    unreachable!("the sender becomes idle")
}
