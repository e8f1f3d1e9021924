//! The index against a catalog small enough to check by eye, and against bytes that were cut or changed.

mod merge;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::catalog::fold::char_mask;
use crate::catalog::{EntityRef, Provenance, Relation, RelationType};

fn entity(kind: &str, namespace: &str, name: &str, body: &serde_json::Value) -> Entity {
    let mut whole =
        json!({"apiVersion": "backstage.io/v1alpha1", "kind": kind, "spec": body["spec"]});
    whole["metadata"] = body["metadata"].clone();
    whole["metadata"]["name"] = name.into();
    Entity {
        entity_ref: EntityRef::new(kind, namespace, name),
        body: whole,
        provenance: Provenance::default(),
    }
}

fn company() -> (Vec<Entity>, Vec<Relation>) {
    let entities = vec![
        entity(
            "Component",
            "default",
            "Web",
            &json!({
            "metadata": {"title": "The Shop", "tags": ["java", "edge"], "description": "Sells\n  things.",
                "annotations": {"backstage.io/techdocs-ref": "dir:."}},
            "spec": {"type": "website", "owner": "team-a", "system": "shop", "lifecycle": "production"}}),
        ),
        entity(
            "Component",
            "default",
            "pay",
            &json!({
            "metadata": {"tags": ["java"]},
            "spec": {"type": "service", "owner": "user:ops/jane", "lifecycle": "experimental"}}),
        ),
        entity(
            "API",
            "default",
            "pay",
            &json!({"metadata": {}, "spec": {"type": "openapi", "owner": "Team-A"}}),
        ),
        entity(
            "Group",
            "default",
            "team-a",
            &json!({
            "metadata": {}, "spec": {"type": "team", "profile": {"displayName": "Ärger & Co"}}}),
        ),
        entity("Gadget", "lab", "pay", &json!({"metadata": {}, "spec": {}})),
    ];
    let relation = |source: &str, relation_type, target: &str| Relation {
        source: source.parse().unwrap(),
        relation_type,
        target: target.parse().unwrap(),
    };
    let forward = [
        relation("component:web", RelationType::OwnedBy, "group:team-a"),
        relation("component:web", RelationType::DependsOn, "component:pay"),
        relation("component:web", RelationType::DependsOn, "resource:gone"),
        relation("component:web", RelationType::DependsOn, "component:pay"),
        relation("component:pay", RelationType::ProvidesApi, "api:pay"),
    ];
    let both = forward.iter().flat_map(|r| [r.clone(), r.inverse()]);
    (entities.clone(), both.collect())
}

fn bytes_of(entities: &[Entity], relations: &[Relation]) -> Vec<u8> {
    let entries: Vec<_> = entities
        .iter()
        .zip(0..)
        .map(|(entity, nth)| IndexEntry {
            entity,
            problems: Tally {
                errors: nth / 2,
                warnings: nth - nth / 2,
            },
        })
        .collect();
    Index::build(&entries, relations).unwrap()
}

fn index() -> Index {
    let (entities, relations) = company();
    Index::open(Arc::new(bytes_of(&entities, &relations))).unwrap()
}

fn names(index: &Index, rows: &RowSet) -> Vec<String> {
    rows.iter()
        .map(|row| index.entity_ref(row).unwrap().to_string())
        .collect()
}

#[test]
fn rows_are_sorted_by_name_then_kind() {
    let index = index();
    assert_eq!(
        names(&index, &RowSet::all(index.len())),
        [
            "component:default/pay",
            "api:default/pay",
            "gadget:lab/pay",
            "group:default/team-a",
            "component:default/web"
        ]
    );
    let by_ref: Vec<_> = index
        .rows_by_ref()
        .map(|row| index.entity_ref(row).unwrap())
        .collect();
    assert!(by_ref.is_sorted());
}

