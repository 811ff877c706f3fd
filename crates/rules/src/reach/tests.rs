//! Each barrier alone, and which comes first.

use types::Preset;

use super::*;

fn free() -> Reach {
    Reach {
        business_country: "BR".parse().ok(),
        on_allow_list: true,
        user_callable: true,
        restrictions: Restrictions::default(),
    }
}

/// What a business is told at second 100 when it wants to ask, and when it wants to call.
#[track_caller]
fn check(preset: &Preset, reach: Reach, request: Result<(), Refusal>, call: Result<(), Refusal>) {
    let (now, eligibility) = (Timestamp::from_secs(100), &preset.eligibility);
    assert_eq!(reach.may_request(now, eligibility), request);
    assert_eq!(reach.may_call(now, eligibility), call);
}

#[test]
fn nothing_stands_between_a_number_and_a_user_by_itself() {
    let unknown = Reach {
        business_country: None,
        ..free()
    };
    for name in Preset::NAMES {
        let preset = Preset::by_name(name).expect(name);
        check(&preset, free(), Ok(()), Ok(()));
        check(&preset, unknown, Ok(()), Ok(()));
    }
}

#[test]
fn countries_are_the_presets() {
    let of = |letters: &str| Reach {
        business_country: letters.parse().ok(),
        ..free()
    };
    let country = "US".parse().expect("a country");
    let refused = Err(Refusal::CountryExcluded { country });
    check(&Preset::meta_2026(), of("US"), refused, refused);
    check(&Preset::meta_2026(), of("TR"), Ok(()), Ok(()));
    let country = "TR".parse().expect("a country");
    let refused = Err(Refusal::CountryExcluded { country });
    check(&Preset::seeds_2025(), of("TR"), refused, refused);
}

#[test]
fn a_list_counts_only_where_there_is_one() {
    let stranger = Reach {
        on_allow_list: false,
        ..free()
    };
    let refused = Err(Refusal::NotOnAllowList);
    check(&Preset::meta_2026(), stranger, Ok(()), Ok(()));
    check(&Preset::meta_sandbox(), stranger, refused, refused);

    let room = |users| allow_list_has_room(users, &Preset::meta_sandbox().eligibility);
    assert!(room(4) && !room(5));
    assert!(allow_list_has_room(5, &Preset::meta_2026().eligibility));
}

#[test]
fn who_cannot_be_called_can_be_asked() {
    let unreachable = Reach {
        user_callable: false,
        ..free()
    };
    let refused = Err(Refusal::Uncallable);
    check(&Preset::meta_2026(), unreachable, Ok(()), refused);
}

#[test]
fn a_suspension_ends_by_itself_and_knows_its_direction() {
    let meta = Preset::meta_2026();
    let until = |secs| Some(Timestamp::from_secs(secs));
    let restricted = |business_initiated_until, user_initiated_until| Reach {
        restrictions: Restrictions {
            business_initiated_until,
            user_initiated_until,
            ..Restrictions::default()
        },
        ..free()
    };
    check(&meta, restricted(until(100), until(200)), Ok(()), Ok(()));
    let refusal = Refusal::Restricted(Restricted {
        until: Timestamp::from_secs(101),
    });
    check(
        &meta,
        restricted(until(101), None),
        Err(refusal),
        Err(refusal),
    );
    assert_eq!(refusal.chosen_code(&meta.errors), Some(138_014));

    let both = restricted(until(101), until(200)).restrictions;
    assert_eq!(both.poll_timeout(Timestamp::from_secs(100)), until(101));
    assert_eq!(both.poll_timeout(Timestamp::from_secs(101)), until(200));
    assert_eq!(both.poll_timeout(Timestamp::from_secs(200)), None);
    let user_calls = |secs| both.admit(Timestamp::from_secs(secs), Direction::UserInitiated);
    assert!(user_calls(199).is_err() && user_calls(200).is_ok());
}

#[test]
fn the_first_barrier_is_named() {
    let hopeless = Reach {
        business_country: "US".parse().ok(),
        on_allow_list: false,
        user_callable: false,
        restrictions: Restrictions {
            business_initiated_until: Some(Timestamp::from_secs(1_000)),
            ..Restrictions::default()
        },
    };
    let refused = Err(Refusal::NotOnAllowList);
    check(&Preset::meta_sandbox(), hopeless, refused, refused);
    let country = "US".parse().expect("a country");
    let refused = Err(Refusal::CountryExcluded { country });
    check(&Preset::meta_2026(), hopeless, refused, refused);
}
