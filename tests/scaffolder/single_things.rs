//! Single things that GitLab, Bitbucket and a Backstage are asked for.

use serde_json::{Value as Json, json};
use stagedoor::scaffolder::outside::Response;
use stagedoor::scaffolder::run::Status;

use super::Stage;
use super::hosts::{Case, hold};

#[test]
fn gitlab_is_asked_for_people_and_tokens() {
    hold(
        "gitlab",
        vec![
            Case {
                action: "gitlab:group:access",
                input: json!({ "path": "a/b", "userIds": [1, 2], "groupIds": [9], "accessLevel": "maintainer" }),
                answers: vec![
                    ("POST /groups/a%2Fb/members", 201, Json::Null),
                    ("POST /groups/a%2Fb/share", 201, Json::Null),
                ],
                asked: vec![
                    (
                        "POST /groups/a%2Fb/members",
                        json!({ "user_id": 1, "access_level": 40 }),
                    ),
                    (
                        "POST /groups/a%2Fb/members",
                        json!({ "user_id": 2, "access_level": 40 }),
                    ),
                    (
                        "POST /groups/a%2Fb/share",
                        json!({ "group_id": 9, "group_access": 40 }),
                    ),
                ],
                output: json!({ "path": "a/b", "userIds": [1, 2], "groupIds": [9], "accessLevel": 40 }),
            },
            Case {
                action: "gitlab:group:access",
                input: json!({ "path": 5, "userIds": [1], "action": "remove" }),
                answers: vec![("DELETE /groups/5/members/1", 204, Json::Null)],
                asked: vec![("DELETE /groups/5/members/1", Json::Null)],
                output: json!({ "path": 5, "userIds": [1] }),
            },
            Case {
                action: "gitlab:projectAccessToken:create",
                input: json!({ "projectId": "456" }),
                answers: vec![(
                    "POST /projects/456/access_tokens",
                    201,
                    json!({ "token": "glpat-swordfish" }),
                )],
                asked: vec![(
                    "POST /projects/456/access_tokens",
                    json!({
                        "name": "tokenname", "scopes": ["read_repository"],
                        "expires_at": "2024-11-13", "access_level": 40,
                    }),
                )],
                // What it made is a secret of its own.
                output: json!({ "access_token": "***" }),
            },
            Case {
                action: "gitlab:projectDeployToken:create",
                input: json!({ "projectId": 7, "name": "ci", "scopes": ["read_registry"] }),
                answers: vec![(
                    "POST /projects/7/deploy_tokens",
                    201,
                    json!({ "token": "gldt-swordfish", "username": "robot" }),
                )],
                asked: vec![(
                    "POST /projects/7/deploy_tokens",
                    json!({ "name": "ci", "scopes": ["read_registry"] }),
                )],
                output: json!({ "deploy_token": "***", "user": "robot" }),
            },
            Case {
                action: "gitlab:user:info",
                input: json!({ "userId": 3 }),
                answers: vec![(
                    "GET /users/3",
                    200,
                    json!({ "id": 3, "username": "ada", "name": "Ada", "state": "active", "web_url": "https://h.dev/ada", "public_email": "" }),
                )],
                asked: vec![],
                output: json!({ "id": 3, "username": "ada", "name": "Ada", "state": "active", "webUrl": "https://h.dev/ada" }),
            },
            Case {
                action: "gitlab:group:migrate",
                input: json!({
                    "destinationUrl": "h.dev?owner=acme&repo=new", "destinationAccessToken": "d",
                    "sourceUrl": "https://old.dev", "sourceAccessToken": "s", "sourceFullPath": "x/old",
                }),
                answers: vec![("POST /bulk_imports", 201, json!({ "id": 12 }))],
                asked: vec![(
                    "POST /bulk_imports",
                    json!({
                        "configuration": { "url": "https://old.dev", "access_token": "s" },
                        "entities": [{
                            "source_type": "project_entity", "source_full_path": "x/old",
                            "destination_slug": "new", "destination_namespace": "acme",
                        }],
                    }),
                )],
                output: json!({ "importedRepoUrl": "h.dev/acme/new", "migrationId": 12 }),
            },
        ],
    );
}

/// A step at a host called `host` of `kind`, which gives `answers`; the requests that change something, and the output.
fn at(
    host: &str,
    kind: &str,
    action: &str,
    input: &Json,
    answers: Vec<(&str, u16, Json)>,
) -> (Vec<(String, Json)>, Json) {
    let step = format!("action: {action}\n      input: {input}");
    let mut stage = Stage::new(&format!("  steps:\n    - {step}\n"));
    stage.world.hosts.insert(host.to_owned(), kind.to_owned());
    for (key, status, body) in answers {
        let response = Response { status, body };
        stage.world.answers.insert(key.to_owned(), response);
    }
    let (report, _) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    let asked = stage.world.asked.lock().unwrap();
    let changes = asked.iter().filter(|request| request.method != "GET");
    let told = changes.map(|it| (format!("{} {}", it.method, it.path), it.body.clone()));
    (told.collect(), report.steps[0].output.clone())
}

#[test]
fn bitbucket_runs_pipelines_and_restricts_branches() {
    let path = "POST /repositories/w/r/pipelines";
    let page = json!({ "html": { "href": "https://bitbucket.org/w/r" } });
    let begun = json!({ "build_number": 4, "repository": { "links": page } });
    let target = json!({ "target": { "ref_name": "main" } });
    let (asked, output) = at(
        "bitbucket.org",
        "bitbucketCloud",
        "bitbucket:pipelines:run",
        &json!({ "workspace": "w", "repo_slug": "r", "body": target }),
        vec![(path, 201, begun)],
    );
    assert_eq!(asked, [(path.to_owned(), target)]);
    assert_eq!(
        output,
        json!({
            "buildNumber": 4, "pipelinesUrl": "https://bitbucket.org/w/r/pipelines",
            "repoUrl": "https://bitbucket.org/w/r",
        })
    );
    let path = "POST /repositories/w/r/branch-restrictions";
    let (asked, output) = at(
        "bitbucket.org",
        "bitbucketCloud",
        "bitbucketCloud:branchRestriction:create",
        &json!({
            "repoUrl": "bitbucket.org?workspace=w&project=p&repo=r", "kind": "push", "branchMatchKind": "glob",
            "pattern": "release/*", "groups": [{ "slug": "dev" }],
        }),
        vec![(path, 201, json!({ "id": 1 }))],
    );
    let body = json!({
        "groups": [{ "slug": "dev", "type": "group" }], "users": [], "branch_match_kind": "glob", "kind": "push",
        "type": "branchrestriction", "value": null, "pattern": "release/*",
    });
    assert_eq!(asked, [(path.to_owned(), body)]);
    assert_eq!(output["statusCode"], 201);
}
