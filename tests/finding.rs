//! The finder is judged: what a person who types something means must come first, in the demo company and, where
//! `STAGEDOOR_SHARED` leads to it, in real catalogs. The judgements stand in `tests/finding/*.txt`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests, whose judgements are for people"
)]

use std::collections::HashSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use stagedoor::catalog::{Index, Row};
use stagedoor::config::Env;
use stagedoor::search::{Context, Found, Query, explain, find};
use stagedoor::sync::{self, Options, Session};
use tokio_util::sync::CancellationToken;

/// The least mean of one over the place of the first right answer.
const LEAST: f64 = 0.95;

/// A query and the entities of which one should come first, as `kind:name`.
struct Judgement<'a> {
    query: &'a str,
    meant: HashSet<String>,
}

fn judgements(text: &str) -> Vec<Judgement<'_>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(" => "))
        .map(|(query, meant)| Judgement {
            query,
            meant: meant.split_whitespace().map(str::to_lowercase).collect(),
        })
        .collect()
}

/// The catalog of a source.
async fn catalog(source: &str) -> Index {
    let home = tempfile::tempdir().unwrap();
    let options = Options {
        sources: vec![source.to_owned()],
        cache_dir: Some(home.path().join("cache")),
        offline: true,
        ..Options::default()
    };
    let session = Session::open(&options, Env::fixed(home.path(), &[])).unwrap();
    sync::ensure(&session, &|_| {}, &CancellationToken::new())
        .await
        .unwrap();
    session.store.index().unwrap()
}

fn asked(index: &Index, query: &str) -> Found {
    find(
        index,
        &Query::parse(query),
        &Context::default(),
        100,
        &|| false,
    )
}

/// `kind:name`, in lower case.
fn called(index: &Index, row: Row) -> String {
    let entity_ref = index.entity_ref(row).unwrap();
    format!("{}:{}", entity_ref.kind(), entity_ref.name())
}

/// Holds `index` against judgements; says which are not met.
fn judge(index: &Index, judgements: &[Judgement<'_>]) {
    let names: HashSet<String> = index.rows().map(|row| called(index, row)).collect();
    let mut sum = 0.0;
    let mut missed = String::new();
    for Judgement { query, meant } in judgements {
        let unknown: Vec<&String> = meant.iter().filter(|name| !names.contains(*name)).collect();
        assert!(
            unknown.is_empty(),
            "{query} is judged by what is not there: {unknown:?}"
        );
        let found = asked(index, query);
        let place = (found.hits.iter()).position(|hit| meant.contains(&called(index, hit.row)));
        if place == Some(0) {
            sum += 1.0;
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 100")]
        if let Some(place) = place {
            sum += 1.0 / (place + 1) as f64;
        }
        let place = place.map_or("nowhere".to_owned(), |place| (place + 1).to_string());
        let _ = writeln!(missed, "{place:>8}  {query} => {meant:?}");
        for hit in found.hits.iter().take(2) {
            let why = explain(
                index,
                &Query::parse(query),
                &Context::default(),
                &found,
                hit,
            );
            let why: Vec<String> = why
                .iter()
                .map(|it| format!("{} {}", it.words, it.points / 100))
                .collect();
            let _ = writeln!(
                missed,
                "            {} {}: {}",
                called(index, hit.row),
                hit.score / 100,
                why.join("; ")
            );
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let mean = sum / judgements.len() as f64;
    println!(
        "{} queries, mean reciprocal rank {mean:.4}; not first:\n{missed}",
        judgements.len()
    );
    assert!(mean >= LEAST, "mean reciprocal rank {mean:.4}\n{missed}");
}

/// Every name as it is finds an entity of that name first; and so it does without its separators.
fn exact_names_come_first(index: &Index) {
    for row in index.rows() {
        let name = index.name(row);
        let found = asked(index, &format!("\"{name}\""));
        assert_eq!(
            index.name(found.hits[0].row).to_lowercase(),
            name.to_lowercase()
        );
        let found = asked(index, name);
        let first = index.name(found.hits[0].row);
        assert_eq!(first.to_lowercase(), name.to_lowercase());
        let reference = index.entity_ref(row).unwrap();
        let found = asked(index, &reference.to_string());
        assert_eq!(index.entity_ref(found.hits[0].row), Some(reference));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_found_as_people_mean_it() {
    let index = catalog("demo").await;
    exact_names_come_first(&index);
    judge(&index, &judgements(include_str!("finding/demo.txt")));
}

#[tokio::test(flavor = "multi_thread")]
async fn real_catalogs_are_found_as_people_mean_it() {
    let Some(shared) = std::env::var_os("STAGEDOOR_SHARED") else {
        eprintln!("skipped: STAGEDOOR_SHARED is not set, so there are no real catalogs");
        return;
    };
    let corpus = std::path::Path::new(&shared).join("corpus/catalog");
    let index = catalog(corpus.canonicalize().unwrap().to_str().unwrap()).await;
    exact_names_come_first(&index);
    judge(&index, &judgements(include_str!("finding/corpus.txt")));
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_that_are_meant_to_hurt_do_not() {
    let index = catalog("demo").await;
    let long = |part: &str| part.repeat(10_000 / part.len());
    let queries = [
        long("a"),
        long("payment "),
        long("-"),
        long("\""),
        long("("),
        long("( "),
        long(")"),
        long("OR "),
        long("NOT "),
        long("owner:mine,"),
        long("kind:api OR "),
        long("tag:x -"),
        long("filter=kind=api&"),
        long("(a+)+$ "),
        long(".*"),
        long("e\u{301}"),
        long("\u{202e}\u{5d0}"),
        long("支付"),
        long("👩\u{200d}👩\u{200d}👧"),
        long("\n\r\t\0"),
        long("@a "),
        long("label:="),
        long("updated:<9999999999999999999y "),
        "%_[]{}\\^$|?*+".to_owned(),
        "payment\ngateway\r\n\u{7}".to_owned(),
        "owner:\"team payments".to_owned(),
        "kind:api)) OR ((tag:".to_owned(),
    ];
    for query in &queries {
        let started = Instant::now();
        let found = asked(&index, query);
        assert!(found.hits.len() <= index.len());
        for notice in &found.notices {
            assert!(query.get(notice.span.clone()).is_some(), "{notice:?}");
        }
        let start: String = query.chars().take(20).collect();
        // Far more than it takes, on a busy machine and without optimisation.
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "{start:?} takes {:?}",
            started.elapsed()
        );
    }
    // What a pasted name has around it does not matter.
    for query in [
        "payment\ngateway",
        "\u{202e}payment-gateway\u{202c}",
        " payment\u{a0}gateway ",
        "“payment-gateway”",
    ] {
        let found = asked(&index, query);
        assert_eq!(
            index.name(found.hits[0].row),
            "payment-gateway",
            "{query:?}"
        );
    }
}
