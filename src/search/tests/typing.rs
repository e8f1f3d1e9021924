//! What is offered while somebody types.

use proptest::prelude::*;

use super::{catalog, jane};
use crate::catalog::Index;
use crate::search::complete;

/// The labels and counts of what could stand at `|`.
fn offered(index: &Index, text: &str) -> Vec<String> {
    let cursor = text.find('|').unwrap_or(text.len());
    let found = complete(index, &jane(index), &text.replace('|', ""), cursor);
    found
        .iter()
        .map(|offer| match offer.count {
            Some(count) => format!("{} {count}", offer.label),
            None => offer.label.clone(),
        })
        .collect()
}

#[test]
fn keys_and_values_are_completed_with_counts() {
    let index = catalog();
    for (text, expected) in [
        ("own", &["owner: 10"][..]),
        (
            "kind:",
            &[
                "component 8",
                "group 2",
                "api 1",
                "resource 1",
                "user 1",
                "location 1",
            ],
        ),
        ("kind:c", &["component 8", "resource 1", "location 1"]),
        ("owner:team-core kind:", &["component 2", "resource 1"]),
        ("owner:team-core kind:|comp", &["component 2", "resource 1"]),
        ("pay tag:j", &["java 2"]),
        ("tag:go,rea", &["react 1"]),
        ("-tag:re", &["react 1", "postgres 1"]),
        ("(kind:api OR tag:rea", &["react 1"]),
        (
            "is:",
            &["mine 5", "starred 0", "broken 1", "orphan 5", "visited 0"],
        ),
        ("owner:mi", &["mine 5"]),
        ("owner:checkout", &["checkout-platform 5"]),
        ("@", &["payers"]),
        ("updated:>", &[">1y"]),
        ("member-of:team", &["team-payments 1"]),
        ("java", &["tag:java 2"]),
        ("spec.t", &["spec.type="]),
        ("spec.type=lib", &["library 2"]),
        ("\"own", &[]),
        ("\"a b\" own", &["owner: 10"]),
    ] {
        assert_eq!(offered(&index, text), expected, "{text}");
    }
}

#[test]
fn a_completion_takes_the_place_of_what_is_typed() {
    let index = catalog();
    for (text, expected) in [
        ("pay own", "pay owner:|"),
        ("owner:mine -kind:a", "owner:mine -kind:api |"),
        ("tag:go,ja", "tag:go,java |"),
        ("tag:j| kind:component", "tag:java| kind:component"),
        ("(tag:ja", "(tag:java |"),
        (
            "relations.ownedby=team-r",
            "relations.ownedby=group:default/team-risk |",
        ),
    ] {
        let cursor = text.find('|').unwrap_or(text.len());
        let text = text.replace('|', "");
        let offers = complete(&index, &jane(&index), &text, cursor);
        let (mut put, cursor) = offers[0].apply(&text);
        put.insert(cursor, '|');
        assert_eq!(put, expected, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_offered_fits_in(text in "[a-z:,()@\"= \u{2212}é-]{0,24}", at in 0_usize..30) {
        let index = catalog();
        for offer in complete(&index, &jane(&index), &text, at) {
            prop_assert!(text.get(offer.span.clone()).is_some());
            let (put, cursor) = offer.apply(&text);
            prop_assert!(put.get(..cursor).is_some());
        }
    }
}
