//! The overview of an entity: facts and relations as rows, many of which lead somewhere.

use crate::app::message::EntityDetail;
use crate::app::model::Shared;
use crate::app::narrow::Narrow;
use crate::catalog::entity::SOURCE_LOCATION;
use crate::catalog::entity_ref::short_ref;
use crate::catalog::index::Neighbor;
use crate::catalog::text::{count, one_line};
use crate::catalog::{EntityRef, Kind, Level, Place, RelationType};

/// How many ends of one type of relation are listed before the rest is folded away.
const LISTED: usize = 6;

/// The rows of an overview.
#[derive(Debug, Default)]
pub struct Overview {
    /// Owner, system, tags, source, links.
    pub facts: Vec<Item>,
    /// Relations by type.
    pub relations: Vec<Item>,
    /// How many relations there are.
    pub related: usize,
    /// What is wrong.
    pub problems: Vec<Item>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// What it is: "Owner", "depends on"; empty where it is the same as above.
    pub label: String,
    /// How many of its kind there are, in the first row of several.
    pub count: Option<usize>,
    /// The text.
    pub text: String,
    /// More on it, dim.
    pub note: String,
    /// How to mark it.
    pub level: Option<Level>,
    /// Where it leads.
    pub target: Option<Target>,
}

/// Where a row leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To an entity.
    Entity(EntityRef),
    /// Out of the portal.
    Url(String),
    /// To a place in a file.
    Place(Place),
    /// To a finding about it, at a place in a file.
    Finding(Place),
    /// To the catalog with a query.
    Catalog(String),
    /// Unfolds the ends of a type of relation.
    Unfold(RelationType),
}

impl Overview {
    /// Leaves what has the words, each with what its row is called.
    pub(super) fn narrow(&mut self, narrow: &Narrow) {
        for items in [&mut self.facts, &mut self.relations, &mut self.problems] {
            narrow_items(items, narrow);
        }
    }

