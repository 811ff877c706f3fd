//! Snapshots: none that waits to be accepted, none whose test is gone.
//!
//! Whether a test of that name still looks at it is known only after a run of all tests;
//! `cargo xtask test` holds that.

use crate::{hold, source};

#[test]
fn every_snapshot_has_its_source() {
    let problems: Vec<String> = source::all(&[".snap"])
        .iter()
        .filter_map(|snapshot| {
            let test = snapshot
                .text
                .lines()
                .find_map(|line| line.strip_prefix("source: "))
                .unwrap_or("(not named)");
            (!source::root().join(test).is_file()).then(|| {
                format!(
                    "{}: comes from {test}, which is not there; delete it, because nobody \
                     compares anything with it",
                    snapshot.path
                )
            })
        })
        .collect();
    hold(&problems);
}

#[test]
fn no_snapshot_waits_to_be_accepted() {
    let problems: Vec<String> = source::all(&[".snap.new", ".pending-snap"])
        .iter()
        .map(|waiting| {
            format!(
                "{}: accept it with `cargo xtask snap --accept`, or delete it",
                waiting.path
            )
        })
        .collect();
    hold(&problems);
}