#[test]
fn a_summary_says_what_the_list_shows() {
    let index = index();
    let row = index.row_of(&"component:web".parse().unwrap()).unwrap();
    assert_eq!(
        index.summary(row),
        Some(Summary {
            row,
            kind: "Component",
            namespace: "default",
            name: "Web",
            title: "The Shop",
            entity_type: "website",
            owner: "group:default/team-a",
            system: "system:default/shop",
            lifecycle: "production",
            description: "Sells things.",
            tags: "java edge",
            problems: Tally::default(),
            has_docs: true,
        })
    );
    assert_eq!(index.folded_name(row), "web");
    let team = index.row_of(&"group:team-a".parse().unwrap()).unwrap();
    assert_eq!(index.folded_title(team), "ärger & co");
    assert_eq!(
        index.title_masks()[team.0 as usize],
        char_mask("arger & co")
    );
    assert_eq!(index.summary(Row(5)), None);
    assert_eq!(index.row_of(&"component:other".parse().unwrap()), None);
}

#[test]
fn relations_are_sorted_single_and_keep_what_is_missing() {
    let index = index();
    let row = |text: &str| index.row_of(&text.parse().unwrap()).unwrap();
    let of = |text: &str| index.relations(row(text)).collect::<Vec<_>>();
    assert_eq!(
        of("component:web"),
        [
            (RelationType::OwnedBy, Neighbor::Entity(row("group:team-a"))),
            (
                RelationType::DependsOn,
                Neighbor::Entity(row("component:pay"))
            ),
            (
                RelationType::DependsOn,
                Neighbor::Missing("resource:default/gone")
            ),
        ]
    );
    assert_eq!(
        of("api:pay"),
        [(
            RelationType::ApiProvidedBy,
            Neighbor::Entity(row("component:pay"))
        )]
    );
}

#[test]
fn facets_are_counted_over_what_the_other_facets_leave() {
    let index = index();
    let values = |facet| -> Vec<_> {
        index
            .facet_values(facet)
            .map(|v| (v.value, v.count))
            .collect()
    };
    assert_eq!(
        values(Facet::Kind),
        [("Component", 2), ("API", 1), ("Group", 1), ("Gadget", 1)]
    );
    assert_eq!(values(Facet::Tag), [("edge", 1), ("java", 2)]);
    let selection = Selection::default()
        .with(Facet::Kind, "component")
        .with(Facet::Tag, "edge");
    assert_eq!(
        names(&index, &index.select(&selection)),
        ["component:default/web"]
    );
    let counts = index.counts(&selection);
    let of = |facet| -> Vec<_> {
        let (_, counts) = counts.iter().find(|(f, _)| *f == facet).unwrap();
        counts.iter().map(|c| (c.value, c.count)).collect()
    };
    assert_eq!(of(Facet::Kind), [("Component", 1)]);
    assert_eq!(of(Facet::Tag), [("edge", 1), ("java", 2)]);
    assert_eq!(of(Facet::Type), [("website", 1)]);
}

#[test]
fn a_selection_narrows_by_every_part() {
    let index = index();
    let left = |selection: &Selection| names(&index, &index.select(selection)).len();
    let everything = Selection::default();
    assert!(everything.is_everything());
    assert_eq!(left(&everything), 5);
    assert_eq!(
        left(&Selection {
            has_docs: Some(true),
            ..Selection::default()
        }),
        1
    );
    assert_eq!(
        left(&Selection {
            has_problems: Some(false),
            ..Selection::default()
        }),
        1
    );
    let owners = BTreeSet::from([
        "group:default/team-a".to_owned(),
        "user:ops/jane".to_owned(),
    ]);
    assert_eq!(
        left(&Selection {
            owned_by: Some(owners),
            ..Selection::default()
        }),
        3
    );
    let within = RowSet::of(index.len(), [Row(0), Row(4)]);
    assert_eq!(
        left(&Selection {
            within: Some(within),
            ..Selection::default()
        }),
        2
    );
    assert_eq!(left(&Selection::default().with(Facet::Lifecycle, "")), 3);
    assert_eq!(left(&Selection::default().with(Facet::Tag, "")), 3);
    assert_eq!(left(&Selection::default().with(Facet::Type, "nothing")), 0);
    let mut toggled = Selection::default();
    toggled.toggle(Facet::Kind, "API");
    assert!(toggled.has(Facet::Kind, "API"));
    toggled.toggle(Facet::Kind, "API");
    assert!(toggled.is_everything());
}

