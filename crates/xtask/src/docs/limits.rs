//! `docs/guide/limits.md`: the constants of `types::limits`, with what is written above each.

use std::fmt::Write as _;

/// The table of limits, from the constants and what is written above each.
pub(super) fn page(source: &str) -> String {
    let mut page = String::from(
        "# Limits\n\n\
         Everything that could grow without end has a number. These are the same for every\n\
         configuration; what Meta's rules bound is in the [preset](configuration.md#presets)\n\
         instead. This page is made from `crates/types/src/limits.rs` by `cargo xtask docs`.\n\n\
         | name | value | what it bounds |\n|---|---|---|\n",
    );
    let mut said = String::new();
    let mut lines = source.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(doc) = line.strip_prefix("///") {
            if !said.is_empty() {
                said.push(' ');
            }
            said.push_str(doc.trim());
        } else if let Some(constant) = line.strip_prefix("pub const ") {
            let mut whole = constant.to_owned();
            while !whole.ends_with(';') {
                let Some(more) = lines.next() else { break };
                whole.push(' ');
                whole.push_str(more);
            }
            if let Some((name, value)) = name_and_value(&whole) {
                let _ = writeln!(page, "| `{name}` | {value} | {said} |");
            }
            said.clear();
        } else {
            said.clear();
        }
    }
    page
}

/// `NAME: type = value;` as the name and a value that reads well.
fn name_and_value(constant: &str) -> Option<(&str, String)> {
    let (name, rest) = constant.split_once(':')?;
    let (_, value) = rest.split_once('=')?;
    let value = value.trim().trim_end_matches(';').trim();
    let spans = [
        ("Duration::from_millis(", "ms"),
        ("Duration::from_secs(", "s"),
        ("Duration::from_mins(", "min"),
        ("Duration::from_hours(", "h"),
    ];
    for (opening, unit) in spans {
        if let Some(number) = value.strip_prefix(opening) {
            let number = number.trim_end_matches(')').replace('_', " ");
            return Some((name.trim(), format!("{number} {unit}")));
        }
    }
    if value.contains(|c: char| c.is_ascii_alphabetic()) {
        return Some((name.trim(), format!("`{value}`")));
    }
    Some((name.trim(), value.replace('_', " ").replace('*', "×")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_becomes_a_line() {
        let page = page(
            "//! Head.\n/// How long a shutdown\n/// waits.\n\
             pub const DRAIN_WITHIN: Duration = Duration::from_secs(10);\n\
             /// The largest body, in bytes.\npub const BODY_BYTES_MAX: usize = 1_024;\n",
        );
        assert!(page.ends_with(
            "| `DRAIN_WITHIN` | 10 s | How long a shutdown waits. |\n\
             | `BODY_BYTES_MAX` | 1 024 | The largest body, in bytes. |\n"
        ));
    }
}
