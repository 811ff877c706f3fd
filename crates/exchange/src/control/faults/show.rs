//! A fault of the rules as the control API shows it.

use std::time::Duration;

use rules::fault::{Armed, DRAWS, Fault, Operation, Party, Sending, Times, Toward, When};

use super::wish::{self, Kind, Moment, NewFault, Way, Who};
use crate::notices;

impl From<&Armed> for NewFault {
    fn from(armed: &Armed) -> Self {
        let shown = Self {
            times: times(armed.times),
            seed: Some(armed.seed),
            phone_number_id: armed.filter.number.clone(),
            wa_id: armed.filter.wa_id.clone(),
            operation: armed
                .filter
                .operation
                .map(|operation| Operation::as_str(operation).to_owned()),
            event: armed.filter.event.clone(),
            direction: armed.filter.direction,
            ..plain(kind(&armed.fault))
        };
        with_its_keys(shown, &armed.fault)
    }
}

/// Adds the keys that belong to the kind.
fn with_its_keys(shown: NewFault, fault: &Fault) -> NewFault {
    match fault {
        Fault::DropWebhook
        | Fault::DoubleWebhook
        | Fault::WebhookBeforeResponse
        | Fault::PaymentMissing
        | Fault::NoMedia => shown,
        Fault::RefuseApi { code } => NewFault {
            code: Some(*code),
            ..shown
        },
        Fault::DelayWebhook { by } => NewFault {
            by_ms: Some(ms(*by)),
            ..shown
        },
        Fault::ReorderWebhooks { behind } => NewFault {
            behind: behind.clone(),
            ..shown
        },
        Fault::RingFor { time } => NewFault {
            ms: Some(ms(*time)),
            ..shown
        },
        Fault::FailCall { reason, when } => NewFault {
            code: reason.fault().map(|fault| notices::code(fault).code()),
            when: Some(moment(*when)),
            ..shown
        },
        Fault::FailMessage { failure, when } => NewFault {
            code: Some(notices::messages::code(*failure).code()),
            when: Some(match when {
                Sending::Before => Moment::BeforeSent,
                Sending::After => Moment::AfterSent,
            }),
            ..shown
        },
        Fault::RestrictAccount { direction, time } => NewFault {
            calls: *direction,
            for_ms: time.map(ms),
            ..shown
        },
        Fault::RevokePermission { when } => NewFault {
            when: Some(moment(*when)),
            ..shown
        },
        Fault::OneWayAudio { silent } => NewFault {
            silent: Some(who(*silent)),
            ..shown
        },
        Fault::Network {
            leg,
            toward,
            loss_permille,
            delay,
            jitter,
        } => NewFault {
            leg: Some(who(*leg)),
            toward: Some(way(*toward)),
            loss_percent: Some(f64::from(*loss_permille) / 10.0),
            delay_ms: Some(ms(*delay)),
            jitter_ms: Some(ms(*jitter)),
            ..shown
        },
        Fault::IceBlackhole { leg } | Fault::AssumeMedia { leg } => NewFault {
            leg: Some(who(*leg)),
            ..shown
        },
    }
}

const fn kind(fault: &Fault) -> Kind {
    match fault {
        Fault::RefuseApi { .. } => Kind::RefuseApi,
        Fault::DropWebhook => Kind::DropWebhook,
        Fault::DelayWebhook { .. } => Kind::DelayWebhook,
        Fault::DoubleWebhook => Kind::DoubleWebhook,
        Fault::ReorderWebhooks { .. } => Kind::ReorderWebhooks,
        Fault::WebhookBeforeResponse => Kind::WebhookBeforeResponse,
        Fault::RingFor { .. } => Kind::RingFor,
        Fault::FailCall { .. } => Kind::FailCall,
        Fault::FailMessage { .. } => Kind::FailMessage,
        Fault::PaymentMissing => Kind::PaymentMissing,
        Fault::RestrictAccount { .. } => Kind::RestrictAccount,
        Fault::RevokePermission { .. } => Kind::RevokePermission,
        Fault::NoMedia => Kind::NoMedia,
        Fault::OneWayAudio { .. } => Kind::OneWayAudio,
        Fault::Network { .. } => Kind::Network,
        Fault::IceBlackhole { .. } => Kind::IceBlackhole,
        Fault::AssumeMedia { .. } => Kind::AssumeMedia,
    }
}

const fn plain(kind: Kind) -> NewFault {
    NewFault {
        kind,
        code: None,
        by_ms: None,
        behind: None,
        ms: None,
        when: None,
        calls: None,
        for_ms: None,
        silent: None,
        leg: None,
        toward: None,
        loss_percent: None,
        delay_ms: None,
        jitter_ms: None,
        times: wish::Times {
            always: None,
            next: None,
            probability: None,
        },
        seed: None,
        phone_number_id: None,
        wa_id: None,
        operation: None,
        event: None,
        direction: None,
    }
}

fn times(times: Times) -> wish::Times {
    let (always, next, probability) = match times {
        Times::Always => (Some(true), None, None),
        Times::Next(count) => (None, Some(count), None),
        Times::Permille(chance) => (None, None, Some(f64::from(chance) / f64::from(DRAWS))),
    };
    wish::Times {
        always,
        next,
        probability,
    }
}

const fn moment(when: When) -> Moment {
    match when {
        When::BeforeCall => Moment::BeforeCall,
        When::BeforeRinging => Moment::BeforeRinging,
        When::WhileRinging => Moment::WhileRinging,
        When::AfterPickup => Moment::AfterPickup,
    }
}

const fn who(party: Party) -> Who {
    match party {
        Party::User => Who::User,
        Party::Business => Who::Business,
    }
}

const fn way(toward: Toward) -> Way {
    match toward {
        Toward::Exchange => Way::Exchange,
        Toward::Party => Way::Party,
        Toward::Both => Way::Both,
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
