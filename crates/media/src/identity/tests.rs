//! What a draw looks like on the wire.

use super::*;

#[test]
fn the_same_bytes_make_the_same_leg() {
    let bytes = [7; LegDraw::BYTES];
    assert_eq!(LegDraw::from_bytes(&bytes), LegDraw::from_bytes(&bytes));
}

#[test]
fn credentials_have_the_shape_of_metas() {
    for byte in 0..=u8::MAX {
        let draw = LegDraw::from_bytes(&[byte; LegDraw::BYTES]);
        assert_eq!(draw.ice_credentials.ufrag.len(), 16);
        assert_eq!(draw.ice_credentials.password.len(), 24);
        assert_eq!(draw.stream_id.len(), 36);
        assert!(draw.first_seq < 0x8000);
        assert_ne!(draw.ssrc, 0);
    }
}

#[test]
fn a_fingerprint_is_32_bytes_in_hex() {
    let identity = DtlsIdentity::generate().expect("a certificate");
    assert_eq!(identity.fingerprint().split(':').count(), 32);
}
