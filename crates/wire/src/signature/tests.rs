//! Signatures as Meta makes them.

use super::*;

#[test]
fn signs_as_the_standard_does() {
    // RFC 4231, test case 2.
    assert_eq!(
        sign(b"Jefe", b"what do ya want for nothing?"),
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

#[test]
fn takes_its_own_and_no_other() {
    let header = sign(b"secret", b"{\"a\":1}");
    assert_eq!(verify(b"secret", b"{\"a\":1}", &header), Ok(()));
    assert_eq!(
        verify(b"secret", b"{\"a\":2}", &header),
        Err(BadSignature::Mismatch)
    );
    assert_eq!(
        verify(b"Secret", b"{\"a\":1}", &header),
        Err(BadSignature::Mismatch)
    );
    // Half a digest is not a digest.
    assert_eq!(
        verify(b"secret", b"{\"a\":1}", &header[..39]),
        Err(BadSignature::Mismatch)
    );
    for header in ["", "sha256=", "sha256=xy", "sha1=00", "00"] {
        assert!(verify(b"secret", b"{\"a\":1}", header).is_err(), "{header}");
    }
}

#[test]
fn upper_case_digits_are_the_same_digits() {
    let header = sign(b"secret", b"body")
        .to_uppercase()
        .replace("SHA256", "sha256");
    assert_eq!(verify(b"secret", b"body", &header), Ok(()));
}
