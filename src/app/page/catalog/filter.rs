//! What the catalog page is narrowed by: facet values and states that can be toggled, and the rest of a query, which a
//! search answers. A filter is read from a query and written as one.

use std::borrow::Cow;

use crate::app::model::Shared;
use crate::catalog::Index;
use crate::catalog::entity_ref::short_ref;
use crate::catalog::index::{Facet, RowSet, Selection};
use crate::search::query::MINE;
use crate::search::{Column, Flag, Issue, Node, Query, Term, has_word, owners_called};

/// What the catalog is narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Facet values, docs and findings; `owned_by` and `within` are left to [`Filter::selection`].
    pub chosen: Selection,
    /// Whether what is the user's is among the owners to keep.
    pub mine: bool,
    /// Whether only starred entities are kept.
    pub starred: bool,
    /// The part of the query that only a search can answer: words, `name:`, what is negated.
    pub words: String,
    /// What of the query was not understood.
    pub issues: Vec<Issue>,
}

/// Something that can be toggled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A value of a facet.
    Value(Facet, String),
    /// What the user and their groups own.
    Mine,
    /// What is starred.
    Starred,
    /// What has findings.
    Broken,
    /// What has docs.
    Docs,
}

impl Filter {
    /// Reads a query; values are matched to those that `index` has.
    pub fn parse(text: &str, index: &Index) -> Self {
        let query = Query::parse(text);
        let mut words = Vec::new();
        let mut filter = Self::default();
        // Several parts may be of one word of the text, which is then taken whole or not at all.
        for parts in query.conjuncts().chunk_by(|a, b| a.span == b.span) {
            let taken = matches!(parts, [part] if matches!(&part.node, Node::Term(term) if filter.take(term, index)));
            if let (false, Some(part)) = (taken, parts.first()) {
                words.extend(text.get(part.span.clone()));
            }
        }
        filter.words = words.join(" ");
        filter.issues = query.issues;
        filter
    }

    /// Takes over what a term of a query asks for; whether it could. A value that is still being typed is left to the search,
    /// which takes what begins so, and says it.
    fn take(&mut self, term: &Term, index: &Index) -> bool {
        match term {
            Term::Column(Column::Facet(facet), values) => {
                let is_mine = |value: &&String| *facet == Facet::Owner && *value == MINE;
                let (mine, values): (Vec<_>, Vec<_>) = values.iter().partition(is_mine);
                let known = values
                    .into_iter()
                    .map(|value| spelled(index, *facet, value));
                let Some(known) = known.collect::<Option<Vec<_>>>() else {
                    return false;
                };
                self.mine |= !mine.is_empty();
                if !known.is_empty() {
                    let chosen = self.chosen.values.entry(*facet).or_default();
                    chosen.extend(known.into_iter().flatten());
                }
            }
            Term::Flag(Flag::Docs) => self.chosen.has_docs = Some(true),
            Term::Flag(Flag::Broken) => self.chosen.has_problems = Some(true),
            Term::Flag(Flag::Starred) => self.starred = true,
            Term::Flag(Flag::Mine) => self.mine = true,
            _ => return false,
        }
        true
    }

    /// Whether nothing is filtered away.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a choice is made.
    pub fn has(&self, choice: &Choice) -> bool {
        match choice {
            Choice::Value(facet, value) => self.chosen.has(*facet, value),
            Choice::Mine => self.mine,
            Choice::Starred => self.starred,
            Choice::Broken => self.chosen.has_problems.is_some(),
            Choice::Docs => self.chosen.has_docs.is_some(),
        }
    }

    /// Makes a choice, or takes it back.
    pub fn toggle(&mut self, choice: &Choice) {
        let flip = |state: Option<bool>| if state.is_some() { None } else { Some(true) };
        match choice {
            Choice::Value(facet, value) => self.chosen.toggle(*facet, value),
            Choice::Mine => self.mine = !self.mine,
            Choice::Starred => self.starred = !self.starred,
            Choice::Broken => self.chosen.has_problems = flip(self.chosen.has_problems),
            Choice::Docs => self.chosen.has_docs = flip(self.chosen.has_docs),
        }
    }

