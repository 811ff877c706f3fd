//! All or nothing, and parts that fail by themselves.

use super::*;

#[test]
fn a_failed_transaction_leaves_nothing() {
    let mut store = store();
    let failed: Result<(), StoreError> = store.transaction(|tx| {
        users::remove(tx, &wa_id())?;
        "no id".parse::<AppId>().map(drop).map_err(StoreError::Row)
    });
    assert!(failed.is_err());
    assert!(in_tx(&mut store, |tx| users::find(tx, &wa_id())).is_some());
}

#[test]
fn a_failed_part_leaves_the_others() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        wabas::save(
            tx,
            &Waba {
                id: waba(),
                name: "before".to_owned(),
            },
        )?;
        let failed: Result<(), StoreError> = tx.savepoint(|tx| {
            wabas::save(
                tx,
                &Waba {
                    id: waba(),
                    name: "within".to_owned(),
                },
            )?;
            "no id".parse::<AppId>().map(drop).map_err(StoreError::Row)
        });
        assert!(failed.is_err());
        apps::save(tx, &an_app(2))
    });
    assert_eq!(
        in_tx(&mut store, |tx| wabas::find(tx, &waba()))
            .expect("it")
            .name,
        "before"
    );
    assert_eq!(in_tx(&mut store, apps::list).len(), 2);
}

#[test]
fn rows_come_back_as_they_went_in() {
    let mut store = store();
    let user = in_tx(&mut store, |tx| users::find(tx, &wa_id())).expect("the user");
    assert_eq!(user.phone_token, "phone-token");
    let by_bsuid = in_tx(&mut store, |tx| users::find_by_bsuid(tx, &user.bsuid));
    assert_eq!(by_bsuid, Some(user));

    let found = in_tx(&mut store, |tx| numbers::find(tx, &number())).expect("the number");
    let dialled = in_tx(&mut store, |tx| {
        numbers::find_by_display(tx, &found.display)
    });
    assert_eq!(dialled, Some(found));

    let holder = crate::keys::TokenHolder {
        app: app(1),
        waba: waba(),
    };
    in_tx(&mut store, |tx| crate::keys::save_token(tx, "ab", &holder));
    assert_eq!(
        in_tx(&mut store, |tx| crate::keys::find_token(tx, "ab")),
        Some(holder)
    );
    assert_eq!(
        in_tx(&mut store, |tx| crate::keys::find_token(tx, "cd")),
        None
    );
}

#[test]
fn the_stream_of_events_keeps_its_last_ones() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        for n in 0..10 {
            let kind = format!("test.{n}");
            crate::events::append(
                tx,
                &crate::events::NewEvent {
                    at: at(n),
                    kind: &kind,
                    number: None,
                    call: None,
                    detail: "{}",
                },
            )?;
        }
        crate::events::prune(tx, 3, 100)
    });
    let kinds: Vec<String> = in_tx(&mut store, |tx| {
        crate::events::list(tx, types::EventId(0), 100)
    })
    .into_iter()
    .map(|event| event.kind)
    .collect();
    assert_eq!(kinds, ["test.7", "test.8", "test.9"]);
}
