//! Protecting branches.

use serde_json::{Value as Json, json};

use crate::scaffolder::action::api::{part, refusal};
use crate::scaffolder::action::hosting::repo_url;
use crate::scaffolder::action::{Input, LogLevel, Outputs, Task};

use super::{Place, Result, place};

/// `github:branch-protection:create`.
pub(in crate::scaffolder::action) fn create(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let place = place(task, input, &repo)?;
    let branch = if let Some(branch) = input.text("branch")? {
        branch.to_owned()
    } else {
        let body = place.api.look(task, &place.path)?.unwrap_or_default();
        let named = body.get("default_branch").and_then(Json::as_str);
        named.unwrap_or("main").to_owned()
    };
    let (path, body) = (protection(&place, &branch), wanted(input, "enforceAdmins")?);
    let what = format!("The branch {branch} is not protected");
    place.api.done(task, &what, "PUT", &path, body)?;
    sign(task, input, &place, &branch)?;
    Ok(Outputs::new())
}

/// Protects the default branch. GitHub refuses it on free plans, which is logged and no failure, as in Backstage.
pub(super) fn of_default_branch(
    task: &mut Task<'_>,
    input: &Input<'_>,
    place: &Place<'_>,
    branch: &str,
) -> Result<()> {
    let body = wanted(input, "protectEnforceAdmins")?;
    let response = place
        .api
        .call(task, "PUT", &protection(place, branch), body)?;
    if response.status >= 300 {
        let what = "The default branch is not protected";
        let line = refusal(what, place.api.host, &response).to_string();
        (task.log)(LogLevel::Warning, &line);
        return Ok(());
    }
    sign(task, input, place, branch)
}

fn protection(place: &Place<'_>, branch: &str) -> String {
    format!("{}/branches/{}/protection", place.path, part(branch))
}

/// Requires signed commits, where that is wanted.
fn sign(task: &Task<'_>, input: &Input<'_>, place: &Place<'_>, branch: &str) -> Result<()> {
    if input.flag("requiredCommitSigning", false)? {
        let path = format!("{}/required_signatures", protection(place, branch));
        let what = "Signed commits are not required";
        place.api.done(task, what, "POST", &path, Json::Null)?;
    }
    Ok(())
}

/// What is asked for; `admins` is the input that says whether it holds for them, too.
fn wanted(input: &Input<'_>, admins: &str) -> Result<Json> {
    let reviews = input.number("requiredApprovingReviewCount")?.unwrap_or(1.0);
    let mut body = json!({
        "required_status_checks": {
            "strict": input.flag("requireBranchesToBeUpToDate", true)?,
            "contexts": input.texts("requiredStatusCheckContexts")?,
        },
        "restrictions": input.get("restrictions").cloned().unwrap_or_default(),
        "enforce_admins": input.flag(admins, true)?,
        "required_pull_request_reviews": {
            "required_approving_review_count": reviews,
            "require_code_owner_reviews": input.flag("requireCodeOwnerReviews", false)?,
            "dismiss_stale_reviews": input.flag("dismissStaleReviews", false)?,
            "require_last_push_approval": input.flag("requireLastPushApproval", false)?,
        },
        "required_conversation_resolution": input.flag("requiredConversationResolution", false)?,
        "required_linear_history": input.flag("requiredLinearHistory", false)?,
        "block_creations": input.flag("blockCreations", false)?,
    });
    // GitHub takes no null for it.
    if let Some(allowances) = input.get("bypassPullRequestAllowances") {
        body["required_pull_request_reviews"]["bypass_pull_request_allowances"] =
            allowances.clone();
    }
    Ok(body)
}
