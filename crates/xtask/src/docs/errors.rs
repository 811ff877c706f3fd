//! `docs/errors/README.md`: the table of error codes, from the lines of `wire::error::code`.

use std::fmt::Write as _;

/// The index of the pages.
pub(super) fn page(source: &str) -> String {
    let mut page = String::from(HEAD);
    for row in rows(source) {
        let _ = writeln!(
            page,
            "| [{0}]({0}.md) | {1} | {2} | {3} | {4} |",
            row.code,
            row.http_status,
            row.title,
            if row.again { "yes" } else { "no" },
            row.said,
        );
    }
    page.push_str(FOOT);
    page
}

struct Row {
    code: String,
    http_status: String,
    title: String,
    again: bool,
    said: String,
}

/// The lines `Name = code, status, "title", words;` of the table, with the text above each.
fn rows(source: &str) -> Vec<Row> {
    let table = source.split_once("\nerror_codes! {").map_or("", |it| it.1);
    let mut rows = Vec::new();
    let mut said = Vec::new();
    for line in table.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            said.push(doc.trim());
            continue;
        }
        if let Some((left, right)) = line.split_once(" = ")
            && let Some((numbers, rest)) = right.split_once(", \"")
            && let Some((code, http_status)) = numbers.split_once(", ")
            && let Some((title, words)) = rest.rsplit_once('"')
            && left.chars().all(char::is_alphanumeric)
        {
            rows.push(Row {
                code: code.replace('_', ""),
                http_status: http_status.to_owned(),
                title: title.to_owned(),
                again: words.contains("retryable"),
                said: said.join(" "),
            });
        }
        said.clear();
    }
    rows
}

const HEAD: &str = r##"# Error codes

Every refusal of the API and every fault in a webhook has one of these integers. Branch on the integer and show
`error_data.details`; titles may change.

An answer looks like this in both dialects:

```json
{
  "error": {
    "message": "(#138006) No approved call permission found",
    "type": "OAuthException",
    "code": 138006,
    "error_data": {"messaging_product": "whatsapp", "details": "what was wrong and what to do"},
    "error_user_title": "No approved call permission found",
    "error_user_msg": "what was wrong and what to do",
    "is_transient": false,
    "fbtrace_id": "the id under which the exchange logged this request"
  }
}
```

Where 360dialog's own gateway would have answered and not the platform behind it (0, 190, 2500), the `d360` dialect has
its `{"meta": {"success", "http_code", "developer_message"}}` beside `error`. In a webhook a fault is
`{"code", "title", "message", "error_data": {"details"}}`.

Each page says what happened, what to do, how to provoke it in this exchange, and on what the sources disagree. Where they
do, a [preset](../guide/configuration.md#presets) chooses the code, and the title says what happened all the same. What
nothing inside of the exchange causes can be armed: `POST /control/v1/faults` with `refuse_api`, a code and an operation.

| code | HTTP | title | try again | means |
|---|---|---|---|---|
"##;

const FOOT: &str = "
138016 is missing on purpose. It lies between codes that are known, and no document, library or log that could be found
says what it means or with which status it comes; a row would be made up. A client does well to treat it, like every
code that it does not know, by the HTTP status that it came with.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_becomes_a_line() {
        let page = page(
            "enum Other { A = 1 }\nerror_codes! {\n    /// No access\n    /// token.\n    \
             InvalidAccessToken = 190, 401, \"Invalid \\\"token\\\"\", by_gateway;\n    \
             /// Too many.\n    RateLimit = 80_007, 400, \"Rate limit\", retryable, transient;\n}\n",
        );
        assert!(
            page.contains(
                "| [190](190.md) | 401 | Invalid \\\"token\\\" | no | No access token. |"
            )
        );
        assert!(page.contains("| [80007](80007.md) | 400 | Rate limit | yes | Too many. |"));
        assert_eq!(page.matches(".md) |").count(), 2);
    }
}
