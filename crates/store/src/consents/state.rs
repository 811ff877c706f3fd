//! The state of `rules::consent` as a column holds it: JSON, held to the ledger's own types by the
//! compiler, for `rules` itself knows of no format.

use rules::consent::{Answer, Grant, Held, Lack, Request, Source, Stage, State};
use serde::{Deserialize, Serialize};
use types::{CallId, MessageId, Timestamp};

use crate::StoreError;
use crate::json::{moment, moments};

/// The column's text.
pub(super) fn write(state: &State) -> Result<String, StoreError> {
    serde_json::to_string(&Written { state }).map_err(unreadable)
}

/// The state that a column's text holds.
pub(super) fn read(text: &str) -> Result<State, StoreError> {
    let column: Column = serde_json::from_str(text).map_err(unreadable)?;
    Ok(column.state)
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::State {
        column: "ledger.state",
        reason: error.to_string(),
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Written<'a> {
    #[serde(with = "StateDef")]
    state: &'a State,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Column {
    #[serde(with = "StateDef")]
    state: State,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "State")]
struct StateDef {
    #[serde(with = "HeldDef")]
    held: Held,
    #[serde(with = "requests")]
    requests: Vec<Request>,
    #[serde(with = "moments")]
    asked: Vec<Timestamp>,
    #[serde(with = "moments")]
    connected: Vec<Timestamp>,
    entries: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Held", rename_all = "snake_case")]
enum HeldDef {
    Nothing(#[serde(with = "LackDef")] Lack),
    Temporary {
        #[serde(with = "moment")]
        until: Timestamp,
        #[serde(with = "GrantDef")]
        grant: Grant,
    },
    Permanent {
        #[serde(with = "GrantDef")]
        grant: Grant,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Grant")]
struct GrantDef {
    #[serde(with = "moment")]
    since: Timestamp,
    #[serde(with = "SourceDef")]
    source: Source,
    calls: u32,
    unanswered: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Source", rename_all = "snake_case")]
enum SourceDef {
    Request(MessageId),
    Call(CallId),
    Profile,
    Operator,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Lack", rename_all = "snake_case")]
enum LackDef {
    Never,
    Asked {
        #[serde(with = "moment")]
        at: Timestamp,
    },
    NotAnswered {
        #[serde(with = "moment")]
        at: Timestamp,
    },
    Declined {
        #[serde(with = "moment")]
        at: Timestamp,
    },
    Lapsed {
        #[serde(with = "moment")]
        at: Timestamp,
    },
    Withdrawn {
        #[serde(with = "moment")]
        at: Timestamp,
    },
    RevokedUnanswered {
        #[serde(with = "moment")]
        at: Timestamp,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Request")]
struct RequestDef {
    id: MessageId,
    #[serde(with = "moment")]
    sent: Timestamp,
    #[serde(with = "moment")]
    until: Timestamp,
    #[serde(with = "StageDef")]
    stage: Stage,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Stage", rename_all = "snake_case")]
enum StageDef {
    Sent,
    Delivered,
    Answered(#[serde(with = "AnswerDef")] Answer),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Answer", rename_all = "snake_case")]
enum AnswerDef {
    Temporary,
    Permanent,
    Decline,
}

mod requests {
    use rules::consent::Request;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::RequestDef;

    pub(super) fn serialize<S: Serializer>(list: &[Request], to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(transparent)]
        struct One<'a>(#[serde(with = "RequestDef")] &'a Request);
        to.collect_seq(list.iter().map(One))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Request>, D::Error> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct One(#[serde(with = "RequestDef")] Request);
        let list = Vec::<One>::deserialize(from)?;
        Ok(list.into_iter().map(|One(request)| request).collect())
    }
}
