//! Walks over small graphs known by heart, and over any graph.

use serde_json::json;

use super::*;
use crate::catalog::index::{IndexEntry, Tally};
use crate::catalog::{Entity, Provenance, Relation};

mod drawn;
mod owned;
mod property;

use RelationType::{ConsumesApi, DependsOn, PartOf, ProvidesApi};

/// A reference to a component, or `kind:name`.
fn entity_ref(name: &str) -> EntityRef {
    let (kind, name) = name.split_once(':').unwrap_or(("component", name));
    EntityRef::new(kind, "default", name)
}

/// An index of what these links name; a name that begins with `?` is missing.
fn index(links: &[(&str, RelationType, &str)]) -> Index {
    let names: BTreeSet<&str> = links
        .iter()
        .flat_map(|(a, _, b)| [*a, *b])
        .filter(|name| !name.contains('?'))
        .collect();
    let entities: Vec<Entity> = names
        .iter()
        .map(|name| {
            let owner = links
                .iter()
                .find(|(of, along, _)| of == name && *along == RelationType::OwnedBy)
                .map(|(_, _, owner)| entity_ref(owner).to_string());
            let entity_ref = entity_ref(name);
            Entity {
                body: json!({
                    "kind": entity_ref.kind(),
                    "metadata": {"name": entity_ref.name()},
                    "spec": {"owner": owner},
                }),
                entity_ref,
                provenance: Provenance::default(),
            }
        })
        .collect();
    let entries: Vec<_> = entities
        .iter()
        .map(|entity| IndexEntry {
            entity,
            problems: Tally::default(),
        })
        .collect();
    let relations: Vec<_> = links
        .iter()
        .map(|(a, relation_type, b)| Relation {
            source: entity_ref(a),
            relation_type: *relation_type,
            target: entity_ref(b),
        })
        .flat_map(|relation| [relation.inverse(), relation])
        .collect();
    Index::of(&entries, &relations).unwrap()
}

fn row(index: &Index, name: &str) -> Row {
    index.row_of(&entity_ref(name)).unwrap()
}

fn names(graph: &Graph) -> Vec<(&str, u32)> {
    graph
        .nodes
        .iter()
        .map(|n| (n.entity_ref.name(), n.depth))
        .collect()
}

fn deep(depth: u32) -> Walk {
    Walk {
        depth,
        ..Walk::default()
    }
}

#[test]
fn circles_end_and_each_link_is_there_once() {
    let index = index(&[
        ("a", DependsOn, "b"),
        ("b", DependsOn, "c"),
        ("c", DependsOn, "a"),
        ("a", DependsOn, "a"),
    ]);
    let graph = walk(&index, row(&index, "a"), &deep(9));
    assert_eq!(names(&graph), [("a", 0), ("b", 1), ("c", 1)]);
    assert_eq!(graph.edges.len(), 4);
    assert!(!graph.truncated);
}

#[test]
fn depth_direction_type_kind_and_limit_bound_the_walk() {
    let index = index(&[
        ("a", DependsOn, "b"),
        ("b", DependsOn, "c"),
        ("b", DependsOn, "resource:d"),
        ("x", DependsOn, "a"),
        ("a", PartOf, "system:?gone"),
    ]);
    let a = row(&index, "a");
    let near = walk(&index, a, &Walk::default());
    assert_eq!(names(&near).len(), 4);
    assert_eq!(near.missing().count(), 1);
    let out = Walk {
        direction: Direction::Out,
        types: vec![RelationType::DependencyOf],
        ..deep(2)
    };
    let all = [("a", 0), ("b", 1), ("c", 2), ("d", 2)];
    assert_eq!(names(&walk(&index, a, &out)), all);
    let components = Walk {
        kinds: vec!["Component".to_owned()],
        ..out.clone()
    };
    assert_eq!(names(&walk(&index, a, &components)), all[..3]);
    let few = Walk {
        limit: 2,
        ..Walk::default()
    };
    let few = walk(&index, a, &few);
    assert_eq!((few.nodes.len(), few.truncated), (2, true));
}

