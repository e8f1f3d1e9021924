//! `github:environment:create`: an environment to deploy to, with who may, from where, and its variables and secrets.

use serde_json::{Map, Value as Json, json};

use crate::catalog::EntityRef;
use crate::scaffolder::action::api::part;
use crate::scaffolder::action::hosting::repo_url;
use crate::scaffolder::action::{Input, LogLevel, Outputs, Task};

use super::{Place, Result, place, secret};

pub(in crate::scaffolder::action) fn create(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let place = place(task, input, &repo)?;
    let name = input.needed("name")?;
    let mut body = Map::new();
    for (key, output) in [
        ("deploymentBranchPolicy", "deployment_branch_policy"),
        ("waitTimer", "wait_timer"),
        ("preventSelfReview", "prevent_self_review"),
    ] {
        if let Some(value) = input.get(key) {
            body.insert(output.to_owned(), value.clone());
        }
    }
    let reviewers = reviewers(task, input, &place)?;
    if !reviewers.is_empty() {
        body.insert("reviewers".to_owned(), reviewers.into());
    }
    let path = format!("{}/environments/{}", place.path, part(name));
    let what = format!("The environment {name} is not made");
    place.api.done(task, &what, "PUT", &path, body.into())?;
    for (key, kind) in [
        ("customBranchPolicyNames", "branch"),
        ("customTagPolicyNames", "tag"),
    ] {
        for pattern in input.texts(key)? {
            let path = format!("{path}/deployment-branch-policies");
            let what = format!("The policy for {pattern} is not made");
            let body = json!({ "type": kind, "name": pattern });
            place.api.done(task, &what, "POST", &path, body)?;
        }
    }
    for (variable, value) in secret::texts(input.get("environmentVariables")) {
        let path = format!("{path}/variables");
        let what = format!("The variable {variable} is not set");
        let body = json!({ "name": variable, "value": value });
        place.api.done(task, &what, "POST", &path, body)?;
    }
    let path = format!("{path}/secrets");
    secret::set(task, &place, &path, secret::texts(input.get("secrets")))?;
    Ok(Outputs::new())
}

/// The users and teams of GitHub that are called like the entities that the input names.
fn reviewers(task: &mut Task<'_>, input: &Input<'_>, place: &Place<'_>) -> Result<Vec<Json>> {
    let mut found = Vec::new();
    for text in input.texts("reviewers")? {
        let entity_ref = text.parse::<EntityRef>().ok();
        let Some(entity) = entity_ref.and_then(|entity_ref| task.outside.entity(&entity_ref))
        else {
            let line = format!("{text} is not in the catalog; it reviews nothing");
            (task.log)(LogLevel::Warning, &line);
            continue;
        };
        let name = part(entity.name());
        let (kind, path) = match entity.kind_name() {
            "User" => ("User", format!("/users/{name}")),
            "Group" => ("Team", format!("/orgs/{}/teams/{name}", part(place.owner))),
            _ => continue,
        };
        if let Some(body) = place.api.look(task, &path)? {
            found.push(json!({ "type": kind, "id": body.get("id") }));
        } else {
            let line = format!("{kind} {name} is not known there; it reviews nothing");
            (task.log)(LogLevel::Warning, &line);
        }
    }
    Ok(found)
}
