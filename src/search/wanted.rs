//! One word of a query, with the rows where it may stand: so that a search looks only at those.

use super::beside::Beside;
use super::fold::{Needle, Text};
use super::grade::{Grade, Grader, near, typed};
use super::named::{Named, with_letters};
use super::slips::Slips;
use crate::catalog::index::RowSet;
use crate::catalog::{Index, Row};

/// How far from what was typed a word may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Reach {
    /// It is there as it was typed, or as initials.
    #[default]
    Typed,
    /// Its letters are there in their order.
    Loose,
    /// The same, and slips of the keyboard are forgiven.
    Forgiving,
}

/// One word, and where it stands.
pub(super) struct Wanted {
    pub(super) needle: Needle,
    pub(super) named: Named,
    pub(super) beside: Beside,
    /// Whether it must not be there: it is then looked for as it is written.
    pub(super) is_unwanted: bool,
    /// Once slips are forgiven.
    pub(super) slips: Option<Slips>,
    /// The rows where its letters stand in their order; none before that is asked for.
    far: RowSet,
}

impl Wanted {
    pub(super) fn new(index: &Index, needle: Needle, is_unwanted: bool) -> Self {
        let (named, beside) = if is_unwanted {
            (Named::nowhere(), Beside::nowhere())
        } else {
            (Named::new(index, &needle), Beside::new(index, &needle))
        };
        Self {
            needle,
            named,
            beside,
            is_unwanted,
            slips: None,
            far: RowSet::none(index.len()),
        }
    }

    /// Takes those of the rows `within` in where only its letters are; `false` for a word that is not meant loosely.
    pub(super) fn loosen(&mut self, index: &Index, within: &RowSet) -> bool {
        let is_loose = !self.is_unwanted && self.needle.may_be_loose();
        if is_loose {
            self.far = with_letters(index, &self.needle, within);
        }
        is_loose
    }

    /// Forgives slips from now on; `false` for a word that is too short for any.
    pub(super) fn forgive(&mut self, index: &Index) -> bool {
        if self.is_unwanted {
            return false;
        }
        self.slips = Slips::of(&self.needle);
        if let Some(slips) = &self.slips {
            self.beside.forgive(index, slips);
            self.named.forgive(index, &self.needle, slips);
        }
        self.slips.is_some()
    }

    /// The rows where it may stand.
    pub(super) fn rows(&self) -> RowSet {
        let mut rows = self.named.rows.clone();
        self.beside.add_to(&mut rows);
        rows.union(&self.far);
        rows
    }

    /// Whether only the name and the title of `row` tell how it stands there.
    pub(super) fn must_read(&self, row: Row) -> bool {
        self.named.must_be_read(row) || (self.far.contains(row) && self.named.is_doubtful(row))
    }

    /// How it stands in a name or a title with this mask.
    pub(super) fn grade(
        &self,
        grader: &mut Grader,
        reach: Reach,
        mask: u64,
        text: &Text,
    ) -> Option<Grade> {
        let found = match reach {
            _ if !self.needle.may_be_in(mask) => None,
            Reach::Typed => typed(&self.needle, text),
            Reach::Loose | Reach::Forgiving => grader.grade(&self.needle, text),
        };
        match &self.slips {
            Some(slips)
                if !found.is_some_and(Grade::is_sure)
                    && self.needle.may_nearly_be_in(mask, slips.most) =>
            {
                found.max(near(slips, text))
            }
            _ => found,
        }
    }
}
