//! How many requests a refresh takes: 5,000 repositories of which 1,200 carry a descriptor, on a forge of this machine.
//!
//! Whoever includes it includes `forge`, too.

use std::fmt::Write as _;
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
    /// What is counted.
    pub(crate) unit: &'static str,
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

/// Refreshes what the configuration `text` names, with a cache of its own in `dir`, and counts.
async fn refresh(dir: &std::path::Path, text: &str) -> (usize, Duration) {
    refresh_of(dir, text, DESCRIPTORS).await
}

/// The same where `descriptors` are known then.
async fn refresh_of(dir: &std::path::Path, text: &str, descriptors: usize) -> (usize, Duration) {
    let config = dir.join("app-config.yaml");
    std::fs::write(&config, text).unwrap();
    let options = Options {
        config: vec![config],
        cache_dir: Some(dir.join("cache")),
        ..Options::default()
    };
    let session = Session::open(&options, Env::fixed(dir, &[])).unwrap();
    let (request, cancel) = (SyncRequest::default(), CancellationToken::new());
    let started = Instant::now();
    let report = sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    assert_eq!(
        (report.class(), report.entities),
        (None, descriptors),
        "{report:?}"
    );
    (report.sources[0].request_count(), started.elapsed())
}

/// What is new in a descriptor that was pushed.
fn pushed_text() -> String {
    format!("{}# new\n", component("pushed"))
}

/// What a GitHub takes; `None` where this machine has no forge.
pub(crate) async fn github() -> Option<Vec<Row>> {
    let forge = Forge::start().await?;
    let pushed = fill(&forge, "acme");
    let (host, url) = (forge.host(), forge.url());
    let config = format!(
        "integrations: {{ github: [{{ host: '{host}', apiBaseUrl: '{url}/api/v3', token: '{TOKEN}' }}] }}\n\
         catalog: {{ providers: {{ github: {{ host: '{host}', organization: acme }} }} }}\n"
    );
    let mut table = Table::of("GitHub", REPOSITORIES / 25 + DESCRIPTORS);
    let dir = tempfile::tempdir().unwrap();
    table.row("cold", 70, refresh(dir.path(), &config).await);
    table.row("nothing changed", 1, refresh(dir.path(), &config).await);
    forge.push_light(&pushed, &[("catalog-info.yaml", &pushed_text())]);
    table.row("one push", 5, refresh(dir.path(), &config).await);
    table.row(
        "nothing changed since",
        1,
        refresh(dir.path(), &config).await,
    );
    let cold = tempfile::tempdir().unwrap();
    forge.rule(Rule::always("Sweep", Fault::TooMuch(25)));
    table.row(
        "cold, the host forces 25",
        220,
        refresh(cold.path(), &config).await,
    );
    table.row(
        "nothing changed then",
        1,
        refresh(cold.path(), &config).await,
    );
    Some(table.rows)
}

/// What a GitLab takes; `None` where this machine has no forge.
pub(crate) async fn gitlab() -> Option<Vec<Row>> {
    let forge = Forge::start().await?;
    let pushed = fill(&forge, "acme");
    let (host, url) = (forge.host(), forge.url());
    let config = format!(
        "integrations: {{ gitlab: [{{ host: '{host}', apiBaseUrl: '{url}/gitlab/api/v4', token: '{TOKEN}' }}] }}\n\
         catalog: {{ providers: {{ gitlab: {{ all: {{ host: '{host}', group: acme }} }} }} }}\n"
    );
    // Its list of projects, and whether each has the file; no location is asked for yet.
    let mut table = Table::of("GitLab", REPOSITORIES / 50 + REPOSITORIES);
    let dir = tempfile::tempdir().unwrap();
    table.row("cold", 360, refresh(dir.path(), &config).await);
    table.row("nothing changed", 3, refresh(dir.path(), &config).await);
    forge.push_light(&pushed, &[("catalog-info.yaml", &pushed_text())]);
    table.row("one push", 5, refresh(dir.path(), &config).await);
    Some(table.rows)
}

