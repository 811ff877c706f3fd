//! Templates filled in, and what does not fit into them.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;

/// What a message brings, from lines such as `header: a`, `body: a; b`, `body: name is a`,
/// `image: body`, `voice_call: 100, payload`, `voice_call@1:`, `url@0: x`, `reply@0: payload`.
#[track_caller]
fn call(text: &str) -> TemplateCall {
    let mut call = TemplateCall {
        name: "order_update".to_owned(),
        language: "en_US".to_owned(),
        header: Vec::new(),
        body: Vec::new(),
        buttons: Vec::new(),
    };
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let (key, value) = line.split_once(':').expect("`<key>: <value>`");
        let value = value.trim();
        let (key, index) = match key.split_once('@') {
            None => (key, None),
            Some((key, index)) => (key, Some(index.parse().expect("a place"))),
        };
        let place = index.unwrap_or_default();
        match key {
            "header" => call.header = value.split("; ").map(parameter).collect(),
            "body" => call.body = value.split("; ").map(parameter).collect(),
            "image" => call.body.push(media("IMAGE, link https://e.com/a.png")),
            "media" => call.header.push(media(value)),
            "place" => call.header.push(somewhere(value)),
            "sticker" => call.header.push(Parameter {
                name: None,
                value: ParameterValue::Other("sticker".to_owned()),
            }),
            "voice_call" => {
                let (ttl, payload) = value.split_once(", ").unwrap_or((value, ""));
                call.buttons.push(ButtonCall::VoiceCall {
                    index,
                    ttl_minutes: ttl.parse().ok(),
                    payload: (!payload.is_empty()).then(|| payload.to_owned()),
                });
            }
            "url" => call.buttons.push(ButtonCall::Url {
                index: place,
                text: value.to_owned(),
            }),
            "reply" => call.buttons.push(ButtonCall::QuickReply {
                index: place,
                payload: Some(value.to_owned()),
            }),
            other => panic!("no such line: {other}"),
        }
    }
    call
}

/// `IMAGE, link https://e.com/a.png`, `DOCUMENT, id 7, terms.pdf`.
fn media(text: &str) -> Parameter {
    let mut words = text.split(", ");
    let mut word = || words.next();
    let format = word().expect("a format").parse().expect("a format");
    let (how, at) = word().and_then(|it| it.split_once(' ')).expect("a source");
    let at = at.to_owned();
    let value = ParameterValue::Media(Media {
        format,
        source: if how == "link" {
            MediaSource::Link(at)
        } else {
            MediaSource::Id(at)
        },
        filename: word().map(str::to_owned),
    });
    Parameter { name: None, value }
}

/// `52.5 13.4 name/address`, either of which may be empty.
fn somewhere(text: &str) -> Parameter {
    let mut words = text.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (latitude, longitude) = (word().to_owned(), word().to_owned());
    let (name, address) = word().split_once('/').unwrap_or_default();
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let value = ParameterValue::Place(Place {
        latitude,
        longitude,
        name: said(name),
        address: said(address),
    });
    Parameter { name: None, value }
}

fn parameter(text: &str) -> Parameter {
    let (name, text) = match text.split_once(" is ") {
        None => (None, text),
        Some((name, text)) => (Some(name.to_owned()), text),
    };
    Parameter {
        name,
        value: ParameterValue::Text(text.replace("\\n", "\n").replace("\\t", "\t")),
    }
}

/// What a phone shows, one part a line, or why not.
#[track_caller]
fn shown(of: &str, with: &str) -> String {
    let template = template(of);
    check(&template).expect("a good template");
    let filled = match fill(&template, &call(with)) {
        Ok(filled) => filled,
        Err(unfit) => return unfit.to_string(),
    };
    let mut shown = String::new();
    let mut line = |text: &str| writeln!(shown, "{text}").expect("a string takes text");
    filled.header.iter().for_each(|it| line(it));
    line(&filled.body);
    filled.footer.iter().for_each(|it| line(it));
    for button in &filled.buttons {
        line(&match button {
            FilledButton::VoiceCall {
                text,
                ttl_minutes,
                payload,
            } => format!("[{text}] calls for {ttl_minutes} min, {payload:?}"),
            FilledButton::Url { text, url } => format!("[{text}] opens {url}"),
            FilledButton::PhoneNumber { text, phone_number } => {
                format!("[{text}] dials {phone_number}")
            }
            FilledButton::QuickReply { text, payload } => format!("[{text}] answers {payload:?}"),
        });
    }
    if filled.asks_permission {
        line("May we call you?");
    }
    shown
}

