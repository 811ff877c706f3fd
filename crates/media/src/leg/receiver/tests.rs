//! Numbers across their rollover, and sources that nobody announced.

use str0m::crypto::dtls::SrtpProfile;
use str0m::crypto::from_feature_flags;

use super::*;
use crate::datagram::rtp_header;
use crate::srtp::{Sealer, from_handshake};

fn ends() -> (Sealer, Receiver) {
    let material: Vec<u8> = (0..88).collect();
    let crypto = from_feature_flags();
    let profile = SrtpProfile::AEAD_AES_256_GCM;
    let (sealer, _) = from_handshake(&crypto, profile, &material, true).expect("keys");
    let (_, opener) = from_handshake(&crypto, profile, &material, false).expect("keys");
    (sealer, Receiver::new(opener))
}

/// Seals a packet by its extended number and opens it; the number that it then has.
fn pass(sealer: &mut Sealer, receiver: &mut Receiver, ssrc: u32, index: u64) -> Option<u64> {
    let packet = sealed(sealer, 0x80, ssrc, index, b"hello");
    open(receiver, &packet).map(|frame| frame.seq)
}

fn sealed(sealer: &mut Sealer, flags: u8, ssrc: u32, index: u64, payload: &[u8]) -> Vec<u8> {
    let mut header = [flags, 111, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    header[2..4].copy_from_slice(&(index as u16).to_be_bytes());
    header[8..].copy_from_slice(&ssrc.to_be_bytes());
    sealer.rtp(&header, index, payload).expect("sealed")
}

fn open(receiver: &mut Receiver, packet: &[u8]) -> Option<RtpFrame> {
    let header = rtp_header(packet).expect("a header");
    receiver.rtp(&header, FrameKind::Audio, packet)
}

#[test]
fn numbers_go_on_across_the_rollover() {
    let (mut sealer, mut receiver) = ends();
    for index in [
        65_530, 65_535, 65_536, 65_534, 65_540, 98_000, 130_000, 131_000, 131_080, 131_070,
    ] {
        assert_eq!(pass(&mut sealer, &mut receiver, 1, index), Some(index));
    }
    assert_eq!(pass(&mut sealer, &mut receiver, 1, 131_070), None, "again");
}

#[test]
fn a_beginning_that_was_missed_may_have_rolled_over() {
    let (mut sealer, mut receiver) = ends();
    assert_eq!(pass(&mut sealer, &mut receiver, 1, 65_540), Some(65_540));
    assert_eq!(pass(&mut sealer, &mut receiver, 1, 65_541), Some(65_541));
}

#[test]
fn sources_come_and_go_and_come_back() {
    let (mut sealer, mut receiver) = ends();
    for ssrc in 1..=8 {
        assert_eq!(pass(&mut sealer, &mut receiver, ssrc, 60_000), Some(60_000));
    }
    assert_eq!(pass(&mut sealer, &mut receiver, 1, 65_600), Some(65_600));
    assert_eq!(pass(&mut sealer, &mut receiver, 9, 3), Some(3));
    assert_eq!(pass(&mut sealer, &mut receiver, 2, 60_001), Some(60_001));
}

#[test]
fn forged_sources_leave_no_trace() {
    let (mut sealer, mut receiver) = ends();
    assert_eq!(pass(&mut sealer, &mut receiver, 1, 10), Some(10));
    for ssrc in 100..200_u32 {
        let mut packet = vec![0x80, 111, 0, 10, 0, 0, 0, 0];
        packet.extend(ssrc.to_be_bytes());
        packet.extend([0; 40]);
        assert_eq!(open(&mut receiver, &packet), None);
    }
    assert_eq!(receiver.sources.len(), 1);
    assert_eq!(pass(&mut sealer, &mut receiver, 1, 11), Some(11));
}

#[test]
fn padding_is_taken_off() {
    let (mut sealer, mut receiver) = ends();
    let packet = sealed(&mut sealer, 0xa0, 1, 10, b"hello\0\0\x03");
    assert_eq!(
        *open(&mut receiver, &packet).expect("a frame").payload,
        *b"hello"
    );
    let packet = sealed(&mut sealer, 0xa0, 1, 11, b"hello\x09");
    assert_eq!(open(&mut receiver, &packet), None);
    let packet = sealed(&mut sealer, 0xa0, 1, 12, b"");
    assert_eq!(open(&mut receiver, &packet), None);
}

#[test]
fn the_nearest_number_is_taken() {
    assert_eq!(index_near(None, 7), Some(7));
    assert_eq!(index_near(Some(10), 65_535), None, "before the beginning");
    assert_eq!(index_near(Some(65_530), 3), Some(65_539));
    assert_eq!(index_near(Some(65_540), 65_535), Some(65_535));
    assert_eq!(index_near(Some(65_540), 32_000), Some(97_536));
}
