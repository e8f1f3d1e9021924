//! Facts about one repository of a Bitbucket Cloud: one call for the repository with its last commit, then one for each list,
//! all at once, of no more fields than are shown. What came out are tags; there are neither alerts nor languages.

use serde_json::Value;

use crate::catalog::facts::{
    Commit, Environment, Fact, Facts, Issue, Listed, Outcome, Pull, Release, Review, Run, Topic,
};
use crate::host::HostError;
use crate::host::facts::{
    RepositoryAt, first_graphemes, first_line, is, items, link, listed, number, off, shown, spread,
    text, time, together, told,
};
use crate::host::rest::RestApi;

/// What is asked of the repository, and of a commit in it.
const REPOSITORY: [&str; 5] = [
    "full_name",
    "is_private",
    "has_issues",
    "links.html.href",
    "mainbranch.name",
];
const COMMIT: [&str; 5] = [
    "hash",
    "date",
    "message",
    "author.raw",
    "author.user.display_name",
];
/// What is asked of each thing in a list.
const PULL: &str = "size,values.id,values.title,values.draft,values.updated_on,values.links.html.href,values.author.nickname,values.author.display_name,values.source.branch.name,values.destination.branch.name,values.participants.role,values.participants.state,values.participants.approved";
const STATUS: &str = "values.key,values.name,values.description,values.state,values.url,values.created_on,values.updated_on";
const PIPELINE: &str = "size,values.build_number,values.state,values.trigger.name,values.target.selector,values.target.commit.message,values.created_on,values.completed_on,values.duration_in_seconds";
const ISSUE: &str = "size,values.id,values.title,values.kind,values.updated_on,values.links.html.href,values.reporter.nickname,values.reporter.display_name";
const TAG: &str = "size,values.name,values.date,values.target.date,values.links.html.href";
const DEPLOYMENT: &str = "values.environment.uuid,values.state,values.release.name,values.release.url,values.release.commit.hash";
const ENVIRONMENT: &str = "values.uuid,values.name";
/// What counts as an open issue.
const OPEN: &str = "(state=\"new\" OR state=\"open\" OR state=\"on hold\")";

