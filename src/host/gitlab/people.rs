//! The groups of a GitLab and the people in them: lists by REST, who is in which group by GraphQL, some groups at once.

use std::fmt::Write;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::api::Api;
use crate::catalog::text::one_line;
use crate::config::{HostKind, People};
use crate::host::HostError;
use crate::host::people::{At, List, Missing, PeoplePage, Person, Team};

const MEMBERS: &str = include_str!("people/members.graphql");

/// The most groups or people of one page, as GitLab allows.
const PAGE: usize = 100;
/// How many groups are asked for their members at once: each costs some fifteen points of the 250 that a query may.
const GROUPS_AT_ONCE: usize = 14;
/// The most pages of a pulse.
const MAX_PULSE: usize = 2_000;

/// The people of one GitLab.
#[derive(Debug)]
pub struct GitlabPeople {
    people: People,
    api: Arc<Api>,
}

/// A group as REST has it.
#[derive(Deserialize)]
struct GroupRow {
    id: u64,
    name: String,
    full_path: String,
    description: Option<String>,
    visibility: Option<String>,
    avatar_url: Option<String>,
}

/// A person as REST has it, alone or as a member.
#[derive(Deserialize)]
struct UserRow {
    id: u64,
    username: String,
    name: Option<String>,
    state: Option<String>,
    avatar_url: Option<String>,
    email: Option<String>,
    #[serde(default)]
    is_using_seat: bool,
}

impl GitlabPeople {
    /// What `people` names, asked over `api`.
    pub(in crate::host) fn new(people: &People, api: Arc<Api>) -> Self {
        Self {
            people: people.clone(),
            api,
        }
    }

    /// How many groups or people a page holds at most.
    pub(in crate::host) fn most(&self) -> usize {
        self.people.page_size.unwrap_or(PAGE)
    }

    /// The page at `at`; `teams` are the groups known so far.
    pub(in crate::host) async fn page(
        &self,
        owner: &str,
        at: &At,
        size: usize,
        teams: &[&Team],
    ) -> Result<PeoplePage, HostError> {
        match at.list {
            _ if !at.rest.is_empty() => self.members(at, size, teams).await,
            List::Teams => self.groups(owner, at, size).await,
            List::People | List::Nothing => self.persons(owner, at, size, teams).await,
        }
    }

    /// The groups below `owner`, itself among them; without one, all that we see.
    async fn groups(&self, owner: &str, at: &At, size: usize) -> Result<PeoplePage, HostError> {
        let size = size.to_string();
        let page = at.cursor.as_deref().unwrap_or("1");
        let query = [
            ("all_available", "true"),
            ("per_page", size.as_str()),
            ("page", page),
        ];
        let below = ["groups", owner, "descendant_groups"];
        let parts: &[&str] = if owner.is_empty() {
            &["groups"]
        } else {
            &below
        };
        let answer = self.api.rest().json::<Vec<GroupRow>>(parts, &query).await?;
        let next = answer.number("x-next-page").map(|next| next.to_string());
        let total = answer.number("x-total").unwrap_or_default();
        let mut teams = Vec::with_capacity(answer.body.len() + 1);
        if at.cursor.is_none() && !owner.is_empty() {
            let lean = [("with_projects", "false")];
            let own = self
                .api
                .rest()
                .json::<GroupRow>(&["groups", owner], &lean)
                .await?;
            teams.push(self.team(own.body));
        }
        teams.extend(answer.body.into_iter().map(|row| self.team(row)));
        let rest = teams.iter().map(|team| (team.id.clone(), String::new()));
        Ok(PeoplePage {
            next: at.behind(next, rest.collect()),
            teams,
            total,
            ..PeoplePage::default()
        })
    }

