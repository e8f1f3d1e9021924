//! What the finder lists, in which order, and the chips that narrow it to one kind of thing.

use super::Finder;
use crate::app::message::Origin;
use crate::catalog::{Index, Kind};
use crate::search::Field;

/// One row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The entity of this hit of [`Finder::found`].
    Entity(usize),
    /// The entity of this hit of [`Finder::described`].
    Described(usize),
    /// This passage of [`Finder::texts`].
    Passage(usize),
    /// This one of [`Finder::actions`].
    Action(usize),
}

/// One kind of thing that is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Chip {
    /// Everything.
    #[default]
    All,
    /// Entities of a kind.
    Kind(Kind),
    /// Sections of docs.
    Docs,
    /// Operations of APIs.
    Operations,
    /// Pages of a source beside the catalog, by its name.
    Elsewhere(String),
    /// What the portal can do.
    Actions,
}

impl Chip {
    /// What stands on it.
    pub fn title(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Kind(kind) => kind.as_str().to_lowercase(),
            Self::Docs => "docs".to_owned(),
            Self::Operations => "operations".to_owned(),
            Self::Elsewhere(source) => source.clone(),
            Self::Actions => "actions".to_owned(),
        }
    }

    /// The chip of what comes from there.
    fn of(origin: &Origin) -> Self {
        match origin {
            Origin::Docs { .. } => Self::Docs,
            Origin::Operation { .. } => Self::Operations,
            Origin::Elsewhere { source, .. } => Self::Elsewhere(source.clone()),
        }
    }
}

impl Finder {
    /// Puts what was found in order: what is called so, then what the texts say, then whatever else matched. Texts that
    /// come late stand below the first `floor` rows, which somebody may be about to choose from.
    pub(super) fn arrange(&mut self, index: &Index, floor: usize) {
        let hits = &self.found.hits;
        let named = hits.iter().take_while(|hit| hit.field <= Field::Title);
        let named = named.count();
        let entity = |at: usize| (Row::Entity(at), self.shows(Row::Entity(at), index));
        let shown = |(row, shown): (Row, bool)| shown.then_some(row);
        let mut rows: Vec<Row> = (0..named).map(entity).filter_map(shown).collect();
        let actions = (0..self.actions.len()).map(Row::Action);
        rows.extend(actions.filter(|row| self.shows(*row, index)));
        let first = rows.len();
        rows.extend((named..hits.len()).map(entity).filter_map(shown));
        let texts = (0..self.texts.passages.len()).map(Row::Passage);
        let texts: Vec<Row> = texts.filter(|row| self.shows(*row, index)).collect();
        let at = first.max(floor).min(rows.len());
        rows.splice(at..at, texts);
        let described = (0..self.described.len()).map(Row::Described);
        rows.extend(described.filter(|row| self.shows(*row, index)));
        self.rows = rows;
        self.count(index);
    }

    /// Whether the chosen chip leaves a row.
    fn shows(&self, row: Row, index: &Index) -> bool {
        if self.chip == Chip::All {
            return true;
        }
        match row {
            Row::Action(_) => self.chip == Chip::Actions,
            Row::Passage(at) => {
                let passage = self.texts.passages.get(at);
                passage.is_some_and(|passage| Chip::of(&passage.origin) == self.chip)
            }
            Row::Entity(_) | Row::Described(_) => {
                let summary = self.hit_of(row).and_then(|hit| index.summary(hit.row));
                summary.is_some_and(|summary| Chip::Kind(Kind::parse(summary.kind)) == self.chip)
            }
        }
    }

    /// Counts what is behind each chip.
    fn count(&mut self, index: &Index) {
        let mut chips: Vec<(Chip, usize)> = Vec::new();
        let mut add = |chip: Chip, number: usize| match chips.iter_mut().find(|(c, _)| *c == chip) {
            Some((_, count)) => *count += number,
            None => chips.push((chip, number)),
        };
        for (kind, number) in &self.found.by_kind {
            add(Chip::Kind(*kind), *number);
        }
        for hit in &self.described {
            if let Some(summary) = index.summary(hit.row) {
                add(Chip::Kind(Kind::parse(summary.kind)), 1);
            }
        }
        for passage in &self.texts.passages {
            add(Chip::of(&passage.origin), 1);
        }
        if !self.actions.is_empty() {
            add(Chip::Actions, self.actions.len());
        }
        // What was chosen stays in sight when nothing of it is left.
        if self.chip != Chip::All {
            add(self.chip.clone(), 0);
        }
        let all = chips.iter().map(|(_, count)| count).sum();
        chips.insert(0, (Chip::All, all));
        self.chips = chips;
    }

    /// The chip after the chosen one, or before it; around at the ends.
    pub(super) fn neighbour(&self, forward: bool) -> Chip {
        let len = self.chips.len().max(1);
        let at = self.chips.iter().position(|(chip, _)| *chip == self.chip);
        let step = if forward { 1 } else { len - 1 };
        let next = (at.unwrap_or(0) + step) % len;
        self.chips
            .get(next)
            .map(|(chip, _)| chip.clone())
            .unwrap_or_default()
    }
}
