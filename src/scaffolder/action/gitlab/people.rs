//! Who is who on a GitLab: members of groups, users, tokens of projects.

use serde_json::{Value as Json, json};

use crate::scaffolder::action::api::{Api, part, refusal};
use crate::scaffolder::action::{ActionError, Input, Outputs, Task};

use super::Result;
use super::parts::{located, project_path, told};

/// How long a token lives that is given no end, in days: as long as GitLab lets it.
const LIFE: u64 = 365;
/// The seconds of a day.
const DAY: u64 = 86_400;

/// The level that `accessLevel` means: a number, or one of GitLab's words.
fn level(input: &Input<'_>) -> Result<Json> {
    let word = match input.get("accessLevel") {
        None => return Ok(30.into()),
        Some(Json::String(word)) => word.trim().to_lowercase(),
        Some(number) => return Ok(number.clone()),
    };
    let level = match word.as_str() {
        "no access" | "no_access" | "none" => 0,
        "minimal" | "minimal access" | "minimal_access" => 5,
        "guest" => 10,
        "planner" => 15,
        "reporter" => 20,
        "developer" => 30,
        "maintainer" => 40,
        "owner" => 50,
        _ => {
            return match word.parse::<u64>() {
                Ok(number) => Ok(number.into()),
                Err(_) => Err(input.error(format!(
                    "instance.accessLevel {word:?} is no level of access"
                ))),
            };
        }
    };
    Ok(level.into())
}

