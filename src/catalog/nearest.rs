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

/// Whether words with these sets of letters can be alike within `most` slips. One letter for another changes two of the
/// set.
pub(crate) fn may_be_alike(a: u64, b: u64, most: usize) -> bool {
    (a ^ b).count_ones() as usize <= 2 * most
}

/// How many letters must be put in, taken out, changed or swapped to come from `a` to `b`; `None` where it is more than
/// a third of the longer one, or more than three.
pub(crate) fn distance(a: &str, b: &str) -> Option<usize> {
    distance_within(a, b, MOST_SLIPS)
}

/// The same where more than `most` is of no interest.
pub(crate) fn distance_within(a: &str, b: &str, most: usize) -> Option<usize> {
    if a.is_ascii() && b.is_ascii() {
        return slips(a.as_bytes(), b.as_bytes(), most);
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    slips(&a, &b, most)
}

/// The longest words that are compared, in letters: names are no longer.
const LONGEST: usize = 63;

fn slips<T: PartialEq>(mut a: &[T], mut b: &[T], most: usize) -> Option<usize> {
    let most = (a.len().max(b.len()) / 3).min(most);
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b)
        && x == y
    {
        (a, b) = (rest_a, rest_b);
    }
    while let ([rest_a @ .., x], [rest_b @ .., y]) = (a, b)
        && x == y
    {
        (a, b) = (rest_a, rest_b);
    }
    if a.len().abs_diff(b.len()) > most || a.len().max(b.len()) > LONGEST {
        return None;
    }
    let mut older = [0_usize; LONGEST + 1];
    let mut last: [usize; LONGEST + 1] = std::array::from_fn(|n| n);
    for (i, x) in a.iter().enumerate() {
        let mut row = [i + 1; LONGEST + 1];
        let mut least = i + 1;
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                best = best.min(older[j - 1] + 1);
            }
            row[j + 1] = best;
            least = least.min(best);
        }
        if least > most {
            return None;
        }
        older = std::mem::replace(&mut last, row);
    }
    last.get(b.len())
        .copied()
        .filter(|&distance| distance <= most)
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
        assert_eq!(distance("zahlungsläufe", "zahlungsläuef"), Some(1));
        assert_eq!(distance("zahlungsläufe", "zahlungslaeufe"), Some(2));
        assert_eq!(distance_within("payments", "paymetns", 0), None);
        let long = "a".repeat(90);
        assert_eq!(distance(&long, &format!("{long}b")), Some(1));
        assert_eq!(distance(&"ab".repeat(40), &"ba".repeat(40)), None);
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
