//! What scripts say of consent: requests, answers, the profile, the operator.

use rules::consent::{self, How};
use types::Direction;

use super::{Platform, number, the_business, user};
use crate::desk::{Refused, consents, users};
use crate::ids;
use crate::world::Term;

impl Platform {
    /// The business sends a call permission request, and the phone has it at once.
    pub(super) async fn ask(&mut self, form: &str) -> Result<(), Refused> {
        let free_form = form == "free-form";
        let sent = self.run(move |turn| {
            let acting = the_business(turn)?;
            let (number, who) = (acting.number(), users::find(turn, &user())?);
            let how = if free_form {
                How::FreeForm(consents::window(turn, &number.id, &who.wa_id)?)
            } else {
                How::Template
            };
            let facts = consents::outbound(turn, number, &who)?;
            let pass = facts
                .outbound()
                .may_request(turn.now, turn.preset, how)
                .map_err(|why| Refused::no_request(why, &turn.preset.errors))?;
            let request = ids::message_id(turn.chance, &who.wa_id, Direction::BusinessInitiated);
            for input in [
                consent::Input::Requested {
                    pass,
                    request: request.clone(),
                },
                consent::Input::RequestDelivered {
                    request: request.clone(),
                },
            ] {
                consents::feed(turn, number, &who.wa_id, input)?;
            }
            Ok(request)
        });
        self.request = Some(sent.await?);
        Ok(())
    }

    pub(super) async fn answer(&self, answer: &str) -> Result<(), Refused> {
        let request = self.request.clone().expect("the user was asked");
        let answer = match answer {
            "temporary" => consent::Answer::Temporary,
            "permanent" => consent::Answer::Permanent,
            "decline" => consent::Answer::Decline,
            _ => panic!("no such answer: {answer}"),
        };
        self.run(move |turn| consents::answer(turn, &user(), &request, answer))
            .await
    }

    pub(super) async fn profile(&self, term: &str) -> Result<(), Refused> {
        let term = a_term(term);
        self.run(move |turn| consents::profile(turn, &user(), &number(), term))
            .await
    }

    pub(super) async fn grant(&self, term: &str) -> Result<(), Refused> {
        let term = a_term(term);
        self.run(move |turn| consents::set(turn, &number(), &user(), term))
            .await
    }
}

fn a_term(text: &str) -> Option<Term> {
    match text {
        "temporary" => Some(Term::Temporary),
        "permanent" => Some(Term::Permanent),
        "none" => None,
        _ => panic!("no such term: {text}"),
    }
}
