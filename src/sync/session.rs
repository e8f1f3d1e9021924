//! One opened set of sources: configuration, environment, folder and store.

use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::Entity;
use crate::config::{Config, Env, Source, SourceSet};
use crate::host::Connection;
use crate::store::Store;

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
    /// Whether a damaged cache is moved aside and begun anew: for `sync`, which fills it again.
    pub heal: bool,
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
    /// What is kept.
    pub store: Arc<Store>,
    /// Whether no host may be asked.
    pub offline: bool,
    /// What was wrong with the cache and has been put right, for the user to know.
    pub healed: Option<String>,
}

impl Session {
    /// Opens the set of sources that `options` and the configuration name. Reads no source yet.
    pub fn open(options: &Options, env: Env) -> Result<Self, SyncError> {
        let config = Config::load(&options.config, &env)?;
        let named_cache = options.cache_dir.as_ref().map(|dir| env.cwd().join(dir));
        let set = SourceSet::resolve(&options.sources, &config, &env, named_cache.as_deref())?;
        let cache = named_cache.unwrap_or_else(|| env.cache_dir().to_owned());
        let dir = set.dir(&cache);
        let (store, wrong) = if options.heal {
            Store::open_or_reset(&dir)?
        } else {
            (Store::open(&dir)?, None)
        };
        Ok(Self {
            config,
            env,
            set,
            dir,
            store: Arc::new(store),
            offline: options.offline,
            healed: wrong.map(|wrong| wrong.to_string()),
        })
    }

    /// The way to `source`.
    pub(super) fn connect(&self, source: &Source) -> Result<Connection, SyncError> {
        Ok(Connection::open(source)?)
    }

    /// The way to the docs of `entity`, which `source` described.
    pub(super) fn connect_docs(
        &self,
        source: &Source,
        _entity: &Entity,
    ) -> Result<Connection, SyncError> {
        self.connect(source)
    }

    /// Makes the folder of the set, with what says which set it is and that it is a cache.
    pub(super) fn prepare(&self) -> Result<(), SyncError> {
        let prepare = || {
            std::fs::create_dir_all(&self.dir)?;
            self.set.describe(&self.dir)?;
            let tag = self.dir.join("CACHEDIR.TAG");
            if !tag.exists() {
                std::fs::write(tag, "Signature: 8a477f597d28d172789f06886806bc55\n")?;
            }
            Ok(())
        };
        prepare().map_err(|reason| SyncError::Cache {
            path: self.dir.clone(),
            reason,
        })
    }
}
