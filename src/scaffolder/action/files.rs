//! `fs:*`: files of the workspace.

use std::path::Path;
use std::{fs, io};

use serde_json::{Value as Json, json};

use super::glob::Patterns;
use super::skeleton::join;
use super::{ActionError, Input, LogLevel, Outputs, Task};

type Result = std::result::Result<Outputs, ActionError>;

fn failed(path: &str, error: &std::io::Error) -> ActionError {
    ActionError::Failed(format!("{path}: {error}"))
}

pub(super) fn rename(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    for file in input.list("files")? {
        let text = |key: &str| {
            let text = file.get(key).and_then(Json::as_str);
            text.filter(|text| !text.is_empty()).ok_or_else(|| {
                ActionError::Failed("each file must have a from and to property".to_owned())
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
            return Err(ActionError::Failed(format!(
                "{from}: Source and destination must not be the same."
            )));
        }
        if target.starts_with(&source) {
            return Err(ActionError::Failed(format!(
                "cannot move {from} into itself, {to}"
            )));
        }
        let is_folder = |place: &Path| fs::symlink_metadata(place).ok().map(|data| data.is_dir());
        if is_folder(&target).is_some_and(|kind| Some(kind) != is_folder(&source)) {
            return Err(ActionError::Failed(format!(
                "cannot overwrite {to} with {from}: one is a folder, the other is not"
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
fn remove(path: &Path) -> std::io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(data) if data.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

/// Deletes the files that patterns name; folders stay, even when they become empty, as in Backstage.
pub(super) fn delete(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    for pattern in input.texts("files")? {
        let inner = task.workspace.inner(pattern)?;
        let is_folder = |path: &str| {
            let place = task.workspace.resolve(path);
            place.is_ok_and(|place| place.is_dir())
        };
        let files = Patterns::one(&inner, is_folder).map_err(|problem| input.error(problem))?;
        for path in task.workspace.files() {
            if !files.matches(&path) {
                continue;
            }
            let place = task.workspace.entry(&path)?;
            match fs::remove_file(place) {
                // It was found by a second way, through a link to its folder.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                result => result.map_err(|error| failed(&path, &error))?,
            }
            (task.log)(LogLevel::Info, &format!("File {path} deleted successfully"));
        }
    }
    Ok(Outputs::new())
}

pub(super) fn read_folder(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let recursive = input.flag("recursive", false)?;
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for path in input.texts("paths")? {
        if path.is_empty() {
            return Err(input.error("instance.paths[0] does not meet minimum length of 1"));
        }
        // The order is Node's: what a folder holds by name, then what its last folder holds.
        let mut waiting = vec![task.workspace.inner(path)?];
        while let Some(folder) = waiting.pop() {
            for (name, is_folder) in read_names(task, &folder)? {
                let path = join(&folder, &name);
                let place = task.workspace.entry(&path)?;
                let item = json!({
                    "name": name,
                    "path": path,
                    "fullPath": place.to_string_lossy(),
                });
                if is_folder {
                    folders.push(item);
                    if recursive {
                        waiting.push(path);
                    }
                } else {
                    files.push(item);
                }
            }
        }
    }
    Ok(Outputs::from_iter([
        ("files".to_owned(), files.into()),
        ("folders".to_owned(), folders.into()),
    ]))
}

/// The names in `folder`, sorted, and whether each is a folder.
fn read_names(
    task: &Task<'_>,
    folder: &str,
) -> std::result::Result<Vec<(String, bool)>, ActionError> {
    let place = task.workspace.resolve(folder)?;
    let wrong = |error: std::io::Error| failed(folder, &error);
    let mut names = Vec::new();
    for entry in fs::read_dir(place).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        names.push((entry.file_name().to_string_lossy().into_owned(), is_folder));
    }
    names.sort();
    Ok(names)
}
