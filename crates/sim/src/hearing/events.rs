//! What the stream of events tells the law: of calls, messages, templates, suspensions and faults.

use exchange::desk::{deliveries, events};
use serde_json::Value;
use store::deliveries::DeliveryFilter;
use store::events::Event;
use types::{CallId, Direction, FaultId, MessageId, TemplateId};

use crate::law::Broken;
use crate::law::armed::{Kind, Moment, Occasion};
use crate::law::calls::End;
use crate::law::letters::{CallButton, Fate, Letter};
use crate::law::number::Order;
use crate::law::templates::Key;
use crate::town;
use crate::world::World;

impl World {
    /// Reads what has happened since it was last read: events, and then the webhooks that came of them.
    pub(crate) fn read_news(&mut self) -> Result<(), Broken> {
        let clock = self.clock();
        loop {
            let after = self.last_event;
            self.story.count("looks at events");
            let read = self.platform.look(clock, |turn| {
                let events = events::list(turn, after, EVENTS_AT_ONCE)?;
                let webhooks = deliveries::list(turn, &DeliveryFilter::default(), WEBHOOKS)?;
                Ok((events, webhooks))
            });
            let (events, webhooks) =
                read.map_err(|refused| format!("events cannot be read: {refused}"))?;
            self.last_event = events.last().map_or(after, |event| event.id);
            for event in &events {
                self.hear_event(event)?;
            }
            if events.len() < EVENTS_AT_ONCE {
                return self.look_at_outbox(webhooks);
            }
        }
    }

    fn hear_event(&mut self, event: &Event) -> Result<(), Broken> {
        let detail: Value = serde_json::from_str(&event.detail)
            .map_err(|error| format!("an event's detail is no JSON: {error}"))?;
        let (kind, call) = (event.kind.as_str(), event.call.as_ref());
        match (kind.split('.').next(), call) {
            (Some("message"), _) => self.hear_message(event, &detail),
            (Some("template"), _) => self.hear_template(event, &detail),
            (Some("fault"), _) => self.hear_fault(event, &detail),
            (Some("call"), Some(call)) => self.hear_call(event, call, &detail),
            _ if kind == "number.restricted" => self.hear_suspension(event, &detail),
            _ => Ok(()),
        }
    }

