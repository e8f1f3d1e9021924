//! Facts about one repository of a GitHub: one query, and the runs of its default branch by REST, which GraphQL does not
//! have.

use serde_json::{Value, json};

use super::Api;
use super::api::QueryError;
use crate::catalog::facts::{
    Alert, Commit, Environment, Fact, Facts, Issue, Language, Listed, Outcome, Pull, Release,
    Review, Run, Severity, Topic,
};
use crate::catalog::text::one_line;
use crate::host::HostError;
use crate::host::facts::{
    Errors, RepositoryAt, first_graphemes, items, link, listed, number, spread, strings, text,
    time, without,
};

const FACTS: &str = include_str!("facts.graphql");

/// How many runs are asked for.
const RUNS: &str = "10";
/// The most panels that are left out because the host does not know them.
const PANELS: usize = 7;

/// What the GitHub behind `api` tells of the repository `at`.
pub(in crate::host) async fn facts(api: &Api, at: &RepositoryAt) -> Result<Facts, HostError> {
    if !api.is_signed_in() {
        return Err(api.not_signed_in("it answers no query without a token"));
    }
    let (data, errors) = ask(api, at).await?;
    let Some(repository) = data.get("repository").filter(|it| !it.is_null()) else {
        return Err(refusal(api, at, &errors));
    };
    let mut facts = read(at, repository, &errors);
    facts.runs = match &facts.branch {
        Some(branch) => runs(api, at, branch, &facts.url).await,
        None => Fact::Known(listed([].into_iter(), None, String::new())),
    };
    Ok(facts)
}

/// Why nothing is known of a repository.
fn refusal(api: &Api, at: &RepositoryAt, errors: &[QueryError]) -> HostError {
    match errors.first() {
        Some(error) if error.kind() != "NOT_FOUND" => api.error(error, &at.name),
        _ => HostError::Failed {
            place: format!("{}/{}", api.web(), at.name),
            reason: "is not there, or your token may not see it".to_owned(),
        },
    }
}

/// The data and the errors beside it. What a host of an older version does not know is left out.
async fn ask(api: &Api, at: &RepositoryAt) -> Result<(Value, Vec<QueryError>), HostError> {
    let (owner, name) = at.name.split_once('/').unwrap_or((&at.name, ""));
    let variables = json!({ "owner": owner, "name": name });
    let mut query = FACTS.to_owned();
    for _ in 0..=PANELS {
        let answer = api.query(&query, &variables).await?;
        let unknown = answer.errors.iter().find_map(QueryError::fragment);
        match unknown.and_then(|fragment| without(&query, fragment)) {
            Some(shorter) if answer.data.is_null() => query = shorter,
            _ => return Ok((answer.data, answer.errors)),
        }
    }
    Err(HostError::Failed {
        place: api.web().to_owned(),
        reason: "it knows nothing of what is asked about repositories".to_owned(),
    })
}

fn read(at: &RepositoryAt, repository: &Value, errors: &[QueryError]) -> Facts {
    let url = link(repository, "/url");
    let errors = Errors::new(errors.iter().map(|error| {
        let field = error.path.get(1).and_then(Value::as_str);
        (error.path.clone(), reason(error, topic(field)))
    }));
    let old = format!("{} is of a version that does not tell this", at.host);
    let page = |path: &str| format!("{url}/{path}");
    Facts {
        host: at.host.clone(),
        name: text(repository, "/nameWithOwner"),
        visibility: text(repository, "/visibility").to_lowercase(),
        is_archived: repository.get("isArchived").and_then(Value::as_bool) == Some(true),
        branch: Some(text(repository, "/defaultBranchRef/name")).filter(|it| !it.is_empty()),
        pull_word: "pull request".to_owned(),
        release_word: "release".to_owned(),
        commit: errors.fact(repository, "defaultBranchRef", &old, None, commit),
        pulls: errors.fact(repository, "pullRequests", &old, None, |list| {
            let nodes = items(list, "/nodes").map(pull);
            listed(nodes, number(list, "/totalCount"), page("pulls"))
        }),
        runs: Fact::withheld("it was not asked"),
        issues: errors.fact(repository, "issues", &old, None, |list| {
            let nodes = items(list, "/nodes").map(issue);
            let is_off = repository.get("hasIssuesEnabled") == Some(&Value::Bool(false));
            Listed {
                off: is_off.then(|| "Issues are switched off.".to_owned()),
                ..listed(nodes, number(list, "/totalCount"), page("issues"))
            }
        }),
        alerts: errors.fact(
            repository,
            "vulnerabilityAlerts",
            &old,
            Some(&needs(Topic::Alerts)),
            |list| {
                let mut alerts: Vec<Alert> =
                    items(list, "/nodes").map(|it| alert(it, &url)).collect();
                alerts.sort_by_key(|alert| (alert.severity, std::cmp::Reverse(alert.at)));
                let is_off =
                    repository.get("hasVulnerabilityAlertsEnabled") == Some(&Value::Bool(false));
                Listed {
                    off: is_off.then(|| "Dependabot alerts are switched off.".to_owned()),
                    ..listed(
                        alerts.into_iter(),
                        number(list, "/totalCount"),
                        page("security/dependabot"),
                    )
                }
            },
        ),
        releases: errors.fact(repository, "releases", &old, None, |list| {
            let nodes = items(list, "/nodes").map(release);
            listed(nodes, number(list, "/totalCount"), page("releases"))
        }),
        environments: errors.fact(repository, "environments", &old, None, |list| {
            let nodes = items(list, "/nodes").map(|it| environment(it, &url));
            listed(nodes, number(list, "/totalCount"), page("deployments"))
        }),
        languages: errors.fact(repository, "languages", &old, None, languages),
        url,
    }
}