#[test]
fn sorting_keeps_names_in_order_and_gaps_last() {
    let index = index();
    let all = RowSet::all(index.len());
    let sorted = |column, descending| -> Vec<u32> {
        index
            .sort(&all, column, descending)
            .iter()
            .map(|row| row.0)
            .collect()
    };
    assert_eq!(sorted(Column::Kind, false), [0, 4, 1, 3, 2]);
    assert_eq!(sorted(Column::Kind, true), [2, 3, 1, 0, 4]);
    assert_eq!(sorted(Column::Lifecycle, false), [0, 4, 1, 2, 3]);
    assert_eq!(sorted(Column::Lifecycle, true), [4, 0, 1, 2, 3]);
    assert_eq!(sorted(Column::Problems, true), [2, 3, 1, 0, 4]);
    assert_eq!(sorted(Column::Name, true), [4, 3, 2, 1, 0]);
}

#[test]
fn texts_are_sorted_in_any_case_and_what_has_none_comes_last() {
    let index = index();
    let all = RowSet::all(index.len());
    let shown = |column, of: fn(&Summary<'_>) -> String| {
        [false, true].map(|descending| -> Vec<String> {
            let rows = index.sort(&all, column, descending).into_iter();
            rows.map(|row| of(&index.summary(row).unwrap())).collect()
        })
    };
    let [up, down] = shown(Column::Tags, |summary| summary.tags.to_owned());
    assert_eq!(up, ["java", "java edge", "", "", ""]);
    assert_eq!(down, ["java edge", "java", "", "", ""]);
    let [up, down] = shown(Column::Title, |summary| summary.title.to_owned());
    assert_eq!(up, ["The Shop", "Ärger & Co", "", "", ""]);
    assert_eq!(down, ["Ärger & Co", "The Shop", "", "", ""]);
    let [up, down] = shown(Column::Description, |summary| summary.name.to_owned());
    assert_eq!(up, ["Web", "pay", "pay", "pay", "team-a"]);
    assert_eq!(down, up, "one has a description");
}

proptest! {
    #[test]
    fn texts_are_sorted_as_their_folded_bytes_are(
        titles in prop::collection::vec("[aAbBä \\u{0}]{0,15}", 1..20), descending in any::<bool>(),
    ) {
        let entities: Vec<Entity> = (0_u8..).zip(&titles).map(|(nth, title)| {
            let body = json!({"metadata": {"title": title}, "spec": {}});
            entity("API", "default", &format!("e{nth:03}"), &body)
        }).collect();
        let index = Index::open(Arc::new(bytes_of(&entities, &[]))).unwrap();
        let mut expected: Vec<Row> = index.rows().collect();
        expected.sort_by(|a, b| {
            let (of_a, of_b) = (index.folded_title(*a), index.folded_title(*b));
            let order = if descending { of_b.cmp(of_a) } else { of_a.cmp(of_b) };
            of_a.is_empty().cmp(&of_b.is_empty()).then(order)
        });
        prop_assert_eq!(index.sort(&RowSet::all(index.len()), Column::Title, descending), expected);
    }
}

#[test]
fn the_first_of_two_with_one_reference_stays() {
    let (mut entities, _) = company();
    entities.push(entity(
        "component",
        "Default",
        "WEB",
        &json!({"metadata": {}, "spec": {}}),
    ));
    let index = Index::open(Arc::new(bytes_of(&entities, &[]))).unwrap();
    assert_eq!(index.len(), 5);
    let row = index.row_of(&"component:web".parse().unwrap()).unwrap();
    assert_eq!(index.name(row), "Web");
}

#[test]
fn an_empty_index_answers_everything_with_nothing() {
    for index in [Index::empty(), Index::of(&[], &[]).unwrap()] {
        assert!(index.is_empty());
        assert_eq!(index.rows().count(), 0);
        assert_eq!(index.select(&Selection::default()).count(), 0);
        assert!(index.facet_values(Facet::Tag).next().is_none());
        assert_eq!(index.value(Facet::Kind, Row(0)), "");
        assert_eq!(index.relations(Row(0)).count(), 0);
        assert_eq!(index.row_of(&"component:web".parse().unwrap()), None);
    }
}

