//! Keeping the repositories of a host fresh: one engine for all kinds of host.
//!
//! What a host was seen to hold is the inventory. A sync asks what changed since the last one, sweeps everything when
//! that is due or cannot be told, and makes the descriptors out of the inventory, so that what was not heard of stays.
//! A repository leaves the inventory only after a sweep that came to its end did not meet it, and a direct look-up said
//! that it is gone.
//!
//! Each page is kept as it comes, with the cursor of the next: a sync that was killed goes on where it was.

mod filter;
mod inventory;
mod size;
mod texts;

use std::time::{Duration, SystemTime};

use futures_util::StreamExt;
use futures_util::stream;

use crate::catalog::codeowners::PATHS;
use crate::config::Provider;
use crate::host::repositories::{Look, Page, Repository, RepositoryHost, Standing};
use crate::host::scm::ScmUrl;
use crate::host::{Address, Found, HostError, Tip, Wanted};
use crate::store::Store;

use super::SyncError;
use filter::Filter;
pub(super) use inventory::key;
use inventory::{Inventory, Kept};
pub(super) use size::{Load, Size};
pub(super) use texts::{Brought, bring};

/// How often everything is looked at, unless the configuration says otherwise.
pub(super) const SWEEP_EVERY: Duration = Duration::from_hours(12);
/// How old an interrupted sweep may be to go on.
pub(super) const RESUMED: Duration = Duration::from_hours(6);
/// The most pages of one sweep, and of one list of changes: more of these than a sweep would take.
const MAX_PAGES: usize = 100_000;
const MAX_RECENT: usize = 20;
/// How many repositories are asked for their files before that is kept.
const FILES_KEPT: usize = 50;

/// One refresh of one owner's repositories.
pub(super) struct Refresh<'a, H> {
    /// The host.
    pub(super) host: &'a H,
    /// What is asked of it.
    pub(super) provider: &'a Provider,
    /// Where the inventory and the texts are kept.
    pub(super) store: &'a Store,
    /// Whether everything is asked for, whatever is known.
    pub(super) full: bool,
    /// Is told how many repositories were seen, of how many.
    pub(super) tell: &'a (dyn Fn(usize, usize) + Send + Sync),
}

/// What a refresh came to.
#[derive(Debug, Default)]
pub(super) struct Refreshed {
    /// Every descriptor that is known.
    pub(super) found: Vec<Found>,
    /// The `CODEOWNERS` of their repositories.
    pub(super) code_owners: Vec<Found>,
    /// The tips of the branches that are read.
    pub(super) tips: Vec<Tip>,
    /// Why not all could be asked: what is found may be old, and what is missing may be there.
    pub(super) failure: Option<HostError>,
}

