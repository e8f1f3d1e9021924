//! Rows, read back: every access is bounds-checked and answers with nothing where the bytes are not as they should be.

use std::cmp::Ordering;
use std::sync::Arc;

use super::build::IndexBuilder;
use super::layout::{Layout, MISSING, NO_VALUE, Section, Texts};
use super::{Facet, Index, IndexEntry, IndexError, Neighbor, Row, SharedBytes, Summary, Tally};
use crate::catalog::{EntityRef, Relation, RelationType};

impl Index {
    /// Lays out `entries` and `relations` (both directions are in it; order and duplicates do not matter).
    pub fn build(
        entries: &[IndexEntry<'_>],
        relations: &[Relation],
    ) -> Result<Vec<u8>, IndexError> {
        let mut builder = IndexBuilder::default();
        for entry in entries {
            builder.push(entry.entity, entry.problems)?;
        }
        for relation in relations {
            let source = builder.intern(&relation.source)?;
            let target = builder.intern(&relation.target)?;
            builder.relate(source, relation.relation_type, target);
        }
        builder.finish()
    }

    /// An index of `entries` and `relations`, held in memory.
    pub fn of(entries: &[IndexEntry<'_>], relations: &[Relation]) -> Result<Self, IndexError> {
        Self::open(Arc::new(Self::build(entries, relations)?))
    }

    /// Reads the layout of `bytes`: constant time; offsets are checked so that no later access can fail. What they hold is
    /// compared with its digest when it is first read: see [`Index::is_damaged`].
    pub fn open(bytes: SharedBytes) -> Result<Self, IndexError> {
        let layout = Some(Arc::new(Layout::open(bytes)?));
        Ok(Self { layout })
    }

    /// The digest of all that it holds; zero where that is nothing.
    pub fn digest(&self) -> u64 {
        self.layout.as_ref().map_or(0, |layout| layout.digest())
    }

    /// Whether something that was read by now was not as it was written. Such a part reads as empty: what was shown of
    /// it is to be thrown away.
    pub fn is_damaged(&self) -> bool {
        self.layout
            .as_ref()
            .is_some_and(|layout| layout.is_damaged())
    }

    /// Reads all that was not read yet; whether everything is as it was written.
    pub fn is_sound(&self) -> bool {
        if let Some(layout) = &self.layout {
            layout.read_all();
        }
        !self.is_damaged()
    }

    /// Whether both read the same layout, so that rows of one are rows of the other.
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.layout, &other.layout) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    /// An index of nothing.
    pub fn empty() -> Self {
        Self { layout: None }
    }

    /// How many entities there are.
    pub fn len(&self) -> usize {
        self.layout.as_ref().map_or(0, |layout| layout.rows())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every row, in order of name.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row> + use<> {
        (0..u32::try_from(self.len()).unwrap_or(0)).map(Row)
    }

    /// Every row, ordered by full reference.
    pub fn rows_by_ref(&self) -> impl DoubleEndedIterator<Item = Row> {
        self.numbers(Section::BY_REF).iter().copied().map(Row)
    }

    /// What the list shows of `row`; `None` if there is no such row.
    pub fn summary(&self, row: Row) -> Option<Summary<'_>> {
        let layout = self.layout.as_ref()?;
        let at = row.0 as usize;
        if at >= layout.rows() {
            return None;
        }
        Some(Summary {
            row,
            kind: self.value(Facet::Kind, row),
            namespace: self.value(Facet::Namespace, row),
            name: self.name(row),
            title: self.title(row),
            entity_type: self.value(Facet::Type, row),
            owner: self.value(Facet::Owner, row),
            system: self.value(Facet::System, row),
            lifecycle: self.value(Facet::Lifecycle, row),
            description: layout.text(Texts::DESCRIPTIONS, at),
            tags: layout.text(Texts::TAGS, at),
            problems: tally(layout, at),
            has_docs: layout.number::<u8>(Section::DOCS, at) != 0,
        })
    }

    /// The row of an entity, by its reference.
    pub fn row_of(&self, entity_ref: &EntityRef) -> Option<Row> {
        let by_ref = self.numbers(Section::BY_REF);
        by_ref
            .get(self.place_of(entity_ref).ok()?)
            .copied()
            .map(Row)
    }

    /// Where `entity_ref` stands among the rows ordered by reference; else where it would stand.
    pub(super) fn place_of(&self, entity_ref: &EntityRef) -> Result<usize, usize> {
        let by_ref = self.numbers(Section::BY_REF);
        by_ref.binary_search_by(|&row| self.compare(Row(row), entity_ref))
    }

    fn compare(&self, row: Row, entity_ref: &EntityRef) -> Ordering {
        let kind = self.value(Facet::Kind, row);
        kind.chars()
            .flat_map(char::to_lowercase)
            .cmp(entity_ref.kind().chars())
            .then_with(|| {
                self.value(Facet::Namespace, row)
                    .cmp(entity_ref.namespace())
            })
            .then_with(|| self.folded_name(row).cmp(entity_ref.name()))
    }

    /// The reference of a row.
    pub fn entity_ref(&self, row: Row) -> Option<EntityRef> {
        self.summary(row)
            .map(|s| EntityRef::new(s.kind, s.namespace, s.name))
    }

    /// The name of `row` as written; empty if there is no such row.
    pub fn name(&self, row: Row) -> &str {
        self.text(Texts::NAMES, row)
    }

    /// The length of the name of `row`, in bytes.
    pub fn name_len(&self, row: Row) -> usize {
        let layout = self.layout.as_ref();
        layout.map_or(0, |layout| layout.text_len(Texts::NAMES, row.0 as usize))
    }

    /// The title of `row`, empty where it has none.
    pub fn title(&self, row: Row) -> &str {
        self.text(Texts::TITLES, row)
    }

    /// All names in one run; before it where each begins, by row, and the end of the last.
    pub fn names(&self) -> (&[u32], &[u8]) {
        self.all_texts(Texts::NAMES)
    }

    /// All titles in one run, as [`Index::names`].
    pub fn titles(&self) -> (&[u32], &[u8]) {
        self.all_texts(Texts::TITLES)
    }

    /// The name of `row` in lower case, for matching.
    pub fn folded_name(&self, row: Row) -> &str {
        self.text(Texts::FOLDED_NAMES, row)
    }

    /// The title of `row` in lower case, for matching; empty where it has none.
    pub fn folded_title(&self, row: Row) -> &str {
        self.text(Texts::FOLDED_TITLES, row)
    }

    /// By row the [`char_mask`](crate::catalog::fold::char_mask) of its name.
    pub fn name_masks(&self) -> &[u64] {
        self.numbers(Section::NAME_MASKS)
    }

    /// By row the [`char_mask`](crate::catalog::fold::char_mask) of its title; 0 where it has none.
    pub fn title_masks(&self) -> &[u64] {
        self.numbers(Section::TITLE_MASKS)
    }

    /// By row the [`start_mask`](crate::catalog::fold::start_mask) of its name.
    pub fn name_starts(&self) -> &[u64] {
        self.numbers(Section::NAME_STARTS)
    }

    /// By row the [`start_mask`](crate::catalog::fold::start_mask) of its title; 0 where it has none.
    pub fn title_starts(&self) -> &[u64] {
        self.numbers(Section::TITLE_STARTS)
    }

    /// The value of `facet` at `row`, empty where it has none. Of tags the first.
    pub fn value(&self, facet: Facet, row: Row) -> &str {
        let Some(layout) = self.layout.as_ref() else {
            return "";
        };
        match self.codes(facet, row).first() {
            Some(&code) if code != NO_VALUE => layout.text(Texts::values(facet), code as usize),
            _ => "",
        }
    }

    /// By row the place of its value among [`Index::facet_values`], [`u32::MAX`] where it has none. Tags, of which a row
    /// has any number, are not told this way.
    pub fn places(&self, facet: Facet) -> &[u32] {
        if facet == Facet::Tag {
            return &[];
        }
        self.numbers(Section::codes(facet))
    }

    /// The relations shown at `row`, sorted by type, then target.
    pub fn relations(&self, row: Row) -> impl Iterator<Item = (RelationType, Neighbor<'_>)> {
        self.layout.iter().flat_map(move |layout| {
            let starts = Section::RELATION_STARTS;
            let types = layout.part::<u8>(Section::RELATION_TYPES, starts, row.0 as usize);
            let targets = layout.part::<u32>(Section::RELATION_TARGETS, starts, row.0 as usize);
            types.iter().zip(targets).filter_map(|(code, &target)| {
                let relation_type = *RelationType::ALL.get(usize::from(*code))?;
                let neighbor = if target & MISSING == 0 {
                    Neighbor::Entity(Row(target))
                } else {
                    Neighbor::Missing(layout.text(Texts::MISSING, (target & !MISSING) as usize))
                };
                Some((relation_type, neighbor))
            })
        })
    }

    /// The numbers of the values of `facet` at `row`: one or [`NO_VALUE`], of tags any number.
    pub(super) fn codes(&self, facet: Facet, row: Row) -> &[u32] {
        let Some(layout) = self.layout.as_ref() else {
            return &[];
        };
        let at = row.0 as usize;
        if facet == Facet::Tag {
            layout.part(Section::codes(facet), Section::TAG_STARTS, at)
        } else {
            layout.numbers(Section::codes(facet), at..at + 1)
        }
    }

    fn text(&self, texts: Texts, row: Row) -> &str {
        match &self.layout {
            Some(layout) => layout.text(texts, row.0 as usize),
            None => "",
        }
    }

    /// All of `texts` in one run; before it where each begins and the end of the last.
    pub(super) fn all_texts(&self, texts: Texts) -> (&[u32], &[u8]) {
        self.layout
            .as_ref()
            .map_or((&[], &[]), |layout| layout.run(texts))
    }

    /// The numbers of a section; none in an empty index.
    pub(super) fn numbers<T: bytemuck::AnyBitPattern>(&self, section: Section) -> &[T] {
        match &self.layout {
            Some(layout) => layout.section(section),
            None => &[],
        }
    }
}

/// The findings of the row at `at`.
fn tally(layout: &Layout, at: usize) -> Tally {
    let all: u32 = layout.number(Section::PROBLEMS, at);
    let errors = u32::from(layout.number::<u8>(Section::ERRORS, at));
    Tally {
        errors,
        warnings: all.saturating_sub(errors),
    }
}