    /// Every row that leads somewhere, in the order in which the cursor walks them.
    pub fn spots(&self) -> impl Iterator<Item = &Item> {
        let rows = self
            .facts
            .iter()
            .chain(&self.relations)
            .chain(&self.problems);
        rows.filter(|item| item.target.is_some())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.facts.len() + self.relations.len() + self.problems.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many spots the facts have: where the other column begins.
    pub fn fact_spots(&self) -> usize {
        self.facts
            .iter()
            .filter(|item| item.target.is_some())
            .count()
    }

    /// The rows for an entity: what the index knows at once, the rest when it is loaded.
    pub(super) fn of(
        entity_ref: &EntityRef,
        detail: Option<&EntityDetail>,
        unfolded: &[RelationType],
        shared: &Shared,
    ) -> Self {
        let (relations, related) = relations(entity_ref, unfolded, shared);
        Self {
            facts: facts(entity_ref, detail, shared),
            relations,
            related,
            problems: detail.map(problems).unwrap_or_default(),
        }
    }
}

/// Leaves the rows that have the words; what a row is called stands at the first of those that are called so.
pub(super) fn narrow_items(items: &mut Vec<Item>, narrow: &Narrow) {
    let (mut label, mut said) = (String::new(), String::new());
    items.retain_mut(|item| {
        if !item.label.is_empty() {
            label.clone_from(&item.label);
        }
        let fits = narrow.fits([label.as_str(), &item.text, &item.note]);
        if fits && said != label {
            said.clone_from(&label);
            item.label.clone_from(&label);
        }
        fits
    });
}

fn fact(label: &str, text: impl Into<String>) -> Item {
    Item {
        label: label.to_owned(),
        text: text.into(),
        ..Item::default()
    }
}

fn facts(entity_ref: &EntityRef, detail: Option<&EntityDetail>, shared: &Shared) -> Vec<Item> {
    let mut facts = Vec::new();
    if let Some(summary) = shared
        .index
        .row_of(entity_ref)
        .and_then(|row| shared.index.summary(row))
    {
        for (label, full, kind) in [
            ("Owner", summary.owner, "group"),
            ("System", summary.system, "system"),
        ] {
            if let Ok(target) = full.parse::<EntityRef>() {
                facts.push(reference(label, short_ref(full, kind), target, shared));
            }
        }
        let plain = [
            ("Type", summary.entity_type),
            ("Lifecycle", summary.lifecycle),
            (
                "Namespace",
                if summary.namespace == "default" {
                    ""
                } else {
                    summary.namespace
                },
            ),
            ("Tags", summary.tags),
        ];
        let plain = plain.into_iter().filter(|(_, text)| !text.is_empty());
        facts.extend(plain.map(|(label, text)| fact(label, text)));
    }
    let Some(detail) = detail else {
        return facts;
    };
    let entity = &detail.entity;
    for (at, (handle, meant)) in detail.code_owners.iter().enumerate() {
        facts.push(Item {
            note: meant
                .as_ref()
                .map(|meant| format!("→ {meant}"))
                .unwrap_or_default(),
            target: meant.clone().map(Target::Entity),
            ..fact(if at == 0 { "CODEOWNERS" } else { "" }, handle)
        });
    }
    if let Some(email) = entity
        .body
        .pointer("/spec/profile/email")
        .and_then(|email| email.as_str())
    {
        facts.push(fact("Email", one_line(email)));
    }
    let provenance = &entity.provenance;
    if let Some(place) = place_of(&provenance.location, provenance.line) {
        facts.push(Item {
            target: Some(Target::Place(place.clone())),
            note: provenance.source.clone(),
            ..fact("Described in", place.to_string())
        });
    }
    if let Some(folder) = entity
        .annotation(SOURCE_LOCATION)
        .and_then(|text| text.strip_prefix("url:"))
    {
        facts.push(Item {
            target: Some(Target::Url(folder.to_owned())),
            ..fact("Source", folder)
        });
    }
    for (at, link) in entity.links().enumerate() {
        facts.push(Item {
            target: Some(Target::Url(link.url.to_owned())),
            note: if link.title == link.url {
                String::new()
            } else {
                link.url.to_owned()
            },
            ..fact(if at == 0 { "Links" } else { "" }, one_line(link.title))
        });
    }
    facts
}

/// A row that leads to an entity, or says that there is none.
fn reference(label: &str, text: &str, target: EntityRef, shared: &Shared) -> Item {
    let row = shared.index.row_of(&target);
    Item {
        note: if row.is_some() {
            String::new()
        } else {
            "not found".to_owned()
        },
        level: row.is_none().then_some(Level::Warning),
        target: row.map(|_| Target::Entity(target)),
        ..fact(label, text)
    }
}

/// The place that a location in Backstage's form names: `url:https://…`, `file:/…`.
pub(super) fn place_of(location: &str, line: u32) -> Option<Place> {
    let (_, file) = location.split_once(':')?;
    Some(Place {
        file: file.to_owned(),
        line,
        column: 0,
    })
}

fn relations(
    entity_ref: &EntityRef,
    unfolded: &[RelationType],
    shared: &Shared,
) -> (Vec<Item>, usize) {
    let Some(row) = shared.index.row_of(entity_ref) else {
        return (Vec::new(), 0);
    };
    let mut ends: Vec<(RelationType, Vec<Neighbor<'_>>)> = Vec::new();
    for (relation_type, neighbor) in shared.index.relations(row) {
        match ends.last_mut() {
            Some((last, ends)) if *last == relation_type => ends.push(neighbor),
            _ => ends.push((relation_type, vec![neighbor])),
        }
    }
    let related = ends.iter().map(|(_, ends)| ends.len()).sum();
    let mut items = Vec::new();
    for (relation_type, ends) in ends {
        let folds = ends.len() > LISTED + 1 && !unfolded.contains(&relation_type);
        let listed = if folds { LISTED } else { ends.len() };
        for (at, end) in ends.iter().take(listed).enumerate() {
            let mut item = self::end(*end, shared);
            if at == 0 {
                relation_type.label().clone_into(&mut item.label);
                item.count = Some(ends.len()).filter(|len| *len > 1);
            }
            items.push(item);
        }
        if folds {
            items.push(Item {
                text: format!("…{} more", count(ends.len() - LISTED)),
                target: Some(all_of(relation_type, entity_ref)),
                ..Item::default()
            });
        }
    }
    (items, related)
}

/// Where all ends of a relation are seen: in the catalog, if a query says it.
fn all_of(relation_type: RelationType, entity_ref: &EntityRef) -> Target {
    match relation_type {
        RelationType::OwnerOf => Target::Catalog(format!("owner:{entity_ref}")),
        RelationType::HasPart if Kind::parse(entity_ref.kind()) == Kind::System => {
            Target::Catalog(format!("system:{entity_ref}"))
        }
        other => Target::Unfold(other),
    }
}

/// The other end of a relation as a row.
pub(super) fn end(end: Neighbor<'_>, shared: &Shared) -> Item {
    match end {
        Neighbor::Entity(row) => {
            let summary = shared.index.summary(row);
            Item {
                text: shared.index.name(row).to_owned(),
                note: summary.map(|s| s.kind.to_lowercase()).unwrap_or_default(),
                level: None,
                target: shared.index.entity_ref(row).map(Target::Entity),
                ..Item::default()
            }
        }
        Neighbor::Missing(full) => Item {
            text: full.to_owned(),
            note: "not found".to_owned(),
            level: Some(Level::Warning),
            ..Item::default()
        },
    }
}

fn problems(detail: &EntityDetail) -> Vec<Item> {
    let problems = detail.problems.iter().map(|problem| Item {
        text: problem.message.clone(),
        note: problem.remedy().into_owned(),
        level: Some(problem.level),
        target: Some(Target::Finding(problem.place.clone())),
        ..Item::default()
    });
    problems.collect()
}
