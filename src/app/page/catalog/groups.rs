//! Rows in groups that can be folded. A group knows which run of the rows is its own, so that a line is found without a
//! list of all lines.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::view::Grouping;
use crate::catalog::entity_ref::short_ref;
use crate::catalog::index::{Facet, Neighbor};
use crate::catalog::{EntityRef, Index, Kind, RelationType, Row};

/// Rows that have something in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they have in common; empty where they have none of it.
    pub label: String,
    /// Whether its rows are folded away.
    pub folded: bool,
    /// Its rows, among all of them.
    rows: Range<usize>,
    /// The line of its title.
    line: usize,
}

impl Group {
    /// How many rows it has.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The line of its title.
    pub(super) fn title(&self) -> usize {
        self.line
    }

    fn end(&self) -> usize {
        self.line + 1 + if self.folded { 0 } else { self.rows.len() }
    }
}

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// The title of a group.
    Group(&'a Group),
    /// An entity.
    Row(Row),
}

/// Puts `rows` in the order of their groups, in which they keep theirs, and says where each begins.
pub(super) fn arrange(
    index: &Index,
    rows: &mut Vec<Row>,
    by: Grouping,
    folded: &BTreeSet<String>,
) -> Vec<Group> {
    let keys = Keys::of(index, by);
    let mut counts = vec![0_usize; keys.labels.len() + 1];
    let place = |row: &Row| keys.place(*row).min(keys.labels.len());
    for row in rows.iter() {
        if let Some(count) = counts.get_mut(place(row)) {
            *count += 1;
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut next = vec![0_usize; counts.len()];
    let mut start = 0;
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let label = keys.labels.get(at).cloned().unwrap_or_default();
        groups.push(Group {
            folded: folded.contains(&label),
            label,
            rows: start..start + count,
            line: groups.last().map_or(0, Group::end),
        });
        if let Some(next) = next.get_mut(at) {
            *next = start;
        }
        start += count;
    }
    let mut arranged = vec![Row(0); rows.len()];
    for row in rows.iter() {
        if let Some(at) = next.get_mut(place(row)) {
            if let Some(slot) = arranged.get_mut(*at) {
                *slot = *row;
            }
            *at += 1;
        }
    }
    *rows = arranged;
    groups
}

/// How many lines `rows` have in `groups`.
pub(super) fn lines(rows: &[Row], groups: Option<&[Group]>) -> usize {
    groups.map_or(rows.len(), |groups| groups.last().map_or(0, Group::end))
}

/// The line numbered `at`.
pub(super) fn line<'a>(rows: &[Row], groups: Option<&'a [Group]>, at: usize) -> Option<Line<'a>> {
    let Some(groups) = groups else {
        return rows.get(at).copied().map(Line::Row);
    };
    let group = groups.get(
        groups
            .partition_point(|group| group.line <= at)
            .checked_sub(1)?,
    )?;
    if group.line == at {
        return Some(Line::Group(group));
    }
    let row = group.rows.start + (at - group.line - 1);
    (at < group.end()).then(|| rows.get(row).copied().map(Line::Row))?
}

/// The line of the row at `at`; of a row that is folded away that of its group.
pub(super) fn line_of(groups: Option<&[Group]>, at: usize) -> usize {
    let Some(groups) = groups else { return at };
    let group = groups.partition_point(|group| group.rows.start <= at);
    match group.checked_sub(1).and_then(|group| groups.get(group)) {
        Some(group) if group.folded => group.line,
        Some(group) => group.line + 1 + (at - group.rows.start),
        None => 0,
    }
}

/// What rows are grouped by, numbered in order.
struct Keys<'a> {
    index: &'a Index,
    labels: Vec<String>,
    /// By value of the facet the number of its label.
    of_values: Vec<usize>,
    places: &'a [u32],
    /// The number of the label of rows that do not have it by their value.
    of_rows: BTreeMap<Row, usize>,
}

impl<'a> Keys<'a> {
    fn of(index: &'a Index, by: Grouping) -> Self {
        let (facet, kind) = match by {
            Grouping::Owner => (Facet::Owner, "group"),
            Grouping::System | Grouping::Domain => (Facet::System, "system"),
        };
        let values = index.facet_values(facet).map(|value| value.value);
        let mut keys = Self {
            index,
            labels: Vec::new(),
            of_values: Vec::new(),
            places: index.places(facet),
            of_rows: BTreeMap::new(),
        };
        if by == Grouping::Domain {
            keys.by_domain(values);
        } else {
            keys.labels = values
                .map(|value| short_ref(value, kind).to_owned())
                .collect();
            keys.of_values = (0..keys.labels.len()).collect();
        }
        keys
    }

