//! What a host was seen to hold, in memory while it is being refreshed and in the store all the while.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{HostKind, Provider};
use crate::host::HostError;
use crate::host::repositories::{Descriptor, Files, Listed, Look, Repository};
use crate::store::{InventoryChange, InventoryRow, Store, StoreError};

use super::{is_younger, now};

/// A repository and its descriptors as they were last seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The repository.
    pub(super) repository: Repository,
    /// Its descriptors; `None` where nobody has told yet.
    pub(super) files: Option<Vec<Descriptor>>,
    /// The revision at which that was so, empty where the host told the files and no revision; `None` where they may
    /// have changed since.
    pub(super) read_at: Option<String>,
    /// When it was looked at last, in milliseconds since 1970, where no list tells what changed.
    #[serde(default)]
    pub(super) looked: Option<u64>,
}

impl Kept {
    /// Whether its files have to be asked for. Where no list tells what changed, what holds descriptors is looked at each
    /// time, and what held none once in `every`.
    pub(super) fn is_stale(&self, every: Duration) -> bool {
        let Some(files) = &self.files else {
            return true;
        };
        match &self.repository.revision {
            Some(revision) => self.read_at.as_ref() != Some(revision),
            None if self.read_at.as_deref() == Some("") => false,
            None => !files.is_empty() || self.looked.is_none_or(|then| !is_younger(then, every)),
        }
    }
}

/// How far the refresh of an inventory has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// The number of the last sweep.
    sweep: u64,
    /// Whether it is not at its end.
    pub(super) under_way: bool,
    /// Where its next page begins.
    pub(super) cursor: Option<String>,
    /// When it began, in milliseconds since 1970.
    pub(super) began: Option<u64>,
    /// When the last one that came to its end did.
    pub(super) ended: Option<u64>,
    /// Whether the host left something out of the sweep.
    pub(super) partial: bool,
    /// From where changes are to be looked for; and from where once the sweep has ended.
    pub(super) mark: Option<String>,
    pub(super) next_mark: Option<String>,
    /// How many more the host counts than it shows.
    hidden: usize,
}

/// The inventory of one owner.
pub(super) struct Inventory<'a> {
    store: &'a Store,
    key: String,
    rows: BTreeMap<String, (u64, Kept)>,
    pub(super) state: State,
    /// The first reason why something was not told.
    pub(super) withheld: Option<HostError>,
}

/// The name under which the inventory of `provider` is kept: whose repositories, and what was asked of each.
pub(in crate::sync) fn key(provider: &Provider) -> String {
    let Provider {
        kind,
        host,
        owner,
        catalog_path,
        branch,
        filters,
        ..
    } = provider;
    let branch = branch.as_deref().unwrap_or_default();
    let topics = !filters.topics_include.is_empty() || !filters.topics_exclude.is_empty();
    // A GitLab tells which is a fork only where that counts.
    let forks = match (kind, filters.allow_forks) {
        (HostKind::Gitlab, false) => " forks",
        _ => "",
    };
    format!(
        "inventory:{}:{host}/{owner} {branch}:{catalog_path} {topics}{forks}",
        kind.key()
    )
}

