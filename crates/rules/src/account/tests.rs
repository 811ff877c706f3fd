//! Every standing with everything that an account may want.

use std::time::Duration;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_000);

/// Every standing that is told apart, with restrictions that run and ones that are over.
fn standings() -> Vec<Standing> {
    let soon = NOW + Duration::from_secs(1);
    let mut all = Vec::new();
    for payment_missing in [false, true] {
        for business_initiated_until in [None, Some(NOW), Some(soon)] {
            for customer_initiated_until in [None, Some(NOW), Some(soon)] {
                for state in [None, Some(BanState::Scheduled), Some(BanState::Disabled)] {
                    all.push(Standing {
                        payment_missing,
                        business_initiated_until,
                        customer_initiated_until,
                        ban: state.map(|state| Ban { state, since: NOW }),
                    });
                }
            }
        }
    }
    all
}

#[test]
fn every_standing_bars_what_it_should_and_nothing_else() {
    for standing in standings() {
        let disabled = standing
            .ban
            .is_some_and(|it| it.state == BanState::Disabled);
        let runs = |until: Option<Timestamp>| until.filter(|it| *it > NOW);
        let begins = standing.may_send(NOW, false);
        let answers = standing.may_send(NOW, true);
        if disabled {
            for refused in [
                begins,
                answers,
                standing.may_call(),
                standing.may_be_called(),
            ] {
                assert_eq!(refused, Err(Barred::Disabled), "{standing:?}");
            }
            continue;
        }
        let wanted = runs(standing.business_initiated_until);
        let wanted = wanted.map(|until| Barred::BusinessInitiated { until });
        assert_eq!(begins.err(), wanted, "{standing:?}");
        let wanted = runs(standing.customer_initiated_until);
        let wanted = wanted.map(|until| Barred::CustomerInitiated { until });
        assert_eq!(answers.err(), wanted, "{standing:?}");
        assert_eq!(standing.may_call().is_err(), standing.payment_missing);
        assert_eq!(standing.may_be_called(), Ok(()));
    }
}

#[test]
fn what_ails_an_account_says_how_much_of_it_works() {
    for standing in standings() {
        let ails = standing.ails(NOW);
        let worst = ails.iter().map(|(health, _)| *health).max();
        let begins = standing.may_send(NOW, false).is_ok();
        let answers = standing.may_send(NOW, true).is_ok();
        let wanted = match (begins, answers) {
            _ if standing.payment_missing => Some(Health::Blocked),
            (true, true) => None,
            (false, false) => Some(Health::Blocked),
            (true, false) | (false, true) => Some(Health::Limited),
        };
        assert_eq!(worst, wanted, "{standing:?}");
    }
}

#[test]
fn refusals_say_what_to_do() {
    for barred in [
        Barred::Disabled,
        Barred::BusinessInitiated { until: NOW },
        Barred::CustomerInitiated { until: NOW },
        Barred::NothingToPayWith,
    ] {
        assert!(barred.to_string().ends_with('.'), "{barred}");
    }
    for state in BanState::ALL {
        assert_eq!(BanState::from_word(state.as_str()), Some(state));
    }
    assert_eq!(BanState::from_word("lifted"), None);
}
