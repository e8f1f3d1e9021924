//! Facts about one repository of a Bitbucket Data Center: five calls at once, and two more for what is built, of all commits
//! together. Its issues are elsewhere, what came out are tags, and what is deployed can only be asked for by name.

use serde_json::Value;
use url::Url;

use crate::catalog::facts::{
    Commit, Fact, Facts, Listed, Outcome, Pull, Release, Review, Run, Topic,
};
use crate::host::HostError;
use crate::host::facts::{
    RepositoryAt, first_line, is, items, link, listed, number, shown, text, together, told,
};
use crate::host::rest::RestApi;

/// What a token needs for whatever there is.
const NEEDS: &str = "permission to read the repository";

/// What the Bitbucket Data Center behind `api` tells of the repository `at`.
pub(in crate::host) async fn facts(api: &RestApi, at: &RepositoryAt) -> Result<Facts, HostError> {
    let of = Of { api, at };
    let open = [("state", "OPEN"), ("order", "NEWEST"), ("limit", "25")];
    let latest = [("orderBy", "MODIFICATION"), ("limit", "10")];
    let (repository, branch, commits, pulls, tags) = tokio::join!(
        of.get(&[], &[]),
        of.get(&["default-branch"], &[]),
        of.get(&["commits"], &[("limit", "1")]),
        of.get(&["pull-requests"], &open),
        of.get(&["tags"], &latest),
    );
    let repository = shown(repository, api, at)?;
    let url = format!(
        "{}/{}/repos/{}",
        api.web(),
        match of.project() {
            ("~", user) => format!("users/{user}"),
            (_, key) => format!("projects/{key}"),
        },
        text(&repository, "/slug"),
    );
    let tip = commits.as_ref().ok().map(|told| text(told, "/values/0/id"));
    let tip = tip.filter(|tip| !tip.is_empty());
    let branch = match (branch, &tip) {
        (Ok(branch), _) => Some(text(&branch, "/displayId")),
        // A server of before 7.5 has it elsewhere.
        (Err(HostError::NotFound { .. }), Some(_)) => {
            let branch = of.get(&["branches", "default"], &[]).await.ok();
            branch.map(|branch| text(&branch, "/displayId"))
        }
        _ => None,
    };
    let (builds, checks) = tokio::join!(of.builds(tip.as_deref()), of.checks(pulls.as_ref().ok()));
    let commit = match commits {
        // Nothing was pushed yet: that there is no default branch is told like that.
        Err(HostError::NotFound { .. }) => Fact::Known(None),
        commits => told(commits, Topic::Commit, NEEDS, |told| {
            let node = told.pointer("/values/0");
            node.map(|node| commit(node, &url, builds.as_ref().ok()))
        }),
    };
    let is_public = is(&repository, "/public") || is(&repository, "/project/public");
    Ok(Facts {
        host: at.host.clone(),
        name: format!(
            "{}/{}",
            text(&repository, "/project/key"),
            text(&repository, "/slug")
        ),
        visibility: if is_public { "public" } else { "private" }.to_owned(),
        is_archived: is(&repository, "/archived"),
        branch,
        pull_word: "pull request".to_owned(),
        release_word: "tag".to_owned(),
        commit,
        pulls: told(pulls, Topic::Pulls, NEEDS, |told| {
            let page = format!("{url}/pull-requests");
            list(&told, |node| pull(node, &checks), page)
        }),
        runs: told(builds, Topic::Runs, NEEDS, |told| {
            list(&told, run, format!("{url}/builds"))
        }),
        issues: Fact::Absent,
        alerts: Fact::Absent,
        releases: told(tags, Topic::Releases, NEEDS, |told| {
            list(&told, |node| tag(node, &url), format!("{url}/browse"))
        }),
        environments: Fact::Absent,
        languages: Fact::Absent,
        url,
    })
}

/// One repository.
struct Of<'a> {
    api: &'a RestApi,
    at: &'a RepositoryAt,
}

