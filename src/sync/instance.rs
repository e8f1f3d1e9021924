//! Reading the catalog of a running Backstage.
//!
//! All pages or nothing: what breaks off in the middle changes nothing, and so does an instance that shows less than it
//! says it has. The pages that had arrived are kept, and the next reading goes on behind them; they count where all have
//! the tags that the instance shows then. A Backstage cannot be asked what changed, but it gives each state of an entity a tag of its own: where
//! the tags of all are as they were, the entities are not asked for. A tag that an author wrote stays the same for ever,
//! so now and then all are read whatever their tags say.

mod arriving;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use xxhash_rust::xxh3::Xxh3;

use crate::config::Source;
use crate::host::HostError;
use crate::host::backstage::{BackstageHost, Fields, SignIn};
use crate::ingest::{Ingested, Processed};
use crate::store::Store;

use super::fresh::Fingerprint;
use super::refresh::{Load, SWEEP_EVERY, Size, is_younger, now};
use super::{Manner, Session, SyncError};
use arriving::Arriving;
pub(super) use arriving::key;

/// How many entities are asked for at once, and how many tags.
const PAGE: usize = 500;
const TAGS: usize = 5_000;
/// The most pages there are: more than any catalog has at the least size.
const MAX_PAGES: usize = 100_000;
/// How long an instance that is only looked at may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// One reading of an instance.
pub(super) struct Reading<'a> {
    /// The instance.
    pub(super) host: &'a BackstageHost,
    /// The source that it is.
    pub(super) source: &'a Source,
    /// Where it is kept what was read the last time.
    pub(super) store: &'a Store,
    /// Whether everything is asked for, whatever is known.
    pub(super) full: bool,
    /// Is told how many entities were seen, of how many.
    pub(super) tell: &'a (dyn Fn(usize, usize) + Send + Sync),
}

/// What an instance showed.
pub(super) enum Shown {
    /// What it did the last time.
    Same,
    /// These entities; what tells them from others, for the next time.
    Entities(Ingested, String),
}

/// What is remembered of a reading.
#[derive(Serialize, Deserialize)]
struct Known {
    tags: String,
    /// When, in milliseconds since 1970.
    read: u64,
}

/// The tags of entities, by their ids.
type Tags = BTreeMap<String, String>;

/// How far a walk over the pages has come.
#[derive(Debug, Default)]
struct Walked {
    tags: Tags,
    /// Where the next page begins; `None` for the first, and behind the last.
    cursor: Option<String>,
    /// How many entities there are, as the instance says.
    told: usize,
}

