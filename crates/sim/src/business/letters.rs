//! What a business hears of its messages, in whatever order it comes.

use serde_json::Value;
use types::MessageId;

use super::Business;
use crate::law::Broken;
use crate::law::letters::Fate;

/// What a business has heard of a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    sent: bool,
    delivered: bool,
    read: bool,
    failed: Option<u32>,
}

impl Business {
    pub(super) fn read_status(&mut self, status: &Value) -> Result<(), Broken> {
        let id = status["id"].as_str().unwrap_or_default();
        let id: MessageId = id
            .parse()
            .map_err(|error| format!("a status of the message {id:?}: {error}"))?;
        let heard = self.letters.entry(id).or_default();
        match status["status"].as_str() {
            Some("sent") => heard.sent = true,
            Some("delivered") => heard.delivered = true,
            Some("read") => heard.read = true,
            Some("failed") => {
                let code = status.pointer("/errors/0/code").and_then(Value::as_u64);
                let code = code.and_then(|code| u32::try_from(code).ok());
                let code = code.ok_or("a message has failed without a code")?;
                if heard.failed.is_some_and(|before| before != code) {
                    return Err("a message has failed with two codes".to_owned());
                }
                heard.failed = Some(code);
            }
            other => return Err(format!("a message has the status {other:?}")),
        }
        let arrived = heard.delivered || heard.read;
        if heard.failed.is_some() && arrived {
            return Err("a business heard that a message arrived and that it failed".to_owned());
        }
        Ok(())
    }
}

impl Heard {
    /// Whether one who has heard everything has heard this of a message that came so far.
    pub(crate) fn is_all_of(self, fate: Fate) -> bool {
        let told = |sent, delivered, read, failed| Self {
            sent,
            delivered,
            read,
            failed,
        };
        self == match fate {
            // Nobody is told of a message that was dropped.
            Fate::Waits | Fate::Dropped => told(true, false, false, None),
            Fate::Delivered => told(true, true, false, None),
            Fate::Read => told(true, true, true, None),
            Fate::Failed(code) => told(false, false, false, Some(code)),
        }
    }
}
