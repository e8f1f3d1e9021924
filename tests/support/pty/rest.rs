//! Whether the portal is at rest, by its own account: its log says so each time, with how many events it had heard by then.
//! A test that waits for that waits neither too short nor for a time.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The level from which on the log says it.
pub(super) const LEVEL: (&str, &str) = ("STAGEDOOR_LOG", "trace");

/// The log of a portal.
pub(super) struct Account {
    path: PathBuf,
    /// How long it was before this portal.
    before: usize,
}

impl Account {
    /// That of a portal with these arguments, in this home.
    pub(super) fn of(arguments: &[std::ffi::OsString], folder: &Path, home: &Path) -> Self {
        let named = arguments.iter().position(|it| it == "--cache-dir");
        let cache = named.and_then(|at| arguments.get(at + 1));
        let state = || home.join(".local/state/stagedoor");
        let kept = cache.map_or_else(state, |cache| folder.join(cache));
        let path = kept.join("stagedoor.log");
        let before = std::fs::metadata(&path).map_or(0, |it| it.len());
        Self {
            path,
            before: usize::try_from(before).unwrap(),
        }
    }

    /// Waits until the portal has heard `events` and done what they asked for.
    pub(super) fn wait(&self, events: usize, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        while self.rested().is_none_or(|heard| heard < events) {
            if Instant::now() > until {
                return false;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        true
    }

    /// How many events the portal had heard when it last was at rest.
    fn rested(&self) -> Option<usize> {
        let log = std::fs::read_to_string(&self.path).ok()?;
        let (_, heard) = log.get(self.before..)?.rsplit_once("at rest heard=")?;
        heard.lines().next()?.trim().parse().ok()
    }
}
