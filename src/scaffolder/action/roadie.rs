//! `roadiehq:utils:*`: Roadie's utilities, as `@roadiehq/scaffolder-backend-module-utils` 4 does them.

mod files;
mod jsonata;
mod merge;
mod serialize;
mod zip;

pub(super) use files::{append, parse, replace, sleep, write};
pub(super) use jsonata::{evaluate, transform_json, transform_yaml};
pub(super) use merge::{merge, merge_json};
pub(super) use serialize::{json, yaml};
pub(super) use zip::zip;

use crate::catalog::yaml::{Bounds, documents};

use super::{ActionError, Input, Outputs, Task};

type Result = std::result::Result<Outputs, ActionError>;

/// What an action gives under one name.
fn output(name: &str, value: serde_json::Value) -> Outputs {
    Outputs::from_iter([(name.to_owned(), value)])
}

/// The absolute place of `path`, as these actions give it.
fn place(task: &Task<'_>, path: &str) -> std::result::Result<serde_json::Value, ActionError> {
    let place = task.workspace.resolve(path)?;
    Ok(place.to_string_lossy().into_owned().into())
}

/// The text of the file at `path`; what is no UTF-8 is replaced.
fn text(task: &Task<'_>, path: &str) -> std::result::Result<String, ActionError> {
    let bytes = task.workspace.read(path)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The YAML documents in `text`; `path` says where it comes from.
fn read_yaml(path: &str, text: &str) -> std::result::Result<Vec<serde_json::Value>, ActionError> {
    let bounds = Bounds::default();
    let all = documents(text, &bounds).map(|document| match document {
        Ok(document) => Ok(document.value),
        Err(failure) => {
            let line = failure
                .line
                .saturating_add(failure.mark.line)
                .saturating_sub(1);
            let message = format!("{path}, line {line}: {}", failure.message);
            Err(ActionError::Failed(message))
        }
    });
    all.collect()
}

/// The one YAML document in `text`; empty is null, several are an error.
fn read_one_yaml(path: &str, text: &str) -> std::result::Result<serde_json::Value, ActionError> {
    let mut all = read_yaml(path, text)?;
    if all.len() > 1 {
        return Err(ActionError::Failed(format!(
            "{path}: Source contains multiple documents; please use YAML.parseAllDocuments()"
        )));
    }
    Ok(all.pop().unwrap_or_default())
}

/// The JSON in `text`; `path` says where it comes from.
fn read_json(path: &str, text: &str) -> std::result::Result<serde_json::Value, ActionError> {
    serde_json::from_str(text).map_err(|error| ActionError::Failed(format!("{path}: {error}")))
}
