//! Changes as they are asked for, one after another, and what is set after them.

use std::collections::BTreeMap;

use types::calling::{Codec, SrtpKeyExchange};
use types::{Preset, TimeOfDay, Weekday};

use super::*;
use crate::hours::{Holiday, HoursFault, Opening};

/// Who asks, and under which circumstances.
#[derive(Clone)]
struct Asker {
    app: AppId,
    hours: HoursRules,
    today_there: Option<Date>,
    eligible: Option<Eligible>,
    password: &'static str,
}

impl Asker {
    fn new() -> Self {
        Self {
            app: "1".parse().expect("an id"),
            hours: Preset::meta_2026().hours,
            today_there: Some("2026-05-01".parse().expect("a date")),
            eligible: Some(Eligible {
                messaging_limit: MessagingLimit::Tier2k,
                messaging_limit_min: 2_000,
                calls_heard: true,
                restricted: None,
            }),
            password: "drawn",
        }
    }

    fn app(app: &str) -> Self {
        Self {
            app: app.parse().expect("an id"),
            ..Self::new()
        }
    }

    fn eligible(change: impl FnOnce(&mut Eligible)) -> Self {
        let mut asker = Self::new();
        asker.eligible.as_mut().map(change).expect("eligible");
        asker
    }

    fn asks(&self, before: &CallingSettings, change: CallingChange) -> Result<Changed, Fault> {
        apply(
            before,
            change,
            &Facts {
                app: Some(&self.app),
                hours: &self.hours,
                today_there: self.today_there,
                eligible: self.eligible,
                sip_password: self.password,
            },
        )
    }

    /// The settings after one change more, which must be good.
    #[track_caller]
    fn sets(&self, before: &CallingSettings, change: CallingChange) -> CallingSettings {
        self.asks(before, change).expect("a good change").settings
    }

    #[track_caller]
    fn refused(&self, before: &CallingSettings, change: CallingChange) -> Fault {
        self.asks(before, change).expect_err("a bad change")
    }
}

fn nothing() -> CallingSettings {
    CallingSettings::default()
}

fn countries(list: &str) -> Vec<Country> {
    let parse = |two: &str| two.parse().expect("two letters");
    list.split_whitespace().map(parse).collect()
}

fn mondays() -> CallHours {
    CallHours {
        enabled: true,
        time_zone: "America/Manaus".to_owned(),
        weekly: vec![Opening {
            day: Weekday::Monday,
            open: time("0400"),
            close: time("1020"),
        }],
        holidays: vec![Holiday {
            date: "2026-12-25".parse().expect("a date"),
            start: time("0000"),
            end: time("0000"),
        }],
    }
}

fn time(text: &str) -> TimeOfDay {
    text.parse().expect("a time")
}

fn server(hostname: &str) -> SipChange {
    SipChange {
        server: Some(ServerChange::Set(SipAddress {
            hostname: hostname.to_owned(),
            port: 5061,
            user_params: BTreeMap::new(),
        })),
        ..SipChange::default()
    }
}

fn with_params(params: &[(&str, &str)]) -> CallingChange {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    CallingChange {
        sip: SipChange {
            server: Some(ServerChange::Set(SipAddress {
                hostname: "sip.example.com".to_owned(),
                port: 5061,
                user_params: params.iter().map(own).collect(),
            })),
            ..SipChange::default()
        },
        ..CallingChange::default()
    }
}

fn sip_on() -> SipChange {
    SipChange {
        enabled: Some(true),
        ..server("sip.example.com")
    }
}

fn of_sip(sip: SipChange) -> CallingChange {
    CallingChange {
        sip,
        ..CallingChange::default()
    }
}

fn enable() -> CallingChange {
    CallingChange {
        enabled: Some(true),
        ..CallingChange::default()
    }
}

fn voicemail(triggers: &[VoicemailTrigger], timeout_secs: Option<u32>) -> CallingChange {
    CallingChange {
        voicemail: Some(Voicemail {
            enabled: true,
            triggers: triggers.to_vec(),
            announcement: Some(938_884_519_013_664),
            timeout_secs,
        }),
        ..CallingChange::default()
    }
}

