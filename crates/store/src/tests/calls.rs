//! Every state of both machines comes back as it went in, and questions find their calls.

use rules::call::{
    AtTheBusiness, AtTheUser, BusinessInitiatedState, BusinessLeg, EarlyLeg, EndReason, Ending,
    PreAccepted, SdpDigest, State, Talk, UserInitiatedState, UserLeg,
};
use types::{CallId, CallOrigin, Direction};

use super::*;
use crate::calls::{self, CallFilter, CallRow};
use crate::legs::{self, LegRow, Side};

#[test]
fn every_state_comes_back() {
    let mut store = store();
    let states = every_state();
    assert_eq!(
        states.len(),
        2 + 2 * 3 + 2 * 3 + 2 * 2 * 4 + 2 * 2 * EndReason::ALL.len()
    );
    in_tx(&mut store, |tx| {
        for (n, state) in states.iter().enumerate() {
            let row = call(n, *state);
            // Once as new, once by way of another state.
            calls::insert(
                tx,
                &CallRow {
                    state: states[0],
                    ..row.clone()
                },
            )?;
            calls::update(tx, &row)?;
            assert_eq!(calls::find(tx, &row.id)?.as_ref(), Some(&row), "{state:?}");
        }
        Ok(())
    });
}

#[test]
fn a_state_of_another_version_is_an_error_and_not_a_guess() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        calls::insert(tx, &call(1, every_state()[0]))
    });
    in_tx(&mut store, |tx| {
        use diesel::connection::SimpleConnection;
        tx.connection
            .batch_execute("UPDATE call SET machine = '{\"user_initiated\":\"held\"}'")?;
        Ok(())
    });
    let found = store.transaction(|tx| calls::find(tx, &id(1)));
    assert!(
        matches!(
            found,
            Err(StoreError::State {
                column: "call.machine",
                ..
            })
        ),
        "{found:?}"
    );
}

#[test]
fn questions_about_running_calls() {
    let mut store = store();
    let ringing = |by| {
        State::UserInitiated(UserInitiatedState::Ringing(AtTheBusiness {
            accept_by: at(by),
            user_leg_up: false,
        }))
    };
    let over = State::BusinessInitiated(BusinessInitiatedState::Ended(Ending {
        reason: EndReason::UserRejected,
        started: None,
        ended: at(3),
    }));
    in_tx(&mut store, |tx| {
        calls::insert(tx, &call(1, ringing(500)))?;
        calls::insert(tx, &call(2, ringing(300)))?;
        calls::insert(tx, &call(3, over))?;

        assert_eq!(calls::next_deadline(tx)?, Some(at(300)));
        assert_eq!(calls::due(tx, at(299), 10)?, []);
        assert_eq!(calls::due(tx, at(500), 10)?, [id(2), id(1)]);
        assert_eq!(calls::due(tx, at(500), 1)?, [id(2)]);
        assert_eq!(calls::running_count(tx, &number())?, 2);
        assert_eq!(
            calls::running_between(tx, &number(), &wa_id())?,
            Some(id(1))
        );
        assert_eq!(calls::running(tx)?, [id(1), id(2)]);
        assert_eq!(calls::running_of_user(tx, &wa_id())?.len(), 2);
        let business = Direction::BusinessInitiated;
        assert_eq!(
            calls::attempts_since(tx, &number(), business, at(2))?,
            (1, Some(at(3)))
        );
        assert_eq!(
            calls::attempts_since(tx, &number(), business, at(3))?,
            (0, None)
        );
        Ok(())
    });
}

#[test]
fn listings_go_from_page_to_page() {
    let mut store = store();
    let state = every_state()[0];
    in_tx(&mut store, |tx| {
        (1..=5).try_for_each(|n| calls::insert(tx, &call(n, state)))
    });
    let mut seen = Vec::new();
    let mut filter = CallFilter {
        number: Some(number()),
        ..CallFilter::default()
    };
    loop {
        let page = in_tx(&mut store, |tx| calls::list(tx, &filter, 2));
        let Some(last) = page.last() else { break };
        filter.before = Some(last.id.clone());
        seen.extend(page.into_iter().map(|row| row.id));
    }
    assert_eq!(seen, [id(5), id(4), id(3), id(2), id(1)]);

    let none = CallFilter {
        is_over: Some(true),
        ..CallFilter::default()
    };
    assert_eq!(in_tx(&mut store, |tx| calls::list(tx, &none, 10)), []);
}

