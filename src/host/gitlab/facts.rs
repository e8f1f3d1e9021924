//! Facts about one project of a GitLab: one query, and the pipelines of its default branch by REST, since their branch is
//! known only then.

use serde_json::{Value, json};

use super::Api;
use super::api::QueryError;
use crate::catalog::facts::{
    Alert, Commit, Environment, Fact, Facts, Issue, Language, Listed, Outcome, Pull, Release,
    Review, Run, Severity, Topic,
};
use crate::catalog::text::{counted, one_line};
use crate::host::HostError;
use crate::host::facts::{
    Errors, RepositoryAt, first_graphemes, items, link, listed, number, spread, strings, text,
    time, without,
};

const FACTS: &str = include_str!("facts.graphql");

/// How many pipelines are asked for.
const RUNS: &str = "10";
/// The most panels that are left out because the host does not know them.
const PANELS: usize = 7;

/// What the GitLab behind `api` tells of the project `at`.
pub(in crate::host) async fn facts(api: &Api, at: &RepositoryAt) -> Result<Facts, HostError> {
    let (data, errors) = ask(api, at).await?;
    let Some(project) = data.get("project").filter(|it| !it.is_null()) else {
        let reason = if api.rest().is_signed_in() {
            "is not there, or your token may not see it"
        } else {
            "is not there, or only for those who are signed in"
        };
        return Err(HostError::Failed {
            place: format!("{}/{}", api.rest().web(), at.name),
            reason: reason.to_owned(),
        });
    };
    let mut facts = read(api, at, project, &errors);
    facts.runs = match &facts.branch {
        Some(branch) => runs(api, at, branch, &facts.url).await,
        None => Fact::Known(listed([].into_iter(), None, String::new())),
    };
    Ok(facts)
}

/// The data and the errors beside it. What a host of an older version or another edition does not know is left out.
async fn ask(api: &Api, at: &RepositoryAt) -> Result<(Value, Vec<QueryError>), HostError> {
    let variables = json!({ "path": api.project(&at.name) });
    let mut query = FACTS.to_owned();
    for _ in 0..=PANELS {
        let answer = api.ask(&query, &variables).await?;
        let unknown = answer.errors.iter().find_map(QueryError::fragment);
        match unknown.and_then(|fragment| without(&query, fragment)) {
            Some(shorter) if answer.data.is_null() => query = shorter,
            _ => return api.whole(answer).map(|it| (it.data, it.errors)),
        }
    }
    Err(HostError::Failed {
        place: api.rest().web().to_owned(),
        reason: "it knows nothing of what is asked about projects".to_owned(),
    })
}

fn read(api: &Api, at: &RepositoryAt, project: &Value, errors: &[QueryError]) -> Facts {
    let url = link(project, "/webUrl");
    let errors = Errors::new(errors.iter().map(|error| {
        let words = one_line(error.message());
        (error.path.clone(), words)
    }));
    let old = format!(
        "{} is of a version or edition that does not tell this",
        at.host
    );
    let closed = |topic: Topic| {
        let noun = match topic {
            Topic::Pulls => "merge requests",
            other => other.noun(),
        };
        Some(format!(
            "{noun} are switched off here, or your token may not read them"
        ))
    };
    let page = |path: &str| format!("{url}/-/{path}");
    let ultimate = "security alerts are told by the Ultimate edition alone, to those who may read vulnerabilities";
    Facts {
        host: at.host.clone(),
        name: text(project, "/fullPath"),
        visibility: text(project, "/visibility").to_lowercase(),
        is_archived: project.get("archived").and_then(Value::as_bool) == Some(true),
        branch: Some(text(project, "/repository/rootRef")).filter(|it| !it.is_empty()),
        pull_word: "merge request".to_owned(),
        release_word: "release".to_owned(),
        commit: errors.fact(project, "repository", &old, None, |it| commit(it, api)),
        pulls: errors.fact(
            project,
            "mergeRequests",
            &old,
            closed(Topic::Pulls).as_deref(),
            |list| {
                let nodes = items(list, "/nodes").map(merge_request);
                listed(nodes, number(list, "/count"), page("merge_requests"))
            },
        ),
        runs: Fact::withheld("it was not asked"),
        issues: errors.fact(
            project,
            "issues",
            &old,
            closed(Topic::Issues).as_deref(),
            |list| {
                let nodes = items(list, "/nodes").map(issue);
                let is_off = project.get("issuesEnabled") == Some(&Value::Bool(false));
                Listed {
                    off: is_off.then(|| "Issues are switched off.".to_owned()),
                    ..listed(nodes, number(project, "/openIssuesCount"), page("issues"))
                }
            },
        ),
        alerts: errors.fact(
            project,
            "vulnerabilitySeveritiesCount",
            &old,
            Some(ultimate),
            |counts| alerts(counts, &page("security/vulnerability_report")),
        ),
        releases: errors.fact(
            project,
            "releases",
            &old,
            closed(Topic::Releases).as_deref(),
            |list| {
                let nodes = items(list, "/nodes").map(|it| release(it, &url));
                listed(nodes, number(list, "/count"), page("releases"))
            },
        ),
        environments: errors.fact(
            project,
            "environments",
            &old,
            closed(Topic::Environments).as_deref(),
            |list| {
                let nodes = items(list, "/nodes").map(|it| environment(it, &page("environments")));
                listed(nodes, None, page("environments"))
            },
        ),
        languages: errors.fact(project, "languages", &old, None, languages),
        url,
    }
}

