//! A kind of fault as a column holds it: JSON, held to the rules' own types by the compiler.

use std::time::Duration;

use rules::call::EndReason;
use rules::fault::{Fault, Party, Sending, Toward, When};
use rules::message::Failure;
use serde::{Deserialize, Serialize};
use types::Direction;

use crate::StoreError;

/// The column's text.
pub(super) fn write(fault: &Fault) -> Result<String, StoreError> {
    serde_json::to_string(&Written { fault }).map_err(unreadable)
}

/// The fault that a column's text holds.
pub(super) fn read(text: &str) -> Result<Fault, StoreError> {
    let column: Column = serde_json::from_str(text).map_err(unreadable)?;
    Ok(column.fault)
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::State {
        column: "fault.kind",
        reason: error.to_string(),
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Written<'a> {
    #[serde(serialize_with = "FaultDef::serialize")]
    fault: &'a Fault,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Column {
    #[serde(with = "FaultDef")]
    fault: Fault,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Fault", tag = "kind", rename_all = "snake_case")]
enum FaultDef {
    RefuseApi {
        code: u32,
    },
    DropWebhook,
    DelayWebhook {
        #[serde(with = "time")]
        by: Duration,
    },
    DoubleWebhook,
    ReorderWebhooks {
        behind: Option<String>,
    },
    WebhookBeforeResponse,
    RingFor {
        #[serde(with = "time")]
        time: Duration,
    },
    FailCall {
        #[serde(with = "word")]
        reason: EndReason,
        #[serde(with = "WhenDef")]
        when: When,
    },
    FailMessage {
        #[serde(with = "failure_word")]
        failure: Failure,
        #[serde(with = "SendingDef")]
        when: Sending,
    },
    PaymentMissing,
    RestrictAccount {
        #[serde(with = "optional_word")]
        direction: Option<Direction>,
        #[serde(with = "optional_time")]
        time: Option<Duration>,
    },
    RevokePermission {
        #[serde(with = "WhenDef")]
        when: When,
    },
    NoMedia,
    OneWayAudio {
        #[serde(with = "PartyDef")]
        silent: Party,
    },
    Network {
        #[serde(with = "PartyDef")]
        leg: Party,
        #[serde(with = "TowardDef")]
        toward: Toward,
        loss_permille: u32,
        #[serde(with = "time")]
        delay: Duration,
        #[serde(with = "time")]
        jitter: Duration,
    },
    IceBlackhole {
        #[serde(with = "PartyDef")]
        leg: Party,
    },
    AssumeMedia {
        #[serde(with = "PartyDef")]
        leg: Party,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "When", rename_all = "snake_case")]
enum WhenDef {
    BeforeCall,
    BeforeRinging,
    WhileRinging,
    AfterPickup,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Sending", rename_all = "snake_case")]
enum SendingDef {
    Before,
    After,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Party", rename_all = "snake_case")]
enum PartyDef {
    User,
    Business,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Toward", rename_all = "snake_case")]
enum TowardDef {
    Exchange,
    Party,
    Both,
}

/// Milliseconds.
mod time {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}

/// Milliseconds, or none.
mod optional_time {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        time: &Option<Duration>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
            .serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(from)?.map(Duration::from_millis))
    }
}

/// The word of a failure.
mod failure_word {
    use rules::message::Failure;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(failure: &Failure, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(failure.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Failure, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// A value that has a word.
mod word {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<T: Display, S: Serializer>(
        value: &T,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// A value that has a word, or none.
mod optional_word {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(T::to_string).serialize(to)
    }

    pub(super) fn deserialize<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        Option::<String>::deserialize(from)?
            .map(|word| word.parse().map_err(D::Error::custom))
            .transpose()
    }
}
