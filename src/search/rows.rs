//! A set of rows, a bit each.

use crate::catalog::Row;

/// A set of the rows of one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    words: Vec<u64>,
}

impl Rows {
    /// None of `length` rows.
    pub(super) fn none(length: usize) -> Self {
        Self {
            words: vec![0; length.div_ceil(64)],
        }
    }

    pub(super) fn insert(&mut self, row: Row) {
        let at = row.0 as usize;
        if let Some(word) = self.words.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    pub(super) fn contains(&self, row: Row) -> bool {
        let at = row.0 as usize;
        self.words
            .get(at / 64)
            .is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Keeps the rows that are in `other`, too; with `negated` those that are not.
    pub(super) fn keep(&mut self, other: &Self, negated: bool) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= if negated { !other } else { *other };
        }
    }

    /// Adds the rows of `other`.
    pub(super) fn add(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_narrow_and_widen() {
        let set = |rows: &[u32]| {
            let mut set = Rows::none(130);
            rows.iter().for_each(|row| set.insert(Row(*row)));
            set
        };
        let mut rows = set(&[1, 64, 129]);
        rows.keep(&set(&[64, 129, 5]), false);
        assert_eq!(rows, set(&[64, 129]));
        rows.keep(&set(&[64]), true);
        rows.add(&set(&[0]));
        assert_eq!(rows, set(&[0, 129]));
        assert!(rows.contains(Row(129)) && !rows.contains(Row(1)) && !rows.contains(Row(999)));
        assert!(Rows::none(9).is_empty());
    }
}
