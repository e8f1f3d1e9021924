//! What a dry run says that actions elsewhere would have given: the same for the same input, every time.

use serde_json::{Map, Value as Json, json};

use crate::scaffolder::form::repo_url::RepoUrl;
use crate::scaffolder::outside::Outside;

use super::Outputs;

/// The commit that was never made.
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
/// What the ids of Backstage's own actions with effects elsewhere begin with.
const KNOWN: [&str; 14] = [
    "publish:",
    "github:",
    "gitlab:",
    "gitea:",
    "bitbucket:",
    "bitbucketCloud:",
    "bitbucketServer:",
    "azure:",
    "gerrit:",
    "http:backstage:request",
    "notification:send",
    "argocd:",
    "sentry:",
    "stagedoor:",
];

/// Whether `id` is an action of Backstage's that this program knows by name.
pub(crate) fn is_known(id: &str) -> bool {
    KNOWN.iter().any(|known| id.starts_with(known))
}

/// What the action `id` would give; the error is in Backstage's words.
pub(crate) fn simulate(
    id: &str,
    input: &Map<String, Json>,
    outside: &dyn Outside,
) -> Result<Outputs, String> {
    let text = |key: &str| input.get(key).and_then(Json::as_str);
    let branch = text("defaultBranch").unwrap_or("main");
    let mut outputs = Outputs::new();
    match id {
        "stagedoor:publish:local" => {
            let url = format!("file:///{}", text("name").unwrap_or_default());
            return Ok(published(&url, &url));
        }
        "stagedoor:publish:git" => {
            let url = text("remoteUrl").unwrap_or_default();
            return Ok(published(url, url));
        }
        id if id.starts_with("publish:") => {}
        "github:repo:create" | "github:repo:push" => {}
        _ => return Ok(outputs),
    }
    let Some(repo_url) = text("repoUrl").filter(|text| !text.is_empty()) else {
        return Ok(outputs);
    };
    let host = RepoUrl::located(repo_url)
        .map_err(|error| error.to_string())?
        .host;
    if outside.host_type(&host).is_none() {
        return Err(format!(
            "No matching integration configuration for host {host}, please check your integrations config"
        ));
    }
    let repo = RepoUrl::parse(repo_url).map_err(|error| error.to_string())?;
    let base = format!("https://{}/{}", repo.host, repo.path());
    outputs.extend(published(
        &format!("{base}.git"),
        &format!("{base}/blob/{branch}"),
    ));
    if id.contains("pull-request") || id.contains("merge-request") {
        let target = text("targetBranchName").unwrap_or("main");
        outputs.insert("targetBranchName".to_owned(), json!(target));
        outputs.insert("pullRequestNumber".to_owned(), json!(1));
        outputs.insert(
            "mergeRequestUrl".to_owned(),
            json!(format!("{base}/-/merge_requests/1")),
        );
    }
    Ok(outputs)
}

fn published(remote: &str, contents: &str) -> Outputs {
    super::publish::outputs(remote, contents, COMMIT)
}
