//! The nearest known word to one that is not known.

/// The name that a mistyped `word` most likely means, if any is near enough.
pub(crate) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|name| (distance(word, name), name))
        .filter(|(distance, name)| *distance <= name.len().max(word.len()) / 2)
        .min()
        .map(|(_, name)| name)
}

/// How many letters must be added, removed or changed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = corner + usize::from(from != *to);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let names = ["dev", "check", "test", "release"];
        assert_eq!(nearest("tset", names.into_iter()), Some("test"));
        assert_eq!(nearest("relaese", names.into_iter()), Some("release"));
        assert_eq!(nearest("deploy", names.into_iter()), None);
    }
}
