//! Lists of repositories: what is asked of each, and what is read of it.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::host::HostError;
use crate::host::http::date;
use crate::host::repositories::{Files, Listed, Page, Repository, Standing};
use crate::host::rest::{Rest, RestApi};

/// What is asked of each repository. The commit is no part of what a list shows unless it is asked for.
const FIELDS: [&str; 8] = [
    "uuid",
    "full_name",
    "is_private",
    "updated_on",
    "parent.uuid",
    "project.key",
    "mainbranch.name",
    "mainbranch.target.hash",
];
/// How far changes are looked for before the last time.
const SLACK: Duration = Duration::from_mins(5);

/// The repositories of one workspace as lists have them.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    pub(super) rest: &'a RestApi,
    pub(super) workspace: &'a str,
}

/// A page.
#[derive(Deserialize)]
struct Rows {
    values: Vec<Row>,
    next: Option<String>,
    size: Option<usize>,
}

/// A repository.
#[derive(Deserialize)]
struct Row {
    uuid: String,
    full_name: String,
    #[serde(default)]
    is_private: bool,
    updated_on: Option<String>,
    parent: Option<serde::de::IgnoredAny>,
    project: Option<Project>,
    mainbranch: Option<Branch>,
}

#[derive(Deserialize)]
struct Project {
    key: Option<String>,
}

#[derive(Deserialize)]
struct Branch {
    name: Option<String>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    hash: Option<String>,
}

impl Listing<'_> {
    /// The page that begins at `cursor`, oldest repository first: a push moves none, and a new one is met at the end.
    pub(super) async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        let rows = self.rows("created_on", cursor, size).await?;
        let mark = rows.date.checked_sub(SLACK).map(date::iso);
        Ok(Page {
            next: rows.body.next(),
            total: rows.body.size,
            listed: rows.body.values.into_iter().map(Listed::from).collect(),
            mark,
            partial: None,
        })
    }

    /// Those that changed since `since`. Their count is that of all.
    pub(super) async fn recent(
        &self,
        since: &str,
        cursor: Option<&str>,
        size: usize,
    ) -> Result<Option<Page>, HostError> {
        let Some(since) = date::parse_iso(since) else {
            return Ok(None);
        };
        let is_since = |row: &Row| {
            let time = row.updated_on.as_deref().and_then(date::parse_iso);
            time.is_none_or(|time| time >= since)
        };
        let rows = self.rows("-updated_on", cursor, size).await?;
        let mark = rows.date.checked_sub(SLACK).map(date::iso);
        let is_whole = rows.body.values.iter().all(is_since);
        Ok(Some(Page {
            next: rows.body.next().filter(|_| is_whole),
            total: rows.body.size,
            listed: rows
                .body
                .values
                .into_iter()
                .filter(is_since)
                .map(Listed::from)
                .collect(),
            mark,
            partial: None,
        }))
    }

    /// What became of the repository `id` that no list shows.
    pub(super) async fn standing(&self, id: &str) -> Result<Standing, HostError> {
        let fields = FIELDS.join(",");
        let parts = ["repositories", self.workspace, id];
        match self.rest.json::<Row>(&parts, &[("fields", &fields)]).await {
            Ok(found) if self.is_ours(&found.body.full_name) => {
                Ok(Standing::There(Box::new(found.body.into())))
            }
            Ok(_) => Ok(Standing::Elsewhere),
            Err(HostError::NotFound { .. }) => Ok(Standing::Gone),
            // What holds for all is no standing of one.
            Err(error @ (HostError::Busy { .. } | HostError::Unreachable { .. })) => Err(error),
            Err(error) => Ok(Standing::Withheld(error)),
        }
    }

    fn is_ours(&self, name: &str) -> bool {
        let workspace = name.split('/').next();
        workspace.is_some_and(|it| it.eq_ignore_ascii_case(self.workspace))
    }

    async fn rows(
        &self,
        sort: &str,
        cursor: Option<&str>,
        size: usize,
    ) -> Result<Rest<Rows>, HostError> {
        let fields = FIELDS.map(|field| format!("values.{field}")).join(",");
        let (fields, size) = (format!("next,size,{fields}"), size.to_string());
        let mut query = vec![
            ("sort", sort),
            ("pagelen", size.as_str()),
            ("fields", &fields),
        ];
        query.extend(cursor.map(|cursor| ("page", cursor)));
        let parts = ["repositories", self.workspace];
        match self.rest.json(&parts, &query).await {
            Err(HostError::NotFound { place }) => Err(HostError::Failed {
                place,
                reason: format!(
                    "there is no workspace {}, or it is not shown to us; check the name, and that the token may read its repositories",
                    self.workspace
                ),
            }),
            rows => rows,
        }
    }
}

impl Rows {
    /// Where the next page begins: of its address no more is taken than that.
    fn next(&self) -> Option<String> {
        self.next.as_deref().and_then(page_of)
    }
}

/// The page that is asked for at the address `next`.
pub(super) fn page_of(next: &str) -> Option<String> {
    let url = Url::parse(next).ok()?;
    let mut query = url.query_pairs();
    query.find_map(|(key, value)| (key == "page").then(|| value.into_owned()))
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        let (branch, target) = row
            .mainbranch
            .map_or((None, None), |it| (it.name, it.target));
        let commit = target.and_then(|it| it.hash);
        Self {
            repository: Repository {
                id: row.uuid,
                name: row.full_name,
                project: row.project.and_then(|it| it.key),
                // Nothing is archived here.
                is_archived: false,
                is_fork: row.parent.is_some(),
                visibility: if row.is_private { "private" } else { "public" }.to_owned(),
                topics: Vec::new(),
                branch,
                revision: commit.clone().or(row.updated_on),
                commit,
            },
            files: Files::Ask,
        }
    }
}
