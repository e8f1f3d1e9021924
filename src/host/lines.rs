//! What all sources of a session share of the way to their hosts: one web client, whose connections stay open, and one
//! more for each file of authorities; for plain Git one line a host.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use reqwest::Client;

use super::git::{Lane, SshLines};
use super::http::Bundled;

/// The lines of one session.
#[derive(Debug, Default)]
pub struct Lines {
    client: Arc<OnceLock<Client>>,
    bundled: Arc<Bundled>,
    lanes: Mutex<HashMap<String, Arc<Lane>>>,
    ssh: SshLines,
    mirrors: Mutex<HashMap<PathBuf, Turn>>,
}

/// The right to change one mirror of a repository; who waits for it finds what the one before has fetched.
pub(super) type Turn = Arc<tokio::sync::Mutex<()>>;

impl Lines {
    /// The one web client, made when it is first needed.
    pub(super) fn client(&self) -> Arc<OnceLock<Client>> {
        Arc::clone(&self.client)
    }

    /// The clients of hosts that bring authorities of their own.
    pub(super) fn bundled(&self) -> Arc<Bundled> {
        Arc::clone(&self.bundled)
    }

    /// The line of plain Git to the web server `host`.
    pub(super) fn lane(&self, host: &str) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lanes.entry(host.to_owned()).or_default())
    }

    /// The right to change the mirror in the folder `mirror`.
    pub(super) fn turn(&self, mirror: &Path) -> Turn {
        let mut mirrors = self.mirrors.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(mirrors.entry(mirror.to_owned()).or_default())
    }

    /// The lines over SSH.
    pub(super) fn ssh(&self) -> &SshLines {
        &self.ssh
    }
}
