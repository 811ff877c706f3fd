//! The rules of the house that a machine can hold. Each message names the file, the line, what to
//! write instead, and why.

mod bans;
mod documents;
mod evidence;
mod layers;
mod licences;
mod shape;
mod snapshots;
mod source;

/// Fails with all that is wrong at once, so that one run is enough to mend it.
#[track_caller]
fn hold(problems: &[String]) {
    assert!(
        problems.is_empty(),
        "{} of the house's rules broken:\n\n{}\n",
        problems.len(),
        problems.join("\n\n")
    );
}