    /// The next members of the first groups in `at.rest`.
    async fn members(
        &self,
        at: &At,
        size: usize,
        teams: &[&Team],
    ) -> Result<PeoplePage, HostError> {
        let asked = at.rest.iter().take(size.min(GROUPS_AT_ONCE));
        let asked: Vec<(&String, &String)> = asked.map(|(id, cursor)| (id, cursor)).collect();
        let mut heads = String::new();
        let mut fields = String::new();
        let mut variables = Map::new();
        for (n, (id, cursor)) in asked.iter().enumerate() {
            let path = teams.iter().find(|team| team.id == **id);
            let path = path.map(|team| team.path.as_str()).unwrap_or_default();
            // Writing to a text does not fail.
            let _ = write!(heads, ", $p{n}: ID!, $c{n}: String");
            let _ = writeln!(
                fields,
                "  g{n}: group(fullPath: $p{n}) {{ groupMembers(first: 100, after: $c{n}, relations: $relations) {{ ...Members }} }}"
            );
            variables.insert(format!("p{n}"), path.into());
            let cursor = Some(cursor.as_str()).filter(|cursor| !cursor.is_empty());
            variables.insert(format!("c{n}"), json!(cursor));
        }
        variables.insert("relations".to_owned(), json!(self.relations()));
        let query = format!(
            "query GroupMembers($relations: [GroupMemberRelation!]{heads}) {{\n  queryComplexity {{ score limit }}\n{fields}}}\n{MEMBERS}"
        );
        let answer = self.api.query(&query, &Value::Object(variables)).await?;
        let mut page = PeoplePage::default();
        let mut rest = Vec::new();
        for (n, (id, _)) in asked.iter().enumerate() {
            let group = answer.data.get(format!("g{n}")).unwrap_or(&Value::Null);
            let list = group.get("groupMembers").filter(|list| !list.is_null());
            let Some(list) = list else {
                let failed = answer.errors.iter().find(|error| {
                    error.path.first().and_then(Value::as_str) == Some(format!("g{n}").as_str())
                });
                // A group that is gone has no members; one whose members are kept from us may have the ones it had.
                if !group.is_null() || failed.is_some() {
                    let reason = failed.map_or_else(
                        || self.withheld(id),
                        |error| self.api.error(error, &format!("groups/{id}")),
                    );
                    page.partial.get_or_insert(reason);
                }
                continue;
            };
            let nodes = list.get("nodes").and_then(Value::as_array);
            let nodes = nodes.into_iter().flatten();
            let logins = nodes.filter_map(|node| node.pointer("/user/username")?.as_str());
            let logins = logins.map(one_line).collect();
            page.members.push(((*id).clone(), logins));
            if list.pointer("/pageInfo/hasNextPage") == Some(&Value::Bool(true))
                && let Some(next) = list.pointer("/pageInfo/endCursor").and_then(Value::as_str)
            {
                rest.push(((*id).clone(), next.to_owned()));
            }
        }
        rest.extend(at.rest.iter().skip(asked.len()).cloned());
        let is_end = rest.is_empty() && at.list == List::Nothing;
        page.next = (!is_end).then(|| At { rest, ..at.clone() });
        Ok(page)
    }

    fn withheld(&self, group: &str) -> HostError {
        self.api
            .rest()
            .not_signed_in(format!("it does not show the members of group {group}"))
    }

    /// Whose membership counts: that of those who were added to a group itself always does.
    fn relations(&self) -> Vec<&str> {
        let mut relations = vec!["DIRECT"];
        for relation in &self.people.filters.relations {
            if !relations.contains(&relation.as_str()) {
                relations.push(relation);
            }
        }
        relations
    }

