//! Templates over time and over restarts: a review ends when its time has come, whether a timer was
//! here or not, and one of the configuration that was removed keeps nobody from starting.

use std::sync::Arc;
use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rules::template::{ReviewInput, Status};
use serde_json::{Map, Value, json};
use store::templates::TemplateFilter;
use store::{Place, Store};
use types::template::TemplateCall;
use types::{Preset, TemplateId, Timestamp, WabaId};

use crate::desk::templates::{self, TemplateRefused};
use crate::desk::{DeskCore, Refused, numbers};
use crate::testing::{BEGIN, a_world, number};
use crate::world::{self, Template, World};

/// A desk with one configured template, `hello`, and reviews that take a minute.
fn a_desk() -> DeskCore {
    let mut preset = Preset::meta_2026();
    preset.templates.review_after = Duration::from_mins(1);
    let store = Store::open(&Place::Memory).expect("records");
    let mut core = DeskCore::new(store, ChaCha8Rng::seed_from_u64(1), Arc::new(preset));
    start(&mut core, BEGIN).expect("a first start");
    core
}

fn start(core: &mut DeskCore, now: Timestamp) -> Result<(), Refused> {
    let configured = Template {
        waba: waba(),
        parameters: parameters("hello"),
    };
    let world = World {
        templates: vec![configured],
        ..a_world()
    };
    core.run(now, |turn| world::start(turn, world)).map(drop)
}

fn waba() -> WabaId {
    "102290129340398".parse().expect("an id")
}

fn parameters(name: &str) -> Map<String, Value> {
    let template = json!({
        "name": name,
        "language": "en_US",
        "category": "UTILITY",
        "components": [{ "type": "BODY", "text": "Good day." }],
    });
    template.as_object().cloned().expect("an object")
}

fn make(core: &mut DeskCore, name: &str) -> TemplateId {
    let template = wire::templates::new_template(&parameters(name)).expect("a template");
    let made = core.run(BEGIN, |turn| templates::create(turn, &waba(), template));
    made.expect("it can be made").value.id
}

/// What a message of a template is refused with at a moment.
fn sent(core: &mut DeskCore, now: Timestamp, name: &str) -> Option<TemplateRefused> {
    let call = TemplateCall {
        name: name.to_owned(),
        language: "en_US".to_owned(),
        header: Vec::new(),
        body: Vec::new(),
        buttons: Vec::new(),
    };
    let filled = core.run(now, |turn| {
        let number = numbers::find(turn, &number())?;
        templates::filled(turn, &number, &call).map(drop)
    });
    match filled {
        Ok(_) => None,
        Err(Refused::Template(why)) => Some(*why),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_review_is_over_when_its_time_has_come_whoever_looks_first() {
    let mut core = a_desk();
    make(&mut core, "news");
    let over = BEGIN + Duration::from_mins(1);
    let before = Timestamp::from_millis(over.as_millis() - 1);
    let status = Status::Pending;
    assert_eq!(
        sent(&mut core, before, "news"),
        Some(TemplateRefused::NotApproved { status })
    );
    assert_eq!(sent(&mut core, over, "news"), None);

    let id = make(&mut core, "old");
    let paused = core.run(over, |turn| {
        templates::review(turn, &id, ReviewInput::Pause)
    });
    let paused = paused.expect("one that is approved can be paused").value;
    assert_eq!(paused.review.status(), Status::Paused);
}

#[test]
fn one_of_the_configuration_that_was_removed_keeps_nobody_from_starting() {
    let mut core = a_desk();
    let removed = core.run(BEGIN, |turn| templates::remove_name(turn, &waba(), "hello"));
    removed.expect("it is there");
    let left = |core: &mut DeskCore, now| {
        let all = TemplateFilter::default();
        let listed = core.run(now, |turn| templates::list(turn, &all, 9));
        listed.expect("a list").value.len()
    };
    start(&mut core, BEGIN).expect("its name is held, and it stays away");
    assert_eq!(left(&mut core, BEGIN), 0);
    let later = BEGIN + Duration::from_hours(30 * 24);
    start(&mut core, later).expect("its name is free");
    assert_eq!(left(&mut core, later), 1);
}
