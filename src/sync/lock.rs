//! One refresh at a time for each set of sources, across processes.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use tokio_util::sync::CancellationToken;

use super::SyncError;

/// How long to wait for another process, and how often to look.
const PATIENCE: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(40);

/// The right to refresh a set; given back when dropped, and by the system when the process ends in any way.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the right to refresh the set in `dir`. The file names the process that has it.
    pub(super) async fn take(dir: &Path, cancel: &CancellationToken) -> Result<Self, SyncError> {
        let path = dir.join("sync.lock");
        let cache = |reason: std::io::Error| SyncError::Cache {
            path: path.clone(),
            reason,
        };
        let mut file = open(&path).map_err(cache)?;
        let mut waited = Duration::ZERO;
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(Errno::WOULDBLOCK) if waited < PATIENCE => {}
                Err(Errno::WOULDBLOCK) => {
                    let mut pid = String::new();
                    file.read_to_string(&mut pid).map_err(cache)?;
                    let pid = match pid.trim() {
                        "" => "unknown",
                        pid => pid,
                    };
                    return Err(SyncError::Busy {
                        pid: pid.to_owned(),
                    });
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
            write!(file, "{}", std::process::id())
        };
        write(&mut file).map_err(cache)?;
        Ok(Self { _file: file })
    }
}

fn open(path: &PathBuf) -> std::io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}