#[test]
fn bytes_that_do_not_begin_at_a_multiple_of_eight_are_copied() {
    struct Shifted(Vec<u8>, usize);
    impl Bytes for Shifted {
        fn bytes(&self) -> &[u8] {
            &self.0[self.1..]
        }
    }
    let (entities, relations) = company();
    let bytes = bytes_of(&entities, &relations);
    for shift in 0..8 {
        let mut shifted = vec![0; shift];
        shifted.extend_from_slice(&bytes);
        let index = Index::open(Arc::new(Shifted(shifted, shift))).unwrap();
        assert_eq!(index.name(Row(4)), "Web");
    }
}

/// Calls everything that reads bytes; what it answers does not matter.
fn use_everything(index: &Index) {
    for row in index.rows() {
        let _ = (
            index.summary(row),
            index.entity_ref(row),
            index.folded_title(row),
        );
        index.relations(row).for_each(drop);
        for facet in Facet::ALL {
            index.value(facet, row);
        }
    }
    index.row_of(&"component:web".parse().unwrap());
    index.rows_by_ref().for_each(drop);
    let mut selection = Selection {
        has_docs: Some(false),
        has_problems: Some(true),
        ..Selection::default()
    };
    for facet in Facet::ALL {
        index.facet_values(facet).for_each(drop);
        selection = selection
            .with(facet, "")
            .with(facet, "java")
            .with(facet, "Component");
    }
    let rows = index.select(&selection);
    index.counts(&selection);
    for column in [Column::Owner, Column::Problems] {
        index.sort(&rows, column, true);
        index.sort(&RowSet::all(index.len()), column, false);
    }
}

#[test]
fn cut_bytes_are_refused() {
    let (entities, relations) = company();
    let bytes = bytes_of(&entities, &relations);
    for len in 0..bytes.len() {
        assert!(
            Index::open(Arc::new(bytes[..len].to_vec())).is_err(),
            "{len}"
        );
    }
}

#[test]
fn bytes_of_another_version_are_refused() {
    let (entities, relations) = company();
    for at in [0, 8] {
        let mut bytes = bytes_of(&entities, &relations);
        bytes[at] ^= 0xff;
        assert!(matches!(
            Index::open(Arc::new(bytes)),
            Err(IndexError::Version)
        ));
    }
}

#[test]
fn what_a_changed_bit_hits_reads_as_empty_and_is_told() {
    let whole = index();
    let (entities, relations) = company();
    let bytes = bytes_of(&entities, &relations);
    let texts = |index: &Index, row| {
        let summary = index.summary(row)?;
        let texts = [
            summary.kind,
            summary.namespace,
            summary.name,
            summary.title,
            summary.entity_type,
            summary.owner,
            summary.system,
            summary.lifecycle,
            summary.description,
            summary.tags,
        ];
        Some(texts.map(str::to_owned))
    };
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let Ok(index) = Index::open(Arc::new(changed)) else {
            continue;
        };
        for row in whole.rows() {
            let expected = texts(&whole, row).unwrap();
            for (read, written) in texts(&index, row).unwrap().iter().zip(&expected) {
                assert!(read.is_empty() || read == written, "{read} at {at}");
            }
        }
        use_everything(&index);
        assert!(!index.is_sound() && index.is_damaged(), "{at}");
    }
}

proptest! {
    #[test]
    fn changed_bytes_are_refused_or_read_without_a_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)
    ) {
        let (entities, relations) = company();
        let mut bytes = bytes_of(&entities, &relations);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(index) = Index::open(Arc::new(bytes)) {
            use_everything(&index);
        }
    }
}

#[test]
fn findings_are_counted_by_level_and_errors_of_a_row_up_to_255() {
    let (entities, _) = company();
    let tally: Tally = [Level::Error, Level::Info, Level::Warning, Level::Error]
        .into_iter()
        .collect();
    assert_eq!((tally.errors, tally.warnings, tally.total()), (2, 1, 3));
    let entry = |problems| IndexEntry {
        entity: &entities[0],
        problems,
    };
    let many = Tally {
        errors: 300,
        warnings: 2,
    };
    for (given, kept) in [(tally, (2, 1)), (many, (255, 47))] {
        let index = Index::of(&[entry(given)], &[]).unwrap();
        let read = index.summary(Row(0)).unwrap().problems;
        assert_eq!((read.errors, read.warnings), kept);
        assert_eq!(read.total(), given.total());
    }
}
