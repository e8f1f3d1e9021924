//! Judged queries over a small catalog: what a person who types this means to see first.

mod hostile;
mod plain;
mod typing;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Context, Field, Identity, Query, Reach, explain, find, identity};
use crate::catalog::index::{IndexEntry, Tally};
use crate::catalog::{Entity, EntityRef, Index, Provenance, Relation, RelationType};

/// Kind, name, title, type, owner, lifecycle, tags, description.
type Line = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
);

const CATALOG: &[Line] = &[
    (
        "Component",
        "payment-gateway",
        "Payment Gateway",
        "service",
        "team-payments",
        "production",
        &["go", "pci"],
        "Takes card payments.",
    ),
    (
        "Component",
        "payment-gateway-client",
        "",
        "library",
        "team-payments",
        "experimental",
        &["go"],
        "",
    ),
    (
        "Component",
        "payment",
        "",
        "service",
        "team-payments",
        "deprecated",
        &[],
        "The old one.",
    ),
    (
        "Component",
        "legacy-payments",
        "",
        "service",
        "team-core",
        "production",
        &["java"],
        "",
    ),
    (
        "Component",
        "prepayment",
        "",
        "service",
        "team-core",
        "production",
        &[],
        "",
    ),
    (
        "API",
        "payments-v2",
        "Payments",
        "openapi",
        "team-payments",
        "production",
        &[],
        "Card payments and refunds.",
    ),
    (
        "Component",
        "checkoutPage",
        "",
        "website",
        "team-web",
        "production",
        &["react"],
        "Where people pay.",
    ),
    (
        "Component",
        "fraud-rules",
        "Fraud rules",
        "library",
        "team-risk",
        "experimental",
        &["java"],
        "Rules for the payment gateway.",
    ),
    (
        "Resource",
        "orders-db",
        "",
        "database",
        "team-core",
        "production",
        &["postgres"],
        "Orders of all shops",
    ),
    (
        "Group",
        "team-payments",
        "Payments Team",
        "team",
        "",
        "",
        &[],
        "",
    ),
    (
        "Group",
        "checkout-platform",
        "",
        "department",
        "",
        "",
        &[],
        "",
    ),
    ("User", "jane", "Jane Doe", "", "", "", &[], ""),
    (
        "Component",
        "cafe-finder",
        "Café Finder",
        "service",
        "checkout-platform",
        "production",
        &[],
        "",
    ),
    ("Location", "payment-locations", "", "url", "", "", &[], ""),
];

fn entity(line: &Line) -> Entity {
    let (kind, name, title, entity_type, owner, lifecycle, tags, description) = *line;
    let text = |text: &str| {
        if text.is_empty() {
            Value::Null
        } else {
            json!(text)
        }
    };
    let mut body = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {
            "name": name, "namespace": "default", "title": text(title), "tags": tags,
            "description": text(description),
        },
        "spec": { "type": text(entity_type), "owner": text(owner), "lifecycle": text(lifecycle) },
    });
    for part in ["metadata", "spec"] {
        if let Some(fields) = body[part].as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
    }
    if name == "payment-gateway" {
        body["metadata"]["annotations"] = json!({ "backstage.io/techdocs-ref": "dir:." });
    }
    Entity {
        entity_ref: EntityRef::new(kind, "default", name),
        body,
        provenance: Provenance::default(),
    }
}

fn reference(text: &str) -> EntityRef {
    text.parse().expect("a full reference")
}

fn catalog() -> Index {
    let entities: Vec<Entity> = CATALOG.iter().map(entity).collect();
    let entries: Vec<IndexEntry<'_>> = entities
        .iter()
        .map(|entity| IndexEntry {
            entity,
            problems: Tally {
                errors: 0,
                warnings: u32::from(entity.entity_ref.name() == "fraud-rules"),
            },
        })
        .collect();
    let mut relations: Vec<Relation> = entities
        .iter()
        .filter_map(|entity| {
            Some(Relation {
                source: entity.entity_ref.clone(),
                relation_type: RelationType::OwnedBy,
                target: entity.owner()?,
            })
        })
        .collect();
    for (source, relation_type, target) in [
        ("user:jane", RelationType::MemberOf, "group:team-payments"),
        (
            "group:team-payments",
            RelationType::ChildOf,
            "group:checkout-platform",
        ),
        // A circle, as careless catalogs have it.
        (
            "group:checkout-platform",
            RelationType::ChildOf,
            "group:team-payments",
        ),
    ] {
        relations.push(Relation {
            source: reference(source),
            relation_type,
            target: reference(target),
        });
    }
    let inverse: Vec<Relation> = relations.iter().map(Relation::inverse).collect();
    relations.extend(inverse);
    Index::of(&entries, &relations).expect("a small catalog")
}

fn jane(index: &Index) -> Context {
    Context {
        identity: identity::resolve(index, Some(&reference("user:jane"))),
        saved: [("payers".to_owned(), "owner:team-payments".to_owned())].into(),
        ..Context::default()
    }
}