impl<H: RepositoryHost> Refresh<'_, H> {
    /// Brings the inventory up to date and gives the descriptors in it. What the host does not answer is a failure
    /// beside them, an error only where it holds nothing at all.
    pub(super) async fn run(&self) -> Result<Refreshed, SyncError> {
        let filter = Filter::new(&self.provider.filters)?;
        let mut inventory = Inventory::open(self.store, self.provider)?;
        let failure = match self.ask(&mut inventory, &filter).await {
            Ok(()) => None,
            Err(SyncError::Host(error)) if error.is_passing() && !inventory.is_empty() => {
                Some(error)
            }
            Err(error) => return Err(error),
        };
        let is_owners = |found: &Found| {
            let wanted = found.wanted.as_ref();
            wanted.is_some_and(|wanted| PATHS.contains(&wanted.path.as_str()))
        };
        let (code_owners, found) = self
            .found(&inventory, &filter)
            .into_iter()
            .partition(is_owners);
        Ok(Refreshed {
            found,
            code_owners,
            tips: inventory.rows().filter_map(|kept| self.tip(kept)).collect(),
            failure: failure.or(inventory.withheld),
        })
    }

    async fn ask(
        &self,
        inventory: &mut Inventory<'_>,
        filter: &Filter<'_>,
    ) -> Result<(), SyncError> {
        let most = self.host.sizes().page;
        let mut size = Size::learned(self.store, &self.provider.host, Load::Pages, most)?;
        let swept = if self.is_sweep_due(inventory, &size) {
            self.sweep(inventory, &mut size).await
        } else {
            match self.recent(inventory, &mut size).await {
                Ok(false) => self.sweep(inventory, &mut size).await,
                Ok(true) => Ok(()),
                Err(error) => Err(error),
            }
        };
        size.keep(self.store)?;
        swept?;
        self.files(inventory, filter).await
    }

    /// Whether everything has to be looked at: asked for, not done yet, long ago, or as cheap as asking what changed.
    fn is_sweep_due(&self, inventory: &Inventory<'_>, size: &Size) -> bool {
        let every = self.provider.frequency.unwrap_or(SWEEP_EVERY);
        let state = &inventory.state;
        self.full
            || state.under_way
            || inventory.len() <= size.now()
            || state.ended.is_none_or(|ended| !is_younger(ended, every))
    }

    /// Brings in what changed since the last time; false where that cannot be told.
    async fn recent(
        &self,
        inventory: &mut Inventory<'_>,
        size: &mut Size,
    ) -> Result<bool, SyncError> {
        let Some(mark) = inventory.state.mark.clone() else {
            return Ok(false);
        };
        let mut cursor: Option<String> = None;
        let mut new_mark = None;
        for _ in 0..MAX_RECENT {
            let ask = async |size| self.host.recent(&mark, cursor.as_deref(), size).await;
            let Some(page) = size.adapt(ask).await? else {
                return Ok(false);
            };
            let Page {
                listed,
                next,
                total,
                mark,
                partial,
            } = page;
            new_mark = new_mark.or(mark);
            inventory.withhold(partial);
            inventory.take(listed)?;
            match next {
                Some(next) if Some(&next) != cursor.as_ref() => cursor = Some(next),
                _ => {
                    if !inventory.is_whole(total) {
                        return Ok(false);
                    }
                    inventory.state.mark = new_mark.or(inventory.state.mark.take());
                    inventory.keep_state()?;
                    (self.tell)(inventory.len(), inventory.len());
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Looks at everything, from where an interrupted sweep was.
    async fn sweep(&self, inventory: &mut Inventory<'_>, size: &mut Size) -> Result<(), SyncError> {
        let resumes = inventory.state.under_way
            && !self.full
            && inventory
                .state
                .began
                .is_some_and(|began| is_younger(began, RESUMED));
        if !resumes {
            inventory.begin_sweep()?;
        }
        let mut is_first = true;
        let mut total = None;
        for _ in 0..MAX_PAGES {
            let cursor = inventory.state.cursor.clone();
            let ask = async |size| self.host.page(cursor.as_deref(), size).await;
            let page = match size.adapt(ask).await {
                Ok(page) => page,
                // A host that does not know the cursor any more: from the beginning, once.
                Err(error) if is_first && resumes && !error.is_passing() => {
                    is_first = false;
                    inventory.begin_sweep()?;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            is_first = false;
            total = page.total.or(total);
            // A host that gives the same cursor again would be asked for ever.
            let next = page.next.filter(|next| Some(next) != cursor.as_ref());
            let is_last = next.is_none();
            inventory.state.next_mark = inventory.state.next_mark.take().or(page.mark);
            inventory.state.cursor = next;
            inventory.withhold_from_sweep(page.partial);
            inventory.take(page.listed)?;
            (self.tell)(inventory.seen(), total.unwrap_or(0));
            if is_last {
                self.confirm(inventory).await?;
                return Ok(inventory.end_sweep(total)?);
            }
        }
        Err(SyncError::Host(HostError::Failed {
            place: self.provider.to_string(),
            reason: format!("has more than {MAX_PAGES} pages of repositories"),
        }))
    }

    /// Asks for each repository that a whole sweep did not meet what became of it. One that is gone, or another's now,
    /// leaves the inventory.
    async fn confirm(&self, inventory: &mut Inventory<'_>) -> Result<(), SyncError> {
        if inventory.state.partial {
            return Ok(());
        }
        let missing = inventory.missing();
        let missing: Vec<&Repository> = missing.iter().collect();
        let mut size = Size::new(self.host.sizes().batch);
        let mut rest = missing.as_slice();
        while !rest.is_empty() {
            let mut asked = 0;
            let ask = async |size: usize| {
                let lost = rest.get(..size).unwrap_or(rest);
                asked = lost.len();
                self.host.look_up(lost).await
            };
            let standing = size.adapt(ask).await?;
            let (now, later) = rest.split_at(asked.min(rest.len()));
            rest = later;
            let mut gone = Vec::new();
            let mut there = Vec::new();
            for (lost, standing) in now.iter().zip(standing) {
                match standing {
                    Standing::There(listed) => there.push(*listed),
                    Standing::Gone | Standing::Elsewhere => gone.push(lost.id.clone()),
                    Standing::Withheld(error) => inventory.withhold(Some(error)),
                }
            }
            inventory.remove(gone)?;
            inventory.take(there)?;
        }
        Ok(())
    }

    /// Asks for the files of repositories that pass the filters and of which it is not known, or not any more, what they
    /// hold.
    async fn files(
        &self,
        inventory: &mut Inventory<'_>,
        filter: &Filter<'_>,
    ) -> Result<(), SyncError> {
        let every = self.provider.frequency.unwrap_or(SWEEP_EVERY);
        let every = if self.full { Duration::ZERO } else { every };
        let mut waiting: Vec<_> = inventory
            .rows()
            .filter(|kept| kept.is_stale(every) && filter.passes(&kept.repository))
            .collect();
        // Where a host does not let us look at all of them in one go, the next time begins where this one broke off.
        waiting.sort_by_key(|kept| kept.looked);
        let waiting: Vec<_> = waiting
            .iter()
            .map(|kept| {
                (
                    kept.repository.clone(),
                    kept.files.clone().unwrap_or_default(),
                )
            })
            .collect();
        let at_once = self.host.sizes().at_once.max(1);
        let mut done = 0;
        for some in waiting.chunks(FILES_KEPT) {
            (self.tell)(done, waiting.len());
            let answers: Vec<_> = stream::iter(some)
                .map(async |(repository, known)| {
                    (repository, known, self.host.look(repository, known).await)
                })
                .buffer_unordered(at_once)
                .collect()
                .await;
            done += some.len();
            // Where the host answers for none, it would not for the others.
            let is_refused = answers
                .iter()
                .all(|(_, _, answer)| answer.as_ref().is_err_and(HostError::is_passing));
            let mut failure = None;
            for (repository, known, answer) in answers {
                let nothing = || Look {
                    files: Vec::new(),
                    commit: None,
                };
                let answer = match answer {
                    Err(HostError::NotFound { .. }) => Ok(Some(nothing())),
                    answer => answer,
                };
                match answer {
                    Ok(Some(look)) if look.files.is_empty() && !known.is_empty() => {
                        if self.is_still_there(repository).await? {
                            inventory.looked(&repository.id, Some(look))?;
                        }
                    }
                    Ok(look) => inventory.looked(&repository.id, look)?,
                    Err(error @ (HostError::Busy { .. } | HostError::Unreachable { .. })) => {
                        failure = Some(error);
                    }
                    Err(error) if is_refused => failure = Some(error),
                    // One repository that cannot be read keeps what was known of it, and keeps no other from being read.
                    Err(error) => inventory.withhold(Some(error)),
                }
            }
            inventory.keep_state()?;
            if let Some(error) = failure {
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Whether `repository`, which seems to have lost its descriptors, is there at all: who may not see it any more is told
    /// the same of its files. One that is not is left to the next sweep.
    async fn is_still_there(&self, repository: &Repository) -> Result<bool, HostError> {
        let standing = self.host.look_up(&[repository]).await?;
        Ok(standing.iter().any(
            |it| matches!(it, Standing::There(listed) if listed.repository.name == repository.name),
        ))
    }

    /// The tip of the branch of `kept` that is read.
    fn tip(&self, kept: &Kept) -> Option<Tip> {
        let repository = &kept.repository;
        let root = ScmUrl::parse(&self.host.address(repository, "")?)?;
        Some(Tip {
            repository: root.repository_url(),
            branch: root.reference,
            // Whatever changes with the files does for a commit.
            commit: repository
                .commit
                .clone()
                .or_else(|| repository.revision.clone())?,
        })
    }

    /// The descriptors of all repositories that pass the filters, by name.
    fn found(&self, inventory: &Inventory<'_>, filter: &Filter<'_>) -> Vec<Found> {
        let mut rows: Vec<&Kept> = inventory
            .rows()
            .filter(|kept| filter.passes(&kept.repository))
            .collect();
        rows.sort_by(|a, b| a.repository.name.cmp(&b.repository.name));
        let found = |kept: &Kept| {
            let repository = &kept.repository;
            let files = kept.files.iter().flatten().filter_map(|file| {
                Some(Found {
                    address: Address::Url(self.host.address(repository, &file.path)?),
                    named: true,
                    wanted: Some(Wanted {
                        blob: file.blob.clone(),
                        commit: repository.commit.clone(),
                        repository: repository.id.clone(),
                        name: repository.name.clone(),
                        path: file.path.clone(),
                    }),
                })
            });
            files.collect::<Vec<_>>()
        };
        rows.into_iter().flat_map(found).collect()
    }
}

/// Whether `then` (milliseconds since 1970) is less than `age` ago. What lies in the future is not: a clock was wrong.
pub(super) fn is_younger(then: u64, age: Duration) -> bool {
    let then = SystemTime::UNIX_EPOCH + Duration::from_millis(then);
    then.elapsed().is_ok_and(|elapsed| elapsed < age)
}

/// Now, in milliseconds since 1970.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