    fn hear_call(&mut self, event: &Event, call: &CallId, detail: &Value) -> Result<(), Broken> {
        let name = self.story.name("call", call.as_str());
        match event.kind.as_str() {
            "call.placed" => self.call_placed(event, call, detail, &name)?,
            "call.ringing" | "call.pre_accepted" => self.meets_in_call(call, Moment::Ringing)?,
            "call.accepted" => {
                self.story.count("a call was taken");
                self.tell(&format!("{name} is taken"));
                self.law.connected(event.at, call)?;
                self.meets_in_call(call, Moment::Answered)?;
            }
            "call.ended" => {
                let reason = detail["reason"].as_str().unwrap_or_default();
                self.tell(&format!("{name} is over: {reason}"));
                let end = match reason {
                    "user_rejected" | "business_cancelled" => End::NotTaken,
                    "user_did_not_answer" | "user_unreachable" => End::UserTooLate,
                    "business_did_not_answer" => End::BusinessTooLate,
                    _ => End::NoMatter,
                };
                let failed = detail["status"] == "FAILED";
                self.law.ended(event.at, call, end, failed)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn call_placed(
        &mut self,
        event: &Event,
        call: &CallId,
        detail: &Value,
        name: &str,
    ) -> Result<(), Broken> {
        let business = self.business_of(event)?;
        let user = self.user_of(detail)?;
        let direction = match detail["direction"].as_str() {
            Some(word) if word.eq_ignore_ascii_case("business_initiated") => {
                Direction::BusinessInitiated
            }
            _ => Direction::UserInitiated,
        };
        let origin = match direction {
            Direction::BusinessInitiated => Default::default(),
            Direction::UserInitiated => std::mem::take(&mut self.under_way.dialling),
        };
        self.tell(&format!("{name} is placed"));
        self.law
            .placed(event.at, call, direction, (business, user), origin)?;
        self.meets_in_call(call, Moment::Placing)
    }

    /// An occasion for faults comes in a call.
    fn meets_in_call<'a>(
        &mut self,
        call: &CallId,
        moment: impl FnOnce(Direction) -> Moment<'a>,
    ) -> Result<(), Broken> {
        let known = self.law.call(call).ok_or("a call of nobody goes on")?;
        let occasion = Occasion {
            moment: moment(known.direction),
            business: Some(known.business),
            user: Some(known.user),
        };
        self.law.faults.meet(&occasion);
        Ok(())
    }

    fn hear_message(&mut self, event: &Event, detail: &Value) -> Result<(), Broken> {
        let (business, user) = (self.business_of(event)?, self.user_of(detail)?);
        let id: MessageId = detail["message_id"]
            .as_str()
            .unwrap_or_default()
            .parse()
            .map_err(|error| format!("a message's id: {error}"))?;
        let online = self.law.is_online(user);
        match event.kind.as_str() {
            "message.received" => self.law.is_about(id, user),
            "message.sent" => self.message_begins(event, detail, (business, user), id, None)?,
            "message.failed" => {
                self.story.count("a message failed");
                let code = Some(WINDOW_CLOSED);
                self.message_begins(event, detail, (business, user), id, code)?;
            }
            "message.delivered" => {
                let at = event.at;
                self.law.letters.becomes(at, &id, Fate::Delivered, online)?;
                let letter = self.law.letters.get(&id).cloned();
                let letter = letter.ok_or("a message of nobody arrives")?;
                if letter.asks {
                    self.law.delivered(at, business, user, &id);
                    self.request_is_seen(business, user, id.clone());
                }
                let works = letter.button.map(|button| button.until.since(at));
                self.is_shown(user, &id, works);
            }
            "message.read" => {
                let at = event.at;
                self.story.count("a message was read");
                self.law.letters.becomes(at, &id, Fate::Read, online)?;
            }
            "message.dropped" => {
                let at = event.at;
                self.story.count("a message was dropped");
                self.law.letters.becomes(at, &id, Fate::Dropped, online)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The platform has taken a message, and sends it or knows already that it fails.
    fn message_begins(
        &mut self,
        event: &Event,
        detail: &Value,
        (business, user): (usize, usize),
        id: MessageId,
        failed: Option<u32>,
    ) -> Result<(), Broken> {
        let at = event.at;
        let draft = self.under_way.sending.take();
        let draft = draft.ok_or("a message begins that nobody sent")?;
        if detail["type"] != draft.kind {
            return Err(format!(
                "a message is a {} and becomes {detail}",
                draft.kind
            ));
        }
        let free_form = draft.kind != "template";
        let open = self.law.window_open(at, business, user);
        let fails = free_form && !open && !draft.asks;
        if fails != failed.is_some() {
            return Err(format!(
                "a message in a window open {open} becomes {}",
                event.kind
            ));
        }
        if draft.asks {
            if let Some(code) = self.law.no_request(at, business, user, free_form) {
                return Err(format!("a request went out that {code} forbids"));
            }
            self.law.asked(at, business, user, id.clone());
        }
        let button = draft.button.map(|(works, payload)| CallButton {
            until: at + works,
            payload,
        });
        let keep_until = at + self.law.preset.consent.request_waits_for;
        let mut letter = Letter::new((business, user), draft.asks, button, keep_until);
        if let Some(code) = failed {
            letter.fate = Fate::Failed(code);
        } else {
            self.story.count("a message was sent");
        }
        self.law.is_about(id.clone(), user);
        self.law.letters.add(id, letter)
    }

    fn hear_template(&mut self, event: &Event, detail: &Value) -> Result<(), Broken> {
        let id: TemplateId = detail["template_id"]
            .as_str()
            .unwrap_or_default()
            .parse()
            .map_err(|error| format!("a template's id: {error}"))?;
        let known = self.law.templates.of_id(&id);
        match (event.kind.as_str(), known) {
            ("template.created", _) => {
                let key = self.template_key(detail).ok_or("a template of nobody")?;
                self.law.templates.has_id(key, id);
            }
            ("template.reviewed", Some(key)) => {
                let rules = self.law.preset.templates;
                if let Some(line) = self.law.templates.met(event.at, &rules, key) {
                    self.law.must_hear(key.0, line);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn template_key(&self, detail: &Value) -> Option<Key> {
        let own = |(business, name, language): &&Key| {
            detail["waba_id"] == town::waba(*business).as_str()
                && detail["name"] == *name
                && detail["language"] == *language
        };
        let mut all = self.law.templates.all().map(|(key, _)| key);
        all.find(own).copied()
    }

    /// What a number is suspended from, as the platform says; the law may have let it go a moment
    /// before that is told.
    fn hear_suspension(&mut self, event: &Event, detail: &Value) -> Result<(), Broken> {
        let business = self.business_of(event)?;
        let listed = detail["restrictions"].as_array().into_iter().flatten();
        let listed: Vec<&str> = listed.filter_map(Value::as_str).collect();
        let law = self.law.suspended(event.at, business);
        match law.iter().find(|(name, _)| !listed.contains(name)) {
            Some((name, _)) => Err(format!("business {business} is let go too early: {name}")),
            None => Ok(()),
        }
    }

    fn hear_fault(&mut self, event: &Event, detail: &Value) -> Result<(), Broken> {
        let id = detail["fault_id"].as_u64().map(FaultId);
        let id = id.ok_or("an event of a fault without its id")?;
        match event.kind.as_str() {
            "fault.armed" => self.law.faults.armed(id),
            "fault.disarmed" => self.law.faults.disarmed(id),
            "fault.fired" => match detail["delivery_id"].as_u64() {
                // Its occasion is known when the outbox is looked at.
                Some(delivery) => {
                    self.law.post.struck(types::DeliveryId(delivery), id);
                    Ok(())
                }
                None => self.fault_fires(event, detail, id),
            },
            other => Err(format!("an event of a fault is {other}")),
        }
    }

    fn fault_fires(&mut self, event: &Event, detail: &Value, id: FaultId) -> Result<(), Broken> {
        let kind = self.law.faults.fires(id)?;
        self.story.count("a fault fired");
        self.tell(&format!("fault {id} fires: {kind:?}"));
        if detail["operation"].is_string() {
            self.under_way.struck.push(id);
        }
        let about = match &event.call {
            Some(call) => self.law.call(call).map(|it| (it.business, Some(it.user))),
            None => self.under_way.asking,
        };
        match (kind, &event.call, about) {
            (Kind::RingFor(time), Some(call), _) => self.law.rings_for(call, time),
            (Kind::Fail(code, _), Some(call), _) => self.law.must_fail(call, code),
            (Kind::NoPayment, Some(call), _) if detail["operation"].is_null() => {
                self.law.must_fail(call, 131_044)
            }
            (Kind::Restrict(direction, lasts), _, _) => {
                if event.number.is_some() {
                    let business = self.business_of(event)?;
                    let order = Order {
                        business: direction != Some(Direction::UserInitiated),
                        user: direction != Some(Direction::BusinessInitiated),
                        button: false,
                        lasts,
                    };
                    self.law.suspend(event.at, business, order);
                }
                Ok(())
            }
            (Kind::Revoke(_), _, Some((business, Some(user)))) => {
                self.law.revoked(event.at, business, user);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn business_of(&self, event: &Event) -> Result<usize, Broken> {
        let number = event.number.as_ref();
        let business = number.and_then(|number| town::business(number, &self.plan));
        business.ok_or_else(|| format!("{} of an unknown number", event.kind))
    }

    fn user_of(&self, detail: &Value) -> Result<usize, Broken> {
        let digits = detail["wa_id"].as_str().unwrap_or_default();
        town::user(digits, &self.plan)
            .ok_or_else(|| format!("an event of an unknown user: {detail}"))
    }
}

/// The code of a message that is free-form outside of an open window.
const WINDOW_CLOSED: u32 = 131_047;
const EVENTS_AT_ONCE: usize = 256;
/// How many of the youngest webhooks are read with them.
const WEBHOOKS: usize = 4;