/// What the Bitbucket Cloud behind `api` tells of the repository `at`.
pub(in crate::host) async fn facts(api: &RestApi, at: &RepositoryAt) -> Result<Facts, HostError> {
    let of = Of { api, at };
    let tip = COMMIT.map(|field| format!("mainbranch.target.{field}"));
    let fields = format!("{},{}", REPOSITORY.join(","), tip.join(","));
    let repository = of.get(&[], &[("fields", &fields)]).await;
    let mut repository = shown(repository, api, at)?;
    let url = link(&repository, "/links/html/href");
    let branch = Some(text(&repository, "/mainbranch/name")).filter(|branch| !branch.is_empty());
    let mut target = repository
        .pointer_mut("/mainbranch/target")
        .map(Value::take);
    if let Some(branch) = &branch
        && target.as_ref().is_none_or(Value::is_null)
    {
        target = of.tip(branch).await.ok();
    }
    let hash = target.as_ref().map(|target| text(target, "/hash"));
    let (statuses, pulls, pipelines, issues, releases, environments) = tokio::join!(
        of.statuses(hash.as_deref()),
        of.pulls(&url),
        of.pipelines(branch.as_deref(), &url),
        of.issues(is(&repository, "/has_issues"), &url),
        of.tags(&url),
        of.environments(&url),
    );
    let commit = match (&branch, target) {
        (None, _) => Fact::Known(None),
        (Some(_), Some(target)) => Fact::Known(Some(commit(&target, &statuses, &url))),
        (Some(_), None) => Fact::withheld("its host does not tell the last commit"),
    };
    let visibility = if is(&repository, "/is_private") {
        "private"
    } else {
        "public"
    };
    Ok(Facts {
        host: at.host.clone(),
        name: text(&repository, "/full_name"),
        visibility: visibility.to_owned(),
        is_archived: false,
        branch,
        pull_word: "pull request".to_owned(),
        release_word: "tag".to_owned(),
        commit,
        pulls,
        runs: runs(pipelines, &statuses, &url),
        issues,
        alerts: Fact::Absent,
        releases,
        environments,
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
    /// What stands at the path of `parts` below the repository.
    async fn get(&self, parts: &[&str], query: &[(&str, &str)]) -> Result<Value, HostError> {
        let (workspace, name) = self.at.name.split_once('/').unwrap_or_default();
        let parts = [&["repositories", workspace, name], parts].concat();
        Ok(self.api.json(&parts, query).await?.body)
    }

    /// The commit at the tip of `branch`, for a host that does not tell it with the repository.
    async fn tip(&self, branch: &str) -> Result<Value, HostError> {
        let parts: Vec<&str> = ["refs", "branches"]
            .into_iter()
            .chain(branch.split('/'))
            .collect();
        let fields = COMMIT.map(|field| format!("target.{field}")).join(",");
        let mut told = self.get(&parts, &[("fields", &fields)]).await?;
        Ok(told
            .pointer_mut("/target")
            .map(Value::take)
            .unwrap_or_default())
    }

    /// What programs that build it say of the commit `hash`, each once, the latest first.
    async fn statuses(&self, hash: Option<&str>) -> Vec<Value> {
        let Some(hash) = hash else {
            return Vec::new();
        };
        let query = [
            ("pagelen", "50"),
            ("sort", "-updated_on"),
            ("fields", STATUS),
        ];
        let told = self.get(&["commit", hash, "statuses"], &query).await;
        told.iter()
            .flat_map(|told| items(told, "/values"))
            .cloned()
            .collect()
    }

    async fn pulls(&self, url: &str) -> Fact<Listed<Pull>> {
        let query = [
            ("state", "OPEN"),
            ("sort", "-updated_on"),
            ("pagelen", "20"),
            ("fields", PULL),
        ];
        let page = format!("{url}/pull-requests/");
        let answer = self.get(&["pullrequests"], &query).await;
        told(answer, Topic::Pulls, needs(Topic::Pulls), |told| {
            list(&told, pull, page)
        })
    }

    async fn pipelines(&self, branch: Option<&str>, url: &str) -> Fact<Listed<Run>> {
        let page = format!("{url}/pipelines");
        let Some(branch) = branch else {
            return Fact::Known(listed([].into_iter(), Some(0), page));
        };
        let query = [
            ("target.branch", branch),
            ("sort", "-created_on"),
            ("pagelen", "10"),
            ("fields", PIPELINE),
        ];
        match self.get(&["pipelines", ""], &query).await {
            Err(HostError::NotFound { .. }) => Fact::Known(off("Pipelines are switched off.")),
            answer => told(answer, Topic::Runs, needs(Topic::Runs), |told| {
                list(&told, |node| run(node, url), page)
            }),
        }
    }

    async fn issues(&self, has_issues: bool, url: &str) -> Fact<Listed<Issue>> {
        let off = || Fact::Known(off("Its issue tracker is switched off."));
        if !has_issues {
            return off();
        }
        let query = [
            ("q", OPEN),
            ("sort", "-updated_on"),
            ("pagelen", "20"),
            ("fields", ISSUE),
        ];
        let page = format!("{url}/issues");
        match self.get(&["issues"], &query).await {
            Err(HostError::NotFound { .. }) => off(),
            answer => told(answer, Topic::Issues, needs(Topic::Issues), |told| {
                list(&told, issue, page)
            }),
        }
    }

    async fn tags(&self, url: &str) -> Fact<Listed<Release>> {
        let query = [("sort", "-target.date"), ("pagelen", "10"), ("fields", TAG)];
        let page = format!("{url}/downloads/?tab=tags");
        let answer = self.get(&["refs", "tags"], &query).await;
        told(answer, Topic::Releases, needs(Topic::Releases), |told| {
            list(&told, tag, page)
        })
    }

    /// Where it was deployed to. Every repository has three environments from the first; of those nothing is said until
    /// something is there.
    async fn environments(&self, url: &str) -> Fact<Listed<Environment>> {
        let latest = [
            ("sort", "-state.started_on"),
            ("pagelen", "50"),
            ("fields", DEPLOYMENT),
        ];
        let named = [("pagelen", "100"), ("fields", ENVIRONMENT)];
        let (deployments, environments) = tokio::join!(
            self.get(&["deployments", ""], &latest),
            self.get(&["environments", ""], &named),
        );
        let page = format!("{url}/deployments");
        if let Err(HostError::NotFound { .. }) = deployments {
            return Fact::Known(off("Pipelines are switched off."));
        }
        let both = deployments.and_then(|it| Ok((it, environments?)));
        told(
            both,
            Topic::Environments,
            needs(Topic::Environments),
            |(deployments, named)| {
                let deployed = items(&named, "/values").filter_map(|node| {
                    let id = text(node, "/uuid");
                    let mut all = items(&deployments, "/values");
                    let last = all.find(|it| text(it, "/environment/uuid") == id)?;
                    Some(environment(node, last, &page))
                });
                listed(deployed, None, page.clone())
            },
        )
    }
}

/// What a token needs for `topic`.
fn needs(topic: Topic) -> &'static str {
    match topic {
        Topic::Pulls => "the scope read:pullrequest:bitbucket",
        Topic::Runs | Topic::Environments => "the scope read:pipeline:bitbucket",
        Topic::Issues => "the scope read:issue:bitbucket",
        _ => "the scope read:repository:bitbucket",
    }
}

fn list<T>(told: &Value, read: impl Fn(&Value) -> T, page: String) -> Listed<T> {
    listed(
        items(told, "/values").map(read),
        number(told, "/size"),
        page,
    )
}

/// The runs of the default branch: its pipelines, else what other programs say of its last commit.
fn runs(pipelines: Fact<Listed<Run>>, statuses: &[Value], url: &str) -> Fact<Listed<Run>> {
    let has_some = |listed: &Listed<Run>| !listed.items.is_empty();
    if pipelines.known().is_some_and(has_some) || statuses.is_empty() {
        return pipelines;
    }
    let total = u64::try_from(statuses.len()).ok();
    let page = format!("{url}/commits/");
    Fact::Known(listed(statuses.iter().map(build), total, page))
}

fn commit(node: &Value, statuses: &[Value], url: &str) -> Commit {
    let id = text(node, "/hash");
    let known = text(node, "/author/user/display_name");
    let raw = text(node, "/author/raw");
    let raw = raw.split(" <").next().unwrap_or_default();
    Commit {
        title: first_line(node, "/message"),
        author: if known.is_empty() {
            raw.to_owned()
        } else {
            known
        },
        at: time(node, "/date"),
        checks: together(statuses.iter().map(|status| built(&text(status, "/state")))),
        url: format!("{url}/commits/{id}"),
        id,
    }
}

/// What somebody is called.
fn who(node: &Value, path: &str) -> String {
    let names = ["nickname", "display_name"].map(|name| text(node, &format!("{path}/{name}")));
    names
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default()
}

fn pull(node: &Value) -> Pull {
    Pull {
        number: number(node, "/id").unwrap_or_default(),
        title: text(node, "/title"),
        author: who(node, "/author"),
        is_draft: is(node, "/draft"),
        review: review(node),
        checks: None,
        branch: text(node, "/source/branch/name"),
        into: text(node, "/destination/branch/name"),
        updated: time(node, "/updated_on"),
        url: link(node, "/links/html/href"),
    }
}

/// What those who looked at a proposed change come to: whoever wants something changed counts most.
fn review(node: &Value) -> Review {
    let said = |state: &str| items(node, "/participants").any(|it| text(it, "/state") == state);
    let is_asked = |it: &Value| text(it, "/role") == "REVIEWER";
    match () {
        () if said("changes_requested") => Review::ChangesRequested,
        () if said("approved") => Review::Approved,
        () if items(node, "/participants").any(is_asked) => Review::Required,
        () => Review::NotNeeded,
    }
}

fn run(node: &Value, url: &str) -> Run {
    let build = number(node, "/build_number").unwrap_or_default();
    let (began, ended) = (time(node, "/created_on"), time(node, "/completed_on"));
    let custom = text(node, "/target/selector/pattern");
    let is_custom = text(node, "/target/selector/type") == "custom" && !custom.is_empty();
    Run {
        name: if is_custom {
            custom
        } else {
            "pipeline".to_owned()
        },
        number: build,
        outcome: outcome(node),
        event: text(node, "/trigger/name").to_lowercase(),
        title: first_line(node, "/target/commit/message"),
        at: began,
        seconds: ended.and(number(node, "/duration_in_seconds").or_else(|| spread(began, ended))),
        url: format!("{url}/pipelines/results/{build}"),
    }
}

/// How a pipeline ended, or where it stands.
fn outcome(node: &Value) -> Outcome {
    let word = |path| text(node, path).to_uppercase();
    match word("/state/name").as_str() {
        "COMPLETED" => match word("/state/result/name").as_str() {
            "SUCCESSFUL" => Outcome::Passed,
            "FAILED" | "ERROR" => Outcome::Failed,
            "STOPPED" | "EXPIRED" => Outcome::Stopped,
            _ => Outcome::Unknown,
        },
        "IN_PROGRESS" | "PENDING" => match word("/state/stage/name").as_str() {
            "PAUSED" | "HALTED" => Outcome::Waiting,
            _ => Outcome::Running,
        },
        _ => Outcome::Unknown,
    }
}

/// What another program says of the last commit.
fn build(node: &Value) -> Run {
    let outcome = built(&text(node, "/state"));
    let (began, ended) = (time(node, "/created_on"), time(node, "/updated_on"));
    let names = ["/name", "/key"].map(|path| text(node, path));
    Run {
        name: names
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or_default(),
        number: 0,
        outcome,
        event: String::new(),
        title: text(node, "/description"),
        at: began,
        seconds: spread(began, ended).filter(|_| outcome != Outcome::Running),
        url: link(node, "/url"),
    }
}

/// How a build ended, as those who report it write that.
fn built(state: &str) -> Outcome {
    match state {
        "SUCCESSFUL" => Outcome::Passed,
        "FAILED" => Outcome::Failed,
        "INPROGRESS" => Outcome::Running,
        "STOPPED" => Outcome::Stopped,
        _ => Outcome::Unknown,
    }
}

fn issue(node: &Value) -> Issue {
    let kind = Some(text(node, "/kind")).filter(|kind| !kind.is_empty());
    Issue {
        number: number(node, "/id").unwrap_or_default(),
        title: text(node, "/title"),
        author: who(node, "/reporter"),
        labels: kind.into_iter().collect(),
        updated: time(node, "/updated_on"),
        url: link(node, "/links/html/href"),
    }
}

fn tag(node: &Value) -> Release {
    Release {
        tag: text(node, "/name"),
        name: String::new(),
        state: String::new(),
        at: time(node, "/date").or_else(|| time(node, "/target/date")),
        url: link(node, "/links/html/href"),
    }
}

fn environment(node: &Value, last: &Value, page: &str) -> Environment {
    let state = text(last, "/state/name").to_uppercase();
    let outcome = match state.as_str() {
        "COMPLETED" => match text(last, "/state/status/name").to_uppercase().as_str() {
            "SUCCESSFUL" => Outcome::Passed,
            "FAILED" => Outcome::Failed,
            "STOPPED" => Outcome::Stopped,
            _ => Outcome::Unknown,
        },
        "IN_PROGRESS" => Outcome::Running,
        "UNDEPLOYED" => Outcome::Stopped,
        _ => Outcome::Unknown,
    };
    let commit = first_graphemes(&text(last, "/release/commit/hash"), 8);
    let pages = ["/state/url", "/release/url"].map(|path| link(last, path));
    Environment {
        name: text(node, "/name"),
        outcome: Some(outcome),
        deployed: if commit.is_empty() {
            text(last, "/release/name")
        } else {
            commit
        },
        at: time(last, "/state/completed_on").or_else(|| time(last, "/state/started_on")),
        url: pages
            .into_iter()
            .find(|page| !page.is_empty())
            .unwrap_or_else(|| page.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whoever_wants_something_changed_counts_most() {
        let by = |role: &str, state: Value| json!({ "role": role, "state": state });
        let asked = by("REVIEWER", Value::Null);
        let approved = by("REVIEWER", json!("approved"));
        let changes = by("PARTICIPANT", json!("changes_requested"));
        for (participants, expected) in [
            (json!([]), Review::NotNeeded),
            (json!([by("PARTICIPANT", Value::Null)]), Review::NotNeeded),
            (json!([asked]), Review::Required),
            (json!([asked, approved]), Review::Approved),
            (json!([approved, changes]), Review::ChangesRequested),
        ] {
            let node = json!({ "participants": participants });
            assert_eq!(review(&node), expected, "{node}");
        }
    }

    #[test]
    fn a_pipeline_says_in_two_words_how_it_is() {
        for (state, expected) in [
            (
                json!({ "name": "COMPLETED", "result": { "name": "SUCCESSFUL" } }),
                Outcome::Passed,
            ),
            (
                json!({ "name": "COMPLETED", "result": { "name": "ERROR" } }),
                Outcome::Failed,
            ),
            (
                json!({ "name": "COMPLETED", "result": { "name": "EXPIRED" } }),
                Outcome::Stopped,
            ),
            (
                json!({ "name": "IN_PROGRESS", "stage": { "name": "RUNNING" } }),
                Outcome::Running,
            ),
            (
                json!({ "name": "IN_PROGRESS", "stage": { "name": "PAUSED" } }),
                Outcome::Waiting,
            ),
            (json!({ "name": "PENDING" }), Outcome::Running),
            (json!({}), Outcome::Unknown),
        ] {
            assert_eq!(outcome(&json!({ "state": state })), expected, "{state}");
        }
    }
}
