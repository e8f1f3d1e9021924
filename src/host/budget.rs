//! How much hosts may be asked: one budget a host, shared by all sources of a session, which is one account each.
//!
//! A budget bounds how many requests are on their way, and knows until when a host wants to be left alone and why. Its
//! state is plain data, for screens and for the next process. A host that lets through so many requests a second is asked
//! no faster, once it has said that it was too much.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::error::span;

/// How many requests to one host are on their way at once.
const AT_ONCE: usize = 8;
/// The most that is added to a wait, so that not everybody comes back in the same moment.
const JITTER: Duration = Duration::from_secs(2);

/// A host that wants to be left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The host.
    pub host: String,
    /// Until when.
    pub until: SystemTime,
    /// Why, in a few words.
    pub reason: String,
}

/// `github.com: waiting 25 min (its rate limit is reached)`.
impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self
            .until
            .duration_since(SystemTime::now())
            .unwrap_or_default();
        let Self { host, reason, .. } = self;
        write!(f, "{host}: waiting {} ({reason})", span(time))
    }
}

/// How some hosts count: each request takes one from a bucket, which is filled at a steady rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bucket {
    /// How many it holds.
    pub(super) size: u32,
    /// How many are added in a second.
    pub(super) a_second: u32,
}

/// The budgets of all hosts of a session.
#[derive(Debug, Default)]
pub struct Budgets {
    hosts: Mutex<BTreeMap<String, Arc<Budget>>>,
}

/// The budget of one host.
#[derive(Debug)]
pub(super) struct Budget {
    host: String,
    permits: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    waiting: Option<Waiting>,
    /// How often in a row it said "later" without saying when.
    refusals: u32,
    /// How it counts, where it is of a kind that has a bucket.
    bucket: Option<Bucket>,
    /// When the next request may go; set once the bucket was found empty.
    next: Option<Instant>,
}

impl Budgets {
    /// The budget of `host`.
    pub(super) fn of(&self, host: &str) -> Arc<Budget> {
        // An API at a host of its own is the same service to people.
        let host = host.strip_prefix("api.").unwrap_or(host);
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = hosts.entry(host.to_owned()).or_insert_with(|| {
            Arc::new(Budget {
                host: host.to_owned(),
                permits: Semaphore::new(AT_ONCE),
                state: Mutex::default(),
            })
        });
        Arc::clone(budget)
    }

    /// Every host that was asked, and the wait it wants, where it wants one.
    pub fn states(&self) -> Vec<(String, Option<Waiting>)> {
        let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts
            .iter()
            .map(|(host, budget)| (host.clone(), budget.waiting()))
            .collect()
    }
}

impl Budget {
    /// The right to have one request on its way, when its turn has come.
    pub(super) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        let permit = self.permits.acquire().await.ok();
        let turn = self.turn(Instant::now());
        if !turn.is_zero() {
            tokio::time::sleep(turn).await;
        }
        permit
    }

    /// Lets the host count by `bucket`.
    pub(super) fn count_by(&self, bucket: Bucket) {
        self.state().bucket = Some(bucket);
    }

    /// How long it is until the turn of a request that wants to go `now`.
    fn turn(&self, now: Instant) -> Duration {
        let mut state = self.state();
        let (Some(bucket), Some(next)) = (state.bucket, state.next) else {
            return Duration::ZERO;
        };
        let turn = next.max(now);
        state.next = Some(turn + Duration::from_secs(1) / bucket.a_second.max(1));
        turn - now
    }

    /// The wait that the host wants, where it is not over.
    pub(super) fn waiting(&self) -> Option<Waiting> {
        let waiting = self.state().waiting.clone()?;
        (waiting.until > SystemTime::now()).then_some(waiting)
    }

    /// Takes into account that the host wants to be left alone for `time`; `told` where it said for how long itself.
    pub(super) fn refuse(&self, time: Duration, told: bool, reason: &str) {
        let mut state = self.state();
        if state.bucket.is_some() {
            state.next = state.next.or_else(|| Some(Instant::now()));
        }
        let time = if told {
            time
        } else if let Some(Bucket { size, a_second }) = state.bucket {
            // Until a part of it is filled, from which others may have taken by then.
            Duration::from_secs((size / a_second.max(1) / 4).into())
        } else {
            state.refusals = state.refusals.saturating_add(1);
            time.saturating_mul(1 << (state.refusals - 1).min(5))
        };
        state.waiting = Some(Waiting {
            host: self.host.clone(),
            until: SystemTime::now() + time + jitter((time / 10).min(JITTER)),
            reason: reason.to_owned(),
        });
    }

    /// Takes into account that the host answered. What it wanted before for a time that is not over still holds: the
    /// answer may belong to a request that was on its way by then.
    pub(super) fn answered(&self) {
        if self.waiting().is_none() {
            let mut state = self.state();
            (state.waiting, state.refusals) = (None, 0);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to wait before the try after `failures` of them: longer each time, and never the same for two.
pub fn backoff(failures: u32) -> Duration {
    let most = Duration::from_millis(250).saturating_mul(1 << failures.min(6));
    most / 2 + jitter(most / 2)
}

/// Some time between none and `most`.
fn jitter(most: Duration) -> Duration {
    let chance = RandomState::new().hash_one(0_u8);
    let span = u64::try_from(most.as_millis())
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    Duration::from_millis(chance % span)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn waits_are_as_told_or_longer_each_time() {
        let budgets = Budgets::default();
        let budget = budgets.of("api.github.com");
        let left = || {
            let until = budget.waiting().unwrap().until;
            until.duration_since(SystemTime::now()).unwrap().as_secs()
        };
        budget.refuse(Duration::from_mins(5), true, "its rate limit is reached");
        assert!((298..=302).contains(&left()));
        let minute = Duration::from_mins(1);
        for expected in [60, 120, 240] {
            budget.refuse(minute, false, "too many requests");
            assert!(
                (expected - 2..=expected + 2).contains(&left()),
                "{}",
                left()
            );
        }
        let states = budgets.states();
        assert_eq!(states[0].0, "github.com");
        assert_eq!(states[0].1.as_ref().unwrap().reason, "too many requests");
        budget.answered();
        assert!(budget.waiting().is_some(), "the time is not over");
        budget.refuse(Duration::ZERO, true, "over at once");
        budget.answered();
        assert_eq!(budgets.states(), [("github.com".to_owned(), None)]);
    }

    #[test]
    fn a_bucket_that_was_empty_once_is_drawn_from_as_it_fills() {
        let budgets = Budgets::default();
        let budget = budgets.of("bb.dev");
        budget.count_by(Bucket {
            size: 60,
            a_second: 5,
        });
        let now = Instant::now();
        assert_eq!(budget.turn(now), Duration::ZERO);
        budget.refuse(Duration::from_mins(1), false, "too many requests");
        let wait = budget.waiting().unwrap().until;
        let wait = wait.duration_since(SystemTime::now()).unwrap();
        assert!(wait <= Duration::from_secs(4), "{wait:?}");
        let later = now + Duration::from_secs(10);
        let turns = [(); 3].map(|()| budget.turn(later).as_millis());
        assert_eq!(turns, [0, 200, 400]);
        budget.answered();
        assert_eq!(budget.turn(later).as_millis(), 600);
    }

    #[test]
    fn backoff_grows() {
        for failures in 0..10 {
            let most = Duration::from_millis(250 << failures.min(6));
            let wait = backoff(failures);
            assert!(wait >= most / 2 && wait <= most, "{failures}: {wait:?}");
        }
    }
}
