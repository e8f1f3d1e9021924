//! The filters that Backstage adds: `parseRepoUrl`, `parseEntityRef`, `pick`, `projectSlug`.

use crate::catalog::entity_ref::DEFAULT_NAMESPACE;
use crate::scaffolder::form::repo_url::RepoUrl;

use super::super::convert::to_text;
use super::super::fault::Fault;
use super::super::lookup;
use super::super::value::Value;
use super::{Input, Result};

/// `parseRepoUrl`: the parts of the address.
pub(super) fn repo_url(input: &Input<'_>) -> Result {
    Ok(repo_object(&address(input)?, input.older()))
}

/// `projectSlug`: `owner/repo` of the address.
pub(super) fn project_slug(input: &Input<'_>) -> Result {
    let repo = address(input)?;
    let or_undefined = |text: String| match text.as_str() {
        "" => "undefined".to_owned(),
        _ => text,
    };
    Ok(format!("{}/{}", or_undefined(repo.owner), or_undefined(repo.repo)).into())
}

fn address(input: &Input<'_>) -> std::result::Result<RepoUrl, Fault> {
    let text = to_text(input.value, input.meter)?;
    // An address with its scheme names a host that nobody has configured.
    if text.starts_with("https:") || text.starts_with("http:") {
        return Err(Fault(format!(
            "No matching integration configuration for the host of {text}, please check your integrations config"
        )));
    }
    RepoUrl::parse(&text).map_err(|error| Fault(error.to_string()))
}

/// What the address does not name is undefined; the older engine hands values over as JSON, which leaves that out.
fn repo_object(repo: &RepoUrl, older: bool) -> Value {
    let parts = [
        ("host", &repo.host),
        ("owner", &repo.owner),
        ("repo", &repo.repo),
        ("organization", &repo.organization),
        ("workspace", &repo.workspace),
        ("project", &repo.project),
    ];
    Value::object(
        parts
            .into_iter()
            .filter(|(_, text)| !(older && text.is_empty()))
            .map(|(key, text)| match text.as_str() {
                "" => (key.into(), Value::Undefined),
                text => (key.into(), text.into()),
            }),
    )
}

/// `parseEntityRef` of `@backstage/catalog-model`: the case is kept, unlike in a [`crate::catalog::EntityRef`].
pub(super) fn entity_ref(input: &Input<'_>) -> Result {
    let text = to_text(input.value, input.meter)?;
    let option = |key| {
        lookup::own(input.arg(0), key)
            .and_then(|value| value.as_text().map(ToString::to_string))
            .filter(|text| !text.is_empty())
    };
    let missing = |part: &str| {
        Fault(format!(
            "Entity reference {text:?} had missing or empty {part} (e.g. did not start with \"component:\" or similar)"
        ))
    };
    let colon = text.find(':');
    let slash = text.find('/');
    let (kind, rest) = match colon {
        Some(at) if slash.is_none_or(|slash| at < slash) => {
            let (kind, rest) = text.split_once(':').unwrap_or(("", &text));
            (Some(kind.to_owned()), rest)
        }
        _ => (option("defaultKind"), &*text),
    };
    let (namespace, name) = match rest.split_once('/') {
        Some((namespace, name)) => (Some(namespace.to_owned()), name),
        None => (None, rest),
    };
    let kind = kind
        .filter(|kind| !kind.is_empty())
        .ok_or_else(|| missing("kind"))?;
    let namespace = namespace
        .or_else(|| option("defaultNamespace"))
        .unwrap_or_else(|| DEFAULT_NAMESPACE.to_owned());
    if namespace.is_empty() {
        return Err(missing("namespace"));
    }
    if name.is_empty() {
        return Err(missing("name"));
    }
    Ok(Value::object([
        ("kind".into(), kind.into()),
        ("namespace".into(), namespace.into()),
        ("name".into(), name.into()),
    ]))
}

/// `lodash.get(object, path)`.
pub(super) fn pick(input: &Input<'_>) -> Result {
    let get = |value: &Value, key: &str| lookup::own(value, key).unwrap_or(Value::Undefined);
    if let Value::Array(parts) = input.arg(0) {
        let parts = parts.borrow();
        let mut parts = parts.iter().peekable();
        if parts.peek().is_none() {
            return Ok(Value::Undefined);
        }
        return parts.try_fold(input.value.clone(), |value, part| {
            Ok(get(&value, &to_text(part, input.meter)?))
        });
    }
    let path = to_text(input.arg(0), input.meter)?;
    if path.is_empty() {
        return Ok(get(input.value, ""));
    }
    if let Some(value) = lookup::own(input.value, &path) {
        return Ok(value);
    }
    let mut current = input.value.clone();
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        let key = part.trim_matches(['"', '\'']);
        current = get(&current, key);
    }
    Ok(current)
}
