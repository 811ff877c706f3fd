//! The nearest known word to one that is not known.

/// `; did you mean …?`, or what there is to choose from.
#[must_use]
pub fn did_you_mean<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let near = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), *name))
        .min()
        .filter(|(distance, name)| 2 * *distance <= name.len().max(word.len()));
    match near {
        Some((_, name)) => format!("; did you mean `{name}`?"),
        None => format!("; known here: {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let names = ["port", "bind", "advertise"];
        assert_eq!(did_you_mean("prot", names), "; did you mean `port`?");
        assert_eq!(
            did_you_mean("colour", names),
            "; known here: port, bind, advertise"
        );
    }
}