#[track_caller]
fn shows(of: &str, with: &str, wanted: &str) {
    let wanted: String = wanted
        .lines()
        .map(|it| format!("{}\n", it.trim()))
        .collect();
    assert_eq!(shown(of, with), wanted);
}

#[track_caller]
fn refuses(of: &str, with: &str, wanted: &str) {
    assert_eq!(shown(of, with), wanted);
}

const ORDER: &str = "body: Order {{1}} has {{2}}, yes {{1}}. = a; b";
const NAMED: &str = "named\nbody: Dear {{first_name}}, order {{order}} is here. \
    = first_name is a; order is b";

#[test]
fn by_place() {
    shows(
        ORDER,
        "body: ON-1; Avocados",
        "Order ON-1 has Avocados, yes ON-1.",
    );
    shows(
        "header: About {{1}} = a\nbody: Hello.\nfooter: Bye\npermission",
        "header: ON-1",
        "About ON-1\nHello.\nBye\nMay we call you?",
    );
    // What stands for a variable is not looked through again.
    shows(
        ORDER,
        "body: {{2}}; {{1}}",
        "Order {{2}} has {{1}}, yes {{2}}.",
    );
    // Names are of no use where variables are numbered, and of no harm.
    shows(ORDER, "body: x is A; y is B", "Order A has B, yes A.");
}

#[test]
fn by_name() {
    shows(
        NAMED,
        "body: order is ON-1; first_name is Pablo",
        "Dear Pablo, order ON-1 is here.",
    );
    refuses(
        NAMED,
        "body: ON-1; Pablo",
        "The variables in BODY of the template have names. Send each parameter with its \
         parameter_name.",
    );
    for with in [
        "body: order is a; name is b",
        "body: order is a; order is b",
    ] {
        let name = if with.contains("name") {
            "name"
        } else {
            "order"
        };
        refuses(
            NAMED,
            with,
            &format!(
                "BODY of the template has no variable {name:?} that this message has not filled in. \
                 Send each name once, as the template spells it."
            ),
        );
    }
}

#[test]
fn too_few_and_too_many() {
    for (of, with, part, variables, parameters) in [
        (ORDER, "", "BODY", "2 variables", "no parameters"),
        (ORDER, "body: a", "BODY", "2 variables", "1 parameter"),
        (
            ORDER,
            "body: a; b; c",
            "BODY",
            "2 variables",
            "3 parameters",
        ),
        (
            NAMED,
            "body: order is a",
            "BODY",
            "2 variables",
            "1 parameter",
        ),
        (
            "body: Hello.",
            "body: a",
            "BODY",
            "no variables",
            "1 parameter",
        ),
        (
            "body: Hello.",
            "header: a",
            "HEADER",
            "no variables",
            "1 parameter",
        ),
        (
            "body: Hello.\nurl: Open, https://e.com/{{1}} = x",
            "",
            "buttons[0]",
            "1 variable",
            "no parameters",
        ),
        (
            "body: Hello.\nurl: Open, https://e.com/",
            "url@0: x",
            "buttons[0]",
            "no variables",
            "1 parameter",
        ),
    ] {
        refuses(
            of,
            with,
            &format!(
                "{part} of the template has {variables} and the message brings {parameters}. Send \
                 one for each."
            ),
        );
    }
}

#[test]
fn what_cannot_stand_for_a_variable() {
    refuses(
        "body: Order {{1}} is here. = a",
        "image: body",
        "BODY of the template takes text and the message brings a parameter of the type \"image\". \
         Send one of the type text.",
    );
    for text in ["two\\nlines", "a\\ttab", "five     spaces"] {
        refuses(
            ORDER,
            &format!("body: {text}; b"),
            "A parameter for BODY has a line break, a tab or more than 4 spaces in a row. Put them \
             into the template's own text.",
        );
    }
    shows(
        ORDER,
        "body: four    spaces; b",
        "Order four    spaces has b, yes four    spaces.",
    );
    refuses(
        ORDER,
        "body: ; b",
        "A parameter for BODY says nothing. Send a text for each variable.",
    );
}

const PICTURE: &str = "media: IMAGE, 4::aW\nbody: Hello.";

