//! What a host can be asked while a form is filled in: owners, projects, repositories, branches. Whoever is not signed in
//! there, or offline, types them.

use serde_json::Value as Json;

use super::form::repo_url::RepoUrl;
use super::outside::{Outside, Request};

/// How many are asked for: a page of the host's API.
const PAGE: usize = 100;

/// What is asked of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Whose repositories could be made there: the user, their organizations, groups, workspaces.
    Owners(String),
    /// The projects of an organization or workspace, at hosts that have them.
    Projects(RepoUrl),
    /// The names of the repositories beside the one that is to be made.
    Repositories(RepoUrl),
    /// The branches of a repository.
    Branches(RepoUrl),
}

impl Question {
    fn host(&self) -> &str {
        match self {
            Self::Owners(host) => host,
            Self::Projects(repo) | Self::Repositories(repo) | Self::Branches(repo) => &repo.host,
        }
    }
}

/// What the host says, in its order, or why it says nothing. Blocks.
pub fn ask(outside: &dyn Outside, question: &Question) -> Result<Vec<String>, String> {
    let host = question.host();
    let Some(kind) = outside.host_type(host) else {
        return Err(format!("{host} is no host that is configured"));
    };
    let mut found = Vec::new();
    let mut said = None;
    let mut answered = false;
    for (path, names) in calls(&kind, question) {
        let request = Request {
            method: "GET",
            host: host.to_owned(),
            path,
            body: Json::Null,
            token: None,
        };
        match outside.http(&request) {
            Ok(response) if response.status < 300 => {
                answered = true;
                found.extend(read(&response.body, names));
                // Of an owner who may be a person or an organization, one call answers.
                if !found.is_empty() && !matches!(question, Question::Owners(_)) {
                    break;
                }
            }
            Ok(response) => said = Some(format!("{host} answers {}", response.status)),
            Err(error) => said = Some(error.to_string()),
        }
    }
    match said {
        Some(why) if !answered => Err(why),
        _ => {
            let mut seen = std::collections::BTreeSet::new();
            found.retain(|name| seen.insert(name.clone()));
            Ok(found)
        }
    }
}

/// The calls that answer a question, with where in the answers the names stand: `list/name`.
fn calls(kind: &str, question: &Question) -> Vec<(String, &'static str)> {
    use super::action::path_part as part;
    match (kind, question) {
        ("github" | "gitea", Question::Owners(_)) => vec![
            ("/user".to_owned(), "login"),
            (
                paged("/user/orgs", kind),
                if kind == "gitea" {
                    "/username"
                } else {
                    "/login"
                },
            ),
        ],
        ("github" | "gitea", Question::Repositories(repo)) => vec![
            (
                paged(&format!("/orgs/{}/repos", part(&repo.owner)), kind),
                "/name",
            ),
            (
                paged(&format!("/users/{}/repos", part(&repo.owner)), kind),
                "/name",
            ),
        ],
        ("github" | "gitea", Question::Branches(repo)) => vec![(
            paged(
                &format!("/repos/{}/{}/branches", part(&repo.owner), part(&repo.repo)),
                kind,
            ),
            "/name",
        )],
        ("gitlab", Question::Owners(_)) => vec![
            ("/user".to_owned(), "username"),
            (
                format!("/groups?min_access_level=30&per_page={PAGE}"),
                "/full_path",
            ),
        ],
        ("gitlab", Question::Repositories(repo)) => vec![
            (
                format!("/groups/{}/projects?per_page={PAGE}", part(&repo.owner)),
                "/path",
            ),
            (
                format!("/users/{}/projects?per_page={PAGE}", part(&repo.owner)),
                "/path",
            ),
        ],
        ("gitlab", Question::Branches(repo)) => {
            let project = part(&format!("{}/{}", repo.owner, repo.repo));
            vec![(
                format!("/projects/{project}/repository/branches?per_page={PAGE}"),
                "/name",
            )]
        }
        _ => project_calls(kind, question),
    }
}

