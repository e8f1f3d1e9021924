//! `publish:bitbucketCloud:pull-request` and `publish:bitbucketServer:pull-request`.

use serde_json::{Value as Json, json};

use crate::scaffolder::action::api::{Api, part};
use crate::scaffolder::action::hosting::{Hosted, needed_part, repo_url};
use crate::scaffolder::action::proposal::{Proposal, Request};
use crate::scaffolder::action::{ActionError, Input, LogLevel, Outputs, Task};

use super::{Result, on_cloud, on_server, text};

/// `publish:bitbucketCloud:pull-request`.
pub(in crate::scaffolder::action) fn on_cloud_publish(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "bitbucketCloud")?;
    needed_part(input, &repo.workspace, "workspace")?;
    let path = format!(
        "/repositories/{}/{}",
        part(&repo.workspace),
        part(&repo.repo)
    );
    let there = api.look(task, &path)?.map(|body| on_cloud(&path, body));
    let there = found(there, &repo.repo)?;
    let default = there
        .body
        .pointer("/mainbranch/name")
        .and_then(Json::as_str);
    let base = input
        .text("targetBranch")?
        .or(default)
        .unwrap_or("master")
        .to_owned();
    let branch = input.needed("sourceBranch")?;
    let wanted = json!({
        "title": input.needed("title")?,
        "summary": { "raw": input.text("description")?.unwrap_or_default() },
        "state": "OPEN",
        "source": { "branch": { "name": branch } },
        "destination": { "branch": { "name": base } },
    });
    let heads = format!("{path}/refs/branches/{}", part(branch));
    let told = |body: Json| Request {
        page: text(&body, "/links/html/href"),
        body,
    };
    let propose = Propose {
        api,
        name: format!("{}/{}", repo.workspace, repo.repo),
        there: &there,
        base,
        branch,
        head: &heads,
        requests: format!("{path}/pullrequests"),
        wanted,
        told: &told,
    };
    propose.run(task, input)
}

/// `publish:bitbucketServer:pull-request`.
pub(in crate::scaffolder::action) fn on_server_publish(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "bitbucketServer")?;
    needed_part(input, &repo.project, "project")?;
    let path = format!(
        "/projects/{}/repos/{}",
        part(&repo.project),
        part(&repo.repo)
    );
    let there = api.look(task, &path)?.map(|body| on_server(&path, body));
    let there = found(there, &repo.repo)?;
    let base = if let Some(base) = input.text("targetBranch")? {
        base.to_owned()
    } else {
        let default = api.look(task, &format!("{path}/default-branch"))?;
        let name = default.map(|body| text(&body, "/displayId"));
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| "master".to_owned())
    };
    let branch = input.needed("sourceBranch")?;
    let side = |branch: &str| {
        json!({
            "id": format!("refs/heads/{branch}"),
            "repository": { "slug": repo.repo, "project": { "key": repo.project } },
        })
    };
    let reviewers = input.texts("reviewers")?.into_iter();
    let reviewers: Vec<Json> = reviewers
        .map(|name| json!({ "user": { "name": name } }))
        .collect();
    let wanted = json!({
        "title": input.needed("title")?,
        "description": input.text("description")?.unwrap_or_default(),
        "state": "OPEN", "open": true, "closed": false, "locked": true,
        "fromRef": side(branch), "toRef": side(&base), "reviewers": reviewers,
    });
    let head = format!(
        "{path}/commits?limit=1&until={}",
        part(&format!("refs/heads/{branch}"))
    );
    let told = |body: Json| Request {
        page: text(&body, "/links/self/0/href"),
        body,
    };
    let propose = Propose {
        api,
        name: format!("{}/{}", repo.project, repo.repo),
        there: &there,
        base,
        branch,
        head: &head,
        requests: format!("{path}/pull-requests"),
        wanted,
        told: &told,
    };
    propose.run(task, input)
}

fn found(there: Option<Hosted>, name: &str) -> Result<Hosted> {
    there.ok_or_else(|| ActionError::Failed(format!("there is no repository {name}")))
}

/// What both kinds do alike.
struct Propose<'a> {
    api: Api<'a>,
    name: String,
    there: &'a Hosted,
    base: String,
    branch: &'a str,
    /// Where the API tells of the branch.
    head: &'a str,
    /// Where requests are.
    requests: String,
    wanted: Json,
    told: &'a dyn Fn(Json) -> Request,
}

impl Propose<'_> {
    /// Pushes the branch, unless it is there already, which Backstage takes as it is, and opens the request.
    fn run(self, task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
        let proposal = Proposal {
            api: self.api,
            name: self.name,
            remote: self.there.remote.clone(),
            base: self.base,
            branch: self.branch,
            message: input.text("description")?.unwrap_or(input.needed("title")?),
            source: "",
            target: "",
            delete: Vec::new(),
            update: false,
            pushes_nothing: false,
        };
        let head = self.api.look(task, self.head)?;
        match head.filter(|_| !task.is_guessed(self.api.host)) {
            Some(_) => {
                let line = format!("The branch {} is there; it is taken as it is", self.branch);
                (task.log)(LogLevel::Info, &line);
            }
            None => {
                proposal.push(task, input)?;
            }
        }
        let look = |task: &Task<'_>| {
            let open = self
                .api
                .look(task, &format!("{}?state=OPEN", self.requests))?;
            let values = open.and_then(|mut open| open.get_mut("values").map(Json::take));
            let mut all = values
                .as_ref()
                .and_then(Json::as_array)
                .into_iter()
                .flatten();
            let is_it = |it: &&Json| {
                let cloud = it.pointer("/source/branch/name");
                let branch = cloud.or_else(|| it.pointer("/fromRef/displayId"));
                branch.and_then(Json::as_str) == Some(self.branch)
            };
            Ok(all.find(is_it).cloned().map(self.told))
        };
        let make = |task: &Task<'_>| {
            let what = "Unable to create pull request";
            let wanted = self.wanted.clone();
            let made = self.api.done(task, what, "POST", &self.requests, wanted)?;
            Ok((self.told)(made))
        };
        let request = proposal.request(task, &look, &make)?;
        let output = ("pullRequestUrl".to_owned(), request.page.into());
        Ok(Outputs::from_iter([output]))
    }
}
