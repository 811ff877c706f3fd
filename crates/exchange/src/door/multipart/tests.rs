//! Forms as programs write them, and what is wrong with others.

use serde_json::{Value, json};

use super::read;

fn told(content_type: &str, body: &str) -> String {
    match read(content_type, body.as_bytes()) {
        Ok(params) => Value::Object(params).to_string(),
        Err(error) => error.details,
    }
}

const KIND: &str = "multipart/form-data; boundary=b0und";

#[test]
fn as_curl_and_java_write_them() {
    let curl = "--b0und\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\n14085551234\r\n\
                --b0und\r\nContent-Disposition: form-data; name=\"text\"\r\n\
                Content-Type: application/json\r\n\r\n{\"body\":\"a\r\nb\"}\r\n--b0und--\r\n";
    let wanted = json!({"to": "14085551234", "text": "{\"body\":\"a\r\nb\"}"}).to_string();
    assert_eq!(told(KIND, curl), wanted);
    assert_eq!(
        told("multipart/form-data; boundary=\"b0und\"", curl),
        wanted
    );
    assert_eq!(told(KIND, "--b0und--\r\n"), "{}");
}

#[test]
fn what_is_wrong_is_said() {
    let part = |head: &str| format!("--b0und\r\n{head}\r\n\r\nx\r\n--b0und--");
    for (kind, body, wanted) in [
        ("multipart/form-data", part(""), "no boundary"),
        (KIND, "x".to_owned(), "does not begin with its boundary"),
        (
            KIND,
            "--b0und\r\nx".to_owned(),
            "its last boundary is missing",
        ),
        (
            KIND,
            "--b0und\r\nx\r\n--b0und--".to_owned(),
            "no empty line",
        ),
        (KIND, part("Content-Type: text/plain"), "no name"),
        (
            KIND,
            part("Content-Disposition: form-data; name=\"file\"; filename=\"a.ogg\""),
            "The part \"file\" is a file",
        ),
    ] {
        let told = told(kind, &body);
        assert!(told.contains(wanted), "{body:?}: {told}");
    }
    let mut not_utf8 = b"--b0und\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\n".to_vec();
    not_utf8.extend_from_slice(b"\xff\r\n--b0und--");
    let error = read(KIND, &not_utf8).expect_err("not UTF-8");
    assert_eq!(error.details, "The part \"to\" is not UTF-8.");
}
