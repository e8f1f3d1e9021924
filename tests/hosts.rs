//! Sources against real hosts: files of this machine, and a forge on it with real repositories, real smart HTTP, and
//! faults.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "support/forge.rs"]
mod forge;
#[path = "support/instance.rs"]
mod instance;
#[path = "support/moment.rs"]
mod moment;
#[path = "support/pages.rs"]
mod pages;
#[path = "support/requests.rs"]
mod requests_of;
#[path = "cli/sandbox.rs"]
#[expect(dead_code, clippy::panic, reason = "tests, which need not all of it")]
mod sandbox;

#[path = "hosts/azure.rs"]
mod azure;
#[path = "hosts/backstage.rs"]
mod backstage;
#[path = "hosts/bitbucket_cloud.rs"]
mod bitbucket_cloud;
#[path = "hosts/bitbucket_server.rs"]
mod bitbucket_server;
#[path = "hosts/changes.rs"]
mod changes;
#[path = "hosts/codeowners.rs"]
mod codeowners;
#[path = "hosts/device.rs"]
mod device;
#[path = "hosts/docs.rs"]
mod docs;
#[path = "hosts/elsewhere.rs"]
mod elsewhere;
#[path = "hosts/engines.rs"]
mod engines;
#[path = "hosts/every_host.rs"]
mod every_host;
#[path = "hosts/facts.rs"]
mod facts;
#[path = "hosts/faults.rs"]
mod faults;
#[path = "hosts/files.rs"]
mod files;
#[path = "hosts/gerrit.rs"]
mod gerrit;
#[path = "hosts/git.rs"]
mod git;
#[path = "hosts/git_faults.rs"]
mod git_faults;
#[path = "hosts/git_list.rs"]
mod git_list;
#[path = "hosts/gitea.rs"]
mod gitea;
#[path = "hosts/github.rs"]
mod github;
#[path = "hosts/gitlab.rs"]
mod gitlab;
#[path = "hosts/interrupt.rs"]
mod interrupt;
#[path = "hosts/log.rs"]
mod log;
#[path = "hosts/outside.rs"]
mod outside;
#[path = "hosts/people.rs"]
mod people;
#[path = "hosts/people_gitea.rs"]
mod people_gitea;
#[path = "hosts/people_gitlab.rs"]
mod people_gitlab;
#[path = "hosts/proposals.rs"]
mod proposals;
#[path = "hosts/publishing.rs"]
mod publishing;
#[path = "hosts/recorded.rs"]
mod recorded;
#[path = "hosts/requests.rs"]
mod requests;
#[path = "hosts/tls.rs"]
mod tls;
#[path = "hosts/updates.rs"]
mod updates;
#[path = "hosts/url.rs"]
mod url;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use stagedoor::catalog::EntityRef;
use stagedoor::config::Env;
use stagedoor::sync::{self, Options, Session, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

use sandbox::Ended;

/// A folder to stand in, with a cache and a configuration of its own.
struct Desk {
    dir: tempfile::TempDir,
    variables: Vec<(&'static str, &'static str)>,
}

impl Desk {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    /// The same desk where the environment holds the forge's token.
    fn signed_in() -> Self {
        let mut desk = Self::new();
        desk.variables.push(("GITHUB_TOKEN", forge::TOKEN));
        desk
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes `text` to the file `name`, and gives its path.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// The session of `source`; a new one each time, as each command opens its own.
    fn session(&self, source: &str) -> Session {
        let options = Options {
            sources: vec![source.to_owned()],
            cache_dir: Some(self.path().join("cache")),
            ..Options::default()
        };
        Session::open(&options, Env::fixed(self.path(), &self.variables)).unwrap()
    }

    /// Refreshes all that the configuration `text` names and gives what became of it.
    async fn sync_config(&self, text: &str) -> SyncReport {
        let session = self.configured(text);
        let cancel = CancellationToken::new();
        sync::sync(&session, &SyncRequest::default(), &|_| {}, &cancel)
            .await
            .unwrap()
    }

    /// The session of all that the configuration `text` names.
    fn configured(&self, text: &str) -> Session {
        self.write("app-config.yaml", text);
        self.opened()
    }

    /// The session of all that the configuration in the folder names.
    fn opened(&self) -> Session {
        let options = Options {
            config: vec![self.path().join("app-config.yaml")],
            cache_dir: Some(self.path().join("cache")),
            ..Options::default()
        };
        Session::open(&options, Env::fixed(self.path(), &self.variables)).unwrap()
    }

    /// The real program with these arguments, parted by spaces, over what the configuration in the folder names.
    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stagedoor"));
        command
            .args(arguments.split_whitespace())
            .args(["--config", "app-config.yaml", "--cache-dir", "cache"])
            .current_dir(self.path())
            .env("HOME", self.path())
            .envs(self.variables.iter().copied());
        command
    }

    /// How that ends.
    async fn run(&self, arguments: &str) -> Ended {
        let command = self.command(arguments);
        let ended = tokio::task::spawn_blocking(|| sandbox::run(command));
        ended.await.unwrap()
    }

    /// Refreshes `source` and gives what became of it.
    async fn sync(&self, source: &str) -> SyncReport {
        let session = self.session(source);
        let request = SyncRequest::default();
        let cancel = CancellationToken::new();
        sync::sync(&session, &request, &|_| {}, &cancel)
            .await
            .unwrap()
    }

    /// The names of all entities that are kept of `source`, sorted.
    fn names(&self, source: &str) -> Vec<String> {
        names_in(&self.session(source))
    }

    /// The names of all entities that are kept of what the configuration names, sorted.
    fn kept(&self) -> Vec<String> {
        names_in(&self.opened())
    }

    /// Whether any file below the desk holds `text`.
    fn holds(&self, text: &str) -> bool {
        fn any(dir: &Path, text: &[u8]) -> bool {
            fs::read_dir(dir).unwrap().any(|entry| {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    return any(&path, text);
                }
                let bytes = fs::read(&path).unwrap();
                bytes.windows(text.len()).any(|window| window == text)
            })
        }
        any(self.path(), text.as_bytes())
    }
}

/// What a sync of what the configuration of `desk` names comes to, and the names that are there then.
async fn synced(desk: &Desk) -> (SyncReport, Vec<String>) {
    sync_configured(desk, SyncRequest::default()).await
}

/// The same of a sweep, whatever is known.
async fn swept(desk: &Desk) -> (SyncReport, Vec<String>) {
    let request = SyncRequest {
        full: true,
        ..SyncRequest::default()
    };
    sync_configured(desk, request).await
}

async fn sync_configured(desk: &Desk, request: SyncRequest) -> (SyncReport, Vec<String>) {
    let session = desk.opened();
    let cancel = CancellationToken::new();
    let report = sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    let names = names_in(&session);
    (report, names)
}

/// The names of all entities of `session`, sorted.
fn names_in(session: &Session) -> Vec<String> {
    let entities = session.store.entities().unwrap();
    let mut names: Vec<String> = entities
        .iter()
        .map(|stored| stored.entity.name().to_owned())
        .collect();
    names.sort();
    names
}

/// A descriptor of a component.
fn component(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  annotations:\n    backstage.io/techdocs-ref: dir:.\nspec: {{ type: service, lifecycle: production, owner: team-a }}\n"
    )
}

/// A descriptor that leads to others.
fn location(target: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{ name: more }}\nspec: {{ target: '{target}' }}\n"
    )
}

fn component_ref(name: &str) -> EntityRef {
    EntityRef::new("component", "default", name)
}
