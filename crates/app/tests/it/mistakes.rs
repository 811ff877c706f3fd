//! What a mistake is answered with: one line that says what to do, and an exit status.

use std::fs;
use std::net::TcpListener;

use crate::program::dialtone;

/// The exit status and what stands on standard error.
fn refused(arguments: &[&str], variables: &[(&str, &str)], file: &str) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("dialtone.toml"), file).expect("written");
    let output = dialtone(folder.path())
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    (output.status.code().expect("an exit status"), said)
}

#[test]
fn a_typo_in_the_file() {
    let (status, said) = refused(&["dev"], &[], "[media]\nprot = 9000\n");
    insta::assert_snapshot!(said, @"dialtone: dialtone.toml:2: `prot` is not a key here; did you mean `port`?");
    assert_eq!(status, 2);
}

#[test]
fn a_wrong_variable() {
    let (status, said) = refused(&["exchange"], &[("DIALTONE_SEED", "seven")], "");
    insta::assert_snapshot!(said, @"dialtone: DIALTONE_SEED is not a number");
    assert_eq!(status, 2);
}

#[test]
fn a_preset_that_is_not_there() {
    let (status, said) = refused(&["dev", "--port", "0", "--preset", "meta-2062"], &[], "");
    insta::assert_snapshot!(said, @"dialtone: preset.name: there is no preset `meta-2062`; did you mean `meta-2026`?");
    assert_eq!(status, 2);
}

#[test]
fn a_role_that_is_not_there() {
    let (status, said) = refused(&["gatewya"], &[], "");
    assert!(
        said.contains("a similar subcommand exists: 'gateway'"),
        "{said}"
    );
    assert_eq!(status, 2);
}

#[test]
fn a_port_that_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let (status, said) = refused(&["exchange"], &[("DIALTONE_LISTEN_PUBLIC", &address)], "");
    assert!(said.contains("another process listens there"), "{said}");
    assert_eq!(status, 1);
}

#[test]
fn a_gateway_without_a_platform() {
    let (status, said) = refused(&["gateway", "--port", "0"], &[], "");
    insta::assert_snapshot!(said, @"dialtone: gateway.platform.url is not set: give it in the configuration file, or as the variable DIALTONE_GATEWAY_PLATFORM_URL, or DIALTONE_GRAPH_URL");
    assert_eq!(status, 2);
}

#[test]
fn the_configuration_is_shown_without_its_secrets() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = dialtone(folder.path())
        .arg("config")
        .env("DIALTONE_SECRETS_APP_SECRET", "hush")
        .env("DIALTONE_MEDIA_PORT", "9000")
        .output()
        .expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("port = 9000"), "{text}");
    assert!(text.contains("app_secret = \"(hidden)\""), "{text}");
    assert!(!text.contains("hush"));
}
