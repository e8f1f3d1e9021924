//! Text → query → rows, completions and reasons over a small catalog: no panic, no endless work, places within the text,
//! and reasons that add up.

#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use stagedoor::catalog::index::{IndexEntry, Tally};
use stagedoor::catalog::{Entity, EntityRef, Index, Provenance, Relation, RelationType};
use stagedoor::search::{Context, Query, complete, explain, find};

/// Far more than any text of a few kilobytes takes, with the sanitizer at work and on a busy machine.
const LONGEST: Duration = Duration::from_secs(5);

static CATALOG: LazyLock<Index> = LazyLock::new(|| {
    let names = ["payment-gateway", "userService", "Straße", "在线支付", "team-a", "a.b_c", "Ὀδυσσεύς"];
    let entities: Vec<Entity> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let kind = if at % 3 == 1 { "Group" } else { "Component" };
            Entity {
                entity_ref: EntityRef::new(kind, "default", name),
                body: json!({
                    "apiVersion": "backstage.io/v1alpha1",
                    "kind": kind,
                    "metadata": {"name": name, "title": format!("The {name}"), "tags": ["go", "支付"],
                        "description": format!("{name} hands them to café {at}")},
                    "spec": {"type": "service", "owner": "team-a", "lifecycle": "production"},
                }),
                provenance: Provenance::default(),
            }
        })
        .collect();
    let entries: Vec<IndexEntry<'_>> = entities
        .iter()
        .map(|entity| IndexEntry {
            entity,
            problems: Tally::default(),
        })
        .collect();
    let relations = entities.iter().map(|entity| Relation {
        source: entity.entity_ref.clone(),
        relation_type: RelationType::OwnedBy,
        target: EntityRef::new("group", "default", "team-a"),
    });
    Index::of(&entries, &relations.collect::<Vec<_>>()).expect("a small catalog")
});

fuzz_target!(|text: &str| {
    let started = Instant::now();
    let index = &*CATALOG;
    let context = Context {
        saved: [("a".to_owned(), "tag:go OR @b".to_owned()), ("b".to_owned(), text.to_owned())].into(),
        ..Context::default()
    };
    let query = Query::parse(text);
    let found = find(index, &query, &context, 10, &|| false);
    for notice in &found.notices {
        assert!(text.get(notice.span.clone()).is_some(), "{notice:?}");
    }
    for hit in &found.hits {
        let why = explain(index, &query, &context, &found, hit);
        let sum: u32 = why.iter().map(|reason| reason.points).sum();
        assert_eq!(sum, hit.score);
        let name = index.name(hit.row).chars().count();
        assert!(hit.name_matches.iter().all(|at| (*at as usize) < name));
    }
    for cursor in [0, text.len() / 2, text.len()] {
        for offer in complete(index, &context, text, cursor) {
            let (put, cursor) = offer.apply(text);
            assert!(put.get(..cursor).is_some());
        }
    }
    assert!(started.elapsed() < LONGEST, "it takes too long");
});
