//! Message templates, at the doors of both dialects and over the control API.

mod limits;
mod media;

use exchange::world::Template;
use reqwest::Method;
use serde_json::{Value, json};
use types::Preset;
use types::preset::Value as Setting;

use crate::business::{APP_SECRET, BOB, Business, OTHER_TOKEN, OTHER_WABA, TOKEN, WABA};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const DELETE: Method = Method::DELETE;

/// 360dialog's page on outbound calls: the permission in upper case, examples in a list of lists.
fn cpr_template() -> Value {
    json!({
        "name": "sample_cpr_template_test",
        "language": "en",
        "category": "MARKETING",
        "components": [
            {
                "type": "BODY",
                "text": "We would like to call you about Order {{1}} containing {{2}}. Can we call you?",
                "example": {"body_text": [["ON-12345", "Avocados"]]}
            },
            {"type": "FOOTER", "text": "Talk to you soon!"},
            {"type": "CALL_PERMISSION_REQUEST"}
        ]
    })
}

/// 360dialog's page on inbound calls: a call button without its time, beside an address.
fn calling_template() -> Value {
    json!({
        "name": "calling_template",
        "category": "MARKETING",
        "language": "en_US",
        "components": [
            {"type": "BODY", "text": "You can call us on WhatsApp now for faster service!"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "VOICE_CALL", "text": "Call Now"},
                    {"type": "URL", "text": "Contact Support", "url": "https://www.luckyshrub.com/support"}
                ]
            }
        ]
    })
}

fn templates() -> String {
    format!("/v24.0/{WABA}/message_templates")
}

fn id_of(body: &str) -> String {
    let body: Value = serde_json::from_str(body).expect("JSON");
    body["id"].as_str().expect("an id").to_owned()
}

async fn create(business: &mut Business, what: &str, template: &Value) -> String {
    let request = business.graph(POST, &templates()).json(template);
    business.tell(what, request).await
}

/// With a callback that takes every field.
async fn start_with(preset: Preset) -> Business {
    Business::start_in(preset, |world| world.callbacks[0].fields.clear()).await
}

fn preset(settings: &[(&str, Setting)]) -> Preset {
    let mut preset = Preset::meta_2026();
    for (name, value) in settings {
        preset.set(name, value.clone()).expect("a setting");
    }
    preset
}

fn word(text: &str) -> Setting {
    Setting::Word(text.to_owned())
}

