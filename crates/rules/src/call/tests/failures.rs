//! Stories of calls that fail at their end: hung up without a sound, or cut off.

use super::*;

#[test]
fn hung_up_without_a_sound_from_the_business() {
    user_calls(
        "10 u_up, 1000 accept a, 1100 b_up, 4000 hangup",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted
         4000ms close media
         4000ms phone: ended no_media_signals
         4000ms webhook terminate FAILED: no_media_signals by business, NoMediaSignals, 1000ms to 4000ms",
    );
    business_calls(
        "500 rings, 1000 pickup, 4000 terminate",
        "0ms webhook connect
         0ms ring phone
         500ms webhook RINGING
         1000ms apply user answer
         1000ms pass media
         1000ms phone: accepted
         1000ms webhook ACCEPTED
         4000ms close media
         4000ms phone: ended no_media_signals
         4000ms webhook terminate FAILED: no_media_signals by business, NoMediaSignals, 1000ms to 4000ms",
    );
}

#[test]
fn hung_up_at_once_is_no_failure() {
    user_calls(
        "10 u_up, 1000 accept a, 3999 hangup",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted
         3999ms close media
         3999ms phone: ended user_hung_up
         3999ms webhook terminate COMPLETED: user_hung_up by nobody, 1000ms to 3999ms",
    );
}

#[test]
fn a_sound_long_ago_is_a_sound() {
    user_calls(
        "10 u_up, 1000 accept a, 1100 b_media, 5000 b_silent, 9000 terminate",
        "0ms webhook connect
         1000ms apply business answer
         1000ms pass media
         1000ms phone: accepted
         9000ms close media
         9000ms phone: ended business_hung_up
         9000ms webhook terminate COMPLETED: business_hung_up by nobody, 1000ms to 9000ms",
    );
}

#[test]
fn a_call_is_cut_off_wherever_it_stands() {
    user_calls(
        "0 cut_off, 1 accept a",
        "0ms webhook connect
         0ms close media
         0ms phone: ended payment_missing
         0ms webhook terminate FAILED: payment_missing by business, PaymentMissing, never taken, at 0ms
         1ms refused: Ended { reason: PaymentMissing, at: 0ms }",
    );
    business_calls(
        "1000 pickup, 1100 b_media, 2000 cut_off",
        "0ms webhook connect
         0ms ring phone
         1000ms apply user answer
         1000ms pass media
         1000ms phone: accepted
         1000ms webhook ACCEPTED
         2000ms close media
         2000ms phone: ended payment_missing
         2000ms webhook terminate FAILED: payment_missing by business, PaymentMissing, 1000ms to 2000ms",
    );
}
