//! Names that stand for entities, and what hangs on those: owners with the groups below them, domains with all they
//! hold, links, and the fields of Backstage's filters that the index can tell.

use std::collections::BTreeSet;

use crate::catalog::filter::Condition;
use crate::catalog::index::{Facet, Neighbor, RowSet, Selection};
use crate::catalog::{EntityRef, Index, Kind, RelationType, Row};

/// What a person writes for an entity: `x`, `default/x`, `group:x` or `group:default/x`, in lower case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    kind: Option<&'a str>,
    namespace: Option<&'a str>,
    name: &'a str,
    /// Whether a name that only begins so is meant as well.
    begins: bool,
}

impl<'a> Named<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let (kind, rest) = match text.split_once(':') {
            Some((kind, rest)) => (Some(kind), rest),
            None => (None, text),
        };
        let (namespace, name) = match rest.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, rest),
        };
        Self {
            kind,
            namespace,
            name,
            begins: false,
        }
    }

    /// The same for all names that begin so.
    pub(super) fn beginning(self) -> Self {
        Self {
            begins: true,
            ..self
        }
    }

    fn fits(&self, kind: &str, namespace: &str, name: &str) -> bool {
        self.kind
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(kind))
            && self.namespace.is_none_or(|wanted| wanted == namespace)
            && (self.name == name || self.begins && name.starts_with(self.name))
    }

    /// Whether a full reference in lower case is meant.
    pub(super) fn is(&self, reference: &str) -> bool {
        let (kind, rest) = reference.split_once(':').unwrap_or(("", reference));
        let (namespace, name) = rest.split_once('/').unwrap_or(("default", rest));
        self.fits(kind, namespace, name)
    }

    /// The rows that are meant; rows are sorted by name.
    pub(super) fn rows(self, index: &Index) -> impl Iterator<Item = Row> + use<'a, '_> {
        let (mut from, mut to) = (0, u32::try_from(index.len()).unwrap_or(u32::MAX));
        while from < to {
            let middle = from + (to - from) / 2;
            if index.folded_name(Row(middle)) < self.name {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        (from..)
            .map(Row)
            .take_while(move |row| {
                (row.0 as usize) < index.len() && index.folded_name(*row).starts_with(self.name)
            })
            .filter(move |row| {
                self.fits(
                    index.value(Facet::Kind, *row),
                    index.value(Facet::Namespace, *row),
                    index.folded_name(*row),
                )
            })
    }
}

/// The owners that a name stands for: the groups and people so called, whoever is named as an owner so, and the groups
/// below those groups. Full references.
pub(super) fn owners(index: &Index, named: Named<'_>) -> BTreeSet<String> {
    let mut owners: BTreeSet<String> = index
        .facet_values(Facet::Owner)
        .filter(|owner| named.is(owner.value))
        .map(|owner| owner.value.to_owned())
        .collect();
    let is_holder = |row: &Row| {
        matches!(
            Kind::parse(index.value(Facet::Kind, *row)),
            Kind::Group | Kind::User
        )
    };
    owners.extend(below(index, named.rows(index).filter(is_holder).collect()));
    owners
}

/// Who owns what is owned by `reference`, a full one: it and the groups below it.
pub(super) fn owners_below(index: &Index, reference: &str) -> BTreeSet<String> {
    let row = reference.parse().ok().and_then(|of| index.row_of(&of));
    let mut owners = below(index, row.into_iter().collect());
    owners.insert(reference.to_owned());
    owners
}

/// Groups (or people) and the groups below them: full references.
fn below(index: &Index, mut waiting: Vec<Row>) -> BTreeSet<String> {
    let mut owners = BTreeSet::new();
    let mut seen = RowSet::none(index.len());
    while let Some(row) = waiting.pop() {
        if seen.contains(row) {
            continue;
        }
        seen.insert(row);
        owners.extend(index.entity_ref(row).map(|holder| holder.to_string()));
        waiting.extend(along(index, row, &[RelationType::ParentOf]));
    }
    owners
}

/// Who owns something among those that `owner:name` stands for: full references.
pub fn owners_called(index: &Index, name: &str) -> Vec<String> {
    let owners = owners(index, Named::parse(&name.to_lowercase()));
    let known = index.facet_values(Facet::Owner).map(|owner| owner.value);
    known
        .filter(|owner| owners.contains(*owner))
        .map(str::to_owned)
        .collect()
}

/// What is in a domain: its systems, the domains below it, and all their parts.
pub(super) fn in_domain(index: &Index, named: Named<'_>) -> RowSet {
    let domains = named
        .rows(index)
        .filter(|row| Kind::parse(index.value(Facet::Kind, *row)) == Kind::Domain);
    let mut waiting: Vec<Row> = domains
        .flat_map(|row| along(index, row, &[RelationType::HasPart]))
        .collect();
    if waiting.is_empty() {
        // A domain that nobody described still has systems.
        waiting.extend(linked_to_missing(
            index,
            &[RelationType::PartOf],
            |target| target.starts_with("domain:") && named.is(target),
        ));
    }
    let mut found = RowSet::none(index.len());
    while let Some(row) = waiting.pop() {
        if !found.contains(row) {
            found.insert(row);
            waiting.extend(along(index, row, &[RelationType::HasPart]));
        }
    }
    found
}

/// What has a link of one of `types` to what `named` means.
pub(super) fn linked(index: &Index, types: &[RelationType], named: Named<'_>) -> RowSet {
    let inverse: Vec<RelationType> = types.iter().map(|of| of.inverse()).collect();
    let mut found = RowSet::none(index.len());
    let mut is_there = false;
    for row in named.rows(index) {
        is_there = true;
        along(index, row, &inverse).for_each(|row| found.insert(row));
    }
    if !is_there {
        for row in linked_to_missing(index, types, |target| named.is(target)) {
            found.insert(row);
        }
    }
    found
}

/// The entities at the other ends of relations of `row`.
fn along<'a>(
    index: &'a Index,
    row: Row,
    types: &'a [RelationType],
) -> impl Iterator<Item = Row> + use<'a> {
    index
        .relations(row)
        .filter(|(of, _)| types.contains(of))
        .filter_map(|(_, neighbor)| match neighbor {
            Neighbor::Entity(row) => Some(row),
            Neighbor::Missing(_) => None,
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// The rows with a relation to something that is not there and `fits`.
fn linked_to_missing(
    index: &Index,
    types: &[RelationType],
    fits: impl Fn(&str) -> bool,
) -> Vec<Row> {
    let has = |row: &Row| {
        index.relations(*row).any(|(of, neighbor)| {
            types.contains(&of) && matches!(neighbor, Neighbor::Missing(text) if fits(text))
        })
    };
    index.rows().filter(has).collect()
}

/// The rows with a relation of one of `types`.
pub(super) fn related(index: &Index, types: &[RelationType]) -> RowSet {
    let has = |row: &Row| index.relations(*row).any(|(of, _)| types.contains(&of));
    RowSet::of(index.len(), index.rows().filter(has))
}

/// The rows that hang on nothing: without a relation to another entity. A Location has none by its nature.
pub(super) fn orphans(index: &Index) -> RowSet {
    let hangs = |row: Row| {
        index
            .relations(row)
            .any(|(_, neighbor)| matches!(neighbor, Neighbor::Entity(other) if other != row))
    };
    let orphans = index.rows().filter(|row| {
        !hangs(*row) && Kind::parse(index.value(Facet::Kind, *row)) != Kind::Location
    });
    RowSet::of(index.len(), orphans)
}

/// The rows with a value of `facet` that `fits`.
pub(super) fn with_value(index: &Index, facet: Facet, fits: impl Fn(&str) -> bool) -> RowSet {
    let values = index.facet_values(facet).enumerate();
    let places = values.filter(|(_, count)| fits(count.value));
    index.rows_of(facet, places.map(|(place, _)| place))
}

/// The rows with a value of `facet` that has `word` as a word; of owners those of the groups below, too.
pub(super) fn with_word(index: &Index, facet: Facet, word: &str) -> RowSet {
    if facet != Facet::Owner {
        return with_value(index, facet, |known| has_word(known, word));
    }
    let known = index.facet_values(facet).map(|owner| owner.value);
    let owners = known.filter(|owner| has_word(owner, word));
    let owners: BTreeSet<String> = owners
        .flat_map(|owner| owners_below(index, owner))
        .collect();
    with_value(index, facet, |owner| owners.contains(owner))
}

/// Whether a word begins as `word`, in lower case, in a value or in the name of a reference: `payments` in
/// `group:default/team-payments`.
pub fn has_word(value: &str, word: &str) -> bool {
    let name = value.rsplit('/').next().unwrap_or(value).to_lowercase();
    let mut places = name.match_indices(word).map(|(at, _)| at);
    !word.is_empty()
        && places.any(|at| {
            let before = name.get(..at).and_then(|head| head.chars().next_back());
            !before.is_some_and(char::is_alphanumeric)
        })
}

/// The rows without a value of `facet`.
pub(super) fn without_value(index: &Index, facet: Facet) -> RowSet {
    index.select(&Selection::default().with(facet, ""))
}

/// What the index can tell of a field as Backstage's filters see it; `None` where only the record can.
pub(super) fn of_field(index: &Index, condition: &Condition) -> Option<RowSet> {
    let values = &condition.values;
    let of_facet = |facet: Facet| {
        let is_plain = |value: &String| !value.is_empty() && !value.contains(char::is_whitespace);
        (!values.is_empty() && values.iter().all(is_plain))
            .then(|| with_value(index, facet, |known| values.iter().any(|v| is(known, v))))
    };
    match condition.key.as_str() {
        "kind" if values.is_empty() => Some(RowSet::all(index.len())),
        "kind" => Some(with_value(index, Facet::Kind, |known| {
            values.iter().any(|value| is(known, value))
        })),
        "metadata.namespace" => of_facet(Facet::Namespace),
        "metadata.tags" => of_facet(Facet::Tag),
        "spec.type" => of_facet(Facet::Type),
        "spec.lifecycle" => of_facet(Facet::Lifecycle),
        "metadata.name" if !values.is_empty() => {
            let rows = values.iter().flat_map(|name| {
                let named = Named {
                    kind: None,
                    namespace: None,
                    name,
                    begins: false,
                };
                named.rows(index)
            });
            Some(RowSet::of(index.len(), rows))
        }
        key => {
            let wanted = key.strip_prefix("relations.")?;
            Some(with_relation(index, wanted, values))
        }
    }
}

/// Whether [`of_field`] leaves it to the record.
pub(super) fn needs_record(condition: &Condition) -> bool {
    of_field(&Index::empty(), condition).is_none()
}

/// The rows with a relation of the type called `name` to one of `targets`, to any where there are none.
fn with_relation(index: &Index, name: &str, targets: &[String]) -> RowSet {
    let known = RelationType::ALL.iter().copied();
    let types: Vec<RelationType> = known
        .filter(|of| of.as_str().eq_ignore_ascii_case(name))
        .collect();
    if targets.is_empty() {
        return related(index, &types);
    }
    let mut found = RowSet::none(index.len());
    for target in targets {
        // Whole references in lower case, as Backstage has them in its table.
        let row = target.parse::<EntityRef>().ok().and_then(|of| {
            (of.to_string() == *target)
                .then(|| index.row_of(&of))
                .flatten()
        });
        match (row, types.first()) {
            (Some(row), Some(of)) => {
                along(index, row, &[of.inverse()]).for_each(|row| found.insert(row));
            }
            _ => linked_to_missing(index, &types, |text| text == target)
                .into_iter()
                .for_each(|row| found.insert(row)),
        }
    }
    found
}

/// Whether a text of the index is a value in lower case.
pub(super) fn is(text: &str, value: &str) -> bool {
    text.eq_ignore_ascii_case(value) || (!text.is_ascii() && text.to_lowercase() == value)
}

/// Whether a text of the index begins with a value in lower case.
pub(super) fn begins_with(text: &str, value: &str) -> bool {
    text.get(..value.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(value))
        || (!text.is_ascii() && text.to_lowercase().starts_with(value))
}