fn commit(repository: &Value, api: &Api) -> Option<Commit> {
    let commit = repository
        .pointer("/tree/lastCommit")
        .filter(|it| !it.is_null())?;
    let url = link(commit, "/webUrl");
    Some(Commit {
        id: text(commit, "/sha"),
        title: text(commit, "/title"),
        author: text(commit, "/authorName"),
        at: time(commit, "/authoredDate"),
        checks: None,
        url: if url.is_empty() {
            api.rest().web().to_owned()
        } else {
            url
        },
    })
}

/// The status of a pipeline or deployment, in small letters (`Ci::HasStatus`, `Deployment`).
fn outcome(status: &str) -> Outcome {
    match status {
        "success" => Outcome::Passed,
        "failed" => Outcome::Failed,
        "canceled" | "canceling" | "skipped" => Outcome::Stopped,
        "manual" | "blocked" => Outcome::Waiting,
        "created"
        | "waiting_for_resource"
        | "waiting_for_callback"
        | "preparing"
        | "pending"
        | "running"
        | "scheduled" => Outcome::Running,
        _ => Outcome::Unknown,
    }
}

fn merge_request(node: &Value) -> Pull {
    let approved = node.get("approved").and_then(Value::as_bool) == Some(true);
    let asked = items(node, "/reviewers/nodes").next().is_some();
    let status = text(node, "/headPipeline/status").to_lowercase();
    Pull {
        number: number(node, "/iid").unwrap_or_default(),
        title: text(node, "/title"),
        author: text(node, "/author/username"),
        is_draft: node.get("draft").and_then(Value::as_bool) == Some(true),
        // Without rules of approval GitLab says `approved` of what nobody looked at; who was asked has to be waited for.
        review: match (approved, asked) {
            (false, _) => Review::Required,
            (true, true) => Review::Approved,
            (true, false) => Review::NotNeeded,
        },
        checks: (!status.is_empty()).then(|| outcome(&status)),
        branch: text(node, "/sourceBranch"),
        into: text(node, "/targetBranch"),
        updated: time(node, "/updatedAt"),
        url: link(node, "/webUrl"),
    }
}

fn issue(node: &Value) -> Issue {
    Issue {
        number: number(node, "/iid").unwrap_or_default(),
        title: text(node, "/title"),
        author: text(node, "/author/username"),
        labels: strings(node, "/labels/nodes", "/title"),
        updated: time(node, "/updatedAt"),
        url: link(node, "/webUrl"),
    }
}

