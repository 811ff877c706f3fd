//! The help, as it is printed: good enough to learn from, and read in review when it changes.

use crate::program::dialtone;

fn printed(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let output = dialtone(folder.path())
        .args(arguments)
        // A fixed width, whatever the terminal of whoever runs the test.
        .env("COLUMNS", "100")
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_whole_program() {
    insta::assert_snapshot!(printed(&["--help"]));
}

#[test]
fn each_role() {
    for role in ["dev", "exchange", "gateway", "phone", "call", "config"] {
        insta::assert_snapshot!(format!("help-{role}"), printed(&[role, "--help"]));
    }
}