/// `gitlab:group:access`: takes people and groups into a group, or out of it.
pub(in crate::scaffolder::action) fn group_access(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let (users, groups) = (input.list("userIds")?, input.list("groupIds")?);
    if users.is_empty() && groups.is_empty() {
        return Err(ActionError::Failed(
            "At least one of userIds or groupIds must be provided and non-empty".to_owned(),
        ));
    }
    let adds = input.text("action")? != Some("remove");
    let level = level(input)?;
    let repo = located(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let group = match input.get("path") {
        Some(Json::String(path)) => part(path),
        Some(number) => number.to_string(),
        None => return Err(input.error("instance requires property \"path\"")),
    };
    let members = format!("/groups/{group}/members");
    for user in users {
        let one = format!("{members}/{user}");
        let what = format!("The user {user} is not changed in group {group}");
        if adds {
            let body = json!({ "user_id": user, "access_level": level });
            let response = api.call(task, "POST", &members, body)?;
            match response.status {
                200..=299 => {}
                // Whoever is in it already is given the level.
                409 => {
                    api.done(task, &what, "PUT", &one, json!({ "access_level": level }))?;
                }
                _ => return Err(refusal(&what, api.host, &response)),
            }
        } else {
            api.done(task, &what, "DELETE", &one, Json::Null)?;
        }
    }
    let shares = format!("/groups/{group}/share");
    for other in groups {
        let one = format!("{shares}/{other}");
        let what = format!("The group {other} is not changed in group {group}");
        if adds {
            let body = json!({ "group_id": other, "group_access": level });
            let response = api.call(task, "POST", &shares, body.clone())?;
            match response.status {
                200..=299 => {}
                409 => {
                    api.done(task, &what, "DELETE", &one, Json::Null)?;
                    api.done(task, &what, "POST", &shares, body)?;
                }
                _ => return Err(refusal(&what, api.host, &response)),
            }
        } else {
            api.done(task, &what, "DELETE", &one, Json::Null)?;
        }
    }
    let mut outputs = Outputs::new();
    for key in ["path", "userIds", "groupIds"] {
        let value = input.get(key);
        let is_there = |value: &&Json| value.as_array().is_none_or(|list| !list.is_empty());
        if let Some(value) = value.filter(is_there) {
            outputs.insert(key.to_owned(), value.clone());
        }
    }
    if adds {
        outputs.insert("accessLevel".to_owned(), level);
    }
    Ok(outputs)
}

/// `gitlab:projectAccessToken:create`. The token is a secret: what the run shows of it is masked.
pub(in crate::scaffolder::action) fn access_token(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = located(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let path = project_path(task, input, api, &repo)?;
    let scopes = match input.get("scopes") {
        Some(scopes) => scopes.clone(),
        None => json!(["read_repository"]),
    };
    let until = match input.text("expiresAt")? {
        Some(until) if !until.is_empty() => until.to_owned(),
        _ => date(task.started + LIFE * DAY),
    };
    let body = json!({
        "name": input.text("name")?.unwrap_or("tokenname"),
        "scopes": scopes,
        "expires_at": until,
        "access_level": input.get("accessLevel").cloned().unwrap_or_else(|| 40.into()),
    });
    let path = format!("{path}/access_tokens");
    let what = "Could not create project access token";
    let made = api.done(task, what, "POST", &path, body)?;
    let outputs = told(&made, &[("access_token", "token")]);
    if outputs.is_empty() {
        return Err(ActionError::Failed(what.to_owned()));
    }
    Ok(outputs)
}

/// `gitlab:projectDeployToken:create`.
pub(in crate::scaffolder::action) fn deploy_token(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let scopes = input.texts("scopes")?;
    if scopes.is_empty() {
        return Err(ActionError::Failed(format!(
            "Could not create token for project {}: scopes cannot be empty.",
            input.get("projectId").cloned().unwrap_or_default()
        )));
    }
    let repo = located(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let path = project_path(task, input, api, &repo)?;
    let mut body = json!({ "name": input.needed("name")?, "scopes": scopes });
    if let Some(name) = input.text("username")? {
        body["username"] = name.into();
    }
    let path = format!("{path}/deploy_tokens");
    let made = api.done(task, "The deploy token is not made", "POST", &path, body)?;
    let outputs = told(&made, &[("deploy_token", "token"), ("user", "username")]);
    if !outputs.contains_key("deploy_token") {
        return Err(ActionError::Failed(
            "No deploy_token given from gitlab instance".to_owned(),
        ));
    }
    Ok(outputs)
}

/// `gitlab:user:info`: of a user by number, else of whose token it is.
pub(in crate::scaffolder::action) fn user_info(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = located(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let path = match input.get("userId") {
        Some(id) => format!("/users/{id}"),
        None => "/user".to_owned(),
    };
    let what = "Failed to retrieve GitLab user info";
    let user = api.done(task, what, "GET", &path, Json::Null)?;
    let mut outputs = told(
        &user,
        &[
            ("id", "id"),
            ("username", "username"),
            ("name", "name"),
            ("state", "state"),
            ("webUrl", "web_url"),
            ("email", "email"),
            ("createdAt", "created_at"),
            ("publicEmail", "public_email"),
        ],
    );
    outputs.retain(|_, value| !matches!(value, Json::Null) && value.as_str() != Some(""));
    Ok(outputs)
}

/// `gitlab:group:migrate`: has one GitLab fetch a project from another one.
pub(in crate::scaffolder::action) fn migrate(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = crate::scaffolder::form::repo_url::RepoUrl::parse(input.needed("destinationUrl")?)
        .map_err(|error| ActionError::Failed(error.to_string()))?;
    let api =
        Api::of(task, input, &repo, "gitlab")?.with_token(input.text("destinationAccessToken")?);
    let (path, source) = (input.needed("sourceFullPath")?, input.needed("sourceUrl")?);
    let body = json!({
        "configuration": { "url": source, "access_token": input.needed("sourceAccessToken")? },
        "entities": [{
            "source_type": "project_entity",
            "source_full_path": path,
            "destination_slug": repo.repo,
            "destination_namespace": repo.owner,
        }],
    });
    let what = format!(
        "Failed to transfer repo {path}. Make sure that {path} exists in {source}, and token has enough rights"
    );
    let begun = api.done(task, &what, "POST", "/bulk_imports", body)?;
    let place = format!("{}/{}/{}", repo.host, repo.owner, repo.repo);
    Ok(Outputs::from_iter([
        ("importedRepoUrl".to_owned(), place.into()),
        (
            "migrationId".to_owned(),
            begun.get("id").cloned().unwrap_or_default(),
        ),
    ]))
}

/// The day at `seconds` since 1970, as ISO 8601 writes it (Howard Hinnant's `civil_from_days`).
fn date(seconds: u64) -> String {
    let days = seconds / DAY + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_names() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_700_000_000, "2023-11-14"),
            (4_107_542_399, "2100-02-28"),
        ] {
            assert_eq!(date(seconds), day);
        }
    }
}
