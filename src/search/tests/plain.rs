//! What the index is asked first changes nothing: the answers are those of reading every row.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::reference;
use crate::catalog::index::{IndexBuilder, Tally};
use crate::catalog::{Entity, EntityRef, Index, Provenance};
use crate::search::find::{Found, find_plainly};
use crate::search::{Context, Query, explain, find};

/// A name, a title, a tag and a description.
type Line = (String, String, String, String);

fn catalog(lines: &[Line]) -> Index {
    let mut builder = IndexBuilder::default();
    for (at, (name, title, tag, description)) in lines.iter().enumerate() {
        let name = match name.trim_matches('-') {
            "" => format!("a{at}"),
            name => name.to_owned(),
        };
        let kind = ["Component", "API", "Group"][at % 3];
        let entity = Entity {
            entity_ref: EntityRef::new(kind, "default", &name),
            body: json!({
                "apiVersion": "backstage.io/v1alpha1",
                "kind": kind,
                "metadata": {"name": name, "title": title, "tags": [tag], "description": description},
                "spec": {"owner": "bab", "lifecycle": tag},
            }),
            provenance: Provenance::default(),
        };
        builder.push(&entity, Tally::default()).expect("small");
    }
    Index::open(Arc::new(builder.finish().expect("small"))).expect("just laid out")
}

/// Texts of few letters, so that much of it meets: words, numbers, capitals, accents, ideographs, long runs.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[abc]{1,5}",
        2 => "[A-C][abc]{0,4}",
        2 => "[12]{1,2}",
        1 => "[aäÄßœé支付]{1,3}",
        1 => "[bc][\u{301}\u{200b}][a+]",
        1 => "[ab]{60,70}",
    ];
    let separator = prop_oneof![4 => Just("-"), 1 => Just(""), 1 => Just("_"), 1 => Just(" "), 1 => Just("."), 1 => Just("--")];
    proptest::collection::vec((piece, separator), 0..5).prop_map(|pieces| {
        let pieces = pieces.into_iter();
        pieces.map(|(piece, separator)| piece + separator).collect()
    })
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (
        text(),
        prop_oneof![Just(String::new()), text()],
        "[abc]{0,3}",
        text(),
    );
    proptest::collection::vec(line, 1..14)
}

/// Words, phrases, filters, and what holds them together.
fn asked() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[abc]{1,5}",
        3 => "[abc]{4,9}",
        2 => "[abc12]{1,4}",
        2 => text(),
        1 => text().prop_map(|text| format!("\"{text}\"")),
        1 => "-[abc]{1,2}",
        1 => Just("kind:api".to_owned()),
        1 => Just("OR".to_owned()),
        1 => "\\([abc]{1,3} OR [abc12]{1,3}\\)",
    ];
    proptest::collection::vec(word, 1..4).prop_map(|words| words.join(" "))
}

fn told(index: &Index, found: &Found) -> Vec<String> {
    let hits = found.hits.iter();
    hits.map(|hit| format!("{} {} {:?}", index.name(hit.row), hit.score, hit.field))
        .collect()
}

proptest! {
    #[test]
    fn asking_the_index_first_changes_no_answer(lines in lines(), asked in asked()) {
        let index = catalog(&lines);
        let query = Query::parse(&asked);
        let context = Context { stars: vec![reference("component:a")], ..Context::default() };
        for limit in [3, 50] {
            let found = find(&index, &query, &context, limit, &|| false);
            let plain = find_plainly(&index, &query, &context, limit);
            prop_assert_eq!(told(&index, &found), told(&index, &plain));
            prop_assert_eq!((found.total, found.reach), (plain.total, plain.reach));
            for hit in &found.hits {
                let why = explain(&index, &query, &context, &found, hit);
                let sum: u32 = why.iter().map(|reason| reason.points).sum();
                prop_assert_eq!(sum, hit.score, "{:?}", why);
            }
        }
    }
}
