//! Changes to the shape of an answer: another option of a `oneOf`, an item more or less of a list.

use serde_json::{Map, Value as Json};

use super::field::variant_of;
use super::page::Asked;
use super::resolve::Resolver;
use super::types;
use super::{Answers, Field, defaults};

/// Puts the answers into the shape of another option: what only the option before had goes, the defaults of the new one
/// come (`sanitizeDataForNewSchema`).
pub(super) fn pick(
    asked: &Asked,
    field: &Field,
    before: usize,
    after: usize,
    answers: &mut Answers,
) {
    let path = variant_of(&field.path).to_owned();
    answers.options.insert(field.path.clone(), after);
    let root = Json::Object(answers.parameters.clone());
    let data = if path.is_empty() {
        Some(&root)
    } else {
        root.pointer(&path)
    };
    let resolver = Resolver::new(&asked.schema);
    let Some(schema) = schema_at(&resolver, &asked.schema, &root, &path) else {
        return;
    };
    let all = schema
        .get("anyOf")
        .or_else(|| schema.get("oneOf"))
        .and_then(Json::as_array);
    let option = |at: usize| {
        all.and_then(|all| all.get(at))
            .map(|option| resolver.retrieve(option, data))
    };
    let (Some(old), Some(new)) = (option(before), option(after)) else {
        return;
    };
    let kept = sanitized(&old, &new, data);
    let value = if types::of(&new) == Some("object") || new.get("properties").is_some() {
        let kept = kept.unwrap_or_else(|| Map::new().into());
        Some(defaults::state(&resolver, &new, &kept))
    } else {
        kept.or_else(|| defaults::of(&resolver, &new, None))
    };
    match value {
        Some(Json::Object(object)) if path.is_empty() => answers.parameters = object,
        Some(value) => super::put(&mut answers.parameters, &path, value),
        None => super::remove(&mut answers.parameters, &path),
    }
}

/// What of `data` can stay when its schema changes from `old` to `new`.
fn sanitized(old: &Json, new: &Json, data: Option<&Json>) -> Option<Json> {
    let data = data?;
    let (Json::Object(values), Some(Json::Object(to))) = (data, new.get("properties")) else {
        let fits = types::of(old) == types::of(new) && types::of(new) == Some(types::guess(data));
        let only = new.get("const").or_else(|| new.get("default"));
        let was = old.get("const").or_else(|| old.get("default"));
        let stale = was == Some(data) && only != Some(data);
        return (fits && !stale && !data.is_object()).then(|| data.clone());
    };
    let from = old.get("properties").and_then(Json::as_object);
    let mut kept = values.clone();
    for name in from.into_iter().flat_map(Map::keys) {
        if !to.contains_key(name) {
            kept.shift_remove(name);
        }
    }
    for (name, property) in to {
        let (Some(value), Some(was)) = (values.get(name), from.and_then(|from| from.get(name)))
        else {
            continue;
        };
        let only = |schema: &Json| {
            schema
                .get("const")
                .or_else(|| schema.get("default"))
                .cloned()
        };
        if types::of(property) != types::of(was)
            || (only(was).as_ref() == Some(value) && only(property) != only(was))
        {
            kept.shift_remove(name);
        }
    }
    Some(kept.into())
}

/// The schema at `path` for these answers.
fn schema_at(resolver: &Resolver<'_>, root: &Json, data: &Json, path: &str) -> Option<Json> {
    let mut schema = resolver.retrieve(root, Some(data));
    let mut value = Some(data);
    for name in path.split('/').skip(1) {
        let name = name.replace("~1", "/").replace("~0", "~");
        let at = name.parse::<usize>().ok();
        value = value.and_then(|value| match at.filter(|_| value.is_array()) {
            Some(at) => value.get(at),
            None => value.get(&name),
        });
        let inner = match schema.get("properties").and_then(|all| all.get(&name)) {
            Some(property) => property.clone(),
            None => match schema.get("items")? {
                Json::Array(items) => items
                    .get(at?)
                    .or_else(|| schema.get("additionalItems"))?
                    .clone(),
                items => items.clone(),
            },
        };
        schema = resolver.retrieve(&inner, value);
    }
    Some(schema)
}

/// Adds an item to the list at `path`, with its defaults.
pub(super) fn add(asked: &Asked, path: &str, answers: &mut Answers) {
    let root = Json::Object(answers.parameters.clone());
    let resolver = Resolver::new(&asked.schema);
    let Some(schema) = schema_at(&resolver, &asked.schema, &root, path) else {
        return;
    };
    let item = match schema.get("items") {
        Some(items @ Json::Object(_)) => items.clone(),
        _ => schema.get("additionalItems").cloned().unwrap_or_default(),
    };
    let item = resolver.retrieve(&item, None);
    let value = defaults::of(&resolver, &item, None).unwrap_or_else(|| match types::of(&item) {
        Some("array") => Json::Array(Vec::new()),
        Some("object") | None => Map::new().into(),
        _ => Json::Null,
    });
    match answers.parameters_at(path) {
        Some(Json::Array(items)) => items.push(value),
        _ => super::put(&mut answers.parameters, path, Json::Array(vec![value])),
    }
}

/// Takes the item at `path` out of its list.
pub(super) fn take_out(path: &str, answers: &mut Answers) -> bool {
    let Some((list, at)) = path.rsplit_once('/') else {
        return false;
    };
    let Ok(at) = at.parse::<usize>() else {
        return false;
    };
    match answers.parameters_at(list) {
        Some(Json::Array(items)) if at < items.len() => {
            items.remove(at);
        }
        _ => return false,
    }
    // What was emptied or picked in the items is told by their numbers, which are others now.
    let inside = format!("{list}/");
    answers.cleared.retain(|path| !path.starts_with(&inside));
    answers.options.retain(|path, _| !path.starts_with(&inside));
    true
}
