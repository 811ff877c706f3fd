//! Every fault as the sentence that a business reads.

use super::*;

/// Checks a template; `body` stands for one that is good.
#[track_caller]
fn check_says(text: &str, fault: &str) {
    let text = text.replace("<body>", "body: We have your order.");
    let told = check(&template(&text));
    let told = told.map_or_else(|fault| fault.to_string(), |()| "good".to_owned());
    assert_eq!(told, fault, "{text}");
}

#[test]
fn templates_that_are_good() {
    for text in [
        "<body>",
        "header: Order {{1}} = ON-1\n<body>\nfooter: Bye\npermission",
        "body: We would like to call you about Order {{1}} containing {{2}}. Can we call you? = \
         ON-12345; Avocados\nfooter: Talk to you soon!\npermission",
        "<body>\nvoice_call: Call Now\nurl: Shop Now, https://www.luckyshrub.com/shop/",
        "<body>\nvoice_call: Call Now, 1440",
        "<body>\nvoice_call: Call Now, 43200\npermission",
        "<body>\nreply: Yes\nreply: No\nphone: Dial, +1 (555) 000-1111",
        "<body>\nphone: Dial, 15550001111\nreply: Yes\nreply: No",
        "<body>\nurl: Shop, https://example.com/{{1}} = https://example.com/shoes",
        "named\nbody: Hello {{first_name}}, order {{order}} is here. = order is A; first_name is B",
        "named\nheader: Sale on {{day_1}} = day_1 is Monday\n<body>",
        "body: Hello {{2}} and {{1}}, and {{1}} again! = a; b",
        "body: First line\\n*bold* and 🎉 = an example; that nobody needs",
        "language: pt_BR\n<body>",
        "media: IMAGE, 4::aW\n<body>\nfooter: Bye\npermission",
        "media: DOCUMENT, 4::aW\n<body>\nvoice_call: Call Now",
        "media: LOCATION\n<body>",
        "authentication\n<body>",
    ] {
        check_says(text, "good");
    }
}

#[test]
fn name_language_and_category() {
    check_says(
        "name: Order Update\n<body>",
        "name may have lower-case letters, digits and underscores only, such as order_update.",
    );
    check_says(
        "name:\n<body>",
        "name says nothing. Give it a text, or leave it out.",
    );
    let long = "a".repeat(TEMPLATE_NAME_CHARS_MAX + 1);
    check_says(
        &format!("name: {long}\n<body>"),
        "name has 513 characters. At most 512 are allowed.",
    );
    check_says(
        "language: en-US\n<body>",
        "There are no templates in this language. Did you mean en_US?",
    );
    check_says(
        "language: de_LU\n<body>",
        "There are no templates in this language. Did you mean de?",
    );
    check_says(
        "language: klingon\n<body>",
        "There are no templates in this language. Send one of Meta's codes, such as en_US.",
    );
    check_says(
        "authentication\n<body>\npermission",
        "call_permission_request cannot stand in a template of the category AUTHENTICATION. Choose \
         MARKETING or UTILITY.",
    );
}

#[test]
fn parts_that_are_missing_empty_or_too_many() {
    check_says(
        "footer: Bye\npermission",
        "The component BODY is missing. Every template needs one, with its text.",
    );
    for (text, part) in [
        ("<body>\n<body>", "BODY"),
        ("header: One\nheader: Two\n<body>", "HEADER"),
        ("header: One\nmedia: IMAGE, 4::aW\n<body>", "HEADER"),
        ("<body>\nfooter: One\nfooter: Two", "FOOTER"),
        ("<body>\npermission\npermission", "call_permission_request"),
        ("<body>\nno buttons\nreply: Yes", "BUTTONS"),
    ] {
        check_says(
            text,
            &format!("The component {part} stands twice. A template has one of each at most."),
        );
    }
    for (text, part) in [
        ("body:", "BODY"),
        ("header:\n<body>", "HEADER"),
        ("<body>\nfooter:", "FOOTER"),
        ("<body>\nno buttons", "BUTTONS"),
        ("<body>\nreply:", "buttons[0]"),
    ] {
        check_says(
            text,
            &format!("{part} says nothing. Give it a text, or leave it out."),
        );
    }
}

#[test]
fn parts_that_are_too_long() {
    for (text, part, max) in [
        ("body: <long>", "BODY", 1_024),
        ("header: <long>\n<body>", "HEADER", 60),
        ("<body>\nfooter: <long>", "FOOTER", 60),
        ("<body>\nvoice_call: <long>", "buttons[0]", 20),
        ("<body>\nreply: Yes\nreply: <long>", "buttons[1]", 25),
        ("<body>\nphone: Dial, <long>", "buttons[0]", 20),
        ("<body>\nurl: Open, <long>", "buttons[0]", 2_000),
    ] {
        let chars = max + 1;
        // Two bytes each: characters count, not bytes.
        let long = "ö".repeat(chars);
        check_says(
            &text.replace("<long>", &long),
            &format!("{part} has {chars} characters. At most {max} are allowed."),
        );
    }
}