#[test]
fn headers_that_are_looked_at() {
    for (of, with, line) in [
        (
            PICTURE,
            "media: IMAGE, link https://e.com/a.png",
            "Image: https://e.com/a.png",
        ),
        (PICTURE, "media: IMAGE, id 7", "Image: media 7"),
        (
            "media: VIDEO, 4::aW\nbody: Hello.",
            "media: VIDEO, id 7",
            "Video: media 7",
        ),
        (
            "media: DOCUMENT, 4::aW\nbody: Hello.",
            "media: DOCUMENT, link https://e.com/1, terms.pdf",
            "Document: terms.pdf",
        ),
        (
            "media: LOCATION\nbody: Hello.",
            "place: 52.5 13.4 Acme/1 Main Street",
            "Location: Acme, 1 Main Street (52.5, 13.4)",
        ),
        (
            "media: LOCATION\nbody: Hello.",
            "place: 52.5 13.4 Acme/",
            "Location: Acme (52.5, 13.4)",
        ),
        (
            "media: LOCATION\nbody: Hello.",
            "place: 52.5 13.4",
            "Location: 52.5, 13.4",
        ),
    ] {
        shows(of, with, &format!("{line}\nHello."));
    }
}

#[test]
fn headers_that_are_looked_at_and_given_something_else() {
    let mismatch = |got: &str| {
        format!(
            "HEADER: format mismatch, expected IMAGE, received {got}. Send one parameter of that type."
        )
    };
    refuses(
        PICTURE,
        "",
        "HEADER: format mismatch, expected IMAGE, received UNKNOWN. Send a header component with one \
         parameter of that type.",
    );
    refuses(PICTURE, "media: VIDEO, id 7", &mismatch("VIDEO"));
    refuses(PICTURE, "place: 52.5 13.4", &mismatch("LOCATION"));
    refuses(PICTURE, "header: a", &mismatch("TEXT"));
    refuses(PICTURE, "sticker:", &mismatch("STICKER"));
    refuses(
        PICTURE,
        "media: IMAGE, id 7\nmedia: IMAGE, id 8",
        "HEADER of the template is one IMAGE and the message brings 2 parameters. Send one.",
    );
    refuses(
        "header: About {{1}} = a\nbody: Hello.",
        "media: IMAGE, id 7",
        "HEADER of the template takes text and the message brings a parameter of the type \"image\". \
         Send one of the type text.",
    );
    refuses(
        "body: Hello.",
        "media: IMAGE, id 7",
        "HEADER of the template has no variables and the message brings 1 parameter. Send one for \
         each.",
    );
}

#[test]
fn too_long_when_filled_in() {
    let long = |chars: usize| "x".repeat(chars);
    refuses(
        "header: About {{1}} = a\nbody: Hello.",
        &format!("header: {}", long(55)),
        "HEADER has 61 characters when it is filled in. At most 60 are allowed: send shorter \
         parameters.",
    );
    refuses(
        "body: Order {{1}}! = a\nfooter: Bye",
        &format!("body: {}", long(1_018)),
        "BODY has 1025 characters when it is filled in. At most 1024 are allowed: send shorter \
         parameters.",
    );
    // A body that stands alone may grow.
    let alone = "body: Order {{1}}! = a";
    assert!(shown(alone, &format!("body: {}", long(32_761))).ends_with("x!\n"));
    refuses(
        alone,
        &format!("body: {}", long(32_762)),
        "BODY has 32769 characters when it is filled in. At most 32768 are allowed: send shorter \
         parameters.",
    );
    refuses(
        "body: Hello.\nurl: Open, https://e.com/{{1}} = x",
        &format!("url@0: {}", long(1_987)),
        "buttons[0] has 2001 characters when it is filled in. At most 2000 are allowed: send shorter \
         parameters.",
    );
}

const BUTTONS: &str = "body: Hello.\nvoice_call: Call now, 1440\n\
    url: Shop, https://e.com/{{1}} = x\nphone: Dial, +4915\nreply: No";