/// A change of each key by itself, with whether `account_settings_update` tells of it.
fn one_of_each() -> Vec<(CallingChange, bool)> {
    let none = CallingChange::default;
    vec![
        (enable(), true),
        (
            CallingChange {
                icon: Some(CallIcon::DisableAll),
                ..none()
            },
            true,
        ),
        (
            CallingChange {
                icon_countries: Some(countries("US BR")),
                ..none()
            },
            false,
        ),
        (
            CallingChange {
                hours: Some(mondays()),
                ..none()
            },
            false,
        ),
        (
            CallingChange {
                callback_permission: Some(true),
                ..none()
            },
            true,
        ),
        (
            CallingChange {
                srtp: Some(SrtpKeyExchange::Sdes),
                ..none()
            },
            true,
        ),
        (of_sip(sip_on()), true),
        (of_sip(server("other.example.com")), false),
        (
            of_sip(SipChange {
                webhooks: Some(true),
                ..SipChange::default()
            }),
            false,
        ),
        (
            CallingChange {
                codecs: Some(vec![Codec::Pcma, Codec::Pcmu]),
                ..none()
            },
            false,
        ),
        (voicemail(&[VoicemailTrigger::Reject], None), false),
    ]
}

#[test]
fn nothing_is_set_at_first() {
    let none = Asker::new().asks(&nothing(), CallingChange::default());
    let changed = none.expect("no change is a good one");
    assert_eq!(changed.settings, nothing());
    assert!(!changed.to_be_told);
    assert!(!nothing().enabled);
    assert_eq!(nothing().srtp, None);
}

#[test]
fn each_key_is_changed_by_itself_and_some_are_told() {
    for (change, told) in one_of_each() {
        let changed = Asker::new().asks(&nothing(), change.clone());
        let changed = changed.expect("a good change");
        assert_ne!(changed.settings, nothing(), "{change:?}");
        assert_eq!(changed.to_be_told, told, "{change:?}");
        let again = Asker::new().asks(&changed.settings, change.clone());
        let again = again.expect("a good change");
        assert_eq!(again.settings, changed.settings, "{change:?}");
        assert!(!again.to_be_told, "nothing is new in {change:?}");
    }
}

#[test]
fn changes_of_different_keys_do_not_touch_each_other() {
    let changes = one_of_each();
    let in_order = |order: &mut dyn Iterator<Item = usize>| {
        order.fold(nothing(), |set, index| {
            Asker::new().sets(&set, changes[index].0.clone())
        })
    };
    let last_server = 7;
    let forwards = in_order(&mut (0..changes.len()));
    for first in 0..changes.len() {
        // The two changes of the server are the only ones whose order means something.
        let mut others = (0..changes.len()).filter(|it| *it != first && *it != last_server);
        let mut order = std::iter::once(first)
            .chain(&mut others)
            .chain([last_server]);
        assert_eq!(in_order(&mut order), forwards, "with {first} first");
    }
}

#[test]
fn hours_are_replaced_whole() {
    let asker = Asker::new();
    let set = |before: &CallingSettings, hours| {
        let change = CallingChange {
            hours: Some(hours),
            ..CallingChange::default()
        };
        asker.sets(before, change)
    };
    let first = set(&nothing(), mondays());
    let without_holidays = CallHours {
        holidays: Vec::new(),
        ..mondays()
    };
    let second = set(&first, without_holidays.clone());
    assert_eq!(second.hours, Some(without_holidays));

    let (zone, schedule) = call_hours(&second).expect("hours");
    assert_eq!((zone, schedule.weekly.len()), ("America/Manaus", 1));
    let off = CallHours {
        enabled: false,
        weekly: Vec::new(),
        holidays: Vec::new(),
        ..mondays()
    };
    assert_eq!(call_hours(&set(&second, off)), None);
}

#[test]
fn hours_that_break_a_rule_are_not_set() {
    let refuse = |asker: &Asker, hours| {
        let change = CallingChange {
            hours: Some(hours),
            ..CallingChange::default()
        };
        asker.refused(&nothing(), change)
    };
    let none = CallHours {
        weekly: Vec::new(),
        ..mondays()
    };
    let fault = refuse(&Asker::new(), none.clone());
    assert_eq!(fault, Fault::Hours(HoursFault::NoHours));
    let off_and_wrong = CallHours {
        enabled: false,
        ..none
    };
    let fault = refuse(&Asker::new(), off_and_wrong);
    assert_eq!(fault, Fault::Hours(HoursFault::NoHours));

    let nowhere = Asker {
        today_there: None,
        ..Asker::new()
    };
    assert_eq!(refuse(&nowhere, mondays()), Fault::UnknownTimeZone);

    let after_christmas = Asker {
        today_there: Some("2026-12-26".parse().expect("a date")),
        ..Asker::new()
    };
    assert_eq!(
        refuse(&after_christmas, mondays()).to_string(),
        "In call_hours: holiday_schedule names 2026-12-25, which is over. Leave it out."
    );
}

