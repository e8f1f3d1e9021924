//! Gitea and Forgejo: repositories by their REST API, filled by a push.

use serde_json::{Value as Json, json};

use super::api::{Api, part};
use super::hosting::{self, Hosted, Plan, fill, plain_commit, repo_url};
use super::{ActionError, Input, Outputs, Task};

type Result<T> = std::result::Result<T, ActionError>;

fn hosted(path: &str, body: Json) -> Hosted {
    let text = |key: &str| body.get(key).and_then(Json::as_str).unwrap_or_default();
    Hosted {
        page: text("html_url").to_owned(),
        remote: text("clone_url").to_owned(),
        path: path.to_owned(),
        body,
    }
}

/// `publish:gitea`. Backstage makes repositories of organisations alone; one's own can be made here, too.
pub(super) fn publish(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    plain_commit(input)?;
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "gitea")?;
    let (owner, name) = (repo.owner.as_str(), repo.repo.as_str());
    let path = format!("/repos/{}/{}", part(owner), part(name));
    let body = json!({
        "name": name,
        "description": input.text("description")?.unwrap_or_default(),
        "private": input.text("repoVisibility")? == Some("private"),
        "default_branch": input.text("defaultBranch")?.unwrap_or("main"),
    });
    let look = |task: &Task<'_>| Ok(api.look(task, &path)?.map(|body| hosted(&path, body)));
    let make = |task: &Task<'_>| {
        let organization = format!("/orgs/{}", part(owner));
        let at = if api.look(task, &organization)?.is_some() {
            format!("{organization}/repos")
        } else {
            let me = api.look(task, "/user")?.unwrap_or_default();
            if me.get("login").and_then(Json::as_str) != Some(owner) {
                return Err(ActionError::Failed(format!(
                    "Organization {owner} do not exist. Please create it first !"
                )));
            }
            "/user/repos".to_owned()
        };
        let what = format!("Unable to create repository {owner}/{name}");
        let made = api.done(task, &what, "POST", &at, body.clone())?;
        Ok(hosted(&path, made))
    };
    let plan = Plan {
        api,
        name: format!("{owner}/{name}"),
        look: &look,
        make: &make,
    };
    let there = plan.make_once(task)?;
    let pushed = fill(task, input, api, &there, "main", None)?;
    let contents = format!("{}/src/branch/{}/", there.page, pushed.branch);
    Ok(hosting::outputs(&there, &contents, Some(pushed)))
}
