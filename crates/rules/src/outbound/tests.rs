//! Each barrier in its order, and that a look promises what then happens.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::consent::{Input, Term};
use crate::reach::Restrictions;
use crate::window::Window;

const NOW: Timestamp = Timestamp::from_secs(100);

/// A number and a user between whom nothing stands.
#[derive(Debug, Clone)]
struct Pair {
    reach: Reach,
    load: Load,
    ledger: Ledger,
}

impl Pair {
    fn new() -> Self {
        let mut ledger = Ledger::new();
        let term = Term::Temporary;
        let preset = Preset::meta_2026();
        ledger
            .handle(NOW, &preset.consent, Input::ProfileGrant { term })
            .expect("a grant");
        while ledger.poll_output().is_some() {}
        Self {
            reach: Reach {
                business_country: "BR".parse().ok(),
                on_allow_list: true,
                user_callable: true,
                restrictions: Restrictions::default(),
            },
            load: Load {
                calling_enabled: true,
                calls_running: 0,
                in_call_with_user: false,
                attempts: 0,
                first_attempt: None,
            },
            ledger,
        }
    }

    fn outbound(&self) -> Outbound<'_> {
        Outbound {
            reach: &self.reach,
            load: &self.load,
            ledger: &self.ledger,
        }
    }
}

/// Puts up one barrier after the other, the last one first, and compares what a call and a template
/// request are told: each new one comes before those that are there.
#[test]
fn the_first_barrier_is_named() {
    let preset = Preset::meta_sandbox();
    let mut pair = Pair::new();
    let mut told = Vec::new();
    let mut look = |pair: &Pair, what: &str| {
        let outbound = pair.outbound();
        let word = |refusal: Option<String>| refusal.unwrap_or_else(|| "yes".to_owned());
        let call = outbound.may_call(NOW, &preset).err();
        let request = outbound.may_request(NOW, &preset, How::Template).err();
        told.push(format!(
            "{what}: call {}, request {}",
            word(call.map(|it| format!("{it:?}"))),
            word(request.map(|it| format!("{it:?}")))
        ));
    };
    look(&pair, "free");
    pair.ledger = Ledger::new();
    look(&pair, "never asked");
    pair.load.in_call_with_user = true;
    look(&pair, "in a call");
    pair.reach.user_callable = false;
    look(&pair, "uncallable");
    pair.reach.restrictions.business_initiated_until = Some(Timestamp::from_secs(200));
    look(&pair, "suspended");
    pair.reach.business_country = "US".parse().ok();
    look(&pair, "excluded");
    pair.reach.on_allow_list = false;
    look(&pair, "not listed");
    pair.load.calling_enabled = false;
    look(&pair, "disabled");

    let story = "
        free: call yes, request yes
        never asked: call Consent(NoPermission(Never)), request yes
        in a call: call Admission(AlreadyInCall), request yes
        uncallable: call Reach(Uncallable), request yes
        suspended: call Reach(Restricted(Restricted { until: 200000ms })), \
                   request Reach(Restricted(Restricted { until: 200000ms }))
        excluded: call Reach(CountryExcluded { country: US }), \
                  request Reach(CountryExcluded { country: US })
        not listed: call Reach(NotOnAllowList), request Reach(NotOnAllowList)
        disabled: call Admission(CallingDisabled), request Admission(CallingDisabled)";
    let story: Vec<&str> = story.trim().lines().map(str::trim).collect();
    assert_eq!(told.join("\n"), story.join("\n"));
}

#[test]
fn nothing_is_told_of_who_cannot_be_called() {
    let preset = Preset::meta_2026();
    let mut pair = Pair::new();
    let status = |pair: &Pair| pair.outbound().standing(NOW, &preset).status.as_str();
    assert_eq!(status(&pair), "temporary");
    pair.reach.user_callable = false;
    assert_eq!(status(&pair), "no_permission");
}

#[test]
fn every_refusal_has_its_sentence() {
    let preset = Preset::meta_2026();
    let pair = Pair {
        ledger: Ledger::new(),
        ..Pair::new()
    };
    let closed = How::FreeForm(Window::default());
    let request = pair.outbound().may_request(NOW, &preset, closed);
    let sentence = request.expect_err("the window is closed").to_string();
    assert!(sentence.contains("as a template"), "{sentence}");
    let call = pair.outbound().may_call(NOW, &preset);
    let sentence = call.expect_err("there is no permission").to_string();
    assert!(sentence.contains("Ask for permission"), "{sentence}");
}

/// Any pair, with any barriers up.
fn pairs() -> impl Strategy<Value = Pair> {
    let reach = (
        prop::sample::select(vec!["BR", "US", "TR"]),
        any::<(bool, bool)>(),
        prop::option::of(90_u64..110),
    );
    let load = (any::<(bool, bool)>(), 0_u32..1_200, 0_u32..12_000);
    let held = prop::sample::select(vec![None, Some(Term::Temporary), Some(Term::Permanent)]);
    let calls = prop::collection::vec((any::<bool>(), 0_u64..100_000), 0..7);
    (reach, load, held, calls).prop_map(|(reach, load, held, calls)| {
        let (country, (on_allow_list, user_callable), until) = reach;
        let ((calling_enabled, in_call_with_user), calls_running, attempts) = load;
        let limits = Preset::meta_2026().consent;
        let mut ledger = Ledger::new();
        if let Some(term) = held {
            let grant = Input::OperatorGrant { term };
            ledger
                .handle(Timestamp::EPOCH, &limits, grant)
                .expect("new");
        }
        for (asks, at) in calls {
            let at = Timestamp::from_millis(at);
            if asks && let Ok(pass) = ledger.may_request(at, &limits, How::Template) {
                let request = "wamid.R".parse().expect("an id");
                // The same request twice is refused, which is as good.
                let _ = ledger.handle(at, &limits, Input::Requested { pass, request });
            } else {
                let direction = Direction::BusinessInitiated;
                let call = "wacid.C".parse().expect("an id");
                let connected = Input::CallConnected { call, direction };
                ledger.handle(at, &limits, connected).expect("a call");
            }
        }
        Pair {
            reach: Reach {
                business_country: country.parse().ok(),
                on_allow_list,
                user_callable,
                restrictions: Restrictions {
                    business_initiated_until: until.map(Timestamp::from_secs),
                    ..Restrictions::default()
                },
            },
            load: Load {
                calling_enabled,
                calls_running,
                in_call_with_user,
                attempts,
                first_attempt: None,
            },
            ledger,
        }
    })
}

proptest! {
    /// What a look says can be done can be done, and what it says cannot fails for the same reason.
    #[test]
    fn a_look_promises_what_then_happens(
        pair in pairs(),
        name in prop::sample::select(Preset::NAMES.to_vec()),
        later in prop::sample::select(vec![0, 24 * 3_600, 7 * 24 * 3_600]),
    ) {
        let preset = Preset::by_name(name).expect(name);
        let now = NOW + Duration::from_secs(later);
        let outbound = pair.outbound();
        let standing = outbound.standing(now, &preset);
        let call = outbound.may_call(now, &preset);
        prop_assert_eq!(call.err(), standing.call.refused);
        let request = outbound.may_request(now, &preset, How::Template);
        prop_assert_eq!(request.err(), standing.request.refused);
        prop_assert!(standing.call.limits.iter().all(|it| it.is_reached() == it.free_at.is_some()));
    }
}
