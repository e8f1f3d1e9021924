//! Lists of repositories: by age for a sweep, by time of change for what happened since.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::PAGE;
use super::cursor::Cursor;
use crate::host::HostError;
use crate::host::http::date;
use crate::host::repositories::{Files, Listed, Page, Repository, Standing};
use crate::host::rest::{Rest, RestApi};

/// How far changes are looked for before the last time: what a server was about to note then.
const SLACK: Duration = Duration::from_mins(5);
/// How old a time of change is that no other change will get: it has whole seconds, and servers of one host may have
/// clocks of their own.
const SETTLED: Duration = Duration::from_mins(1);
/// The most pages of mirrors that are looked at for what changed.
const MIRRORS: usize = 5;

/// The repositories of one owner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listing<'a> {
    pub(super) api: &'a RestApi,
    pub(super) owner: &'a str,
}

/// From when changes are to be looked for, and where.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    owner: u64,
    since: String,
    /// Whether some of the repositories are mirrors.
    mirrors: bool,
}

/// An organisation or user.
#[derive(Deserialize)]
struct Owner {
    id: u64,
}

/// What a search gives.
#[derive(Deserialize)]
struct Found {
    data: Option<Vec<Row>>,
}

/// A repository as Gitea has it.
#[derive(Default, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "Gitea's own fields")]
struct Row {
    id: u64,
    full_name: String,
    private: bool,
    internal: bool,
    fork: bool,
    archived: bool,
    empty: bool,
    mirror: bool,
    default_branch: Option<String>,
    topics: Option<Vec<String>>,
    updated_at: String,
    mirror_updated: Option<String>,
}

