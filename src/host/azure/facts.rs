//! Facts about one repository on Azure DevOps: six calls at once, then one for the builds of the default branch and one for
//! those of all pull requests. Work items and environments belong to projects, not to repositories; what came out are tags.

use serde_json::Value;

use super::{Place, VERSION};
use crate::catalog::facts::{
    Alert, Commit, Fact, Facts, Language, Listed, Outcome, Pull, Release, Review, Run, Severity,
    Topic,
};
use crate::host::HostError;
use crate::host::auth::is_here;
use crate::host::facts::{
    RepositoryAt, by_version, every, first_line, is, items, link, listed, number, off, shown,
    spread, text, time, together, told,
};
use crate::host::rest::RestApi;

/// Where the cloud tells security alerts; a server of somebody's own has none.
const CLOUD: &str = "dev.azure.com";
const ALERTS: &str = "https://advsec.dev.azure.com";
/// The most tags that are looked through for the latest, which stand in the order of their names.
const TAGS: &str = "1000";
/// How many tags are told.
const TOLD: usize = 20;

/// What the Azure DevOps behind `api` tells of the repository `at`.
pub(in crate::host) async fn facts(api: &RestApi, at: &RepositoryAt) -> Result<Facts, HostError> {
    let (owner, name) = at.name.rsplit_once('/').unwrap_or_default();
    let of = Of {
        api,
        place: Place::of(owner),
        name,
    };
    let active = [("searchCriteria.status", "active"), ("$top", "50")];
    let tags = [("filter", "tags/"), ("$top", TAGS)];
    let (repository, commits, pulls, tags, languages, alerts) = tokio::join!(
        of.get(&[], &[]),
        of.get(&["commits"], &[("searchCriteria.$top", "1")]),
        of.get(&["pullrequests"], &active),
        of.get(&["refs"], &tags),
        of.languages(),
        of.alerts(),
    );
    let repository = shown(repository, api, at)?;
    let url = link(&repository, "/webUrl");
    let id = text(&repository, "/id");
    let head = text(&repository, "/defaultBranch");
    let branch = short(&head).filter(|branch| !branch.is_empty());
    let latest = [("branchName", head.as_str()), ("$top", "10")];
    let of_pulls = [("reasonFilter", "pullRequest"), ("$top", "100")];
    let (builds, checks) = tokio::join!(of.builds(&id, &latest), of.builds(&id, &of_pulls));
    let commit = if branch.is_none() {
        Fact::Known(None)
    } else {
        told(commits, Topic::Commit, needs(Topic::Commit), |told| {
            let node = told.pointer("/value/0");
            node.map(|node| commit(node, &url, builds.as_ref().ok()))
        })
    };
    let checks = checks.unwrap_or_default();
    Ok(Facts {
        host: at.host.clone(),
        name: format!(
            "{}/{}",
            text(&repository, "/project/name"),
            text(&repository, "/name")
        ),
        visibility: text(&repository, "/project/visibility"),
        is_archived: is(&repository, "/isDisabled"),
        pull_word: "pull request".to_owned(),
        release_word: "tag".to_owned(),
        commit,
        pulls: told(pulls, Topic::Pulls, needs(Topic::Pulls), |told| {
            let page = format!("{url}/pullrequests");
            listed(
                items(&told, "/value").map(|node| pull(node, &url, &checks)),
                None,
                page,
            )
        }),
        runs: if branch.is_none() {
            Fact::Known(listed([].into_iter(), Some(0), url.clone()))
        } else {
            told(builds, Topic::Runs, needs(Topic::Runs), |told| {
                listed(
                    items(&told, "/value").map(run),
                    None,
                    format!("{}/_build", project_of(&url)),
                )
            })
        },
        issues: Fact::Absent,
        alerts: alerts.map_or(Fact::Absent, |told| read_alerts(told, &url)),
        releases: told(tags, Topic::Releases, needs(Topic::Releases), |told| {
            read_tags(&told, &url)
        }),
        environments: Fact::Absent,
        languages: told(
            languages,
            Topic::Languages,
            needs(Topic::Languages),
            |told| read_languages(&told, &id),
        ),
        branch,
        url,
    })
}

