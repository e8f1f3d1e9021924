//! The configuration: layers of Backstage's own `app-config.yaml`, read, substituted, merged and given types.
//!
//! Backstage's keys keep their names and meaning, keys that we do not know are left alone, ours stand under
//! `stagedoor:`. What a catalog is made of ([`source`]) is decided here too, from the command line, the configuration
//! and the folder one stands in.

mod env;
mod layers;
mod secret;
mod sections;
pub mod set;
pub mod source;
mod substitute;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

pub use env::Env;
pub use secret::Secret;
pub use sections::{Backstage, GithubProvider, Integration, IntegrationKind, Location, RuleConfig};
pub use set::SourceSet;
pub use source::{Source, SourceError};

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
    /// `catalog.rules`; `None` where the configuration has none.
    pub rules: Option<Vec<RuleConfig>>,
    /// `catalog.locations`.
    pub locations: Vec<Location>,
    /// `catalog.providers.github`.
    pub github: Vec<GithubProvider>,
    /// `stagedoor.me`: the reference of the user who sits here.
    pub me: Option<String>,
    /// `stagedoor.theme`, `auto` where it has none.
    pub theme: String,
    /// `stagedoor.refresh`; zero means only when asked.
    pub refresh: Duration,
    /// `stagedoor.backstage`: running Backstages to read from.
    pub backstage: Vec<Backstage>,
    merged: Value,
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
    #[error("{file}: {key}: {reason}")]
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
        let merged = layers::merge_all(&files, env)?;
        sections::read(files, merged)
    }

    /// The whole merged configuration with every secret replaced, for `config show`.
    pub fn redacted(&self) -> Value {
        secret::redact(&self.merged)
    }

    /// The integration for `host`, where one is configured.
    pub fn integration(&self, kind: IntegrationKind, host: &str) -> Option<&Integration> {
        self.integrations.iter().find(|integration| {
            integration.kind == kind && integration.host.eq_ignore_ascii_case(host)
        })
    }
}
