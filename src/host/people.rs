//! The people and teams of an organisation, as its host describes them, whatever its kind: the seam between the hosts and
//! `sync::people`, which keeps them and makes users and groups of them.
//!
//! A host only asks and tells; it keeps nothing between calls. A new kind is a file that gives pages, a variant of
//! [`PeopleHost`], and its side of the forge in `tests/support/forge`.

use serde::{Deserialize, Serialize};

use super::HostError;
use super::gitea::GiteaPeople;
use super::github::GithubPeople;
use super::gitlab::GitlabPeople;

/// Somebody who has an account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// The host's own id, which stays when the account is renamed.
    pub id: String,
    /// The name one signs in with.
    pub login: String,
    /// What people call them.
    pub name: Option<String>,
    /// Their address, where the host shows it to us.
    pub email: Option<String>,
    /// The address that the organisation verified, where it was asked for.
    pub verified_email: Option<String>,
    /// What they say of themselves.
    pub bio: Option<String>,
    /// The address of their picture.
    pub avatar: Option<String>,
    /// Their web page.
    pub page: String,
    /// The group in whose list they were found, where there are several lists.
    pub listed_in: Option<String>,
    /// Whether the host counts them among those who work with it: neither blocked, nor a robot, nor without a seat.
    pub is_active: bool,
}

/// A team, or a group of a GitLab.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Team {
    /// The host's own id, which stays when the team is renamed.
    pub id: String,
    /// Its name as addresses have it: a slug, or the path of a group.
    pub path: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The address of its picture.
    pub avatar: Option<String>,
    /// Its web page.
    pub page: String,
    /// The web page on which it is changed.
    pub edit: Option<String>,
    /// Who may see it, where the host says.
    pub visibility: Option<String>,
    /// The path of the team that it is part of.
    pub parent: Option<String>,
    /// The logins of its members.
    pub members: Vec<String>,
}

/// What a page tells, and where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeoplePage {
    /// People.
    pub people: Vec<Person>,
    /// Teams, each with as many of its members as the page holds.
    pub teams: Vec<Team>,
    /// More members of teams that came before, by the teams' ids.
    pub members: Vec<(String, Vec<String>)>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<At>,
    /// How many people and teams there are in all, as far as the host tells.
    pub total: usize,
    /// Why the page is known to leave some out; nobody is gone because of it then.
    pub partial: Option<HostError>,
}

/// Which part of an organisation is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum List {
    /// Its teams.
    #[default]
    Teams,
    /// Its people.
    People,
    /// Nothing more than what is left of large teams.
    Nothing,
}

/// How far the listing of an organisation has come. The default is the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct At {
    /// What is listed.
    pub list: List,
    /// Where its next page begins, in the host's own terms.
    pub cursor: Option<String>,
    /// Teams whose members did not all fit, by their ids, and where the next ones begin; they come first.
    pub rest: Vec<(String, String)>,
}

impl At {
    /// Behind the last page.
    pub fn end() -> Self {
        Self {
            list: List::Nothing,
            cursor: None,
            rest: Vec::new(),
        }
    }

    /// What comes behind the page of `list` that ends at `cursor`: the next one, else the list after it.
    pub(super) fn behind(
        &self,
        cursor: Option<String>,
        rest: Vec<(String, String)>,
    ) -> Option<Self> {
        let list = match (self.list, &cursor) {
            (list, Some(_)) => list,
            (List::Teams, None) => List::People,
            (List::People | List::Nothing, None) => List::Nothing,
        };
        (list != List::Nothing || !rest.is_empty()).then_some(Self { list, cursor, rest })
    }

    /// The same place once a team gave more members, of which the next begin at `cursor`.
    pub(super) fn without_first(&self, cursor: Option<String>) -> Option<Self> {
        let mut rest = self.rest.clone();
        match (cursor, rest.first_mut()) {
            (Some(cursor), Some(first)) => first.1 = cursor,
            (None, Some(_)) => drop(rest.remove(0)),
            (_, None) => {}
        }
        (self.list != List::Nothing || !rest.is_empty()).then(|| Self {
            rest,
            ..self.clone()
        })
    }
}

