//! Two runs of the same kind made one: most of the older one with some of the newer one in between.

use std::ops::Range;

use super::super::IndexError;
use super::super::layout::narrow;

/// In [`Spliced::places`]: it is not there any more.
pub(super) const GONE: u32 = u32::MAX;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Older,
    Newer,
}

/// Something for each of the two.
#[derive(Debug, Clone, Default)]
pub(super) struct Both<T> {
    pub(super) older: T,
    pub(super) newer: T,
}

impl<T> Both<T> {
    pub(super) fn of(each: impl Fn(Side) -> T) -> Self {
        Self {
            older: each(Side::Older),
            newer: each(Side::Newer),
        }
    }

    pub(super) fn get(&self, side: Side) -> &T {
        match side {
            Side::Older => &self.older,
            Side::Newer => &self.newer,
        }
    }

    fn get_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Older => &mut self.older,
            Side::Newer => &mut self.newer,
        }
    }
}

/// What of both stands where.
#[derive(Debug)]
pub(super) struct Spliced {
    /// What stands one behind another, in its order now.
    pub(super) spans: Vec<(Side, Range<usize>)>,
    /// By number in either: its number now, or [`GONE`].
    pub(super) places: Both<Vec<u32>>,
    /// How many there are now.
    pub(super) len: usize,
}

impl Spliced {
    /// An older run of `lens.older` without `gone`, and of the newer one of `lens.newer` those numbers of `insertions` that
    /// stand behind the place in the older before which they belong.
    pub(super) fn new(
        lens: &Both<usize>,
        gone: impl IntoIterator<Item = usize>,
        insertions: impl IntoIterator<Item = (usize, usize)>,
    ) -> Result<Self, IndexError> {
        // At one place what comes goes before what goes.
        let gone = gone.into_iter().map(|at| (at, None));
        let coming = insertions
            .into_iter()
            .map(|(at, number)| (at, Some(number)));
        let mut cuts: Vec<(usize, Option<usize>)> = gone.chain(coming).collect();
        cuts.sort_unstable_by_key(|(at, number)| (*at, number.is_none(), *number));
        let mut all = Self {
            spans: Vec::new(),
            places: Both::of(|side| vec![GONE; *lens.get(side)]),
            len: 0,
        };
        let mut next = 0;
        for (at, number) in cuts {
            all.take(Side::Older, next..at)?;
            next = next.max(at);
            match number {
                Some(number) => all.take(Side::Newer, number..number + 1)?,
                None => next = at + 1,
            }
        }
        all.take(Side::Older, next..lens.older)?;
        Ok(all)
    }

    fn take(&mut self, side: Side, range: Range<usize>) -> Result<(), IndexError> {
        if range.is_empty() {
            return Ok(());
        }
        let places = self.places.get_mut(side).get_mut(range.clone());
        for place in places.unwrap_or_default() {
            *place = narrow(self.len)?;
            self.len += 1;
        }
        match self.spans.last_mut() {
            Some((last, so_far)) if *last == side && so_far.end == range.start => {
                so_far.end = range.end;
            }
            _ => self.spans.push((side, range)),
        }
        Ok(())
    }

    /// The number now of what had this one; [`GONE`] where it is not there any more.
    pub(super) fn place(&self, side: Side, number: u32) -> u32 {
        let places = self.places.get(side);
        places.get(number as usize).copied().unwrap_or(GONE)
    }

    /// Numbers of either as they are now, without what is not there any more.
    pub(super) fn mapped(
        &self,
        side: Side,
        numbers: impl IntoIterator<Item = u32>,
    ) -> impl Iterator<Item = u32> {
        let numbers = numbers.into_iter();
        numbers
            .map(move |number| self.place(side, number))
            .filter(|place| *place != GONE)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn spliced(older: &str, gone: &[usize], newer: &str, insertions: &[(usize, usize)]) -> String {
        let texts = Both {
            older: older.to_owned(),
            newer: newer.to_owned(),
        };
        let lens = Both::of(|side| texts.get(side).len());
        let gone = gone.iter().copied();
        let all = Spliced::new(&lens, gone, insertions.iter().copied()).unwrap();
        let spans = all.spans.iter();
        let text: String = spans
            .map(|(side, range)| texts.get(*side).get(range.clone()).unwrap())
            .collect();
        for side in [Side::Older, Side::Newer] {
            for (at, letter) in texts.get(side).chars().enumerate() {
                let now = all.places.get(side)[at];
                assert!(now == GONE || text.chars().nth(now as usize) == Some(letter));
            }
        }
        assert_eq!(all.len, text.len());
        text
    }

    #[test]
    fn some_go_and_some_come_in_between() {
        assert_eq!(spliced("acdf", &[], "bxe", &[(1, 0), (3, 2)]), "abcdef");
        assert_eq!(spliced("abc", &[1], "B", &[(1, 0)]), "aBc");
        assert_eq!(spliced("abc", &[0, 1, 2, 2], "", &[]), "");
        assert_eq!(spliced("", &[], "xy", &[(0, 0), (0, 1)]), "xy");
        assert_eq!(spliced("ab", &[1], "xy", &[(2, 1), (0, 0)]), "xay");
    }
}
