//! One opened set of sources: configuration, environment, folder and store.

use std::path::PathBuf;

use crate::config::{Config, Env, SourceSet};

use super::SyncError;

/// What the command line says about which catalog to open.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--config`, in their order.
    pub config: Vec<PathBuf>,
    /// `--source`, in their order.
    pub sources: Vec<String>,
    /// `--cache-dir`: everything that is kept lies below it.
    pub cache_dir: Option<PathBuf>,
    /// `--offline`: no host is asked.
    pub offline: bool,
}

/// One opened set of sources.
#[derive(Debug)]
pub struct Session {
    /// The configuration.
    pub config: Config,
    /// The environment it was opened in.
    pub env: Env,
    /// The sources.
    pub set: SourceSet,
    /// The folder in which this set is kept.
    pub dir: PathBuf,
    /// Whether no host may be asked.
    pub offline: bool,
}

impl Session {
    /// Opens the set of sources that `options` and the configuration name. Reads no source yet.
    pub fn open(options: &Options, env: Env) -> Result<Self, SyncError> {
        let config = Config::load(&options.config, &env)?;
        let set = SourceSet::resolve(
            &options.sources,
            &config,
            &env,
            options.cache_dir.as_deref(),
        )?;
        let cache = options
            .cache_dir
            .as_ref()
            .map_or_else(|| env.cache_dir().to_owned(), |dir| env.cwd().join(dir));
        let dir = set.dir(&cache);
        Ok(Self {
            config,
            env,
            set,
            dir,
            offline: options.offline,
        })
    }
}
