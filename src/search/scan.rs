//! Looking for a folded ASCII text in text of any case: in short texts one at a time, and in long ones at the speed of
//! memory.

use memchr::{memchr2_iter, memmem};

use super::fold::fold_ascii;

/// Letters and digits from the rarest in English text to the most common.
const RARE_FIRST: &[u8] = b"zqxj9876543210kvbpygfwmucldrhsnioate";

/// The places at which the folded `needle` stands in the short text `hay`, in order.
pub(super) fn places<'a>(needle: &'a [u8], hay: &'a [u8]) -> impl Iterator<Item = usize> + use<'a> {
    // The rarest letter is looked for, in both cases at once; a separator has too many forms for that.
    let anchor = (0..needle.len())
        .filter_map(|at| Some((rarity(*needle.get(at)?)?, at)))
        .min()
        .map(|(_, at)| at);
    let letter = anchor
        .and_then(|at| needle.get(at))
        .copied()
        .unwrap_or_default();
    let searched = if anchor.is_some() { hay } else { &[] };
    memchr2_iter(letter, letter.to_ascii_uppercase(), searched)
        .filter_map(move |at| stands_at(needle, hay, at.checked_sub(anchor?)?))
}

/// Calls `visit` with the places at which the folded `needle` stands in the long text `hay`, each once, in no order.
pub(super) fn each_place(needle: &[u8], hay: &[u8], mut visit: impl FnMut(usize)) {
    let pair = needle
        .windows(2)
        .enumerate()
        .filter_map(|(at, pair)| {
            let [first, second] = *pair else { return None };
            // Of a doubled letter the search would skip places that overlap.
            if first == second {
                return None;
            }
            Some((rarity(first)? + rarity(second)?, at, first, second))
        })
        .min();
    let Some((_, anchor, first, second)) = pair else {
        places(needle, hay).for_each(visit);
        return;
    };
    // Four quick passes for a rare pair of letters, one for each way to write it, are faster than one for a letter.
    for first in cases(first) {
        for second in cases(second) {
            memmem::find_iter(hay, &[first, second])
                .filter_map(|at| stands_at(needle, hay, at.checked_sub(anchor)?))
                .for_each(&mut visit);
        }
    }
}

/// How rare a letter or digit is; the least is the rarest. Other characters are not looked for.
fn rarity(byte: u8) -> Option<usize> {
    RARE_FIRST.iter().position(|rare| *rare == byte)
}

/// The ways to write a lower-case letter or a digit.
fn cases(byte: u8) -> impl Iterator<Item = u8> {
    let upper = byte.to_ascii_uppercase();
    std::iter::once(byte).chain((upper != byte).then_some(upper))
}

/// `from`, if `needle` stands there.
fn stands_at(needle: &[u8], hay: &[u8], from: usize) -> Option<usize> {
    let window = hay.get(from..from + needle.len())?;
    let same = window.iter().zip(needle).all(|(h, n)| fold_ascii(*h) == *n);
    same.then_some(from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(needle: &str, hay: &str) -> Vec<usize> {
        let mut found = Vec::new();
        each_place(needle.as_bytes(), hay.as_bytes(), |at| found.push(at));
        found.sort_unstable();
        found
    }

    #[test]
    fn texts_are_found_in_any_case_and_with_any_separator() {
        assert_eq!(
            all("postgresql", "PostgreSQL and POSTGRESQL, postgresql"),
            [0, 15, 27]
        );
        assert_eq!(all("a-b", "a b, A_B, ab"), [0, 5]);
        assert_eq!(all("x-9", "X 9"), [0]);
        assert_eq!(all("aaa", "aaaa"), [0, 1]);
    }

    proptest! {
        #[test]
        fn both_ways_find_the_same(needle in "[a-c0-]{1,4}", hay in "[a-cA-C0_ ]{0,40}") {
            let mut expected: Vec<usize> = places(needle.as_bytes(), hay.as_bytes()).collect();
            expected.sort_unstable();
            prop_assert_eq!(all(&needle, &hay), expected);
        }
    }
}
