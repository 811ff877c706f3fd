//! Meta's rule: number over account over app, for each app that the account has subscribed.

use super::*;
use crate::subscriptions::{self, Subscription};

#[test]
fn an_app_without_a_callback_gets_nothing() {
    check(&[], "");
}

#[test]
fn the_app_itself() {
    check(&[callback(1, Scope::App, "http://app")], "http://app");
}

#[test]
fn the_account_before_the_app() {
    check(
        &[
            callback(1, Scope::Waba(waba()), "http://waba"),
            callback(1, Scope::App, "http://app"),
        ],
        "http://waba",
    );
}

#[test]
fn the_number_before_the_account() {
    check(
        &[
            callback(1, Scope::Number(number()), "http://number"),
            callback(1, Scope::Waba(waba()), "http://waba"),
            callback(1, Scope::App, "http://app"),
        ],
        "http://number",
    );
}

#[test]
fn overrides_for_others_do_not_count() {
    let other = |id: &str| id.parse().expect("an id");
    check(
        &[
            callback(1, Scope::App, "http://app"),
            callback(1, Scope::Number(other("999")), "http://other-number"),
            callback(
                1,
                Scope::Waba(PhoneNumberId::as_str(&number()).parse().expect("an id")),
                "http://other-waba",
            ),
        ],
        "http://app",
    );
}

#[test]
fn each_subscribed_app_by_itself() {
    check(
        &[
            callback(1, Scope::App, "http://app1"),
            callback(2, Scope::App, "http://app2"),
            callback(2, Scope::Number(number()), "http://number2"),
            callback(3, Scope::App, "http://not-subscribed"),
        ],
        "http://app1 http://number2",
    );
}

#[test]
fn the_last_one_set_counts() {
    check(
        &[
            callback(1, Scope::Number(number()), "http://graph"),
            callback(1, Scope::Number(number()), "http://d360"),
        ],
        "http://d360",
    );
}

#[test]
fn only_fields_that_are_taken() {
    let fields = |mut of: Callback, fields: &[&str]| {
        of.fields = fields.iter().map(|field| (*field).to_owned()).collect();
        of
    };
    check(
        &[fields(callback(1, Scope::App, "http://app"), &["messages"])],
        "",
    );
    check(
        &[fields(
            callback(1, Scope::App, "http://app"),
            &["messages", "calls"],
        )],
        "http://app",
    );
    // An override that names no fields takes those of the app.
    check(
        &[
            fields(callback(1, Scope::App, "http://app"), &["messages"]),
            callback(1, Scope::Waba(waba()), "http://waba"),
        ],
        "",
    );
}

#[test]
fn a_callback_set_anew_keeps_its_id() {
    let mut store = store();
    let mut set = |url: &str| {
        let callback = callback(1, Scope::App, url);
        in_tx(&mut store, |tx| subscriptions::set(tx, &callback, at(1)))
    };
    assert_eq!(set("http://one"), set("http://two"));
    let all: Vec<Subscription> = in_tx(&mut store, subscriptions::list);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].callback.url, "http://two");
    let id = all[0].id;
    assert_eq!(
        in_tx(&mut store, |tx| subscriptions::find(tx, id)).as_ref(),
        Some(&all[0])
    );
    assert!(in_tx(&mut store, |tx| subscriptions::remove(tx, id)));
    assert!(in_tx(&mut store, subscriptions::list).is_empty());
}

/// Sets the callbacks and compares where a `calls` webhook of the number goes.
#[track_caller]
fn check(callbacks: &[Callback], urls: &str) {
    let mut store = store();
    let routed = in_tx(&mut store, |tx| {
        apps::save(tx, &an_app(2))?;
        apps::save(tx, &an_app(3))?;
        wabas::subscribe(tx, &waba(), &app(2))?;
        for callback in callbacks {
            subscriptions::set(tx, callback, at(1))?;
        }
        subscriptions::route(tx, &waba(), &number(), "calls")
    });
    let routed: Vec<String> = routed.into_iter().map(|row| row.callback.url).collect();
    assert_eq!(routed.join(" "), urls);
}

#[test]
fn what_is_held_against_an_account_comes_back() {
    use rules::account::{Ban, BanState, Standing};

    let mut store = store();
    let of = |store: &mut Store| in_tx(store, |tx| wabas::standing(tx, &waba()));
    assert_eq!(of(&mut store), Standing::default());
    for state in BanState::ALL {
        let standing = Standing {
            payment_missing: true,
            business_initiated_until: Some(at(5)),
            customer_initiated_until: Some(at(6)),
            ban: Some(Ban {
                state,
                since: at(7),
            }),
        };
        in_tx(&mut store, |tx| {
            wabas::save_standing(tx, &waba(), &standing)
        });
        assert_eq!(of(&mut store), standing);
    }
    // The configuration of the next start changes nothing about it.
    let again = Waba {
        id: waba(),
        name: "Lucky Shrub".to_owned(),
    };
    in_tx(&mut store, |tx| wabas::save(tx, &again));
    assert!(of(&mut store).payment_missing);
    let nothing = Standing::default();
    in_tx(&mut store, |tx| wabas::save_standing(tx, &waba(), &nothing));
    assert_eq!(of(&mut store), nothing);
    let nobody = "1".parse().expect("an id");
    assert_eq!(
        in_tx(&mut store, |tx| wabas::standing(tx, &nobody)),
        nothing
    );
}
