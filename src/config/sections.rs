//! The typed sections of the configuration, read from the merged value.

use std::path::PathBuf;

use serde_json::Value;

use super::{Config, ConfigError, DEFAULT_REFRESH, Secret};

/// A kind of host that Backstage integrates with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntegrationKind {
    /// GitHub: the cloud or an Enterprise Server.
    Github,
    /// GitLab.
    Gitlab,
    /// Gitea and Forgejo.
    Gitea,
}

/// One entry of `integrations.<kind>`.
#[derive(Debug, Clone)]
pub struct Integration {
    /// Which kind of host it is.
    pub kind: IntegrationKind,
    /// The host's name, with a port where it has one.
    pub host: String,
    /// The address of its API, without a slash at the end.
    pub api_base_url: Option<String>,
    /// The token, where the configuration gives one.
    pub token: Option<Secret>,
}

/// One rule of `catalog.rules` or of a location: the kinds it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleConfig {
    /// The kinds, with `spec.type` where the rule asks for one.
    pub allow: Vec<(String, Option<String>)>,
    /// The locations it holds for; empty for all. Each with its type, and an exact target or a pattern.
    pub locations: Vec<RuleLocation>,
}

/// A location that a rule names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLocation {
    /// `file` or `url`; `None` for both.
    pub location_type: Option<String>,
    /// The exact target.
    pub exact: Option<String>,
    /// A glob over targets.
    pub pattern: Option<String>,
}

/// One of `catalog.locations`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// `file` or `url`.
    pub location_type: String,
    /// The path, glob or URL.
    pub target: String,
    /// The rules that hold for this location besides `catalog.rules`.
    pub rules: Vec<RuleConfig>,
}

/// One of `catalog.providers.github`: where to look for descriptors on a GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubProvider {
    /// The host.
    pub host: String,
    /// The organisation or user whose repositories are asked.
    pub organization: String,
    /// The descriptor's path in each repository.
    pub catalog_path: String,
    /// A regular expression that a repository's whole name must match.
    pub repository: Option<String>,
    /// The branch to read instead of the default one.
    pub branch: Option<String>,
    /// Topics of which a repository must have one; empty for any.
    pub topics_include: Vec<String>,
    /// Topics of which a repository must have none.
    pub topics_exclude: Vec<String>,
    /// Visibilities of which a repository must have one; empty for any.
    pub visibility: Vec<String>,
    /// Whether forks are read.
    pub allow_forks: bool,
    /// Whether archived repositories are read.
    pub allow_archived: bool,
}

/// One of `stagedoor.backstage`: a running Backstage to read from.
#[derive(Debug, Clone)]
pub struct Backstage {
    /// What to call it.
    pub name: String,
    /// Its address.
    pub base_url: String,
    /// The token, where one is needed.
    pub token: Option<Secret>,
}

/// Reads the sections of `merged`.
pub(super) fn read(files: Vec<PathBuf>, merged: Value) -> Result<Config, ConfigError> {
    Ok(Config {
        files,
        organization: None,
        integrations: Vec::new(),
        rules: None,
        locations: Vec::new(),
        github: Vec::new(),
        me: None,
        theme: "auto".to_owned(),
        refresh: DEFAULT_REFRESH,
        backstage: Vec::new(),
        merged,
    })
}
