//! `stagedoor sync` when things go wrong around it: hosts that are down, processes that are killed, a cache that is
//! damaged; and over 121 real repositories. The real binary, against a real host on this machine.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::panic,
    reason = "tests"
)]

#[path = "support/forge.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod forge;
#[path = "support/moment.rs"]
mod moment;
#[path = "cli/sandbox.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod sandbox;
#[path = "support/sshd.rs"]
mod sshd;

#[path = "sync/corpus.rs"]
mod corpus;
#[path = "sync/damage.rs"]
mod damage;
#[path = "sync/killed.rs"]
mod killed;
#[path = "sync/outage.rs"]
mod outage;
#[path = "sync/ssh.rs"]
mod ssh;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;

use forge::{Forge, TOKEN};
use moment::moment;
use sandbox::{Ended, Sandbox, run};

/// A desk whose configuration names the organisation `acme` of a forge, and whose environment holds the token.
struct Desk {
    sandbox: Sandbox,
    /// Another source instead of the configured one.
    source: Option<String>,
}

impl Desk {
    fn new(forge: &Forge) -> Self {
        Self::with(forge, "")
    }

    /// A desk whose provider has one more key.
    fn with(forge: &Forge, key: &str) -> Self {
        let sandbox = Sandbox::new();
        let (host, url) = (forge.host(), forge.url());
        sandbox.write(
            "app-config.yaml",
            &format!(
                "integrations:\n  github:\n    - host: {host}\n      apiBaseUrl: {url}/api/v3\n      token: ${{FORGE_TOKEN}}\n\
                 catalog:\n  providers:\n    github:\n      acme:\n        host: {host}\n        organization: acme\n        {key}\n"
            ),
        );
        Self {
            sandbox,
            source: None,
        }
    }

    /// The program with these arguments, parted by spaces.
    fn command(&self, arguments: &str) -> Command {
        let mut command = self.sandbox.command(arguments);
        command
            .arg("--cache-dir")
            .arg(self.cache())
            .env(
                "STAGEDOOR_CONFIG",
                self.sandbox.path().join("app-config.yaml"),
            )
            .env("FORGE_TOKEN", TOKEN);
        if let Some(source) = &self.source {
            command.args(["--source", source]);
        }
        command
    }

    fn run(&self, arguments: &str) -> Ended {
        run(self.command(arguments))
    }

    fn cache(&self) -> std::path::PathBuf {
        self.sandbox.path().join("cache")
    }

    /// What is kept, as `list -o name` gives it, which has to end well.
    #[track_caller]
    fn names(&self) -> BTreeSet<String> {
        names(&self.run("list -o name").code(0))
    }
}

/// The names that a `list -o name` gave.
fn names(ended: &Ended) -> BTreeSet<String> {
    ended.out.lines().map(str::to_owned).collect()
}

/// A descriptor of the group `keepers` and of `count` components with this prefix that it owns.
fn company(prefix: &str, count: usize) -> String {
    let mut text = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: keepers }\n\
                    spec: { type: team, children: [] }\n"
        .to_owned();
    for number in 0..count {
        let _ = write!(
            text,
            "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: {prefix}-{number:03} }}\n\
             spec: {{ type: service, lifecycle: production, owner: keepers }}\n"
        );
    }
    text
}

/// What `list -o name` gives of [`company`].
fn company_names(prefix: &str, count: usize) -> BTreeSet<String> {
    (0..count)
        .map(|number| format!("component:default/{prefix}-{number:03}"))
        .chain(["group:default/keepers".to_owned()])
        .collect()
}

/// A forge on which `acme` has one repository that describes `count` components, and a desk that has read it.
async fn filled(prefix: &str, count: usize) -> Option<(Forge, Desk)> {
    let forge = Forge::start().await?;
    forge.commit(
        "acme/all",
        &[("catalog-info.yaml", &company(prefix, count))],
    );
    let desk = Desk::new(&forge);
    desk.run("sync").code(0);
    assert_eq!(desk.names(), company_names(prefix, count));
    Some((forge, desk))
}
