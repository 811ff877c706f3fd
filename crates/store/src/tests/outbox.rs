//! Deliveries: due, leased, over, and who is asked next.

use std::time::Duration;

use rules::delivery::{Delivery, DeliveryState};
use types::{DeliveryId, SubscriptionId};

use super::*;
use crate::attempts::{self, Attempt};
use crate::deliveries::{self, DeliveryFilter, Outgoing, StateWord};

#[test]
fn a_delivery_comes_back_in_every_state() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        let id = deliveries::insert(tx, &outgoing(1), b"{\"a\":1}", at(5))?;
        let row = deliveries::find(tx, id)?.expect("the delivery");
        assert_eq!(row.notice, outgoing(1));
        assert_eq!(row.machine, Delivery::new(at(5)));
        assert_eq!(
            deliveries::body(tx, id)?.as_deref(),
            Some(&b"{\"a\":1}"[..])
        );
        for state in [
            DeliveryState::Due { at: at(6) },
            DeliveryState::Leased { until: at(7) },
            DeliveryState::Delivered { at: at(8) },
            DeliveryState::GivenUp { at: at(9) },
        ] {
            let machine = Delivery {
                since: at(4),
                attempts: 3,
                failures: 2,
                state,
            };
            deliveries::update(tx, id, &machine)?;
            assert_eq!(deliveries::find(tx, id)?.expect("it").machine, machine);
        }
        Ok(())
    });
}

#[test]
fn each_subscriber_has_a_queue_of_its_own() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        for n in 0..50 {
            deliveries::insert(tx, &outgoing(3), b"slow", at(n))?;
        }
        let quick = deliveries::insert(tx, &outgoing(9), b"quick", at(60))?;
        let later = deliveries::insert(tx, &outgoing(11), b"later", at(61))?;

        assert_eq!(deliveries::next_due_after(tx, at(48))?, Some(at(49)));
        assert_eq!(deliveries::next_due_after(tx, at(60))?, Some(at(61)));
        assert!(deliveries::is_due(tx, at(0))?);
        assert_eq!(
            deliveries::due_subscribers(tx, at(60))?,
            [SubscriptionId(3), SubscriptionId(9)]
        );
        let of_slow = deliveries::due(tx, SubscriptionId(3), at(60), 2)?;
        assert_eq!(
            of_slow
                .iter()
                .map(|(row, _)| row.created_at)
                .collect::<Vec<_>>(),
            [at(0), at(1)]
        );
        let of_quick = deliveries::due(tx, SubscriptionId(9), at(60), 10)?;
        assert_eq!(of_quick.len(), 1);
        assert_eq!(of_quick[0].0.id, quick);
        assert_eq!(of_quick[0].1, b"quick");
        assert_eq!(deliveries::due(tx, SubscriptionId(11), at(60), 10)?, []);
        assert_eq!(deliveries::find(tx, later)?.expect("it").created_at, at(61));
        Ok(())
    });
}

#[test]
fn a_lease_runs_out_by_itself_or_with_its_process() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        let id = deliveries::insert(tx, &outgoing(1), b"x", at(0))?;
        let mut machine = Delivery::new(at(0));
        machine
            .lease(at(10), Duration::from_millis(100))
            .expect("due");
        deliveries::update(tx, id, &machine)?;
        assert_eq!(deliveries::due(tx, SubscriptionId(1), at(109), 1)?, []);
        assert_eq!(deliveries::due(tx, SubscriptionId(1), at(110), 1)?.len(), 1);
        assert_eq!(deliveries::next_due_after(tx, at(10))?, Some(at(110)));
        assert!(!deliveries::is_due(tx, at(11))?);

        assert_eq!(deliveries::end_leases(tx, at(20))?, 1);
        assert_eq!(deliveries::due(tx, SubscriptionId(1), at(20), 1)?.len(), 1);
        Ok(())
    });
}

#[test]
fn a_subscriber_that_is_gone_leaves_nothing_open() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        let id = deliveries::insert(tx, &outgoing(1), b"x", at(0))?;
        let other = deliveries::insert(tx, &outgoing(2), b"y", at(0))?;
        assert_eq!(deliveries::give_up_all(tx, SubscriptionId(1), at(3))?, 1);
        let state = deliveries::find(tx, id)?.expect("it").machine.state;
        assert_eq!(state, DeliveryState::GivenUp { at: at(3) });
        assert!(!deliveries::find(tx, other)?.expect("it").machine.is_over());
        Ok(())
    });
}

#[test]
fn listings_filter_and_turn_pages() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        let ids: Vec<DeliveryId> = (0..5)
            .map(|n| deliveries::insert(tx, &outgoing(n % 2), b"x", at(n)))
            .collect::<Result<_, _>>()?;
        let filter = DeliveryFilter {
            subscription: Some(SubscriptionId(0)),
            state: Some(StateWord::Due),
            before: Some(ids[4]),
            call: outgoing(0).call,
            message: None,
            number: Some(number()),
        };
        let found: Vec<DeliveryId> = deliveries::list(tx, &filter, 10)?
            .iter()
            .map(|row| row.id)
            .collect();
        assert_eq!(found, [ids[2], ids[0]]);
        Ok(())
    });
}

#[test]
fn attempts_are_kept_and_go_with_their_delivery() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        let id = deliveries::insert(tx, &outgoing(1), b"x", at(0))?;
        let kept = deliveries::insert(tx, &outgoing(1), b"y", at(0))?;
        let attempt = Attempt {
            delivery: id,
            url: "http://127.0.0.1/".to_owned(),
            started_at: at(1),
            took_ms: 12,
            status: Some(500),
            error: None,
            answer: Some("oh".to_owned()),
        };
        attempts::append(tx, &attempt)?;
        assert_eq!(attempts::list(tx, id)?, [attempt]);

        let mut machine = Delivery::new(at(0));
        machine.state = DeliveryState::GivenUp { at: at(9) };
        deliveries::update(tx, id, &machine)?;
        assert_eq!(deliveries::prune(tx, 1, 10)?, 1);
        assert_eq!(deliveries::find(tx, id)?, None);
        assert_eq!(deliveries::body(tx, id)?, None);
        assert_eq!(attempts::list(tx, id)?, []);
        assert!(deliveries::find(tx, kept)?.is_some());
        Ok(())
    });
}

pub(super) fn outgoing(subscription: u64) -> Outgoing {
    Outgoing {
        subscription: SubscriptionId(subscription),
        app: app(1),
        number: number(),
        call: Some("wacid.1".parse().expect("an id")),
        message: None,
        event: "connect".to_owned(),
    }
}