/// One repository.
struct Of<'a> {
    api: &'a RestApi,
    place: Place<'a>,
    name: &'a str,
}

impl Of<'_> {
    /// What stands at the path of `parts` below the repository.
    async fn get(&self, parts: &[&str], query: &[(&str, &str)]) -> Result<Value, HostError> {
        let parts = [&["git", "repositories", self.name], parts].concat();
        self.of_project(&parts, query, VERSION).await
    }

    /// What stands at the path of `parts` of the API of the project.
    async fn of_project(
        &self,
        parts: &[&str],
        query: &[(&str, &str)],
        version: (&str, &str),
    ) -> Result<Value, HostError> {
        let mut path = self.place.parts(self.api.host());
        path.extend(self.place.project);
        path.push("_apis");
        path.extend(parts);
        let query = [query, &[version]].concat();
        Ok(self.api.json(&path, &query).await?.body)
    }

    /// The builds of the repository `id`, the latest first, as far as `query` says.
    async fn builds(&self, id: &str, query: &[(&str, &str)]) -> Result<Value, HostError> {
        let of_repository = [
            ("repositoryId", id),
            ("repositoryType", "TfsGit"),
            ("queryOrder", "queueTimeDescending"),
        ];
        let query = [&of_repository, query].concat();
        self.of_project(&["build", "builds"], &query, VERSION).await
    }

    /// The languages of all repositories of the project.
    async fn languages(&self) -> Result<Value, HostError> {
        let version = ("api-version", "6.0-preview.1");
        let parts = ["projectanalysis", "languagemetrics"];
        self.of_project(&parts, &[], version).await
    }

    /// The open alerts, the worst first; `None` where its host has none. What runs on this machine has them beside all else.
    async fn alerts(&self) -> Option<Result<Value, HostError>> {
        let host = self.api.host();
        let base = match host {
            CLOUD => ALERTS,
            _ if is_here(host) => self.api.base(),
            _ => return None,
        };
        let mut url = url::Url::parse(base).ok()?;
        url.path_segments_mut()
            .ok()?
            .pop_if_empty()
            .extend(self.place.parts(host))
            .extend(self.place.project)
            .extend(["_apis", "alert", "repositories", self.name, "alerts"]);
        url.query_pairs_mut().extend_pairs([
            ("criteria.states", "active"),
            ("orderBy", "severity"),
            ("top", "100"),
            ("api-version", "7.2-preview.1"),
        ]);
        let told = self.api.ask(url.as_str(), |client| client.get(url.clone()));
        Some(told.await.map(|told| told.body))
    }
}

/// What a token needs for `topic`.
fn needs(topic: Topic) -> &'static str {
    match topic {
        Topic::Runs => "the scope Build: read",
        Topic::Alerts => "the scope Advanced Security: read",
        _ => "the scope Code: read",
    }
}

/// The name of the branch `reference`, `refs/heads/main`.
fn short(reference: &str) -> Option<String> {
    Some(reference.strip_prefix("refs/heads/")?.to_owned())
}

/// The page of the project in which the repository with the page `url` is.
fn project_of(url: &str) -> &str {
    url.split("/_git/").next().unwrap_or(url)
}

fn commit(node: &Value, url: &str, builds: Option<&Value>) -> Commit {
    let id = text(node, "/commitId");
    let builds = builds
        .into_iter()
        .flat_map(|builds| items(builds, "/value"));
    let of_commit = builds.filter(|build| text(build, "/sourceVersion") == id);
    Commit {
        title: first_line(node, "/comment"),
        author: text(node, "/author/name"),
        at: time(node, "/author/date"),
        checks: checks(of_commit),
        url: format!("{url}/commit/{id}"),
        id,
    }
}

/// What `builds`, the latest first, come to: of each pipeline the last counts.
fn checks<'a>(builds: impl Iterator<Item = &'a Value>) -> Option<Outcome> {
    let mut seen = Vec::new();
    let latest = builds.filter(|build| {
        let pipeline = number(build, "/definition/id");
        let is_first = !seen.contains(&pipeline);
        seen.push(pipeline);
        is_first
    });
    together(latest.map(outcome))
}

