//! What a sync holds of one source: its host, and the way to the rest of the web.

use std::sync::Arc;

use super::demo::Demo;
use super::{Address, File, Found, Host, HostError, LocalFiles, Wanted};
use crate::config::Source;

/// One opened source.
#[derive(Debug)]
pub struct Connection {
    host: AnyHost,
}

/// Every kind of host.
#[derive(Debug)]
enum AnyHost {
    Demo(Demo),
    Files(LocalFiles),
}

/// Calls the same method of whichever host it is.
macro_rules! each_host {
    ($self:expr, $host:ident => $call:expr) => {
        match &$self.host {
            AnyHost::Demo($host) => $call,
            AnyHost::Files($host) => $call,
        }
    };
}

impl Connection {
    /// Opens `source`; asks nothing yet.
    pub fn open(source: &Source) -> Result<Self, HostError> {
        let host = match source {
            Source::Demo => AnyHost::Demo(Demo),
            Source::Folder(path) => AnyHost::Files(LocalFiles::folder(path)),
            Source::File(path) => AnyHost::Files(LocalFiles::file(path)),
            Source::Glob(path) => AnyHost::Files(LocalFiles::glob(path)),
            Source::Url(_) | Source::Git(_) | Source::Github(_) => {
                return Err(HostError::Failed {
                    place: source.to_string(),
                    reason: "cannot be read yet".to_owned(),
                });
            }
            Source::Unsupported { text, reason } => {
                return Err(HostError::Failed {
                    place: text.clone(),
                    reason: reason.clone(),
                });
            }
        };
        Ok(Self { host })
    }

    /// How many requests were made so far.
    pub fn requests(&self) -> usize {
        0
    }

    /// The descriptors there are; see [`Host::discover`].
    pub async fn discover(&self) -> Result<Vec<Found>, HostError> {
        each_host!(self, host => host.discover().await)
    }

    /// The texts of `wanted`; see [`Host::fetch`].
    pub async fn fetch(
        &self,
        wanted: &[&Wanted],
    ) -> Result<Vec<Result<Arc<[u8]>, HostError>>, HostError> {
        each_host!(self, host => host.fetch(wanted).await)
    }

    /// What `target`, written in the file at `base`, points to.
    pub fn resolve(&self, base: &Address, target: &str) -> Result<Address, HostError> {
        each_host!(self, host => host.resolve(base, target))
    }

    /// The files that `target`, written in the file at `base`, matches, sorted by name.
    pub async fn search(&self, base: &Address, target: &str) -> Result<Vec<File>, HostError> {
        self.look(base, target, true).await
    }

    /// The one file that `target`, written in the file at `base`, names.
    pub async fn read(&self, base: &Address, target: &str) -> Result<File, HostError> {
        let files = self.look(base, target, false).await?;
        files.into_iter().next().ok_or_else(|| HostError::NotFound {
            place: target.to_owned(),
        })
    }

    async fn look(
        &self,
        base: &Address,
        target: &str,
        globs: bool,
    ) -> Result<Vec<File>, HostError> {
        let at = self.resolve(base, target)?;
        let found = each_host!(self, host => host.search(base, &at, globs).await);
        found.unwrap_or_else(|| Err(HostError::NotFound { place: at.name() }))
    }
}
