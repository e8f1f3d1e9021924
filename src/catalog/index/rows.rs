//! Sets of rows as bitmaps: what a filter leaves, and what facets are counted over.

use super::Row;

/// A set of rows of one [`Index`](super::Index).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowSet {
    words: Vec<u64>,
    len: usize,
}

impl RowSet {
    /// No row of an index of `len` rows.
    pub fn none(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(64)],
            len,
        }
    }

    /// Every row of an index of `len` rows.
    pub fn all(len: usize) -> Self {
        let mut set = Self {
            words: vec![u64::MAX; len.div_ceil(64)],
            len,
        };
        set.trim();
        set
    }

    /// A set of `rows` of an index of `len` rows; rows beyond are left out.
    pub fn of(len: usize, rows: impl IntoIterator<Item = Row>) -> Self {
        let mut set = Self::none(len);
        for row in rows {
            set.insert(row);
        }
        set
    }

    /// The rows of which the mask has all bits of `wanted`.
    pub fn with_bits(masks: &[u64], wanted: u64) -> Self {
        Self::by_mask(masks, |mask| mask & wanted == wanted)
    }

    /// The rows whose mask, one a row, `fits`.
    pub fn by_mask(masks: &[u64], fits: impl Fn(u64) -> bool) -> Self {
        let word = |masks: &[u64]| {
            let bits = masks.iter().zip(0..);
            bits.fold(0, |word, (mask, at)| word | u64::from(fits(*mask)) << at)
        };
        Self {
            words: masks.chunks(64).map(word).collect(),
            len: masks.len(),
        }
    }

    /// Bit `i` of word `w` is row `64 * w + i`.
    pub(super) fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// Adds `row`, unless the index has no such row.
    pub fn insert(&mut self, row: Row) {
        let at = row.0 as usize;
        if at < self.len
            && let Some(word) = self.words.get_mut(at / 64)
        {
            *word |= 1 << (at % 64);
        }
    }

    /// Takes `row` away.
    pub fn remove(&mut self, row: Row) {
        let at = row.0 as usize;
        if let Some(word) = self.words.get_mut(at / 64) {
            *word &= !(1 << (at % 64));
        }
    }

    /// Whether `row` is in it.
    pub fn contains(&self, row: Row) -> bool {
        let at = row.0 as usize;
        self.words
            .get(at / 64)
            .is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// How many rows are in it.
    pub fn count(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// Whether no row is in it.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Keeps the rows that `other` has too.
    pub fn intersect(&mut self, other: &Self) {
        for (at, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(at).copied().unwrap_or(0);
        }
    }

    /// Takes the rows of `other` away.
    pub fn subtract(&mut self, other: &Self) {
        for (word, less) in self.words.iter_mut().zip(&other.words) {
            *word &= !less;
        }
    }

    /// Adds the rows of `other`.
    pub fn union(&mut self, other: &Self) {
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
        self.trim();
    }

    /// Its rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = Row> + '_ {
        self.words.iter().zip(0_u32..).flat_map(|(&word, at)| Bits {
            word,
            base: at * 64,
        })
    }

    /// Clears the bits behind the last row.
    fn trim(&mut self) {
        let rest = self.len % 64;
        if rest != 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << rest) - 1;
        }
    }
}

struct Bits {
    word: u64,
    base: u32,
}

impl Iterator for Bits {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.word == 0 {
            return None;
        }
        let bit = self.word.trailing_zeros();
        self.word &= self.word - 1;
        Some(Row(self.base + bit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_has_no_row_behind_the_last() {
        for len in [0, 1, 63, 64, 65, 130] {
            let all = RowSet::all(len);
            assert_eq!(all.count(), len);
            assert_eq!(all.iter().count(), len);
        }
    }

    #[test]
    fn rows_are_told_by_their_masks() {
        let masks: Vec<u64> = (0..130).collect();
        let found = RowSet::with_bits(&masks, 0b110_0000);
        assert_eq!(found, RowSet::of(130, (96..128).map(Row)));
        assert_eq!(RowSet::with_bits(&masks, 0), RowSet::all(130));
    }

    #[test]
    fn sets_meet_and_join() {
        let mut a = RowSet::of(100, [1, 64, 99, 100, 4_000].map(Row));
        assert_eq!(a.iter().collect::<Vec<_>>(), [1, 64, 99].map(Row));
        let b = RowSet::of(100, [2, 64].map(Row));
        let mut both = a.clone();
        both.union(&b);
        assert_eq!(both.iter().collect::<Vec<_>>(), [1, 2, 64, 99].map(Row));
        both.subtract(&b);
        assert_eq!(both.iter().collect::<Vec<_>>(), [1, 99].map(Row));
        a.intersect(&b);
        assert_eq!(a.iter().collect::<Vec<_>>(), [Row(64)]);
        assert!(a.contains(Row(64)) && !a.contains(Row(1)) && !a.contains(Row(1_000)));
    }
}
