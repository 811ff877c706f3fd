//! What people do, through the exchange's commands: the only place that knows them.

mod businesses;
mod dials;
mod messages;
mod operator;
mod requests;
mod settings;
mod templates;
mod users;

use std::time::Duration;

use exchange::{Refused, Turn, door};
use rules::call::SdpDigest;

use crate::platform::{Failed, Fate};
use crate::world::{Todo, World};

impl World {
    /// Runs a command on the exchange, which may die over it.
    pub(crate) fn command<T>(
        &mut self,
        command: impl FnOnce(&mut Turn<'_>) -> Result<T, Refused>,
    ) -> Result<T, Failed> {
        if self.chance.per_mille(self.faults.exchange_dies) {
            let fates = [(1, Fate::BeforeCommit), (1, Fate::BeforeEffects)];
            self.platform.fate = Some(self.chance.weighted(&fates));
        }
        self.story.count("commands");
        self.changed = true;
        let was_up = self.platform.is_up();
        let done = self.platform.run(self.clock(), command);
        self.platform.fate = None;
        self.post_at = Some(self.clock());
        if was_up && let Err(Failed::NoAnswer { saved }) = &done {
            let saved = *saved;
            self.exchange_died(saved);
        }
        done
    }

    fn exchange_died(&mut self, saved: bool) {
        self.story.count("the exchange died");
        self.tell(if saved {
            "the exchange dies between commit and effects"
        } else {
            "the exchange dies before the commit"
        });
        self.legs.clear();
        for user in 0..self.users.len() {
            self.phone_drops(user);
        }
        // What it had under way, and what was on its way to it.
        self.agenda.retain(|what| match what {
            Todo::Leg(..) | Todo::Answer(_) => false,
            Todo::BusinessActs(_)
            | Todo::UserActs(_)
            | Todo::PhoneComes(_)
            | Todo::PhoneGoes(_)
            | Todo::UserDecides(..)
            | Todo::UserHangsUp(..)
            | Todo::UserAnswers(..)
            | Todo::BusinessDecides(..)
            | Todo::BusinessHangsUp(..)
            | Todo::UserReads(..)
            | Todo::UserPresses(..)
            | Todo::CallingComesBack(_)
            | Todo::OperatorActs
            | Todo::FaultEnds(_)
            | Todo::FaultsEnd
            | Todo::UserSwitchesOn(_)
            | Todo::ReceiverHeals(_)
            | Todo::ExchangeStarts
            | Todo::ClockSetBack => true,
        });
        let down = self.chance.time(Duration::from_millis(200), MINUTE);
        self.after(down, Todo::ExchangeStarts);
    }
}

/// What a command was refused with, if it was; none where there was no answer.
pub(crate) fn outcome<T>(done: &Result<T, Failed>) -> Option<Option<u32>> {
    match done {
        Ok(_) => Some(None),
        Err(Failed::Refused(refused)) => Some(Some(door::error_of(refused).code.code())),
        Err(Failed::Struck(code)) => Some(Some(*code)),
        Err(Failed::NoAnswer { .. }) => None,
    }
}

/// Whether a command stands, answered or not.
pub(crate) const fn is_saved<T>(done: &Result<T, Failed>) -> bool {
    matches!(done, Ok(_) | Err(Failed::NoAnswer { saved: true }))
}

/// A refusal in a few words, for the log.
pub(crate) fn in_words(failed: &Failed) -> String {
    match failed {
        Failed::Refused(refused) => format!("refused: {refused}"),
        Failed::Struck(code) => format!("refused by an armed fault with {code}"),
        Failed::NoAnswer { .. } => "no answer".to_owned(),
    }
}

/// A checked answer of a business.
fn an_answer() -> exchange::desk::calls::Answer {
    exchange::desk::calls::Answer {
        sdp: "answer".to_owned(),
        digest: SdpDigest([7; 32]),
    }
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