/// What Bitbucket Cloud takes; `None` where this machine has no forge.
pub(crate) async fn bitbucket_cloud() -> Option<Vec<Row>> {
    let forge = Forge::start().await?;
    let pushed = fill(&forge, "acme");
    let (host, url) = (forge.host(), forge.url());
    let config = format!(
        "integrations: {{ bitbucketCloud: [{{ host: '{host}', apiBaseUrl: '{url}/2.0', token: '{TOKEN}' }}] }}\n\
         catalog: {{ providers: {{ bitbucketCloud: {{ host: '{host}', workspace: acme }} }} }}\n"
    );
    // The projects, ten results of its search at once, and one for each of its locations.
    let mut table = Table::of("Bitbucket Cloud", 1 + DESCRIPTORS / 10 + DESCRIPTORS);
    let dir = tempfile::tempdir().unwrap();
    let most = REPOSITORIES / 100 + REPOSITORIES;
    table.row("cold", most, refresh(dir.path(), &config).await);
    table.row("nothing changed", 1, refresh(dir.path(), &config).await);
    forge.push_light(&pushed, &[("catalog-info.yaml", &pushed_text())]);
    table.row("one push", 2, refresh(dir.path(), &config).await);
    Some(table.rows)
}

/// How many of the plain repositories hold anything: each of those is cloned once by `git`, which is not what is measured.
const CLONED: usize = 20;

/// What a list of plain repositories takes, of which nothing is known but their addresses; `None` where this machine has
/// no forge. What `git` asks when it fetches is counted by nobody but the forge.
pub(crate) async fn plain_git() -> Option<Vec<Row>> {
    let forge = Forge::start().await?;
    let (host, url) = (forge.host(), forge.url());
    let mut config = format!(
        "integrations: {{ github: [{{ host: '{host}', token: '{TOKEN}' }}] }}\n\
         stagedoor:\n  git:\n    - name: all\n      repositories:\n"
    );
    for number in 0..REPOSITORIES {
        let name = format!("acme/svc-{number:04}");
        if number < CLONED {
            let descriptor = component(&format!("svc-{number:04}"));
            forge.commit(&name, &[("catalog-info.yaml", &descriptor)]);
        } else {
            forge.push_light(&name, &[]);
        }
        let _ = writeln!(config, "        - {url}/{name}.git");
    }
    // It reads the file of every location, and knows no other way to keep up.
    let mut table = Table::of("plain Git", REPOSITORIES);
    let dir = tempfile::tempdir().unwrap();
    let most = REPOSITORIES + 1;
    table.row("cold", most, refresh_of(dir.path(), &config, CLONED).await);
    forge.take_connections();
    let unchanged = refresh_of(dir.path(), &config, CLONED).await;
    table.row("nothing changed", most, unchanged);
    table.connections("nothing changed", 1, forge.take_connections());
    Some(table.rows)
}

/// What a Gitea takes; `None` where this machine has no forge.
pub(crate) async fn gitea() -> Option<Vec<Row>> {
    let forge = Forge::start().await?;
    let pushed = fill(&forge, "acme");
    let (host, url) = (forge.host(), forge.url());
    let config = format!(
        "integrations: {{ gitea: [{{ host: '{host}', baseUrl: '{url}', password: '{TOKEN}' }}] }}\n\
         catalog: {{ providers: {{ gitea: {{ all: {{ host: '{host}', organization: acme }} }} }} }}\n"
    );
    // Its list of repositories to the empty page, whether each has the file, and one for each of its locations.
    let mut table = Table::of("Gitea", REPOSITORIES / 30 + 2 + REPOSITORIES + DESCRIPTORS);
    let dir = tempfile::tempdir().unwrap();
    // The list, a tree for each repository, a text for each descriptor.
    let most = 2 + REPOSITORIES / 50 + REPOSITORIES + DESCRIPTORS;
    table.row("cold", most, refresh(dir.path(), &config).await);
    table.row("nothing changed", 1, refresh(dir.path(), &config).await);
    forge.push_light(&pushed, &[("catalog-info.yaml", &pushed_text())]);
    table.row("one push", 3, refresh(dir.path(), &config).await);
    Some(table.rows)
}

