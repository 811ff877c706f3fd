//! What was committed outlives the process that is killed, and one file serves one process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::*;

#[test]
fn what_was_committed_survives_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::File(folder.path().join("exchange.db"));
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "--exact",
            "tests::process::writer",
            "--ignored",
            "--nocapture",
        ])
        .env(PLACE, place.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a second process");
    let told = highest_told(&mut child, 200);
    child.wait().expect("the end of it");

    let mut store = Store::open(&place).expect("the same file");
    let kept = in_tx(&mut store, wabas::list).len();
    assert!(kept as u64 >= told, "told of {told} commits, found {kept}");
}

/// Reads until the child has told of so many commits, kills it, and reads what was still on its way.
fn highest_told(child: &mut Child, enough: u64) -> u64 {
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut highest = 0;
    let mut killed = false;
    while let Some(Ok(line)) = lines.next() {
        if let Some(n) = line.strip_prefix("committed ").and_then(|n| n.parse().ok()) {
            highest = n;
        }
        if highest >= enough && !killed {
            child.kill().expect("SIGKILL");
            killed = true;
        }
    }
    highest
}

/// Not a test: the process that is killed.
#[test]
#[ignore = "started by what_was_committed_survives_a_kill"]
fn writer() {
    // Whoever runs the ignored tests as well runs this one by itself: it has nothing to show.
    let Ok(file) = std::env::var(PLACE) else {
        return;
    };
    let place = Place::File(file.into());
    let mut store = Store::open(&place).expect("a store");
    for n in 1_u64.. {
        let row = Waba {
            id: n.to_string().parse().expect("an id"),
            name: String::new(),
        };
        in_tx(&mut store, |tx| wabas::save(tx, &row));
        println!("committed {n}");
    }
}

#[test]
fn a_file_serves_one_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::File(folder.path().join("exchange.db"));
    let first = Store::open(&place).expect("a store");
    let second = Store::open(&place);
    assert!(
        matches!(second, Err(StoreError::InUse { .. })),
        "{second:?}"
    );
    drop(first);
    Store::open(&place).expect("free again");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("exchange.db");
    std::fs::write(
        &path,
        "This is a letter, not a database, and long enough to be one.".repeat(99),
    )
    .expect("a letter");
    let opened = Store::open(&Place::File(path));
    assert!(matches!(opened, Err(StoreError::Open { .. })), "{opened:?}");

    let missing = folder.path().join("no").join("such").join("exchange.db");
    let opened = Store::open(&Place::File(missing));
    assert!(matches!(opened, Err(StoreError::Open { .. })), "{opened:?}");
}

const PLACE: &str = "DIALTONE_TEST_PLACE";
