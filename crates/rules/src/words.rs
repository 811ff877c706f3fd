//! Counts in sentences.

/// So many of a thing: `1 call`, `2 calls`. For things whose plural ends in `s`.
pub(crate) fn counted(count: u32, thing: &str) -> String {
    match count {
        1 => format!("1 {thing}"),
        _ => format!("{count} {thing}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_one() {
        assert_eq!(counted(0, "call"), "0 calls");
        assert_eq!(counted(1, "call"), "1 call");
        assert_eq!(counted(11, "call"), "11 calls");
    }
}
