//! Every fault comes back as it was armed, and webhooks are held back and let go.

use std::time::Duration;

use rules::call::EndReason;
use rules::fault::{Armed, Fault, Filter, Operation, Party, Sending, Times, Toward, When};
use rules::message::Failure;
use types::{CallId, DeliveryId, Direction, FaultId, SubscriptionId};

use super::*;
use crate::deliveries::{self, Outgoing};
use crate::faults::{self, FaultRow};

fn every_fault() -> Vec<Fault> {
    let time = Duration::from_millis(1_500);
    let mut faults = vec![
        Fault::RefuseApi { code: 138_014 },
        Fault::DropWebhook,
        Fault::DelayWebhook { by: time },
        Fault::DoubleWebhook,
        Fault::ReorderWebhooks { behind: None },
        Fault::ReorderWebhooks {
            behind: Some("terminate".to_owned()),
        },
        Fault::WebhookBeforeResponse,
        Fault::RingFor { time },
        Fault::PaymentMissing,
        Fault::RestrictAccount {
            direction: Some(Direction::UserInitiated),
            time: Some(time),
        },
        Fault::RestrictAccount {
            direction: None,
            time: None,
        },
        Fault::NoMedia,
    ];
    for when in When::ALL {
        let reason = EndReason::UserSetUpFailed;
        faults.push(Fault::FailCall { reason, when });
        faults.push(Fault::RevokePermission { when });
    }
    for failure in Failure::ALL.iter().copied() {
        for when in [Sending::Before, Sending::After] {
            faults.push(Fault::FailMessage { failure, when });
        }
    }
    for party in [Party::User, Party::Business] {
        faults.push(Fault::OneWayAudio { silent: party });
        faults.push(Fault::IceBlackhole { leg: party });
        faults.push(Fault::AssumeMedia { leg: party });
        for toward in [Toward::Exchange, Toward::Party, Toward::Both] {
            faults.push(Fault::Network {
                leg: party,
                toward,
                loss_permille: 125,
                delay: time,
                jitter: Duration::ZERO,
            });
        }
    }
    faults
}

fn filters() -> [Filter; 2] {
    [
        Filter::default(),
        Filter {
            number: Some(number()),
            wa_id: Some(wa_id()),
            operation: Some(Operation::PhoneNumbers),
            event: Some("status.RINGING".to_owned()),
            direction: Some(Direction::BusinessInitiated),
        },
    ]
}

#[test]
fn every_fault_comes_back() {
    let mut store = store();
    for fault in every_fault() {
        for filter in filters() {
            for times in [Times::Always, Times::Next(u32::MAX), Times::Permille(1)] {
                let armed = Armed {
                    fault: fault.clone(),
                    filter: filter.clone(),
                    times,
                    seed: u64::MAX,
                    met: 0,
                    fired: 0,
                };
                let met = Armed {
                    met: 9,
                    fired: 4,
                    ..armed.clone()
                };
                in_tx(&mut store, |tx| {
                    let id = faults::insert(tx, &armed, at(5))?;
                    let mut row = FaultRow {
                        id,
                        armed,
                        armed_at: at(5),
                    };
                    assert_eq!(faults::find(tx, id)?.as_ref(), Some(&row));
                    row.armed = met;
                    faults::update(tx, &row)?;
                    assert_eq!(faults::list(tx)?, [row]);
                    assert!(faults::remove(tx, id)? && !faults::remove(tx, id)?);
                    assert_eq!(faults::count(tx)?, 0);
                    Ok(())
                });
            }
        }
    }
}

#[test]
fn a_spent_fault_is_kept_and_asked_no_more() {
    let mut store = store();
    in_tx(&mut store, |tx| {
        let armed = Armed {
            fault: Fault::DropWebhook,
            filter: Filter::default(),
            times: Times::Next(1),
            seed: 7,
            met: 0,
            fired: 0,
        };
        let id = faults::insert(tx, &armed, at(1))?;
        assert!(faults::any_live(tx)?);
        let mut row = faults::live(tx)?.remove(0);
        row.armed.fired = 1;
        faults::update(tx, &row)?;
        assert!(!faults::any_live(tx)? && faults::live(tx)?.is_empty());
        assert_eq!(faults::find(tx, id)?, Some(row));
        assert_eq!(faults::find(tx, FaultId(99))?, None);
        Ok(())
    });
}

#[test]
fn a_held_webhook_goes_behind_the_one_that_it_waits_for() {
    let mut store = store();
    let call: CallId = "wacid.A".parse().expect("an id");
    let other: CallId = "wacid.B".parse().expect("an id");
    let subscription = SubscriptionId(1);
    let added = |tx: &mut Tx, event: &str| -> Result<DeliveryId, StoreError> {
        let notice = Outgoing {
            subscription,
            app: app(1),
            number: number(),
            call: Some(call.clone()),
            message: None,
            event: event.to_owned(),
        };
        deliveries::insert(tx, &notice, b"{}", at(0))
    };
    in_tx(&mut store, |tx| {
        let connect = added(tx, "connect")?;
        let mut row = deliveries::find(tx, connect)?.expect("it");
        row.machine.state = rules::delivery::DeliveryState::Due { at: at(600_000) };
        deliveries::update(tx, connect, &row.machine)?;
        faults::hold(tx, connect, subscription, &call, Some("terminate"))?;
        let (ringing, terminate) = (added(tx, "status.RINGING")?, added(tx, "terminate")?);

        let mut release = |gone, subscription, call, event| {
            faults::release(tx, gone, subscription, call, event, at(9))
        };
        assert_eq!(release(ringing, subscription, &call, "status.RINGING")?, []);
        assert_eq!(
            release(terminate, SubscriptionId(2), &call, "terminate")?,
            []
        );
        assert_eq!(release(terminate, subscription, &other, "terminate")?, []);
        assert_eq!(release(connect, subscription, &call, "terminate")?, []);
        let gone = release(terminate, subscription, &call, "terminate")?;
        assert_eq!(gone, [connect]);
        assert_eq!(release(terminate, subscription, &call, "terminate")?, []);
        let row = deliveries::find(tx, connect)?.expect("it");
        assert_eq!(row.machine.poll_timeout(), Some(at(9)));
        Ok(())
    });
}
