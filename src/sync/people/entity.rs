//! People and teams as users and groups: the entities that Backstage's own providers make of them, each as if it stood in
//! a file at its web page, so that what is wrong with one is told like what is wrong with any other.
//!
//! GitHub as `GithubMultiOrgEntityProvider` and `defaultTransformers` of its module 0.14 make them, GitLab as
//! `GitlabOrgDiscoveryEntityProvider` 0.8 does. Backstage has none for Gitea; those look like GitHub's.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use regress::Regex;
use serde_json::{Map, Value, json};

use super::kept::Kept;
use crate::config::{HostKind, People};
use crate::host::HostError;
use crate::host::people::{Person, Team};
use crate::ingest::{Found, Ingested, Location, Root, SourceFile, Standing};

/// An entity and the web page that it is of.
type Entity<'a> = (&'a str, Value);

/// The users and groups in `all` organisations of `people`, each as a file of the source named `source`.
pub(super) fn roots(
    people: &People,
    source: &str,
    all: &[(&str, Kept<'_>)],
) -> Result<Vec<Root>, HostError> {
    let all: Vec<Organization<'_>> = all
        .iter()
        .map(|(owner, kept)| Organization {
            owner,
            people: kept.persons(),
            teams: kept.teams(),
        })
        .collect();
    let entities = match people.kind {
        HostKind::Gitlab => of_gitlab(people, &all)?,
        _ => of_organizations(people, &all),
    };
    let root = |(page, body): Entity<'_>| {
        let location = Location::url(page);
        Root {
            source: source.to_owned(),
            location: location.clone(),
            files: Some(vec![SourceFile {
                location,
                name: page.to_owned(),
                bytes: body.to_string().into_bytes().into(),
                blob: None,
                commit: None,
            }]),
            found: Found::Named,
            standing: Standing::Required,
        }
    };
    Ok(entities.into_iter().map(root).collect())
}

/// The web pages of the users and groups among `roots`, in Backstage's form.
pub(in crate::sync) fn pages(roots: &[Root]) -> HashSet<String> {
    roots.iter().map(|root| root.location.to_string()).collect()
}

/// What ingest made of the users and groups at `pages`, without lines and columns: nobody wrote a file. A Backstage shows
/// no Location for them either.
pub(in crate::sync) fn without_lines(ingested: &mut Ingested, pages: &HashSet<String>) {
    ingested
        .roots
        .retain(|root| !pages.contains(&root.location));
    for problem in &mut ingested.problems {
        if pages.contains(&format!("url:{}", problem.place.file)) {
            (problem.place.line, problem.place.column, problem.length) = (0, 0, 0);
        }
    }
    for ingested in &mut ingested.entities {
        let provenance = &mut ingested.entity.provenance;
        if pages.contains(&provenance.location) {
            provenance.line = 0;
        }
    }
}

/// One organisation.
struct Organization<'a> {
    owner: &'a str,
    people: Vec<&'a Person>,
    teams: Vec<&'a Team>,
}

/// The users and groups of a GitHub or Gitea. Somebody in several organisations is one user, in the teams of all.
fn of_organizations<'a>(people: &People, all: &[Organization<'a>]) -> Vec<Entity<'a>> {
    let mut users: BTreeMap<String, (&Person, Vec<String>)> = BTreeMap::new();
    let mut groups = Vec::new();
    for organization in all {
        let namespace = people.namespaced.then(|| organization.owner.to_lowercase());
        for person in organization.people.iter().filter(|it| it.is_active) {
            let user = users.entry(person.login.to_lowercase());
            user.or_insert_with(|| (person, Vec::new()));
        }
        for team in &organization.teams {
            let name = namespace.as_ref().map_or_else(
                || team.path.clone(),
                |namespace| format!("{namespace}/{}", team.path),
            );
            for login in &team.members {
                if let Some((_, member_of)) = users.get_mut(&login.to_lowercase()) {
                    member_of.push(name.clone());
                }
            }
            let body = team_group(people, organization, namespace.as_deref(), team);
            groups.push((team.page.as_str(), body));
        }
    }
    let users = users.into_values();
    let users = users.map(|(person, member_of)| {
        let body = account_user(people, person, &member_of);
        (person.page.as_str(), body)
    });
    users.chain(groups).collect()
}