fn commit(branch: &Value) -> Option<Commit> {
    let commit = branch.get("target")?;
    let login = text(commit, "/author/user/login");
    Some(Commit {
        id: text(commit, "/oid"),
        title: text(commit, "/messageHeadline"),
        author: if login.is_empty() {
            text(commit, "/author/name")
        } else {
            login
        },
        at: time(commit, "/committedDate"),
        checks: rollup(commit),
        url: link(commit, "/url"),
    })
}

/// What the checks of a commit say, all in all.
fn rollup(commit: &Value) -> Option<Outcome> {
    Some(match text(commit, "/statusCheckRollup/state").as_str() {
        "" => return None,
        "SUCCESS" => Outcome::Passed,
        "FAILURE" | "ERROR" => Outcome::Failed,
        "PENDING" | "EXPECTED" => Outcome::Running,
        _ => Outcome::Unknown,
    })
}

fn pull(node: &Value) -> Pull {
    Pull {
        number: number(node, "/number").unwrap_or_default(),
        title: text(node, "/title"),
        author: text(node, "/author/login"),
        is_draft: node.get("isDraft").and_then(Value::as_bool) == Some(true),
        review: match text(node, "/reviewDecision").as_str() {
            "APPROVED" => Review::Approved,
            "CHANGES_REQUESTED" => Review::ChangesRequested,
            "REVIEW_REQUIRED" => Review::Required,
            _ => Review::NotNeeded,
        },
        checks: node.pointer("/commits/nodes/0/commit").and_then(rollup),
        branch: text(node, "/headRefName"),
        into: text(node, "/baseRefName"),
        updated: time(node, "/updatedAt"),
        url: link(node, "/url"),
    }
}

fn issue(node: &Value) -> Issue {
    Issue {
        number: number(node, "/number").unwrap_or_default(),
        title: text(node, "/title"),
        author: text(node, "/author/login"),
        labels: strings(node, "/labels/nodes", "/name"),
        updated: time(node, "/updatedAt"),
        url: link(node, "/url"),
    }
}

fn alert(node: &Value, repository: &str) -> Alert {
    let number = number(node, "/number").unwrap_or_default();
    Alert {
        severity: match text(node, "/securityVulnerability/severity").as_str() {
            "CRITICAL" => Severity::Critical,
            "HIGH" => Severity::High,
            "MODERATE" => Severity::Moderate,
            "LOW" => Severity::Low,
            _ => Severity::Unknown,
        },
        subject: text(node, "/securityVulnerability/package/name"),
        title: text(node, "/securityVulnerability/advisory/summary"),
        versions: text(node, "/securityVulnerability/vulnerableVersionRange"),
        fixed: text(
            node,
            "/securityVulnerability/firstPatchedVersion/identifier",
        ),
        at: time(node, "/createdAt"),
        url: format!("{repository}/security/dependabot/{number}"),
    }
}

fn release(node: &Value) -> Release {
    let is = |field: &str| node.get(field).and_then(Value::as_bool) == Some(true);
    let state = match () {
        () if is("isDraft") => "draft",
        () if is("isPrerelease") => "pre-release",
        () if is("isLatest") => "latest",
        () => "",
    };
    let tag = text(node, "/tagName");
    Release {
        name: Some(text(node, "/name"))
            .filter(|name| *name != tag)
            .unwrap_or_default(),
        tag,
        state: state.to_owned(),
        at: time(node, "/publishedAt").or_else(|| time(node, "/createdAt")),
        url: link(node, "/url"),
    }
}

fn environment(node: &Value, repository: &str) -> Environment {
    let deployment = node
        .get("latestCompletedDeployment")
        .filter(|it| !it.is_null());
    let of = |path: &str| deployment.map(|it| text(it, path)).unwrap_or_default();
    let outcome = deployment.map(|_| match of("/state").as_str() {
        "ACTIVE" | "SUCCESS" => Outcome::Passed,
        "ERROR" | "FAILURE" => Outcome::Failed,
        "INACTIVE" | "DESTROYED" | "ABANDONED" => Outcome::Stopped,
        "IN_PROGRESS" | "PENDING" | "QUEUED" => Outcome::Running,
        "WAITING" => Outcome::Waiting,
        _ => Outcome::Unknown,
    });
    let live = deployment
        .map(|it| link(it, "/latestStatus/environmentUrl"))
        .filter(|url| !url.is_empty());
    Environment {
        name: text(node, "/name"),
        outcome,
        deployed: Some(of("/ref/name"))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| first_graphemes(&of("/commitOid"), 10)),
        at: deployment.and_then(|it| time(it, "/createdAt")),
        url: live.unwrap_or_else(|| format!("{repository}/deployments")),
    }
}

