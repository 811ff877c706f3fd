//! The ways to subscribe, as clients use them.

use std::fmt::Write;

use super::*;

fn params(json: &str) -> Params {
    json::object(json.as_bytes()).expect("an object")
}

#[test]
fn an_app_subscribes() {
    // pywa sends these in the query, with the fields as one list.
    let asked = AppSubscription::parse(&params(
        r#"{"object":"whatsapp_business_account","callback_url":"https://example.com/wa?x=1",
            "verify_token":"xyz","fields":"messages, calls,messages","access_token":"1|s"}"#,
    ))
    .expect("a good subscription");
    assert_eq!(asked.callback.url.as_str(), "https://example.com/wa?x=1");
    assert_eq!(asked.callback.verify_token, "xyz");
    assert_eq!(asked.fields, ["messages", "calls"]);

    let listed = params(
        r#"{"object":"whatsapp_business_account","callback_url":"http://127.0.0.1:1/","verify_token":"x","fields":["calls",{"name":"messages"}]}"#,
    );
    let asked = AppSubscription::parse(&listed).expect("a good subscription");
    assert_eq!(asked.fields, ["calls", "messages"]);
}

#[test]
fn headers_that_cannot_be_sent() {
    let many = (0..17)
        .map(|n| format!(r#""X-{n}":"""#))
        .collect::<Vec<_>>();
    let (many, long) = (many.join(","), "x".repeat(4_096));
    for (headers, said) in [
        ("[]".to_owned(), "headers is an array"),
        (r#"{"A":1}"#.to_owned(), "\"A\", which is a number"),
        (r#"{"A B":""}"#.to_owned(), "no name of a header"),
        (r#"{"":""}"#.to_owned(), "no name of a header"),
        (r#"{"A":"b\r\nC: d"}"#.to_owned(), "not plain ASCII"),
        (r#"{"Content-Type":"text/plain"}"#.to_owned(), "has anyway"),
        (format!(r#"{{"A":"{long}"}}"#), "more than 4096 bytes"),
        (format!("{{{many}}}"), "17 entries"),
    ] {
        let body = format!(r#"{{"url":"https://example.com","headers":{headers}}}"#);
        let details = d360_webhook(&params(&body)).expect_err(&body).details;
        assert!(details.contains(said), "{body}: {details}");
    }
}

/// Meta's own SDK sends lists in a form, as their JSON text.
#[test]
fn fields_in_every_form() {
    let fields = |json: &str| unsubscribed_fields(&params(json)).map_err(|error| error.details);
    let in_a_form = r#"{"fields":"[\"calls\", \"messages\"]"}"#;
    assert_eq!(fields(in_a_form).expect("good"), ["calls", "messages"]);
    assert_eq!(
        fields(r#"{"fields":["a_field_of_2027"]}"#)
            .expect("good")
            .len(),
        1
    );
    assert_eq!(fields("{}").expect("good").len(), 0);
    for (wrong, said) in [
        (r#"{"fields":"call"}"#, "Did you mean calls?"),
        (r#"{"fields":["messsages"]}"#, "Did you mean messages?"),
        (r#"{"fields":"[\"calls\""}"#, "fields is no list of names"),
        (r#"{"fields":[1]}"#, "fields is no list of names"),
        (r#"{"fields":{"calls":true}}"#, "fields is no list of names"),
        (r#"{"object":"page"}"#, "object is \"page\""),
    ] {
        let details = fields(wrong).expect_err(wrong);
        assert!(details.contains(said), "{wrong}: {details}");
    }
}

#[test]
fn overrides_come_and_go() {
    let set = params(r#"{"override_callback_uri":"https://example.com/a","verify_token":"x"}"#);
    let callback = waba_override(&set).expect("good").expect("an override");
    assert_eq!(callback.url.as_str(), "https://example.com/a");
    assert_eq!(waba_override(&Params::new()), Ok(None));
    assert_eq!(
        waba_override(&params(r#"{"override_callback_uri":""}"#)),
        Ok(None)
    );

    let set = params(
        r#"{"webhook_configuration":{"override_callback_uri":"https://example.com/b","verify_token":"x"}}"#,
    );
    assert!(number_override(&set).expect("good").is_some());
    let in_a_form = params(r#"{"webhook_configuration":"{\"override_callback_uri\":\"\"}"}"#);
    assert_eq!(number_override(&in_a_form), Ok(None));

    let set = r#"{"url":"https://example.com/c","headers":{"Authorization":"Basic x"}}"#;
    let callback = d360_webhook(&params(set)).expect("good");
    assert_eq!(callback.url.as_str(), "https://example.com/c");
    assert_eq!(callback.headers["Authorization"], "Basic x");
}

#[test]
fn refusals_name_the_parameter() {
    let long = format!(r#"{{"url":"https://example.com/{}"}}"#, "x".repeat(2_048));
    let app = |json: &str| {
        AppSubscription::parse(&params(json))
            .expect_err(json)
            .details
    };
    let waba = |json: &str| waba_override(&params(json)).expect_err(json).details;
    let number = |json: &str| number_override(&params(json)).expect_err(json).details;
    let d360 = |json: &str| d360_webhook(&params(json)).expect_err(json).details;
    let object = r#""object":"whatsapp_business_account""#;
    let stories = [
        app("{}"),
        app(r#"{"object":"user"}"#),
        app(&format!("{{{object}}}")),
        app(&format!(
            r#"{{{object},"callback_url":"https://example.com"}}"#
        )),
        app(&format!(
            r#"{{{object},"callback_url":"https://example.com","verify_token":"x"}}"#
        )),
        app(&format!(
            r#"{{{object},"callback_url":"https://example.com","verify_token":"x","fields":" , "}}"#
        )),
        waba(r#"{"override_callback_uri":"example.com/wa","verify_token":"x"}"#),
        waba(r#"{"override_callback_uri":"ftp://example.com/wa","verify_token":"x"}"#),
        waba(r#"{"override_callback_uri":"https://","verify_token":"x"}"#),
        waba(r#"{"override_callback_uri":["x"],"verify_token":"x"}"#),
        waba(&format!(
            r#"{{"override_callback_uri":"https://example.com","verify_token":"{}"}}"#,
            "x".repeat(513)
        )),
        number("{}"),
        number(r#"{"webhook_configuration":7}"#),
        number(r#"{"webhook_configuration":"{"}"#),
        d360("{}"),
        d360(&long),
    ];
    let mut story = String::new();
    for line in stories {
        writeln!(story, "{line}").expect("a string takes text");
    }
    insta::assert_snapshot!("refused", story);
}
