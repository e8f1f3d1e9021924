//! Facts about one repository of a Bitbucket Cloud: one call for the repository with its last commit, then one for each list,
//! all at once, of no more fields than are shown. What came out are tags; there are neither alerts nor languages.

mod nodes;

use serde_json::Value;

use crate::catalog::facts::{Environment, Fact, Facts, Issue, Listed, Pull, Release, Run, Topic};
use crate::host::HostError;
use crate::host::facts::{RepositoryAt, is, items, link, listed, number, off, shown, text, told};
use crate::host::rest::RestApi;
use nodes::{commit, environment, issue, pull, run, runs, tag};

/// What is asked of the repository, and of a commit in it.
const REPOSITORY: [&str; 5] = [
    "full_name",
    "is_private",
    "has_issues",
    "links.html.href",
    "mainbranch.name",
];
const COMMIT: [&str; 5] = [
    "hash",
    "date",
    "message",
    "author.raw",
    "author.user.display_name",
];
/// What is asked of each thing in a list.
const PULL: &str = "size,values.id,values.title,values.draft,values.updated_on,values.links.html.href,values.author.nickname,values.author.display_name,values.source.branch.name,values.destination.branch.name,values.participants.role,values.participants.state,values.participants.approved";
const STATUS: &str = "values.key,values.name,values.description,values.state,values.url,values.created_on,values.updated_on";
const PIPELINE: &str = "size,values.build_number,values.state,values.trigger.name,values.target.selector,values.target.commit.message,values.created_on,values.completed_on,values.duration_in_seconds";
const ISSUE: &str = "size,values.id,values.title,values.kind,values.updated_on,values.links.html.href,values.reporter.nickname,values.reporter.display_name";
const TAG: &str = "size,values.name,values.date,values.target.date,values.links.html.href";
const DEPLOYMENT: &str = "values.environment.uuid,values.state,values.release.name,values.release.url,values.release.commit.hash";
const ENVIRONMENT: &str = "values.uuid,values.name";
/// What counts as an open issue.
const OPEN: &str = "(state=\"new\" OR state=\"open\" OR state=\"on hold\")";

/// What the Bitbucket Cloud behind `api` tells of the repository `at`.
pub(in crate::host) async fn facts(api: &RestApi, at: &RepositoryAt) -> Result<Facts, HostError> {
    let of = Of { api, at };
    let tip = COMMIT.map(|field| format!("mainbranch.target.{field}"));
    let fields = format!("{},{}", REPOSITORY.join(","), tip.join(","));
    let repository = of.get(&[], &[("fields", &fields)]).await;
    let mut repository = shown(repository, api, at)?;
    let url = link(&repository, "/links/html/href");
    let branch = Some(text(&repository, "/mainbranch/name")).filter(|branch| !branch.is_empty());
    let mut target = repository
        .pointer_mut("/mainbranch/target")
        .map(Value::take);
    if let Some(branch) = &branch
        && target.as_ref().is_none_or(Value::is_null)
    {
        target = of.tip(branch).await.ok();
    }
    let hash = target.as_ref().map(|target| text(target, "/hash"));
    let (statuses, pulls, pipelines, issues, releases, environments) = tokio::join!(
        of.statuses(hash.as_deref()),
        of.pulls(&url),
        of.pipelines(branch.as_deref(), &url),
        of.issues(is(&repository, "/has_issues"), &url),
        of.tags(&url),
        of.environments(&url),
    );
    let commit = match (&branch, target) {
        (None, _) => Fact::Known(None),
        (Some(_), Some(target)) => Fact::Known(Some(commit(&target, &statuses, &url))),
        (Some(_), None) => Fact::withheld("its host does not tell the last commit"),
    };
    let visibility = if is(&repository, "/is_private") {
        "private"
    } else {
        "public"
    };
    Ok(Facts {
        host: at.host.clone(),
        name: text(&repository, "/full_name"),
        visibility: visibility.to_owned(),
        is_archived: false,
        branch,
        pull_word: "pull request".to_owned(),
        release_word: "tag".to_owned(),
        commit,
        pulls,
        runs: runs(pipelines, &statuses, &url),
        issues,
        alerts: Fact::Absent,
        releases,
        environments,
        languages: Fact::Absent,
        url,
    })
}

/// One repository.
struct Of<'a> {
    api: &'a RestApi,
    at: &'a RepositoryAt,
}

