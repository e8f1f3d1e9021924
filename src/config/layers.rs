//! Reading the layers and merging them: objects key by key, everything else by replacement, as Backstage does.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::substitute::{self, Unset};
use super::{ConfigError, Env};

/// The files to read: those that were named, else the user's own where it exists.
pub(super) fn files(named: &[PathBuf], env: &Env) -> Vec<PathBuf> {
    if !named.is_empty() {
        return named.iter().map(|file| env.cwd().join(file)).collect();
    }
    if let Some(file) = env.get("STAGEDOOR_CONFIG") {
        return vec![env.cwd().join(file)];
    }
    env.config_dir()
        .map(|dir| dir.join("app-config.yaml"))
        .filter(|file| file.is_file())
        .into_iter()
        .collect()
}

/// Reads and merges `files`; later ones win. Also what is absent because a variable is not set.
pub(super) fn merge_all(files: &[PathBuf], env: &Env) -> Result<(Value, Vec<Unset>), ConfigError> {
    let mut merged = Value::Object(serde_json::Map::new());
    let mut unset: Vec<Unset> = Vec::new();
    for file in files {
        let (layer, new) = read(file, env)?;
        // A list of this layer replaces the one below with all that was missing in it.
        unset.retain(|unset| {
            let list = unset.key.split('[').next().unwrap_or_default();
            layer
                .pointer(&format!("/{}", list.replace('.', "/")))
                .is_none()
        });
        unset.extend(new);
        merge(&mut merged, layer);
    }
    Ok((merged, unset))
}

fn read(file: &Path, env: &Env) -> Result<(Value, Vec<Unset>), ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|reason| ConfigError::Unreadable {
        file: file.to_owned(),
        reason,
    })?;
    match parse(file, &text)? {
        Value::Null => Ok((Value::Null, Vec::new())),
        value @ Value::Object(_) => substitute::substitute(value, file, env),
        _ => Err(ConfigError::Value {
            file: file.display().to_string(),
            key: String::new(),
            reason: "must be a mapping of sections such as catalog: and integrations:".to_owned(),
        }),
    }
}

/// One YAML document as a value; an empty one is null.
pub(super) fn parse(file: &Path, text: &str) -> Result<Value, ConfigError> {
    serde_yaml::from_str(text).map_err(|error| {
        let place = error.location();
        ConfigError::Syntax {
            file: file.to_owned(),
            line: place.as_ref().map_or(0, serde_yaml::Location::line),
            column: place.as_ref().map_or(0, serde_yaml::Location::column),
            reason: error.to_string(),
        }
    })
}

/// Lays `upper` over `lower`.
pub(super) fn merge(lower: &mut Value, upper: Value) {
    match (lower, upper) {
        (Value::Object(lower), Value::Object(upper)) => {
            for (key, value) in upper {
                match lower.get_mut(&key) {
                    Some(below) => merge(below, value),
                    None => {
                        lower.insert(key, value);
                    }
                }
            }
        }
        (_, Value::Null) => {}
        (lower, upper) => *lower = upper,
    }
}