/// The prefix of the annotations that a host's providers write.
fn prefix(people: &People) -> &str {
    match people.kind {
        // Backstage writes it so for every GitHub.
        HostKind::Github => "github.com",
        _ => &people.host,
    }
}

fn account_user(people: &People, person: &Person, member_of: &[String]) -> Value {
    let prefix = prefix(people);
    let mut annotations = Map::new();
    annotations.insert(format!("{prefix}/user-login"), json!(person.login));
    annotations.insert(format!("{prefix}/user-id"), json!(person.id));
    // What stands behind a plus is for sorting one's mail.
    let verified = person.verified_email.as_deref().map(without_tag);
    let email = verified.or_else(|| person.email.clone());
    let profile = profile([
        ("displayName", person.name.clone()),
        ("email", email),
        ("picture", person.avatar.clone()),
    ]);
    let spec = json!({ "profile": profile, "memberOf": member_of });
    entity(
        "User",
        &person.login,
        None,
        &annotations,
        person.bio.as_deref(),
        &spec,
    )
}

fn team_group(
    people: &People,
    organization: &Organization<'_>,
    namespace: Option<&str>,
    team: &Team,
) -> Value {
    let key = match people.kind {
        HostKind::Github => "github.com/team-slug".to_owned(),
        _ => format!("{}/team-path", people.host),
    };
    let mut annotations = Map::new();
    let path = format!("{}/{}", organization.owner, team.path);
    annotations.insert(key, json!(path));
    if let Some(edit) = &team.edit {
        annotations.insert("backstage.io/edit-url".to_owned(), json!(edit));
    }
    let children = organization.teams.iter();
    let children = children.filter(|other| other.parent.as_deref() == Some(&team.path));
    let children: Vec<&str> = children.map(|other| other.path.as_str()).collect();
    let name = Some(team.name.clone()).filter(|name| !name.is_empty());
    let members: Vec<String> = team
        .members
        .iter()
        .map(|login| format!("default/{login}"))
        .collect();
    let mut spec = json!({
        "type": "team",
        "profile": profile([("displayName", name), ("picture", team.avatar.clone())]),
        "children": children,
        "members": members,
    });
    if let Some(parent) = &team.parent {
        spec["parent"] = json!(parent);
    }
    let about = team.description.as_deref();
    entity("Group", &team.path, namespace, &annotations, about, &spec)
}

/// The users and groups of a GitLab. Groups without any of the people are left out, as Backstage does it.
fn of_gitlab<'a>(people: &People, all: &[Organization<'a>]) -> Result<Vec<Entity<'a>>, HostError> {
    let filter = Filter::new(people)?;
    let mut entities = Vec::new();
    for organization in all {
        let users = organization.people.iter();
        let users: Vec<&Person> = users.copied().filter(|it| filter.takes(it)).collect();
        let known: BTreeSet<&str> = users.iter().map(|user| user.login.as_str()).collect();
        let teams = organization.teams.iter().copied();
        let teams: Vec<&Team> = teams
            .filter(|team| {
                filter.takes_group(&team.path)
                    && team
                        .members
                        .iter()
                        .any(|login| known.contains(login.as_str()))
            })
            .collect();
        let paths: BTreeSet<&str> = teams.iter().map(|team| team.path.as_str()).collect();
        let mut member_of: HashMap<&str, Vec<String>> = HashMap::new();
        for team in &teams {
            for login in &team.members {
                let groups = member_of.entry(login).or_default();
                groups.push(group_name(people, &team.path));
            }
        }
        for user in users {
            let groups = member_of.remove(user.login.as_str()).unwrap_or_default();
            entities.push((user.page.as_str(), gitlab_user(people, user, &groups)));
        }
        for team in teams {
            let parent = team.parent.as_deref().filter(|path| paths.contains(path));
            let body = gitlab_group(people, team, parent);
            entities.push((team.page.as_str(), body));
        }
    }
    Ok(entities)
}

