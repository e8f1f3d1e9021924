//! The teams and people of an organisation on a Gitea or Forgejo, by REST: who is in a team is asked of each by itself,
//! some at once. There is no cheaper way to see that nothing changed.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::catalog::text::one_line;
use crate::config::People;
use crate::host::HostError;
use crate::host::people::{At, List, Missing, PeoplePage, Person, Team};
use crate::host::rest::RestApi;

/// The most rows of one page; a server may give fewer (`MAX_RESPONSE_ITEMS`).
const PAGE: usize = 50;
/// How many teams are asked for their members, and how many that are missing, at once.
const AT_ONCE: usize = 5;

/// The people of organisations on one Gitea.
#[derive(Debug)]
pub struct GiteaPeople {
    people: People,
    api: Arc<RestApi>,
}

/// A team as REST has it.
#[derive(Deserialize)]
struct TeamRow {
    id: u64,
    name: String,
    #[serde(default)]
    description: String,
}

/// An account as REST has it.
#[derive(Deserialize)]
struct UserRow {
    id: u64,
    login: String,
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    avatar_url: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    prohibit_login: bool,
}

/// The rows of a page, where the next one begins, and how many rows there are in all.
struct Listed<T> {
    rows: Vec<T>,
    next: Option<String>,
    total: usize,
}

impl GiteaPeople {
    /// What `people` names, asked over `api`.
    pub(in crate::host) fn new(people: &People, api: Arc<RestApi>) -> Self {
        Self {
            people: people.clone(),
            api,
        }
    }

    /// How many people or teams a page holds at most.
    pub(in crate::host) fn most(&self) -> usize {
        self.people.page_size.unwrap_or(PAGE).min(PAGE)
    }

    /// The page at `at`.
    pub(in crate::host) async fn page(
        &self,
        owner: &str,
        at: &At,
        size: usize,
    ) -> Result<PeoplePage, HostError> {
        if !at.rest.is_empty() {
            return self.members(at, size).await;
        }
        let cursor = at.cursor.as_deref();
        if at.list == List::Teams {
            let found = self
                .rows::<TeamRow>(&["orgs", owner, "teams"], cursor, size)
                .await?;
            let teams: Vec<Team> = found
                .rows
                .into_iter()
                .map(|row| self.team(owner, row))
                .collect();
            let rest = teams.iter().map(|team| (team.id.clone(), String::new()));
            return Ok(PeoplePage {
                next: at.behind(found.next, rest.collect()),
                total: found.total,
                teams,
                ..PeoplePage::default()
            });
        }
        let found = self
            .rows::<UserRow>(&["orgs", owner, "members"], cursor, size)
            .await?;
        Ok(PeoplePage {
            next: at.behind(found.next, Vec::new()),
            total: found.total,
            people: found.rows.into_iter().map(|row| self.person(row)).collect(),
            ..PeoplePage::default()
        })
    }

    /// The next members of the first teams in `at.rest`. A team that went meanwhile has no more.
    async fn members(&self, at: &At, size: usize) -> Result<PeoplePage, HostError> {
        let ask = async |(team, cursor): &(String, String)| {
            let cursor = Some(cursor.as_str()).filter(|cursor| !cursor.is_empty());
            let parts = ["teams", team, "members"];
            let found = self.rows::<UserRow>(&parts, cursor, size).await;
            match found {
                Err(HostError::NotFound { .. }) => Ok((team.clone(), None)),
                found => found.map(|found| (team.clone(), Some(found))),
            }
        };
        let asked: Vec<_> = at.rest.iter().take(AT_ONCE).map(ask).collect();
        let answers: Vec<_> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
        let mut page = PeoplePage::default();
        let mut rest = Vec::new();
        for (team, found) in answers {
            let Some(found) = found else { continue };
            rest.extend(found.next.map(|next| (team.clone(), next)));
            let logins = found.rows.iter().map(|row| one_line(&row.login));
            page.members.push((team, logins.collect()));
        }
        rest.extend(at.rest.iter().skip(AT_ONCE).cloned());
        let is_end = rest.is_empty() && at.list == List::Nothing;
        page.next = (!is_end).then(|| At { rest, ..at.clone() });
        Ok(page)
    }

    /// The page of a list at `cursor`: its number, and how many rows came before it.
    async fn rows<T: DeserializeOwned>(
        &self,
        parts: &[&str],
        cursor: Option<&str>,
        size: usize,
    ) -> Result<Listed<T>, HostError> {
        let (page, before) = cursor
            .and_then(|at| at.split_once(':'))
            .unwrap_or(("1", "0"));
        let size = size.to_string();
        let query = [("page", page), ("limit", size.as_str())];
        let answer = self.api.json::<Vec<T>>(parts, &query).await?;
        let total = answer.number("x-total-count").unwrap_or_default();
        let seen = before.parse::<usize>().unwrap_or_default() + answer.body.len();
        let number = page.parse::<usize>().unwrap_or(1);
        let next =
            (seen < total && !answer.body.is_empty()).then(|| format!("{}:{seen}", number + 1));
        Ok(Listed {
            rows: answer.body,
            next,
            total,
        })
    }

    /// Whether each of `missing` is gone: only the team or membership itself says so.
    pub(in crate::host) async fn are_gone(
        &self,
        owner: &str,
        missing: &[Missing<'_>],
    ) -> Result<Vec<bool>, HostError> {
        let ask = async |missing: &Missing<'_>| {
            let team = ["teams", missing.id()];
            let membership;
            let parts: &[&str] = match missing {
                Missing::Team(_) => &team,
                Missing::Person(person) => {
                    membership = ["orgs", owner, "members", &person.login];
                    &membership
                }
            };
            match self.api.bytes(parts, &[]).await {
                Ok(_) => Ok(false),
                Err(HostError::NotFound { .. }) => Ok(true),
                Err(error) => Err(error),
            }
        };
        let asked: Vec<_> = missing.iter().map(ask).collect();
        stream::iter(asked).buffered(AT_ONCE).try_collect().await
    }

    fn team(&self, owner: &str, row: TeamRow) -> Team {
        let path = one_line(&row.name);
        Team {
            id: row.id.to_string(),
            page: format!("{}/org/{owner}/teams/{path}", self.api.web()),
            name: path.clone(),
            path,
            description: words(row.description),
            ..Team::default()
        }
    }

    fn person(&self, row: UserRow) -> Person {
        let login = one_line(&row.login);
        Person {
            id: row.id.to_string(),
            page: format!("{}/{login}", self.api.web()),
            login,
            name: words(row.full_name),
            // Who hides the address has one that nobody reads.
            email: words(row.email).filter(|email| !email.contains("@noreply.")),
            bio: words(row.description),
            avatar: words(row.avatar_url),
            is_active: !row.prohibit_login,
            ..Person::default()
        }
    }
}

/// A text that says something.
fn words(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}
