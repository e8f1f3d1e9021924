//! How much is asked for at once: as much as the host was found to carry, which is remembered.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::host::HostError;
use crate::host::budget::backoff;
use crate::store::{Store, StoreError};

use super::{is_younger, now};

/// The least that is asked for at once.
const LEAST: usize = 5;
/// How often the least is asked for before it is given up.
const TRIES: u32 = 3;
/// How long it is believed that a host carries no more than it did.
const BELIEVED: Duration = Duration::from_hours(24);
/// An answer that takes longer than this was asked for too much.
const SLOW: Duration = Duration::from_secs(8);

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sync) enum Load {
    /// Repositories with the ids of their descriptors.
    Pages,
    /// Texts.
    Texts,
    /// People or teams.
    People,
    /// The entities of an instance.
    Entities,
    /// Their tags alone.
    Tags,
}

/// How much of something a host carries at once.
#[derive(Debug)]
pub(in crate::sync) struct Size {
    /// The note that remembers it.
    key: Option<String>,
    most: usize,
    now: usize,
    /// When it was found to carry no more, in milliseconds since 1970.
    since: Option<u64>,
    /// How long to wait after so many failures.
    backoff: fn(u32) -> Duration,
}

/// What is remembered.
#[derive(Serialize, Deserialize)]
struct Learned {
    size: usize,
    since: u64,
}

impl Size {
    /// As much as the host says it carries, for what need not be remembered.
    pub(in crate::sync) fn new(most: usize) -> Self {
        Self {
            key: None,
            most,
            now: most,
            since: None,
            backoff,
        }
    }

    /// As much as `host` was found to carry, at most `most`; twice that where it was found long ago.
    pub(in crate::sync) fn learned(
        store: &Store,
        host: &str,
        load: Load,
        most: usize,
    ) -> Result<Self, StoreError> {
        let key = format!("size:{host}:{load:?}");
        let note = store.note(&key)?;
        let learned: Option<Learned> = note.and_then(|note| serde_json::from_str(&note).ok());
        let mut size = Self {
            key: Some(key),
            ..Self::new(most)
        };
        if let Some(Learned { size: known, since }) = learned {
            let is_believed = is_younger(since, BELIEVED);
            size.now = if is_believed { known } else { known * 2 }.clamp(1, most);
            size.since = is_believed.then_some(since);
        }
        Ok(size)
    }

    /// How much is asked for next.
    pub(in crate::sync) fn now(&self) -> usize {
        self.now
    }

    /// Asks for as much as the host carries: half of it where it says that it is too much.
    pub(in crate::sync) async fn adapt<T>(
        &mut self,
        mut ask: impl AsyncFnMut(usize) -> Result<T, HostError>,
    ) -> Result<T, HostError> {
        let mut failures = 0;
        let before = (self.now, self.since);
        loop {
            let begun = std::time::Instant::now();
            match ask(self.now).await {
                Err(HostError::Overloaded { place, reason }) => {
                    let is_least = self.now <= LEAST.min(self.most);
                    if is_least && failures >= TRIES {
                        // Who carries not even that is down, and will carry as much as ever.
                        (self.now, self.since) = before;
                        return Err(HostError::Overloaded { place, reason });
                    }
                    tracing::info!(place, reason, size = self.now, "a host finds it too much");
                    // The first time it is enough to ask for less.
                    if failures > 0 {
                        tokio::time::sleep((self.backoff)(failures)).await;
                    }
                    failures = if is_least {
                        failures + 1
                    } else {
                        failures.max(1)
                    };
                    self.halve();
                }
                Ok(answer) => {
                    if begun.elapsed() > SLOW {
                        self.halve();
                    }
                    return Ok(answer);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn halve(&mut self) {
        let least = LEAST.min(self.most);
        self.now = (self.now / 2).max(least);
        self.since = Some(now());
    }

    /// Keeps what was found out.
    pub(in crate::sync) fn keep(&self, store: &Store) -> Result<(), StoreError> {
        let Some(key) = &self.key else {
            return Ok(());
        };
        let learned = Learned {
            size: self.now,
            since: self.since.unwrap_or_else(now),
        };
        let note = serde_json::to_string(&learned).unwrap_or_default();
        store.set_note(key, &note)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn at_once(_: u32) -> Duration {
        Duration::ZERO
    }

    fn too_much() -> HostError {
        HostError::Overloaded {
            place: "h".to_owned(),
            reason: "too much".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_size_halves_until_the_host_carries_it_and_is_remembered() {
        let store = Store::temporary().unwrap();
        let learned = |most| Size::learned(&store, "h.dev", Load::Pages, most).unwrap();
        let mut size = Size {
            backoff: at_once,
            ..learned(100)
        };
        let mut asked = Vec::new();
        let carries = async |size| {
            asked.push(size);
            if size > 25 { Err(too_much()) } else { Ok(size) }
        };
        assert_eq!(size.adapt(carries).await, Ok(25));
        assert_eq!(asked, [100, 50, 25]);
        size.keep(&store).unwrap();
        assert_eq!(learned(100).now(), 25);
        assert_eq!(learned(10).now(), 10);
        assert_eq!(
            Size::learned(&store, "h.dev", Load::Texts, 100)
                .unwrap()
                .now(),
            100
        );
    }

    #[tokio::test]
    async fn a_host_that_carries_nothing_is_given_up() {
        let mut size = Size {
            backoff: at_once,
            ..Size::new(100)
        };
        let mut asked = 0;
        let carries = async |_| -> Result<(), HostError> {
            asked += 1;
            Err(too_much())
        };
        assert_eq!(size.adapt(carries).await, Err(too_much()));
        assert!((6..=10).contains(&asked), "{asked}");
        assert_eq!(size.now(), 100, "it is down, and nothing was learned");
        let other = async |_| -> Result<(), HostError> { Err(HostError::Cancelled) };
        assert_eq!(size.adapt(other).await, Err(HostError::Cancelled));
    }
}
