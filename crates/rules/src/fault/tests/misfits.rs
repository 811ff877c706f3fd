//! What cannot be armed, and what is said of it.

use super::*;

fn refused(fault: Fault, filter: Filter, times: Times) -> Misfit {
    Armed::new(fault, filter, times, 7).expect_err("parts that do not go together")
}

#[test]
fn a_filter_on_what_the_fault_never_sees_is_refused() {
    let operation = |operation| Filter {
        operation: Some(operation),
        ..Filter::default()
    };
    let event = Filter {
        event: Some("connect".to_owned()),
        ..Filter::default()
    };
    let direction = |direction| Filter {
        direction: Some(direction),
        ..Filter::default()
    };
    let user = Filter {
        wa_id: Some(user()),
        ..operation(Operation::Settings)
    };
    let refuse = Fault::RefuseApi { code: 131_000 };
    for (fault, filter, misfit) in [
        (
            Fault::DropWebhook,
            operation(Operation::Connect),
            Misfit::Operation,
        ),
        (
            Fault::PaymentMissing,
            operation(Operation::Settings),
            Misfit::Operation,
        ),
        (
            Fault::FailMessage {
                failure: Failure::AccountLocked,
                when: Sending::After,
            },
            operation(Operation::Messages),
            Misfit::Operation,
        ),
        (refuse.clone(), event.clone(), Misfit::Event),
        (Fault::NoMedia, event, Misfit::Event),
        (
            refuse.clone(),
            direction(Direction::UserInitiated),
            Misfit::Direction,
        ),
        (
            Fault::WebhookBeforeResponse,
            direction(Direction::UserInitiated),
            Misfit::Direction,
        ),
        (refuse, user, Misfit::User),
    ] {
        assert_eq!(
            refused(fault.clone(), filter, Times::Always),
            misfit,
            "{fault:?}"
        );
    }
    let reply = direction(Direction::BusinessInitiated);
    assert!(Armed::new(Fault::WebhookBeforeResponse, reply, Times::Always, 7).is_ok());
}

#[test]
fn numbers_beyond_their_bounds_are_refused() {
    let none = Filter::default;
    let network = |loss_permille, delay_ms, jitter_ms| Fault::Network {
        leg: Party::User,
        toward: Toward::Both,
        loss_permille,
        delay: Duration::from_millis(delay_ms),
        jitter: Duration::from_millis(jitter_ms),
    };
    let ring = |time| Fault::RingFor { time };
    let fail = |reason, when| Fault::FailCall { reason, when };
    for (fault, misfit) in [
        (network(1_001, 0, 0), Misfit::Loss),
        (network(0, 0, 0), Misfit::FineNetwork),
        (network(0, 10_001, 0), Misfit::Delay),
        (network(0, 0, 10_001), Misfit::Delay),
        (ring(Duration::ZERO), Misfit::Ring),
        (ring(Duration::from_secs(601)), Misfit::Ring),
        (Fault::DelayWebhook { by: Duration::ZERO }, Misfit::Time),
        (
            fail(EndReason::UserSetUpFailed, When::BeforeCall),
            Misfit::FailsBeforeCall,
        ),
        (
            fail(EndReason::UserHungUp, When::AfterPickup),
            Misfit::NoError,
        ),
        (
            Fault::FailMessage {
                failure: Failure::WindowClosed,
                when: Sending::After,
            },
            Misfit::OwnCause,
        ),
    ] {
        assert_eq!(
            refused(fault.clone(), none(), Times::Always),
            misfit,
            "{fault:?}"
        );
    }
    assert_eq!(
        refused(Fault::NoMedia, none(), Times::Next(0)),
        Misfit::NoTimes
    );
    assert_eq!(
        refused(Fault::NoMedia, none(), Times::Permille(0)),
        Misfit::NoTimes
    );
    assert_eq!(
        refused(Fault::NoMedia, none(), Times::Permille(1_001)),
        Misfit::Chance
    );
}

#[test]
fn a_misfit_says_what_to_do() {
    for misfit in [
        Misfit::Operation,
        Misfit::Event,
        Misfit::Direction,
        Misfit::User,
        Misfit::NoTimes,
        Misfit::Chance,
        Misfit::FailsBeforeCall,
        Misfit::NoError,
        Misfit::OwnCause,
        Misfit::Loss,
        Misfit::FineNetwork,
        Misfit::Delay,
        Misfit::Ring,
        Misfit::Time,
    ] {
        let text = misfit.to_string();
        assert!(text.ends_with('.') && text.len() > 20, "{text}");
    }
}
