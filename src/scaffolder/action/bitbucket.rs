//! Bitbucket Cloud and Bitbucket Data Center: repositories by their REST APIs, filled by a push.

pub(super) mod parts;
pub(super) mod pull_request;

use serde_json::{Value as Json, json};

use super::api::{Api, part};
use super::hosting::{self, Hosted, Plan, fill, needed_part, plain_commit, repo_url};
use super::{ActionError, Input, Outputs, Task};

type Result<T> = std::result::Result<T, ActionError>;

/// The address by which a repository is cloned: the link called `name`.
fn clone_link<'a>(body: &'a Json, name: &str) -> &'a str {
    let links = body.pointer("/links/clone").and_then(Json::as_array);
    let mut links = links.into_iter().flatten();
    let link = links.find(|link| link.get("name").and_then(Json::as_str) == Some(name));
    let href = link.and_then(|link| link.get("href")?.as_str());
    href.unwrap_or_default()
}

fn text(body: &Json, pointer: &str) -> String {
    let text = body.pointer(pointer).and_then(Json::as_str);
    text.unwrap_or_default().to_owned()
}

/// A repository of Bitbucket Cloud.
pub(super) fn on_cloud(path: &str, body: Json) -> Hosted {
    Hosted {
        page: text(&body, "/links/html/href"),
        remote: clone_link(&body, "https").to_owned(),
        path: path.to_owned(),
        body,
    }
}

/// A repository of Bitbucket Data Center; its page is that of its files.
pub(super) fn on_server(path: &str, body: Json) -> Hosted {
    Hosted {
        page: text(&body, "/links/self/0/href"),
        remote: clone_link(&body, "http").to_owned(),
        path: path.to_owned(),
        body,
    }
}

/// `publish:bitbucketCloud`.
pub(super) fn publish_cloud(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    plain_commit(input)?;
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "bitbucketCloud")?;
    needed_part(input, &repo.workspace, "workspace")?;
    needed_part(input, &repo.project, "project")?;
    let path = format!(
        "/repositories/{}/{}",
        part(&repo.workspace),
        part(&repo.repo)
    );
    let mut body = json!({
        "scm": "git",
        "is_private": input.text("repoVisibility")?.unwrap_or("private") == "private",
        "project": { "key": repo.project },
    });
    if let Some(description) = input.text("description")? {
        body["description"] = description.into();
    }
    let look = |task: &Task<'_>| Ok(api.look(task, &path)?.map(|body| on_cloud(&path, body)));
    let make = |task: &Task<'_>| {
        let what = format!("Unable to create repository {}", repo.repo);
        let made = api.done(task, &what, "POST", &path, body.clone())?;
        Ok(on_cloud(&path, made))
    };
    let plan = Plan {
        api,
        name: format!("{}/{}", repo.workspace, repo.repo),
        look: &look,
        make: &make,
    };
    let there = plan.make_once(task)?;
    let pushed = fill(task, input, api, &there, "master", None)?;
    let contents = format!("{}/src/{}", there.page, pushed.branch);
    Ok(hosting::outputs(&there, &contents, Some(pushed)))
}

/// `publish:bitbucket`, which knows by the host which of the two it is.
pub(super) fn publish(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    let host = repo_url(input)?.host;
    match task.outside.host_type(&host).as_deref() {
        Some("bitbucketServer") => publish_server(task, input),
        _ => publish_cloud(task, input),
    }
}

/// `publish:bitbucketServer`.
pub(super) fn publish_server(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    plain_commit(input)?;
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "bitbucketServer")?;
    needed_part(input, &repo.project, "project")?;
    let project = format!("/projects/{}", part(&repo.project));
    let path = format!("{project}/repos/{}", part(&repo.repo));
    let mut body = json!({
        "name": repo.repo,
        "defaultBranch": input.text("defaultBranch")?.unwrap_or("master"),
        "public": input.text("repoVisibility")? == Some("public"),
    });
    if let Some(description) = input.text("description")? {
        body["description"] = description.into();
    }
    let lfs = input.flag("enableLFS", false)?;
    let look = |task: &Task<'_>| Ok(api.look(task, &path)?.map(|body| on_server(&path, body)));
    let make = |task: &Task<'_>| {
        let what = format!("Unable to create repository {}", repo.repo);
        let made = api.done(
            task,
            &what,
            "POST",
            &format!("{project}/repos"),
            body.clone(),
        )?;
        Ok(on_server(&path, made))
    };
    let plan = Plan {
        api,
        name: format!("{}/{}", repo.project, repo.repo),
        look: &look,
        make: &make,
    };
    let there = plan.make_once(task)?;
    let pushed = fill(task, input, api, &there, "master", None)?;
    if lfs {
        // It stands beside the API, not below its root.
        let path = format!("/../../git-lfs/admin{path}/enabled");
        let what = "Failed to enable LFS in the repository";
        api.done(task, what, "PUT", &path, Json::Null)?;
    }
    let contents = there.page.clone();
    Ok(hosting::outputs(&there, &contents, Some(pushed)))
}
