//! `fetch:cookiecutter`: a tree rendered as cookiecutter 2.7 renders it when Backstage's action calls it.
//!
//! That action (`@backstage/plugin-scaffolder-backend-module-cookiecutter`) takes all of the tree for the project's own folder,
//! `cookiecutter.json` and `hooks/` too: hooks are files there and never run. What its inputs do not name is not there:
//! `_copy_without_render` and `_extensions` of a `cookiecutter.json` are put aside by them.

mod context;
mod jinja;
mod slug;
mod walk;

use serde_json::{Map, Value as Json};

use crate::scaffolder::outside::{Content, Files};

use super::skeleton::{join, with_folders};
use super::{ActionError, Input, LogLevel, Outputs, Task};
use jinja::Jinja;
use walk::Walk;

/// The file that names variables and their defaults.
const DEFAULTS: &str = "cookiecutter.json";

pub(super) fn run(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs, ActionError> {
    let url = input.needed("url")?;
    let target = input.text("targetPath")?.unwrap_or("./");
    (task.log)(
        LogLevel::Info,
        "Fetching and then templating using cookiecutter",
    );
    let tree = with_folders(task.outside.tree(&task.template.location, url)?);
    if tree.iter().any(|file| is_hook(&file.path)) {
        let line = "Hooks are not run: Backstage does not run them either";
        (task.log)(LogLevel::Warning, line);
    }
    let raw = variables(&tree, input, task)?;
    let jinja = Jinja::new(&raw, &tree, task.started).map_err(ActionError::Failed)?;
    let names = context::settle(raw, &jinja, url).map_err(ActionError::Failed)?;
    let plain = input.texts("copyWithoutRender")?;
    let made = Walk::new(&tree, &plain, &jinja, &names).run(task)?;
    task.workspace.make_folder(target)?;
    for (path, content) in made {
        task.go_on()?;
        task.workspace.copy(&join(target, &path), &content)?;
    }
    Ok(Outputs::new())
}

/// Whether `path` is a script that cookiecutter would run where the tree is a whole cookiecutter.
fn is_hook(path: &str) -> bool {
    path.strip_prefix("hooks/")
        .is_some_and(|name| name.starts_with("pre_") || name.starts_with("post_gen_project"))
}

/// The variables of the tree's `cookiecutter.json` with the `values` of the input over them.
fn variables(
    tree: &Files,
    input: &Input<'_>,
    task: &mut Task<'_>,
) -> Result<Map<String, Json>, ActionError> {
    let defaults = tree.iter().find(|file| file.path == DEFAULTS);
    let mut raw = match defaults.map(|file| &file.content) {
        Some(Content::File { bytes, .. }) => serde_json::from_slice::<Map<String, Json>>(bytes)
            .map_err(|error| {
                ActionError::Failed(format!("{DEFAULTS} is no JSON object: {error}"))
            })?,
        _ => Map::new(),
    };
    let values = input.get("values").and_then(Json::as_object);
    for (name, value) in values.into_iter().flatten() {
        raw.insert(name.clone(), value.clone());
    }
    for (private, named) in [
        ("_copy_without_render", "copyWithoutRender"),
        ("_extensions", "extensions"),
    ] {
        let before = raw.shift_remove(private);
        match input.get(named) {
            Some(list) => {
                raw.insert(private.to_owned(), list.clone());
            }
            None if before.is_some() => {
                let line = format!(
                    "{private} of {DEFAULTS} counts for nothing, as in Backstage; name it in the input {named}"
                );
                (task.log)(LogLevel::Warning, &line);
            }
            None => {}
        }
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_are_known_by_their_names() {
        assert!(is_hook("hooks/post_gen_project.py") && is_hook("hooks/pre_prompt.sh"));
        assert!(!is_hook("hooks/readme.md") && !is_hook("src/hooks/post_gen_project.py"));
    }
}
