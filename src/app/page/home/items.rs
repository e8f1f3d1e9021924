//! What the panes of the home page list, taken from the index.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Topic;
use crate::app::model::Shared;
use crate::app::narrow::Narrow;
use crate::catalog::index::{Column, Facet, Neighbor, RowSet, Selection};
use crate::catalog::text::counted;
use crate::catalog::{EntityRef, Kind, Level, Problem, RelationType, Row, Rule};

/// How many starred and recent entities are listed.
const LISTED: usize = 20;
/// More findings than these are listed by cause.
const FEW: usize = 8;

/// One row of a pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// An entity.
    Entity {
        /// Which.
        row: Row,
        /// Whether it is starred.
        starred: bool,
    },
    /// A group of the user's.
    Team(Team),
    /// Something wrong with what is theirs.
    Finding {
        /// The entity it is about.
        row: Row,
        /// How bad it is.
        level: Level,
        /// What is wrong; until the words are loaded, how much.
        message: String,
    },
    /// Things wrong with what is theirs, all for one cause.
    Cause {
        /// The rule that found them.
        rule: Rule,
        /// The worst of their levels.
        level: Level,
        /// How many there are.
        count: usize,
    },
    /// A kind with the number of its entities.
    Kind(String, usize),
    /// How many entities have findings.
    Broken(usize),
    /// An entity that was starred or visited and is no longer in the catalog.
    Gone(EntityRef),
}

/// What a row is known by when the lists are made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    Entity(EntityRef),
    Finding(EntityRef, String),
    Cause(Rule),
    Kind(String),
    Broken,
}

impl Item {
    /// What it is known by; `None` where its entity is not in the catalog any more.
    pub(super) fn name(&self, shared: &Shared) -> Option<Name> {
        let entity = |row: Row| shared.index.entity_ref(row);
        Some(match self {
            Self::Entity { row, .. } => Name::Entity(entity(*row)?),
            Self::Team(team) => Name::Entity(entity(team.row)?),
            Self::Gone(entity_ref) => Name::Entity(entity_ref.clone()),
            Self::Finding { row, message, .. } => Name::Finding(entity(*row)?, message.clone()),
            Self::Cause { rule, .. } => Name::Cause(*rule),
            Self::Kind(kind, _) => Name::Kind(kind.clone()),
            Self::Broken(_) => Name::Broken,
        })
    }
}

/// A group of the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Team {
    /// Which.
    pub row: Row,
    /// How many people are in it.
    pub people: usize,
    /// How many entities it owns.
    pub things: usize,
    /// Whether it is above a group of theirs, not one they are in.
    pub parent: bool,
}

/// The panes with their rows, in the order in which Tab walks them.
pub(super) fn panes(shared: &Shared, problems: Option<&[Problem]>) -> Vec<(Topic, Vec<Item>)> {
    let mine = shared.mine();
    let known = shared.personal.identity.me.is_some();
    let mut panes = Vec::new();
    if known {
        panes.push((Topic::Yours, yours(shared, &mine)));
    }
    if !known {
        panes.push((Topic::Kinds, kinds(shared)));
    }
    if known {
        panes.push((Topic::NeedsLook, findings(shared, problems)));
    }
    panes.push((
        Topic::Starred,
        known_or_gone(shared, &shared.personal.stars),
    ));
    panes.push((
        Topic::Recent,
        known_or_gone(shared, &shared.personal.visits),
    ));
    if known {
        panes.push((Topic::Teams, teams(shared)));
        panes.push((Topic::Kinds, kinds(shared)));
    }
    panes
}

/// Whether a row has the words that the lists are narrowed to.
pub(super) fn fits(item: &Item, narrow: &Narrow, shared: &Shared) -> bool {
    if !narrow.is_on() {
        return true;
    }
    let entity = |row: Row, more: &str| {
        let summary = shared.index.summary(row);
        summary.is_some_and(|it| narrow.fits([it.name, it.title, it.kind, it.entity_type, more]))
    };
    match item {
        Item::Entity { row, .. } => entity(*row, ""),
        Item::Finding { row, message, .. } => entity(*row, message),
        Item::Team(team) => entity(team.row, ""),
        Item::Cause { rule, .. } => narrow.fits([rule.title()]),
        Item::Kind(kind, _) => narrow.fits([kind.as_str()]),
        Item::Broken(_) => narrow.fits(["problems"]),
        Item::Gone(entity_ref) => narrow.fits([entity_ref.name()]),
    }
}

/// Whether the words of findings are needed.
pub(super) fn any_of_mine_is_broken(shared: &Shared) -> bool {
    shared.answers_for().iter().any(|row| {
        let summary = shared.index.summary(row);
        summary.is_some_and(|summary| !summary.problems.is_empty())
    })
}

