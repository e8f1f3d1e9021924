//! Azure DevOps: the part of its REST API that we need, over the repositories, which are called `ORG/PROJECT/NAME`.

#![expect(
    clippy::result_large_err,
    reason = "an answer is what handlers give either way"
)]

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Shared;
use super::repositories::Repository;

type Asked = HashMap<String, String>;

/// The routes below an organisation, and below a project.
pub(super) fn routes() -> Router<Arc<Shared>> {
    let mut router = Router::new();
    for above in ["/{org}/_apis", "/{org}/{project}/_apis"] {
        let list = format!("{above}/git/repositories");
        router = router
            .route(&list, get(repositories))
            .route(&format!("{list}/{{id}}"), get(repository))
            .route(&format!("{list}/{{id}}/items"), get(items))
            .route(&format!("{list}/{{id}}/blobs/{{sha}}"), get(blob))
            .route(&format!("{list}/{{id}}/{{topic}}"), get(told).post(request));
    }
    let project = "/{org}/{project}/_apis";
    router
        .route("/{org}/_apis/connectionData", get(me))
        .route(&format!("{project}/build/builds"), get(builds))
        .route(
            &format!("{project}/projectanalysis/languagemetrics"),
            get(languages),
        )
        .route(
            &format!("{project}/alert/repositories/{{id}}/alerts"),
            get(alerts),
        )
}

/// What the log calls a request for `path`.
pub(super) fn describe(path: &str) -> &'static str {
    if path.ends_with("/_apis/git/repositories") {
        " AzureList"
    } else {
        ""
    }
}

async fn me() -> Json<Value> {
    let account = json!({ "Account": { "$type": "System.String", "$value": "jane@acme.dev" } });
    Json(json!({ "authenticatedUser": {
        "id": "4b1b2a3e", "providerDisplayName": "Jane", "properties": account } }))
}

async fn repositories(State(shared): State<Arc<Shared>>, Path(at): Path<Asked>) -> Response {
    let mut owner = at["org"].clone();
    if let Some(project) = at.get("project") {
        owner = format!("{owner}/{project}");
    }
    let all = shared.repositories.of(&owner);
    if all.is_empty() && !shared.repositories.has_owner(&owner) {
        return missing(
            "ProjectDoesNotExistWithNameException",
            "TF200016: The following project does not exist",
        );
    }
    let rows: Vec<Value> = all.iter().map(|it| row(&shared, it)).collect();
    Json(json!({ "count": rows.len(), "value": rows })).into_response()
}

fn row(shared: &Shared, repository: &Repository) -> Value {
    let mut parts = repository.name.rsplitn(3, '/');
    let (name, project) = (parts.next().unwrap(), parts.next().unwrap());
    let organisation = parts.next().unwrap();
    let mut row = json!({
        "id": id(repository),
        "name": name,
        "project": { "id": "p", "name": project, "state": "wellFormed", "visibility": repository.visibility.to_lowercase() },
        "size": 728,
        "isDisabled": repository.archived,
        "isInMaintenance": false,
        "webUrl": format!("https://azure.invalid/{organisation}/{project}/_git/{name}"),
    });
    if shared.repositories.oid(&repository.name, "HEAD").is_some() {
        row["defaultBranch"] = format!("refs/heads/{}", repository.branch).into();
    }
    if repository.fork {
        row["isFork"] = true.into();
    }
    row
}

fn id(repository: &Repository) -> String {
    format!("5febef5a-0000-4000-8000-{:012}", repository.number)
}

/// The one at the place `at`, which is told by its id or its name.
fn find(shared: &Shared, at: &Asked) -> Result<Repository, Response> {
    let gone = || {
        let message = "TF401019: The Git repository with name or identifier does not exist or you do not have permissions for the operation you are attempting.";
        missing("GitRepositoryNotFoundException", message)
    };
    let wanted = &at["id"];
    let number = wanted
        .rsplit('-')
        .next()
        .and_then(|number| number.parse().ok());
    let by_id = number.and_then(|number| shared.repositories.by_number(number));
    let by_id = by_id.filter(|it| id(it) == *wanted && it.name.starts_with(&at["org"]));
    let by_name = || {
        let name = format!("{}/{}/{wanted}", at["org"], at.get("project")?);
        shared.repositories.get(&name)
    };
    by_id.or_else(by_name).ok_or_else(gone)
}