/// What a sweep did not meet, to be looked for by itself.
#[derive(Debug, Clone, Copy)]
pub enum Missing<'a> {
    /// A person.
    Person(&'a Person),
    /// A team.
    Team(&'a Team),
}

impl Missing<'_> {
    /// The host's own id.
    pub fn id(&self) -> &str {
        match self {
            Self::Person(person) => &person.id,
            Self::Team(team) => &team.id,
        }
    }
}

/// Every kind of host of people.
#[derive(Debug)]
pub enum PeopleHost {
    /// GitHub: the cloud or an Enterprise Server.
    Github(GithubPeople),
    /// GitLab: the cloud or one of somebody's own.
    Gitlab(GitlabPeople),
    /// Gitea and Forgejo.
    Gitea(GiteaPeople),
}

impl PeopleHost {
    /// How many people or teams a page holds at most.
    pub fn most(&self) -> usize {
        match self {
            Self::Github(host) => host.most(),
            Self::Gitlab(host) => host.most(),
            Self::Gitea(host) => host.most(),
        }
    }

    /// The people and teams of `owner` from `at` on, about `size` of them; `teams` are those known so far.
    pub async fn page(
        &self,
        owner: &str,
        at: &At,
        size: usize,
        teams: &[&Team],
    ) -> Result<PeoplePage, HostError> {
        match self {
            Self::Github(host) => host.page(owner, at, size).await,
            Self::Gitlab(host) => host.page(owner, at, size, teams).await,
            Self::Gitea(host) => host.page(owner, at, size).await,
        }
    }

    /// A text that is sure to change when somebody comes or goes, or a team does, and is cheaper than asking for all of
    /// them; `None` where there is no such thing.
    pub async fn pulse(&self, owner: &str, size: usize) -> Result<Option<String>, HostError> {
        match self {
            Self::Github(host) => host.pulse(owner, size).await.map(Some),
            Self::Gitlab(host) => host.pulse(owner, size).await.map(Some),
            Self::Gitea(_) => Ok(None),
        }
    }

    /// Whether each of `missing`, at most [`PeopleHost::most`], is gone from `owner` for certain.
    pub async fn are_gone(
        &self,
        owner: &str,
        missing: &[Missing<'_>],
    ) -> Result<Vec<bool>, HostError> {
        match self {
            Self::Github(host) => host.are_gone(owner, missing).await,
            Self::Gitlab(host) => host.are_gone(owner, missing).await,
            Self::Gitea(host) => host.are_gone(owner, missing).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_teams_come_before_the_next_page_and_people_behind_teams() {
        let rest = |teams: &[(&str, &str)]| -> Vec<(String, String)> {
            let pair = |(team, cursor): &(&str, &str)| ((*team).to_owned(), (*cursor).to_owned());
            teams.iter().map(pair).collect()
        };
        let start = At::default();
        let next = start.behind(Some("50".to_owned()), rest(&[("a", "1"), ("b", "1")]));
        let next = next.unwrap_or_default();
        assert_eq!(
            (next.list, next.cursor.as_deref()),
            (List::Teams, Some("50"))
        );
        let next = next.without_first(Some("2".to_owned())).unwrap_or_default();
        assert_eq!(next.rest, rest(&[("a", "2"), ("b", "1")]));
        let next = next.without_first(None).unwrap_or_default();
        assert_eq!(next.rest, rest(&[("b", "1")]));
        let next = next.without_first(None).unwrap_or_default();
        let people = next.behind(None, Vec::new()).unwrap_or_default();
        assert_eq!((people.list, people.cursor.clone()), (List::People, None));
        assert_eq!(people.behind(None, Vec::new()), None);
        let last = people.behind(None, rest(&[("c", "1")])).unwrap_or_default();
        assert_eq!(last.list, List::Nothing);
        assert_eq!(last.without_first(None), None);
    }
}
