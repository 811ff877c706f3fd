//! The presets by name, and every setting by its name.

use std::time::Duration;

use super::*;

#[test]
fn every_name_is_known() {
    for name in Preset::NAMES {
        assert_eq!(Preset::by_name(name).expect(name).name, name);
    }
    assert_eq!(Preset::by_name("meta-2019"), None);
    assert_eq!(Preset::default().name, "meta-2026");
}

/// What one preset says otherwise than `meta-2026`, as `<name> <value>` lines.
fn differences(preset: &Preset) -> Vec<String> {
    let meta = Preset::meta_2026();
    Preset::SETTINGS
        .iter()
        .map(|setting| (setting.name, preset.get(setting.name).expect(setting.name)))
        .filter(|(name, value)| meta.get(name).as_ref() != Some(value))
        .map(|(name, value)| match value {
            Value::Number(number) => format!("{name} {number}"),
            other => format!("{name} {other:?}"),
        })
        .collect()
}

#[test]
fn the_sandbox_is_relaxed() {
    assert_eq!(
        differences(&Preset::meta_sandbox()),
        [
            "consent.requests_per_day 25",
            "consent.requests_per_week 100",
            "consent.nudge_after_unanswered 5",
            "consent.revoke_after_unanswered 10",
            "eligibility.messaging_limit_min 0",
            "eligibility.allow_list_max 5",
        ]
    );
}

#[test]
fn the_documents_of_2025_have_numbers_and_codes_of_their_own() {
    assert_eq!(
        differences(&Preset::seeds_2025()),
        [
            "sdp.error_code 138014",
            "delivery.give_up_after_ms 129600000",
            "consent.requests_per_day 2",
            "consent.connected_calls_per_day 5",
            "consent.calls_per_permission 35",
            "reads.permission_reads_per_second 5",
            "eligibility.excluded_business_countries Countries([US, CA, EG, VN, NG, TR])",
            "eligibility.restrictions Word(\"combined\")",
            "errors.permission_lapsed 138010",
            "errors.too_many_requests 138011",
            "errors.template_whitespace 132007",
        ]
    );
}

/// Each setting moved to something else, one after the other, must move the preset; and a preset
/// that takes over all settings of another is that other: no field is left out.
#[test]
fn settings_are_all_there_is_to_a_preset() {
    let mut moved = Preset::based_on(&Preset::meta_2026(), "moved");
    for setting in Preset::SETTINGS {
        let before = moved.clone();
        let value = match moved.get(setting.name).expect(setting.name) {
            Value::Number(number) => Value::Number(number + 1),
            Value::Flag(flag) => Value::Flag(!flag),
            Value::Word(word) => Value::Word(another(&word).to_owned()),
            Value::Countries(countries) if countries.is_empty() => {
                Value::Countries(vec!["DE".parse().expect("two letters")])
            }
            Value::Countries(_) => Value::Countries(Vec::new()),
        };
        moved.set(setting.name, value.clone()).expect(setting.name);
        assert_eq!(moved.get(setting.name), Some(value), "{}", setting.name);
        assert_ne!(moved, before, "{}", setting.name);
        assert!(setting.about.ends_with('.'), "{}", setting.name);
    }

    let mut copy = Preset::based_on(&Preset::seeds_2025(), "moved");
    for setting in Preset::SETTINGS {
        let value = moved.get(setting.name).expect(setting.name);
        copy.set(setting.name, value).expect(setting.name);
    }
    assert_eq!(copy, moved);
}

/// Another word that the setting of this one takes.
fn another(word: &str) -> &'static str {
    match word {
        "open" => "closed",
        "split" => "combined",
        "approve" => "reject",
        "INVALID_FORMAT" => "SCAM",
        _ => panic!("no other word is known for {word}"),
    }
}

#[test]
fn a_setting_is_written_as_it_is_named() {
    let mut mine = Preset::based_on(&Preset::meta_sandbox(), "mine");
    let mut set = |name: &str, value: Value| mine.set(name, value).map_err(|it| it.to_string());
    assert_eq!(
        set("consent.temporary_for_ms", Value::Number(90_000)),
        Ok(())
    );
    assert_eq!(
        set("consent.calls_per_permission", Value::Number(3)),
        Ok(())
    );
    assert_eq!(
        set("consent.requests_per_days", Value::Number(3)),
        Err("there is no setting `consent.requests_per_days`".to_owned())
    );
    assert_eq!(
        set("consent.requests_per_day", Value::Number(1 << 32)),
        Err("`consent.requests_per_day` takes a whole number from 0 to 4294967295".to_owned())
    );
    assert_eq!(
        set("hours.holidays", Value::Word("shut".to_owned())),
        Err("`hours.holidays` takes `open` or `closed`".to_owned())
    );
    assert_eq!(
        set("sdp.ice_lite", Value::Number(1)),
        Err("`sdp.ice_lite` takes true or false".to_owned())
    );

    assert_eq!(mine.name, "mine");
    assert_eq!(mine.consent.temporary_for, Duration::from_secs(90));
    assert_eq!(mine.consent.calls_per_permission, Some(3));
    assert_eq!(mine.consent.requests_per_day, 25);
}
