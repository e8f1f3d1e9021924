//! `catalog:*`.

use serde_json::{Map, Value as Json, json};

use crate::catalog::entity_ref::{DEFAULT_NAMESPACE, EntityRef, RefContext};

use super::{ActionError, Input, LogLevel, Outputs, Task, yaml};

type Result = std::result::Result<Outputs, ActionError>;

/// The annotation that names the template an entity came from.
const SOURCE_TEMPLATE: &str = "backstage.io/source-template";

pub(super) fn write(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let path = input.text("filePath")?.unwrap_or("catalog-info.yaml");
    let mut entity = match input.get("entity") {
        Some(entity @ Json::Object(_)) => entity.clone(),
        _ => return Err(input.error("instance.entity is not of a type(s) object")),
    };
    let template = task.template.entity_ref.to_string();
    let Some(metadata) = entity.get_mut("metadata").and_then(Json::as_object_mut) else {
        return Err(ActionError::Failed("the entity has no metadata".to_owned()));
    };
    let annotations = metadata.entry("annotations").or_insert(Json::Null);
    if !annotations.is_object() {
        *annotations = Map::new().into();
    }
    if let Json::Object(annotations) = annotations {
        annotations.insert(SOURCE_TEMPLATE.to_owned(), template.into());
    }
    (task.log)(LogLevel::Info, &format!("Writing {path}"));
    let text = yaml::write(&entity, &yaml::Options::default());
    task.workspace.write(path, text.into_bytes())?;
    Ok(Outputs::new())
}

pub(super) fn fetch(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let optional = input.flag("optional", false)?;
    let context = RefContext {
        kind: input.text("defaultKind")?,
        namespace: input.text("defaultNamespace")?.unwrap_or(DEFAULT_NAMESPACE),
    };
    let entity = |text: &str| {
        let entity_ref = EntityRef::parse(text, context)
            .map_err(|error| ActionError::Failed(error.to_string()))?;
        match task.outside.entity(&entity_ref) {
            Some(entity) => Ok(entity.body),
            None if optional => Ok(Json::Null),
            None => Err(ActionError::Failed(format!("Entity {text} not found"))),
        }
    };
    if let Some(text) = input.text("entityRef")? {
        let found = entity(text)?;
        return Ok(Outputs::from_iter([("entity".to_owned(), found)]));
    }
    if input.get("entityRefs").is_none() {
        return if optional {
            Ok(Outputs::new())
        } else {
            Err(ActionError::Failed(
                "Missing entity reference or references".to_owned(),
            ))
        };
    }
    let found: Vec<Json> = input
        .texts("entityRefs")?
        .into_iter()
        .map(entity)
        .collect::<std::result::Result<_, _>>()?;
    Ok(Outputs::from_iter([("entities".to_owned(), found.into())]))
}

/// Says where the entity will be found. There is no server to register with: what was published is read at the next sync
/// of the source that it lies in.
pub(super) fn register(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let path = input
        .text("catalogInfoPath")?
        .unwrap_or("/catalog-info.yaml");
    let url = match (
        input.text("catalogInfoUrl")?,
        input.text("repoContentsUrl")?,
    ) {
        (Some(url), _) => url.to_owned(),
        (None, Some(base)) => {
            let host = url::Url::parse(base)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned));
            if host.is_some_and(|host| task.outside.host_type(&host).is_none()) {
                return Err(ActionError::Failed(format!(
                    "No integration found for host {base}"
                )));
            }
            resolve(base, path)
        }
        (None, None) => {
            return Err(input.error("instance is not any of [subschema 0],[subschema 1]"));
        }
    };
    let mut outputs = Outputs::from_iter([("catalogInfoUrl".to_owned(), json!(url))]);
    let entity_ref =
        written_entity(task, path).or_else(|| task.simulated.then(|| made_up(&url))?);
    if let Some(entity_ref) = entity_ref {
        outputs.insert("entityRef".to_owned(), json!(entity_ref.to_string()));
    }
    (task.log)(
        LogLevel::Info,
        &format!("{url} is read at the next sync of the source it lies in"),
    );
    Ok(outputs)
}

/// What a dry run calls the component that a step it only simulated would have described: like the repository.
fn made_up(url: &str) -> Option<EntityRef> {
    let url = url::Url::parse(url).ok()?;
    let mut parts = url.path_segments()?.filter(|part| !part.is_empty());
    let name = parts.nth(1).or_else(|| url.host_str())?;
    Some(EntityRef::new(
        "Component",
        DEFAULT_NAMESPACE,
        name.trim_end_matches(".git"),
    ))
}

/// The first entity that the descriptor in the workspace holds.
fn written_entity(task: &Task<'_>, path: &str) -> Option<EntityRef> {
    // What was published may have been a folder of the workspace; then the descriptor stands in there.
    let path = path.trim_start_matches('/');
    let tree = task.workspace.tree();
    let entry = tree.iter().find(|entry| entry.path == path).or_else(|| {
        tree.iter()
            .find(|entry| entry.path.ends_with(&format!("/{path}")))
    })?;
    let bytes = task.workspace.read(&entry.path).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let first = text
        .split("\n---")
        .find(|document| document.contains("kind:"))?;
    let body: Json = serde_yaml::from_str(first.trim_start_matches("---")).ok()?;
    let text = |pointer: &str| body.pointer(pointer).and_then(Json::as_str);
    let namespace = text("/metadata/namespace").unwrap_or(DEFAULT_NAMESPACE);
    Some(EntityRef::new(
        text("/kind")?,
        namespace,
        text("/metadata/name")?,
    ))
}

/// `path` in the repository whose contents are at `base`; a leading `/` is the repository's root. GitHub's tree form is
/// what Backstage's integrations give.
fn resolve(base: &str, path: &str) -> String {
    let Some(inner) = path.strip_prefix('/') else {
        return url::Url::parse(base)
            .and_then(|base| base.join(path))
            .map_or_else(|_| format!("{base}/{path}"), String::from);
    };
    let github = base.starts_with("https://github.");
    for marker in ["/blob/", "/tree/", "/src/"] {
        if let Some((repository, rest)) = base.split_once(marker) {
            let branch = rest.split('/').next().unwrap_or(rest);
            let marker = if github { "/tree/" } else { marker };
            return format!("{repository}{marker}{branch}/{inner}");
        }
    }
    format!("{}/{inner}", base.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_found_from_the_root_of_the_repository() {
        for (base, path, url) in [
            (
                "https://github.com/a/b/blob/main",
                "/x.yaml",
                "https://github.com/a/b/tree/main/x.yaml",
            ),
            (
                "https://gitlab.com/a/b/blob/main/d/",
                "/x.yaml",
                "https://gitlab.com/a/b/blob/main/x.yaml",
            ),
            (
                "https://github.com/a/b/blob/main/d/",
                "x.yaml",
                "https://github.com/a/b/blob/main/d/x.yaml",
            ),
        ] {
            assert_eq!(resolve(base, path), url);
        }
    }
}