#[test]
fn icons_are_shown_in_countries() {
    let (us, de) = (countries("US")[0], countries("DE")[0]);
    let now = Timestamp::from_secs(100);
    let free = Restrictions::default();
    let shown = |settings: &CallingSettings| {
        [us, de].map(|country| shows_icon(settings, &free, now, country))
    };
    let asker = Asker::new();
    let on = asker.sets(&nothing(), enable());
    assert_eq!(shown(&nothing()), [false, false], "calls are off");
    assert_eq!(shown(&on), [true, true]);

    let restrict = |list| CallingChange {
        icon_countries: Some(countries(list)),
        ..CallingChange::default()
    };
    let some = asker.sets(&on, restrict("US BR US"));
    assert_eq!(some.icon_countries, countries("US BR"));
    assert_eq!(shown(&some), [true, false]);
    assert_eq!(shown(&asker.sets(&some, restrict(""))), [true, true]);

    let hide = CallingChange {
        icon: Some(CallIcon::DisableAll),
        ..CallingChange::default()
    };
    assert_eq!(shown(&asker.sets(&on, hide)), [false, false]);

    let until = Some(Timestamp::from_secs(101));
    let business = Restrictions {
        business_initiated_until: until,
        ..free
    };
    let user = Restrictions {
        user_initiated_until: until,
        ..free
    };
    let button = Restrictions {
        call_button_hidden_until: until,
        ..free
    };
    for (restrictions, visible) in [(business, true), (user, false), (button, false)] {
        assert_eq!(shows_icon(&on, &restrictions, now, us), visible);
        let later = Timestamp::from_secs(101);
        assert!(shows_icon(&on, &restrictions, later, us));
    }
}