fn pull(node: &Value, url: &str, builds: &Value) -> Pull {
    let number = number(node, "/pullRequestId").unwrap_or_default();
    let merged = format!("refs/pull/{number}/merge");
    let of_pull = items(builds, "/value").filter(|it| text(it, "/sourceBranch") == merged);
    let branch = |path| short(&text(node, path)).unwrap_or_default();
    Pull {
        number,
        title: text(node, "/title"),
        author: text(node, "/createdBy/displayName"),
        is_draft: is(node, "/isDraft"),
        review: review(node),
        checks: checks(of_pull),
        branch: branch("/sourceRefName"),
        into: branch("/targetRefName"),
        // When it last changed is not told.
        updated: time(node, "/creationDate"),
        url: format!("{url}/pullrequest/{number}"),
    }
}

/// What the votes on a pull request come to: -10 and -5 want something changed, 5 and 10 approve. Where some have to look
/// at it, all of them have to approve.
fn review(node: &Value) -> Review {
    let vote = |it: &Value| it.get("vote").and_then(Value::as_i64).unwrap_or(0);
    let reviewers = || items(node, "/reviewers");
    let is_pending = |it: &Value| is(it, "/isRequired") && vote(it) <= 0;
    match () {
        () if reviewers().any(|it| vote(it) < 0) => Review::ChangesRequested,
        () if reviewers().any(is_pending) => Review::Required,
        () if reviewers().any(|it| vote(it) > 0) => Review::Approved,
        () if reviewers().next().is_some() => Review::Required,
        () => Review::NotNeeded,
    }
}

fn run(node: &Value) -> Run {
    let (began, ended) = (time(node, "/startTime"), time(node, "/finishTime"));
    Run {
        name: text(node, "/definition/name"),
        number: number(node, "/id").unwrap_or_default(),
        outcome: outcome(node),
        event: event(&text(node, "/reason")),
        title: text(node, "/triggerInfo/ci.message"),
        at: began.or_else(|| time(node, "/queueTime")),
        seconds: spread(began, ended),
        url: link(node, "/_links/web/href"),
    }
}

/// Why something was built, in fewer words.
fn event(reason: &str) -> String {
    match reason {
        "individualCI" | "batchedCI" => "push",
        "schedule" | "scheduleForced" => "schedule",
        "pullRequest" => "pull request",
        "buildCompletion" | "resourceTrigger" => "trigger",
        other => other,
    }
    .to_owned()
}

fn outcome(node: &Value) -> Outcome {
    match text(node, "/status").as_str() {
        "completed" => match text(node, "/result").as_str() {
            "succeeded" => Outcome::Passed,
            "failed" | "partiallySucceeded" => Outcome::Failed,
            "canceled" => Outcome::Stopped,
            _ => Outcome::Unknown,
        },
        "inProgress" | "notStarted" | "cancelling" => Outcome::Running,
        "postponed" => Outcome::Waiting,
        _ => Outcome::Unknown,
    }
}

/// The tags, the highest version first: when each was made is not told.
fn read_tags(told: &Value, url: &str) -> Listed<Release> {
    let names = every(told, "/value").map(|node| text(node, "/name"));
    let mut tags: Vec<String> = names
        .filter_map(|name| Some(name.strip_prefix("refs/tags/")?.to_owned()))
        .collect();
    tags.sort_by(|a, b| by_version(b, a));
    let total = u64::try_from(tags.len()).ok();
    let release = |tag: String| {
        let version = format!("GT{tag}");
        let page = url::Url::parse_with_params(url, [("version", version)]);
        Release {
            url: page.map(String::from).unwrap_or_default(),
            tag,
            name: String::new(),
            state: String::new(),
            at: None,
        }
    };
    let latest = tags.into_iter().take(TOLD).map(release);
    listed(latest, total, format!("{url}/tags"))
}

