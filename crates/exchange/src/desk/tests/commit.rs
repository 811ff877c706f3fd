//! Group commit: what one command does wrong is its own affair, and nothing is told before it is saved.

use std::sync::mpsc;

use store::Place;
use store::users::Reachability;
use types::Preset;

use crate::desk::users::{self, NewUser, UserChange};
use crate::desk::{Desk, DeskError, Refused, calls, events};
use crate::testing::{BEGIN, Platform, user};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_fails_loses_nothing_of_the_others() {
    let platform = Platform::start().await;
    let (go, hold) = mpsc::channel::<()>();
    // The first command holds the desk, so that the others wait and share one transaction.
    let holder = spawn(&platform.desk, move |_| {
        hold.recv().expect("to be let go");
        Ok(())
    });
    let mut tasks = Vec::new();
    for n in 0..20_u64 {
        tasks.push(spawn(&platform.desk, move |turn| {
            users::create(turn, a_user(n))?;
            if n % 2 == 0 {
                Ok(())
            } else {
                Err(Refused::UserInCall)
            }
        }));
    }
    go.send(()).expect("a desk that waits");
    holder.await.expect("no panic").expect("held");
    for (n, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.expect("no panic").is_ok(), n % 2 == 0);
    }
    let list = |turn: &mut crate::Turn<'_>| users::list(turn, None, 100);
    let there = platform.run(list).await.expect("a list");
    let mut names: Vec<_> = there.into_iter().map(|user| user.name).collect();
    names.sort();
    let made = (0..20).step_by(2).map(|n| format!("user {n:02}"));
    let expected: Vec<_> = std::iter::once("Zoë".to_owned()).chain(made).collect();
    assert_eq!(names, expected);
    let told = platform
        .run(|turn| events::list(turn, types::EventId(0), 100))
        .await;
    let made = told
        .expect("events")
        .iter()
        .filter(|event| event.kind == "user.created")
        .count();
    assert_eq!(made, 11, "no event tells of what was taken back");
    platform.end();
}

#[tokio::test]
async fn effects_of_a_refused_command_are_never_let_go() {
    let mut platform = Platform::start().await;
    platform.play("dial").await;
    platform.take();
    let id = platform.the_call();
    let refused = platform
        .run(move |turn| {
            calls::hang_up(turn, &id, crate::media_control::Side::User)?;
            Err::<(), _>(Refused::UnknownUser)
        })
        .await;
    assert_eq!(refused, Err(Refused::UnknownUser));
    let id = platform.the_call();
    let (call, _) = platform
        .run(move |turn| calls::find(turn, &id))
        .await
        .expect("the call");
    assert!(!call.machine().is_over());
    assert_eq!(platform.end(), [""; 0]);
}

#[tokio::test]
async fn the_agenda_follows_every_commit() {
    let mut platform = Platform::start().await;
    let agenda = platform.desk.agenda();
    assert_eq!(agenda.borrow().next_deadline, None);
    let before = agenda.borrow().last_event;
    platform.play("dial").await;
    assert_eq!(
        agenda.borrow().next_deadline,
        Some(BEGIN + std::time::Duration::from_secs(60))
    );
    assert!(agenda.borrow().last_event > before);
    platform.play("reject").await;
    assert_eq!(agenda.borrow().next_deadline, None);
    platform.end();
}

#[tokio::test]
async fn a_desk_that_has_stopped_says_so() {
    let platform = Platform::start().await;
    let desk = platform.desk.clone();
    platform.end();
    desk.stopped().await;
    let answer: Result<(), Refused> = desk.run(|_| Ok(())).await;
    assert_eq!(answer, Err(Refused::Desk(DeskError::Stopped)));
}

#[tokio::test]
async fn a_bug_in_a_command_stops_the_desk_and_saves_nothing_of_its_batch() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::File(folder.path().join("exchange.db"));
    let platform = Platform::start_on(&place, Preset::meta_2026()).await;
    let desk = platform.desk.clone();
    let answer: Result<(), Refused> = desk
        .run(|turn| {
            let change = UserChange {
                name: Some("half".to_owned()),
                ..UserChange::default()
            };
            users::change(turn, &user(), change)?;
            panic!("a bug, made on purpose");
        })
        .await;
    assert_eq!(answer, Err(Refused::Desk(DeskError::Stopped)));
    desk.stopped().await;
    assert_eq!(platform.stop(), Err(DeskError::Stopped));

    let again = Platform::start_on(&place, Preset::meta_2026()).await;
    let found = again
        .run(|turn| users::find(turn, &user()))
        .await
        .expect("the user");
    assert_eq!(found.name, "Zoë");
    again.end();
}

fn spawn(
    desk: &Desk,
    command: impl FnOnce(&mut crate::Turn<'_>) -> Result<(), Refused> + Send + 'static,
) -> tokio::task::JoinHandle<Result<(), Refused>> {
    let desk = desk.clone();
    tokio::spawn(async move { desk.run(command).await })
}

fn a_user(n: u64) -> NewUser {
    NewUser {
        wa_id: format!("1555000{n:04}").parse().expect("a number"),
        bsuid: None,
        name: format!("user {n:02}"),
        country: "US".parse().expect("a country"),
        phone_token: None,
        reachability: Reachability::Active,
        online: true,
    }
}
