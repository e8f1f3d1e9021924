//! What each thing that a Bitbucket Cloud tells of is read as.

use serde_json::Value;

use crate::catalog::facts::{
    Commit, Environment, Fact, Issue, Listed, Outcome, Pull, Release, Review, Run,
};
use crate::host::facts::{
    first_graphemes, first_line, is, items, link, listed, number, spread, text, time, together,
};

/// The runs of the default branch: its pipelines, else what other programs say of its last commit.
pub(super) fn runs(
    pipelines: Fact<Listed<Run>>,
    statuses: &[Value],
    url: &str,
) -> Fact<Listed<Run>> {
    let has_some = |listed: &Listed<Run>| !listed.items.is_empty();
    if pipelines.known().is_some_and(has_some) || statuses.is_empty() {
        return pipelines;
    }
    let total = u64::try_from(statuses.len()).ok();
    let page = format!("{url}/commits/");
    Fact::Known(listed(statuses.iter().map(build), total, page))
}

/// The last commit, with what `statuses` say of it.
pub(super) fn commit(node: &Value, statuses: &[Value], url: &str) -> Commit {
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

/// A pull request.
pub(super) fn pull(node: &Value) -> Pull {
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

/// A pipeline.
pub(super) fn run(node: &Value, url: &str) -> Run {
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

/// An issue.
pub(super) fn issue(node: &Value) -> Issue {
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

/// A tag, which stands for a release.
pub(super) fn tag(node: &Value) -> Release {
    Release {
        tag: text(node, "/name"),
        name: String::new(),
        state: String::new(),
        at: time(node, "/date").or_else(|| time(node, "/target/date")),
        url: link(node, "/links/html/href"),
    }
}

/// An environment to which `last` went last.
pub(super) fn environment(node: &Value, last: &Value, page: &str) -> Environment {
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
