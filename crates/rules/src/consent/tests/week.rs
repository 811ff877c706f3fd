//! The seven days of a permission, from the first request to the next.

use super::*;

#[test]
fn a_permission_lives_for_seven_days() {
    check(
        "0 look, 0 may_call, 0 ask R1, 1s deliver R1, 1s may_call, 2h allow R1, 2h may_call, \
         3h connected C1, 3h look, 1d missed C2, 2d rejected C3, 2d missed C4, 3d connected C5, \
         7d2h-1ms may_call, 7d2h-1ms look, 7d2h may_call, 7d2h timeout, 7d2h ask R2",
        "0 no_permission; can request, PT24H 0/1, P7D 0/2; cannot call, PT24H 0/100
         0 no call: never
         0 requested R1
         1s request_delivered R1
         1s no call: asked at 0
         2h answered_temporary R1 until 7d2h
         2h webhook accept until 7d2h, context wamid.R1, flat GRANTED
         2h may call
         3h call_connected C1
         3h counters_cleared: 1
         3h temporary until 7d2h; can request, PT24H 0/1, P7D 0/2; can call, PT24H 1/100
         1d call_unanswered C2
         2d call_rejected C3
         2d nudged: 2 in a row
         2d user: Nudge { unanswered: 2 }
         2d call_unanswered C4
         3d call_connected C5
         7d1h59m59s999ms may call
         7d1h59m59s999ms temporary until 7d2h; can request, PT24H 0/1, P7D 0/2; can call, PT24H 0/100
         7d2h no call: lapsed at 7d2h
         7d2h lapsed
         7d2h no webhook, automatic, flat REVOKED
         7d2h request_ended R1: answer_settled
         7d2h requested R2",
    );
}