impl Listing<'_> {
    /// The page that begins at `cursor`, oldest repository first: a push moves none.
    pub(super) async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        let at = match cursor {
            Some(cursor) => serde_json::from_str(cursor)
                .map_err(|error| self.failed(&format!("no page begins at {cursor:?}: {error}")))?,
            None => Cursor::first(self.owner().await?),
        };
        let (number, size) = at.page(size);
        let order = [("sort", "id"), ("order", "asc")];
        let rows = self.search(at.owner, &order, (number, size)).await?;
        let total = rows.number("x-total-count");
        let date = rows.date;
        let rows = rows.body.data.unwrap_or_default();
        let next = at.next((number, size), rows.len(), total, self.api.base())?;
        let mark = match (cursor, &next) {
            // One page is looked at whole each time.
            (None, Some(next)) => Some(self.mark(next.owner, date).await?),
            _ => None,
        };
        Ok(Page {
            listed: rows.into_iter().map(|row| row.listed(date)).collect(),
            next: next.and_then(|next| serde_json::to_string(&next).ok()),
            total,
            mark,
            partial: None,
        })
    }

    /// The repositories that changed since `mark`, a page of them; with the first the mirrors.
    pub(super) async fn recent(
        &self,
        mark: &str,
        cursor: Option<&str>,
        size: usize,
    ) -> Result<Option<Page>, HostError> {
        let Ok(mark) = serde_json::from_str::<Mark>(mark) else {
            return Ok(None);
        };
        let Some(since) = date::parse_iso(&mark.since) else {
            return Ok(None);
        };
        let mut listed = Vec::new();
        if cursor.is_none() && mark.mirrors {
            match self.mirrors(mark.owner).await? {
                Some(mirrors) => listed = mirrors,
                None => return Ok(None),
            }
        }
        let at = cursor.map_or(Ok(Cursor::first(mark.owner)), serde_json::from_str);
        let Ok(at) = at else {
            return Ok(None);
        };
        let page = at.page(size);
        let order = [("sort", "updated"), ("order", "desc")];
        let rows = self.search(mark.owner, &order, page).await?;
        let (total, now) = (rows.number("x-total-count"), rows.date);
        let rows = rows.body.data.unwrap_or_default();
        let next = at.next(page, rows.len(), total, self.api.base())?;
        let is_since = |row: &&Row| date::parse_iso(&row.updated_at).is_none_or(|it| it >= since);
        let is_whole = !rows.is_empty() && rows.iter().all(|row| is_since(&row));
        let next = next.filter(|_| is_whole);
        let since: Vec<Row> = rows.into_iter().filter(|row| is_since(&row)).collect();
        listed.extend(since.into_iter().map(|row| row.listed(now)));
        let mark = Mark {
            since: from(now),
            ..mark
        };
        Ok(Some(Page {
            listed,
            next: next.and_then(|next| serde_json::to_string(&next).ok()),
            total,
            mark: serde_json::to_string(&mark).ok(),
            partial: None,
        }))
    }

    /// What became of the repository `id`. Its files are asked for by themselves.
    pub(super) async fn standing(&self, id: &str) -> Result<Standing, HostError> {
        match self.api.json::<Row>(&["repositories", id], &[]).await {
            Ok(found) if self.is_ours(&found.body.full_name) => {
                let listed = found.body.listed(found.date);
                Ok(Standing::There(Box::new(listed)))
            }
            Ok(_) => Ok(Standing::Elsewhere),
            Err(HostError::NotFound { .. }) => Ok(Standing::Gone),
            // What holds for all is no standing of one.
            Err(error @ (HostError::Busy { .. } | HostError::Unreachable { .. })) => Err(error),
            Err(error) => Ok(Standing::Withheld(error)),
        }
    }

    /// The owner's id, by which its repositories are searched.
    async fn owner(&self) -> Result<u64, HostError> {
        for kind in ["orgs", "users"] {
            match self.api.json::<Owner>(&[kind, self.owner], &[]).await {
                Ok(found) => return Ok(found.body.id),
                Err(HostError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(if self.api.is_signed_in() {
            self.failed("there is no such organisation or user, or the token may not see it; check the name, and that the token has the scopes read:organization and read:repository")
        } else {
            let reason = format!("it shows no organisation or user {}", self.owner);
            self.api.not_signed_in(reason)
        })
    }

    /// The mark of a sweep that began at `date`.
    async fn mark(&self, owner: u64, date: SystemTime) -> Result<String, HostError> {
        let one = self.search(owner, &[("mode", "mirror")], (1, 1)).await?;
        let mark = Mark {
            owner,
            since: from(date),
            mirrors: one.body.data.is_none_or(|mirrors| !mirrors.is_empty()),
        };
        Ok(serde_json::to_string(&mark).unwrap_or_default())
    }

    /// The mirrors: the server sets their time of change to that of their last commit, so that they are nowhere in the
    /// order of change. `None` where they are so many that all may as well be looked at.
    async fn mirrors(&self, owner: u64) -> Result<Option<Vec<Listed>>, HostError> {
        let order = [("mode", "mirror"), ("sort", "id"), ("order", "asc")];
        let mut at = Cursor::first(owner);
        let mut listed = Vec::new();
        for _ in 0..MIRRORS {
            let page = at.page(PAGE);
            let rows = self.search(owner, &order, page).await?;
            let (total, now) = (rows.number("x-total-count"), rows.date);
            let rows = rows.body.data.unwrap_or_default();
            let next = at.next(page, rows.len(), total, self.api.base())?;
            listed.extend(rows.into_iter().map(|row| row.listed(now)));
            match next {
                Some(next) => at = next,
                None => return Ok(Some(listed)),
            }
        }
        Ok(None)
    }

    /// The page `number` of `size` of the repositories that are `owner`'s own.
    async fn search(
        &self,
        owner: u64,
        order: &[(&str, &str)],
        (number, size): (usize, usize),
    ) -> Result<Rest<Found>, HostError> {
        let (owner, number, size) = (owner.to_string(), number.to_string(), size.to_string());
        let mut query = vec![
            ("uid", owner.as_str()),
            ("exclusive", "true"),
            ("limit", &size),
            ("page", &number),
        ];
        query.extend(order);
        self.api.json(&["repos", "search"], &query).await
    }

    fn is_ours(&self, name: &str) -> bool {
        let owner = name.split_once('/').map(|(owner, _)| owner);
        owner.is_some_and(|owner| owner.eq_ignore_ascii_case(self.owner))
    }

    fn failed(&self, reason: &str) -> HostError {
        HostError::Failed {
            place: format!("{}/{}", self.api.web(), self.owner),
            reason: reason.to_owned(),
        }
    }
}

/// The moment from which changes are to be looked for after an answer of `date`.
fn from(date: SystemTime) -> String {
    date::iso(date.checked_sub(SLACK).unwrap_or(date))
}

impl Row {
    /// The repository as it was at `date`.
    fn listed(self, date: SystemTime) -> Listed {
        let revision = self.revision(date);
        let visibility = match (self.private, self.internal) {
            (true, _) => "private",
            (false, true) => "internal",
            (false, false) => "public",
        };
        let branch = self
            .default_branch
            .filter(|it| !self.empty && !it.is_empty());
        let is_empty = branch.is_none();
        Listed {
            repository: Repository {
                id: self.id.to_string(),
                name: self.full_name,
                project: None,
                is_archived: self.archived,
                is_fork: self.fork,
                visibility: visibility.to_owned(),
                topics: self.topics.unwrap_or_default(),
                branch,
                commit: None,
                revision: Some(revision),
            },
            files: if is_empty {
                Files::Known(Vec::new())
            } else {
                Files::Ask
            },
        }
    }

    /// What is sure to change when a file does: the time of change; for a mirror with that of its last fetch, since the
    /// first is of its last commit. While another change may still get the same time, no two looks give the same.
    fn revision(&self, date: SystemTime) -> String {
        let fetched = self.mirror_updated.as_ref().filter(|_| self.mirror);
        let is_settled = |time: &String| {
            let time = date::parse_iso(time);
            time.is_some_and(|time| time + SETTLED < date || date + SETTLED < time)
        };
        let mut revision = self.updated_at.clone();
        if let Some(fetched) = fetched {
            revision = format!("{revision} {fetched}");
        }
        let mut times = std::iter::once(&self.updated_at).chain(fetched);
        if !times.all(is_settled) {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            revision = format!("{revision} {}", now.unwrap_or_default().as_nanos());
        }
        revision
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_change_counts_once_it_is_over() {
        let now = date::parse_iso("2026-11-22T16:00:00Z").unwrap();
        let row = |updated: &str| Row {
            updated_at: updated.to_owned(),
            ..Row::default()
        };
        let is_settled = |row: &Row| row.revision(now) == row.revision(now);
        assert!(!is_settled(&row("2026-11-22T15:59:30Z")));
        assert!(!is_settled(&row("2026-11-22T16:00:30Z")));
        assert!(!is_settled(&row("")));
        let old = row("2026-11-22T17:00:00+02:00");
        assert!(is_settled(&old));
        let mirror = |fetched: &str| Row {
            mirror: true,
            mirror_updated: Some(fetched.to_owned()),
            ..row(&old.updated_at)
        };
        assert!(!is_settled(&mirror("2026-11-22T15:59:59Z")));
        let fetched = mirror("2026-11-22T12:00:00Z");
        assert!(is_settled(&fetched));
        assert_ne!(
            fetched.revision(now),
            mirror("2026-11-22T13:00:00Z").revision(now)
        );
    }
}