impl Of<'_> {
    /// `~` and the user whose own it is, or nothing and the key of its project.
    fn project(&self) -> (&str, &str) {
        let (owner, _) = self.at.name.split_once('/').unwrap_or_default();
        match owner.strip_prefix('~') {
            Some(user) => ("~", user),
            None => ("", owner),
        }
    }

    /// What stands at the path of `parts` below the repository.
    async fn get(&self, parts: &[&str], query: &[(&str, &str)]) -> Result<Value, HostError> {
        let (owner, slug) = self.at.name.split_once('/').unwrap_or_default();
        let parts = [&["projects", owner, "repos", slug], parts].concat();
        Ok(self.api.json(&parts, query).await?.body)
    }

    /// The builds of the commit `tip`, the latest first.
    async fn builds(&self, tip: Option<&str>) -> Result<Value, HostError> {
        let Some(tip) = tip else {
            return Ok(Value::Null);
        };
        let mut url = self.of_builds(&[tip])?;
        let query = [("limit", "25"), ("orderBy", "NEWEST")];
        url.query_pairs_mut().extend_pairs(query);
        let told = self.api.ask(url.as_str(), |client| client.get(url.clone()));
        Ok(told.await?.body)
    }

    /// How many builds of the commits of `pulls` ended how, by commit; nothing where that is not told.
    async fn checks(&self, pulls: Option<&Value>) -> Value {
        let commits = pulls.into_iter().flat_map(|pulls| items(pulls, "/values"));
        let commits: Vec<String> = commits
            .map(|node| text(node, "/fromRef/latestCommit"))
            .collect();
        let Ok(url) = self.of_builds(&["stats"]) else {
            return Value::Null;
        };
        if commits.is_empty() {
            return Value::Null;
        }
        let told = self.api.ask(url.as_str(), |client| {
            client.post(url.clone()).json(&commits)
        });
        told.await.map(|told| told.body).unwrap_or_default()
    }

    /// The address of what is known of builds, which lies beside the API of repositories.
    fn of_builds(&self, parts: &[&str]) -> Result<Url, HostError> {
        let mut url = self.api.address(&[], &[])?;
        let base = url.path().split("/rest/").next().unwrap_or_default();
        let base = base.to_owned();
        url.set_path(&base);
        let above = ["rest", "build-status", "1.0", "commits"];
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(above.iter().chain(parts));
        }
        Ok(url)
    }
}

fn list<T>(told: &Value, read: impl Fn(&Value) -> T, page: String) -> Listed<T> {
    let all: Vec<T> = items(told, "/values").map(read).collect();
    // It is told how many there are only by there being no more.
    let is_all = told.get("isLastPage").and_then(Value::as_bool) != Some(false);
    let total = u64::try_from(all.len()).ok().filter(|_| is_all);
    listed(all.into_iter(), total, page)
}

/// The moment at `path`, which is told in milliseconds.
fn moment(node: &Value, path: &str) -> Option<u64> {
    Some(number(node, path)? / 1_000).filter(|at| *at > 0)
}

fn commit(node: &Value, url: &str, builds: Option<&Value>) -> Commit {
    let id = text(node, "/id");
    let builds = builds
        .into_iter()
        .flat_map(|builds| items(builds, "/values"));
    Commit {
        title: first_line(node, "/message"),
        author: who(node, "/author"),
        at: moment(node, "/authorTimestamp"),
        checks: together(builds.map(|build| built(&text(build, "/state")))),
        url: format!("{url}/commits/{id}"),
        id,
    }
}

/// What somebody is called.
fn who(node: &Value, path: &str) -> String {
    let names = ["name", "displayName"].map(|name| text(node, &format!("{path}/{name}")));
    names
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default()
}