/// What is theirs: starred first, then by kind and name.
fn yours(shared: &Shared, mine: &RowSet) -> Vec<Item> {
    let stars = shared.starred();
    let sorted = shared.index.sort(mine, Column::Kind, false);
    let (first, rest): (Vec<Row>, Vec<Row>) =
        sorted.into_iter().partition(|row| stars.contains(*row));
    let items = |rows: Vec<Row>, starred| {
        rows.into_iter()
            .map(move |row| Item::Entity { row, starred })
    };
    items(first, true).chain(items(rest, false)).collect()
}

fn kinds(shared: &Shared) -> Vec<Item> {
    let mut counts: Vec<_> = shared.index.facet_values(Facet::Kind).collect();
    counts.sort_by_key(|count| (Kind::parse(count.value), count.value));
    let broken = shared.index.select(&Selection {
        has_problems: Some(true),
        ..Selection::default()
    });
    let broken = Some(broken.count()).filter(|&count| count > 0);
    counts
        .into_iter()
        .map(|count| Item::Kind(count.value.to_owned(), count.count))
        .chain(broken.map(Item::Broken))
        .collect()
}

/// What is wrong with what is theirs, the worst first; by cause where there is much of it.
fn findings(shared: &Shared, problems: Option<&[Problem]>) -> Vec<Item> {
    let mine = shared.answers_for();
    let Some(problems) = problems else {
        return counted_findings(shared, &mine);
    };
    // What is only good to know needs nobody's look; the problems page has it.
    let mut found: Vec<(Level, Row, &Problem)> = problems
        .iter()
        .filter(|problem| problem.level < Level::Info)
        .filter_map(|problem| {
            let row = shared.index.row_of(problem.entity.as_ref()?)?;
            mine.contains(row).then_some((problem.level, row, problem))
        })
        .collect();
    found.sort();
    if found.len() > FEW {
        return causes(&found);
    }
    found
        .into_iter()
        .map(|(level, row, problem)| Item::Finding {
            row,
            level,
            message: problem.message.clone(),
        })
        .collect()
}

/// `found`, by cause: the worst first, and of these what there is most of.
fn causes(found: &[(Level, Row, &Problem)]) -> Vec<Item> {
    let mut causes: BTreeMap<Rule, (Level, usize)> = BTreeMap::new();
    for (level, _, problem) in found {
        let (worst, count) = causes.entry(problem.rule).or_insert((*level, 0));
        *worst = (*worst).min(*level);
        *count += 1;
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, (level, count))| (*level, Reverse(*count)));
    let items = causes
        .into_iter()
        .map(|(rule, (level, count))| Item::Cause { rule, level, count });
    items.collect()
}

/// The same before the findings are loaded.
fn counted_findings(shared: &Shared, mine: &RowSet) -> Vec<Item> {
    mine.iter()
        .filter_map(|row| shared.index.summary(row))
        .filter(|summary| !summary.problems.is_empty())
        .map(|summary| Item::Finding {
            row: summary.row,
            level: if summary.problems.errors > 0 {
                Level::Error
            } else {
                Level::Warning
            },
            message: counted(summary.problems.total() as usize, "problem"),
        })
        .collect()
}

fn known_or_gone(shared: &Shared, refs: &[EntityRef]) -> Vec<Item> {
    let items = refs
        .iter()
        .take(LISTED)
        .map(|entity_ref| match shared.index.row_of(entity_ref) {
            Some(row) => Item::Entity {
                row,
                starred: shared.is_starred(entity_ref),
            },
            None => Item::Gone(entity_ref.clone()),
        });
    items.collect()
}

/// Their groups, the nearest first.
fn teams(shared: &Shared) -> Vec<Item> {
    let identity = &shared.personal.identity;
    let direct = |row: Row| {
        shared
            .index
            .relations(row)
            .any(|(relation_type, neighbor)| {
                relation_type == RelationType::HasMember
                    && matches!(neighbor, Neighbor::Entity(member)
                    if shared.index.entity_ref(member) == identity.me)
            })
    };
    let rows = identity
        .groups
        .iter()
        .filter_map(|group| shared.index.row_of(group));
    rows.map(|row| {
        let count = |wanted: RelationType| {
            let relations = shared.index.relations(row);
            relations.filter(|(of, _)| *of == wanted).count()
        };
        Item::Team(Team {
            row,
            people: count(RelationType::HasMember),
            things: count(RelationType::OwnerOf),
            parent: !direct(row),
        })
    })
    .collect()
}
