//! Facts about one project of a Gerrit: four calls at once, then one for its last commit. What others call pull requests are
//! changes here, and what became of them is in their labels; builds, issues and releases are none of its business.

use serde_json::{Map, Value};

use crate::catalog::facts::{Commit, Fact, Facts, Listed, Outcome, Pull, Release, Review, Topic};
use crate::host::HostError;
use crate::host::facts::{
    RepositoryAt, by_version, every, first_graphemes, is, items, link, listed, number, shown, text,
    told,
};
use crate::host::http::date;
use crate::host::rest::RestApi;
use crate::host::scm::encode;

use super::{HEAD, PLUS};

/// What a token needs for whatever there is.
const NEEDS: &str = "permission to read the project";
/// The labels by which people and machines judge a change.
const REVIEWED: &str = "Code-Review";
const VERIFIED: &str = "Verified";
/// The most tags that are looked through for the latest, and how many are told.
const TAGS: &str = "1000";
const TOLD: usize = 20;

/// What the Gerrit behind `api` tells of the project `at`.
pub(in crate::host) async fn facts(api: &RestApi, at: &RepositoryAt) -> Result<Facts, HostError> {
    let name = at.name.as_str();
    let open = format!("project:{name} status:open");
    let changes = [
        ("q", open.as_str()),
        ("n", "25"),
        ("o", "LABELS"),
        ("o", "DETAILED_ACCOUNTS"),
    ];
    let list = [("prefix", name), ("b", HEAD), ("n", "1")];
    let (head, tags) = (
        ["projects", name, "branches", HEAD],
        ["projects", name, "tags", ""],
    );
    let (project, head, changes, tags) = tokio::join!(
        of_list(api, name, &list),
        json(api, &head, &[]),
        json(api, &["changes", ""], &changes),
        json(api, &tags, &[("n", TAGS)]),
    );
    let project = shown(project, api, at)?;
    let url = format!("{}/{}", api.web(), encode(name, false));
    let tip = text(&project, "/branches/HEAD");
    // What `HEAD` stands for is told in place of a commit.
    let branch = head.as_ref().ok().map(|head| text(head, "/revision"));
    let branch = branch.filter(|branch| !branch.is_empty() && !tip.is_empty());
    let commit = if tip.is_empty() {
        Fact::Known(None)
    } else {
        let commit = json(api, &["projects", name, "commits", &tip], &[]).await;
        told(commit, Topic::Commit, NEEDS, |told| {
            Some(read_commit(&told, &tip, &url))
        })
    };
    let root = api.base().strip_suffix("/a").unwrap_or(api.base());
    Ok(Facts {
        host: at.host.clone(),
        name: name.to_owned(),
        visibility: String::new(),
        is_archived: text(&project, "/state") == "READ_ONLY",
        branch,
        pull_word: "change".to_owned(),
        release_word: "tag".to_owned(),
        commit,
        pulls: told(changes, Topic::Pulls, NEEDS, |told| {
            read_changes(&told, root, name)
        }),
        runs: Fact::Absent,
        issues: Fact::Absent,
        alerts: Fact::Absent,
        releases: told(tags, Topic::Releases, NEEDS, |told| read_tags(&told, &url)),
        environments: Fact::Absent,
        languages: Fact::Absent,
        url,
    })
}

async fn json(api: &RestApi, parts: &[&str], query: &[(&str, &str)]) -> Result<Value, HostError> {
    Ok(api.json(parts, query).await?.body)
}

/// The project `name` as a list has it, with the commit at the tip of `HEAD`: one that has none is not listed, and asked for
/// by itself.
async fn of_list(api: &RestApi, name: &str, query: &[(&str, &str)]) -> Result<Value, HostError> {
    let mut found: Map<String, Value> = api.json(&["projects", ""], query).await?.body;
    match found.remove(name) {
        Some(project) => Ok(project),
        None => json(api, &["projects", name], &[]).await,
    }
}

/// The moment at `path`: `2026-02-28 09:00:00.000000000`, in UTC.
fn moment(node: &Value, path: &str) -> Option<u64> {
    let text = node.pointer(path)?.as_str()?.trim().replacen(' ', "T", 1);
    let moment = date::parse_iso(&format!("{text}Z"))?;
    let since = moment.duration_since(std::time::SystemTime::UNIX_EPOCH);
    Some(since.ok()?.as_secs())
}

