//! The configuration: layers of Backstage's own `app-config.yaml`, read, substituted, merged and given types.
//!
//! Backstage's keys keep their names and meaning, keys that we do not know are left alone, ours stand under
//! `stagedoor:`. What a catalog is made of ([`source`]) is decided here too, from the command line, the configuration
//! and the folder one stands in.

mod elsewhere;
mod env;
mod git_list;
mod host;
mod instance;
mod integration;
mod layers;
pub mod look;
mod people;
pub mod provider;
pub mod schema;
mod secret;
mod section;
mod sections;
pub mod set;
pub mod source;
mod substitute;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

pub use elsewhere::{Account, Elsewhere, ElsewhereKind};
pub use env::Env;
pub use host::HostSettings;
pub use instance::{Backstage, Instance};
pub use integration::{HostKind, Integration};
pub use people::{People, PeopleFilters};
pub use provider::{Filters, Provider};
pub use secret::Secret;
pub use sections::{Location, RuleConfig, RuleLocation};
pub use set::SourceSet;
pub use source::{GitSource, Source, SourceError};

/// How often a portal that stays open asks its hosts, unless the configuration says otherwise.
pub const DEFAULT_REFRESH: Duration = Duration::from_mins(15);

/// The configuration, merged and typed.
#[derive(Debug, Clone)]
pub struct Config {
    /// The files it was read from, in their order; later ones won.
    pub files: Vec<PathBuf>,
    /// `organization.name`.
    pub organization: Option<String>,
    /// `integrations.*`: the hosts that are known, with their addresses and tokens.
    pub integrations: Vec<Integration>,
    /// `stagedoor.hosts`: what is ours to say of hosts.
    pub hosts: Vec<HostSettings>,
    /// `catalog.rules`; `None` where the configuration has none.
    pub rules: Option<Vec<RuleConfig>>,
    /// `catalog.locations`.
    pub locations: Vec<Location>,
    /// `catalog.providers.*`.
    pub providers: Vec<Provider>,
    /// `catalog.providers.githubOrg` and its like: whose people and groups are read.
    pub people: Vec<People>,
    /// `stagedoor.me`: the reference of the user who sits here.
    pub me: Option<String>,
    /// `stagedoor.theme`, `stagedoor.glyphs` and `stagedoor.keys`: how the portal looks and which keys it has.
    pub look: look::Look,
    /// `stagedoor.refresh`; zero means only when asked.
    pub refresh: Duration,
    /// `stagedoor.aiModel`: whether the Backstage that reads the same files has the model layers for AI.
    pub ai_model: bool,
    /// `stagedoor.remember`: whether repositories that templates make remember what they were made from, where nobody says
    /// otherwise.
    pub remember: bool,
    /// `stagedoor.restore`: whether the portal begins as it was left.
    pub restore: bool,
    /// `stagedoor.checkouts`: folders below which repositories are checked out, as they are written.
    pub checkouts: Vec<String>,
    /// `stagedoor.queries`: queries with a name in lower case, asked for as `@name`.
    pub queries: BTreeMap<String, String>,
    /// `stagedoor.actions`: programs of the user's own that carry out actions, by the action's id; program and arguments. None
    /// where the configuration is shared with others.
    pub actions: BTreeMap<String, Vec<String>>,
    /// `stagedoor.backstage`: running Backstages to read from.
    pub backstage: Vec<Backstage>,
    /// `stagedoor.search`, `confluence` and `stackoverflow`: what is searched beside the catalog.
    pub elsewhere: Vec<Elsewhere>,
    /// The whole merged configuration with every secret replaced, for `config show`.
    pub redacted: Value,
}

/// Why a configuration cannot be read. Each says which file or key, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be opened or read.
    #[error("{}: cannot be read: {reason}; correct the path behind --config or $STAGEDOOR_CONFIG", file.display())]
    Unreadable {
        /// The configuration file.
        file: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The file is not YAML.
    #[error("{}:{line}:{column}: not valid YAML: {reason}", file.display())]
    Syntax {
        /// The configuration file.
        file: PathBuf,
        /// The line, from 1; 0 where unknown.
        line: usize,
        /// The column, from 1; 0 where unknown.
        column: usize,
        /// What the parser says.
        reason: String,
    },
    /// A key has a value of the wrong type or form.
    #[error("{file}: {key}{}{reason}", if key.is_empty() { "" } else { ": " })]
    Value {
        /// The file or files the value came from.
        file: String,
        /// The key, as `catalog.locations[0].target`.
        key: String,
        /// What is wrong and what is expected.
        reason: String,
    },
}

