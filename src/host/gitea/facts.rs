//! Facts about one repository of a Gitea or Forgejo: a call of the REST API for each panel, a few of them at once. It has
//! neither security alerts nor environments.

use futures_util::future::join_all;
use serde_json::Value;

use crate::catalog::facts::{
    Commit, Fact, Facts, Issue, Language, Listed, Outcome, Pull, Release, Review, Run, Topic,
};
use crate::host::HostError;
use crate::host::facts::{
    RepositoryAt, first_line, items, link, listed, number, off, refused, shown, spread, strings,
    text, time,
};
use crate::host::rest::{Rest, RestApi};

/// The most proposed changes whose reviews are asked for, each in a call of its own.
const REVIEWED: usize = 8;

/// What the Gitea behind `api` tells of the repository `at`.
pub(in crate::host) async fn facts(api: &RestApi, at: &RepositoryAt) -> Result<Facts, HostError> {
    let of = Of { api, at };
    let repository = shown(of.get(&[], &[]).await, api, at)?.body;
    let url = link(&repository, "/html_url");
    let branch = Some(text(&repository, "/default_branch"))
        .filter(|_| repository.get("empty").and_then(Value::as_bool) != Some(true));
    let is_off = |field: &str| repository.get(field) == Some(&Value::Bool(false));
    let (commit, pulls, runs, issues, releases, languages) = tokio::join!(
        of.commit(branch.as_deref(), &url),
        of.pulls(is_off("has_pull_requests"), &url),
        of.runs(branch.as_deref(), is_off("has_actions"), &url),
        of.issues(is_off("has_issues"), &url),
        of.releases(is_off("has_releases"), &url),
        of.languages(),
    );
    let visibility = match () {
        () if repository.get("private").and_then(Value::as_bool) == Some(true) => "private",
        () if repository.get("internal").and_then(Value::as_bool) == Some(true) => "internal",
        () => "public",
    };
    Ok(Facts {
        host: at.host.clone(),
        name: text(&repository, "/full_name"),
        url,
        visibility: visibility.to_owned(),
        is_archived: repository.get("archived").and_then(Value::as_bool) == Some(true),
        branch,
        pull_word: "pull request".to_owned(),
        release_word: "release".to_owned(),
        commit,
        pulls,
        runs,
        issues,
        alerts: Fact::Absent,
        releases,
        environments: Fact::Absent,
        languages,
    })
}

/// One repository.
struct Of<'a> {
    api: &'a RestApi,
    at: &'a RepositoryAt,
}

