//! What a new repository is given besides its files: who may work in it, topics, variables.

use serde_json::{Value as Json, json};

use crate::scaffolder::action::api::{part, refusal};
use crate::scaffolder::action::{Input, LogLevel, Task};

use super::{Place, Result};

/// One call, known before the repository is made.
pub(super) struct Call {
    method: &'static str,
    path: String,
    body: Json,
}

/// The calls that `input` asks for, in Backstage's order.
pub(super) fn calls(input: &Input<'_>, place: &Place<'_>) -> Result<Vec<Call>> {
    let path = &place.path;
    let mut calls = Vec::new();
    let mut put = |path: String, body: Json| {
        calls.push(Call {
            method: "PUT",
            path,
            body,
        });
    };
    let grant = |who: &str, is_team: bool, right: &str| {
        let body = json!({ "permission": right });
        let team = |organization: &str, team: &str| {
            format!("/orgs/{}/teams/{}{path}", part(organization), part(team))
        };
        match who.split_once('/') {
            Some((organization, name)) => (team(organization, name), body),
            None if is_team => (team(place.owner, who), body),
            None => (format!("{path}/collaborators/{}", part(who)), body),
        }
    };
    // Whoever owns it has it all already.
    if let Some(who) = input.text("access")?.filter(|who| *who != place.owner) {
        let (path, body) = grant(who, false, "admin");
        put(path, body);
    }
    for one in input.list("collaborators")? {
        let text = |key: &str| one.get(key).and_then(Json::as_str);
        let right = text("access").unwrap_or("push");
        let granted = match (text("user"), text("team").or_else(|| text("username"))) {
            (Some(user), _) => grant(user, false, right),
            (None, Some(team)) => grant(team, true, right),
            (None, None) => continue,
        };
        put(granted.0, granted.1);
    }
    let topics = input.texts("topics")?;
    let topics: Vec<String> = topics.iter().map(|topic| topic.to_lowercase()).collect();
    if !topics.is_empty() {
        put(format!("{path}/topics"), json!({ "names": topics }));
    }
    if input.flag("subscribe", false)? {
        put(
            format!("{path}/subscription"),
            json!({ "subscribed": true, "ignored": false }),
        );
    }
    if let Some(level) = input.text("workflowAccess")? {
        put(
            format!("{path}/actions/permissions/access"),
            json!({ "access_level": level }),
        );
    }
    if let Some(oidc) = input.get("oidcCustomization") {
        let mut body =
            json!({ "use_default": oidc.get("useDefault").cloned().unwrap_or(Json::Bool(false)) });
        if let Some(keys) = oidc.get("includeClaimKeys") {
            body["include_claim_keys"] = keys.clone();
        }
        put(format!("{path}/actions/oidc/customization/sub"), body);
    }
    for (name, value) in input
        .get("repoVariables")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
    {
        calls.push(Call {
            method: "POST",
            path: format!("{path}/actions/variables"),
            body: json!({ "name": name, "value": value }),
        });
    }
    Ok(calls)
}

/// Carries out `calls`. A refusal is said and no failure, as in Backstage; a variable that is there already is fine.
pub(super) fn apply(task: &mut Task<'_>, place: &Place<'_>, calls: Vec<Call>) -> Result<()> {
    for Call { method, path, body } in calls {
        let response = place.api.call(task, method, &path, body)?;
        if !matches!(response.status, 200..=299 | 409) {
            let line = refusal(&format!("{path} is not set"), place.api.host, &response);
            (task.log)(LogLevel::Warning, &line.to_string());
        }
    }
    Ok(())
}
