//! Noticing at once that local files changed: the folders of local sources, and of the files that those lead to, are
//! watched by the system.
//!
//! Folders are watched one by one, the same that are read: what Git keeps and what was installed would be most of a large
//! tree. Where the system does not watch them all, whoever asks has to look for changes by a clock.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::Session;
use super::fresh::Fingerprint;
use crate::config::Source;
use crate::config::source::glob_root;
use crate::host::local_folders;

/// How long files have to be left alone before they are read: editors and checkouts write several.
const QUIET: Duration = Duration::from_millis(300);
/// The longest that is waited for that.
const MOST: Duration = Duration::from_secs(2);
/// The most folders that are watched.
const FOLDERS: usize = 20_000;

/// The watched files of a session.
#[derive(Debug)]
pub struct FileWatch {
    watcher: RecommendedWatcher,
    changes: mpsc::Receiver<()>,
    folders: BTreeSet<PathBuf>,
    /// Whether a change was heard that nobody has been told of.
    is_changing: bool,
    remark: Option<String>,
}

impl FileWatch {
    /// Watches the local files of `session`; `None` where it has none. The error is a sentence for people.
    pub fn start(session: &Session) -> Result<Option<Self>, String> {
        let folders = folders(session);
        if folders.is_empty() {
            return Ok(None);
        }
        let (sender, changes) = mpsc::channel(1);
        let own = session.dir.clone();
        let note = move |event: notify::Result<Event>| {
            if event.map_or(true, |event| matters(&event, &own)) {
                // One that waits to be heard speaks for all.
                let _ = sender.try_send(());
            }
        };
        let watcher = notify::recommended_watcher(note).map_err(|error| refusal(&error))?;
        let mut watch = Self {
            watcher,
            changes,
            folders: BTreeSet::new(),
            is_changing: false,
            remark: None,
        };
        watch.add(folders);
        Ok(Some(watch))
    }

    /// Why not all files are watched, where that is so; told once.
    pub fn take_remark(&mut self) -> Option<String> {
        self.remark.take()
    }

    /// Waits until files changed, and then until they are left alone for a moment. Who stops waiting misses nothing.
    pub async fn changed(&mut self) {
        if !self.is_changing {
            if self.changes.recv().await.is_none() {
                // Nobody watches any more, so nothing is ever noticed.
                std::future::pending::<()>().await;
            }
            self.is_changing = true;
        }
        let latest = Instant::now() + MOST;
        while Instant::now() < latest {
            let until = latest.min(Instant::now() + QUIET);
            if timeout_at(until, self.changes.recv()).await.is_err() {
                break;
            }
        }
        self.is_changing = false;
    }

    /// Watches what `session` reads now besides: a new folder, the target of a new Location.
    pub fn follow(&mut self, session: &Session) {
        let folders = folders(session);
        self.folders.retain(|folder| folders.contains(folder));
        let before = self.folders.len();
        self.add(folders);
        // What was saved there between the reading and the watching was noticed by nobody.
        self.is_changing |= self.folders.len() > before;
    }

    fn add(&mut self, folders: BTreeSet<PathBuf>) {
        for folder in folders {
            if self.folders.contains(&folder) {
                continue;
            }
            if self.folders.len() == FOLDERS {
                self.remark = Some(format!(
                    "more than {FOLDERS} folders hold files of the catalog; changes in the others show later"
                ));
                return;
            }
            match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.folders.insert(folder);
                }
                // It went, or may not be read: then nothing is read there either.
                Err(error) if !is_limit(&error) => {
                    tracing::debug!(folder = %folder.display(), %error, "a folder is not watched");
                }
                Err(error) => {
                    self.remark = Some(refusal(&error));
                    return;
                }
            }
        }
    }
}

/// The folders that hold what local sources read.
fn folders(session: &Session) -> BTreeSet<PathBuf> {
    let mut all: BTreeSet<PathBuf> = BTreeSet::new();
    if let Some(folder) = &session.watched {
        all.extend(local_folders(folder, FOLDERS));
    }
    for source in &session.set.sources {
        match source {
            Source::Folder(folder) => all.extend(local_folders(folder, FOLDERS)),
            Source::Glob(glob) => all.extend(local_folders(&glob_root(glob), FOLDERS)),
            Source::File(file) => all.extend(file.parent().map(Path::to_owned)),
            _ => continue,
        }
        let led_to = Fingerprint::kept(&session.store, source);
        let led_to = led_to.map(Fingerprint::into_linked).unwrap_or_default();
        all.extend(
            led_to
                .iter()
                .filter_map(|file| file.parent())
                .map(Path::to_owned),
        );
    }
    all
}

/// Whether `event` may change what is read; what we write into `own` ourselves does not.
fn matters(event: &Event, own: &Path) -> bool {
    !event.kind.is_access()
        && (event.need_rescan() || event.paths.iter().any(|path| !path.starts_with(own)))
}

fn is_limit(error: &notify::Error) -> bool {
    let too_many = |error: &std::io::Error| {
        use rustix::io::Errno;
        let code = error.raw_os_error().map(Errno::from_raw_os_error);
        matches!(code, Some(Errno::MFILE | Errno::NFILE | Errno::NOSPC))
    };
    match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        ErrorKind::Io(error) => too_many(error),
        _ => false,
    }
}

/// What a user is told where the system does not watch.
fn refusal(error: &notify::Error) -> String {
    if is_limit(error) {
        "the system watches no more folders (fs.inotify.max_user_watches); changes of files show later"
            .to_owned()
    } else {
        format!("files are not watched ({error}); changes of files show later")
    }
}

#[cfg(test)]
mod tests {
    use notify::EventKind;
    use notify::event::{AccessKind, ModifyKind};

    use super::*;

    #[test]
    fn reading_and_our_own_writing_are_no_changes() {
        let event = |kind, path: &str| Event::new(kind).add_path(PathBuf::from(path));
        let modified = EventKind::Modify(ModifyKind::Any);
        let own = Path::new("/c/own");
        assert!(matters(&event(modified, "/c/x.yaml"), own));
        assert!(!matters(&event(modified, "/c/own/record.sqlite"), own));
        assert!(!matters(
            &event(EventKind::Access(AccessKind::Any), "/c/x.yaml"),
            own
        ));
    }

    #[test]
    fn a_system_that_watches_no_more_is_told_calmly() {
        let full = notify::Error::io(std::io::Error::from_raw_os_error(28));
        assert!(refusal(&full).contains("max_user_watches"));
        let other = notify::Error::path_not_found();
        assert!(!is_limit(&other) && refusal(&other).contains("show later"));
    }
}
