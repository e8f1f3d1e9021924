//! Where a sweep over numbered pages is. Pages are numbered, so that what is deleted in the meantime moves all that
//! stands behind it forward: the sweep goes back by as many as the host counts fewer.

use serde::{Deserialize, Serialize};

use super::PAGE;
use crate::host::HostError;

/// Where a sweep is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// The id of the owner.
    pub(super) owner: u64,
    /// How many repositories are behind.
    pub(super) seen: usize,
    /// The most that the host gives at once.
    pub(super) most: usize,
    /// How many the host counted last.
    pub(super) total: Option<usize>,
}

impl Cursor {
    /// The beginning.
    pub(super) fn first(owner: u64) -> Self {
        Self {
            owner,
            seen: 0,
            most: PAGE,
            total: None,
        }
    }

    /// The number and size of the page that it stands on, where about `size` are wanted.
    pub(super) fn page(&self, size: usize) -> (usize, usize) {
        let size = size.clamp(1, self.most.max(1));
        (self.seen / size + 1, size)
    }

    /// Where the next page begins after the page `number` of `size` gave `count` of `total`; `None` after the last. A page
    /// that is empty though more are counted is an error with this `place`.
    pub(super) fn next(
        &self,
        (number, size): (usize, usize),
        count: usize,
        total: Option<usize>,
        place: &str,
    ) -> Result<Option<Self>, HostError> {
        let from = (number - 1) * size;
        let seen = from + count;
        let Some(counted) = total else {
            return Ok((count == size).then(|| Self {
                seen,
                ..self.clone()
            }));
        };
        let fewer = self.total.map_or(0, |it| it.saturating_sub(counted));
        if seen >= counted && fewer == 0 {
            return Ok(None);
        }
        if count == 0 && from < counted {
            return Err(HostError::Overloaded {
                place: place.to_owned(),
                reason: "it left a page of repositories empty".to_owned(),
            });
        }
        let is_short = count < size && seen < counted;
        Ok(Some(Self {
            owner: self.owner,
            seen: match fewer {
                // A host that gives fewer at once than it did has its pages elsewhere.
                0 if is_short && number > 1 => 0,
                0 => seen,
                // Those in front of this page may have moved onto the one before it.
                fewer => from.saturating_sub(fewer),
            },
            most: if is_short { count } else { self.most },
            total,
        }))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Sweeps over `all`, of which `gone` go one before each of the next pages, asked for by `size` of a host that gives
    /// at most `limit`. Gives those that were met and stayed, and how many pages it took.
    fn sweep(all: usize, gone: &[usize], size: usize, limit: usize) -> (usize, usize) {
        let mut left: Vec<usize> = (0..all).collect();
        let mut met: BTreeSet<usize> = BTreeSet::new();
        let mut gone = gone.iter();
        let mut cursor = Cursor::first(1);
        for pages in 1.. {
            let (number, size) = cursor.page(size);
            let given = size.min(limit);
            let shown: Vec<usize> = left
                .iter()
                .copied()
                .skip((number - 1) * given)
                .take(given)
                .collect();
            met.extend(&shown);
            let next = cursor.next((number, size), shown.len(), Some(left.len()), "h.dev");
            let Some(next) = next.unwrap() else {
                return (left.iter().filter(|it| met.contains(it)).count(), pages);
            };
            cursor = next;
            if let Some(gone) = gone.next().filter(|_| !left.is_empty()) {
                left.remove(gone % left.len());
            }
        }
        (0, 0)
    }

    #[test]
    fn pages_are_as_few_as_they_can_be() {
        assert_eq!(sweep(5000, &[], 50, 50), (5000, 100));
        assert_eq!(sweep(120, &[], 50, 20), (120, 6));
        assert_eq!(sweep(0, &[], 50, 50), (0, 1));
        assert_eq!(sweep(50, &[], 50, 50), (50, 1));
    }

    #[test]
    fn an_empty_page_is_no_end() {
        let cursor = Cursor::first(1);
        let next = cursor.next((1, 50), 0, Some(120), "h.dev");
        assert!(matches!(next, Err(HostError::Overloaded { .. })));
        assert_eq!(cursor.next((1, 50), 0, Some(0), "h.dev"), Ok(None));
        assert_eq!(cursor.next((1, 50), 0, None, "h.dev"), Ok(None));
    }

    proptest! {
        #[test]
        fn none_that_stays_is_missed(
            all in 0usize..90,
            gone in prop::collection::vec(0usize..90, 0..8),
            size in 1usize..30,
            limit in 1usize..30,
        ) {
            let left = all.saturating_sub(gone.len());
            let (met, _) = sweep(all, &gone, size, limit);
            prop_assert!(met >= left, "{met} of {left}");
        }
    }
}