fn pull(node: &Value, checks: &Value) -> Pull {
    let stats = checks.get(text(node, "/fromRef/latestCommit"));
    Pull {
        number: number(node, "/id").unwrap_or_default(),
        title: text(node, "/title"),
        author: who(node, "/author/user"),
        is_draft: is(node, "/draft"),
        review: review(node),
        checks: stats.and_then(counted),
        branch: text(node, "/fromRef/displayId"),
        into: text(node, "/toRef/displayId"),
        updated: moment(node, "/updatedDate"),
        url: link(node, "/links/self/0/href"),
    }
}

/// What the reviewers of a proposed change come to: whoever wants something changed counts most.
fn review(node: &Value) -> Review {
    let said = |status: &str| items(node, "/reviewers").any(|it| text(it, "/status") == status);
    match () {
        () if said("NEEDS_WORK") => Review::ChangesRequested,
        () if said("APPROVED") => Review::Approved,
        () if items(node, "/reviewers").next().is_some() => Review::Required,
        () => Review::NotNeeded,
    }
}

/// What the builds of a commit come to, where they are only counted.
fn counted(stats: &Value) -> Option<Outcome> {
    let counts = [
        ("/failed", Outcome::Failed),
        ("/inProgress", Outcome::Running),
        ("/successful", Outcome::Passed),
        ("/cancelled", Outcome::Stopped),
        ("/unknown", Outcome::Unknown),
    ];
    let there = counts
        .into_iter()
        .filter(|(path, _)| number(stats, path) > Some(0));
    together(there.map(|(_, outcome)| outcome))
}

fn run(node: &Value) -> Run {
    let outcome = built(&text(node, "/state"));
    let names = ["/name", "/key"].map(|path| text(node, path));
    let took = number(node, "/duration").map(|took| took / 1_000);
    Run {
        name: names
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or_default(),
        number: number(node, "/buildNumber").unwrap_or_default(),
        outcome,
        event: String::new(),
        title: text(node, "/description"),
        // Older servers know one moment only.
        at: moment(node, "/createdDate").or_else(|| moment(node, "/dateAdded")),
        seconds: took.filter(|took| *took > 0 && outcome != Outcome::Running),
        url: link(node, "/url"),
    }
}

/// How a build ended, as those who report it write that.
fn built(state: &str) -> Outcome {
    match state {
        "SUCCESSFUL" => Outcome::Passed,
        "FAILED" => Outcome::Failed,
        "INPROGRESS" => Outcome::Running,
        "CANCELLED" => Outcome::Stopped,
        _ => Outcome::Unknown,
    }
}

fn tag(node: &Value, url: &str) -> Release {
    let (name, id) = (text(node, "/displayId"), text(node, "/id"));
    let page = Url::parse_with_params(&format!("{url}/browse"), [("at", id)]);
    Release {
        tag: name,
        name: String::new(),
        state: String::new(),
        at: None,
        url: page.map(String::from).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reviewers_and_builds_come_to_one_word() {
        let by = |status: &str| json!({ "status": status });
        for (reviewers, expected) in [
            (json!([]), Review::NotNeeded),
            (json!([by("UNAPPROVED")]), Review::Required),
            (json!([by("UNAPPROVED"), by("APPROVED")]), Review::Approved),
            (
                json!([by("NEEDS_WORK"), by("APPROVED")]),
                Review::ChangesRequested,
            ),
        ] {
            assert_eq!(
                review(&json!({ "reviewers": reviewers })),
                expected,
                "{reviewers}"
            );
        }
        let counts = |failed: u64, going: u64, passed: u64| json!({ "failed": failed, "inProgress": going, "successful": passed });
        assert_eq!(counted(&counts(1, 1, 5)), Some(Outcome::Failed));
        assert_eq!(counted(&counts(0, 1, 5)), Some(Outcome::Running));
        assert_eq!(counted(&counts(0, 0, 5)), Some(Outcome::Passed));
        assert_eq!(counted(&counts(0, 0, 0)), None);
    }
}
