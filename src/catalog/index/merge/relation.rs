//! Relations, whose targets are rows or references that point to nothing; one may have become the other.

use std::collections::{BTreeSet, HashMap};

use super::super::layout::{MISSING, Section, Texts, Writer, narrow};
use super::super::{Index, IndexError, Row};
use super::splice::{Both, GONE, Side, Spliced};
use super::{Merge, partition};
use crate::catalog::EntityRef;

/// What a target is now, where the rows do not say it.
struct Targets {
    /// References that point to nothing: those of the older index, and `added`.
    missing: Spliced,
    /// Those that pointed to something before or that nothing pointed to, in order.
    added: Vec<EntityRef>,
    /// By row of the older index that is not there any more.
    lost: HashMap<u32, u32>,
    /// By number of a reference of the older index that is a row now.
    found: HashMap<u32, u32>,
    /// By number of a reference that points to nothing in the newer index.
    newer: Vec<u32>,
}

/// What the rows that stay point to and that may have changed.
struct Used {
    /// By number of a reference that points to nothing.
    missing: Vec<bool>,
    /// Rows of the older index that are not there any more.
    lost: BTreeSet<u32>,
}

impl Merge<'_> {
    pub(super) fn relations(&self, out: &mut Writer) -> Result<(), IndexError> {
        let targets = self.targets()?;
        let of = |side| self.sides.get(side);
        let kinds = Both::of(|side| of(side).numbers::<u8>(Section::RELATION_TYPES));
        let codes = Both::of(|side| of(side).numbers::<u32>(Section::RELATION_TARGETS));
        let mut types: Vec<u8> = Vec::with_capacity(kinds.older.len());
        let mut all: Vec<u32> = Vec::with_capacity(codes.older.len());
        for (side, rows) in &self.rows.spans {
            let part = self.range(*side, Section::RELATION_STARTS, rows);
            types.extend_from_slice(kinds.get(*side).get(part.clone()).unwrap_or_default());
            let part = codes.get(*side).get(part).unwrap_or_default();
            all.extend(part.iter().map(|code| self.target(&targets, *side, *code)));
        }
        out.section(
            Section::RELATION_STARTS,
            &self.starts(Section::RELATION_STARTS)?,
        );
        out.section(Section::RELATION_TYPES, &types);
        out.section(Section::RELATION_TARGETS, &all);
        let spans = targets.missing.spans.iter();
        let texts = spans.flat_map(|(side, range)| range.clone().map(|at| (*side, at)));
        let text = |(side, at)| match side {
            Side::Older => missing(self.sides.older, at),
            Side::Newer => targets.added.get(at).map_or("", EntityRef::as_str),
        };
        out.texts(Texts::MISSING, texts.map(text))
    }

    /// What `code`, a target of one of the two, is now.
    fn target(&self, targets: &Targets, side: Side, code: u32) -> u32 {
        let number = code & !MISSING;
        let now = match (side, code & MISSING == 0) {
            (side, true) => match self.rows.place(side, code) {
                GONE => targets.lost.get(&code).copied(),
                place => Some(place),
            },
            (Side::Older, false) => match targets.missing.place(side, number) {
                GONE => targets.found.get(&number).copied(),
                place => Some(place | MISSING),
            },
            (Side::Newer, false) => targets.newer.get(number as usize).copied(),
        };
        now.unwrap_or(MISSING)
    }

    fn targets(&self) -> Result<Targets, IndexError> {
        let (older, newer) = (self.sides.older, self.sides.newer);
        let mut used = self.used();
        let mut found = HashMap::new();
        for row in newer.rows() {
            let number = newer.entity_ref(row).and_then(|it| number_of(older, &it));
            if let Some(number) = number {
                found.insert(number, self.rows.place(Side::Newer, row.0));
                used.unuse(number);
            }
        }
        let mut added = BTreeSet::new();
        for at in 0..count(newer) {
            let Ok(entity_ref) = missing(newer, at).parse::<EntityRef>() else {
                continue;
            };
            if let Some(number) = number_of(older, &entity_ref) {
                used.mark(number);
            } else if self.row_now(&entity_ref).is_none() {
                added.insert(entity_ref);
            }
        }
        let lost = used.lost.iter().copied();
        let lost: Vec<(u32, EntityRef)> = lost
            .filter_map(|row| Some((row, older.entity_ref(Row(row))?)))
            .collect();
        for (_, entity_ref) in &lost {
            if self.row_now(entity_ref).is_none() {
                added.insert(entity_ref.clone());
            }
        }
        let added: Vec<EntityRef> = added.into_iter().collect();
        let insertions = (0..).zip(&added);
        let insertions = insertions.map(|(number, it)| (place_of(older, it), number));
        let unused = used.missing.iter().enumerate();
        let missing_now = Spliced::new(
            &Both {
                older: count(older),
                newer: added.len(),
            },
            unused.filter(|(_, used)| !**used).map(|(at, _)| at),
            insertions,
        )?;
        let code = |entity_ref: &EntityRef| {
            if let Some(row) = self.row_now(entity_ref) {
                return row;
            }
            let place = match (
                number_of(older, entity_ref),
                added.binary_search(entity_ref),
            ) {
                (Some(number), _) => missing_now.place(Side::Older, number),
                (None, Ok(at)) => missing_now
                    .places
                    .newer
                    .get(at)
                    .copied()
                    .unwrap_or_default(),
                (None, Err(_)) => 0,
            };
            place | MISSING
        };
        let newer_codes = (0..count(newer))
            .map(|at| missing(newer, at).parse().map_or(MISSING, |it| code(&it)))
            .collect();
        let lost = lost.iter().map(|(row, it)| (*row, code(it))).collect();
        Ok(Targets {
            newer: newer_codes,
            lost,
            found,
            missing: missing_now,
            added,
        })
    }

    /// The row that `entity_ref` is now.
    fn row_now(&self, entity_ref: &EntityRef) -> Option<u32> {
        let place = |side: Side| {
            let row = self.sides.get(side).row_of(entity_ref)?;
            Some(self.rows.place(side, row.0)).filter(|place| *place != GONE)
        };
        place(Side::Newer).or_else(|| place(Side::Older))
    }

    fn used(&self) -> Used {
        let codes: &[u32] = self.sides.older.numbers(Section::RELATION_TARGETS);
        let mut used = Used {
            missing: vec![false; count(self.sides.older)],
            lost: BTreeSet::new(),
        };
        for (side, rows) in &self.rows.spans {
            if *side == Side::Newer {
                continue;
            }
            let part = self.range(*side, Section::RELATION_STARTS, rows);
            for code in codes.get(part).unwrap_or_default() {
                if code & MISSING != 0 {
                    used.mark(code & !MISSING);
                } else if self.rows.place(Side::Older, *code) == GONE {
                    used.lost.insert(*code);
                }
            }
        }
        used
    }
}

