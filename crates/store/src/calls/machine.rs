//! The state of `rules::call` as a column holds it: JSON, held to the machine's own types by the
//! compiler, for `rules` itself knows of no format.

use rules::call::{
    AtTheBusiness, AtTheUser, BusinessInitiatedState, BusinessLeg, EarlyLeg, EndReason, Ending,
    PreAccepted, SdpDigest, State, Talk, UserInitiatedState, UserLeg,
};
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::StoreError;
use crate::json::{moment, optional_moment};

/// The column's text.
pub(super) fn write(state: State) -> Result<String, StoreError> {
    serde_json::to_string(&Column { state }).map_err(unreadable)
}

/// The state that a column's text holds.
pub(super) fn read(text: &str) -> Result<State, StoreError> {
    let column: Column = serde_json::from_str(text).map_err(unreadable)?;
    Ok(column.state)
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::State {
        column: "call.machine",
        reason: error.to_string(),
    }
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Column {
    #[serde(with = "StateDef")]
    state: State,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "State", rename_all = "snake_case")]
enum StateDef {
    UserInitiated(#[serde(with = "UserInitiatedStateDef")] UserInitiatedState),
    BusinessInitiated(#[serde(with = "BusinessInitiatedStateDef")] BusinessInitiatedState),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "UserInitiatedState", rename_all = "snake_case")]
enum UserInitiatedStateDef {
    Ringing(#[serde(with = "AtTheBusinessDef")] AtTheBusiness),
    PreAccepted(#[serde(with = "PreAcceptedDef")] PreAccepted),
    Answered(#[serde(with = "TalkDef")] Talk),
    Ended(#[serde(with = "EndingDef")] Ending),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "BusinessInitiatedState", rename_all = "snake_case")]
enum BusinessInitiatedStateDef {
    Ringing(#[serde(with = "AtTheUserDef")] AtTheUser),
    Answered(#[serde(with = "TalkDef")] Talk),
    Ended(#[serde(with = "EndingDef")] Ending),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AtTheBusiness")]
struct AtTheBusinessDef {
    #[serde(with = "moment")]
    accept_by: Timestamp,
    user_leg_up: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PreAccepted")]
struct PreAcceptedDef {
    #[serde(with = "moment")]
    accept_by: Timestamp,
    user_leg_up: bool,
    #[serde(with = "EarlyLegDef")]
    business: EarlyLeg,
    #[serde(with = "digest")]
    answer: SdpDigest,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AtTheUser")]
struct AtTheUserDef {
    #[serde(with = "moment")]
    pick_up_by: Timestamp,
    rings: bool,
    #[serde(with = "EarlyLegDef")]
    business: EarlyLeg,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Talk")]
struct TalkDef {
    #[serde(with = "moment")]
    since: Timestamp,
    #[serde(with = "UserLegDef")]
    user: UserLeg,
    #[serde(with = "BusinessLegDef")]
    business: BusinessLeg,
    #[serde(default)]
    heard: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "UserLeg", rename_all = "snake_case")]
enum UserLegDef {
    Down {
        #[serde(with = "moment")]
        up_by: Timestamp,
    },
    Up,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "BusinessLeg", rename_all = "snake_case")]
enum BusinessLegDef {
    Down {
        #[serde(with = "moment")]
        up_by: Timestamp,
        #[serde(with = "moment")]
        media_by: Timestamp,
    },
    Silent {
        #[serde(with = "moment")]
        media_by: Timestamp,
    },
    Sending,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "EarlyLeg", rename_all = "snake_case")]
enum EarlyLegDef {
    Down,
    Up,
    Sending,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Ending")]
struct EndingDef {
    #[serde(with = "reason")]
    reason: EndReason,
    #[serde(with = "optional_moment")]
    started: Option<Timestamp>,
    #[serde(with = "moment")]
    ended: Timestamp,
}

mod reason {
    use rules::call::EndReason;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(reason: &EndReason, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(reason.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<EndReason, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

mod digest {
    use std::fmt::Write;

    use rules::call::SdpDigest;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(digest: &SdpDigest, to: S) -> Result<S::Ok, S::Error> {
        let mut hex = String::with_capacity(2 * digest.0.len());
        for byte in digest.0 {
            write!(hex, "{byte:02x}").map_err(serde::ser::Error::custom)?;
        }
        to.serialize_str(&hex)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SdpDigest, D::Error> {
        let hex = String::deserialize(from)?;
        let mut digest = [0; 32];
        if hex.len() != 2 * digest.len() || !hex.is_ascii() {
            return Err(D::Error::custom("a digest has 64 hexadecimal digits"));
        }
        for (byte, at) in digest.iter_mut().zip((0..hex.len()).step_by(2)) {
            *byte = u8::from_str_radix(&hex[at..at + 2], 16).map_err(D::Error::custom)?;
        }
        Ok(SdpDigest(digest))
    }
}
