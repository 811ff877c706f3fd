//! The bodies, whole.

use super::*;
use crate::settings::RestrictionKind;

fn waba() -> WabaId {
    "102290129340398".parse().expect("an id")
}

fn number() -> PhoneNumber {
    "15550001111".parse().expect("a number")
}

const NOW: Timestamp = Timestamp::from_secs(1_760_681_500);

fn text(body: Vec<u8>) -> String {
    testkit::json::pretty(&body)
}

#[test]
fn a_warning() {
    for violation in Violation::ALL {
        assert_eq!(violation.as_str().parse(), Ok(violation));
        let body = violated(&waba(), &number(), violation, NOW);
        insta::assert_snapshot!(violation.as_str(), text(body));
    }
    assert!("LOW".parse::<Violation>().is_err());
}

#[test]
fn a_suspension() {
    let restriction = |kind, secs: u64| Restriction {
        kind,
        until: NOW + std::time::Duration::from_millis(secs * 1_000 + 1),
    };
    let split = [
        restriction(RestrictionKind::BusinessInitiated, 100),
        restriction(RestrictionKind::UserInitiated, 200),
        restriction(RestrictionKind::CallButtonHidden, 300),
    ];
    insta::assert_snapshot!("split", text(restricted(&waba(), &number(), &split, NOW)));
    let combined = [restriction(RestrictionKind::Combined, 100)];
    let body = restricted(&waba(), &number(), &combined, NOW);
    insta::assert_snapshot!("combined", text(body));
}

#[test]
fn of_a_whole_account() {
    let body = account_violated(&waba(), "SCAM", NOW);
    insta::assert_snapshot!("account_violation", text(body));
    let until = NOW + std::time::Duration::from_millis(1);
    let restrictions = [
        (AccountRestriction::BusinessInitiated, until),
        (AccountRestriction::CustomerInitiated, until),
    ];
    let body = account_restricted(&waba(), &restrictions, NOW);
    insta::assert_snapshot!("account_restriction", text(body));
    for news in [BanNews::Scheduled, BanNews::Disabled, BanNews::Reinstated] {
        let body = banned(&waba(), news, NOW, NOW);
        insta::assert_snapshot!(news.as_str(), text(body));
    }
}