impl Reading<'_> {
    /// Reads the instance, where anything changed there.
    pub(super) async fn run(&self) -> Result<Shown, SyncError> {
        if let Some(known) = self.known()?
            && digest(&self.tags().await?) == known.tags
        {
            return Ok(Shown::Same);
        }
        let (processed, tags) = self.all().await?;
        let known = Known {
            tags: digest(&tags),
            read: now(),
        };
        let note = serde_json::to_string(&known).unwrap_or_default();
        let ingested = tokio::task::spawn_blocking(move || processed.finish()).await?;
        Ok(Shown::Entities(ingested, note))
    }

    /// All entities and their tags, from where a reading was that broke off.
    async fn all(&self) -> Result<(Processed, Tags), SyncError> {
        let arrived = Arriving::of(self.store, self.source)?;
        if let Some(arrived) = arrived.filter(|_| !self.full) {
            match self.entities(arrived).await {
                // What arrived before may be another state of the catalog, which was never whole.
                Ok((processed, tags)) if tags == self.tags().await? => {
                    return Ok((processed, tags));
                }
                Ok(_) => {}
                Err(SyncError::Host(error)) if !error.is_passing() => {
                    tracing::debug!(%error, "a reading does not go on where it was");
                }
                Err(error) => return Err(error),
            }
        }
        let nothing = Arriving::nothing(self.store, self.source)?;
        self.entities(nothing).await
    }

    /// The entities that have arrived and all behind them, with the tags of all.
    async fn entities(&self, mut arriving: Arriving<'_>) -> Result<(Processed, Tags), SyncError> {
        let mut processed = Processed::new(&self.source.to_string(), self.host.base_url());
        let mut walked = Walked {
            cursor: arriving.cursor(),
            ..Walked::default()
        };
        for entity in arriving.take_kept() {
            if walked.meet(&entity) {
                processed.add(entity);
            }
        }
        let take = |new: Vec<Value>, next: Option<&str>| {
            if let Some(next) = next {
                arriving.keep(&new, next)?;
            }
            for entity in new {
                processed.add(entity);
            }
            Ok(())
        };
        let walked = self.walk(PAGE, Fields::All, walked, take).await?;
        // Whether they are all there is or not: none of them is asked for again.
        arriving.forget()?;
        self.confirm(&walked).await?;
        Ok((processed, walked.tags))
    }

    /// The tags of all entities.
    async fn tags(&self) -> Result<Tags, SyncError> {
        let nowhere = Walked::default();
        let walked = self.walk(TAGS, Fields::Tags, nowhere, |_, _| Ok(()));
        let walked = walked.await?;
        self.confirm(&walked).await?;
        Ok(walked.tags)
    }

    /// What is remembered of the last reading, where it was whole, and not long ago.
    fn known(&self) -> Result<Option<Known>, SyncError> {
        let name = self.source.to_string();
        let states = self.store.sources()?;
        let is_kept = states
            .iter()
            .any(|state| state.name == name && state.last_ok.is_some() && state.entities > 0);
        if self.full || !is_kept {
            return Ok(None);
        }
        let note = self.store.note(&Fingerprint::key(self.source))?;
        let known: Option<Known> = note.and_then(|note| serde_json::from_str(&note).ok());
        Ok(known.filter(|known| is_younger(known.read, SWEEP_EVERY)))
    }

    /// Hands the `fields` of every entity that `walked` has not met to `take`, page by page with the cursor of the next, at
    /// most `most` at once and no more than the instance was found to carry.
    async fn walk(
        &self,
        most: usize,
        fields: Fields,
        walked: Walked,
        take: impl FnMut(Vec<Value>, Option<&str>) -> Result<(), SyncError>,
    ) -> Result<Walked, SyncError> {
        let load = match fields {
            Fields::All => Load::Entities,
            Fields::Tags => Load::Tags,
        };
        let mut size = Size::learned(self.store, self.host.base_url(), load, most)?;
        let walked = self.pages(&mut size, fields, walked, take).await;
        size.keep(self.store)?;
        walked
    }

    async fn pages(
        &self,
        size: &mut Size,
        fields: Fields,
        mut walked: Walked,
        mut take: impl FnMut(Vec<Value>, Option<&str>) -> Result<(), SyncError>,
    ) -> Result<Walked, SyncError> {
        for _ in 0..MAX_PAGES {
            let cursor = walked.cursor.take();
            let ask = async |size| self.host.page(cursor.as_deref(), size, fields).await;
            let page = size.adapt(ask).await?;
            let next = page.next().map(str::to_owned);
            walked.told = walked.told.max(page.total);
            let before = walked.tags.len();
            let mut new = page.items;
            new.retain(|entity| walked.meet(entity));
            take(new, next.as_deref())?;
            (self.tell)(walked.tags.len(), walked.told);
            let Some(next) = next else {
                return Ok(walked);
            };
            if walked.tags.len() == before || Some(&next) == cursor.as_ref() {
                return Err(self.failed(format!(
                    "gives the same entities again after {before}; nothing was changed, try again later"
                )));
            }
            walked.cursor = Some(next);
        }
        Err(self.failed(format!("has more than {MAX_PAGES} pages of entities")))
    }

    /// Whether those that were met are all there are.
    async fn confirm(&self, walked: &Walked) -> Result<(), SyncError> {
        let seen = walked.tags.len();
        // Who may see nothing is shown an empty catalog, and no other word.
        if seen == 0 {
            return Err(self.host.refused("it shows no entity").into());
        }
        // Some may have gone since.
        if seen < walked.told {
            let total = self.host.page(None, 0, Fields::Tags).await?.total;
            if seen < total {
                return Err(SyncError::Host(HostError::Overloaded {
                    place: self.host.base_url().to_owned(),
                    reason: format!("it gave {seen} of {total} entities"),
                }));
            }
        }
        Ok(())
    }

    fn failed(&self, reason: String) -> SyncError {
        SyncError::Host(HostError::Failed {
            place: self.host.base_url().to_owned(),
            reason,
        })
    }
}

impl Walked {
    /// Whether `entity` is one that was not met before.
    fn meet(&mut self, entity: &Value) -> bool {
        let text = |key| Some(entity.get("metadata")?.get(key)?.as_str()?.to_owned());
        let Some(id) = text("uid") else {
            return false;
        };
        let tag = text("etag").unwrap_or_default();
        let is_new = !self.tags.contains_key(&id);
        self.tags.entry(id).or_insert(tag);
        is_new
    }
}

/// What tells `tags` from others, and this program from others that may read them otherwise.
fn digest(tags: &Tags) -> String {
    let mut hash = Xxh3::new();
    hash.update(env!("CARGO_PKG_VERSION").as_bytes());
    for (id, tag) in tags {
        for part in [id, tag] {
            hash.update(part.as_bytes());
            hash.update(&[0]);
        }
    }
    format!("{:016x}", hash.digest())
}

/// How many entities the instance that is `source` shows, and how it lets us in; `None` where `source` is none. Asks once
/// and keeps nothing.
pub async fn look(
    session: &Session,
    source: &Source,
) -> Result<Option<(usize, SignIn)>, SyncError> {
    let connection = session.connect(source, Manner::Usual).await?;
    let Some(host) = connection.backstage() else {
        return Ok(None);
    };
    let asked = tokio::time::timeout(PATIENCE, host.page(None, 0, Fields::Tags)).await;
    let page = asked.unwrap_or_else(|_| {
        Err(HostError::Unreachable {
            place: host.base_url().to_owned(),
            reason: "it did not answer in time".to_owned(),
        })
    })?;
    if page.total == 0 {
        return Err(host.refused("it shows no entity").into());
    }
    Ok(Some((page.total, host.sign_in().await)))
}
