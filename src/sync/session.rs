//! One opened set of sources: configuration, environment, folder and store.

use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::EntityRef;
use crate::catalog::entity_ref::{DEFAULT_NAMESPACE, RefContext};
use crate::config::{Config, Env, Source, SourceSet};
use crate::host::budget::Budgets;
use crate::host::http::{Cached, HttpCache};
use crate::host::{Connection, Context, Lines};
use crate::store::{CachedResponse, Store};

use super::runs::kept;
use super::{Manner, SyncError, signin};

/// Whose desk the demo shows.
const DEMO_USER: &str = "user:default/jane";

/// The name of the Location from which all of the demo comes.
const DEMO_LOCATION: &str = "pelican-post";

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
    pub config: Arc<Config>,
    /// The environment it was opened in.
    pub env: Arc<Env>,
    /// The sources.
    pub set: SourceSet,
    /// The folder in which this set is kept.
    pub dir: PathBuf,
    /// What is kept.
    pub store: Arc<Store>,
    /// Whether no host may be asked.
    pub offline: bool,
    /// How much hosts may be asked.
    pub budgets: Arc<Budgets>,
    /// The connections that all sources share.
    pub lines: Arc<Lines>,
    /// Where runs of templates are written down.
    pub runs: PathBuf,
    /// What was wrong with the cache and has been put right, for the user to know.
    pub healed: Option<String>,
    /// A folder that is watched whole beside the sources: that of a template whose author looks at it.
    pub watched: Option<PathBuf>,
}

impl Session {
    /// Opens the set of sources that `options` and the configuration name. Reads no source yet.
    pub fn open(options: &Options, env: Env) -> Result<Self, SyncError> {
        let config = Config::load(&options.config, &env)?;
        let named_cache = options.cache_dir.as_ref().map(|dir| env.cwd().join(dir));
        let set = SourceSet::resolve(&options.sources, &config, &env, named_cache.as_deref())?;
        let runs = kept::folder(named_cache.as_deref(), &env);
        let cache = named_cache.unwrap_or_else(|| env.cache_dir().to_owned());
        let dir = set.dir(&cache);
        let (store, wrong) = if options.heal {
            Store::open_or_reset(&dir)?
        } else {
            (Store::open(&dir)?, None)
        };
        Ok(Self {
            config: Arc::new(config),
            env: Arc::new(env),
            set,
            dir,
            runs,
            store: Arc::new(store),
            offline: options.offline,
            budgets: Arc::default(),
            lines: Arc::default(),
            healed: wrong.map(|wrong| wrong.to_string()),
            watched: None,
        })
    }

    /// Who sits here: as `stagedoor.me` says; where the demo is shown, one of its people; else the person of the catalog
    /// whose account signed in at a host ([`signin::learn`]). A text that is no reference is nobody.
    ///
    /// Our own repository describes itself and leads to the demo, so that whoever builds Stagedoor sees both.
    pub fn me(&self) -> Option<EntityRef> {
        let demo = || {
            let location = EntityRef::new("location", DEFAULT_NAMESPACE, DEMO_LOCATION);
            self.set.sources == [Source::Demo]
                || matches!(self.store.entity(&location), Ok(Some(_)))
        };
        let configured = self.config.me.as_deref();
        let me = configured.or_else(|| demo().then_some(DEMO_USER));
        let me = me.map(str::to_owned).or_else(|| signin::learned(self))?;
        let context = RefContext {
            kind: Some("user"),
            namespace: DEFAULT_NAMESPACE,
        };
        EntityRef::parse(&me, context).ok()
    }

    /// The way to `source`.
    pub(super) async fn connect(
        &self,
        source: &Source,
        manner: Manner,
    ) -> Result<Connection, SyncError> {
        let context = self.context(manner);
        Ok(Connection::open(source, context).await?)
    }

    /// What hosts need to know.
    pub(super) fn context(&self, manner: Manner) -> Context {
        Context {
            config: Arc::clone(&self.config),
            env: Arc::clone(&self.env),
            dir: self.dir.clone(),
            cache: Some(Arc::new(KeptAnswers(Arc::clone(&self.store)))),
            budgets: Arc::clone(&self.budgets),
            lines: Arc::clone(&self.lines),
            patience: manner.patience(),
            offline: self.offline || manner == Manner::Offline,
            sources: self.set.sources.clone(),
        }
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

/// Answers of hosts, kept in the store. What cannot be kept is asked for again.
#[derive(Debug)]
struct KeptAnswers(Arc<Store>);

impl HttpCache for KeptAnswers {
    fn get(&self, account: &str, url: &str) -> Option<Cached> {
        let kept = self.0.cached_response(account, url).ok()??;
        Some(Cached {
            etag: kept.etag,
            last_modified: kept.last_modified,
            body: kept.body,
        })
    }

    fn put(&self, account: &str, url: &str, cached: &Cached) {
        let response = CachedResponse {
            etag: cached.etag.clone(),
            last_modified: cached.last_modified.clone(),
            body: cached.body.clone(),
        };
        if let Err(error) = self.0.keep_response(account, url, &response) {
            tracing::warn!(%error, url, "an answer could not be kept");
        }
    }
}
