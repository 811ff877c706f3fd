//! Ids look as live ones do.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;

#[test]
fn a_call_id_has_the_observed_layout() {
    let mut chance = ChaCha8Rng::seed_from_u64(7);
    let user: WaId = "14085551234".parse().expect("a number");
    let business: PhoneNumber = "15550001111".parse().expect("a number");
    let id = call_id(&mut chance, &user, &business, Direction::UserInitiated);
    let layout = STANDARD
        .decode(&id.as_str()["wacid.".len()..])
        .expect("base64");
    assert_eq!(&layout[..3], [0x1c, 0x18, 11]);
    assert_eq!(&layout[3..14], b"14085551234");
    assert_eq!(&layout[14..20], [0x15, 0x02, 0x00, 0x12, 0x18, 0x20]);
    assert!(
        layout[20..52]
            .iter()
            .all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(b))
    );
    assert_eq!(&layout[52..55], [0x1c, 0x18, 11]);
    assert_eq!(&layout[55..66], b"15550001111");
    assert_ne!(
        id,
        call_id(&mut chance, &user, &business, Direction::UserInitiated)
    );
}

#[test]
fn others_have_their_forms() {
    let mut chance = ChaCha8Rng::seed_from_u64(7);
    let bsuid = bsuid(&mut chance, "BR".parse().expect("a country"));
    assert_eq!(bsuid.as_str().len(), 23);
    assert!(bsuid.as_str().starts_with("BR."));
    assert_eq!(phone_token(&mut chance).len(), 22);
}
