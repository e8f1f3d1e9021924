//! What may have been meant by a word that is unknown: the known one from which it differs by a slip or two.

/// The most letters in which a word may differ from what was meant.
pub(crate) const MOST_SLIPS: usize = 3;

/// The one of `known` that was probably meant by `text`: the same but for case and separators, or the one that differs
/// in the fewest letters. Of two that are as near the first counts.
pub fn nearest<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let found = if is_same_but_for_writing(text, candidate) {
            Some(0)
        } else {
            distance(text, candidate)
        };
        if let Some(found) = found
            && best.is_none_or(|(least, _)| found < least)
        {
            best = Some((found, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether two words have the same letters and digits, in any case: `depends_on` and `dependsOn`.
pub fn is_same_but_for_writing(a: &str, b: &str) -> bool {
    let letters = |text: &'_ str| {
        text.bytes()
            .filter(|b| !matches!(b, b'-' | b'_' | b' ' | b'.'))
            .map(|b| b.to_ascii_lowercase())
            .collect::<Vec<_>>()
    };
    a.len().abs_diff(b.len()) <= MOST_SLIPS && letters(a) == letters(b)
}

/// The set of the letters of `name`, some of which share a bit: a quick look at whether two names can be alike.
pub(crate) fn letters(name: &str) -> u64 {
    name.chars()
        .fold(0, |set, letter| set | 1 << (u32::from(letter) % u64::BITS))
}

/// Whether words with these sets of letters can be alike. One letter for another changes two of the set.
pub(crate) fn may_be_alike(a: u64, b: u64) -> bool {
    (a ^ b).count_ones() as usize <= 2 * MOST_SLIPS
}

/// How many letters must be put in, taken out, changed or swapped to come from `a` to `b`; `None` where it is more than
/// a third of the longer one, or more than three.
pub(crate) fn distance(a: &str, b: &str) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let most = (a.len().max(b.len()) / 3).min(MOST_SLIPS);
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut older: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], n: usize| row.get(n).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&older, j - 1) + 1);
            }
            row.push(best);
        }
        if row.iter().min().is_some_and(|&least| least > most) {
            return None;
        }
        older = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|&distance| distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_is_counted_in_letters() {
        assert_eq!(distance("payments", "payments"), Some(0));
        assert_eq!(
            distance("payments", "paymnets"),
            Some(1),
            "a swap is one slip"
        );
        assert_eq!(distance("payments", "payment"), Some(1));
        assert_eq!(
            distance("db", "dx"),
            None,
            "short names are too easily alike"
        );
        assert_eq!(distance("payments", "shipping"), None);
    }

    #[test]
    fn what_is_only_written_otherwise_comes_before_what_is_like_it() {
        let known = ["dependencyOf", "dependsOn", "domain"];
        assert_eq!(nearest("depends_on", known), Some("dependsOn"));
        assert_eq!(nearest("dependson", known), Some("dependsOn"));
        assert_eq!(nearest("domian", known), Some("domain"));
        assert_eq!(nearest("runtime", known), None);
    }
}