impl Of<'_> {
    /// What stands at the path of `parts` below the repository.
    async fn get(&self, parts: &[&str], query: &[(&str, &str)]) -> Result<Value, HostError> {
        let (workspace, name) = self.at.name.split_once('/').unwrap_or_default();
        let parts = [&["repositories", workspace, name], parts].concat();
        Ok(self.api.json(&parts, query).await?.body)
    }

    /// The commit at the tip of `branch`, for a host that does not tell it with the repository.
    async fn tip(&self, branch: &str) -> Result<Value, HostError> {
        let parts: Vec<&str> = ["refs", "branches"]
            .into_iter()
            .chain(branch.split('/'))
            .collect();
        let fields = COMMIT.map(|field| format!("target.{field}")).join(",");
        let mut told = self.get(&parts, &[("fields", &fields)]).await?;
        Ok(told
            .pointer_mut("/target")
            .map(Value::take)
            .unwrap_or_default())
    }

    /// What programs that build it say of the commit `hash`, each once, the latest first.
    async fn statuses(&self, hash: Option<&str>) -> Vec<Value> {
        let Some(hash) = hash else {
            return Vec::new();
        };
        let query = [
            ("pagelen", "50"),
            ("sort", "-updated_on"),
            ("fields", STATUS),
        ];
        let told = self.get(&["commit", hash, "statuses"], &query).await;
        told.iter()
            .flat_map(|told| items(told, "/values"))
            .cloned()
            .collect()
    }

    async fn pulls(&self, url: &str) -> Fact<Listed<Pull>> {
        let query = [
            ("state", "OPEN"),
            ("sort", "-updated_on"),
            ("pagelen", "20"),
            ("fields", PULL),
        ];
        let page = format!("{url}/pull-requests/");
        let answer = self.get(&["pullrequests"], &query).await;
        told(answer, Topic::Pulls, needs(Topic::Pulls), |told| {
            list(&told, pull, page)
        })
    }

    async fn pipelines(&self, branch: Option<&str>, url: &str) -> Fact<Listed<Run>> {
        let page = format!("{url}/pipelines");
        let Some(branch) = branch else {
            return Fact::Known(listed([].into_iter(), Some(0), page));
        };
        let query = [
            ("target.branch", branch),
            ("sort", "-created_on"),
            ("pagelen", "10"),
            ("fields", PIPELINE),
        ];
        match self.get(&["pipelines", ""], &query).await {
            Err(HostError::NotFound { .. }) => Fact::Known(off("Pipelines are switched off.")),
            answer => told(answer, Topic::Runs, needs(Topic::Runs), |told| {
                list(&told, |node| run(node, url), page)
            }),
        }
    }

    async fn issues(&self, has_issues: bool, url: &str) -> Fact<Listed<Issue>> {
        let off = || Fact::Known(off("Its issue tracker is switched off."));
        if !has_issues {
            return off();
        }
        let query = [
            ("q", OPEN),
            ("sort", "-updated_on"),
            ("pagelen", "20"),
            ("fields", ISSUE),
        ];
        let page = format!("{url}/issues");
        match self.get(&["issues"], &query).await {
            Err(HostError::NotFound { .. }) => off(),
            answer => told(answer, Topic::Issues, needs(Topic::Issues), |told| {
                list(&told, issue, page)
            }),
        }
    }

    async fn tags(&self, url: &str) -> Fact<Listed<Release>> {
        let query = [("sort", "-target.date"), ("pagelen", "10"), ("fields", TAG)];
        let page = format!("{url}/downloads/?tab=tags");
        let answer = self.get(&["refs", "tags"], &query).await;
        told(answer, Topic::Releases, needs(Topic::Releases), |told| {
            list(&told, tag, page)
        })
    }

    /// Where it was deployed to. Every repository has three environments from the first; of those nothing is said until
    /// something is there.
    async fn environments(&self, url: &str) -> Fact<Listed<Environment>> {
        let latest = [
            ("sort", "-state.started_on"),
            ("pagelen", "50"),
            ("fields", DEPLOYMENT),
        ];
        let named = [("pagelen", "100"), ("fields", ENVIRONMENT)];
        let (deployments, environments) = tokio::join!(
            self.get(&["deployments", ""], &latest),
            self.get(&["environments", ""], &named),
        );
        let page = format!("{url}/deployments");
        if let Err(HostError::NotFound { .. }) = deployments {
            return Fact::Known(off("Pipelines are switched off."));
        }
        let both = deployments.and_then(|it| Ok((it, environments?)));
        told(
            both,
            Topic::Environments,
            needs(Topic::Environments),
            |(deployments, named)| {
                let deployed = items(&named, "/values").filter_map(|node| {
                    let id = text(node, "/uuid");
                    let mut all = items(&deployments, "/values");
                    let last = all.find(|it| text(it, "/environment/uuid") == id)?;
                    Some(environment(node, last, &page))
                });
                listed(deployed, None, page.clone())
            },
        )
    }
}

/// What a token needs for `topic`.
fn needs(topic: Topic) -> &'static str {
    match topic {
        Topic::Pulls => "the scope read:pullrequest:bitbucket",
        Topic::Runs | Topic::Environments => "the scope read:pipeline:bitbucket",
        Topic::Issues => "the scope read:issue:bitbucket",
        _ => "the scope read:repository:bitbucket",
    }
}

fn list<T>(told: &Value, read: impl Fn(&Value) -> T, page: String) -> Listed<T> {
    listed(
        items(told, "/values").map(read),
        number(told, "/size"),
        page,
    )
}
