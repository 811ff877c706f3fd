//! Messages come back as they went in, wait in their order, and are forgotten when they are over.

use rules::message::{Failure, State};
use types::MessageId;

use super::*;
use crate::messages::{self, MessageFilter, MessageRow, Writer};

#[test]
fn every_state_comes_back() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        for (n, state) in every_state().into_iter().enumerate() {
            let row = MessageRow {
                state,
                ..message(n)
            };
            // Once as new, once by way of another state.
            messages::insert(tx, &message(n))?;
            assert_eq!(messages::find(tx, &row.id)?, Some(message(n)));
            messages::update(tx, &row.id, &state)?;
            assert_eq!(messages::find(tx, &row.id)?, Some(row));
        }
        assert_eq!(messages::find(tx, &id(99))?, None);
        Ok(())
    });
}

#[test]
fn a_state_of_another_version_is_an_error_and_not_a_guess() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        use diesel::connection::SimpleConnection;
        messages::insert(tx, &message(1))?;
        tx.connection
            .batch_execute("UPDATE message SET status = 'framed'")?;
        Ok(())
    });
    let found = store.transaction(|tx| messages::find(tx, &id(1)));
    assert!(matches!(found, Err(StoreError::State { .. })), "{found:?}");
}

#[test]
fn those_that_wait_are_found_in_their_order() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        for (n, keep_until) in [(1, 300), (2, 100), (3, 200)] {
            messages::insert(tx, &waiting(n, keep_until))?;
        }
        messages::insert(tx, &message(4))?;
        let other = MessageRow {
            wa_id: "15559999999".parse().expect("a number"),
            ..waiting(5, 400)
        };
        messages::insert(tx, &other)?;

        assert_eq!(
            ids(messages::waiting_for(tx, &wa_id(), 9)?),
            [id(1), id(2), id(3)]
        );
        assert_eq!(ids(messages::waiting_for(tx, &wa_id(), 1)?), [id(1)]);
        assert_eq!(messages::next_deadline(tx)?, Some(at(100)));
        assert_eq!(ids(messages::due(tx, at(250), 9)?), [id(2), id(3)]);
        messages::update(tx, &id(2), &State::Delivered { at: at(50) })?;
        assert_eq!(messages::next_deadline(tx)?, Some(at(200)));
        Ok(())
    });
}

#[test]
fn listings_have_filters_and_pages() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        for n in 1..=4 {
            messages::insert(tx, &message(n))?;
        }
        let all = MessageFilter::default();
        assert_eq!(ids(messages::list(tx, &all, 2)?), [id(4), id(3)]);
        let next = MessageFilter {
            before: Some(id(3)),
            ..all.clone()
        };
        assert_eq!(ids(messages::list(tx, &next, 9)?), [id(2), id(1)]);
        let users = MessageFilter {
            from: Some(Writer::User),
            ..all.clone()
        };
        assert_eq!(ids(messages::list(tx, &users, 9)?), [id(3), id(1)]);
        let nobodys = MessageFilter {
            number: Some("1".parse().expect("an id")),
            wa_id: Some(wa_id()),
            ..all
        };
        assert_eq!(ids(messages::list(tx, &nobodys, 9)?), []);
        Ok(())
    });
}

#[test]
fn the_oldest_that_wait_for_nothing_are_forgotten() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        messages::insert(tx, &waiting(1, 100))?;
        for n in 2..=5 {
            messages::insert(tx, &message(n))?;
        }
        assert_eq!(messages::prune(tx, 2, 1)?, 1);
        assert_eq!(messages::prune(tx, 2, 9)?, 1);
        assert_eq!(messages::prune(tx, 2, 9)?, 0);
        let left = messages::list(tx, &MessageFilter::default(), 9)?;
        assert_eq!(ids(left), [id(5), id(4), id(1)]);
        messages::remove_of_user(tx, &wa_id())?;
        assert_eq!(messages::list(tx, &MessageFilter::default(), 9)?, []);
        Ok(())
    });
}

fn every_state() -> Vec<State> {
    let failed = Failure::ALL.iter().copied();
    let failed = failed.map(|failure| State::Failed { at: at(7), failure });
    let mut states = vec![
        State::Sent { keep_until: at(1) },
        State::Delivered { at: at(2) },
        State::Read {
            delivered: at(3),
            at: at(4),
        },
        State::Dropped { at: at(5) },
    ];
    states.extend(failed);
    states
}

fn message(n: usize) -> MessageRow {
    MessageRow {
        id: id(n),
        number: number(),
        wa_id: wa_id(),
        from: if n.is_multiple_of(2) {
            Writer::Business
        } else {
            Writer::User
        },
        kind: "text".to_owned(),
        body: format!(r#"{{"type":"text","body":"{n}"}}"#),
        reply_to: n.is_multiple_of(3).then(|| id(n + 1)),
        callback_data: n.is_multiple_of(2).then(|| "order".to_owned()),
        pricing: None,
        created_at: at(n as u64),
        state: State::Delivered { at: at(n as u64) },
    }
}

fn waiting(n: usize, keep_until: u64) -> MessageRow {
    MessageRow {
        from: Writer::Business,
        state: State::Sent {
            keep_until: at(keep_until),
        },
        ..message(n)
    }
}

fn id(n: usize) -> MessageId {
    format!("wamid.{n}").parse().expect("an id")
}

fn ids(rows: Vec<MessageRow>) -> Vec<MessageId> {
    rows.into_iter().map(|row| row.id).collect()
}
