//! Single things on Bitbucket Cloud: runs of pipelines, restrictions of branches.

use serde_json::{Value as Json, json};

use crate::scaffolder::action::api::{Api, part};
use crate::scaffolder::action::hosting::{needed_part, repo_url};
use crate::scaffolder::action::{Input, Outputs, Task};
use crate::scaffolder::form::repo_url::RepoUrl;

use super::{Result, text};

/// The one host that `bitbucket:pipelines:run` knows.
const CLOUD: &str = "bitbucket.org";

/// `bitbucket:pipelines:run`.
pub(in crate::scaffolder::action) fn run_pipeline(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let cloud = RepoUrl {
        host: CLOUD.to_owned(),
        ..RepoUrl::default()
    };
    let api = Api::of(task, input, &cloud, "bitbucketCloud")?;
    let path = format!(
        "/repositories/{}/{}/pipelines",
        part(input.needed("workspace")?),
        part(input.needed("repo_slug")?)
    );
    let body = input.get("body").cloned().unwrap_or_else(|| json!({}));
    let begun = api.done(task, "Unable to run pipeline", "POST", &path, body)?;
    let page = text(&begun, "/repository/links/html/href");
    let number = begun.get("build_number").cloned().unwrap_or_default();
    Ok(Outputs::from_iter([
        ("buildNumber".to_owned(), number),
        (
            "pipelinesUrl".to_owned(),
            format!("{page}/pipelines").into(),
        ),
        ("repoUrl".to_owned(), page.into()),
    ]))
}

/// `bitbucketCloud:branchRestriction:create`.
pub(in crate::scaffolder::action) fn restrict_branch(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "bitbucketCloud")?;
    needed_part(input, &repo.workspace, "workspace")?;
    let kind = input.needed("kind")?;
    let matches = input.text("branchMatchKind")?.unwrap_or("branching_model");
    let of = |key: &str, what: &str, name: &str| -> Result<Json> {
        let all = input.list(key)?.iter();
        let one = |it: &Json| json!({ name: it.get(name), "type": what });
        Ok(all.map(one).collect())
    };
    let mut body = json!({
        "groups": of("groups", "group", "slug")?,
        "users": of("users", "user", "uuid")?,
        "branch_match_kind": matches,
        "kind": kind,
        "type": "branchrestriction",
        "value": input.values().get("value").cloned().unwrap_or_else(|| 1.into()),
    });
    if kind == "push" {
        body["value"] = Json::Null;
    }
    if matches == "glob" {
        body["pattern"] = input.text("pattern")?.unwrap_or_default().into();
    } else {
        body["branch_type"] = input.text("branchType")?.unwrap_or("development").into();
    }
    let path = format!(
        "/repositories/{}/{}/branch-restrictions",
        part(&repo.workspace),
        part(&repo.repo)
    );
    let what = "The branch restriction is not made";
    let response = api.call(task, "POST", &path, body)?;
    if response.status >= 300 {
        return Err(crate::scaffolder::action::api::refusal(
            what, api.host, &response,
        ));
    }
    let told = json!({ "data": response.body, "status": response.status });
    Ok(Outputs::from_iter([
        ("statusCode".to_owned(), response.status.into()),
        ("json".to_owned(), told.to_string().into()),
    ]))
}