#[test]
fn old_calls_are_forgotten_unless_they_run() {
    let mut store = store();
    let running = every_state()[0];
    let over = State::UserInitiated(UserInitiatedState::Ended(Ending {
        reason: EndReason::UserHungUp,
        started: None,
        ended: at(3),
    }));
    in_tx(&mut store, |tx| {
        for (n, state) in [(1, running), (2, over), (3, over), (4, over)] {
            calls::insert(tx, &call(n, state))?;
            legs::save(tx, &leg(n, Side::User))?;
        }
        assert_eq!(calls::prune(tx, 1, 1)?, 1);
        assert_eq!(calls::prune(tx, 1, 10)?, 1);
        assert_eq!(calls::prune(tx, 1, 10)?, 0);
        assert!(calls::find(tx, &id(1))?.is_some());
        assert!(calls::find(tx, &id(2))?.is_none());
        assert_eq!(legs::list(tx, &id(2))?, []);
        assert!(calls::find(tx, &id(4))?.is_some());
        Ok(())
    });
}

#[test]
fn legs_keep_what_was_said() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        calls::insert(tx, &call(1, every_state()[0]))?;
        let row = leg(1, Side::Business);
        legs::save(tx, &row)?;
        legs::save(tx, &leg(1, Side::User))?;
        assert_eq!(legs::find(tx, &id(1), Side::Business)?, Some(row));
        assert_eq!(legs::media(tx, &id(1), Side::User)?, Some(types::LegId(7)));
        legs::set_theirs(tx, &id(1), Side::Business, "v=0 theirs")?;
        legs::set_stats(tx, &id(1), Side::Business, "{}")?;
        legs::set_weather(tx, &id(1), Side::User, Some("{}"))?;
        legs::forget_media(tx, &id(1))?;
        let rows = legs::list(tx, &id(1))?;
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].side, Side::Business);
        assert_eq!(rows[0].sdp_theirs.as_deref(), Some("v=0 theirs"));
        assert_eq!(rows[0].stats.as_deref(), Some("{}"));
        assert_eq!(rows[0].media.or(rows[1].media), None);
        assert_eq!(
            (rows[0].weather.as_deref(), rows[1].weather.as_deref()),
            (None, Some("{}"))
        );
        legs::set_weather(tx, &id(1), Side::User, None)?;
        assert_eq!(legs::list(tx, &id(1))?[1].weather, None);
        Ok(())
    });
}

fn id(n: usize) -> CallId {
    format!("wacid.{n}").parse().expect("an id")
}

fn call(n: usize, state: State) -> CallRow {
    CallRow {
        id: id(n),
        number: number(),
        wa_id: wa_id(),
        state,
        created_at: at(n as u64),
        callback_data: (n.is_multiple_of(2)).then(|| format!("data {n}")),
        phone_line: (n.is_multiple_of(3)).then_some(n as u64),
        origin: CallOrigin {
            cta_payload: n.is_multiple_of(2).then(|| format!("button {n}")),
            deeplink_payload: None,
        },
    }
}

fn leg(n: usize, side: Side) -> LegRow {
    LegRow {
        call: id(n),
        side,
        media: Some(types::LegId(7)),
        sdp_ours: Some("v=0 ours".to_owned()),
        sdp_theirs: None,
        stats: None,
        weather: None,
    }
}

fn every_state() -> Vec<State> {
    let mut states = Vec::new();
    for user_leg_up in [false, true] {
        let ringing = AtTheBusiness {
            accept_by: at(1),
            user_leg_up,
        };
        states.push(State::UserInitiated(UserInitiatedState::Ringing(ringing)));
        for business in [EarlyLeg::Down, EarlyLeg::Up, EarlyLeg::Sending] {
            let answer = SdpDigest(std::array::from_fn(|n| n as u8 * 8));
            let call = PreAccepted {
                accept_by: at(2),
                user_leg_up,
                business,
                answer,
            };
            states.push(State::UserInitiated(UserInitiatedState::PreAccepted(call)));
            let call = AtTheUser {
                pick_up_by: at(3),
                rings: user_leg_up,
                business,
            };
            states.push(State::BusinessInitiated(BusinessInitiatedState::Ringing(
                call,
            )));
        }
        let silent = |by| BusinessLeg::Silent { media_by: at(by) };
        let down = BusinessLeg::Down {
            up_by: at(4),
            media_by: at(5),
        };
        for business in [down, silent(6), silent(u64::MAX), BusinessLeg::Sending] {
            let user = if user_leg_up {
                UserLeg::Up
            } else {
                UserLeg::Down { up_by: at(7) }
            };
            let talk = Talk {
                since: at(8),
                user,
                business,
                heard: business == BusinessLeg::Sending,
            };
            states.push(State::UserInitiated(UserInitiatedState::Answered(talk)));
            states.push(State::BusinessInitiated(BusinessInitiatedState::Answered(
                talk,
            )));
        }
    }
    for reason in EndReason::ALL {
        for started in [None, Some(at(9))] {
            let ending = Ending {
                reason,
                started,
                ended: at(10),
            };
            states.push(State::UserInitiated(UserInitiatedState::Ended(ending)));
            states.push(State::BusinessInitiated(BusinessInitiatedState::Ended(
                ending,
            )));
        }
    }
    states
}
