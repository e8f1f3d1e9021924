//! Keeping the people and teams of organisations fresh, and making users and groups of them: one way for all kinds of
//! host.
//!
//! What was seen is kept page by page, so that a sync that was killed goes on where it was. Somebody leaves only after a
//! whole sweep did not meet them and the host, asked for them by their id, says that they are gone; a refusal, a cut
//! answer or single sign-on takes nobody away. Between sweeps a host is asked for its pulse, and only where that changed
//! for everything.

mod entity;
mod kept;

use std::time::Duration;

use crate::config::People;
use crate::host::HostError;
use crate::host::people::{At, PeopleHost};
use crate::ingest::Root;
use crate::store::Store;

use super::SyncError;
use super::refresh::{Load, SWEEP_EVERY, Size, is_younger};
pub(super) use entity::{pages, without_lines};
pub(super) use kept::keys;
use kept::{Kept, owners, row_id};

/// How old an interrupted sweep may be to go on.
const RESUMED: Duration = Duration::from_hours(6);
/// The most pages of one sweep.
const MAX_PAGES: usize = 100_000;

/// One refresh of the people of some organisations.
pub(super) struct Refresh<'a> {
    /// The host.
    pub(super) host: &'a PeopleHost,
    /// What is asked of it.
    pub(super) people: &'a People,
    /// Where it is kept what was seen.
    pub(super) store: &'a Store,
    /// The name of the source.
    pub(super) source: &'a str,
    /// Whether everything is asked for, whatever is known.
    pub(super) full: bool,
    /// Is told how many people and teams were seen, of how many.
    pub(super) tell: &'a (dyn Fn(usize, usize) + Send + Sync),
}

impl Refresh<'_> {
    /// Brings what is kept up to date, and gives each user and group in it as a file of its own. What the host does not
    /// answer is a failure beside them, an error only where nothing at all is kept.
    pub(super) async fn run(&self) -> Result<(Vec<Root>, Option<HostError>), SyncError> {
        let most = self.host.most();
        let mut size = Size::learned(self.store, &self.people.host, Load::People, most)?;
        let mut all = Vec::new();
        let mut failure = None;
        for owner in owners(self.people) {
            let mut kept = Kept::open(self.store, self.people, owner)?;
            let asked = match failure {
                // Where the host has just refused, it is not asked for the others.
                Some(HostError::Busy { .. } | HostError::Unreachable { .. }) => Ok(()),
                _ => self.ask(owner, &mut kept, &mut size).await,
            };
            match asked {
                Ok(()) => failure = failure.or(kept.withheld.take()),
                Err(SyncError::Host(error)) => failure = failure.or(Some(error)),
                Err(error) => return Err(error),
            }
            all.push((owner, kept));
        }
        size.keep(self.store)?;
        if let Some(error) = failure.take_if(|_| all.iter().all(|(_, kept)| kept.is_empty())) {
            return Err(error.into());
        }
        Ok((entity::roots(self.people, self.source, &all)?, failure))
    }

    async fn ask(
        &self,
        owner: &str,
        kept: &mut Kept<'_>,
        size: &mut Size,
    ) -> Result<(), SyncError> {
        let every = self.people.frequency.unwrap_or(SWEEP_EVERY);
        let is_under_way = kept.state.at.is_some()
            && !self.full
            && kept
                .state
                .began
                .is_some_and(|began| is_younger(began, RESUMED));
        if !is_under_way {
            let pulse = size.adapt(async |size| self.host.pulse(owner, size).await);
            let pulse = pulse.await?;
            let is_fresh = kept
                .state
                .ended
                .is_some_and(|ended| is_younger(ended, every));
            if pulse.is_some() && pulse == kept.state.pulse && is_fresh && !self.full {
                (self.tell)(kept.len(), kept.len());
                return Ok(());
            }
            kept.begin(pulse)?;
        }
        self.sweep(owner, kept, size, is_under_way).await
    }

    /// Looks at everything, from where an interrupted sweep was.
    async fn sweep(
        &self,
        owner: &str,
        kept: &mut Kept<'_>,
        size: &mut Size,
        mut resumes: bool,
    ) -> Result<(), SyncError> {
        let mut total = 0;
        for _ in 0..MAX_PAGES {
            let at = kept.state.at.clone().unwrap_or_default();
            if at == At::end() {
                self.confirm(owner, kept).await?;
                return Ok(kept.end()?);
            }
            let teams = kept.teams();
            let ask = async |size| self.host.page(owner, &at, size, &teams).await;
            let page = match size.adapt(ask).await {
                Ok(page) => page,
                // A host that does not know the cursor any more: from the beginning, once.
                Err(error) if resumes && !error.is_passing() => {
                    resumes = false;
                    kept.begin(None)?;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            resumes = false;
            // A host that gives the same place again would be asked for ever.
            if page.next.as_ref() == Some(&at) {
                return Err(self.failed(owner, "gives the same page again").into());
            }
            total = total.max(page.total);
            kept.take(page)?;
            (self.tell)(kept.seen(), total.max(kept.len()));
        }
        Err(self.failed(owner, "has too many pages of people").into())
    }

    /// Asks of each that a whole sweep did not meet whether it is gone. One that is leaves.
    async fn confirm(&self, owner: &str, kept: &mut Kept<'_>) -> Result<(), SyncError> {
        if kept.state.partial {
            return Ok(());
        }
        let mut size = Size::new(self.host.most());
        let mut gone = Vec::new();
        {
            let missing = kept.missing();
            let mut rest = missing.as_slice();
            while !rest.is_empty() {
                let mut asked = 0;
                let ask = async |size: usize| {
                    let (now, _) = rest.split_at(size.min(rest.len()));
                    asked = now.len();
                    self.host.are_gone(owner, now).await
                };
                let answers = size.adapt(ask).await?;
                let (now, later) = rest.split_at(asked);
                rest = later;
                let now = now.iter().zip(answers);
                gone.extend(
                    now.filter(|(_, is_gone)| *is_gone)
                        .map(|(it, _)| row_id(it)),
                );
            }
        }
        Ok(kept.remove(gone)?)
    }

    fn failed(&self, owner: &str, reason: &str) -> HostError {
        HostError::Failed {
            place: format!("{}/{owner}", self.people.host),
            reason: reason.to_owned(),
        }
    }
}
