//! Looking for a folded ASCII text in text of any case.

use memchr::memchr2_iter;

use crate::catalog::fold::fold_ascii;

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

/// How rare a letter or digit is; the least is the rarest. Other characters are not looked for.
fn rarity(byte: u8) -> Option<usize> {
    RARE_FIRST.iter().position(|rare| *rare == byte)
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
        places(needle.as_bytes(), hay.as_bytes()).collect()
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
        fn no_place_is_left_out(needle in "[a-c0-]{0,3}[a-c0]", hay in "[a-cA-C0_ ]{0,40}") {
            let folded: Vec<u8> = hay.bytes().map(fold_ascii).collect();
            let windows = folded.windows(needle.len()).enumerate();
            let expected: Vec<usize> = windows
                .filter_map(|(at, window)| (window == needle.as_bytes()).then_some(at))
                .collect();
            prop_assert_eq!(all(&needle, &hay), expected);
        }
    }
}
