//! Which option of a `oneOf` or `anyOf` the answers are, as rjsf finds out.

use serde_json::{Map, Value as Json, json};

use super::resolve::Resolver;
use super::types;

/// The property that tells options apart, where a schema names one.
pub(super) fn discriminator(schema: &Map<String, Json>) -> Option<&str> {
    schema.get("discriminator")?.get("propertyName")?.as_str()
}

/// Whether a schema is a choice between values (`isSelect`).
pub(super) fn is_select(resolver: &Resolver<'_>, schema: &Json) -> bool {
    let schema = resolver.retrieve(schema, None);
    if schema.get("enum").is_some_and(Json::is_array) {
        return true;
    }
    let all = schema
        .get("oneOf")
        .filter(|all| types::truthy(all))
        .or_else(|| schema.get("anyOf"));
    all.and_then(Json::as_array).is_some_and(|all| {
        all.iter()
            .all(|option| option.is_object() && types::is_constant(option))
    })
}

/// The values of a choice (`optionsList`).
pub(super) fn values(schema: &Json) -> Vec<Json> {
    if let Some(Json::Array(values)) = schema.get("enum") {
        return values.clone();
    }
    let all = schema
        .get("anyOf")
        .or_else(|| schema.get("oneOf"))
        .and_then(Json::as_array);
    all.into_iter()
        .flatten()
        .map(|option| types::constant(option).cloned().unwrap_or_default())
        .collect()
}

fn told_apart(data: Option<&Json>, options: &[Json], by: Option<&str>) -> Option<usize> {
    let value = data?.get(by?)?;
    options.iter().position(|option| {
        let property = option
            .get("properties")
            .and_then(|all| all.get(by.unwrap_or_default()));
        property.is_some_and(|property| {
            let kind = property.get("type").and_then(Json::as_str);
            !matches!(kind, Some("object" | "array"))
                && (property
                    .get("const")
                    .is_some_and(|only| types::same(only, value))
                    || property
                        .get("enum")
                        .and_then(Json::as_array)
                        .is_some_and(|all| all.iter().any(|one| types::same(one, value))))
        })
    })
}

/// The first option that `data` fits; the first one where it fits none (`getMatchingOption`).
pub(super) fn first_match(
    resolver: &Resolver<'_>,
    data: Option<&Json>,
    options: &[Json],
    by: Option<&str>,
) -> usize {
    let Some(given) = data else { return 0 };
    if let Some(at) = told_apart(data, options, by) {
        return at;
    }
    options
        .iter()
        .position(|option| fits(resolver, option, given, by))
        .unwrap_or(0)
}

fn fits(resolver: &Resolver<'_>, option: &Json, data: &Json, by: Option<&str>) -> bool {
    let properties = option.get("properties").and_then(Json::as_object);
    if let (Some(by), Some(properties)) = (by, properties)
        && let Some(property) = properties.get(by)
    {
        return resolver.fits(property, data.get(by).unwrap_or(&Json::Null));
    }
    let Some(properties) = properties else {
        return resolver.fits(option, data);
    };
    // An object without any of the option's keys would fit it, too: one of them must be there.
    let any: Vec<Json> = properties
        .keys()
        .map(|key| json!({ "required": [key] }))
        .collect();
    let mut strict = option.as_object().cloned().unwrap_or_default();
    strict.shift_remove("required");
    let any_of = json!({ "anyOf": any });
    if strict.get("anyOf").is_some_and(types::truthy) {
        match strict
            .entry("allOf")
            .or_insert_with(|| Json::Array(Vec::new()))
        {
            Json::Array(all) => all.push(any_of),
            other => *other = json!([any_of]),
        }
    } else {
        strict.extend(any_of.as_object().cloned().unwrap_or_default());
    }
    resolver.fits(&Json::Object(strict), data)
}

/// The option that `data` is closest to; `selected` where nothing speaks for another (`getClosestMatchingOption`).
pub(super) fn closest(
    resolver: &Resolver<'_>,
    data: Option<&Json>,
    options: &[Json],
    selected: Option<usize>,
    by: Option<&str>,
) -> Option<usize> {
    if let Some(at) = told_apart(data, options, by) {
        return Some(at);
    }
    let resolved: Vec<Json> = options
        .iter()
        .map(|option| super::resolve::referred(option, resolver.root))
        .collect();
    let valid = |option: &Json| data.is_some_and(|data| fits(resolver, option, data, by));
    let mut candidates: Vec<usize> = (0..resolved.len())
        .filter(|at| resolved.get(*at).is_some_and(valid))
        .collect();
    if let [only] = candidates[..] {
        return Some(only);
    }
    if candidates.is_empty() {
        candidates = (0..resolved.len()).collect();
    }
    let mut best = selected;
    let mut best_score = 0;
    let mut scores = Vec::new();
    for at in candidates {
        let Some(option) = resolved.get(at) else {
            continue;
        };
        let score = score(resolver, option, data, 0);
        scores.push(score);
        if score > best_score {
            (best, best_score) = (Some(at), score);
        }
    }
    let all_same = scores
        .first()
        .is_some_and(|first| scores.iter().all(|score| score == first));
    if all_same && selected.is_some() {
        return selected;
    }
    best
}

/// How much of `schema` is in `data` (`calculateIndexScore`).
fn score(resolver: &Resolver<'_>, schema: &Json, data: Option<&Json>, depth: usize) -> i64 {
    if depth > 16 {
        return 0;
    }
    let Some(Json::Object(properties)) = schema.get("properties") else {
        let named = schema.get("type").and_then(Json::as_str);
        let guessed = data.map_or("null", types::guess);
        return i64::from(named == Some(guessed));
    };
    let mut total = 0;
    for (key, property) in properties {
        let value = data.and_then(|data| data.get(key));
        if !property.is_object() {
            continue;
        }
        if property.get("$ref").is_some() {
            let property = resolver.retrieve(property, value);
            let nothing = json!({});
            let value = value
                .filter(|value| types::truthy(value))
                .unwrap_or(&nothing);
            total += score(resolver, &property, Some(value), depth + 1);
            continue;
        }
        let of = ["oneOf", "anyOf"]
            .into_iter()
            .find(|key| property.get(*key).is_some());
        if let (Some(of), Some(value)) = (of, value.filter(|value| types::truthy(value))) {
            let options = property
                .get(of)
                .and_then(Json::as_array)
                .cloned()
                .unwrap_or_default();
            let by = property.as_object().and_then(discriminator);
            let at = closest(resolver, Some(value), &options, None, by);
            total += at.map_or(-1, |at| i64::try_from(at).unwrap_or(i64::MAX));
            continue;
        }
        let named = property.get("type").and_then(Json::as_str);
        if named == Some("object") {
            total += i64::from(value.is_some_and(Json::is_object));
            total += score(resolver, property, value, depth + 1);
        } else if named == Some(value.map_or("null", types::guess)) {
            total += 1;
            let only = ["default", "const"]
                .into_iter()
                .find_map(|key| property.get(key).filter(|v| types::truthy(v)));
            if let Some(only) = only {
                let scalar = !only.is_object() && !only.is_array();
                total += if scalar && value.is_some_and(|value| types::same(value, only)) {
                    1
                } else {
                    -1
                };
            }
        }
    }
    total
}