    /// Systems are in domains; of what is in no system, systems and domains themselves are grouped.
    fn by_domain(&mut self, systems: impl Iterator<Item = &'a str>) {
        let of_systems: Vec<Option<String>> = systems
            .map(|system| {
                let system: EntityRef = system.parse().ok()?;
                domain_of(self.index, self.index.row_of(&system)?)
            })
            .collect();
        let mut of_rows = Vec::new();
        for kind in ["system", "domain"] {
            for row in rows_of_kind(self.index, kind) {
                let domain = if kind == "system" {
                    domain_of(self.index, row)
                } else {
                    self.index.entity_ref(row).map(|domain| domain.to_string())
                };
                of_rows.extend(domain.map(|domain| (row, domain)));
            }
        }
        let all = of_systems.iter().flatten();
        let all: BTreeSet<&String> = all
            .chain(of_rows.iter().map(|(_, domain)| domain))
            .collect();
        let numbers: BTreeMap<&String, usize> = all.iter().copied().zip(0..).collect();
        let number = |domain: &String| numbers.get(domain).copied();
        let none = all.len();
        self.of_values = of_systems
            .iter()
            .map(|domain| domain.as_ref().and_then(number).unwrap_or(none))
            .collect();
        self.of_rows = of_rows
            .iter()
            .filter_map(|(row, domain)| Some((*row, number(domain)?)))
            .collect();
        self.labels = all
            .iter()
            .map(|domain| short_ref(domain, "domain").to_owned())
            .collect();
    }

    /// The number of the label of `row`; beyond the last where it has none.
    fn place(&self, row: Row) -> usize {
        if let Some(number) = self.of_rows.get(&row) {
            return *number;
        }
        let place = self.places.get(row.0 as usize);
        let value = place.and_then(|place| self.of_values.get(*place as usize));
        value.copied().unwrap_or(usize::MAX)
    }
}

fn rows_of_kind(index: &Index, kind: &str) -> Vec<Row> {
    let kinds = index.facet_values(Facet::Kind).enumerate();
    let of_kind = kinds.filter(|(_, value)| value.value.eq_ignore_ascii_case(kind));
    let rows = index.rows_of(Facet::Kind, of_kind.map(|(place, _)| place));
    rows.iter().collect()
}

/// The domain that a system is part of, as a full reference.
fn domain_of(index: &Index, system: Row) -> Option<String> {
    index
        .relations(system)
        .filter(|(along, _)| *along == RelationType::PartOf)
        .filter_map(|(_, end)| match end {
            Neighbor::Entity(row) => index.entity_ref(row).map(|end| end.to_string()),
            Neighbor::Missing(text) => Some(text.to_owned()),
        })
        .find(|end| {
            let kind = end.split_once(':').map_or("", |(kind, _)| kind);
            Kind::parse(kind) == Kind::Domain
        })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::index::{IndexEntry, Tally};
    use crate::catalog::{Entity, Provenance, Relation};

    /// Kind, name, owner, system.
    const ENTITIES: [(&str, &str, &str, &str); 6] = [
        ("Component", "a", "team-b", "till"),
        ("Component", "b", "team-a", "till"),
        ("Component", "c", "", ""),
        ("Component", "d", "team-a", "lost"),
        ("System", "till", "team-b", ""),
        ("Domain", "shop", "team-b", ""),
    ];

    fn index() -> Index {
        let entities = ENTITIES.map(|(kind, name, owner, system)| Entity {
            entity_ref: EntityRef::new(kind, "default", name),
            body: json!({
                "kind": kind,
                "metadata": {"name": name},
                "spec": {"owner": owner, "system": system},
            }),
            provenance: Provenance::default(),
        });
        let entries: Vec<IndexEntry<'_>> = entities
            .iter()
            .map(|entity| IndexEntry {
                entity,
                problems: Tally::default(),
            })
            .collect();
        let part_of = Relation {
            source: EntityRef::new("system", "default", "till"),
            relation_type: RelationType::PartOf,
            target: EntityRef::new("domain", "default", "shop"),
        };
        Index::of(&entries, &[part_of]).unwrap()
    }

    fn shown(by: Grouping, folded: &[&str]) -> Vec<String> {
        let index = index();
        let mut rows: Vec<Row> = index.rows().collect();
        let folded = folded.iter().map(|label| (*label).to_owned()).collect();
        let groups = arrange(&index, &mut rows, by, &folded);
        let lines = 0..lines(&rows, Some(&groups));
        assert_eq!(line(&rows, Some(&groups), lines.end), None);
        for at in 0..rows.len() {
            let shown = line(&rows, Some(&groups), line_of(Some(&groups), at)).unwrap();
            assert!(
                matches!(shown, Line::Group(group) if group.folded) || shown == Line::Row(rows[at])
            );
        }
        lines
            .map(|at| match line(&rows, Some(&groups), at).unwrap() {
                Line::Group(group) => format!("{}: {}", group.label, group.count()),
                Line::Row(row) => index.name(row).to_owned(),
            })
            .collect()
    }

    #[test]
    fn rows_stand_below_what_they_have_in_common() {
        assert_eq!(
            shown(Grouping::Owner, &[]),
            [
                "team-a: 2",
                "b",
                "d",
                "team-b: 3",
                "a",
                "shop",
                "till",
                ": 1",
                "c"
            ]
        );
        assert_eq!(
            shown(Grouping::System, &[]),
            [
                "lost: 1", "d", "till: 2", "a", "b", ": 3", "c", "shop", "till"
            ]
        );
        assert_eq!(
            shown(Grouping::Domain, &[]),
            ["shop: 4", "a", "b", "shop", "till", ": 2", "c", "d"]
        );
    }

    #[test]
    fn what_is_folded_shows_its_title_alone() {
        assert_eq!(
            shown(Grouping::Owner, &["team-b", ""]),
            ["team-a: 2", "b", "d", "team-b: 3", ": 1"]
        );
    }
}
