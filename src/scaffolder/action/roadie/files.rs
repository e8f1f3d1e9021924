//! Files: written, added to, read, searched and replaced. And a pause.

use std::time::Duration;

use serde_json::Value as Json;

use crate::scaffolder::action::debug::pause;
use crate::scaffolder::action::glob::Patterns;
use crate::scaffolder::expr::replace_all;
use crate::scaffolder::js;

use super::{
    ActionError, Input, Outputs, Result, Task, output, place, read_json, read_one_yaml, read_yaml,
    text,
};

/// The longest pause.
const MAX_SLEEP: Duration = Duration::from_hours(1);

pub(in crate::scaffolder::action) fn write(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let (path, content) = (input.needed("path")?, input.needed("content")?);
    let parsed = input
        .flag("preserveFormatting", false)?
        .then(|| serde_json::from_str::<Json>(content).ok())
        .flatten();
    let content = parsed.map_or_else(|| content.to_owned(), |json| js::stringify(&json, "  "));
    task.workspace.write(path, content.into_bytes())?;
    Ok(output("path", place(task, path)?))
}

pub(in crate::scaffolder::action) fn append(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let (path, content) = (input.needed("path")?, input.needed("content")?);
    task.workspace.append(path, content.as_bytes())?;
    Ok(output("path", place(task, path)?))
}

pub(in crate::scaffolder::action) fn parse(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let path = input.needed("path")?;
    let text = text(task, path)?;
    let content = match input.text("parser")? {
        Some("yaml") => read_one_yaml(path, &text)?,
        Some("json") => read_json(path, &text)?,
        Some("multiyaml") => read_yaml(path, &text)?.into(),
        _ => text.into(),
    };
    Ok(output("content", content))
}

pub(in crate::scaffolder::action) fn replace(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    for file in input.list("files")? {
        let text_of = |key: &str| {
            let text = file.get(key).and_then(Json::as_str);
            text.filter(|text| !text.is_empty())
        };
        let flag = |key: &str| file.get(key) == Some(&Json::Bool(true));
        let failed = |message: &str| ActionError::Failed(message.to_owned());
        let pattern = text_of("file").ok_or_else(|| failed("Path to file needs to be defined"))?;
        let (Some(find), Some(with)) = (text_of("find"), text_of("replaceWith")) else {
            return Err(failed(
                "each file must have a find and replaceWith property",
            ));
        };
        let inner = task.workspace.inner(pattern)?;
        let patterns = Patterns::plain(&inner, flag("includeDotFiles"))
            .map_err(|problem| input.error(problem))?;
        for entry in task.workspace.tree() {
            if entry.path.ends_with('/') || !patterns.matches(&entry.path) {
                continue;
            }
            task.go_on()?;
            let before = text(task, &entry.path)?;
            let after = replace_all(&before, find, flag("matchRegex"), with)
                .map_err(|message| ActionError::Failed(format!("{}: {message}", entry.path)))?;
            if after != before {
                task.workspace.write(&entry.path, after.into_bytes())?;
            }
        }
    }
    Ok(Outputs::new())
}

pub(in crate::scaffolder::action) fn sleep(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let amount = input.number("amount")?.unwrap_or(f64::NAN);
    let wait = Duration::try_from_secs_f64(amount)
        .ok()
        .filter(|wait| *wait <= MAX_SLEEP)
        .ok_or_else(|| input.error("amount must be a number of seconds up to an hour"))?;
    pause(task, wait, &js::number_text(amount))?;
    Ok(Outputs::new())
}