/// The same where its content may be read.
fn open(shared: &Shared, at: &Asked) -> Result<Repository, Response> {
    let repository = find(shared, at)?;
    match repository.withheld {
        Some("FORBIDDEN") => Err(StatusCode::FORBIDDEN.into_response()),
        Some(_) => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        None if repository.archived => Err(missing(
            "GitRepositoryNotFoundException",
            "TF401019: The Git repository is disabled",
        )),
        None => Ok(repository),
    }
}

async fn repository(
    State(shared): State<Arc<Shared>>,
    Path(at): Path<Asked>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let repository = find(&shared, &at)?;
    let mut row = row(&shared, &repository);
    let (folder, name) = repository.name.rsplit_once('/').unwrap();
    let host = headers[header::HOST].to_str().unwrap();
    row["remoteUrl"] = format!("http://{host}/{folder}/_git/{name}").into();
    Ok(Json(row).into_response())
}

/// A request to merge; the branch must be there.
async fn request(
    State(shared): State<Arc<Shared>>,
    Path(at): Path<Asked>,
    Json(body): Json<Value>,
) -> Result<Response, Response> {
    let repository = open(&shared, &at)?;
    assert_eq!(at["topic"], "pullrequests");
    let branch = body["sourceRefName"].as_str().unwrap();
    if shared.repositories.oid(&repository.name, branch).is_none() {
        let message = "TF401398: The pull request cannot be activated because the source branch no longer exists.";
        return Err(missing("GitPullRequestNotFoundException", message));
    }
    let mut made = body;
    made["pullRequestId"] = 9.into();
    made["status"] = "active".into();
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// A list of facts of `repository`; what is refused is so by 403.
fn list(repository: &Repository, topic: &str) -> Result<Vec<Value>, Response> {
    let unknown = || missing("VssServiceException", "There is no such thing.");
    repository.facts.list(topic).map_err(|status| match status {
        StatusCode::NOT_FOUND => unknown(),
        status => status.into_response(),
    })
}

fn whole(values: &[Value]) -> Response {
    Json(json!({ "count": values.len(), "value": values })).into_response()
}

/// `pullrequests`, `refs`, or the one commit.
async fn told(
    State(shared): State<Arc<Shared>>,
    Path(at): Path<Asked>,
    Query(query): Query<Asked>,
) -> Result<Response, Response> {
    let repository = open(&shared, &at)?;
    match at["topic"].as_str() {
        "commits" => {
            assert_eq!(query["searchCriteria.$top"], "1");
            let tip = shared.repositories.oid(&repository.name, "HEAD");
            let commit = tip.map(|id| {
                let mut commit = json!({ "commitId": id });
                super::facts::merge(&mut commit, &repository.facts.commit);
                commit
            });
            Ok(whole(&commit.into_iter().collect::<Vec<_>>()))
        }
        topic => Ok(whole(&list(&repository, topic)?)),
    }
}

/// The builds of one repository: of a branch, or those of pull requests. `TIP` in them is the tip of its branch.
async fn builds(
    State(shared): State<Arc<Shared>>,
    Path(at): Path<Asked>,
    Query(query): Query<Asked>,
) -> Result<Response, Response> {
    assert_eq!(query["repositoryType"], "TfsGit");
    let mut at = at;
    at.insert("id".to_owned(), query["repositoryId"].clone());
    let repository = open(&shared, &at)?;
    let mut builds = list(&repository, "builds")?;
    if let Some(branch) = query.get("branchName") {
        builds.retain(|it| it["sourceBranch"] == *branch);
    }
    if let Some(reason) = query.get("reasonFilter") {
        builds.retain(|it| it["reason"] == *reason);
    }
    let tip = shared.repositories.oid(&repository.name, "HEAD");
    for build in &mut builds {
        if build["sourceVersion"] == "TIP" {
            build["sourceVersion"] = json!(tip);
        }
    }
    Ok(whole(&builds))
}

/// The languages of all repositories of a project.
async fn languages(
    State(shared): State<Arc<Shared>>,
    Path(at): Path<Asked>,
) -> Result<Response, Response> {
    let all = shared
        .repositories
        .of(&format!("{}/{}", at["org"], at["project"]));
    let mut told = Vec::new();
    for repository in &all {
        let languages = list(repository, "languages")?;
        told.push(json!({ "id": id(repository), "name": repository.name, "languageBreakdown": languages, "resultPhase": "full" }));
    }
    let body = json!({ "id": "p", "resultPhase": "full", "languageBreakdown": [], "repositoryLanguageAnalytics": told });
    Ok(Json(body).into_response())
}

async fn alerts(
    State(shared): State<Arc<Shared>>,
    Path(at): Path<Asked>,
    Query(query): Query<Asked>,
) -> Result<Response, Response> {
    assert_eq!(query["criteria.states"], "active");
    let repository = open(&shared, &at)?;
    Ok(whole(&list(&repository, "alerts")?))
}

async fn items(
    State(shared): State<Arc<Shared>>,
    Path(at): Path<Asked>,
    Query(query): Query<Asked>,
) -> Result<Response, Response> {
    let repository = open(&shared, &at)?;
    let name = &repository.name;
    let branch = query.get("versionDescriptor.version");
    let reference = branch.map_or("HEAD", String::as_str);
    let is_there = branch.is_none_or(|branch| *branch == repository.branch);
    let commit = shared
        .repositories
        .oid(name, reference)
        .filter(|_| is_there);
    let Some(commit) = commit else {
        let message =
            "TF401175: The version descriptor could not be resolved to a version in the repository";
        return Err(missing("GitUnresolvableToCommitException", message));
    };
    let files = shared.repositories.files(name, &commit).unwrap();
    let absent = || {
        missing(
            "GitItemNotFoundException",
            "TF401174: The item could not be found in the repository at the version specified.",
        )
    };
    let blob = |(path, oid): &(String, String)| json!({ "objectId": oid, "gitObjectType": "blob", "commitId": commit, "path": format!("/{path}") });
    if let Some(path) = query.get("path") {
        let path = path.trim_start_matches('/');
        let found = files.iter().find(|(known, _)| known == path);
        return Ok(Json(blob(found.ok_or_else(absent)?)).into_response());
    }
    let scope = query["scopePath"].trim_matches('/');
    let all = query["recursionLevel"] == "Full";
    let mut folders = BTreeSet::from([scope.to_owned()]);
    let mut rows = Vec::new();
    for file in &files {
        let below = if scope.is_empty() {
            Some(file.0.as_str())
        } else {
            file.0
                .strip_prefix(scope)
                .and_then(|rest| rest.strip_prefix('/'))
        };
        match below.map(|below| below.split_once('/')) {
            Some(Some((folder, _))) if !all => {
                folders.insert(format!("{scope}/{folder}"));
            }
            Some(_) => rows.push(blob(file)),
            None => {}
        }
    }
    if rows.is_empty() && folders.len() == 1 && !scope.is_empty() {
        return Err(absent());
    }
    let folder = |path: &String| json!({ "objectId": commit, "gitObjectType": "tree", "commitId": commit, "path": format!("/{}", path.trim_matches('/')), "isFolder": true });
    let value: Vec<Value> = folders.iter().map(folder).chain(rows).collect();
    Ok(Json(json!({ "count": value.len(), "value": value })).into_response())
}

async fn blob(
    State(shared): State<Arc<Shared>>,
    Path(at): Path<Asked>,
    Query(query): Query<Asked>,
) -> Result<Response, Response> {
    assert_eq!(
        query["$format"], "octetStream",
        "else it is told, not given"
    );
    let repository = open(&shared, &at)?;
    let found = shared.repositories.object(&repository.name, &at["sha"]);
    let absent = || {
        missing(
            "GitObjectDoesNotExistException",
            "TF401177: The specified object was not found",
        )
    };
    Ok(found.ok_or_else(absent)?.1.into_response())
}

fn missing(kind: &str, message: &str) -> Response {
    let said = json!({ "$id": "1", "message": message, "typeKey": kind, "errorCode": 0 });
    (StatusCode::NOT_FOUND, Json(said)).into_response()
}
