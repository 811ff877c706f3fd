//! Each barrier in its order.

use types::TimeOfDay;

use super::*;
use crate::hours::Opening;

#[test]
fn the_first_barrier_is_named() {
    let preset = Preset::meta_2026();
    // 1970-01-01 was a Thursday.
    let now = Timestamp::from_secs(100);
    let time = |text: &str| text.parse::<TimeOfDay>().expect(text);
    let schedule = Schedule {
        weekly: vec![Opening {
            day: types::Weekday::Thursday,
            open: time("0900"),
            close: time("1700"),
        }],
        holidays: Vec::new(),
    };
    let offsets = Offsets::fixed(3_600);
    let mut load = Load {
        calling_enabled: true,
        calls_running: 0,
        in_call_with_user: false,
        attempts: 100_000,
        first_attempt: None,
    };
    let mut restrictions = Restrictions {
        business_initiated_until: Some(Timestamp::from_secs(200)),
        ..Restrictions::default()
    };
    let mut hours = None;
    let look = |load: &Load, restrictions: &Restrictions, hours| {
        let inbound = Inbound {
            load,
            restrictions,
            hours,
        };
        inbound.may_call(now, &preset).err()
    };

    assert_eq!(look(&load, &restrictions, hours), None);
    load.in_call_with_user = true;
    let busy = NoCall::Admission(admission::Refusal::AlreadyInCall);
    assert_eq!(look(&load, &restrictions, hours), Some(busy));
    hours = Some((&schedule, &offsets));
    let opens_at = Some(Timestamp::from_secs(8 * 3_600));
    let closed = NoCall::Closed { opens_at };
    assert_eq!(look(&load, &restrictions, hours), Some(closed));
    let until = Timestamp::from_secs(200);
    restrictions.user_initiated_until = Some(until);
    let restricted = NoCall::Restricted(Restricted { until });
    assert_eq!(look(&load, &restrictions, hours), Some(restricted));
    load.calling_enabled = false;
    let disabled = NoCall::Admission(admission::Refusal::CallingDisabled);
    assert_eq!(look(&load, &restrictions, hours), Some(disabled));

    assert_eq!(
        closed.to_string(),
        "The business takes no calls at this hour. It does again at Unix time 28800."
    );
    assert!(restricted.to_string().contains("until Unix time 200"));
}