impl Of<'_> {
    /// What stands at the path of `parts` below the repository.
    async fn get(&self, parts: &[&str], query: &[(&str, &str)]) -> Result<Rest<Value>, HostError> {
        let (owner, name) = self.at.name.split_once('/').unwrap_or((&self.at.name, ""));
        let parts = [&["repos", owner, name], parts].concat();
        self.api.json(&parts, query).await
    }

    /// The list at the path of `parts`, each item read by `read`.
    async fn list<T>(
        &self,
        (topic, parts): (Topic, &[&str]),
        query: &[(&str, &str)],
        page: String,
        read: impl Fn(&Value) -> T,
    ) -> Fact<Listed<T>> {
        match self.get(parts, query).await {
            Ok(told) => {
                let total = told.number("x-total-count");
                let total = total.and_then(|total| u64::try_from(total).ok());
                Fact::Known(listed(items(&told.body, "").map(read), total, page))
            }
            Err(error) => Fact::withheld(refused(&error, topic, needs(topic))),
        }
    }

    async fn commit(&self, branch: Option<&str>, url: &str) -> Fact<Option<Commit>> {
        let Some(branch) = branch else {
            return Fact::Known(None);
        };
        let (tip, checked) = (["branches", branch], ["commits", branch, "status"]);
        let (told, status) = tokio::join!(self.get(&tip, &[]), self.get(&checked, &[]));
        let told = match told {
            Ok(told) => told.body,
            Err(error) => {
                return Fact::withheld(refused(&error, Topic::Commit, needs(Topic::Commit)));
            }
        };
        let state = status.ok().map(|status| text(&status.body, "/state"));
        let id = text(&told, "/commit/id");
        Fact::Known(Some(Commit {
            title: first_line(&told, "/commit/message"),
            author: text(&told, "/commit/author/name"),
            at: time(&told, "/commit/timestamp"),
            checks: state.as_deref().and_then(checks),
            url: format!("{url}/commit/{id}"),
            id,
        }))
    }

    async fn pulls(&self, is_off: bool, url: &str) -> Fact<Listed<Pull>> {
        if is_off {
            return Fact::Known(off("Pull requests are switched off."));
        }
        let query = [("state", "open"), ("sort", "recentupdate"), ("limit", "20")];
        let page = format!("{url}/pulls");
        let told = self
            .list((Topic::Pulls, &["pulls"]), &query, page, pull)
            .await;
        let Fact::Known(mut pulls) = told else {
            return told;
        };
        let asked = pulls.items.iter().take(REVIEWED).map(async |pull| {
            let number = pull.number.to_string();
            let reviews = self.get(&["pulls", &number, "reviews"], &[]).await;
            reviews.ok().map(|reviews| review(&reviews.body))
        });
        let reviews = join_all(asked).await;
        for (pull, review) in pulls.items.iter_mut().zip(reviews) {
            pull.review = review.flatten().unwrap_or(pull.review);
        }
        Fact::Known(pulls)
    }

    async fn issues(&self, is_off: bool, url: &str) -> Fact<Listed<Issue>> {
        if is_off {
            return Fact::Known(off("Issues are switched off."));
        }
        let query = [("type", "issues"), ("state", "open"), ("limit", "20")];
        let page = format!("{url}/issues");
        self.list((Topic::Issues, &["issues"]), &query, page, issue)
            .await
    }

    async fn releases(&self, is_off: bool, url: &str) -> Fact<Listed<Release>> {
        if is_off {
            return Fact::Known(off("Releases are switched off."));
        }
        let page = format!("{url}/releases");
        let what = (Topic::Releases, &["releases"][..]);
        self.list(what, &[("limit", "10")], page, release).await
    }

    async fn languages(&self) -> Fact<Vec<Language>> {
        let told = match self.get(&["languages"], &[]).await {
            Ok(told) => told.body,
            Err(error) => {
                return Fact::withheld(refused(&error, Topic::Languages, needs(Topic::Languages)));
            }
        };
        let sizes = told.as_object().into_iter().flatten();
        let mut sizes: Vec<(String, u64)> = sizes
            .filter_map(|(name, size)| {
                Some((text(&Value::from(name.as_str()), ""), size.as_u64()?))
            })
            .collect();
        sizes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let all = sizes.iter().map(|(_, size)| size).sum::<u64>().max(1);
        let language = |(name, size): (String, u64)| Language {
            name,
            per_mille: u16::try_from(size.saturating_mul(1_000) / all).unwrap_or(1_000),
        };
        Fact::Known(sizes.into_iter().map(language).collect())
    }

    /// The runs of `branch`; of an older server its tasks, which are what its runs consist of.
    async fn runs(&self, branch: Option<&str>, is_off: bool, url: &str) -> Fact<Listed<Run>> {
        let Some(branch) = branch.filter(|_| !is_off) else {
            return Fact::Known(if is_off {
                off("Actions are switched off.")
            } else {
                listed([].into_iter(), Some(0), String::new())
            });
        };
        let query = [("branch", branch), ("limit", "10")];
        let told = match self.get(&["actions", "runs"], &query).await {
            Err(HostError::NotFound { .. }) => {
                let query = [("limit", "30")];
                self.get(&["actions", "tasks"], &query).await
            }
            told => told,
        };
        match told {
            Ok(told) => {
                let runs = items(&told.body, "/workflow_runs");
                let of_branch = runs.filter(|it| text(it, "/head_branch") == branch);
                let page = format!("{url}/actions");
                Fact::Known(listed(of_branch.map(run), None, page))
            }
            // A server of before 1.22 has neither.
            Err(HostError::NotFound { .. }) => Fact::withheld(format!(
                "{} is of a version that does not tell this",
                self.at.host
            )),
            Err(error) => Fact::withheld(refused(&error, Topic::Runs, needs(Topic::Runs))),
        }
    }
}

/// What a token needs for `topic`.
fn needs(topic: Topic) -> &'static str {
    match topic {
        Topic::Issues | Topic::Pulls => "the scopes read:issue and read:repository",
        _ => "the scope read:repository",
    }
}

/// What the checks of a commit say, all in all; nothing where there are none.
fn checks(state: &str) -> Option<Outcome> {
    Some(match state {
        "" => return None,
        "success" | "warning" => Outcome::Passed,
        "failure" | "error" => Outcome::Failed,
        "pending" => Outcome::Running,
        "skipped" => Outcome::Stopped,
        _ => Outcome::Unknown,
    })
}

fn pull(node: &Value) -> Pull {
    let asked = items(node, "/requested_reviewers").next().is_some();
    Pull {
        number: number(node, "/number").unwrap_or_default(),
        title: text(node, "/title"),
        author: text(node, "/user/login"),
        is_draft: node.get("draft").and_then(Value::as_bool) == Some(true),
        review: if asked {
            Review::Required
        } else {
            Review::NotNeeded
        },
        checks: None,
        branch: text(node, "/head/ref"),
        into: text(node, "/base/ref"),
        updated: time(node, "/updated_at"),
        url: link(node, "/html_url"),
    }
}

