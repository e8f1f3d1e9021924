//! Lists of repositories, and what became of those that are in none.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::PAGE;
use crate::host::HostError;
use crate::host::repositories::{Files, Listed, Page, Repository, Standing};
use crate::host::rest::RestApi;

/// The most pages that are looked through for a repository that has another name.
const PAGES: usize = 1000;

/// The repositories of one project, or of all.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    pub(super) rest: &'a RestApi,
    /// The key of the project; empty for all.
    pub(super) project: &'a str,
}

/// A page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rows {
    values: Vec<Row>,
    #[serde(default)]
    is_last_page: bool,
    next_page_start: Option<usize>,
}

/// A repository.
#[derive(Deserialize)]
struct Row {
    id: u64,
    slug: String,
    project: Project,
    #[serde(default)]
    public: bool,
    #[serde(default)]
    archived: bool,
    origin: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Project {
    key: String,
    #[serde(default)]
    public: bool,
}

impl Listing<'_> {
    /// The page that begins at `cursor`.
    pub(super) async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        let start = cursor.unwrap_or("0");
        let limit = size.to_string();
        let query = [
            ("start", start),
            ("limit", &limit),
            // Those that are archived are left out of a list of all unless they are asked for.
            ("archived", "ALL"),
        ];
        let parts: &[&str] = match self.project {
            "" => &["repos"],
            project => &["projects", project, "repos"],
        };
        let rows = match self.rest.json::<Rows>(parts, &query).await {
            Ok(rows) => rows.body,
            Err(HostError::NotFound { place }) => {
                return Err(HostError::Failed {
                    place,
                    reason: format!(
                        "there is no project {}, or it is not shown to us; check its key, and that the token may read it",
                        self.project
                    ),
                });
            }
            Err(error) => return Err(error),
        };
        let next = rows.next_page_start.filter(|_| !rows.is_last_page);
        // A page that leads back would be asked for ever.
        let is_onward = |next: &usize| start.parse().is_ok_and(|start: usize| *next > start);
        Ok(Page {
            listed: rows
                .values
                .into_iter()
                .filter(|row| !row.is_personal())
                .map(Listed::from)
                .collect(),
            next: next.filter(is_onward).map(|next| next.to_string()),
            ..Page::default()
        })
    }

    /// What became of `lost`. One that is not where it was may have another name: then all lists are looked through for
    /// its id before it counts as gone.
    pub(super) async fn standings(&self, lost: &[&Repository]) -> Result<Vec<Standing>, HostError> {
        let mut standings = Vec::with_capacity(lost.len());
        for repository in lost {
            standings.push(self.standing(repository).await?);
        }
        if !standings.contains(&Standing::Gone) {
            return Ok(standings);
        }
        let mut there = self.all().await?;
        for (standing, repository) in standings.iter_mut().zip(lost) {
            if let Some(listed) = there.remove(&repository.id)
                && *standing == Standing::Gone
            {
                *standing = Standing::There(Box::new(listed));
            }
        }
        Ok(standings)
    }

    async fn standing(&self, repository: &Repository) -> Result<Standing, HostError> {
        let (project, slug) = repository.name.split_once('/').unwrap_or_default();
        let parts = ["projects", project, "repos", slug];
        match self.rest.json::<Row>(&parts, &[]).await {
            Ok(found) => {
                let found = Listed::from(found.body);
                let is_ours = |listed: &Listed| {
                    let key = listed.repository.project.as_deref().unwrap_or_default();
                    self.project.is_empty() || key.eq_ignore_ascii_case(self.project)
                };
                Ok(match found {
                    // Its name is another's now.
                    found if found.repository.id != repository.id => Standing::Gone,
                    found if is_ours(&found) => Standing::There(Box::new(found)),
                    _ => Standing::Elsewhere,
                })
            }
            Err(HostError::NotFound { .. }) => Ok(Standing::Gone),
            // What holds for all is no standing of one.
            Err(error @ (HostError::Busy { .. } | HostError::Unreachable { .. })) => Err(error),
            Err(error) => Ok(Standing::Withheld(error)),
        }
    }

    /// All repositories by their ids.
    async fn all(&self) -> Result<BTreeMap<String, Listed>, HostError> {
        let mut all = BTreeMap::new();
        let mut cursor = None;
        for _ in 0..PAGES {
            let page = self.page(cursor.as_deref(), PAGE).await?;
            let listed = page.listed.into_iter();
            all.extend(listed.map(|listed| (listed.repository.id.clone(), listed)));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(all)
    }
}

impl Row {
    /// Whether it is somebody's own, which Backstage never lists.
    fn is_personal(&self) -> bool {
        self.project.key.starts_with('~')
    }
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        let is_public = row.public || row.project.public;
        Self {
            repository: Repository {
                id: row.id.to_string(),
                name: format!("{}/{}", row.project.key, row.slug),
                project: Some(row.project.key),
                is_archived: row.archived,
                is_fork: row.origin.is_some(),
                visibility: if is_public { "public" } else { "private" }.to_owned(),
                topics: Vec::new(),
                // Which branch that is, is not told and does not matter.
                branch: Some("HEAD".to_owned()),
                commit: None,
                revision: None,
            },
            files: Files::Ask,
        }
    }
}
