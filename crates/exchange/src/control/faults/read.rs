//! From what was asked for to a fault of the rules, with a sentence for what does not fit.

use std::time::Duration;

use rules::call::EndReason;
use rules::fault::{Armed, DRAWS, Fault, Filter, Operation, Party, Sending, Times, Toward, When};
use rules::message::Failure;
use serde_json::Value;
use types::limits::FAULT_EVENT_BYTES_MAX;
use wire::ErrorCode;

use super::wish::{self, Kind, Moment, NewFault, Way, Who};
use crate::control::error::{ControlError, ControlErrorCode as Code};
use crate::notices;

/// What was asked for, read.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) fault: Fault,
    pub(super) filter: Filter,
    pub(super) times: Times,
    pub(super) seed: Option<u64>,
}

/// Reads a wish.
pub(super) fn read(wish: &NewFault) -> Result<Wanted, ControlError> {
    let wanted = Wanted {
        fault: fault(wish)?,
        filter: filter(wish)?,
        times: times(&wish.times)?,
        seed: wish.seed,
    };
    no_key_is_idle(wish, &wanted)?;
    Ok(wanted)
}

fn fault(wish: &NewFault) -> Result<Fault, ControlError> {
    let needs = |key| misfit(format!("`{}` needs `{key}`.", word(wish.kind)));
    let ms = Duration::from_millis;
    Ok(match wish.kind {
        Kind::RefuseApi => Fault::RefuseApi {
            code: known(wish.code.ok_or_else(|| needs("code"))?)?,
        },
        Kind::DropWebhook => Fault::DropWebhook,
        Kind::DelayWebhook => Fault::DelayWebhook {
            by: ms(wish.by_ms.ok_or_else(|| needs("by_ms"))?),
        },
        Kind::DoubleWebhook => Fault::DoubleWebhook,
        Kind::ReorderWebhooks => Fault::ReorderWebhooks {
            behind: wish.behind.clone().map(event).transpose()?,
        },
        Kind::WebhookBeforeResponse => Fault::WebhookBeforeResponse,
        Kind::RingFor => Fault::RingFor {
            time: ms(wish.ms.ok_or_else(|| needs("ms"))?),
        },
        Kind::FailCall => Fault::FailCall {
            reason: reason(wish.code.ok_or_else(|| needs("code"))?)?,
            when: moment(wish)?,
        },
        Kind::FailMessage => Fault::FailMessage {
            failure: failure(wish.code.ok_or_else(|| needs("code"))?)?,
            when: sending(wish)?,
        },
        Kind::PaymentMissing => Fault::PaymentMissing,
        Kind::RestrictAccount => Fault::RestrictAccount {
            direction: wish.calls,
            time: wish.for_ms.map(ms),
        },
        Kind::RevokePermission => Fault::RevokePermission {
            when: moment(wish)?,
        },
        Kind::NoMedia => Fault::NoMedia,
        Kind::OneWayAudio => Fault::OneWayAudio {
            silent: party(wish.silent.ok_or_else(|| needs("silent"))?),
        },
        Kind::Network => Fault::Network {
            leg: party(wish.leg.ok_or_else(|| needs("leg"))?),
            toward: match wish.toward {
                Some(Way::Exchange) => Toward::Exchange,
                Some(Way::Party) => Toward::Party,
                Some(Way::Both) | None => Toward::Both,
            },
            loss_permille: wish
                .loss_percent
                .map(|percent| permille("loss_percent", percent / 100.0))
                .transpose()?
                .unwrap_or(0),
            delay: ms(wish.delay_ms.unwrap_or(0)),
            jitter: ms(wish.jitter_ms.unwrap_or(0)),
        },
        Kind::IceBlackhole => Fault::IceBlackhole {
            leg: party(wish.leg.ok_or_else(|| needs("leg"))?),
        },
        Kind::AssumeMedia => Fault::AssumeMedia {
            leg: party(wish.leg.ok_or_else(|| needs("leg"))?),
        },
    })
}

fn filter(wish: &NewFault) -> Result<Filter, ControlError> {
    let operation = match wish.operation.as_deref() {
        None | Some("any") => None,
        Some(word) => Some(Operation::from_word(word).ok_or_else(|| {
            let words = Operation::ALL.map(Operation::as_str).join(", ");
            misfit(format!("`operation` is one of any, {words}."))
        })?),
    };
    let usual = (wish.kind == Kind::ReorderWebhooks).then(|| "connect".to_owned());
    Ok(Filter {
        number: wish.phone_number_id.clone(),
        wa_id: wish.wa_id.clone(),
        operation,
        event: wish.event.clone().or(usual).map(event).transpose()?,
        direction: wish.direction,
    })
}

fn times(times: &wish::Times) -> Result<Times, ControlError> {
    match (times.always, times.next, times.probability) {
        (Some(true), None, None) => Ok(Times::Always),
        (None, Some(count), None) => Ok(Times::Next(count)),
        (None, None, Some(chance)) => permille("times.probability", chance).map(Times::Permille),
        _ => Err(misfit(
            "`times` is exactly one of {\"always\":true}, {\"next\":2} and {\"probability\":0.2}."
                .to_owned(),
        )),
    }
}

