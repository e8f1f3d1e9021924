//! The people and teams of an organisation on a GitHub, by GraphQL.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::api::{Answer, Api};
use crate::catalog::text::one_line;
use crate::config::People;
use crate::host::HostError;
use crate::host::people::{At, List, Missing, PeoplePage, Person, Team};

const PEOPLE: &str = include_str!("people/people.graphql");
const TEAMS: &str = include_str!("people/teams.graphql");
const MEMBERS: &str = include_str!("people/members.graphql");
const PULSE: &str = include_str!("people/pulse.graphql");
const LOOK_UP: &str = include_str!("people/look_up.graphql");

/// The most people or teams of one page, as GitHub allows.
const PAGE: usize = 100;
/// The most pages of a pulse: with more teams than that, everything is looked at instead.
const MAX_PULSE: usize = 100;

/// The people of organisations on one GitHub.
#[derive(Debug)]
pub struct GithubPeople {
    people: People,
    api: Arc<Api>,
    /// Whether the token was found not to show addresses.
    without_email: AtomicBool,
}

/// A list as GraphQL has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection<T> {
    #[serde(default)]
    total_count: usize,
    page_info: PageInfo,
    nodes: Vec<Option<T>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserNode {
    id: String,
    login: String,
    name: Option<String>,
    bio: Option<String>,
    avatar_url: Option<String>,
    email: Option<String>,
    #[serde(default)]
    organization_verified_domain_emails: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TeamNode {
    id: String,
    slug: String,
    name: String,
    description: Option<String>,
    avatar_url: Option<String>,
    edit_team_url: Option<String>,
    parent_team: Option<Slug>,
    members: Connection<Login>,
}

#[derive(Deserialize)]
struct Slug {
    slug: String,
}

#[derive(Deserialize)]
struct Login {
    login: String,
}

impl<T> Connection<T> {
    fn next(&self) -> Option<String> {
        let next = self.page_info.end_cursor.clone();
        next.filter(|_| self.page_info.has_next_page)
    }
}

impl GithubPeople {
    /// What `people` names, asked over `api`.
    pub(in crate::host) fn new(people: &People, api: Arc<Api>) -> Self {
        Self {
            people: people.clone(),
            api,
            without_email: AtomicBool::new(false),
        }
    }

    /// How many people or teams a page holds at most.
    pub(in crate::host) fn most(&self) -> usize {
        self.people.page_size.unwrap_or(PAGE)
    }

    /// The page at `at`.
    pub(in crate::host) async fn page(
        &self,
        owner: &str,
        at: &At,
        size: usize,
    ) -> Result<PeoplePage, HostError> {
        match (at.rest.first(), at.list) {
            (Some((team, cursor)), _) => self.members(owner, at, team, cursor).await,
            (None, List::Teams) => self.teams(owner, at, size).await,
            (None, List::People | List::Nothing) => self.persons(owner, at, size).await,
        }
    }

    async fn persons(&self, owner: &str, at: &At, size: usize) -> Result<PeoplePage, HostError> {
        let ask = async |email: bool| {
            let variables = json!({
                "owner": owner, "cursor": at.cursor, "first": size,
                "email": email, "verified": self.people.verified_emails,
            });
            self.ask(PEOPLE, &variables, owner).await
        };
        let mut answer = ask(!self.without_email.load(Ordering::Relaxed)).await;
        // Addresses want a scope of their own; who has none gets all but them.
        if let Err(HostError::NotSignedIn { reason, .. }) = &answer
            && reason.contains("'email'")
        {
            tracing::info!(owner, reason, "addresses of people are not shown to us");
            self.without_email.store(true, Ordering::Relaxed);
            answer = ask(false).await;
        }
        let answer = answer?;
        let place = "/organization/membersWithRole";
        let list: Connection<UserNode> = self.list(&answer, place, owner)?;
        let is_whole = list.nodes.iter().all(Option::is_some);
        Ok(PeoplePage {
            next: at.behind(list.next(), Vec::new()),
            total: list.total_count,
            partial: self.partial(&answer, owner, is_whole),
            people: list
                .nodes
                .into_iter()
                .flatten()
                .map(|node| self.person(node))
                .collect(),
            ..PeoplePage::default()
        })
    }

    async fn teams(&self, owner: &str, at: &At, size: usize) -> Result<PeoplePage, HostError> {
        let variables = json!({
            "owner": owner, "cursor": at.cursor, "first": size, "members": size,
        });
        let answer = self.ask(TEAMS, &variables, owner).await?;
        let list: Connection<TeamNode> = self.list(&answer, "/organization/teams", owner)?;
        let is_whole = list.nodes.iter().all(Option::is_some);
        let (next, total) = (list.next(), list.total_count);
        let mut rest = Vec::new();
        let mut teams = Vec::with_capacity(list.nodes.len());
        for node in list.nodes.into_iter().flatten() {
            rest.extend(node.members.next().map(|cursor| (node.id.clone(), cursor)));
            teams.push(self.team(owner, node));
        }
        Ok(PeoplePage {
            next: at.behind(next, rest),
            total,
            partial: self.partial(&answer, owner, is_whole),
            teams,
            ..PeoplePage::default()
        })
    }

    /// More members of `team`, from `cursor` on. A team that went meanwhile has no more.
    async fn members(
        &self,
        owner: &str,
        at: &At,
        team: &str,
        cursor: &str,
    ) -> Result<PeoplePage, HostError> {
        let variables = json!({ "team": team, "cursor": cursor, "first": PAGE });
        let answer = self.ask(MEMBERS, &variables, owner).await?;
        let found = match self.list::<Connection<Login>>(&answer, "/node/members", owner) {
            Ok(found) => Some(found),
            Err(HostError::NotFound { .. }) => None,
            Err(error) => return Err(error),
        };
        let next = found.as_ref().and_then(Connection::next);
        let logins = found.map(|found| logins(found.nodes)).unwrap_or_default();
        Ok(PeoplePage {
            next: at.without_first(next),
            members: vec![(team.to_owned(), logins)],
            partial: answer.partial,
            ..PeoplePage::default()
        })
    }

    /// The number of people, and of each team what changes with it.
    pub(in crate::host) async fn pulse(
        &self,
        owner: &str,
        size: usize,
    ) -> Result<String, HostError> {
        let mut cursor: Option<String> = None;
        let mut pulse = String::new();
        for _ in 0..MAX_PULSE {
            let variables = json!({ "owner": owner, "cursor": cursor, "first": size });
            let answer = self.ask(PULSE, &variables, owner).await?;
            if let Some(error) = answer.partial {
                return Err(error);
            }
            let list: Connection<Value> = self.list(&answer, "/organization/teams", owner)?;
            let people = answer
                .data
                .pointer("/organization/membersWithRole/totalCount");
            pulse.push_str(&people.map(Value::to_string).unwrap_or_default());
            for node in list.nodes.iter().flatten() {
                pulse.push_str(&node.to_string());
            }
            match list.next() {
                Some(next) => cursor = Some(next),
                None => return Ok(pulse),
            }
        }
        Err(HostError::Failed {
            place: format!("{}/{owner}", self.api.web()),
            reason: format!("has more than {MAX_PULSE} pages of teams"),
        })
    }

    /// Whether each of `missing` is gone: a team that nobody finds or that is another's, an account that is none any more
    /// or not of the organisation.
    pub(in crate::host) async fn are_gone(
        &self,
        owner: &str,
        missing: &[Missing<'_>],
    ) -> Result<Vec<bool>, HostError> {
        let ids: Vec<&str> = missing.iter().map(Missing::id).collect();
        let variables = json!({ "ids": ids, "owner": owner });
        let answer = self.ask(LOOK_UP, &variables, owner).await?;
        if let Some(error) = answer.partial {
            return Err(error);
        }
        let nodes = answer.data.get("nodes").and_then(Value::as_array);
        let nodes = nodes.filter(|nodes| nodes.len() == ids.len());
        let nodes =
            nodes.ok_or_else(|| self.strange(owner, "it left out some of what was asked"))?;
        // A node or field is null for whatever reason stands beside it; only "not found" is that it is gone.
        let is_told = |number: usize| {
            let mut errors = answer
                .errors
                .iter()
                .filter(|error| error.path.get(1).and_then(Value::as_u64) == Some(number as u64));
            errors.all(|error| matches!(self.api.error(error, owner), HostError::NotFound { .. }))
        };
        let is_ours = |node: &Value| {
            let of = node.get("memberOf").or_else(|| node.get("teamOf"));
            let of = of.and_then(|of| of.get("login")?.as_str());
            of.is_some_and(|login| login.eq_ignore_ascii_case(owner))
        };
        let nodes = nodes.iter().enumerate();
        Ok(nodes
            .map(|(number, node)| !is_ours(node) && is_told(number))
            .collect())
    }

    async fn ask(&self, query: &str, variables: &Value, owner: &str) -> Result<Answer, HostError> {
        let answer = self.api.query(query, variables).await?;
        // What wants a scope that the token has not is refused whole.
        match answer.errors.first().filter(|_| is_empty(&answer.data)) {
            Some(error) => Err(allowed_more(self.api.error(error, owner))),
            None => Ok(answer),
        }
    }

    /// The list at `place` of an answer.
    fn list<T: DeserializeOwned>(
        &self,
        answer: &Answer,
        place: &str,
        owner: &str,
    ) -> Result<T, HostError> {
        let Some(list) = answer.data.pointer(place).filter(|list| !list.is_null()) else {
            return Err(answer.errors.first().map_or_else(
                || HostError::NotFound {
                    place: format!("{}/{owner}", self.api.web()),
                },
                |error| allowed_more(self.api.error(error, owner)),
            ));
        };
        T::deserialize(list).map_err(|error| self.strange(owner, &error.to_string()))
    }

    /// Why an answer leaves something out, where it does.
    fn partial(&self, answer: &Answer, owner: &str, is_whole: bool) -> Option<HostError> {
        let beside = answer.errors.first();
        let beside = beside.map(|error| allowed_more(self.api.error(error, owner)));
        let hole = || self.strange(owner, "it left out some of a page");
        let partial = answer.partial.clone().or(beside);
        partial.or_else(|| (!is_whole).then(hole))
    }

    fn strange(&self, owner: &str, reason: &str) -> HostError {
        HostError::Failed {
            place: format!("{}/{owner}", self.api.web()),
            reason: format!("the host's answer cannot be read: {reason}"),
        }
    }
}

/// Whether an answer holds nothing of what was asked.
fn is_empty(data: &Value) -> bool {
    let fields = data.as_object().into_iter().flatten();
    let mut asked = fields.filter(|(name, _)| *name != "rateLimit");
    asked.all(|(_, value)| value.is_null())
}

/// `error` with what helps where a token may not see people.
fn allowed_more(error: HostError) -> HostError {
    match error {
        HostError::NotSignedIn {
            host,
            reason,
            remedy,
        } if !reason.contains("SAML") => HostError::NotSignedIn {
            remedy: format!(
                "people and teams want the scope read:org, or of a fine-grained token Members: read; run `gh auth refresh --hostname {host} --scopes read:org`, or {remedy}"
            ),
            host,
            reason,
        },
        error => error,
    }
}

fn logins(nodes: Vec<Option<Login>>) -> Vec<String> {
    nodes.into_iter().flatten().map(|node| node.login).collect()
}

/// A text that says something.
fn words(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

impl GithubPeople {
    fn person(&self, node: UserNode) -> Person {
        let login = one_line(&node.login);
        Person {
            id: node.id,
            page: format!("{}/{login}", self.api.web()),
            login,
            name: words(node.name),
            email: words(node.email),
            verified_email: node.organization_verified_domain_emails.into_iter().next(),
            bio: words(node.bio),
            avatar: words(node.avatar_url),
            listed_in: None,
            is_active: true,
        }
    }

    fn team(&self, owner: &str, node: TeamNode) -> Team {
        let path = one_line(&node.slug);
        Team {
            id: node.id,
            page: format!("{}/orgs/{owner}/teams/{path}", self.api.web()),
            path,
            name: node.name,
            description: words(node.description),
            avatar: words(node.avatar_url),
            edit: words(node.edit_team_url),
            visibility: None,
            parent: node.parent_team.map(|team| team.slug),
            members: logins(node.members.nodes),
        }
    }
}
