//! The gate.

use super::*;

#[test]
fn only_a_grant_gives_a_permission() {
    let now = Timestamp::from_secs(7);
    let permission = Consent::new(true).may_call(now).expect("granted");
    assert_eq!(permission.at(), now);
    assert_eq!(Consent::new(false).may_call(now), Err(NoPermission));
    assert_eq!(Consent::default().may_call(now), Err(NoPermission));
}