#[test]
fn buttons_are_given_what_they_need() {
    shows(
        BUTTONS,
        "url@1: shoes",
        "Hello.
         [Call now] calls for 1440 min, None
         [Shop] opens https://e.com/shoes
         [Dial] dials +4915
         [No] answers None",
    );
    shows(
        BUTTONS,
        "reply@3: no thanks\nurl@1: x\nvoice_call: 100, order 7",
        "Hello.
         [Call now] calls for 100 min, Some(\"order 7\")
         [Shop] opens https://e.com/x
         [Dial] dials +4915
         [No] answers Some(\"no thanks\")",
    );
    shows(
        "body: Hello.\nvoice_call: Call",
        "",
        "Hello.\n[Call] calls for 10080 min, None",
    );
}

#[test]
fn buttons_that_are_not_there() {
    refuses(
        BUTTONS,
        "url@0: x",
        "The template has no button of the type URL with the index 0. Count its buttons from 0.",
    );
    refuses(
        BUTTONS,
        "reply@9: x",
        "The template has no button of the type QUICK_REPLY with the index 9. Count its buttons from \
         0.",
    );
    refuses(
        "body: Hello.",
        "voice_call: 100",
        "The template has no button of the type VOICE_CALL. Leave its parameters out.",
    );
    refuses(
        BUTTONS,
        "voice_call: 100\nvoice_call@0: 100",
        "The message brings parameters for the button with the index 0 twice. Send them in one \
         component.",
    );
    for ttl in [0, 43_201] {
        refuses(
            BUTTONS,
            &format!("url@1: x\nvoice_call: {ttl}"),
            &format!("ttl_minutes is {ttl}. A call button works for 1 to 43200 minutes."),
        );
    }
    refuses(
        BUTTONS,
        &format!("voice_call: 100, {}", "x".repeat(513)),
        "payload has 513 characters. At most 512 are allowed.",
    );
}

proptest! {
    /// Whatever may be kept can be filled in, and nothing of a variable is left.
    #[test]
    fn nothing_of_a_variable_is_left(
        words in prop::collection::vec("[a-zöé,.!]{1,9}", 2..8),
        values in prop::collection::vec("[A-Za-z0-9ö ]{0,8}[A-Za-z]", 1..7),
    ) {
        let count = values.len().min(words.len() - 1);
        let mut text = words[0].clone();
        for (n, word) in (1..=count).zip(&words[1..]) {
            text.push_str(&format!(" {{{{{n}}}}} {word}"));
        }
        let values: Vec<&str> = values[..count].iter().map(|it| it.trim()).collect();
        let template = Template {
            components: vec![Component::Body(TemplateText {
                text,
                examples: Examples::ByPlace(values.iter().map(|&it| it.to_owned()).collect()),
            })],
            ..template("")
        };
        prop_assert_eq!(check(&template), Ok(()));
        prop_assume!(values.iter().all(|it| !it.contains("     ")));
        let mut with = call("");
        with.body = values.iter().map(|it| parameter(it)).collect();
        let filled = fill(&template, &with).expect("it fits");
        prop_assert!(!filled.body.contains("{{"), "{}", filled.body);
        for value in values {
            prop_assert!(filled.body.contains(value), "{} in {}", value, filled.body);
        }
    }

    /// No text, however odd, breaks the check or the filling.
    #[test]
    fn nothing_panics(
        text in "(\\PC|\\{\\{|\\}\\}|[0-9a-z_{} \n]){0,40}",
        examples in prop::collection::vec(".{0,4}", 0..3),
        named: bool,
    ) {
        let text = TemplateText { text, examples: Examples::ByPlace(examples.clone()) };
        let mut odd = template("");
        if named {
            odd.variables = VariableNames::Named;
        }
        odd.components = vec![
            Component::Header(text.clone()),
            Component::Body(text.clone()),
            Component::Footer(text.text.clone()),
            Component::Buttons(vec![Button::Url {
                text: text.text.clone(),
                url: format!("https://e{}", text.text),
                example: None,
            }]),
        ];
        if let Err(fault) = check(&odd) {
            prop_assert!(!fault.to_string().is_empty());
        }
        let mut with = call("url@0: x");
        with.body = examples.iter().map(|it| parameter(it)).collect();
        with.header.clone_from(&with.body);
        if let Err(unfit) = fill(&odd, &with) {
            prop_assert!(!unfit.to_string().is_empty());
        }
    }
}

#[test]
fn what_a_message_says_is_not_shown_in_logs() {
    let filled = fill(&template(ORDER), &call("body: secret; more")).expect("it fits");
    assert!(!format!("{filled:?}").contains("secret"));
}
