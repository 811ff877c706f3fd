//! The word that somebody meant.

/// The known word nearest to `typed`, if one is near enough to be meant.
pub(crate) fn nearest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    // Long input is no typing error, and costs its length squared.
    if typed.len() > TYPED_MAX {
        return None;
    }
    let typed = typed.to_lowercase().replace('-', "_");
    known
        .iter()
        .map(|word| {
            // The unit is left out most often.
            let bare = word.strip_suffix("_ms").unwrap_or(word);
            let distance = distance(&typed, word).min(distance(&typed, bare));
            (distance, *word)
        })
        .min()
        .filter(|(distance, word)| *distance <= (word.len() / 3).max(1))
        .map(|(_, word)| word)
}

/// How many letters must be put in, taken out, exchanged or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for row in 1..=one.len() {
        let mut current = vec![row];
        for column in 1..=other.len() {
            let same = one[row - 1] == other[column - 1];
            let mut best = (above[column] + 1)
                .min(current[column - 1] + 1)
                .min(above[column - 1] + usize::from(!same));
            let swapped = row > 1
                && column > 1
                && one[row - 1] == other[column - 2]
                && one[row - 2] == other[column - 1];
            if swapped {
                best = best.min(before[column - 2] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[other.len()]
}

/// Longer than any word of ours.
const TYPED_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_recognised() {
        let known = [
            "answer_after_ms",
            "say",
            "press",
            "hang_up_after_ms",
            "dial",
        ];
        for (typed, meant) in [
            ("answer_after", Some("answer_after_ms")),
            ("anwser_after_ms", Some("answer_after_ms")),
            ("answer-after-ms", Some("answer_after_ms")),
            ("AnswerAfterMs", Some("answer_after_ms")),
            ("hang_up_after", Some("hang_up_after_ms")),
            ("hangup_after_ms", Some("hang_up_after_ms")),
            ("pres", Some("press")),
            ("dail", Some("dial")),
            ("sya", Some("say")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, &known), meant, "{typed}");
        }
        assert_eq!(nearest(&"answer".repeat(1_000), &known), None);
    }
}