#[test]
fn each_app_has_one_sip_server() {
    let (one, two) = (Asker::app("1"), Asker::app("2"));
    let set = one.sets(&nothing(), of_sip(server("a.example.com")));
    let set = two.sets(&set, of_sip(server("b.example.com")));
    let names = |set: &CallingSettings| {
        let name = |it: &SipServer| format!("{} {}", it.app, it.address.hostname);
        set.sip.servers.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(names(&set), ["1 a.example.com", "2 b.example.com"]);

    let forget = || {
        of_sip(SipChange {
            server: Some(ServerChange::Forget),
            ..SipChange::default()
        })
    };
    let set = one.sets(&set, forget());
    assert_eq!(names(&set), ["2 b.example.com"]);
    assert_eq!(names(&one.sets(&set, forget())), ["2 b.example.com"]);

    let set = one.sets(&set, of_sip(server("a.example.com")));
    let full = Asker::app("3").sets(&set, of_sip(server("c.example.com")));
    let fourth = Asker::app("4").refused(&full, of_sip(server("d.example.com")));
    assert_eq!(fourth, Fault::TooManySipServers);
}

#[test]
fn sip_needs_a_server_while_it_is_on() {
    let asker = Asker::new();
    let status = |enabled| {
        of_sip(SipChange {
            enabled: Some(enabled),
            ..SipChange::default()
        })
    };
    let forget = |enabled| {
        of_sip(SipChange {
            enabled,
            server: Some(ServerChange::Forget),
            ..SipChange::default()
        })
    };
    assert_eq!(asker.refused(&nothing(), status(true)), Fault::NoSipServer);
    let on = asker.sets(&nothing(), of_sip(sip_on()));
    assert_eq!(asker.refused(&on, forget(None)), Fault::NoSipServer);

    let off = asker.sets(&on, status(false));
    assert_eq!(off.sip.servers, on.sip.servers, "the server is kept");
    assert_eq!(asker.sets(&off, status(true)), on);
    assert!(asker.sets(&on, forget(Some(false))).sip.servers.is_empty());
}

#[test]
fn a_password_is_new_only_for_a_new_server() {
    let asker = Asker::new();
    let later = Asker {
        password: "drawn later",
        ..Asker::new()
    };
    let password = |set: &CallingSettings| set.sip.servers[0].password.clone();
    let set = asker.sets(&nothing(), of_sip(server("a.example.com")));
    let moved = later.sets(&set, of_sip(server("b.example.com")));
    assert_eq!(password(&moved), "drawn");
    let forget = of_sip(SipChange {
        server: Some(ServerChange::Forget),
        ..SipChange::default()
    });
    let gone = later.sets(&moved, forget);
    let again = later.sets(&gone, of_sip(server("b.example.com")));
    assert_eq!(password(&again), "drawn later");
    assert!(!format!("{again:?}").contains("drawn later"));
}

#[test]
fn addresses_of_sip_servers_are_checked() {
    let refuse = |change| Asker::new().refused(&nothing(), change);
    let long = "x".repeat(SIP_HOSTNAME_BYTES_MAX + 1);
    for hostname in ["", "sip example.com", "sip:example.com", &long] {
        assert_eq!(refuse(of_sip(server(hostname))), Fault::SipHostname);
    }
    let (fits, long) = ("é".repeat(128), "é".repeat(129));
    let set = Asker::new().sets(&nothing(), with_params(&[(&fits, &fits)]));
    assert_eq!(set.sip.servers[0].address.user_params.len(), 1);
    for param in [("", "v"), ("k", &*long), (&*long, "v")] {
        assert_eq!(refuse(with_params(&[param])), Fault::SipUserParam);
    }
    let keys: Vec<String> = (0..=SIP_USER_PARAMS_MAX).map(|n| n.to_string()).collect();
    let params: Vec<(&str, &str)> = keys.iter().map(|key| (&**key, "v")).collect();
    assert_eq!(refuse(with_params(&params)), Fault::TooManySipUserParams);
}

#[test]
fn voicemail_begins_on_something() {
    use VoicemailTrigger::{Reject, Timeout};
    let asks = |triggers: &[_], secs| {
        let asked = Asker::new().asks(&nothing(), voicemail(triggers, secs));
        asked.map(|changed| changed.settings.voicemail.is_some())
    };
    assert_eq!(asks(&[Reject, Timeout], Some(20)), Ok(true));
    assert_eq!(asks(&[Reject, Timeout], None), Ok(true), "by reject alone");
    assert_eq!(asks(&[Timeout], Some(0)), Ok(true));
    assert_eq!(asks(&[Timeout], Some(30)), Ok(true));
    assert_eq!(asks(&[Timeout], Some(31)), Err(Fault::VoicemailTimeout));
    assert_eq!(asks(&[Timeout], None), Err(Fault::VoicemailNeverBegins));
    assert_eq!(asks(&[], Some(20)), Err(Fault::NoVoicemailTrigger));
}

#[test]
fn who_may_switch_calls_on() {
    let asks = |asker: &Asker| {
        let asked = asker.asks(&nothing(), enable());
        asked.map(|changed| changed.settings.enabled)
    };
    for limit in MessagingLimit::ALL {
        let asker = Asker::eligible(|it| it.messaging_limit = *limit);
        let enough = limit.users().is_none_or(|users| users >= 2_000);
        assert_eq!(asks(&asker).is_ok(), enough, "{limit}");
    }
    let unheard = Asker::eligible(|it| it.calls_heard = false);
    assert_eq!(asks(&unheard), Err(Fault::NobodyListens));
    let by_sip = CallingChange {
        sip: sip_on(),
        ..enable()
    };
    assert!(unheard.sets(&nothing(), by_sip).enabled);

    let both = Asker::eligible(|it| {
        it.calls_heard = false;
        it.messaging_limit = MessagingLimit::Tier1k;
    });
    let fault = asks(&both).expect_err("too low");
    assert_eq!(
        fault.to_string(),
        "The messaging limit of this business number is TIER_1K, and calls need one of at least \
         2000 users. Raise the limit first."
    );
    let operator = Asker {
        eligible: None,
        ..both.clone()
    };
    assert_eq!(asks(&operator), Ok(true));
    // Nothing else asks for it.
    for (change, _) in one_of_each().into_iter().skip(1) {
        both.sets(&nothing(), change);
    }
}

#[test]
fn nothing_is_changed_while_everything_is_suspended() {
    let until = Timestamp::from_secs(1_000);
    let asker = Asker::eligible(|it| it.restricted = Some(Restricted { until }));
    for (change, _) in one_of_each() {
        let fault = asker.refused(&nothing(), change);
        assert_eq!(fault, Fault::Restricted(Restricted { until }));
    }
}

#[test]
fn every_fault_says_what_to_do() {
    let limit = MessagingLimit::Tier250;
    let faults = [
        Fault::MessagingLimit { limit, min: 2_000 },
        Fault::NobodyListens,
        Fault::TooManyCountries,
        Fault::UnknownTimeZone,
        Fault::Hours(HoursFault::NoHours),
        Fault::NoSipServer,
        Fault::NobodysSipServer,
        Fault::TooManySipServers,
        Fault::SipHostname,
        Fault::TooManySipUserParams,
        Fault::SipUserParam,
        Fault::NoVoicemailTrigger,
        Fault::VoicemailTimeout,
        Fault::VoicemailNeverBegins,
    ];
    for fault in faults {
        let sentences = fault.to_string();
        assert!(sentences.ends_with('.'), "{sentences}");
        assert!(sentences.matches(". ").count() >= 1, "{sentences}");
    }
    let too_many = CallingChange {
        icon_countries: Some(vec![countries("US")[0]; CALL_ICON_COUNTRIES_MAX + 1]),
        ..CallingChange::default()
    };
    let fault = Asker::new().refused(&nothing(), too_many);
    assert_eq!(fault, Fault::TooManyCountries);
}