/// Keys that were given and left no trace mean nothing to this kind of fault.
fn no_key_is_idle(wish: &NewFault, wanted: &Wanted) -> Result<(), ControlError> {
    let read = Armed {
        fault: wanted.fault.clone(),
        filter: wanted.filter.clone(),
        times: wanted.times,
        seed: wanted.seed.unwrap_or(0),
        met: 0,
        fired: 0,
    };
    let keys = |wish: &NewFault| match serde_json::to_value(wish) {
        Ok(Value::Object(keys)) => keys,
        _ => serde_json::Map::new(),
    };
    let read = keys(&NewFault::from(&read));
    let given = keys(wish);
    let idle = given
        .keys()
        .find(|key| !read.contains_key(*key) && *key != "operation");
    match idle {
        Some(key) => Err(misfit(format!(
            "`{key}` means nothing to `{}`. Leave it out.",
            word(wish.kind)
        ))),
        None => Ok(()),
    }
}

fn known(code: u32) -> Result<u32, ControlError> {
    ErrorCode::from_code(code)
        .map(ErrorCode::code)
        .ok_or_else(|| {
            misfit(format!(
                "There is no error code {code}. docs/errors lists the table."
            ))
        })
}

/// The end of a call that carries this code: the first, where several do.
fn reason(code: u32) -> Result<EndReason, ControlError> {
    let codes = || {
        EndReason::ALL
            .into_iter()
            .filter_map(|reason| Some((reason, notices::code(reason.fault()?).code())))
    };
    let found = codes().find(|(_, known)| *known == code);
    found.map(|(reason, _)| reason).ok_or_else(|| {
        let mut known: Vec<u32> = codes().map(|(_, code)| code).collect();
        known.sort_unstable();
        known.dedup();
        let known: Vec<String> = known.iter().map(u32::to_string).collect();
        misfit(format!(
            "No call ends with {code}. `code` is one of {}.",
            known.join(", ")
        ))
    })
}

/// The failure of a message that carries this code and can have its cause outside.
fn failure(code: u32) -> Result<Failure, ControlError> {
    let codes = || {
        let outside = Failure::ALL.iter().filter(|it| it.outside().is_some());
        outside.map(|it| (*it, notices::messages::code(*it).code()))
    };
    let found = codes().find(|(_, known)| *known == code);
    found.map(|(failure, _)| failure).ok_or_else(|| {
        let mut known: Vec<u32> = codes().map(|(_, code)| code).collect();
        known.sort_unstable();
        let known: Vec<String> = known.iter().map(u32::to_string).collect();
        let why = if Failure::ALL
            .iter()
            .any(|it| notices::messages::code(*it).code() == code)
        {
            format!(
                "A message fails with {code} by a cause inside of the exchange: bring it about."
            )
        } else {
            format!("No message that was taken fails with {code}.")
        };
        misfit(format!("{why} `code` is one of {}.", known.join(", ")))
    })
}

fn event(name: String) -> Result<String, ControlError> {
    if name.is_empty() || name.len() > FAULT_EVENT_BYTES_MAX {
        return Err(misfit(format!(
            "An event has 1 to {FAULT_EVENT_BYTES_MAX} characters, such as `connect` or `status.RINGING`."
        )));
    }
    Ok(name)
}

/// The moment of a call; after the pickup if none is named.
fn moment(wish: &NewFault) -> Result<When, ControlError> {
    match wish.when {
        Some(Moment::BeforeCall) => Ok(When::BeforeCall),
        Some(Moment::BeforeRinging) => Ok(When::BeforeRinging),
        Some(Moment::WhileRinging) => Ok(When::WhileRinging),
        Some(Moment::AfterPickup) | None => Ok(When::AfterPickup),
        Some(Moment::BeforeSent | Moment::AfterSent) => Err(misfit(format!(
            "`when` of `{}` is before_call, before_ringing, while_ringing or after_pickup.",
            word(wish.kind)
        ))),
    }
}

/// The moment of a message; before it is called sent if none is named.
fn sending(wish: &NewFault) -> Result<Sending, ControlError> {
    match wish.when {
        Some(Moment::BeforeSent) | None => Ok(Sending::Before),
        Some(Moment::AfterSent) => Ok(Sending::After),
        Some(
            Moment::BeforeCall | Moment::BeforeRinging | Moment::WhileRinging | Moment::AfterPickup,
        ) => Err(misfit(
            "`when` of `fail_message` is before_sent or after_sent.".to_owned(),
        )),
    }
}

const fn party(who: Who) -> Party {
    match who {
        Who::User => Party::User,
        Who::Business => Party::Business,
    }
}

/// A share from 0 to 1 in thousandths.
fn permille(key: &str, share: f64) -> Result<u32, ControlError> {
    if !(0.0..=1.0).contains(&share) {
        let most = if key == "loss_percent" { "100" } else { "1" };
        return Err(misfit(format!("`{key}` is from 0 to {most}.")));
    }
    // At most 1000, so that nothing is cut off.
    Ok((share * f64::from(DRAWS)).round() as u32)
}

fn word(kind: Kind) -> String {
    match serde_json::to_value(kind) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn misfit(message: String) -> ControlError {
    ControlError::new(Code::BadBody, message)
}