/// What the reviews of a proposed change come to: of each reviewer the last counts that says yes or no and still holds.
fn review(reviews: &Value) -> Option<Review> {
    let mut said: Vec<(String, Review)> = Vec::new();
    let mut requested = false;
    for node in items(reviews, "") {
        let holds = |field: &str| node.get(field).and_then(Value::as_bool) != Some(true);
        let verdict = match text(node, "/state").as_str() {
            "APPROVED" => Review::Approved,
            "REQUEST_CHANGES" => Review::ChangesRequested,
            "REQUEST_REVIEW" => {
                requested = true;
                continue;
            }
            _ => continue,
        };
        if holds("dismissed") && holds("stale") {
            let who = text(node, "/user/login");
            said.retain(|(other, _)| *other != who);
            said.push((who, verdict));
        }
    }
    let is = |verdict| said.iter().any(|(_, said)| *said == verdict);
    match () {
        () if is(Review::ChangesRequested) => Some(Review::ChangesRequested),
        () if requested => Some(Review::Required),
        () if is(Review::Approved) => Some(Review::Approved),
        () => None,
    }
}

fn issue(node: &Value) -> Issue {
    Issue {
        number: number(node, "/number").unwrap_or_default(),
        title: text(node, "/title"),
        author: text(node, "/user/login"),
        labels: strings(node, "/labels", "/name"),
        updated: time(node, "/updated_at"),
        url: link(node, "/html_url"),
    }
}

fn release(node: &Value) -> Release {
    let is = |field: &str| node.get(field).and_then(Value::as_bool) == Some(true);
    let state = match () {
        () if is("draft") => "draft",
        () if is("prerelease") => "pre-release",
        () => "",
    };
    let tag = text(node, "/tag_name");
    Release {
        name: Some(text(node, "/name"))
            .filter(|name| *name != tag)
            .unwrap_or_default(),
        tag,
        state: state.to_owned(),
        at: time(node, "/published_at"),
        url: link(node, "/html_url"),
    }
}

fn run(node: &Value) -> Run {
    // A run has a status as GitHub's have and a conclusion; a task and Forgejo's runs have one word for both.
    let (status, conclusion) = (text(node, "/status"), text(node, "/conclusion"));
    let word = match status.as_str() {
        "completed" => conclusion,
        _ => status,
    };
    let outcome = match word.as_str() {
        "success" => Outcome::Passed,
        "failure" => Outcome::Failed,
        "cancelled" | "skipped" => Outcome::Stopped,
        "blocked" | "action_required" => Outcome::Waiting,
        "running" | "waiting" | "queued" | "in_progress" | "pending" => Outcome::Running,
        _ => Outcome::Unknown,
    };
    let began = ["/started_at", "/run_started_at", "/created_at"]
        .into_iter()
        .find_map(|path| time(node, path).filter(|at| *at > 0));
    let ended = time(node, "/completed_at").or_else(|| time(node, "/updated_at"));
    let has_ended = !matches!(outcome, Outcome::Running | Outcome::Waiting);
    let workflow = text(node, "/path");
    let workflow = workflow
        .split('@')
        .next()
        .and_then(|it| it.rsplit('/').next());
    let name = ["/name", "/workflow_id"].map(|path| text(node, path));
    let name = name.into_iter().find(|name| !name.is_empty());
    let page = link(node, "/html_url");
    Run {
        name: name.unwrap_or_else(|| workflow.unwrap_or_default().to_owned()),
        number: number(node, "/run_number").unwrap_or_default(),
        outcome,
        event: text(node, "/event"),
        title: text(node, "/display_title"),
        at: began,
        seconds: spread(began, ended).filter(|_| has_ended),
        url: if page.is_empty() {
            link(node, "/url")
        } else {
            page
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_word_of_each_reviewer_counts() {
        let by = |who: &str, state: &str| json!({ "user": { "login": who }, "state": state });
        let stale = json!({ "user": { "login": "b" }, "state": "REQUEST_CHANGES", "stale": true });
        let cases = [
            (json!([]), None),
            (json!([by("a", "COMMENT")]), None),
            (json!([by("a", "APPROVED"), stale]), Some(Review::Approved)),
            (
                json!([by("a", "REQUEST_CHANGES"), by("a", "APPROVED")]),
                Some(Review::Approved),
            ),
            (
                json!([by("a", "APPROVED"), by("b", "REQUEST_CHANGES")]),
                Some(Review::ChangesRequested),
            ),
            (
                json!([by("a", "APPROVED"), by("b", "REQUEST_REVIEW")]),
                Some(Review::Required),
            ),
        ];
        for (reviews, expected) in cases {
            assert_eq!(review(&reviews), expected, "{reviews}");
        }
    }
}