#[test]
fn variables_that_cannot_be() {
    let malformed = "BODY has {{ without a variable. Write variables as {{1}}, or as \
         {{order_number}} with parameter_format NAMED.";
    for text in [
        "Hi {{1, you",
        "Hi {{}} you",
        "Hi {{ 1 }} you",
        "Hi {{0}} x",
        "Hi {{01}} x",
        "Hi {{A}} x",
    ] {
        check_says(&format!("body: {text} = a"), malformed);
    }
    check_says(
        "body: Hi {{name}} there = a",
        "BODY has a variable with a name. Number them from {{1}} on, or send \"parameter_format\": \
         \"NAMED\".",
    );
    check_says(
        "named\nbody: Hi {{1}} there = a",
        "BODY has a numbered variable, and parameter_format is NAMED. Give it a name such as \
         {{order_number}}, or send \"parameter_format\": \"POSITIONAL\".",
    );
    check_says(
        "body: Hi {{1}} and {{3}} there = a; b",
        "BODY has no variable {{2}} and one with a higher number. Number them from 1 without a gap.",
    );
    check_says(
        "header: {{1}} and {{2}} = a; b\n<body>",
        "HEADER can have 1 variable. Write the others out.",
    );
    for text in ["{{1}} is here", "Here is {{1}}", "Here is {{1}} "] {
        check_says(
            &format!("body: {text} = a"),
            "BODY begins or ends with a variable. Put words before the first and after the last \
             one.",
        );
    }
    for (text, part) in [
        ("<body>\nfooter: Bye {{1}}", "FOOTER"),
        ("<body>\nreply: Yes {{1}}", "buttons[0]"),
        ("<body>\nvoice_call: Call {{1", "buttons[0]"),
    ] {
        check_says(
            text,
            &format!("{part} cannot have a variable. Write out its text."),
        );
    }
}

#[test]
fn examples_that_are_missing() {
    check_says(
        "body: Hi {{1}} and {{2}} there",
        "BODY has 2 variables and no examples. Send one for each in example.body_text.",
    );
    check_says(
        "body: Hi {{1}} and {{2}} there = a",
        "BODY has 2 variables and 1 example. Send one for each in example.body_text.",
    );
    check_says(
        "header: Hi {{1}}\n<body>",
        "HEADER has 1 variable and no examples. Send one for each in example.header_text.",
    );
    check_says(
        "named\nbody: Hi {{name}} there = a",
        "BODY has 1 variable and no examples. Send one for each in example.body_text_named_params.",
    );
    check_says(
        "named\nheader: Hi {{name}}\n<body>",
        "HEADER has 1 variable and no examples. Send one for each in \
         example.header_text_named_params.",
    );
    check_says(
        "named\nbody: Hi {{name}} there = nam is a",
        "BODY has the variable {{name}} and no example of it. Send one with this param_name in \
         example.",
    );
    check_says(
        "<body>\nurl: Open, https://example.com/{{1}}",
        "buttons[0] has 1 variable and no examples. Send one for each in example.",
    );
}

#[test]
fn headers_and_footers_are_plain() {
    for (text, part) in [
        ("header: Two\\nlines\n<body>", "HEADER"),
        ("header: So *bold*\n<body>", "HEADER"),
        ("header: Party 🎉\n<body>", "HEADER"),
        ("<body>\nfooter: Party 🎉", "FOOTER"),
    ] {
        check_says(
            text,
            &format!(
                "{part} has a line break, an emoji or a sign of formatting. Only BODY may have \
                 them."
            ),
        );
    }
}

#[test]
fn buttons_that_cannot_be() {
    let many = "reply: Yes\n".repeat(11);
    check_says(
        &format!("<body>\n{many}"),
        "BUTTONS has too many buttons. At most 10 are allowed.",
    );
    for (line, of, max) in [
        ("voice_call: Call\n", "VOICE_CALL", 1),
        ("phone: Dial, 4915\n", "PHONE_NUMBER", 1),
        ("url: Open, https://example.com\n", "URL", 2),
    ] {
        check_says(
            &format!("<body>\n{}", line.repeat(max + 1)),
            &format!("BUTTONS has too many buttons of the type {of}. At most {max} are allowed."),
        );
    }
    check_says(
        "<body>\nreply: Yes\nphone: Dial, 4915\nreply: No",
        "BUTTONS has buttons of the type QUICK_REPLY between other ones. Put them all before or all \
         after the others.",
    );
    for ttl in [0, 1_439, 43_201] {
        check_says(
            &format!("<body>\nvoice_call: Call, {ttl}"),
            &format!(
                "buttons[0] has a ttl_minutes of {ttl}. A template takes 1440 to 43200; a shorter \
                 time can be given when it is sent."
            ),
        );
    }
    for url in [
        "example.com",
        "ftp://example.com",
        "https://",
        "https:///x",
        "https://{{1}}",
        "https://a b",
    ] {
        check_says(
            &format!("<body>\nurl: Open, {url}"),
            "buttons[0] has no address in url that a phone could open. Send one that begins with \
             https:// or http:// and has no spaces.",
        );
    }
    for url in [
        "https://e.com/{{1}}/x",
        "https://e.com/{{2}}",
        "https://e.com/{{1}}{{2}}",
        "https://e.com/{{1",
    ] {
        check_says(
            &format!("<body>\nurl: Open, {url} = x"),
            "buttons[0] has a variable in url that is not its end. An address takes one variable, \
             {{1}}, as its last characters.",
        );
    }
    for number in ["call me", "+", "1-800-FLOWERS"] {
        check_says(
            &format!("<body>\nphone: Dial, {number}"),
            "buttons[0] has no number in phone_number that a phone could dial. Send digits, with + \
             in front for another country.",
        );
    }
}

#[test]
fn headers_that_are_looked_at() {
    for format in ["IMAGE", "VIDEO", "DOCUMENT"] {
        check_says(
            &format!("media: {format}\n<body>"),
            "HEADER has no sample of what it will show. Send the handle of one in \
             example.header_handle.",
        );
    }
    check_says(
        &format!("media: IMAGE, {}\n<body>", "h".repeat(8_193)),
        "HEADER has 8193 characters. At most 8192 are allowed.",
    );
    for header in ["IMAGE, 4::aW", "LOCATION"] {
        check_says(
            &format!("authentication\nmedia: {header}\n<body>"),
            "HEADER cannot stand in a template of the category AUTHENTICATION. Choose MARKETING or \
             UTILITY.",
        );
    }
}