fn gitlab_user(people: &People, user: &Person, groups: &[String]) -> Value {
    let host = &people.host;
    let mut annotations = Map::new();
    annotations.insert(format!("{host}/user-login"), json!(user.page));
    annotations.insert(format!("{host}/user-id"), json!(user.id));
    let profile = profile([
        ("displayName", user.name.clone()),
        ("picture", user.avatar.clone()),
        ("email", user.email.clone()),
    ]);
    let spec = json!({ "profile": profile, "memberOf": groups });
    entity("User", &user.login, None, &annotations, None, &spec)
}

fn gitlab_group(people: &People, team: &Team, parent: Option<&str>) -> Value {
    let host = &people.host;
    let mut annotations = Map::new();
    annotations.insert(format!("{host}/team-path"), json!(team.path));
    if let Some(visibility) = &team.visibility {
        annotations.insert(format!("{host}/visibility"), json!(visibility));
    }
    let mut spec = json!({
        "type": "team",
        "children": [],
        "profile": profile([("displayName", Some(team.name.clone()))]),
    });
    if let Some(parent) = parent {
        spec["parent"] = json!(group_name(people, parent));
    }
    let name = group_name(people, &team.path);
    entity(
        "Group",
        &name,
        None,
        &annotations,
        team.description.as_deref(),
        &spec,
    )
}

/// The name of the group at `path`: without the configured group in front, and without slashes.
fn group_name(people: &People, path: &str) -> String {
    let below = people
        .group()
        .and_then(|group| path.strip_prefix(group)?.strip_prefix('/'));
    below.unwrap_or(path).replace('/', "-")
}

/// Which people and groups of a GitLab are read.
struct Filter {
    groups: Vec<Regex>,
    users: Option<Regex>,
}

impl Filter {
    fn new(people: &People) -> Result<Self, HostError> {
        let compile = |pattern: &String| {
            Regex::new(pattern).map_err(|error| HostError::Failed {
                place: pattern.clone(),
                reason: format!("is no regular expression: {error}"),
            })
        };
        let filters = &people.filters;
        Ok(Self {
            groups: filters
                .groups
                .iter()
                .map(compile)
                .collect::<Result<_, _>>()?,
            users: filters.users.as_ref().map(compile).transpose()?,
        })
    }

    fn takes(&self, person: &Person) -> bool {
        let text = person.email.as_deref().unwrap_or(&person.login);
        let fits = self
            .users
            .as_ref()
            .is_none_or(|users| users.find(text).is_some());
        person.is_active && fits
    }

    fn takes_group(&self, path: &str) -> bool {
        self.groups.is_empty() || self.groups.iter().any(|it| it.find(path).is_some())
    }
}

/// An address without what stands between a plus and the at sign.
fn without_tag(address: &str) -> String {
    match address.split_once('+') {
        Some((name, rest)) => {
            let domain = rest.find('@').and_then(|at| rest.get(at..));
            format!("{name}{}", domain.unwrap_or_default())
        }
        None => address.to_owned(),
    }
}

fn profile<const N: usize>(fields: [(&str, Option<String>); N]) -> Value {
    let fields = fields.into_iter();
    let fields = fields.filter_map(|(key, text)| Some((key.to_owned(), Value::from(text?))));
    Value::Object(fields.collect())
}

