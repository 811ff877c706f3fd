//! Requests of businesses to the API, which armed faults may strike before anything is looked at.

use exchange::desk::faults::{self, Asked, Who};
use exchange::{Refused, Turn};
use rules::fault::Operation;
use store::state::{self, Document};
use types::CallId;
use wire::Recipient;

use super::is_saved;
use crate::law::Broken;
use crate::law::armed::{Kind, Moment, Occasion};
use crate::platform::Failed;
use crate::town;
use crate::world::World;

/// A request, as far as faults tell requests apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) business: usize,
    pub(crate) operation: Operation,
    pub(crate) about: About<'a>,
}

/// What a request names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About<'a> {
    /// The number and this user.
    User(usize),
    /// The number and this call.
    Call(&'a CallId),
    /// The number alone.
    Number,
    /// The account, and no number.
    Account,
}

impl World {
    /// Makes a request that nothing is known of beforehand.
    pub(crate) fn request<T>(
        &mut self,
        request: Request<'_>,
        command: impl FnOnce(&mut Turn<'_>) -> Result<T, Refused>,
    ) -> Result<Result<T, Failed>, Broken> {
        Ok(match self.strikes(request)? {
            Ok(()) => self.command(command),
            Err(failed) => Err(failed),
        })
    }

    /// Lets armed faults strike a request, as the door does, and holds what they do against the law:
    /// the first of those that refuse answers, and nothing is written.
    pub(crate) fn strikes(&mut self, request: Request<'_>) -> Result<Result<(), Failed>, Broken> {
        if !self.platform.is_up() || !self.law.faults.any() {
            return Ok(Ok(()));
        }
        self.read_news()?;
        let user = match request.about {
            About::User(user) => Some(user),
            About::Call(call) => self.law.call(call).map(|call| call.user),
            About::Number | About::Account => None,
        };
        let number = (!matches!(request.about, About::Account)).then_some(request.business);
        self.under_way.asking = Some((request.business, user));
        self.under_way.struck.clear();
        let before = self.chance.per_mille(COMPARED);
        let before = before.then(|| self.records()).transpose()?;
        let asked = asked(&request);
        let done = self.command(|turn| faults::on_request(turn, &asked));
        if is_saved(&done) {
            self.law.faults.meet(&Occasion {
                moment: Moment::Request(request.operation.as_str()),
                business: number,
                user,
            });
        }
        let Ok(struck) = done else {
            // Whatever faults have done is saved or not; what was asked for never began.
            return Ok(Err(Failed::NoAnswer { saved: false }));
        };
        self.read_news()?;
        let (refused, writes) = self.must_strike(request.operation.as_str());
        if struck.map(|it| it.code.code()) != refused {
            return Err(format!(
                "a fault was to answer {refused:?}, and did {struck:?}"
            ));
        }
        if let Some(before) = before.filter(|_| !writes)
            && self.records()? != before
        {
            return Err("a fault that refuses a request has written something".to_owned());
        }
        match refused {
            Some(code) => {
                self.story.count("a fault refused a request");
                Ok(Err(Failed::Struck(code)))
            }
            None => Ok(Ok(())),
        }
    }

    /// What the faults that have fired at a request must answer, and whether one of them has done
    /// something besides.
    fn must_strike(&self, operation: &str) -> (Option<u32>, bool) {
        let fired = || {
            let all = self.under_way.struck.iter();
            all.filter_map(|id| self.law.faults.kind(*id))
        };
        let refused = fired().find_map(|kind| kind.refuses(operation));
        let writes = fired().any(|kind| matches!(kind, Kind::Restrict(..) | Kind::Revoke(_)));
        (refused, writes)
    }

    /// All records but those that tell of faults.
    fn records(&mut self) -> Result<Document, Broken> {
        let now = self.clock();
        let text = self
            .platform
            .look(now, |turn| Ok(state::export(turn.tx)?))
            .map_err(|refused| format!("the records cannot be written down: {refused}"))?;
        let mut document: Document = serde_json::from_str(&text)
            .map_err(|error| format!("the document of all records is no JSON: {error}"))?;
        for table in ["event", "fault"] {
            document.tables.remove(table);
            document.counters.remove(table);
        }
        Ok(document)
    }
}

fn asked(request: &Request<'_>) -> Asked {
    Asked {
        operation: request.operation,
        who: match request.about {
            About::Account => Who::Other,
            About::User(_) | About::Call(_) | About::Number => {
                Who::Number(town::number(request.business))
            }
        },
        to: match request.about {
            About::User(user) => Some(Recipient::WaId(town::wa_id(user))),
            About::Call(_) | About::Number | About::Account => None,
        },
        call: match request.about {
            About::Call(call) => Some(call.clone()),
            About::User(_) | About::Number | About::Account => None,
        },
    }
}

/// At how many requests of a thousand all records are compared.
const COMPARED: u64 = 50;