impl<'a> Inventory<'a> {
    /// The inventory as it is kept. What cannot be read is as if it had never been there: it is asked for again.
    pub(super) fn open(store: &'a Store, provider: &Provider) -> Result<Self, StoreError> {
        let key = key(provider);
        let note = store.note(&key)?;
        let state = note.and_then(|note| serde_json::from_str(&note).ok());
        let mut rows = BTreeMap::new();
        if state.is_some() {
            for row in store.inventory(&key)? {
                if let Ok(kept) = serde_json::from_str(&row.body) {
                    rows.insert(row.id, (row.sweep, kept));
                }
            }
        }
        Ok(Self {
            store,
            key,
            rows,
            state: state.unwrap_or_default(),
            withheld: None,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// All repositories, by their ids.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Kept> {
        self.rows.values().map(|(_, kept)| kept)
    }

    /// How many the present sweep has met.
    pub(super) fn seen(&self) -> usize {
        let sweep = self.state.sweep;
        self.rows
            .values()
            .filter(|(seen, _)| *seen == sweep)
            .count()
    }

    /// Those that the present sweep has not met.
    pub(super) fn missing(&self) -> Vec<Repository> {
        let sweep = self.state.sweep;
        let missing = self.rows.values().filter(|(seen, _)| *seen != sweep);
        missing.map(|(_, kept)| kept.repository.clone()).collect()
    }

    /// Whether there are as many as the host counts.
    pub(super) fn is_whole(&self, total: Option<usize>) -> bool {
        total.is_none_or(|total| total == self.len() + self.state.hidden)
    }

    /// Remembers why something was not told.
    pub(super) fn withhold(&mut self, reason: Option<HostError>) {
        self.withheld = self.withheld.take().or(reason);
    }

    /// Remembers why the sweep is not whole.
    pub(super) fn withhold_from_sweep(&mut self, reason: Option<HostError>) {
        self.state.partial |= reason.is_some();
        self.withhold(reason);
    }

    /// Begins a sweep at the first page.
    pub(super) fn begin_sweep(&mut self) -> Result<(), StoreError> {
        self.state = State {
            sweep: self.state.sweep + 1,
            under_way: true,
            began: Some(now()),
            cursor: None,
            partial: false,
            next_mark: None,
            ..self.state.clone()
        };
        self.keep_state()
    }

    /// Ends the sweep, in which the host counted `total`.
    pub(super) fn end_sweep(&mut self, total: Option<usize>) -> Result<(), StoreError> {
        let state = &mut self.state;
        state.under_way = false;
        state.cursor = None;
        state.ended = Some(now());
        state.mark = state.next_mark.take();
        // Where it counts fewer, something went while the sweep was under way: the next count will not fit either.
        state.hidden = total.map_or(0, |total| total.saturating_sub(self.rows.len()));
        self.keep_state()
    }

    /// Takes what a page tells, and keeps it with the state.
    pub(super) fn take(&mut self, listed: Vec<Listed>) -> Result<(), StoreError> {
        let mut texts = Vec::new();
        let mut seen = Vec::with_capacity(listed.len());
        for Listed {
            mut repository,
            files,
        } in listed
        {
            let id = repository.id.clone();
            let mut before = self.rows.remove(&id).map(|(_, kept)| kept);
            let looked = before
                .as_mut()
                .and_then(|kept| keep_looks(kept, &mut repository));
            let (files, read_at) = match files {
                Files::Known(mut files) => {
                    texts.extend(inline(&mut files));
                    (
                        Some(files),
                        Some(repository.revision.clone().unwrap_or_default()),
                    )
                }
                Files::Ask => {
                    let is_same = |kept: &Kept| kept.repository.branch == repository.branch;
                    let before = before.map(|kept| (is_same(&kept), kept));
                    before.map_or((None, None), |(is_same, kept)| {
                        (kept.files, kept.read_at.filter(|_| is_same))
                    })
                }
                Files::Withheld(reason) => {
                    self.withheld = self.withheld.take().or(Some(reason));
                    if let Some(kept) = before.as_ref().filter(|_| repository.branch.is_none()) {
                        repository = kept.repository.clone();
                    }
                    // Of what is told nothing now, it is asked for later.
                    before.map_or((None, None), |kept| (kept.files, None))
                }
            };
            let kept = Kept {
                repository,
                files,
                read_at,
                looked,
            };
            seen.push(self.row(&id, &kept));
            self.rows.insert(id, (self.state.sweep, kept));
        }
        self.keep_texts(&texts)?;
        self.change(seen, Vec::new())
    }

    /// Takes what a look at a repository told, which is as it is at its revision.
    pub(super) fn looked(&mut self, id: &str, look: Option<Look>) -> Result<(), StoreError> {
        let Some((sweep, mut kept)) = self.rows.remove(id) else {
            return Ok(());
        };
        let mut texts = Vec::new();
        if let Some(Look { mut files, commit }) = look {
            texts = inline(&mut files);
            kept.files = Some(files);
            if kept.repository.revision.is_none() || commit.is_some() {
                kept.repository.commit = commit;
            }
        }
        kept.read_at.clone_from(&kept.repository.revision);
        kept.looked = kept.repository.revision.is_none().then(now);
        let row = InventoryRow {
            sweep,
            ..self.row(id, &kept)
        };
        self.rows.insert(id.to_owned(), (sweep, kept));
        self.keep_texts(&texts)?;
        self.change(vec![row], Vec::new())
    }

    /// Takes repositories out that are gone.
    pub(super) fn remove(&mut self, gone: Vec<String>) -> Result<(), StoreError> {
        for id in &gone {
            self.rows.remove(id);
        }
        self.change(Vec::new(), gone)
    }

    /// Keeps how far the refresh has come.
    pub(super) fn keep_state(&self) -> Result<(), StoreError> {
        self.change(Vec::new(), Vec::new())
    }

    fn row(&self, id: &str, kept: &Kept) -> InventoryRow {
        InventoryRow {
            id: id.to_owned(),
            sweep: self.state.sweep,
            body: serde_json::to_string(kept).unwrap_or_default(),
        }
    }

    fn keep_texts(&self, texts: &[Inline]) -> Result<(), StoreError> {
        if texts.is_empty() {
            return Ok(());
        }
        let texts: Vec<(&str, &[u8])> = texts
            .iter()
            .map(|(blob, text)| (blob.as_str(), text.as_ref()))
            .collect();
        self.store.keep_blobs(&texts)
    }

    fn change(&self, seen: Vec<InventoryRow>, gone: Vec<String>) -> Result<(), StoreError> {
        let state = serde_json::to_string(&self.state).unwrap_or_default();
        let change = InventoryChange { seen, gone, state };
        self.store.change_inventory(&self.key, &change)
    }
}

/// Keeps for `new` what looks at it told before, where no list tells it and the same branch is read; gives when the last
/// one was.
fn keep_looks(before: &mut Kept, new: &mut Repository) -> Option<u64> {
    let old = &mut before.repository;
    let is_same = old.branch == new.branch && old.revision == new.revision;
    if is_same && new.commit.is_none() {
        new.commit = old.commit.take();
    }
    before.looked.filter(|_| is_same)
}

/// A text that came along with its file.
type Inline = (String, std::sync::Arc<[u8]>);

/// Takes the texts out that came along.
fn inline(files: &mut [Descriptor]) -> Vec<Inline> {
    let texts = files
        .iter_mut()
        .filter_map(|file| Some((file.blob.clone(), file.text.take()?)));
    texts.collect()
}
