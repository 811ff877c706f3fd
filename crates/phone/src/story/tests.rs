//! A story as programs and people get it.

use super::*;

#[test]
fn an_event_for_programs_and_people() {
    let mut story = Story::default();
    story.tell(
        Timestamp::from_millis(1_700),
        Happening::Rings {
            call_id: "wacid.A".parse().expect("a call id"),
            from: Business {
                phone_number_id: "4366".parse().expect("an id"),
                display_phone_number: "15550783881".parse().expect("a number"),
                name: "Shop".to_owned(),
                call_icon: true,
            },
        },
    );
    story.tell(
        Timestamp::from_millis(1_900),
        Happening::HeardDigit { digit: '5' },
    );
    assert_eq!(
        serde_json::to_value(story.from(0)).expect("JSON"),
        serde_json::json!([
            {"number": 0, "at_ms": 1700, "event": "rings", "call_id": "wacid.A",
             "text": "The phone rings: Shop calls from +15550783881."},
            {"number": 1, "at_ms": 1900, "event": "heard_digit", "detail": "5",
             "text": "The other side pressed 5."},
        ])
    );
    assert_eq!(story.from(1).len(), 1);
}

#[test]
fn a_long_story_forgets_its_beginning() {
    let mut story = Story::default();
    for _ in 0..STORY_EVENTS_MAX + 5 {
        story.tell(Timestamp::EPOCH, Happening::HungUp);
    }
    assert_eq!(story.told(), STORY_EVENTS_MAX as u64 + 5);
    let events = story.from(0);
    assert_eq!(events.len(), STORY_EVENTS_MAX);
    assert_eq!(events.first().map(|event| event.number), Some(5));
}