fn languages(list: &Value) -> Vec<Language> {
    let all = number(list, "/totalSize").unwrap_or_default().max(1);
    let language = |edge: &Value| Language {
        name: text(edge, "/node/name"),
        per_mille: number(edge, "/size")
            .and_then(|size| u16::try_from(size.saturating_mul(1_000) / all).ok())
            .unwrap_or_default(),
    };
    items(list, "/edges").map(language).collect()
}

/// The last runs of `branch`.
async fn runs(api: &Api, at: &RepositoryAt, branch: &str, url: &str) -> Fact<Listed<Run>> {
    let (owner, name) = at.name.split_once('/').unwrap_or((&at.name, ""));
    let parts = ["repos", owner, name, "actions", "runs"];
    let query = [
        ("branch", branch),
        ("per_page", RUNS),
        ("exclude_pull_requests", "true"),
    ];
    match api.json(&parts, &query).await {
        Ok(body) => {
            let runs = items(&body, "/workflow_runs").map(run);
            let page = format!("{url}/actions");
            Fact::Known(listed(runs, number(&body, "/total_count"), page))
        }
        Err(HostError::NotSignedIn { .. } | HostError::NotFound { .. }) => {
            Fact::withheld(needs(Topic::Runs))
        }
        Err(error) => Fact::withheld(error.to_string()),
    }
}

fn run(run: &Value) -> Run {
    let status = text(run, "/status");
    let conclusion = text(run, "/conclusion");
    let outcome = match (status.as_str(), conclusion.as_str()) {
        ("completed", "success" | "neutral") => Outcome::Passed,
        ("completed", "failure" | "timed_out" | "startup_failure") => Outcome::Failed,
        ("completed", "cancelled" | "skipped" | "stale") => Outcome::Stopped,
        ("waiting", _) | (_, "action_required") => Outcome::Waiting,
        ("queued" | "in_progress" | "requested" | "pending", _) => Outcome::Running,
        _ => Outcome::Unknown,
    };
    let began = time(run, "/run_started_at").or_else(|| time(run, "/created_at"));
    Run {
        name: text(run, "/name"),
        number: number(run, "/run_number").unwrap_or_default(),
        outcome,
        event: text(run, "/event"),
        title: text(run, "/display_title"),
        at: began,
        seconds: spread(began, time(run, "/updated_at")).filter(|_| status == "completed"),
        url: link(run, "/html_url"),
    }
}

/// The panel that a field of the query fills.
fn topic(field: Option<&str>) -> Topic {
    match field {
        Some("pullRequests") => Topic::Pulls,
        Some("issues") => Topic::Issues,
        Some("vulnerabilityAlerts") => Topic::Alerts,
        Some("releases") => Topic::Releases,
        Some("environments") => Topic::Environments,
        Some("languages") => Topic::Languages,
        _ => Topic::Commit,
    }
}

/// Why a panel is missing, in words.
fn reason(error: &QueryError, topic: Topic) -> String {
    let message = one_line(error.message());
    match error.kind() {
        "INSUFFICIENT_SCOPES" => match scopes(&message) {
            Some(scopes) => {
                let noun = topic.noun();
                format!("your token may not read {noun}: it needs the scope {scopes}")
            }
            None => needs(topic),
        },
        "FORBIDDEN" if message.contains("SAML") => {
            "the organisation wants your token authorised for single sign-on".to_owned()
        }
        "FORBIDDEN" | "NOT_FOUND" => needs(topic),
        _ if message.is_empty() => format!("the host does not tell {}", topic.noun()),
        _ => message,
    }
}

/// What a token needs to read a panel, by the names that GitHub's settings have for it.
fn needs(topic: Topic) -> String {
    let (permission, scope) = match topic {
        Topic::Commit | Topic::Releases | Topic::Languages => ("Contents: read", "repo"),
        Topic::Pulls => ("Pull requests: read", "repo"),
        Topic::Issues => ("Issues: read", "repo"),
        Topic::Runs => ("Actions: read", "repo"),
        Topic::Alerts => ("Dependabot alerts: read", "security_events"),
        Topic::Environments => ("Deployments: read", "repo"),
    };
    let noun = topic.noun();
    format!(
        "your token may not read {noun}: it needs the permission \u{201c}{permission}\u{201d}, or the scope {scope}"
    )
}

/// The scopes of which one is needed: `… requires one of the following scopes: ['a', 'b'], but …`.
fn scopes(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("scopes: [")?;
    let (list, _) = rest.split_once(']')?;
    let names: Vec<&str> = list
        .split(',')
        .map(|name| name.trim().trim_matches(['\'', '"']))
        .filter(|name| !name.is_empty())
        .collect();
    (!names.is_empty()).then(|| names.join(" or "))
}