fn entity(
    kind: &str,
    name: &str,
    namespace: Option<&str>,
    annotations: &Map<String, Value>,
    description: Option<&str>,
    spec: &Value,
) -> Value {
    let mut metadata = json!({ "name": name, "annotations": annotations });
    for (key, text) in [("namespace", namespace), ("description", description)] {
        if let Some(text) = text {
            metadata[key] = json!(text);
        }
    }
    json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": spec,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(login: &str) -> Person {
        Person {
            id: format!("U_{login}"),
            login: login.to_owned(),
            page: format!("https://h.dev/{login}"),
            is_active: true,
            ..Person::default()
        }
    }

    fn team(path: &str, parent: Option<&str>, members: &[&str]) -> Team {
        Team {
            path: path.to_owned(),
            name: format!("The {path}"),
            page: format!("https://h.dev/{path}"),
            parent: parent.map(str::to_owned),
            members: members.iter().map(|&login| login.to_owned()).collect(),
            ..Team::default()
        }
    }

    fn find<'a>(entities: &'a [Entity<'_>], kind: &str, name: &str) -> Option<&'a Value> {
        let mut bodies = entities.iter().map(|(_, body)| body);
        bodies.find(|body| body["kind"] == kind && body["metadata"]["name"] == name)
    }

    #[test]
    fn one_person_in_two_organisations_is_one_user_in_the_teams_of_both() {
        let owners = vec!["Acme".to_owned(), "beta".to_owned()];
        let people = People::new(HostKind::Github, "github.com", owners);
        let (first, second) = (person("Jane"), person("jane"));
        let named = Person {
            verified_email: Some("jane+x@acme.dev".to_owned()),
            ..first
        };
        let (core, sub) = (
            team("core", None, &["jane"]),
            team("sub", Some("core"), &[]),
        );
        let other = team("core", None, &["Jane", "gone"]);
        let all = [
            Organization {
                owner: "Acme",
                people: vec![&named],
                teams: vec![&core, &sub],
            },
            Organization {
                owner: "beta",
                people: vec![&second],
                teams: vec![&other],
            },
        ];
        let made = of_organizations(&people, &all);
        assert_eq!(made.len(), 4);
        let user = find(&made, "User", "Jane");
        let expected = json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "User",
            "metadata": { "name": "Jane", "annotations": {
                "github.com/user-login": "Jane", "github.com/user-id": "U_Jane",
            } },
            "spec": {
                "profile": { "email": "jane@acme.dev" },
                "memberOf": ["acme/core", "beta/core"],
            },
        });
        assert_eq!(user, Some(&expected));
        let group = find(&made, "Group", "core");
        let expected = json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "Group",
            "metadata": {
                "name": "core", "annotations": { "github.com/team-slug": "Acme/core" },
                "namespace": "acme",
            },
            "spec": {
                "type": "team", "profile": { "displayName": "The core" }, "children": ["sub"],
                "members": ["default/jane"],
            },
        });
        assert_eq!(group, Some(&expected));
        let sub = find(&made, "Group", "sub").map(|sub| &sub["spec"]["parent"]);
        assert_eq!(sub, Some(&json!("core")));
    }

    #[test]
    fn groups_of_a_gitlab_are_named_by_their_paths_and_stay_with_somebody_in_them() {
        let mut people = People::new(HostKind::Gitlab, "git.dev", vec!["acme".to_owned()]);
        people.filters.users = Some("^j".to_owned());
        let (jane, bob) = (person("jane"), person("bob"));
        let teams = [
            team("acme", None, &["jane"]),
            team("acme/a/b", Some("acme/a"), &["jane", "bob"]),
            team("acme/a", Some("acme"), &["bob"]),
            team("acme/c", Some("acme"), &["jane"]),
        ];
        let all = [Organization {
            owner: "acme",
            people: vec![&jane, &bob],
            teams: teams.iter().collect(),
        }];
        let made = of_gitlab(&people, &all).unwrap_or_default();
        let names: Vec<_> = made
            .iter()
            .map(|(_, body)| &body["metadata"]["name"])
            .collect();
        assert_eq!(names, ["jane", "acme", "a-b", "c"]);
        let user = find(&made, "User", "jane").map(|body| &body["spec"]["memberOf"]);
        assert_eq!(user, Some(&json!(["acme", "a-b", "c"])));
        let parent = |name| find(&made, "Group", name).map(|body| body["spec"]["parent"].clone());
        assert_eq!(parent("c"), Some(json!("acme")));
        assert_eq!(parent("a-b"), Some(Value::Null));
    }
}
