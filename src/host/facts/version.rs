//! The order of tags by the versions that they name, for hosts that do not say when each was made.

use std::cmp::Ordering;

/// How `a` and `b` follow each other as versions: numbers by their value, and `v2.0.0-rc.1` before `v2.0.0`.
pub(in crate::host) fn by_version(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (first, other) = (take(&mut left), take(&mut right));
        let order = match (first, other) {
            (None, None) => return a.cmp(b),
            // What goes on behind a hyphen comes before the version.
            (None, Some(more)) => return before(more),
            (Some(more), None) => return before(more).reverse(),
            (Some(first), Some(other)) => compare(first, other),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// How a version stands to itself with `more` behind it.
fn before(more: &str) -> Ordering {
    if more.starts_with('-') {
        Ordering::Greater
    } else {
        Ordering::Less
    }
}

fn compare(a: &str, b: &str) -> Ordering {
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    match (is_number(a), is_number(b)) {
        (true, true) => {
            let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        }
        // `1.0-rc` and `1.0.1`: a hyphen is less than whatever else goes on.
        (false, false) => match (a.starts_with('-'), b.starts_with('-')) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ => a.cmp(b),
        },
        (a, b) => a.cmp(&b),
    }
}

/// Takes the digits, or the other characters, with which `text` begins.
fn take<'a>(text: &mut &'a str) -> Option<&'a str> {
    let is_digit = |c: char| c.is_ascii_digit();
    let begins = text.starts_with(is_digit);
    let end = text.find(|c| is_digit(c) != begins).unwrap_or(text.len());
    let (taken, rest) = text.split_at_checked(end)?;
    *text = rest;
    (!taken.is_empty()).then_some(taken)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn versions_follow_each_other() {
        let sorted = [
            "release-9",
            "v0.9",
            "v1.0.0-beta",
            "v1.0.0-rc.2",
            "v1.0.0-rc.10",
            "v1.0.0",
            "v1.0.1",
            "v1.9",
            "v1.10",
            "v2",
            "v2.0",
            "v10",
        ];
        let mut mixed = sorted;
        mixed.reverse();
        mixed.sort_by(|a, b| by_version(a, b));
        assert_eq!(mixed, sorted);
    }

    proptest! {
        #[test]
        fn it_is_an_order(a in "[v0-2.-]{0,6}", b in "[v0-2.-]{0,6}", c in "[v0-2.-]{0,6}") {
            prop_assert_eq!(by_version(&a, &b), by_version(&b, &a).reverse());
            prop_assert_eq!(by_version(&a, &b) == Ordering::Equal, a == b);
            if by_version(&a, &b).is_le() && by_version(&b, &c).is_le() {
                prop_assert!(by_version(&a, &c).is_le(), "{a} {b} {c}");
            }
        }
    }
}