fn read_languages(told: &Value, id: &str) -> Vec<Language> {
    let mut of_all = every(told, "/repositoryLanguageAnalytics");
    let ours = of_all.find(|it| text(it, "/id").eq_ignore_ascii_case(id));
    let ours = ours
        .into_iter()
        .flat_map(|it| items(it, "/languageBreakdown"));
    let mut languages: Vec<Language> = ours
        .map(|node| {
            let share = node.get("languagePercentage").and_then(Value::as_f64);
            Language {
                name: text(node, "/name"),
                per_mille: per_mille(share.unwrap_or_default()),
            }
        })
        .collect();
    languages.sort_by(|a, b| {
        b.per_mille
            .cmp(&a.per_mille)
            .then_with(|| a.name.cmp(&b.name))
    });
    languages
}

/// Per cent as thousandths.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is bounded before"
)]
fn per_mille(percent: f64) -> u16 {
    (percent * 10.0).round().clamp(0.0, 1_000.0) as u16
}

fn read_alerts(told_of: Result<Value, HostError>, url: &str) -> Fact<Listed<Alert>> {
    if let Err(HostError::NotFound { .. }) = told_of {
        return Fact::Known(off("Advanced Security is not switched on for it."));
    }
    told(told_of, Topic::Alerts, needs(Topic::Alerts), |told| {
        let mut alerts: Vec<Alert> = items(&told, "/value")
            .map(|node| alert(node, url))
            .collect();
        alerts.sort_by_key(|alert| alert.severity);
        listed(alerts.into_iter(), None, format!("{url}/alerts"))
    })
}

fn alert(node: &Value, url: &str) -> Alert {
    let severity = match text(node, "/severity").as_str() {
        "critical" => Severity::Critical,
        "high" | "error" => Severity::High,
        "medium" | "warning" => Severity::Moderate,
        "low" | "note" => Severity::Low,
        _ => Severity::Unknown,
    };
    Alert {
        severity,
        subject: text(node, "/title"),
        title: text(node, "/alertType"),
        versions: String::new(),
        fixed: String::new(),
        at: time(node, "/firstSeenDate"),
        url: format!(
            "{url}/alerts/{}",
            number(node, "/alertId").unwrap_or_default()
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn votes_come_to_one_word() {
        let by = |vote: i64, required: bool| json!({ "vote": vote, "isRequired": required });
        for (reviewers, expected) in [
            (json!([]), Review::NotNeeded),
            (json!([by(0, false)]), Review::Required),
            (json!([by(0, false), by(5, false)]), Review::Approved),
            (json!([by(0, true), by(10, false)]), Review::Required),
            (
                json!([by(10, true), by(-5, false)]),
                Review::ChangesRequested,
            ),
        ] {
            assert_eq!(
                review(&json!({ "reviewers": reviewers })),
                expected,
                "{reviewers}"
            );
        }
    }

    #[test]
    fn of_each_pipeline_the_last_build_counts() {
        let build = |pipeline: u64, result: &str| json!({ "definition": { "id": pipeline }, "status": "completed", "result": result });
        let builds = [
            build(1, "succeeded"),
            build(1, "failed"),
            build(2, "succeeded"),
        ];
        assert_eq!(checks(builds.iter()), Some(Outcome::Passed));
        assert_eq!(checks(builds.iter().skip(1)), Some(Outcome::Failed));
        assert_eq!(checks([].into_iter()), None);
    }

    #[test]
    fn the_highest_versions_are_told_first() {
        let tags = [
            "refs/tags/v1.10.0",
            "refs/tags/v1.9.0",
            "refs/tags/v1.10.0-rc.1",
            "refs/heads/x",
        ];
        let tags = json!({ "value": tags.map(|name| json!({ "name": name })) });
        let listed = read_tags(&tags, "https://dev.azure.com/a/b/_git/c");
        let names: Vec<&str> = listed.items.iter().map(|it| it.tag.as_str()).collect();
        assert_eq!(names, ["v1.10.0", "v1.10.0-rc.1", "v1.9.0"]);
        let first = listed.items.first().map(|it| it.url.as_str());
        assert_eq!(
            first,
            Some("https://dev.azure.com/a/b/_git/c?version=GTv1.10.0")
        );
    }
}