impl Config {
    /// Reads `files` in their order; with none, `$STAGEDOOR_CONFIG` or the `app-config.yaml` in the user's config
    /// folder, and the defaults where that does not exist.
    pub fn load(files: &[PathBuf], env: &Env) -> Result<Self, ConfigError> {
        let files = layers::files(files, env);
        let (merged, unset) = layers::merge_all(&files, env)?;
        let mut config = sections::read(files, &merged, &unset)?;
        if !host::is_trusted(&config.files, env) {
            config.hosts.iter_mut().for_each(HostSettings::distrust);
            if !config.actions.is_empty() {
                tracing::warn!(
                    "stagedoor.actions are not run: the configuration is not your own alone"
                );
            }
            config.actions.clear();
        }
        for bundle in config
            .hosts
            .iter_mut()
            .filter_map(|host| host.ca_bundle.as_mut())
        {
            *bundle = host::beside(&config.files, bundle);
        }
        Ok(config)
    }

    /// What `stagedoor.hosts` says of `host`.
    pub fn host(&self, host: &str) -> Option<&HostSettings> {
        let mut hosts = self.hosts.iter();
        hosts.find(|settings| settings.host.eq_ignore_ascii_case(host))
    }

    /// The integration for `host`, where one is configured.
    pub fn integration(&self, kind: HostKind, host: &str) -> Option<&Integration> {
        self.integrations.iter().find(|integration| {
            integration.kind == kind && integration.host.eq_ignore_ascii_case(host)
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::path::Path;

    use super::*;

    fn load(layers: &[&str], variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let files: Vec<PathBuf> = layers
            .iter()
            .enumerate()
            .map(|(number, text)| {
                let file = dir.path().join(format!("{number}.yaml"));
                std::fs::write(&file, text).unwrap();
                file
            })
            .collect();
        Config::load(&files, &Env::fixed(dir.path(), variables))
    }

    #[test]
    fn gitlab_providers_have_the_keys_of_backstage() {
        let with = |more: &str| {
            let text = format!(
                "catalog: {{ providers: {{ gitlab: {{ own: {{ host: Git.acme.dev, group: /acme/shop/, {more} }}, all: {{ host: git.acme.dev }} }} }} }}"
            );
            load(&[&text], &[])
        };
        let config = with(
            "entityFilename: about.yaml, topics: 'a, b', groupPattern: [x, y], skipForkedRepos: true, fallbackBranch: master",
        )
        .unwrap();
        assert_eq!(config.providers.len(), 1, "one without a group is left out");
        let provider = &config.providers[0];
        assert_eq!(provider.to_string(), "gitlab:git.acme.dev/acme/shop (own)");
        assert_eq!(provider.path(), "about.yaml");
        let filters = &provider.filters;
        assert_eq!(filters.topics_all, ["a", "b"]);
        assert_eq!(filters.groups, ["x", "y"]);
        assert!(!filters.allow_forks && !filters.allow_archived);
        for key in ["groupPattern", "projectPattern"] {
            let error = with(&format!("{key}: '('")).unwrap_err().to_string();
            let named = format!("catalog.providers.gitlab.own: {key} is no regular expression");
            assert!(error.contains(&named), "{error}");
        }
    }

    #[test]
    fn gitea_providers_have_the_keys_of_backstage() {
        let with = |keys: &str| {
            let text = format!("catalog: {{ providers: {{ gitea: {{ own: {{ {keys} }} }} }} }}");
            load(&[&text], &[])
        };
        let config = with("host: G.acme.dev, organization: Acme, branch: a/b, catalogPath: x.yaml");
        let provider = &config.unwrap().providers[0];
        assert_eq!(provider.to_string(), "gitea:g.acme.dev/Acme (own)");
        assert_eq!(provider.path(), "x.yaml");
        assert_eq!(provider.branch.as_deref(), Some("a/b"));
        assert!(provider.filters.allow_forks && provider.filters.allow_archived);
        let error = with("organization: acme").unwrap_err().to_string();
        assert!(error.contains("gitea.own: host is missing"), "{error}");
    }

    #[test]
    fn gerrit_providers_have_the_keys_of_backstage() {
        let text = "integrations: { gerrit: [{ host: r.dev, gitilesBaseUrl: 'https://r.dev/git/', username: u, password: p }] }\ncatalog: { providers: { gerrit: { own: { host: R.dev, query: 'state=ACTIVE&prefix=web' }, all: { host: r.dev, branch: main } } } }";
        let config = load(&[text], &[]).unwrap();
        let named: Vec<String> = config.providers.iter().map(ToString::to_string).collect();
        let expected = [
            "gerrit:r.dev?state=ACTIVE&prefix=web (own)",
            "gerrit:r.dev?state=ACTIVE (all)",
        ];
        assert_eq!(named, expected);
        let host = config.integration(HostKind::Gerrit, "r.dev").unwrap();
        assert_eq!(host.gitiles.as_deref(), Some("https://r.dev/git"));
        assert_eq!(host.user.as_deref(), Some("u"));
    }

    #[test]
    fn later_layers_win_key_by_key_and_lists_are_replaced() {
        let config = load(
            &[
                "organization: { name: A }\ncatalog: { locations: [{ type: file, target: a }, { type: file, target: b }] }",
                "catalog: { locations: [{ type: url, target: https://x.dev/c }] }\nstagedoor: { refresh: 2h }",
            ],
            &[],
        )
        .unwrap();
        assert_eq!(config.organization.as_deref(), Some("A"));
        let targets: Vec<&str> = config.locations.iter().map(|l| l.target.as_str()).collect();
        assert_eq!(targets, ["https://x.dev/c"]);
        assert_eq!(config.refresh, Duration::from_hours(2));
    }

    #[test]
    fn a_token_comes_from_the_environment_and_is_never_shown() {
        let text = "integrations: { github: [{ host: github.com, token: '${TOKEN}' }, { host: ghe.dev, token: '${NONE}' }] }";
        let config = load(&[text], &[("TOKEN", "ghp_abc")]).unwrap();
        let github = config.integration(HostKind::Github, "GitHub.com").unwrap();
        assert_eq!(github.token.as_ref().map(Secret::expose), Some("ghp_abc"));
        let other = config.integration(HostKind::Github, "ghe.dev");
        assert!(other.unwrap().token.is_none());
        let shown = format!("{config:?} {}", config.redacted);
        assert!(!shown.contains("ghp_abc"), "{shown}");
    }

    #[test]
    fn both_forms_of_a_github_provider_are_read() {
        let one = load(
            &[
                "catalog: { providers: { github: { organization: acme, schedule: { frequency: { hours: 6 } } } } }",
            ],
            &[],
        );
        let expected = Provider {
            frequency: Some(Duration::from_hours(6)),
            ..Provider::new(HostKind::Github, "github.com", "acme")
        };
        assert_eq!(one.unwrap().providers, [expected]);
        let named = load(
            &["catalog: { providers: { github: { hq: { host: ghe.dev, organization: acme, validateLocationsExist: true, filters: { allowForks: 'false', topic: { include: [x] } } }, app: { app: 1 } } } }"],
            &[],
        )
        .unwrap();
        let expected = Provider {
            id: Some("hq".to_owned()),
            filters: Filters {
                allow_forks: false,
                topics_include: vec!["x".to_owned()],
                ..Filters::default()
            },
            ..Provider::new(HostKind::Github, "ghe.dev", "acme")
        };
        assert_eq!(named.providers, [expected]);
    }

    #[test]
    fn errors_name_the_file_and_the_key() {
        let cases = [
            (
                "catalog: { locations: [{ type: file }] }",
                "0.yaml: catalog.locations[0]: target is missing",
            ),
            (
                "stagedoor: { refresh: soon }",
                "0.yaml: stagedoor.refresh: must be",
            ),
            ("a: [", "0.yaml:"),
            ("- a", "0.yaml: must be a mapping"),
            (
                "catalog: { providers: { github: { organization: a, filters: { repository: '(' } } } }",
                "catalog.providers.github.filters",
            ),
            (
                "catalog: { providers: { github: { organization: a, filters: { branch: a/b } } } }",
                "catalog.providers.github.filters: branch",
            ),
        ];
        for (text, expected) in cases {
            let error = load(&[text], &[]).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_named_file_must_exist_and_the_users_own_need_not() {
        let env = Env::fixed(Path::new("/nowhere"), &[]);
        assert!(Config::load(&[], &env).unwrap().files.is_empty());
        assert!(Config::load(&[PathBuf::from("no.yaml")], &env).is_err());
    }
}