    /// What to select: with the user's groups among the owners, within what is starred and what was found.
    pub fn selection(&self, shared: &Shared, found: Option<&RowSet>) -> Selection {
        let mut selection = self.chosen.clone();
        if self.mine {
            let owners = selection.values.entry(Facet::Owner).or_default();
            owners.extend(shared.owners());
            if owners.is_empty() {
                // Nobody knows who the user is: nothing is theirs.
                selection.within = Some(RowSet::none(shared.index.len()));
            }
        }
        if self.starred {
            narrow(&mut selection, &shared.starred());
        }
        if let Some(found) = found {
            narrow(&mut selection, found);
        }
        selection
    }

    /// The filter as a query.
    pub fn text(&self) -> String {
        let mut words = Vec::new();
        if self.mine {
            words.push("owner:mine".to_owned());
        }
        for facet in Facet::ALL {
            let values = self.chosen.values.get(&facet).into_iter().flatten();
            let values: Vec<_> = values.map(|value| written(facet, value)).collect();
            if values.is_empty() {
                continue;
            }
            let values = values.join(",");
            let name = Column::Facet(facet).name();
            words.push(if values.contains(' ') {
                format!("{name}:\"{values}\"")
            } else {
                format!("{name}:{values}")
            });
        }
        let states = [
            (self.starred, "is:starred"),
            (self.chosen.has_problems.is_some(), "is:broken"),
            (self.chosen.has_docs.is_some(), "has:docs"),
        ];
        words.extend(
            states
                .into_iter()
                .filter(|(on, _)| *on)
                .map(|(_, word)| word.to_owned()),
        );
        words.extend(Some(self.words.clone()).filter(|words| !words.is_empty()));
        words.join(" ")
    }
}

/// A facet's value as people write it.
pub(super) fn label(facet: Facet, value: &str) -> Cow<'_, str> {
    match facet {
        Facet::Kind => value.to_lowercase().into(),
        Facet::Owner => short_ref(value, "group").into(),
        Facet::System => short_ref(value, "system").into(),
        _ => value.into(),
    }
}

/// The same where it is read again: a namespace and a name alone would be the reference of the system itself.
fn written(facet: Facet, value: &str) -> String {
    match label(facet, value) {
        short if facet == Facet::System && short.contains('/') => value.to_owned(),
        short => short.into_owned(),
    }
}

/// The index's spellings of a value: in its case, and as full references where the facet holds those. An owner stands
/// for the groups below it as well. `None` where no entity has it, but values begin so.
fn spelled(index: &Index, facet: Facet, value: &str) -> Option<Vec<String>> {
    let values = || index.facet_values(facet).map(|count| count.value);
    let same = |known: &str| {
        known.eq_ignore_ascii_case(value)
            || facet == Facet::System
                && known.split_once(':').is_some_and(|(_, rest)| {
                    rest == value || rest.split_once('/').is_some_and(|(_, name)| name == value)
                })
    };
    let known: Vec<String> = match facet {
        Facet::Owner => owners_called(index, value),
        _ => values()
            .filter(|known| same(known))
            .map(str::to_owned)
            .collect(),
    };
    if !known.is_empty() {
        return Some(known);
    }
    let begun = value.to_lowercase();
    let is_meant = |known: &str| {
        label(facet, known).to_lowercase().starts_with(&begun) || has_word(known, &begun)
    };
    // What nothing begins with is kept as it is: it leaves nothing, and the screen says so.
    (!values().any(is_meant)).then(|| vec![value.to_owned()])
}

fn narrow(selection: &mut Selection, rows: &RowSet) {
    match &mut selection.within {
        Some(within) => within.intersect(rows),
        None => selection.within = Some(rows.clone()),
    }
}
