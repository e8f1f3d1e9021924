//! The request to merge an update's branch, at each kind of host.

use serde_json::{Value as Json, json};

use crate::scaffolder::action::api::{Api, part};
use crate::scaffolder::action::proposal::{Proposal, Request};
use crate::scaffolder::action::{ActionError, Input, LogLevel, Outputs, Task};
use crate::scaffolder::update::{Target, Update};

use super::{Result, change_id, merged, text, update};

/// The most characters that Azure DevOps takes as a description.
const AZURE_LIMIT: usize = 4_000;

/// Asks the host to merge the branch; a request that is open already is the one.
pub(in crate::scaffolder::action) fn request(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let update = update(task, input)?;
    let Target::Hosted { kind, host, name } = &update.wish.target else {
        return Err(input.error("a repository of this machine has no requests"));
    };
    let page = if kind == "gerrit" {
        let change = change_id(task);
        of_gerrit(task, host, &change)?.ok_or_else(|| {
            ActionError::Failed(format!("{host} does not tell of the change {change}"))
        })?
    } else {
        let asked = Asked::of(
            update,
            kind,
            name,
            &update.description(merged(task, update)?),
        )?;
        open(task, update, host, name, &asked)?
    };
    (task.log)(LogLevel::Info, &format!("{page} asks to merge it"));
    Ok(Outputs::from_iter([("url".to_owned(), page.into())]))
}

/// How one kind of host is asked.
struct Asked {
    /// Where its requests are made.
    requests: String,
    /// Where the open ones of the branch are listed.
    open: String,
    /// Where the list is in what it answers.
    list: &'static str,
    /// Where the name of the branch is in one of them.
    head: &'static str,
    /// The request.
    body: Json,
    /// Where its web page is in what it answers; one of them, and for Azure DevOps the page is made up.
    page: &'static str,
}

impl Asked {
    fn of(update: &Update, kind: &str, name: &str, description: &str) -> Result<Self> {
        let (branch, base) = (update.branch(), update.checkout.base.as_str());
        let (path, title) = (update.checkout.path.as_str(), update.title());
        let owner = name.split('/').next().unwrap_or_default();
        let slug = name.rsplit('/').next().unwrap_or_default();
        let pulls = format!("{path}/pulls");
        Ok(match kind {
            "github" | "gitea" => {
                let head = part(&format!("{owner}:{branch}"));
                Self {
                    open: match kind {
                        "github" => format!("{pulls}?state=open&head={head}"),
                        _ => format!("{pulls}?state=open&limit=50"),
                    },
                    requests: pulls,
                    list: "",
                    head: "/head/ref",
                    body: json!({ "title": title, "body": description, "head": branch, "base": base }),
                    page: "/html_url",
                }
            }
            "gitlab" => {
                let requests = format!("{path}/merge_requests");
                Self {
                    open: format!("{requests}?state=opened&source_branch={}", part(&branch)),
                    requests,
                    list: "",
                    head: "/source_branch",
                    body: json!({
                        "title": title, "description": description, "source_branch": branch,
                        "target_branch": base, "remove_source_branch": true,
                    }),
                    page: "/web_url",
                }
            }
            "bitbucketCloud" => Self {
                requests: format!("{path}/pullrequests"),
                open: format!("{path}/pullrequests?state=OPEN&pagelen=50"),
                list: "/values",
                head: "/source/branch/name",
                body: json!({
                    "title": title, "summary": { "raw": description }, "close_source_branch": true,
                    "source": { "branch": { "name": branch } }, "destination": { "branch": { "name": base } },
                }),
                page: "/links/html/href",
            },
            "bitbucketServer" => {
                let side = |branch: &str| {
                    json!({
                        "id": format!("refs/heads/{branch}"),
                        "repository": { "slug": slug, "project": { "key": owner } },
                    })
                };
                let at = part(&format!("refs/heads/{branch}"));
                Self {
                    requests: format!("{path}/pull-requests"),
                    open: format!("{path}/pull-requests?state=OPEN&direction=OUTGOING&at={at}"),
                    list: "/values",
                    head: "/fromRef/displayId",
                    body: json!({
                        "title": title, "description": description,
                        "state": "OPEN", "open": true, "closed": false, "locked": false,
                        "fromRef": side(&branch), "toRef": side(base),
                    }),
                    page: "/links/self/0/href",
                }
            }
            "azure" => {
                let source = format!("refs/heads/{branch}");
                let requests = format!("{path}/pullrequests");
                Self {
                    open: format!(
                        "{requests}?searchCriteria.status=active&searchCriteria.sourceRefName={}&api-version=7.1",
                        part(&source)
                    ),
                    requests: format!("{requests}?api-version=7.1"),
                    list: "/value",
                    head: "/sourceRefName",
                    body: json!({
                        "title": title,
                        "description": description.chars().take(AZURE_LIMIT).collect::<String>(),
                        "sourceRefName": source, "targetRefName": format!("refs/heads/{base}"),
                    }),
                    page: "/pullRequestId",
                }
            }
            kind => {
                return Err(ActionError::Failed(format!(
                    "a {kind} cannot be asked to merge; with --no-request the branch alone is made"
                )));
            }
        })
    }

    /// The request that `body` tells of.
    fn told(&self, update: &Update, body: Json) -> Request {
        let page = match body.pointer(self.page) {
            Some(Json::Number(number)) => {
                format!("{}/pullrequest/{number}", update.checkout.remote)
            }
            _ => text(&body, self.page),
        };
        Request { page, body }
    }
}

fn open(
    task: &mut Task<'_>,
    update: &Update,
    host: &str,
    name: &str,
    asked: &Asked,
) -> Result<String> {
    let api = Api::at(host);
    let branch = update.branch();
    let title = update.title();
    let proposal = Proposal {
        api,
        name: name.to_owned(),
        remote: update.checkout.remote.clone(),
        base: update.checkout.base.clone(),
        branch: &branch,
        message: &title,
        source: "",
        target: "",
        delete: Vec::new(),
        update: true,
        pushes_nothing: true,
    };
    let full = format!("refs/heads/{branch}");
    let look = |task: &Task<'_>| {
        let Some(open) = api.look(task, &asked.open)? else {
            return Ok(None);
        };
        let all = open.pointer(asked.list).and_then(Json::as_array);
        let mut all = all.into_iter().flatten();
        let found = all.find(|it| {
            let head = text(it, asked.head);
            head == branch || head == full
        });
        Ok(found.map(|found| asked.told(update, found.clone())))
    };
    let make = |task: &Task<'_>| {
        let what = "The request to merge was refused";
        let made = api.done(task, what, "POST", &asked.requests, asked.body.clone())?;
        Ok(asked.told(update, made))
    };
    Ok(proposal.request(task, &look, &make)?.page)
}

/// The page of the change `id` at the Gerrit `host`, where it is there.
pub(super) fn of_gerrit(task: &Task<'_>, host: &str, id: &str) -> Result<Option<String>> {
    let found = Api::at(host).look(task, &format!("/changes/?q=change:{id}&n=1"))?;
    let found = found.as_ref().and_then(|found| found.get(0));
    let (base, _) = task.outside.pages(host);
    Ok(found.and_then(|change| {
        let number = change.get("_number")?;
        let project = change.get("project")?.as_str()?;
        Some(format!("{base}/c/{project}/+/{number}"))
    }))
}
