//! `fs:*`: files of the workspace.

use std::fs;

use serde_json::{Value as Json, json};

use crate::scaffolder::workspace::Workspace;

use super::glob::Patterns;
use super::skeleton::join;
use super::{ActionError, Input, LogLevel, Outputs, Task};

type Result = std::result::Result<Outputs, ActionError>;

fn failed(path: &str, error: &std::io::Error) -> ActionError {
    ActionError::Failed(format!("{path}: {error}"))
}

pub(super) fn rename(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    for (index, file) in input.list("files")?.iter().enumerate() {
        let text = |key: &str| {
            file.get(key).and_then(Json::as_str).ok_or_else(|| {
                input.error(format!("instance.files[{index}] requires property {key:?}"))
            })
        };
        let (from, to) = (text("from")?, text("to")?);
        let overwrite = file.get("overwrite") == Some(&Json::Bool(true));
        let source = task.workspace.entry(from)?;
        let target = task.workspace.entry(to)?;
        if fs::symlink_metadata(&source).is_err() {
            return Err(ActionError::Failed(format!(
                "ENOENT: no such file or directory, {from}"
            )));
        }
        if source == target {
            continue;
        }
        if target.starts_with(&source) {
            return Err(ActionError::Failed(format!(
                "cannot move {from} into itself, {to}"
            )));
        }
        if fs::symlink_metadata(&target).is_ok_and(|_| !overwrite) {
            return Err(ActionError::Failed(format!(
                "dest already exists: {to}; set overwrite to replace it"
            )));
        }
        remove(&target).map_err(|error| failed(to, &error))?;
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(|error| failed(to, &error))?;
        }
        fs::rename(&source, &target).map_err(|error| failed(from, &error))?;
        (task.log)(
            LogLevel::Info,
            &format!("File {from} renamed to {to} successfully"),
        );
    }
    Ok(Outputs::new())
}

/// Takes away what is at `path`, if anything is.
fn remove(path: &std::path::Path) -> std::io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(data) if data.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

/// Deletes the files that patterns name; folders stay, even when they become empty, as in Backstage.
pub(super) fn delete(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let patterns = input.texts("files")?;
    for pattern in &patterns {
        // Patterns that point outside are refused rather than found to match nothing.
        let fixed = pattern.trim_start_matches('!');
        let fixed = fixed.split(['*', '?', '[', '{']).next().unwrap_or_default();
        task.workspace.resolve(fixed)?;
    }
    let set = Patterns::new(patterns).map_err(|problem| input.error(problem))?;
    for entry in task.workspace.tree() {
        if !entry.path.ends_with('/') && set.matches(&entry.path) {
            let place = task.workspace.entry(&entry.path)?;
            fs::remove_file(place).map_err(|error| failed(&entry.path, &error))?;
            (task.log)(
                LogLevel::Info,
                &format!("File {} deleted successfully", entry.path),
            );
        }
    }
    Ok(Outputs::new())
}

pub(super) fn read_folder(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let recursive = input.flag("recursive", false)?;
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for path in input.texts("paths")? {
        let folder = task.workspace.resolve(path)?;
        if !folder.is_dir() {
            return Err(ActionError::Failed(format!("{path} is no folder")));
        }
        for entry in Workspace::tree_of(&folder) {
            let inner = entry.path.trim_end_matches('/');
            if !recursive && inner.contains('/') {
                continue;
            }
            let item = json!({
                "name": inner.rsplit('/').next().unwrap_or(inner),
                "path": join(path, inner),
                "fullPath": folder.join(inner).to_string_lossy(),
            });
            if entry.path.ends_with('/') {
                folders.push(item);
            } else {
                files.push(item);
            }
        }
    }
    Ok(Outputs::from_iter([
        ("files".to_owned(), files.into()),
        ("folders".to_owned(), folders.into()),
    ]))
}
