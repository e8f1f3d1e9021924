//! Azure DevOps: repositories by its REST API, filled by a push.

use serde_json::{Value as Json, json};

use super::api::{Api, part};
use super::hosting::{self, Hosted, Plan, fill, needed_part, plain_commit, repo_url};
use super::{ActionError, Input, Outputs, Task};

type Result<T> = std::result::Result<T, ActionError>;

/// The version of the API.
const VERSION: &str = "api-version=7.1";

/// `publish:azure`.
pub(super) fn publish(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    plain_commit(input)?;
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "azure")?;
    needed_part(input, &repo.organization, "organization")?;
    needed_part(input, &repo.project, "project")?;
    let (organization, project) = (part(&repo.organization), part(&repo.project));
    let root = format!("/{organization}/{project}/_apis/git/repositories");
    let hosted = |body: Json| {
        let text = |key: &str| body.get(key).and_then(Json::as_str).unwrap_or_default();
        Hosted {
            page: text("webUrl").to_owned(),
            remote: text("remoteUrl").to_owned(),
            path: format!("{root}/{}?{VERSION}", part(text("id"))),
            body,
        }
    };
    let look = |task: &Task<'_>| {
        let found = api.look(task, &format!("{root}/{}?{VERSION}", part(&repo.repo)))?;
        Ok(found.map(hosted))
    };
    let make = |task: &Task<'_>| {
        let what = format!(
            "Unable to create the repository with Organization {}, Project {} and Repo {}",
            repo.organization, repo.project, repo.repo
        );
        let body = json!({ "name": repo.repo });
        let made = api.done(task, &what, "POST", &format!("{root}?{VERSION}"), body)?;
        Ok(hosted(made))
    };
    let plan = Plan {
        api,
        name: format!("{}/{}/{}", repo.organization, repo.project, repo.repo),
        look: &look,
        make: &make,
    };
    let there = plan.make_once(task)?;
    let pushed = fill(task, input, api, &there, "master", None)?;
    let contents = there.page.clone();
    let mut outputs = hosting::outputs(&there, &contents, Some(pushed));
    let id = there.body.get("id").cloned().unwrap_or_default();
    outputs.insert("repositoryId".to_owned(), id);
    Ok(outputs)
}
