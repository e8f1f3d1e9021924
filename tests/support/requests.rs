//! How many requests a refresh takes: 5,000 repositories of which 1,200 carry a descriptor, on a forge of this machine.
//!
//! Whoever includes it includes `forge`, too.

use std::time::{Duration, Instant};

use stagedoor::config::Env;
use stagedoor::sync::{self, Options, Session, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::forge::{Fault, Forge, Rule, TOKEN};

/// How many repositories there are, and how many of them carry a descriptor.
pub(crate) const REPOSITORIES: usize = 5_000;
const DESCRIPTORS: usize = 1_200;

/// What one refresh took.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The host, and what had happened there.
    pub(crate) host: &'static str,
    pub(crate) what: &'static str,
    /// How many requests were made, and may be.
    pub(crate) requests: usize,
    pub(crate) most: usize,
    /// How many Backstage makes: its list of repositories, and one for each of its locations.
    pub(crate) backstage: usize,
    /// How long it took.
    pub(crate) time: Duration,
}

/// A descriptor.
fn component(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: {name} }}\n\
         spec: {{ type: service, lifecycle: production, owner: team-a }}\n"
    )
}

/// Fills `owner` and gives the name of one that carries a descriptor.
fn fill(forge: &Forge, owner: &str) -> String {
    let every = REPOSITORIES / DESCRIPTORS;
    for number in 0..REPOSITORIES {
        let name = format!("svc-{number:04}");
        let descriptor = component(&name);
        let carries = number.is_multiple_of(every) && number / every < DESCRIPTORS;
        let file = if carries {
            "catalog-info.yaml"
        } else {
            "README.md"
        };
        forge.push_light(&format!("{owner}/{name}"), &[(file, &descriptor)]);
    }
    format!("{owner}/svc-{:04}", every * 700)
}

/// Refreshes `source` in `dir` and counts.
async fn refresh(dir: &std::path::Path, source: &str) -> (usize, Duration) {
    let options = Options {
        sources: vec![source.to_owned()],
        cache_dir: Some(dir.to_owned()),
        ..Options::default()
    };
    let env = Env::fixed(dir, &[("GITHUB_TOKEN", TOKEN)]);
    let session = Session::open(&options, env).unwrap();
    let (request, cancel) = (SyncRequest::default(), CancellationToken::new());
    let started = Instant::now();
    let report = sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    assert_eq!(
        (report.class(), report.entities),
        (None, DESCRIPTORS),
        "{report:?}"
    );
    (report.sources[0].request_count(), started.elapsed())
}

/// What a GitHub takes; `None` where this machine has no forge.
pub(crate) async fn github() -> Option<Vec<Row>> {
    let forge = Forge::start().await?;
    let pushed = fill(&forge, "acme");
    let source = format!("github:{}/acme", forge.host());
    let backstage = REPOSITORIES / 25 + DESCRIPTORS;
    let mut rows = Vec::new();
    let mut take = |what, most, (requests, time)| {
        rows.push(Row {
            host: "GitHub",
            what,
            requests,
            most,
            backstage,
            time,
        });
    };
    let dir = tempfile::tempdir().unwrap();
    take("cold", 70, refresh(dir.path(), &source).await);
    take("nothing changed", 1, refresh(dir.path(), &source).await);
    forge.push_light(
        &pushed,
        &[(
            "catalog-info.yaml",
            &format!("{}# new\n", component("pushed")),
        )],
    );
    take("one push", 5, refresh(dir.path(), &source).await);
    take(
        "nothing changed since",
        1,
        refresh(dir.path(), &source).await,
    );
    let cold = tempfile::tempdir().unwrap();
    forge.rule(Rule::always("Sweep", Fault::TooMuch(25)));
    take(
        "cold, the host forces 25",
        220,
        refresh(cold.path(), &source).await,
    );
    take(
        "nothing changed then",
        1,
        refresh(cold.path(), &source).await,
    );
    Some(rows)
}