#[test]
fn of_a_hub_only_so_many_links_of_a_relation_are_followed() {
    let index = index(&[
        ("a", DependsOn, "hub"),
        ("b", DependsOn, "hub"),
        ("c", DependsOn, "hub"),
        ("hub", PartOf, "s"),
    ]);
    let hub = row(&index, "hub");
    let narrow = Walk {
        fan: 1,
        ..Walk::default()
    };
    let graph = walk(&index, hub, &narrow);
    assert_eq!(names(&graph), [("hub", 0), ("s", 1), ("a", 1)]);
    let more = More {
        node: 0,
        relation_type: RelationType::DependencyOf,
        count: 2,
    };
    assert_eq!(graph.more, [more]);
    let unfolded = Walk {
        unfolded: vec![(entity_ref("hub"), RelationType::DependencyOf)],
        ..narrow
    };
    let graph = walk(&index, hub, &unfolded);
    assert_eq!((graph.nodes.len(), graph.more.len()), (5, 0));
}

#[test]
fn what_is_hit_goes_by_way_of_apis_parts_and_dependencies() {
    let index = index(&[
        ("svc", ProvidesApi, "api"),
        ("web", ConsumesApi, "api"),
        ("web", RelationType::OwnedBy, "group:shop"),
        ("job", DependsOn, "web"),
        ("job", RelationType::OwnedBy, "group:shop"),
        ("svc", DependsOn, "db"),
        ("svc", PartOf, "sys"),
        ("svc", RelationType::OwnedBy, "group:pay"),
    ]);
    let near = impact(&index, row(&index, "svc"), &deep(5));
    assert_eq!(
        names(&near.graph),
        [("svc", 0), ("api", 1), ("web", 2), ("job", 3)]
    );
    let counts: Vec<_> = near.levels.iter().map(|l| (l.depth, l.count)).collect();
    assert_eq!(counts, [(1, 1), (2, 1), (3, 1)]);
    let owner = |entity_ref: &str, count| Owner {
        entity_ref: entity_ref.to_owned(),
        count,
    };
    assert_eq!(near.owners, [owner("group:default/shop", 2), owner("", 1)]);
    assert!(!near.goes_on);
    let system = impact(&index, row(&index, "sys"), &deep(1));
    assert_eq!((system.count(), system.goes_on), (1, true));
    assert_eq!(system.owners, [owner("group:default/pay", 1)]);
}

#[test]
fn the_shortest_way_is_found_and_bound_by_what_is_followed() {
    let index = index(&[
        ("a", DependsOn, "b"),
        ("b", DependsOn, "c"),
        ("c", DependsOn, "d"),
        ("a", PartOf, "system:s"),
        ("d", PartOf, "system:s"),
        ("lone", DependsOn, "?gone"),
    ]);
    let way = |to: &str, walk: &Walk| {
        let graph = path(&index, row(&index, "a"), row(&index, to), walk)?;
        let names = graph.nodes.iter().map(|node| node.entity_ref.name());
        Some(names.collect::<Vec<_>>().join(" "))
    };
    let all = Walk::default();
    assert_eq!(way("d", &all).as_deref(), Some("a s d"));
    assert_eq!(way("a", &all).as_deref(), Some("a"));
    assert_eq!(way("lone", &all), None);
    let needs = Walk {
        types: vec![DependsOn],
        direction: Direction::Out,
        ..Walk::default()
    };
    assert_eq!(way("d", &needs).as_deref(), Some("a b c d"));
    let back = Walk {
        direction: Direction::In,
        ..needs
    };
    assert_eq!(way("d", &back), None);
    let components = Walk {
        kinds: vec!["component".to_owned()],
        ..Walk::default()
    };
    assert_eq!(way("d", &components).as_deref(), Some("a b c d"));
    assert_eq!(way("system:s", &components).as_deref(), Some("a s"));
}
