//! An index into which newer rows were put is the one that is laid out of all entities.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// What a catalog of a few names says of one entity.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    is_written_large: bool,
    title: u8,
    description: Vec<u8>,
    tags: Vec<u8>,
    owner: u8,
    lifecycle: u8,
    needs: Vec<u8>,
    problems: Tally,
}

type World = BTreeMap<u8, Said>;

fn said() -> impl Strategy<Value = Said> {
    let words = || prop::collection::vec(0..12_u8, 0..4);
    let tally = (0..3_u32, 0..3_u32).prop_map(|(errors, warnings)| Tally { errors, warnings });
    (
        any::<bool>(),
        0..4_u8,
        words(),
        words(),
        0..6_u8,
        0..4_u8,
        words(),
        tally,
    )
        .prop_map(
            |(is_written_large, title, description, tags, owner, lifecycle, needs, problems)| {
                Said {
                    is_written_large,
                    title,
                    description,
                    tags,
                    owner,
                    lifecycle,
                    needs,
                    problems,
                }
            },
        )
}

fn world() -> impl Strategy<Value = World> {
    prop::collection::btree_map(0..16_u8, said(), 0..12)
}

/// A word that may be a name, a tag or part of a text.
fn word(number: u8) -> String {
    let words = [
        "Ärger",
        "pay-gateway",
        "web",
        "web2",
        "Web",
        "データ",
        "a",
        "paygateway",
        "z-web",
        "",
        "EU/east",
        "b",
    ];
    words[usize::from(number) % words.len()].to_owned()
}

/// Two of three numbers are components, the others an API in another namespace.
fn reference(number: u8) -> EntityRef {
    match number % 3 {
        0 => EntityRef::new("API", "lab", &format!("{}-{number}", word(number / 3))),
        _ => EntityRef::new(
            "Component",
            "default",
            &format!("{}-{number}", word(number / 3)),
        ),
    }
}

fn entity_of(number: u8, said: &Said) -> Entity {
    let entity_ref = reference(number);
    let name = if said.is_written_large {
        entity_ref.name().to_uppercase()
    } else {
        entity_ref.name().to_owned()
    };
    let texts = |words: &[u8]| words.iter().map(|it| word(*it)).collect::<Vec<_>>();
    let owner = [
        "",
        "team-a",
        "group:lab/team-b",
        "user:jane",
        "Team-A",
        "component:web-1",
    ][usize::from(said.owner)];
    let kind = if said.is_written_large {
        entity_ref.kind().to_owned()
    } else {
        entity_ref.kind().to_uppercase()
    };
    Entity {
        body: json!({
            "kind": kind,
            "metadata": {
                "name": name,
                "title": word(said.title),
                "description": texts(&said.description).join(" "),
                "tags": texts(&said.tags),
            },
            "spec": {"owner": owner, "lifecycle": word(said.lifecycle)},
        }),
        entity_ref,
        provenance: Provenance::default(),
    }
}

/// By reference the relations that are shown there.
fn relations(world: &World) -> BTreeMap<EntityRef, BTreeSet<Relation>> {
    let mut shown: BTreeMap<EntityRef, BTreeSet<Relation>> = BTreeMap::new();
    for (number, said) in world {
        for need in &said.needs {
            let forward = Relation {
                source: reference(*number),
                relation_type: RelationType::DependsOn,
                target: reference(*need),
            };
            for relation in [forward.inverse(), forward] {
                shown
                    .entry(relation.source.clone())
                    .or_default()
                    .insert(relation);
            }
        }
    }
    shown
}

/// The bytes of an index of the entities of `world` that `chosen` names, with what is shown at them.
fn laid_out(world: &World, chosen: &dyn Fn(&EntityRef) -> bool) -> Vec<u8> {
    let mut builder = IndexBuilder::default();
    for (number, said) in world {
        if chosen(&reference(*number)) {
            builder
                .push(&entity_of(*number, said), said.problems)
                .unwrap();
        }
    }
    for (source, relations) in relations(world).iter().filter(|(source, _)| chosen(source)) {
        let source = builder.intern(source).unwrap();
        for relation in relations {
            let target = builder.intern(&relation.target).unwrap();
            builder.relate(source, relation.relation_type, target);
        }
    }
    builder.finish().unwrap()
}

/// The references of which the two say different things, and those of `more`.
fn changed(older: &World, newer: &World, more: &BTreeSet<u8>) -> Vec<EntityRef> {
    let shown = [relations(older), relations(newer)];
    let all = 0..16_u8;
    let differs = |number: &u8| {
        let of = reference(*number);
        older.get(number) != newer.get(number)
            || shown[0].get(&of) != shown[1].get(&of)
            || more.contains(number)
    };
    // In no order, and some of them twice.
    let twice = more.iter().copied().map(reference);
    all.rev()
        .filter(differs)
        .map(reference)
        .chain(twice)
        .collect()
}

proptest! {
    #[test]
    fn what_was_merged_is_what_is_laid_out_of_all(
        older in world(),
        newer in world(),
        kept in prop::collection::btree_set(0..16_u8, 0..16),
        more in prop::collection::btree_set(0..16_u8, 0..3),
    ) {
        // Most of what was there stays.
        let mut newer = newer;
        for number in kept {
            match older.get(&number) {
                Some(said) => drop(newer.insert(number, said.clone())),
                None => drop(newer.remove(&number)),
            }
        }
        let changed = changed(&older, &newer, &more);
        let before = Index::open(Arc::new(laid_out(&older, &|_| true))).unwrap();
        let patch = Index::open(Arc::new(laid_out(&newer, &|it| changed.contains(it)))).unwrap();
        let merged = before.merged(&patch, &changed).unwrap();
        let whole = laid_out(&newer, &|_| true);
        prop_assert!(merged == whole, "{:?}", differing(&merged, &whole));
    }
}

/// Where two layouts differ, for whoever reads the failure.
fn differing(a: &[u8], b: &[u8]) -> (usize, usize, Option<usize>) {
    let first = a.iter().zip(b).position(|(a, b)| a != b);
    (a.len(), b.len(), first)
}