/// The names that `text` finds, the best first.
fn names(index: &Index, text: &str, context: &Context) -> Vec<String> {
    find(index, &Query::parse(text), context, 50, &|| false)
        .hits
        .iter()
        .map(|hit| index.name(hit.row).to_owned())
        .collect()
}

#[test]
fn the_best_comes_first() {
    let index = catalog();
    for (text, first) in [
        ("payment", &["payment", "payment-gateway"][..]),
        (
            "payment gateway",
            &["payment-gateway", "payment-gateway-client", "fraud-rules"],
        ),
        (
            "gateway payment",
            &["payment-gateway", "payment-gateway-client", "fraud-rules"],
        ),
        ("gate", &["payment-gateway", "payment-gateway-client"]),
        ("pg", &["payment-gateway"]),
        ("cp", &["checkoutPage", "checkout-platform"]),
        ("o", &["orders-db"]),
        ("go", &["payment-gateway", "payment-gateway-client"]),
        ("paygw", &["payment-gateway"]),
        ("cafe", &["cafe-finder"]),
        ("postgres", &["orders-db"]),
        ("refunds", &["payments-v2"]),
        ("risk", &["fraud-rules"]),
        ("jane doe", &["jane"]),
        ("\"card payments\"", &["payment-gateway", "payments-v2"]),
        ("api:pay", &["payments-v2"]),
    ] {
        let found = names(&index, text, &Context::default());
        assert_eq!(
            found.get(..first.len()),
            Some(
                first
                    .iter()
                    .map(|s| (*s).to_owned())
                    .collect::<Vec<_>>()
                    .as_slice()
            ),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn filters_narrow_and_values_add_up() {
    let index = catalog();
    for (text, expected) in [
        ("kind:api", "payments-v2"),
        ("kind=API", "payments-v2"),
        ("owner:team-core", "legacy-payments orders-db prepayment"),
        ("owner:group:default/team-core type:database", "orders-db"),
        ("tag:java,react", "checkoutPage fraud-rules legacy-payments"),
        (
            "tag:java tag:react",
            "checkoutPage fraud-rules legacy-payments",
        ),
        // Its parent is in a circle with it, and so counts as below it.
        (
            "owner:team-payments -kind:api -tag:go",
            "cafe-finder payment",
        ),
        (
            "owner:group:team-payments type:library",
            "payment-gateway-client",
        ),
        (
            "relations.ownedBy=group:default/team-payments kind=api",
            "payments-v2",
        ),
        ("(tag:java) (tag:react)", ""),
        (
            "tag:react OR kind:resource OR jane",
            "checkoutPage jane orders-db",
        ),
        (
            "-(kind:component OR kind:group)",
            "jane orders-db payment-locations payments-v2",
        ),
        ("kind:component (refund OR fraud)", "fraud-rules"),
        (
            "pay -(gateway OR kind:api) type:service",
            "legacy-payments payment prepayment",
        ),
        ("member-of:team-payments", "jane"),
        ("has:members", "team-payments"),
        // Whose owner is not described either hangs on nothing.
        (
            "is:orphan",
            "checkoutPage fraud-rules legacy-payments orders-db prepayment",
        ),
        ("@payers kind:api", "payments-v2"),
        ("is:broken", "fraud-rules"),
        ("has:docs", "payment-gateway"),
        ("-has:owner kind:group", "checkout-platform team-payments"),
        ("name:payment", "payment"),
        (
            "payment -gateway owner:team-payments kind:component",
            "payment",
        ),
        ("is:starred", ""),
        (
            "owner:mine type:service",
            "cafe-finder payment payment-gateway",
        ),
    ] {
        let mut found = names(&index, text, &jane(&index));
        found.sort();
        assert_eq!(found.join(" "), expected, "{text}");
    }
}

#[test]
fn an_unknown_value_is_said_and_read_as_a_beginning_or_a_word() {
    let index = catalog();
    let told = |text: &str| {
        let found = find(&index, &Query::parse(text), &Context::default(), 9, &|| {
            false
        });
        let notices = found.notices.iter().map(|notice| notice.message.clone());
        (found.total, notices.collect::<Vec<_>>().join("; "))
    };
    for (text, total, expected) in [
        (
            "owner:team-pay",
            5,
            "no owner is called team-pay; shown is what begins so",
        ),
        (
            "owner:payments",
            5,
            "no owner is called payments; shown is what has that word",
        ),
        (
            "owner:ayments",
            0,
            "no owner is called ayments; there is none in this catalog",
        ),
    ] {
        assert_eq!(told(text), (total, expected.to_owned()), "{text}");
    }
    let found = find(
        &index,
        &Query::parse("owner:mine"),
        &Context::default(),
        9,
        &|| false,
    );
    assert_eq!((found.total, found.notices.len()), (0, 1));
}

#[test]
fn without_words_starred_then_recent_then_mine() {
    let index = catalog();
    let context = Context {
        stars: vec![reference("resource:orders-db")],
        visits: vec![reference("user:jane"), reference("api:payments-v2")],
        ..jane(&index)
    };
    let found = names(&index, "", &context);
    assert_eq!(found.len(), CATALOG.len());
    assert_eq!(
        found[..5],
        ["orders-db", "jane", "payments-v2", "cafe-finder", "payment"]
    );
    assert_eq!(names(&index, "legacy", &context), ["legacy-payments"]);
}

#[test]
fn a_star_decides_between_equals() {
    let index = catalog();
    let context = Context {
        stars: vec![reference("component:payment-gateway-client")],
        ..Context::default()
    };
    assert_eq!(
        names(&index, "payment-", &context)[0],
        "payment-gateway-client"
    );
    assert_eq!(
        names(&index, "payment", &context)[0],
        "payment",
        "an exact name stays first"
    );
}

#[test]
fn answers_count_what_they_do_not_list() {
    let index = catalog();
    let found = find(
        &index,
        &Query::parse("payment"),
        &Context::default(),
        2,
        &|| false,
    );
    assert_eq!(found.hits.len(), 2);
    assert!(found.total >= 7);
    assert_eq!(
        found.by_kind.iter().map(|(_, count)| count).sum::<usize>(),
        found.total
    );
    assert_eq!(found.hits[0].field, Field::Name);
    assert_eq!(found.hits[0].name_matches, (0..7).collect::<Vec<_>>());
}

#[test]
fn reasons_add_up_to_the_score() {
    let index = catalog();
    let context = Context {
        stars: vec![reference("component:payment-gateway")],
        heat: [(reference("api:payments-v2"), 3.0)].into(),
        visits: vec![reference("api:payments-v2")],
        ..jane(&index)
    };
    for text in [
        "payment",
        "payment gateway",
        "card go",
        "paymnet gatewya",
        "(pay OR kind:group) -gateway",
        "owner:mine",
        "jane OR team",
        "pay (refunds OR card) tag:go OR x",
    ] {
        let query = Query::parse(text);
        let found = find(&index, &query, &context, 50, &|| false);
        assert!(found.total > 0, "{text}");
        for hit in &found.hits {
            let why = explain(&index, &query, &context, &found, hit);
            let sum: u32 = why.iter().map(|reason| reason.points).sum();
            assert_eq!(sum, hit.score, "{text}: {} {why:?}", index.name(hit.row));
        }
    }
    let query = Query::parse("gateway");
    let found = find(&index, &query, &context, 1, &|| false);
    let why = explain(&index, &query, &context, &found, &found.hits[0]);
    let words: Vec<&str> = why.iter().map(|reason| reason.words.as_str()).collect();
    assert_eq!(
        words,
        [
            "the name has the word gateway",
            "the name is short",
            "its kind is Component",
            "its lifecycle is production",
            "you starred it",
            "it is yours"
        ]
    );
}

#[test]
fn slips_are_forgiven_where_nothing_is_as_typed() {
    let index = catalog();
    for (text, first) in [
        ("paymnet", "payment"),
        ("gatewya", "payment-gateway"),
        ("paymnet gatway", "payment-gateway"),
        ("chekout", "checkoutPage"),
        ("legcay", "legacy-payments"),
        ("postgers", "orders-db"),
        ("legacypaymnets", "legacy-payments"),
        ("jnae", "jane"),
    ] {
        let found = find(&index, &Query::parse(text), &Context::default(), 9, &|| {
            false
        });
        assert_eq!(found.reach, Reach::Forgiving, "{text}");
        assert_eq!(
            found.hits.first().map(|hit| index.name(hit.row)),
            Some(first),
            "{text}"
        );
    }
    for exact in ["payment", "refunds", "jan", "xyz", "abc"] {
        let found = find(
            &index,
            &Query::parse(exact),
            &Context::default(),
            9,
            &|| false,
        );
        let is_forgiven = found.reach == Reach::Forgiving;
        assert!(!is_forgiven || found.total == 0, "{exact}");
    }
}

#[test]
fn what_is_visited_often_and_lately_comes_first_of_equals() {
    let index = catalog();
    let context = Context {
        heat: [(reference("component:payment-gateway-client"), 9.0)].into(),
        ..Context::default()
    };
    assert_eq!(
        names(&index, "payment-", &Context::default())[0],
        "payment-gateway"
    );
    assert_eq!(
        names(&index, "payment-", &context)[0],
        "payment-gateway-client"
    );
}

#[test]
fn a_cancelled_search_says_so() {
    let found = find(
        &catalog(),
        &Query::parse("payment"),
        &Context::default(),
        9,
        &|| true,
    );
    assert!(found.cancelled && found.hits.is_empty());
}

#[test]
fn mine_are_my_groups_and_their_parents() {
    let index = catalog();
    let me = identity::resolve(&index, Some(&reference("user:jane")));
    let groups: Vec<String> = me.groups.iter().map(ToString::to_string).collect();
    assert_eq!(
        groups,
        [
            "group:default/team-payments",
            "group:default/checkout-platform"
        ]
    );
    assert_eq!(identity::resolve(&index, None), Identity::default());
}

proptest! {
    #[test]
    fn no_query_fails(text in "\\PC{0,24}|[-a-z:=\",. ]{0,24}") {
        let index = catalog();
        let found = find(&index, &Query::parse(&text), &jane(&index), 5, &|| false);
        prop_assert!(found.hits.len() <= 5 && found.total <= CATALOG.len());
    }
}