fn read_commit(node: &Value, id: &str, url: &str) -> Commit {
    Commit {
        id: id.to_owned(),
        title: text(node, "/subject"),
        author: text(node, "/author/name"),
        at: moment(node, "/author/date"),
        checks: None,
        url: format!("{url}{PLUS}{id}"),
    }
}

fn read_changes(told: &Value, root: &str, project: &str) -> Listed<Pull> {
    let has_more = items(told, "").any(|node| is(node, "/_more_changes"));
    let total = u64::try_from(items(told, "").count()).ok();
    let page = format!("{root}/q/project:{}+status:open", encode(project, true));
    let below = format!("{root}/c/{}/+", encode(project, false));
    let changes = items(told, "").map(|node| change(node, &below));
    listed(changes, total.filter(|_| !has_more), page)
}

fn change(node: &Value, below: &str) -> Pull {
    let number = number(node, "/_number").unwrap_or_default();
    let names = ["username", "name", "email"].map(|key| text(node, &format!("/owner/{key}")));
    let topic = text(node, "/topic");
    let id: String = first_graphemes(&text(node, "/change_id"), 9);
    Pull {
        number,
        title: text(node, "/subject"),
        author: names
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or_default(),
        is_draft: is(node, "/work_in_progress"),
        review: review(node.pointer("/labels").and_then(|it| it.get(REVIEWED))),
        checks: node
            .pointer("/labels")
            .and_then(|it| it.get(VERIFIED))
            .and_then(verified),
        // A change has no branch of its own.
        branch: if topic.is_empty() { id } else { topic },
        into: text(node, "/branch"),
        updated: moment(node, "/updated"),
        url: format!("{below}/{number}"),
    }
}

/// What people think of a change whose label that is.
fn review(label: Option<&Value>) -> Review {
    let Some(label) = label else {
        return Review::NotNeeded;
    };
    let has = |key: &str| label.get(key).is_some();
    match () {
        () if has("rejected") || has("disliked") => Review::ChangesRequested,
        () if has("approved") => Review::Approved,
        () => Review::Required,
    }
}

/// What machines say of a change whose label that is; nothing where none has looked at it.
fn verified(label: &Value) -> Option<Outcome> {
    let has = |key: &str| label.get(key).is_some();
    match () {
        () if has("rejected") || has("disliked") => Some(Outcome::Failed),
        () if has("approved") || has("recommended") => Some(Outcome::Passed),
        () => None,
    }
}

/// The tags, the latest first, those without a time by the versions that they name.
fn read_tags(told: &Value, url: &str) -> Listed<Release> {
    let mut tags: Vec<Release> = every(told, "")
        .filter_map(|node| {
            let reference = text(node, "/ref");
            let tag = reference.strip_prefix("refs/tags/")?.to_owned();
            let page = link(node, "/web_links/0/url");
            Some(Release {
                name: String::new(),
                state: String::new(),
                at: moment(node, "/tagger/date").or_else(|| moment(node, "/created")),
                url: if page.is_empty() {
                    format!("{url}/+/refs/tags/{}", encode(&tag, false))
                } else {
                    page
                },
                tag,
            })
        })
        .collect();
    tags.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| by_version(&b.tag, &a.tag)));
    let total = u64::try_from(tags.len()).ok();
    listed(tags.into_iter().take(TOLD), total, format!("{url}/+refs"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_say_what_people_and_machines_think() {
        let by = |key: &str| json!({ key: { "_account_id": 1 }, "value": 1 });
        for (label, expected) in [
            (None, Review::NotNeeded),
            (Some(json!({})), Review::Required),
            (Some(by("recommended")), Review::Required),
            (Some(by("approved")), Review::Approved),
            (Some(by("disliked")), Review::ChangesRequested),
            (
                Some(json!({ "approved": {}, "rejected": {} })),
                Review::ChangesRequested,
            ),
        ] {
            assert_eq!(review(label.as_ref()), expected, "{label:?}");
        }
        assert_eq!(verified(&by("approved")), Some(Outcome::Passed));
        assert_eq!(verified(&by("rejected")), Some(Outcome::Failed));
        assert_eq!(verified(&json!({ "optional": true })), None);
    }

    #[test]
    fn times_are_utc_whatever_they_look_like() {
        let node = json!({ "updated": "2026-03-01 12:00:00.123000000", "bad": "soon" });
        assert_eq!(moment(&node, "/updated"), Some(1_772_366_400));
        assert_eq!(moment(&node, "/bad"), None);
    }
}
