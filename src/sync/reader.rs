//! How ingest reads what descriptors point to: through the connection of their source.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::host::{Address, Connection, File, Folder, HostError, Name, demo};
use crate::ingest::{Location, LocationType, Match, ReadError, Reader, SourceFile};

/// Reads over a connection; waits for it on whichever thread ingest asks from.
pub(super) struct HostReader<'a> {
    connection: &'a Connection,
    handle: Handle,
    cancel: &'a CancellationToken,
    local: Mutex<BTreeSet<PathBuf>>,
    passing: Mutex<Passing>,
}

/// What could not be read for now: nothing is known to be gone there.
#[derive(Debug, Default)]
pub(super) struct Passing {
    /// The hosts.
    pub(super) hosts: BTreeSet<String>,
    /// The first error of a host that the source itself stands on.
    pub(super) own: Option<HostError>,
}

impl<'a> HostReader<'a> {
    /// A reader over `connection`; remote reads run on the runtime behind `handle`.
    pub(super) fn new(
        connection: &'a Connection,
        handle: Handle,
        cancel: &'a CancellationToken,
    ) -> Self {
        Self {
            connection,
            handle,
            cancel,
            local: Mutex::default(),
            passing: Mutex::default(),
        }
    }

    /// The local files that were read, sorted, and what could not be read for now.
    pub(super) fn outcome(self) -> (BTreeSet<PathBuf>, Passing) {
        let local = self.local.into_inner();
        let passing = self.passing.into_inner();
        (
            local.unwrap_or_else(PoisonError::into_inner),
            passing.unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// The address of `folder`, as the file at `base` names it.
    pub(super) fn resolve(&self, base: &Address, folder: &str) -> Result<Address, ReadError> {
        let resolved = self.connection.resolve(base, folder);
        resolved.map_err(|error| read_error(error, folder))
    }

    /// Whether there is something at `target`, as the file at `base` names it; `None` where only a host can tell.
    pub(super) fn has(&self, base: &Location, target: &str) -> Option<bool> {
        match self.connection.resolve(&address(base), target).ok()? {
            Address::Path(path) => Some(path.exists()),
            at @ Address::Url(_) => {
                let path = demo::path(&at)?;
                Some(demo::FILES.get_entry(path.trim_end_matches('/')).is_some())
            }
        }
    }

    /// The folder at `at`, where that is one of this machine.
    pub(super) fn folder(&self, at: &Address) -> Option<Folder> {
        self.connection.folder(at)
    }

    /// Notes that the local file at `path` was read.
    pub(super) fn note_local(&self, path: &Path) {
        let mut local = self.local.lock().unwrap_or_else(PoisonError::into_inner);
        local.insert(path.to_owned());
    }

    /// The same place as `at`, which is on a Git host, at `revision`.
    pub(super) fn at_revision(&self, at: &Address, revision: &str) -> Result<Address, String> {
        let found = self.connection.at_revision(at, revision);
        found.map_err(|error| error.to_string())
    }

    /// The files of a repository below the folder at `at`, which the file at `base` names.
    pub(super) fn names(&self, base: &Address, at: &Address) -> Result<Vec<Name>, ReadError> {
        self.wait(&location(base), &at.name(), self.connection.names(at))
    }

    /// The contents of `files`, which stand in one repository and which the file at `base` leads to; `None` where there is
    /// no such file.
    pub(super) fn contents(
        &self,
        base: &Address,
        files: &[Address],
    ) -> Result<Vec<Option<Arc<[u8]>>>, ReadError> {
        let Some(first) = files.first() else {
            return Ok(Vec::new());
        };
        self.wait(
            &location(base),
            &first.name(),
            self.connection.contents(files),
        )
    }

    /// Waits for `work`, which reads `target` of the file at `base`.
    fn wait<T>(
        &self,
        base: &Location,
        target: &str,
        work: impl Future<Output = Result<T, HostError>>,
    ) -> Result<T, ReadError> {
        let result = self.handle.block_on(async {
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => Err(HostError::Cancelled),
                result = work => result,
            }
        });
        result.map_err(|error| {
            if error.is_passing() {
                self.note_passing(&address(base), target, &error);
            }
            read_error(error, target)
        })
    }

    fn note_passing(&self, base: &Address, target: &str, error: &HostError) {
        let Ok(at) = self.connection.resolve(base, target) else {
            return;
        };
        let Some(host) = at.host() else {
            return;
        };
        let mut passing = self.passing.lock().unwrap_or_else(PoisonError::into_inner);
        if base.host().as_ref() == Some(&host) {
            passing.own.get_or_insert_with(|| error.clone());
        }
        passing.hosts.insert(host);
    }

    fn note(&self, file: &File) {
        if let Address::Path(path) = &file.address {
            self.note_local(path);
        }
    }
}

impl Reader for HostReader<'_> {
    fn search(&self, base: &Location, target: &str) -> Result<Vec<Match>, ReadError> {
        let paths = self.connection.expand(&address(base), target);
        if let Some(paths) = paths.map_err(|error| read_error(error, target))? {
            return Ok(paths
                .into_iter()
                .map(|path| Match::There {
                    location: Location::file(path.to_string_lossy()),
                    name: path.display().to_string(),
                })
                .collect());
        }
        let files = self.wait(base, target, self.connection.search(&address(base), target))?;
        Ok(files
            .into_iter()
            .map(|file| {
                self.note(&file);
                Match::Read(source_file(file))
            })
            .collect())
    }

    fn read(&self, base: &Location, target: &str) -> Result<SourceFile, ReadError> {
        let file = self.wait(base, target, self.connection.read(&address(base), target))?;
        self.note(&file);
        Ok(source_file(file))
    }
}

/// A location of ingest as an address of a host.
pub(super) fn address(location: &Location) -> Address {
    match location.location_type {
        LocationType::File => Address::Path(PathBuf::from(&location.target)),
        LocationType::Url => Address::Url(location.target.clone()),
    }
}

/// An address of a host as a location of ingest.
pub(super) fn location(address: &Address) -> Location {
    match address {
        Address::Path(path) => Location::file(path.to_string_lossy()),
        Address::Url(url) => Location::url(url),
    }
}

/// A file of a host as a file of ingest.
pub(super) fn source_file(file: File) -> SourceFile {
    SourceFile {
        location: location(&file.address),
        name: file.address.name(),
        bytes: file.bytes,
        blob: file.blob,
        commit: file.commit,
    }
}

fn read_error(error: HostError, target: &str) -> ReadError {
    match error {
        HostError::NotFound { place } => ReadError::NotFound { target: place },
        HostError::Refused { place, root } => ReadError::Outside {
            target: place,
            root,
        },
        HostError::TooLarge { place, limit } => ReadError::TooLarge {
            target: place,
            limit,
        },
        other => ReadError::Failed {
            target: target.to_owned(),
            reason: other.to_string(),
        },
    }
}