#[tokio::test]
async fn made_shown_edited_and_removed() {
    let mut business = Business::start().await;
    let id = id_of(&create(&mut business, "make one", &cpr_template()).await);
    create(&mut business, "the same once more", &cpr_template()).await;
    let one = format!("/v24.0/{id}");
    let request = business.graph(GET, &one);
    business.tell("show it", request).await;
    let request = business.graph(GET, &format!("{one}?fields=name,status"));
    business.tell("show some of it", request).await;

    let edited = json!({"components": [
        {"type": "header", "format": "text", "text": "Order {{1}}", "example": {"header_text": ["ON-1"]}},
        {"type": "body", "text": "May we call?"},
        {"type": "call_permission_request"},
    ]});
    let request = business.graph(POST, &one).json(&edited);
    business.tell("edit it", request).await;
    let request = business
        .graph(POST, &one)
        .json(&json!({"category": "UTILITY"}));
    business.tell("another category", request).await;
    let request = business.graph(
        GET,
        &format!("{}?name=sample_cpr_template_test", templates()),
    );
    business.tell("list it", request).await;

    let path = format!("{}?name=another&hsm_id={id}", templates());
    let request = business.graph(DELETE, &path);
    business.tell("remove it under a wrong name", request).await;
    let path = format!("{}?name=sample_cpr_template_test", templates());
    let request = business.graph(DELETE, &path);
    business.tell("remove it", request).await;
    let request = business.graph(DELETE, &path);
    business.tell("once more", request).await;
    let request = business.graph(GET, &one);
    business.tell("it is gone", request).await;
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn of_another_account() {
    let mut business = Business::start().await;
    let id = id_of(&create(&mut business, "make one", &cpr_template()).await);
    let foreign = |business: &Business, method, path: &str| {
        business.request(method, path).bearer_auth(OTHER_TOKEN)
    };
    let one = format!("/v24.0/{id}");
    let edit = json!({"components": []});
    let stories = [
        ("its list", foreign(&business, GET, &templates())),
        ("it", foreign(&business, GET, &one)),
        ("edit it", foreign(&business, POST, &one).json(&edit)),
        ("remove it", foreign(&business, DELETE, &one)),
        (
            "one's own list",
            foreign(&business, GET, &format!("/{OTHER_WABA}/message_templates")),
        ),
        ("no token", business.request(GET, &templates())),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn bodies_that_are_no_templates() {
    let mut business = Business::start().await;
    let with = |components: Value| {
        let mut template = cpr_template();
        template["components"] = components;
        template
    };
    let body = json!({"type": "BODY", "text": "Hello."});
    let stories = [
        ("nothing", json!({})),
        ("no language", json!({"name": "a"})),
        ("no category", json!({"name": "a", "language": "en"})),
        (
            "an unknown category",
            json!({"name": "a", "language": "en", "category": "NEWS", "components": []}),
        ),
        (
            "no components",
            json!({"name": "a", "language": "en", "category": "UTILITY"}),
        ),
        ("components that are none", with(json!({"type": "BODY"}))),
        ("a component that is none", with(json!(["BODY"]))),
        ("a component of no type", with(json!([{"text": "Hello."}]))),
        ("a carousel", with(json!([body, {"type": "CAROUSEL"}]))),
        ("no body", with(json!([{"type": "FOOTER", "text": "Bye"}]))),
        (
            "a header of no format",
            with(json!([body, {"type": "HEADER", "text": "Hi"}])),
        ),
        (
            "a picture",
            with(json!([body, {"type": "HEADER", "format": "IMAGE"}])),
        ),
        (
            "no examples",
            with(json!([{"type": "BODY", "text": "Hello {{1}} there."}])),
        ),
        (
            "a variable at the end",
            with(json!([{"type": "BODY", "text": "Hi {{1}}", "example": {"body_text": [["a"]]}}])),
        ),
        (
            "too long a header",
            with(json!([body, {"type": "HEADER", "format": "TEXT", "text": "x".repeat(61)}])),
        ),
        (
            "a button that is none",
            with(json!([body, {"type": "BUTTONS", "buttons": [{"type": "OTP", "text": "Copy"}]}])),
        ),
        (
            "a permission among the buttons",
            with(
                json!([body, {"type": "BUTTONS", "buttons": [{"type": "CALL_PERMISSION_REQUEST"}]}]),
            ),
        ),
        (
            "too short a time",
            with(json!([body, {"type": "BUTTONS", "buttons": [
                {"type": "VOICE_CALL", "text": "Call", "ttl_minutes": 100}
            ]}])),
        ),
    ];
    for (what, template) in stories {
        create(&mut business, what, &template).await;
    }
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn the_list_in_pages() {
    let mut business = Business::start().await;
    for (name, language) in [("a", "en"), ("a", "de"), ("b", "en"), ("c", "en")] {
        let mut template = calling_template();
        template["name"] = json!(name);
        template["language"] = json!(language);
        create(&mut business, "make one", &template).await;
    }
    business.story();
    let base = format!("{}?fields=name,language", templates());
    let first = business.graph(GET, &format!("{base}&limit=3&summary=total_count"));
    let first = business.tell("three of four", first).await;
    let first: Value = serde_json::from_str(&first).expect("JSON");
    // The next page is where the answer says, wherever the client came in.
    let next = first["paging"]["next"].as_str().expect("a next page");
    let path = next.split_once("/v24.0").expect("the version stays").1;
    let rest = business.graph(GET, &format!("/v24.0{path}"));
    let rest = business.tell("the rest", rest).await;
    let rest: Value = serde_json::from_str(&rest).expect("JSON");
    let before = rest["paging"]["cursors"]["before"]
        .as_str()
        .expect("a cursor");
    let stories = [
        ("back again", format!("{base}&limit=2&before={before}")),
        ("one language", format!("{base}&language=de")),
        ("one name", format!("{base}&name=a")),
        ("none that is rejected", format!("{base}&status=REJECTED")),
        // As Meta's own SDK sends lists.
        (
            "either of two states",
            format!("{base}&status=%5B%22APPROVED%22%2C%22PAUSED%22%5D&limit=1"),
        ),
        (
            "a state that is never met here",
            format!("{base}&status=%5B%22IN_APPEAL%22%5D"),
        ),
        (
            "words of its texts, counted",
            format!("{base}&name_or_content=FASTER&limit=1&summary=total_count"),
        ),
        ("words of no text", format!("{base}&content=slower")),
        ("what users think", format!("{base}&quality_score=GREEN")),
        ("no such quality", format!("{base}&quality_score=SPLENDID")),
        ("no such state", format!("{base}&status=SPLENDID")),
        ("no such cursor", format!("{base}&after=MTAx")),
        ("no such limit", format!("{base}&limit=-1")),
    ];
    for (what, path) in stories {
        let request = business.graph(GET, &path);
        business.tell(what, request).await;
    }
    let story = business.story();
    let host = next.split_once("/v24.0").expect("an address").0;
    insta::assert_snapshot!(story.replace(host, "http://exchange"));
}

#[tokio::test]
async fn an_account_has_only_so_many_names() {
    let few = preset(&[("templates.names_max", Setting::Number(1))]);
    let mut business = Business::start_with(few).await;
    create(&mut business, "the first name", &calling_template()).await;
    let mut german = calling_template();
    german["language"] = json!("de");
    create(&mut business, "another language of it", &german).await;
    create(&mut business, "a second name", &cpr_template()).await;
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn at_360dialog() {
    let mut business = Business::start().await;
    let path = "/v1/configs/templates";
    let stories = [
        (
            "make one",
            business.d360(POST, path).json(&calling_template()),
        ),
        (
            "and another",
            business.d360(POST, path).json(&cpr_template()),
        ),
        (
            "the same once more",
            business.d360(POST, path).json(&cpr_template()),
        ),
        ("list them", business.d360(GET, path)),
        (
            "the second of them",
            business.d360(GET, &format!("{path}?limit=1&offset=1")),
        ),
        (
            "by name",
            business.d360(GET, path).query(&[
                (
                    "filters",
                    r#"{"business_templates.name": "calling_template"}"#,
                ),
                ("sort", "-business_templates.name"),
            ]),
        ),
        (
            "by what there is not",
            business
                .d360(GET, path)
                .query(&[("filters", r#"{"colour": "red"}"#)]),
        ),
        (
            "sorted by what there is not",
            business.d360(GET, &format!("{path}?sort=colour")),
        ),
        (
            "remove one",
            business.d360(DELETE, &format!("{path}/calling_template")),
        ),
        (
            "once more",
            business.d360(DELETE, &format!("{path}/calling_template")),
        ),
        (
            "they are Meta's as well",
            business.graph(GET, &format!("{}?fields=name", templates())),
        ),
        (
            "a token is no key",
            business.request(GET, path).bearer_auth(TOKEN),
        ),
    ];
    for (what, request) in stories {
        business.tell(what, request).await;
    }
    insta::assert_snapshot!(business.story());
}

/// What became of a template, as its account hears it.
async fn hear(business: &Business, event: &str) -> Value {
    let told = |it: &&testkit::webhook::Delivery| it.value()["event"] == event;
    let delivery = business
        .receiver
        .wait_for(|all| all.iter().find(told).cloned())
        .await;
    assert!(delivery.is_signed_with(APP_SECRET));
    delivery.json
}

#[tokio::test]
async fn the_account_hears_what_becomes_of_a_template() {
    let mut business = start_with(Preset::meta_2026()).await;
    let id = id_of(&create(&mut business, "make one", &cpr_template()).await);
    let mut heard = vec![hear(&business, "APPROVED").await];
    let review = format!("/templates/{id}/review");
    for (outcome, event) in [
        ("pause", "PAUSED"),
        ("reinstate", "REINSTATED"),
        ("disable", "DISABLED"),
    ] {
        let outcome = json!({"outcome": outcome});
        business.control(POST, &review, outcome).await;
        heard.push(hear(&business, event).await);
    }
    // A disabled one cannot be removed.
    business
        .control(POST, &review, json!({"outcome": "reinstate"}))
        .await;
    let request = business.graph(DELETE, &format!("/v24.0/{id}"));
    business.tell("remove it", request).await;
    heard.push(hear(&business, "PENDING_DELETION").await);
    let heard = serde_json::to_string_pretty(&heard).expect("JSON");
    insta::assert_snapshot!(heard.replace(&id, "1"));
}

#[tokio::test]
async fn a_number_with_a_webhook_of_360dialogs_way_hears_as_well() {
    let mut business = start_with(Preset::meta_2026()).await;
    let url = business.receiver.url_at("/d360");
    let request = business
        .d360(POST, "/v1/configs/webhook")
        .json(&json!({"url": url}));
    business.tell("set the webhook", request).await;
    let request = business
        .d360(POST, "/v1/configs/templates")
        .json(&calling_template());
    business.tell("make one", request).await;
    let both = business.receiver.wait_for_count(2).await;
    let mut paths: Vec<&str> = both.iter().map(|it| it.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/app", "/d360"]);
    assert_eq!(both[0].json, both[1].json);
}

#[tokio::test]
async fn a_review_takes_its_time_and_may_turn_down() {
    let slow = preset(&[
        ("templates.review", word("reject")),
        ("templates.review_after_ms", Setting::Number(60_000)),
        ("templates.rejected_reason", word("PROMOTIONAL")),
    ]);
    let mut business = start_with(slow).await;
    let id = id_of(&create(&mut business, "make one", &cpr_template()).await);
    business.wait_ms(59_999).await;
    assert!(business.receiver.deliveries().is_empty());
    business.wait_ms(1).await;
    let heard = hear(&business, "REJECTED").await;
    let heard = serde_json::to_string_pretty(&heard).expect("JSON");
    insta::assert_snapshot!(heard.replace(&id, "1"));
    let request = business.graph(GET, &format!("/{id}?fields=status,rejected_reason"));
    let shown = business.tell("it is rejected", request).await;
    assert!(shown.contains("PROMOTIONAL"), "{shown}");
}

#[tokio::test]
async fn over_the_control_api() {
    let patient = preset(&[("templates.review", word("wait"))]);
    let mut business = Business::start_in(patient, |world| {
        let Value::Object(parameters) = calling_template() else {
            unreachable!("an object");
        };
        world.templates.push(Template {
            waba: WABA.parse().expect("an id"),
            parameters,
        });
    })
    .await;
    let id = id_of(&create(&mut business, "make one", &cpr_template()).await);
    let one = format!("/templates/{id}");
    let review = format!("{one}/review");
    let behind = format!("/templates?after={id}");
    let nothing = Value::Null;
    let stories = [
        ("all", GET, "/templates", nothing.clone()),
        ("one a page", GET, "/templates?rows=1", nothing.clone()),
        ("behind it", GET, &behind, nothing.clone()),
        ("one", GET, &one, nothing.clone()),
        (
            "pause it too early",
            POST,
            &review,
            json!({"outcome": "pause"}),
        ),
        (
            "reject it",
            POST,
            &review,
            json!({"outcome": "reject", "reason": "SCAM"}),
        ),
        (
            "approve it on appeal",
            POST,
            &review,
            json!({"outcome": "approve"}),
        ),
        (
            "no such outcome",
            POST,
            &review,
            json!({"outcome": "praise"}),
        ),
        ("no such template", GET, "/templates/1", nothing.clone()),
    ];
    let mut story = String::new();
    for (what, method, path, body) in stories {
        let (status, answer) = business.ask_control(method, path, &body).await;
        let answer = serde_json::to_string_pretty(&answer).expect("JSON");
        story.push_str(&format!("{what}\n= {status}\n{answer}\n\n"));
    }
    let path = format!("/templates?name=calling_template&waba_id={WABA}");
    let configured = business.control(GET, &path, Value::Null).await;
    let configured = configured["data"][0]["template_id"]
        .as_str()
        .expect("an id");
    insta::assert_snapshot!(
        story
            .replace(&id, "<made>")
            .replace(configured, "<configured>")
    );
}

#[tokio::test]
async fn a_paused_template_is_unpaused_by_its_business() {
    let mut business = Business::start().await;
    let id = id_of(&create(&mut business, "make one", &cpr_template()).await);
    let unpause = format!("/v24.0/{id}/unpause");
    let request = business.graph(POST, &unpause);
    business.tell("too early", request).await;
    let review = format!("/templates/{id}/review");
    business
        .control(POST, &review, json!({"outcome": "pause"}))
        .await;
    let request = business.graph(POST, &unpause);
    business.tell("unpaused", request).await;
    let request = business.graph(GET, &format!("/{id}?fields=status"));
    business.tell("approved again", request).await;
    insta::assert_snapshot!(business.story().replace(&id, "<id>"));
}

/// Sends a template to Bob, and shows what he sees of it.
async fn sent_to_bob(business: &mut Business, what: &str, template: Value) -> Value {
    let body = json!({
        "messaging_product": "whatsapp", "to": BOB, "type": "template", "template": template,
    });
    let answer = business.message(what, &body).await;
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let Some(id) = answer["messages"][0]["id"].as_str() else {
        return Value::Null;
    };
    let path = format!("/messages/{id}");
    let message = business.control(GET, &path, Value::Null).await;
    message["content"].clone()
}

#[tokio::test]
async fn the_templates_of_the_documents_are_sent() {
    let mut business = Business::start().await;
    create(&mut business, "the one that asks", &cpr_template()).await;
    let request = business
        .d360(POST, "/v1/configs/templates")
        .json(&calling_template());
    business.tell("the one that calls", request).await;
    business.story();

    let ask = json!({
        "name": "sample_cpr_template_test", "language": {"code": "en"},
        "components": [{"type": "body", "parameters": [
            {"type": "text", "text": "ON-12345"}, {"type": "text", "text": "Avocados"}
        ]}],
    });
    let asked = sent_to_bob(&mut business, "ask", ask.clone()).await;
    let call = json!({"name": "calling_template", "language": {"code": "en_US"}});
    let plain = sent_to_bob(&mut business, "a button", call).await;
    let call = json!({
        "name": "calling_template", "language": {"code": "en_US"},
        "components": [{"type": "button", "sub_type": "voice_call", "parameters": [
            {"type": "ttl_minutes", "ttl_minutes": 100}, {"type": "payload", "payload": "order 7"}
        ]}],
    });
    let payload = sent_to_bob(&mut business, "a button with a payload", call).await;
    // Once a day, by template as well.
    sent_to_bob(&mut business, "ask again", ask).await;
    let shown = serde_json::to_string_pretty(&json!([asked, plain, payload])).expect("JSON");
    insta::assert_snapshot!("what_bob_sees", shown);
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn what_does_not_fit_is_not_sent() {
    let mut business = Business::start().await;
    let made = create(&mut business, "one that asks", &cpr_template()).await;
    let review = format!("/templates/{}/review", id_of(&made));
    let mut address = calling_template();
    address["components"][1]["buttons"][1]["url"] = json!("https://www.luckyshrub.com/{{1}}");
    address["components"][1]["buttons"][1]["example"] = json!(["support"]);
    create(&mut business, "one with an address", &address).await;
    business.story();

    let ask = |first: Value| {
        json!({
            "name": "sample_cpr_template_test", "language": {"code": "en"},
            "components": [{"type": "body", "parameters": [first, {"type": "text", "text": "b"}]}],
        })
    };
    let text = |text: &str| json!({"type": "text", "text": text});
    let good = ask(text("a"));
    let mut other_language = good.clone();
    other_language["language"] = json!({"code": "de"});
    let stories = [
        ("another language", other_language),
        (
            "no parameters",
            json!({"name": "sample_cpr_template_test", "language": {"code": "en"}}),
        ),
        ("two lines", ask(text("a\nb"))),
        ("too long", ask(text(&"x".repeat(1_000)))),
        (
            "a picture",
            ask(json!({"type": "image", "image": {"id": "1"}})),
        ),
        (
            "no end of the address",
            json!({"name": "calling_template", "language": {"code": "en_US"}}),
        ),
        (
            "a button that is not there",
            json!({
                "name": "calling_template", "language": {"code": "en_US"},
                "components": [{"type": "button", "sub_type": "quick_reply", "index": 5, "parameters": [
                    {"type": "payload", "payload": "x"}
                ]}],
            }),
        ),
    ];
    for (what, template) in stories {
        sent_to_bob(&mut business, what, template).await;
    }
    for (outcome, what) in [("pause", "a paused one"), ("disable", "a disabled one")] {
        let outcome = json!({"outcome": outcome});
        business.control(POST, &review, outcome).await;
        sent_to_bob(&mut business, what, good.clone()).await;
    }
    insta::assert_snapshot!(business.story());
}

#[tokio::test]
async fn a_template_under_review_is_not_there_yet() {
    let patient = preset(&[("templates.review", word("wait"))]);
    let mut business = Business::start_with(patient).await;
    create(&mut business, "make one", &calling_template()).await;
    let call = json!({"name": "calling_template", "language": {"code": "en_US"}});
    sent_to_bob(&mut business, "send it", call).await;
    insta::assert_snapshot!(business.story());
}

/// The preset of the older documents has a code of its own for this.
#[tokio::test]
async fn a_preset_chooses_the_code_for_line_breaks() {
    let mut business = Business::start_with(Preset::seeds_2025()).await;
    create(&mut business, "make one", &cpr_template()).await;
    let two_lines = json!({"type": "text", "text": "a\nb"});
    let ask = json!({
        "name": "sample_cpr_template_test", "language": {"code": "en"},
        "components": [{"type": "body", "parameters": [two_lines, two_lines]}],
    });
    business.story();
    sent_to_bob(&mut business, "two lines", ask).await;
    let story = business.story();
    assert!(story.contains("\"code\": 132007"), "{story}");
}