/// The same, of hosts that have projects or workspaces between owners and repositories.
fn project_calls(kind: &str, question: &Question) -> Vec<(String, &'static str)> {
    use super::action::path_part as part;
    match (kind, question) {
        ("bitbucketCloud", Question::Owners(_)) => {
            vec![(format!("/workspaces?pagelen={PAGE}"), "values/slug")]
        }
        ("bitbucketCloud", Question::Projects(repo)) => vec![(
            format!(
                "/workspaces/{}/projects?pagelen={PAGE}",
                part(&repo.workspace)
            ),
            "values/key",
        )],
        ("bitbucketCloud", Question::Repositories(repo)) => vec![(
            format!("/repositories/{}?pagelen={PAGE}", part(&repo.workspace)),
            "values/slug",
        )],
        ("bitbucketCloud", Question::Branches(repo)) => vec![(
            format!(
                "/repositories/{}/{}/refs/branches?pagelen={PAGE}",
                part(&repo.workspace),
                part(&repo.repo)
            ),
            "values/name",
        )],
        ("bitbucketServer", Question::Projects(_) | Question::Owners(_)) => {
            vec![(format!("/projects?limit={PAGE}"), "values/key")]
        }
        ("bitbucketServer", Question::Repositories(repo)) => vec![(
            format!("/projects/{}/repos?limit={PAGE}", part(&repo.project)),
            "values/slug",
        )],
        ("bitbucketServer", Question::Branches(repo)) => vec![(
            format!(
                "/projects/{}/repos/{}/branches?limit={PAGE}",
                part(&repo.project),
                part(&repo.repo)
            ),
            "values/displayId",
        )],
        ("azure", Question::Projects(repo)) => vec![(
            format!(
                "/{}/_apis/projects?api-version=6.0",
                part(&repo.organization)
            ),
            "value/name",
        )],
        ("azure", Question::Repositories(repo)) => vec![(
            format!(
                "/{}/{}/_apis/git/repositories?api-version=6.0",
                part(&repo.organization),
                part(&repo.project)
            ),
            "value/name",
        )],
        ("azure", Question::Branches(repo)) => vec![(
            format!(
                "/{}/{}/_apis/git/repositories/{}/refs?filter=heads/&api-version=6.0",
                part(&repo.organization),
                part(&repo.project),
                part(&repo.repo)
            ),
            "value/name",
        )],
        ("gerrit", Question::Branches(repo)) => {
            vec![(format!("/projects/{}/branches/", part(&repo.repo)), "/ref")]
        }
        _ => Vec::new(),
    }
}

fn paged(path: &str, kind: &str) -> String {
    let key = if kind == "gitea" { "limit" } else { "per_page" };
    format!("{path}?{key}={PAGE}")
}

/// The names in an answer; `names` is the key of the list, if it stands in one, and the key of the name.
fn read(body: &Json, names: &str) -> Vec<String> {
    let text = |item: &Json, key: &str| {
        let name = item.get(key)?.as_str()?;
        let name = name.strip_prefix("refs/heads/").unwrap_or(name);
        Some(crate::catalog::text::one_line(name)).filter(|name| !name.is_empty())
    };
    match names.split_once('/') {
        None => text(body, names).into_iter().collect(),
        Some((list, key)) => {
            let list = if list.is_empty() {
                Some(body)
            } else {
                body.get(list)
            };
            let items = list.and_then(Json::as_array).into_iter().flatten();
            items.filter_map(|item| text(item, key)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_read_where_each_host_has_them() {
        assert_eq!(read(&json!({"login": "jane"}), "login"), ["jane"]);
        assert_eq!(
            read(&json!([{"name": "main"}, {"id": 1}]), "/name"),
            ["main"]
        );
        assert_eq!(
            read(
                &json!({"value": [{"name": "refs/heads/release/1"}]}),
                "value/name"
            ),
            ["release/1"]
        );
    }

    #[test]
    fn every_host_with_branches_is_asked_for_them() {
        let repo = RepoUrl::read("h?owner=a%2Fb&repo=c&project=p&workspace=w&organization=o");
        for kind in [
            "github",
            "gitea",
            "gitlab",
            "bitbucketCloud",
            "bitbucketServer",
            "azure",
            "gerrit",
        ] {
            let calls = calls(kind, &Question::Branches(repo.clone()));
            assert_eq!(calls.len(), 1, "{kind}");
            assert!(!calls[0].0.contains("a/b/c"), "{kind}: {}", calls[0].0);
        }
    }
}