    /// The groups whose lists hold all people; none where the GitLab has one list for all.
    ///
    /// As Backstage asks: members of the one group where people are restricted to it; on gitlab.com, where nobody sees
    /// all accounts, members of the topmost group and of all that were found below.
    fn lists<'a>(&self, owner: &'a str, teams: &[&'a Team]) -> Vec<&'a str> {
        if owner.is_empty() {
            return Vec::new();
        }
        if self.people.filters.restricted {
            return vec![owner];
        }
        if !self.is_cloud() {
            return Vec::new();
        }
        let top = owner.split('/').next().unwrap_or(owner);
        let below = teams.iter().filter(|team| team.path != top);
        std::iter::once(top)
            .chain(below.map(|team| team.id.as_str()))
            .collect()
    }

    fn is_cloud(&self) -> bool {
        HostKind::Gitlab.cloud() == Some(self.people.host.as_str())
    }

    /// A page of people; the cursor is the number of the list and of its page.
    async fn persons(
        &self,
        owner: &str,
        at: &At,
        size: usize,
        teams: &[&Team],
    ) -> Result<PeoplePage, HostError> {
        let cursor = at.cursor.as_deref().unwrap_or("0:1");
        let (number, page) = cursor.split_once(':').unwrap_or(("0", "1"));
        let number: usize = number.parse().unwrap_or_default();
        let lists = self.lists(owner, teams);
        let group = lists.get(number).copied();
        let size = size.to_string();
        let mut query = vec![("active", "true"), ("per_page", &size), ("page", page)];
        let members;
        let parts: &[&str] = match group {
            None => {
                query.extend([
                    ("without_project_bots", "true"),
                    ("exclude_internal", "true"),
                ]);
                &["users"]
            }
            Some(group) => {
                query.extend(self.is_cloud().then_some(("show_seat_info", "true")));
                members = ["groups", group, "members", "all"];
                &members
            }
        };
        let mut result = PeoplePage::default();
        let mut next = None;
        match self.api.rest().json::<Vec<UserRow>>(parts, &query).await {
            Ok(answer) => {
                next = answer
                    .number("x-next-page")
                    .map(|page| format!("{number}:{page}"));
                result.total = answer.number("x-total").unwrap_or_default();
                let rows = answer.body.into_iter();
                result.people = rows.map(|row| self.person(row, group)).collect();
            }
            // A group that went meanwhile; the one that was named must be there.
            Err(HostError::NotFound { .. }) if number > 0 => {}
            Err(error) => return Err(error),
        }
        let another = (number + 1 < lists.len()).then(|| format!("{}:1", number + 1));
        result.next = at.behind(next.or(another), Vec::new());
        Ok(result)
    }

    /// The groups and who is in each: as much as it takes to see that nothing changed, without the people one by one.
    pub(in crate::host) async fn pulse(
        &self,
        owner: &str,
        size: usize,
    ) -> Result<String, HostError> {
        let mut at = At::default();
        let mut teams: Vec<Team> = Vec::new();
        let mut pulse = String::new();
        for _ in 0..MAX_PULSE {
            let known: Vec<&Team> = teams.iter().collect();
            let page = self.page(owner, &at, size, &known).await?;
            if let Some(error) = page.partial {
                return Err(error);
            }
            for team in &page.teams {
                let parts = [&team.id, &team.path, &team.name];
                let _ = writeln!(pulse, "{parts:?} {:?}", team.description);
            }
            for members in &page.members {
                let _ = writeln!(pulse, "{members:?}");
            }
            teams.extend(page.teams);
            match page.next {
                Some(next) if next.list == List::Teams || !next.rest.is_empty() => at = next,
                _ => return self.with_count(owner, pulse).await,
            }
        }
        Err(HostError::Failed {
            place: format!("{}/{owner}", self.api.rest().web()),
            reason: format!("has more than {MAX_PULSE} pages of groups"),
        })
    }

    /// `pulse` with the number of all accounts, where they are in one list.
    async fn with_count(&self, owner: &str, mut pulse: String) -> Result<String, HostError> {
        if self.lists(owner, &[]).is_empty() {
            let query = [("active", "true"), ("per_page", "1")];
            let answer = self.api.rest().json::<Value>(&["users"], &query).await?;
            let _ = write!(pulse, "{:?}", answer.number("x-total"));
        }
        Ok(pulse)
    }

    /// Whether each of `missing` is gone: only the group or account itself says so.
    pub(in crate::host) async fn are_gone(
        &self,
        owner: &str,
        missing: &[Missing<'_>],
    ) -> Result<Vec<bool>, HostError> {
        let mut gone = Vec::with_capacity(missing.len());
        for missing in missing {
            let found = match missing {
                Missing::Team(team) => {
                    let group = self
                        .api
                        .rest()
                        .json::<GroupRow>(&["groups", &team.id], &[])
                        .await;
                    group.map(|group| is_below(owner, &group.body.full_path))
                }
                Missing::Person(person) => {
                    let account = ["users", &person.id];
                    let list = person.listed_in.as_deref().unwrap_or_default();
                    let member = ["groups", list, "members", "all", &person.id];
                    let parts: &[&str] = if list.is_empty() { &account } else { &member };
                    let user = self.api.rest().json::<UserRow>(parts, &[]).await;
                    user.map(|user| user.body.state.as_deref() == Some("active"))
                }
            };
            gone.push(match found {
                Ok(is_there) => !is_there,
                Err(HostError::NotFound { .. }) => true,
                Err(error) => return Err(error),
            });
        }
        Ok(gone)
    }

    fn team(&self, row: GroupRow) -> Team {
        let path = one_line(&row.full_path);
        let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Team {
            id: row.id.to_string(),
            parent: path.rsplit_once('/').map(|(parent, _)| parent.to_owned()),
            page: format!("{}/{path}", self.api.rest().web()),
            path,
            name: row.name,
            description: text(row.description),
            avatar: text(row.avatar_url),
            edit: None,
            visibility: row.visibility,
            members: Vec::new(),
        }
    }

    fn person(&self, row: UserRow, group: Option<&str>) -> Person {
        let login = one_line(&row.username);
        let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let counts = match (self.is_cloud(), self.people.filters.without_seat) {
            (false, _) => true,
            (true, false) => row.is_using_seat,
            (true, true) => !is_robot(&login),
        };
        Person {
            id: row.id.to_string(),
            page: format!("{}/{login}", self.api.rest().web()),
            name: text(row.name),
            email: text(row.email),
            verified_email: None,
            bio: None,
            avatar: text(row.avatar_url),
            listed_in: group.map(str::to_owned),
            is_active: counts && row.state.as_deref() == Some("active"),
            login,
        }
    }
}

/// Whether the group at `path` is `owner`, or below it.
fn is_below(owner: &str, path: &str) -> bool {
    let below = path.strip_prefix(owner);
    owner.is_empty() || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether an account is the token of a project or group: `project_1_bot_2f` (`GitLabClient.listSaaSUsers`).
fn is_robot(login: &str) -> bool {
    let rest = login
        .strip_prefix("project_")
        .or(login.strip_prefix("group_"));
    let word = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    rest.is_some_and(|rest| {
        let mut ends = rest.match_indices("_bot_");
        ends.any(|(at, bot)| {
            let (before, behind) = rest.split_at(at);
            word(before) && behind.strip_prefix(bot).is_some_and(word)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn robots_and_groups_elsewhere_are_told_apart() {
        for (login, expected) in [
            ("project_12_bot_3f", true),
            ("group_a_b_bot_c", true),
            ("project_12_bot", false),
            ("project__bot_x", false),
            ("jane_bot_x", false),
        ] {
            assert_eq!(is_robot(login), expected, "{login}");
        }
        assert!(is_below("a", "a") && is_below("a", "a/b") && is_below("", "x"));
        assert!(!is_below("a", "ab") && !is_below("a/b", "a"));
    }
}
