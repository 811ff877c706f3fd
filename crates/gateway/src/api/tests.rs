//! Who is let in, and what the API says of itself.

use super::*;
use http::HeaderValue;

fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
    list.iter()
        .map(|(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, HeaderValue::from_str(value).expect("a value"))
        })
        .collect()
}

#[test]
fn without_a_token_only_this_machine_is_served() {
    for host in [
        "localhost",
        "localhost:7090",
        "127.0.0.1:7090",
        "[::1]:7090",
        "LOCALHOST:1",
    ] {
        assert_eq!(admit(None, &headers(&[("host", host)])), Ok(()), "{host}");
    }
    for host in [
        "example.org",
        "localhost.example.org",
        "127.0.0.1.example.org:80",
        "",
    ] {
        assert!(admit(None, &headers(&[("host", host)])).is_err(), "{host}");
    }
    let tunnel = headers(&[("host", "localhost:7090"), ("x-forwarded-for", "192.0.2.1")]);
    assert!(admit(None, &tunnel).is_err());
    assert!(admit(None, &HeaderMap::new()).is_err());
}

#[test]
fn with_a_token_the_token_decides() {
    let token = SecretString::from("word".to_owned());
    let admit = |list: &[(&'static str, &str)]| admit(Some(&token), &headers(list)).is_ok();
    assert!(admit(&[
        ("host", "example.org"),
        ("authorization", "Bearer word")
    ]));
    assert!(!admit(&[
        ("host", "localhost"),
        ("authorization", "Bearer ward")
    ]));
    assert!(!admit(&[("host", "localhost")]));
}

#[test]
fn the_document() {
    insta::assert_json_snapshot!(openapi());
}