/// What a Bitbucket Data Center takes; `None` where this machine has no forge.
pub(crate) async fn bitbucket_server() -> Option<Vec<Row>> {
    let forge = Forge::start().await?;
    let pushed = fill(&forge, "ACME");
    let (host, url) = (forge.host(), forge.url());
    let config = format!(
        "integrations: {{ bitbucketServer: [{{ host: '{host}', apiBaseUrl: '{url}/rest/api/1.0', token: '{TOKEN}' }}] }}\n\
         catalog: {{ providers: {{ bitbucketServer: {{ host: '{host}' }} }} }}\n"
    );
    // Its projects, 25 repositories at once, the default branch of each, and one for each location: one a repository.
    let backstage = 1 + REPOSITORIES / 25 + REPOSITORIES + REPOSITORIES;
    let mut table = Table::of("Bitbucket Data Center", backstage);
    let dir = tempfile::tempdir().unwrap();
    let lists = REPOSITORIES / 1000;
    let took = refresh(dir.path(), &config).await;
    table.row("cold", lists + REPOSITORIES, took);
    let took = refresh(dir.path(), &config).await;
    table.row("the second time", lists + 2 * DESCRIPTORS, took);
    let took = refresh(dir.path(), &config).await;
    table.row("nothing changed", lists + DESCRIPTORS, took);
    forge.push_light(&pushed, &[("catalog-info.yaml", &pushed_text())]);
    let took = refresh(dir.path(), &config).await;
    table.row("one push", lists + DESCRIPTORS + 1, took);
    Some(table.rows)
}

/// What Azure DevOps takes; `None` where this machine has no forge. Nothing there tells the commits of many repositories:
/// each that holds descriptors is looked at each time.
pub(crate) async fn azure() -> Option<Vec<Row>> {
    let forge = Forge::start().await?;
    let pushed = fill(&forge, "acme/shop");
    let host = forge.host();
    let config = format!(
        "integrations: {{ azure: [{{ host: '{host}', credentials: [{{ personalAccessToken: '{TOKEN}' }}] }}] }}\n\
         catalog: {{ providers: {{ azureDevOps: {{ all: {{ host: '{host}', organization: acme, project: shop }} }} }} }}\n"
    );
    // Two pages of its search, and one for each of its locations.
    let mut table = Table::of("Azure DevOps", 2 + DESCRIPTORS);
    let dir = tempfile::tempdir().unwrap();
    let most = 1 + REPOSITORIES + DESCRIPTORS;
    table.row("cold", most, refresh(dir.path(), &config).await);
    let most = 1 + DESCRIPTORS;
    table.row("nothing changed", most, refresh(dir.path(), &config).await);
    forge.push_light(&pushed, &[("catalog-info.yaml", &pushed_text())]);
    table.row("one push", most + 1, refresh(dir.path(), &config).await);
    Some(table.rows)
}

/// What a Gerrit takes; `None` where this machine has no forge.
pub(crate) async fn gerrit() -> Option<Vec<Row>> {
    let forge = Forge::start().await?;
    let pushed = fill(&forge, "acme");
    let (host, url) = (forge.host(), forge.url());
    let config = format!(
        "integrations: {{ gerrit: [{{ host: '{host}', baseUrl: '{url}/gerrit', username: oauth2, password: '{TOKEN}' }}] }}\n\
         catalog: {{ providers: {{ gerrit: {{ all: {{ host: '{host}', query: 'prefix=acme/' }} }} }} }}\n"
    );
    // Its list of projects, the branch of each, and a location for each, whether the file is there or not.
    let mut table = Table::of("Gerrit", 1 + REPOSITORIES + REPOSITORIES);
    let dir = tempfile::tempdir().unwrap();
    let most = REPOSITORIES / 500 + REPOSITORIES;
    table.row("cold", most, refresh(dir.path(), &config).await);
    table.row("nothing changed", 10, refresh(dir.path(), &config).await);
    forge.push_light(&pushed, &[("catalog-info.yaml", &pushed_text())]);
    table.row("one push", 11, refresh(dir.path(), &config).await);
    Some(table.rows)
}

/// The rows of one host.
struct Table {
    host: &'static str,
    backstage: usize,
    rows: Vec<Row>,
}

impl Table {
    fn of(host: &'static str, backstage: usize) -> Self {
        Self {
            host,
            backstage,
            rows: Vec::new(),
        }
    }

    fn row(&mut self, what: &'static str, most: usize, (requests, time): (usize, Duration)) {
        self.rows.push(Row {
            host: self.host,
            what,
            requests,
            most,
            backstage: self.backstage,
            unit: "requests",
            time,
        });
    }

    /// The connections over which the last requests went.
    fn connections(&mut self, what: &'static str, most: usize, connections: usize) {
        self.rows.push(Row {
            host: self.host,
            what,
            requests: connections,
            most,
            backstage: 0,
            unit: "connections",
            time: Duration::ZERO,
        });
    }
}
