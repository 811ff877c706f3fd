//! JSON as people read it in a snapshot: indented, keys in the order of the wire.

/// Indents a JSON text and leaves everything else as it is, order and escapes included.
///
/// # Panics
///
/// If the bytes are not one JSON text: a test that looks at a body wants to know.
#[must_use]
pub fn pretty(body: &[u8]) -> String {
    let text = std::str::from_utf8(body).expect("a JSON text is UTF-8");
    serde_json::from_str::<serde_json::Value>(text)
        .unwrap_or_else(|e| panic!("not JSON: {e}: {text}"));
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '{' | '[' => {
                out.push(c);
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = characters.next_if(|it| matches!(it, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth -= 1;
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            '"' => {
                out.push(c);
                in_string = true;
            }
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn keeps_order_and_escapes() {
        let body = br#"{"b":[1,{}, []],"a":"x,{\"y\\\"]\u00e9"}"#;
        assert_eq!(
            pretty(body),
            "{\n  \"b\": [\n    1,\n    {},\n    []\n  ],\n  \"a\": \"x,{\\\"y\\\\\\\"]\\u00e9\"\n}"
        );
    }
}
