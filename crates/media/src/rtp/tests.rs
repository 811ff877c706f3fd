//! Telephone events on the wire.

use super::*;

#[test]
fn an_event_survives_the_wire_at_both_clocks() {
    for clock_hz in [8_000, 48_000] {
        let event = TelephoneEvent {
            code: 5,
            end: true,
            volume: 10,
            duration: Duration::from_millis(160),
        };
        let wire = event.write(clock_hz);
        assert_eq!(TelephoneEvent::read(&wire, clock_hz), Some(event));
    }
}

#[test]
fn the_wire_form_is_the_standards() {
    let event = TelephoneEvent {
        code: 11,
        end: false,
        volume: 10,
        duration: Duration::from_millis(100),
    };
    assert_eq!(event.write(8_000), [11, 10, 0x03, 0x20]);
    assert_eq!(event.digit(), Some('#'));
}

#[test]
fn a_duration_stops_at_its_sixteen_bits() {
    let event = TelephoneEvent {
        code: 0,
        end: false,
        volume: 0,
        duration: Duration::from_secs(60),
    };
    assert_eq!(event.write(8_000)[2..], [0xff, 0xff]);
}

#[test]
fn short_payloads_are_no_event() {
    for length in 0..4 {
        assert_eq!(TelephoneEvent::read(&vec![0; length], 8_000), None);
    }
}

#[test]
fn every_key_has_its_code() {
    for (code, key) in "0123456789*#ABCD".chars().enumerate() {
        assert_eq!(TelephoneEvent::code_of(key), u8::try_from(code).ok());
    }
    assert_eq!(TelephoneEvent::code_of('d'), Some(15));
    assert_eq!(TelephoneEvent::code_of('x'), None);
}
