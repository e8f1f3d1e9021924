//! Who owns what.

use super::super::*;
use super::{deep, entity_ref, index, names, row};
use RelationType::{ChildOf, MemberOf, OwnedBy};

/// Jane is in a team below two groups that are, by mistake, below each other.
fn company() -> Index {
    index(&[
        ("user:jane", MemberOf, "group:team"),
        ("user:joe", MemberOf, "group:team"),
        ("group:team", ChildOf, "group:unit"),
        ("group:unit", ChildOf, "group:board"),
        ("group:board", ChildOf, "group:unit"),
        ("group:other", ChildOf, "group:board"),
        ("by-team", OwnedBy, "group:team"),
        ("by-unit", OwnedBy, "group:unit"),
        ("by-other", OwnedBy, "group:other"),
        ("by-jane", OwnedBy, "user:jane"),
        ("by-nobody", OwnedBy, "group:?gone"),
    ])
}

fn owned(index: &Index, name: &str) -> (Vec<String>, Option<Owned>) {
    let ownership = ownership(index, row(index, name), &Walk::default());
    let things = ownership.graph.edges.iter();
    let mut things: Vec<String> = things
        .filter(|edge| edge.relation_type == OwnedBy)
        .filter_map(|edge| ownership.graph.nodes.get(edge.source))
        .map(|node| node.entity_ref.name().to_owned())
        .collect();
    things.sort();
    (things, ownership.owned)
}

#[test]
fn a_person_owns_through_groups_and_their_parents() {
    let index = company();
    let groups = groups_of(&index, &entity_ref("user:jane"));
    let groups: Vec<&str> = groups.iter().map(EntityRef::name).collect();
    assert_eq!(groups, ["team", "unit", "board"]);
    let (things, counts) = owned(&index, "user:jane");
    assert_eq!(things, ["by-jane", "by-team", "by-unit"]);
    let expected = Owned {
        directly: 1,
        through: 2,
        groups: 3,
    };
    assert_eq!(counts, Some(expected));
    assert_eq!(groups_of(&index, &entity_ref("user:nobody")), []);
}

#[test]
fn a_group_owns_through_the_groups_below_it() {
    let index = company();
    let (things, _) = owned(&index, "group:team");
    assert_eq!(things, ["by-team"]);
    let (things, counts) = owned(&index, "group:unit");
    assert_eq!(things, ["by-other", "by-team", "by-unit"]);
    assert_eq!(counts.map(|owned| owned.groups), Some(3));
}

#[test]
fn a_thing_is_owned_by_the_groups_above_and_the_people_in_it() {
    let index = company();
    let ownership = ownership(&index, row(&index, "by-team"), &Walk::default());
    assert_eq!(
        names(&ownership.graph),
        [
            ("by-team", 0),
            ("team", 1),
            ("jane", 2),
            ("joe", 2),
            ("unit", 2),
            ("board", 3)
        ]
    );
    assert_eq!(ownership.owned, None);
}

#[test]
fn what_is_left_out_of_a_large_holding_is_counted() {
    let index = index(&[
        ("a", OwnedBy, "group:team"),
        ("b", OwnedBy, "group:team"),
        ("c", OwnedBy, "group:team"),
    ]);
    let team = row(&index, "group:team");
    let few = Walk { fan: 1, ..deep(1) };
    let short = ownership(&index, team, &few);
    assert_eq!(names(&short.graph), [("team", 0), ("a", 1)]);
    assert_eq!(short.graph.more.first().map(|more| more.count), Some(2));
    assert_eq!(short.owned.map(|owned| owned.directly), Some(3));
}