impl Used {
    fn mark(&mut self, number: u32) {
        self.set(number, true);
    }

    fn unuse(&mut self, number: u32) {
        self.set(number, false);
    }

    fn set(&mut self, number: u32, is_used: bool) {
        if let Some(used) = self.missing.get_mut(number as usize) {
            *used = is_used;
        }
    }
}

/// How many references of `index` point to nothing.
fn count(index: &Index) -> usize {
    let layout = index.layout.as_ref();
    layout.map_or(0, |layout| layout.text_count(Texts::MISSING))
}

/// Such a reference by its number.
fn missing(index: &Index, at: usize) -> &str {
    let layout = index.layout.as_ref();
    layout.map_or("", |layout| layout.text(Texts::MISSING, at))
}

/// Before which of the references that point to nothing `entity_ref` stands, or which of them it is.
fn place_of(index: &Index, entity_ref: &EntityRef) -> usize {
    partition(count(index), |at| {
        let other = missing(index, at as usize).parse::<EntityRef>();
        other.is_ok_and(|other| other < *entity_ref)
    })
}

/// Its number among the references that point to nothing.
fn number_of(index: &Index, entity_ref: &EntityRef) -> Option<u32> {
    let at = place_of(index, entity_ref);
    (missing(index, at) == entity_ref.as_str())
        .then(|| narrow(at).ok())
        .flatten()
}
