//! What is offered while somebody types.

use proptest::prelude::*;

use super::{catalog, jane};
use crate::catalog::Index;
use crate::search::{Context, Entering, Found, Query, complete, find_in_steps};

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
fn what_is_there_as_it_was_typed_is_told_before_more_is_looked_for() {
    let index = catalog();
    let steps = |text: &str| {
        let (query, context) = (Query::parse(text), Context::default());
        let mut steps = Vec::new();
        let mut early = |found: Found| steps.push(found.total);
        let found = find_in_steps(&index, &query, &context, 50, &|| false, &mut early);
        steps.push(found.total);
        steps
    };
    let found = steps("pay gate");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.is_sorted(), "{found:?}");
    // Where nothing is, nothing is told.
    assert_eq!(steps("paymnet").len(), 1);
    assert_eq!(steps("").len(), 1);
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

#[test]
fn labels_and_annotations_are_asked_of_the_record() {
    let index = catalog();
    let counted = || {
        let counted = [("Tier", 1), ("old-tier", 9), ("team x", 2), ("time", 3)];
        counted.map(|(text, count)| (text.to_owned(), count)).into()
    };
    for (text, of, key, typed, put) in [
        ("label:", "labels", None, "", "label:old-tier=|"),
        ("pay -label:Ti", "labels", None, "ti", "pay -label:time=|"),
        (
            "label:a/b=",
            "labels",
            Some("a/b"),
            "",
            "label:a/b=old-tier |",
        ),
        (
            "label:A=x,team",
            "labels",
            Some("a"),
            "team",
            "label:A=x,\"team x\" |",
        ),
        (
            "annotation:a=\"Ti",
            "annotations",
            Some("a"),
            "ti",
            "annotation:a=time |",
        ),
        (
            "annotations:a.b/c=url:https://x",
            "annotations",
            Some("a.b/c"),
            "url:https://x",
            "annotations:a.b/c=old-tier |",
        ),
    ] {
        let entering = Entering::at(text, text.len()).expect(text);
        let wanted = entering.wanted();
        assert_eq!(
            (wanted.of, wanted.key.as_deref(), &*wanted.typed),
            (of, key, typed)
        );
        let (mut after, cursor) = entering.offers(counted())[0].apply(text);
        after.insert(cursor, '|');
        assert_eq!(after, put, "{text}");
    }
    for text in ["label", "tag:x", "\"label:x", "label:x y", "@label:x"] {
        assert!(Entering::at(text, text.len()).is_none(), "{text}");
    }
    let context = jane(&index);
    let left = |text: &str| {
        let entering = Entering::at(text, text.len()).expect(text);
        entering.left(&index, &context).count()
    };
    assert_eq!(left("kind:api label:t"), 1);
    assert_eq!(left("label:t"), index.len());
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
