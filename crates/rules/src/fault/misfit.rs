//! What cannot be armed: a fault whose parts do not go together.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use types::Direction;
use types::limits::{FAULT_NETWORK_DELAY_MAX, FAULT_RING_MAX, FAULT_TIME_MAX};

use super::{DRAWS, Fault, Filter, Operation, Point, Times, When};

/// Why a fault cannot be armed so. `Display` says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// A filter on an operation, and the fault is not about requests, or not about that one.
    Operation,
    /// A filter on an event, and the fault is not about webhooks.
    Event,
    /// A filter on a direction, and the fault knows none, or never meets that one.
    Direction,
    /// A filter on a user, and the fault knows none.
    User,
    /// It would fire no time at all.
    NoTimes,
    /// A chance above certainty.
    Chance,
    /// Such a call cannot fail before it is placed.
    FailsBeforeCall,
    /// The end has no error, so that it is no failure.
    NoError,
    /// Such a failure always has its own cause.
    OwnCause,
    /// More datagrams are lost than there are.
    Loss,
    /// The network neither loses nor delays anything.
    FineNetwork,
    /// The network delays for longer than anyone would wait.
    Delay,
    /// A phone that rings for no time, or for longer than any rings.
    Ring,
    /// A time of nothing, or beyond all bounds.
    Time,
}

/// Whether the parts of a fault go together.
pub(super) fn check(fault: &Fault, filter: &Filter, times: Times) -> Result<(), Misfit> {
    match times {
        Times::Next(0) | Times::Permille(0) => return Err(Misfit::NoTimes),
        Times::Permille(chance) if chance > DRAWS => return Err(Misfit::Chance),
        Times::Always | Times::Next(_) | Times::Permille(_) => {}
    }
    check_filter(fault, filter)?;
    match fault {
        Fault::DelayWebhook { by } => within(*by, FAULT_TIME_MAX, Misfit::Time),
        Fault::RingFor { time } => within(*time, FAULT_RING_MAX, Misfit::Ring),
        Fault::RestrictAccount {
            time: Some(time), ..
        } => within(*time, FAULT_TIME_MAX, Misfit::Time),
        Fault::FailCall {
            when: When::BeforeCall,
            ..
        } => Err(Misfit::FailsBeforeCall),
        Fault::FailCall { reason, .. } if reason.fault().is_none() => Err(Misfit::NoError),
        Fault::FailMessage { failure, .. } if failure.outside().is_none() => Err(Misfit::OwnCause),
        Fault::Network {
            loss_permille,
            delay,
            jitter,
            ..
        } => {
            if *loss_permille > DRAWS {
                Err(Misfit::Loss)
            } else if *delay > FAULT_NETWORK_DELAY_MAX || *jitter > FAULT_NETWORK_DELAY_MAX {
                Err(Misfit::Delay)
            } else if *loss_permille == 0 && delay.is_zero() && jitter.is_zero() {
                Err(Misfit::FineNetwork)
            } else {
                Ok(())
            }
        }
        Fault::RefuseApi { .. }
        | Fault::DropWebhook
        | Fault::DoubleWebhook
        | Fault::ReorderWebhooks { .. }
        | Fault::WebhookBeforeResponse
        | Fault::FailCall { .. }
        | Fault::FailMessage { .. }
        | Fault::PaymentMissing
        | Fault::RestrictAccount { time: None, .. }
        | Fault::RevokePermission { .. }
        | Fault::NoMedia
        | Fault::OneWayAudio { .. }
        | Fault::IceBlackhole { .. }
        | Fault::AssumeMedia { .. } => Ok(()),
    }
}

fn check_filter(fault: &Fault, filter: &Filter) -> Result<(), Misfit> {
    let bites = |point| fault.bites(point);
    if let Some(operation) = filter.operation
        && !bites(Point::Request(operation))
    {
        return Err(Misfit::Operation);
    }
    if filter.event.is_some() && !bites(Point::Webhook("")) {
        return Err(Misfit::Event);
    }
    if let Some(direction) = filter.direction {
        let reply = direction == Direction::BusinessInitiated && bites(Point::Reply);
        let in_calls = [Point::Placing, Point::Ringing, Point::Answered]
            .into_iter()
            .any(|point| bites(point(direction)));
        if !reply && !in_calls {
            return Err(Misfit::Direction);
        }
    }
    let nobody = filter
        .operation
        .is_some_and(|operation| !names_user(operation));
    if filter.wa_id.is_some() && nobody {
        return Err(Misfit::User);
    }
    Ok(())
}

/// Whether a request for this names a user, by itself or by a call.
const fn names_user(operation: Operation) -> bool {
    match operation {
        Operation::Connect
        | Operation::PreAccept
        | Operation::Accept
        | Operation::Reject
        | Operation::Terminate
        | Operation::Messages
        | Operation::Permissions => true,
        Operation::Settings | Operation::Templates | Operation::PhoneNumbers | Operation::Other => {
            false
        }
    }
}

fn within(time: Duration, most: Duration, misfit: Misfit) -> Result<(), Misfit> {
    if time.is_zero() || time > most {
        Err(misfit)
    } else {
        Ok(())
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Operation => {
                "This kind of fault does not meet that operation. Leave `operation` out, or name one that it meets."
            }
            Self::Event => "Only faults of webhooks can be for one `event`. Leave it out.",
            Self::Direction => {
                "This kind of fault meets no calls of that direction. Leave `direction` out."
            }
            Self::User => "That operation names no user. Leave `wa_id` out.",
            Self::NoTimes => {
                "It would never fire. Say `next` from 1 on, or a `probability` above 0."
            }
            Self::Chance => "A `probability` is at most 1.",
            Self::FailsBeforeCall => {
                "A call that is not placed cannot fail. Use `refuse_api` for the request, or a later `when`."
            }
            Self::NoError => "That end of a call has no error code.",
            Self::OwnCause => {
                "That failure of a message has a cause inside of the exchange: bring it about."
            }
            Self::Loss => "`loss_percent` is at most 100.",
            Self::FineNetwork => {
                "This network is a fine one. Say `loss_percent`, `delay_ms` or `jitter_ms`."
            }
            Self::Delay => "`delay_ms` and `jitter_ms` are at most 10000.",
            Self::Ring => "`ms` is from 1 to 600000: nothing rings for longer than ten minutes.",
            Self::Time => "The time is from 1 ms to 30 days.",
        };
        f.write_str(text)
    }
}

impl Error for Misfit {}