/// The numbers of vulnerabilities by severity, as one item for each severity that has any.
fn alerts(counts: &Value, url: &str) -> Listed<Alert> {
    let of = [
        (Severity::Critical, "/critical"),
        (Severity::High, "/high"),
        (Severity::Moderate, "/medium"),
        (Severity::Low, "/low"),
        (Severity::Unknown, "/unknown"),
    ];
    let counted_of = of.map(|(severity, path)| (severity, number(counts, path).unwrap_or(0)));
    let total = counted_of.iter().map(|(_, count)| count).sum();
    let some = counted_of.into_iter().filter(|(_, count)| *count > 0);
    let alert = |(severity, count): (Severity, u64)| Alert {
        severity,
        subject: counted(usize::try_from(count).unwrap_or(usize::MAX), "finding"),
        title: String::new(),
        versions: String::new(),
        fixed: String::new(),
        at: None,
        url: url.to_owned(),
    };
    listed(some.map(alert), Some(total), url.to_owned())
}

fn release(node: &Value, project: &str) -> Release {
    let tag = text(node, "/tagName");
    let is_coming = node.get("upcomingRelease").and_then(Value::as_bool) == Some(true);
    let url = link(node, "/links/selfUrl");
    Release {
        name: Some(text(node, "/name"))
            .filter(|name| *name != tag)
            .unwrap_or_default(),
        tag,
        state: if is_coming { "upcoming" } else { "" }.to_owned(),
        at: time(node, "/releasedAt"),
        url: if url.is_empty() {
            format!("{project}/-/releases")
        } else {
            url
        },
    }
}

fn environment(node: &Value, page: &str) -> Environment {
    let deployment = node.get("lastDeployment").filter(|it| !it.is_null());
    let of = |path: &str| deployment.map(|it| text(it, path)).unwrap_or_default();
    let live = link(node, "/externalUrl");
    Environment {
        name: text(node, "/name"),
        outcome: deployment.map(|_| outcome(&of("/status").to_lowercase())),
        deployed: Some(of("/ref"))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| first_graphemes(&of("/sha"), 10)),
        at: deployment.and_then(|it| time(it, "/createdAt")),
        url: if live.is_empty() {
            page.to_owned()
        } else {
            live
        },
    }
}

fn languages(list: &Value) -> Vec<Language> {
    let language = |item: &Value| {
        let percent = item.get("share").and_then(Value::as_f64).unwrap_or(0.0);
        Language {
            name: text(item, "/name"),
            per_mille: per_mille(percent),
        }
    };
    items(list, "").map(language).collect()
}

/// A percentage in thousandths.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 1,000"
)]
fn per_mille(percent: f64) -> u16 {
    (percent * 10.0).round().clamp(0.0, 1_000.0) as u16
}

/// The last pipelines of `branch`.
async fn runs(api: &Api, at: &RepositoryAt, branch: &str, url: &str) -> Fact<Listed<Run>> {
    let parts = ["projects", api.project(&at.name), "pipelines"];
    let query = [("ref", branch), ("per_page", RUNS)];
    match api.rest().json::<Value>(&parts, &query).await {
        Ok(answer) => {
            let total = answer
                .number("x-total")
                .and_then(|it| u64::try_from(it).ok());
            let runs = items(&answer.body, "").map(run);
            let page = format!("{url}/-/pipelines");
            Fact::Known(listed(runs, total, page))
        }
        Err(HostError::NotSignedIn { .. } | HostError::NotFound { .. }) => Fact::withheld(
            "pipelines are not for everybody here: your token needs the scope read_api, and you the role of a Reporter",
        ),
        Err(error) => Fact::withheld(error.to_string()),
    }
}

fn run(run: &Value) -> Run {
    let outcome = outcome(&text(run, "/status"));
    let began = time(run, "/created_at");
    let has_ended = !matches!(outcome, Outcome::Running | Outcome::Waiting);
    let name = text(run, "/name");
    Run {
        name: if name.is_empty() {
            "pipeline".to_owned()
        } else {
            name
        },
        number: number(run, "/iid")
            .or_else(|| number(run, "/id"))
            .unwrap_or_default(),
        outcome,
        event: text(run, "/source"),
        title: String::new(),
        at: began,
        seconds: spread(began, time(run, "/updated_at")).filter(|_| has_ended),
        url: link(run, "/web_url"),
    }
}
