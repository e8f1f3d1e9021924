//! One refresh at a time for each set of sources, across processes.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use tokio_util::sync::CancellationToken;

use super::SyncError;
use crate::host::span;

/// How long to wait for another process, and how often to look.
const PATIENCE: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(40);
/// After how long a wait is told, and how often then.
const GRACE: Duration = Duration::from_millis(400);
const TOLD: Duration = Duration::from_secs(1);

/// The right to refresh a set; given back when dropped, and by the system when the process ends in any way.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the right to refresh the set in `dir`. The file names the process that has it, which is told now and then
    /// with its age.
    pub(super) async fn take(
        dir: &Path,
        cancel: &CancellationToken,
        tell: &(dyn Fn(String) + Send + Sync),
    ) -> Result<Self, SyncError> {
        let path = dir.join("sync.lock");
        let cache = |reason: std::io::Error| SyncError::Cache {
            path: path.clone(),
            reason,
        };
        let mut file = open(&path).map_err(cache)?;
        let (mut waited, mut told) = (Duration::ZERO, GRACE);
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(Errno::WOULDBLOCK) => {
                    let is_over = waited >= PATIENCE;
                    if is_over || waited >= told {
                        let mut owner = String::new();
                        file.rewind().map_err(cache)?;
                        file.read_to_string(&mut owner).map_err(cache)?;
                        let owner = describe(&owner);
                        if is_over {
                            return Err(SyncError::Busy { owner });
                        }
                        tell(owner);
                        told += TOLD;
                    }
                }
                Err(error) => return Err(cache(error.into())),
            }
            tokio::select! {
                () = cancel.cancelled() => return Err(SyncError::Cancelled),
                () = tokio::time::sleep(PAUSE) => waited += PAUSE,
            }
        }
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            write!(file, "{} {}", std::process::id(), now().as_secs())
        };
        write(&mut file).map_err(cache)?;
        Ok(Self { _file: file })
    }
}

/// The owner that a lock's file names, `process 4711, for 3 min`.
fn describe(owner: &str) -> String {
    let mut words = owner.split_whitespace();
    let pid = words.next().unwrap_or("unknown");
    let since = words.next().and_then(|seconds| seconds.parse().ok());
    match since.map(|since| now().saturating_sub(Duration::from_secs(since))) {
        Some(age) => format!("process {pid}, for {}", span(age)),
        None => format!("process {pid}"),
    }
}

/// The time since 1970.
fn now() -> Duration {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}

fn open(path: &PathBuf) -> std::io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_of_a_lock_is_told_with_its_age() {
        let since = now().as_secs() - 200;
        assert_eq!(
            describe(&format!("4711 {since}")),
            "process 4711, for 4 min"
        );
        assert_eq!(describe("4711"), "process 4711");
        assert_eq!(describe(""), "process unknown");
    }
}
