//! The demo company is sound but for its deliberate mistakes.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use stagedoor::catalog::Kind;
use stagedoor::config::{Env, Source};
use stagedoor::ingest::Ingested;
use stagedoor::sync::{Options, Session};
use tokio_util::sync::CancellationToken;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a source says, with nothing configured.
async fn read(source: &str) -> Ingested {
    let home = tempfile::tempdir().unwrap();
    let options = Options {
        offline: true,
        ..Options::default()
    };
    let session = Session::open(&options, Env::fixed(home.path(), &[])).unwrap();
    let source = Source::parse(source, &root()).unwrap();
    stagedoor::sync::read(&session, &[source], &CancellationToken::new())
        .await
        .unwrap()
}

/// Rule, level and entity of each finding, but those that only a folder on disk has.
fn findings(ingested: &Ingested) -> BTreeSet<(String, String)> {
    ingested
        .problems
        .iter()
        .filter(|problem| problem.rule.code() != "placeholder-in-file")
        .map(|problem| {
            let entity = problem.entity.as_ref().map(ToString::to_string);
            (problem.rule.code().to_owned(), entity.unwrap_or_default())
        })
        .collect()
}

#[tokio::test]
async fn the_demo_has_every_kind_and_only_the_mistakes_that_are_meant() {
    let demo = read("demo").await;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for ingested in &demo.entities {
        let kind = ingested.entity.unpack().kind_name().to_owned();
        *kinds.entry(kind).or_default() += 1;
    }
    // Backstage takes this kind only with a plugin.
    let shown = |kind: &Kind| *kind != Kind::AiResource;
    for kind in Kind::ALL.into_iter().filter(shown) {
        assert!(kinds.contains_key(kind.as_str()), "no {kind} in the demo");
    }
    assert!((60..=80).contains(&demo.entities.len()), "{kinds:?}");

    let meant: BTreeSet<(String, String)> = [
        ("dangling-reference", "component:default/ledger-reports"),
        ("dangling-reference", "component:default/payout-worker"),
        ("docs-broken-link", "component:default/payment-gateway"),
        ("duplicate-entity", "component:default/notifier"),
        ("field-format", "component:default/fraud-rules"),
    ]
    .map(|(rule, entity)| (rule.to_owned(), entity.to_owned()))
    .into();
    assert_eq!(findings(&demo), meant, "{:#?}", demo.problems);
}

#[tokio::test]
async fn the_demo_reads_the_same_from_a_folder() {
    let built_in = read("demo").await;
    let folder = read("assets/demo/catalog-info.yaml").await;
    assert_eq!(findings(&built_in), findings(&folder));
    assert_eq!(built_in.entities.len(), folder.entities.len());
}
