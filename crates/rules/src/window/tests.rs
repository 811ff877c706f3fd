//! The window at its edges.

use types::Preset;

use super::*;

#[test]
fn a_word_of_the_user_opens_it_for_a_day() {
    let limits = Preset::meta_2026().consent;
    let at = Timestamp::from_secs;
    let mut window = Window::default();
    let closed = |window: Window, now| window.admit(at(now), &limits).map_err(|it| it.at);

    assert_eq!(closed(window, 0), Err(None));
    window.open(at(1_000));
    assert_eq!(closed(window, 1_000), Ok(()));
    assert_eq!(closed(window, 87_399), Ok(()));
    assert_eq!(closed(window, 87_400), Err(Some(at(87_400))));
    window.open(at(90_000));
    assert_eq!(window.until(&limits), Some(at(176_400)));
    assert!(window.is_open(at(176_399), &limits));

    window.open(at(80_000));
    assert_eq!(
        window.until(&limits),
        Some(at(176_400)),
        "the latest word counts"
    );
}

#[test]
fn a_closed_window_says_what_to_do() {
    let said = |at| WindowClosed { at }.to_string();
    assert_eq!(
        said(Some(Timestamp::from_millis(7_900))),
        "The customer-service window with this user closed at Unix time 7. Wait for the user to \
         write or to call, or send a template."
    );
    assert!(said(None).contains("was never open"));
}
