//! The standards' own vectors, both directions of all profiles, forgeries and replays.

use str0m::crypto::from_feature_flags;

use super::*;

const PROFILES: [(SrtpProfile, usize); 3] = [
    (SrtpProfile::AES128_CM_SHA1_80, 60),
    (SrtpProfile::AEAD_AES_128_GCM, 56),
    (SrtpProfile::AEAD_AES_256_GCM, 88),
];

/// A client and a server of one handshake.
fn ends(profile: SrtpProfile, bytes: usize) -> [(Sealer, Opener); 2] {
    let material: Vec<u8> = (0..bytes).map(|byte| byte as u8).collect();
    let crypto = from_feature_flags();
    [true, false]
        .map(|active| from_handshake(&crypto, profile, &material, active).expect("a known profile"))
}

fn header(seq: u16) -> [u8; 12] {
    let [high, low] = seq.to_be_bytes();
    [0x80, 111, high, low, 0, 0, 0, 9, 1, 2, 3, 4]
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let pair = |pair: &[u8]| {
        let text = std::str::from_utf8(pair).expect("ascii");
        u8::from_str_radix(text, 16).expect("hex")
    };
    digits.chunks(2).map(pair).collect()
}

#[test]
fn what_one_seals_the_other_opens() {
    for (profile, bytes) in PROFILES {
        let [mut client, mut server] = ends(profile, bytes);
        for index in [5_u64, 6, 70_000, 1 << 33] {
            for (from, to) in [(true, false), (false, true)] {
                let (sealer, opener) = match (from, to) {
                    (true, _) => (&mut client.0, &mut server.1),
                    (false, _) => (&mut server.0, &mut client.1),
                };
                let packet = sealer
                    .rtp(&header(index as u16), index, b"hello")
                    .expect("sealed");
                let mut plain = [0; 64];
                let length = opener.rtp(&packet, 12, 0x0102_0304, index, &mut plain);
                assert_eq!(length.map(|length| &plain[..length]), Some(&b"hello"[..]));
                let other = opener.rtp(&packet, 12, 0x0102_0304, index + (1 << 16), &mut plain);
                assert_eq!(other, None, "the rollover counter counts");
            }
        }
    }
}

#[test]
fn a_changed_bit_anywhere_is_a_forgery() {
    for (profile, bytes) in PROFILES {
        let [mut client, mut server] = ends(profile, bytes);
        let packet = client.0.rtp(&header(5), 5, b"hello").expect("sealed");
        let report = client
            .0
            .rtcp(&[0x80, 201, 0, 1, 1, 2, 3, 4])
            .expect("sealed");
        let mut plain = [0; 64];
        for at in 0..packet.len() {
            let mut forged = packet.clone();
            forged[at] ^= 1;
            let ssrc = u32::from_be_bytes(forged[8..12].try_into().expect("4"));
            assert_eq!(
                server.1.rtp(&forged, 12, ssrc, 5, &mut plain),
                None,
                "byte {at}"
            );
        }
        for at in 0..report.len() {
            let mut forged = report.clone();
            forged[at] ^= 1;
            assert_eq!(server.1.rtcp(&forged), None, "byte {at}");
        }
        for length in 0..packet.len() {
            assert_eq!(
                server
                    .1
                    .rtp(&packet[..length], 12, 0x0102_0304, 5, &mut plain),
                None
            );
        }
        for length in 0..report.len() {
            assert_eq!(server.1.rtcp(&report[..length]), None);
        }
        assert!(server.1.rtcp(&report).is_some());
        assert_eq!(server.1.rtcp(&report), None, "a replay");
    }
}

#[test]
fn reports_go_both_ways() {
    for (profile, bytes) in PROFILES {
        let [mut client, mut server] = ends(profile, bytes);
        for number in 0..200_u8 {
            let report = [0x80, 201, 0, 2, 1, 2, 3, 4, number, 0, 0, 0];
            let sealed = server.0.rtcp(&report).expect("sealed");
            assert_ne!(sealed[8..12], report[8..12]);
            assert_eq!(client.1.rtcp(&sealed).as_deref(), Some(&report[..]));
        }
    }
}

#[test]
fn rfc_3711_derives_these_keys() {
    // RFC 3711, B.3.
    let key = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
    let salt = hex("0EC675AD498AFEEBB6960B3AABE6");
    let crypto = from_feature_flags();
    let (rtp, _) =
        Cipher::pair(&crypto, SrtpProfile::AES128_CM_SHA1_80, &key, &salt).expect("keys");
    let Cipher::Counter {
        key,
        salt,
        mut cipher,
        ..
    } = rtp
    else {
        panic!("{rtp:?}");
    };
    assert_eq!(salt.to_vec(), hex("30CBBC08863D8C85D49DB34A9AE1"));
    assert_eq!(
        key.to_vec(),
        hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4")
    );
    // The session key itself is hidden in the cipher: AES-CM with a zero IV is its first block.
    let mut stream = [0; 16 + 15];
    let mut expected = [0; 32];
    let session = hex("C61E7A93744F39EE10734AFE3FF7A087");
    cipher
        .encrypt(&[0; 16], &[0; 16], &mut stream)
        .expect("encrypted");
    crypto
        .srtp_provider
        .srtp_aes_128_ecb_round(&session, &[0; 16], &mut expected);
    assert_eq!(stream[..16], expected[..16]);
}

#[test]
fn rfc_7714_seals_this_packet() {
    // RFC 7714, 16.1.1, whose session key and salt are given, not derived.
    let key: [u8; 16] = hex("000102030405060708090a0b0c0d0e0f")
        .try_into()
        .expect("16");
    let salt: [u8; 12] = hex("517569642070726f2071756f").try_into().expect("12");
    let crypto = from_feature_flags();
    let gcm = crypto
        .srtp_provider
        .aead_aes_128_gcm()
        .create_cipher(key, true);
    let mut cipher = Cipher::Galois {
        salt,
        cipher: cipher::Gcm::Aes128(gcm),
    };
    let header = hex("8040f17b 8041f8d3 5501a0b2");
    let payload = hex(
        "47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573",
    );
    let mut packet = vec![0; header.len() + payload.len() + 16];
    packet[..12].copy_from_slice(&header);
    cipher
        .seal_rtp(&mut packet, 12, 0x5501_a0b2, 0xf17b, &payload)
        .expect("sealed");
    let expected = hex(
        "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a \
         51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce",
    );
    assert_eq!(packet, expected);
}

#[test]
fn a_window_knows_new_from_old() {
    let mut window = ReplayWindow::default();
    assert!(window.take(1_000));
    assert!(!window.take(1_000));
    assert!(window.take(999));
    assert!(window.take(873));
    assert!(!window.take(872), "too old to know");
    assert!(window.take(1_001));
    assert!(!window.take(873), "too old by now");
    assert!(!window.take(999));
    assert!(window.take(5_000));
    assert!(window.take(4_999));
    assert!(!window.is_new(1_001));
    assert_eq!(window.newest(), Some(5_000));
}
