//! What holds for every graph, with all the circles that chance makes.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::super::*;
use super::{index, row};

type Link = (usize, RelationType, usize);

const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "?i", "?j"];

fn links() -> impl Strategy<Value = Vec<Link>> {
    let types = vec![
        RelationType::DependsOn,
        RelationType::OwnedBy,
        RelationType::ConsumesApi,
    ];
    // What is missing points nowhere.
    let link = (0..8_usize, proptest::sample::select(types), 0..10_usize);
    proptest::collection::vec(link, 1..40)
}

fn built(links: &[Link]) -> Index {
    let mut named = vec![("a", RelationType::DependsOn, "a")];
    named.extend(links.iter().map(|&(a, t, b)| (NAMES[a], t, NAMES[b])));
    index(&named)
}

/// How far each name is from `a` along the links in the direction of `walk`, by the plainest search there is.
fn distances(links: &[Link], walk: &Walk) -> Vec<Option<u32>> {
    let mut distances = vec![None; NAMES.len()];
    distances[0] = Some(0);
    let mut queue = VecDeque::from([0]);
    while let Some(at) = queue.pop_front() {
        for &(a, relation_type, b) in links {
            if !walk.types.is_empty() && !walk.types.contains(&relation_type) {
                continue;
            }
            let ends = match walk.direction {
                Direction::Both => vec![(a, b), (b, a)],
                Direction::Out => vec![(a, b)],
                Direction::In => vec![(b, a)],
            };
            for (from, to) in ends {
                // The index knows no relations of what it does not know.
                if from == at && from < 8 && distances[to].is_none() {
                    distances[to] = distances[at].map(|depth: u32| depth + 1);
                    queue.push_back(to);
                }
            }
        }
    }
    distances
}

fn number(node: &Node) -> usize {
    NAMES
        .iter()
        .position(|name| *name == node.entity_ref.name())
        .unwrap()
}

/// Every node and edge of the tree.
fn collect(tree: &Tree, whole: &mut Vec<usize>, links: &mut usize) {
    for group in &tree.groups {
        assert!(!group.twigs.is_empty());
        for twig in &group.twigs {
            *links += 1;
            if twig.seen.is_none() {
                whole.push(twig.node);
                collect(&twig.tree, whole, links);
            } else {
                assert_eq!(twig.tree, Tree::default());
            }
        }
    }
}

fn walks() -> impl Strategy<Value = Walk> {
    let directions = vec![Direction::Both, Direction::Out, Direction::In];
    let types = vec![
        vec![],
        vec![RelationType::DependsOn],
        vec![RelationType::OwnedBy, RelationType::ConsumesApi],
    ];
    (
        0..6_u32,
        proptest::sample::select(directions),
        proptest::sample::select(types),
    )
        .prop_map(|(depth, direction, types)| Walk {
            depth,
            direction,
            types,
            ..Walk::default()
        })
}

proptest! {
    #[test]
    fn a_walk_has_each_node_once_at_its_distance(links in links(), walk in walks()) {
        let index = built(&links);
        let graph = super::super::walk(&index, row(&index, "a"), &walk);
        let expected = distances(&links, &walk);
        let mut found = vec![None; NAMES.len()];
        for node in &graph.nodes {
            let slot = &mut found[number(node)];
            prop_assert_eq!(*slot, None);
            *slot = Some(node.depth);
        }
        let within = expected.iter().map(|depth| depth.filter(|depth| *depth <= walk.depth));
        prop_assert_eq!(found, within.collect::<Vec<_>>());
        for edge in &graph.edges {
            prop_assert!(edge.source < graph.nodes.len() && edge.target < graph.nodes.len());
            let ends = (number(&graph.nodes[edge.source]), number(&graph.nodes[edge.target]));
            let real = links.contains(&(ends.0, edge.relation_type, ends.1));
            prop_assert!(real || ends == (0, 0));
        }
    }

    #[test]
    fn a_tree_draws_each_node_and_each_link_once(links in links(), walk in walks()) {
        let index = built(&links);
        let graph = super::super::walk(&index, row(&index, "a"), &walk);
        let (mut whole, mut drawn) = (vec![0], 0);
        collect(&graph.tree(walk.direction, false), &mut whole, &mut drawn);
        whole.sort_unstable();
        prop_assert_eq!(whole, (0..graph.nodes.len()).collect::<Vec<_>>());
        prop_assert_eq!(drawn, graph.edges.len());
        let (mut whole, mut drawn) = (vec![0], 0);
        collect(&graph.tree(walk.direction, true), &mut whole, &mut drawn);
        whole.sort_unstable();
        prop_assert_eq!(whole, (0..graph.nodes.len()).collect::<Vec<_>>());
        prop_assert!(drawn <= graph.edges.len());
    }

    #[test]
    fn a_path_is_real_and_there_is_no_shorter(links in links(), walk in walks()) {
        let index = built(&links);
        let expected = distances(&links, &walk);
        for (at, name) in NAMES.iter().enumerate().take(8) {
            let Some(target) = index.row_of(&super::entity_ref(name)) else { continue };
            let found = path(&index, row(&index, "a"), target, &walk);
            // A way by way of something missing is none.
            let graph = match (found, expected[at]) {
                (Some(graph), Some(length)) => {
                    prop_assert_eq!(graph.edges.len(), length as usize);
                    graph
                }
                (None, None) => continue,
                (found, expected) => return Err(TestCaseError::fail(format!("{name}: {found:?}, not {expected:?}"))),
            };
            prop_assert_eq!(number(&graph.nodes[0]), 0);
            prop_assert_eq!(number(&graph.nodes[graph.nodes.len() - 1]), at);
            for edge in &graph.edges {
                prop_assert_eq!(edge.source.abs_diff(edge.target), 1);
                let ends = (number(&graph.nodes[edge.source]), number(&graph.nodes[edge.target]));
                prop_assert!(links.contains(&(ends.0, edge.relation_type, ends.1)));
                match walk.direction {
                    Direction::Both => {}
                    Direction::Out => prop_assert!(edge.source < edge.target),
                    Direction::In => prop_assert!(edge.source > edge.target),
                }
            }
        }
    }

    #[test]
    fn what_is_counted_as_hit_is_what_is_drawn(links in links(), depth in 0..6_u32) {
        let index = built(&links);
        let walk = Walk { depth, ..Walk::default() };
        let impact = impact(&index, row(&index, "a"), &walk);
        prop_assert_eq!(impact.count() + 1, impact.graph.nodes.len());
        let farther = super::super::impact(&index, row(&index, "a"), &Walk { depth: depth + 1, ..walk });
        let (mut whole, mut drawn) = (vec![0], 0);
        collect(&impact.tree(), &mut whole, &mut drawn);
        whole.sort_unstable();
        prop_assert_eq!(whole, (0..impact.graph.nodes.len()).collect::<Vec<_>>());
        let causes = impact.causes();
        prop_assert!(causes.iter().skip(1).all(Option::is_some) && causes[0].is_none());
        prop_assert_eq!(impact.goes_on, farther.count() > impact.count());
    }
}
