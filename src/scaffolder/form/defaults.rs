//! The answers with the defaults of a schema in them, as `getDefaultFormState` of `@rjsf/utils` 5.24 computes them with
//! Backstage's `allOf: populateDefaults`.

use serde_json::{Map, Value as Json};

use super::options;
use super::resolve::{Resolver, find, merge_schemas};
use super::types;

/// How deep defaults are looked for.
const MAX_DEPTH: usize = 32;
/// How many empty items `minItems` makes at most.
const MAX_ITEMS: usize = 1000;

type Object = Map<String, Json>;

/// What is known around a schema.
#[derive(Clone, Default)]
struct Around<'a> {
    /// The default that the object or list around gives.
    parent: Option<Json>,
    /// What was answered.
    raw: Option<&'a Json>,
    /// The references being followed.
    refs: Vec<String>,
    depth: usize,
}

/// `data` with the defaults of `schema` where nothing was answered; a choice that is none any more falls back to its
/// default.
pub(super) fn state(resolver: &Resolver<'_>, schema: &Json, data: &Json) -> Json {
    let retrieved = resolver.retrieve(schema, Some(data));
    let around = Around {
        raw: Some(data),
        ..Around::default()
    };
    let defaults = compute(resolver, &retrieved, around, true);
    merge(defaults.as_ref(), Some(data), true, false, true).unwrap_or_else(|| data.clone())
}

/// The default of one schema, where `parent` is what is around it gives.
pub(super) fn of(resolver: &Resolver<'_>, schema: &Json, parent: Option<&Json>) -> Option<Json> {
    let around = Around {
        parent: parent.cloned(),
        ..Around::default()
    };
    compute(resolver, schema, around, false)
}

/// `keep` puts the answers into the result (`shouldMergeDefaultsIntoFormData`).
fn compute(resolver: &Resolver<'_>, schema: &Json, around: Around<'_>, keep: bool) -> Option<Json> {
    let empty = Object::new();
    let object = schema.as_object().unwrap_or(&empty);
    if around.depth > MAX_DEPTH {
        return around.parent;
    }
    let nothing = Json::Object(Object::new());
    let form = around.raw.filter(|raw| raw.is_object()).unwrap_or(&nothing);
    let mut defaults = around.parent.clone();
    let mut refs = around.refs.clone();
    let mut instead = None;
    if let Some(only) = object.get("const").filter(|_| !refers_to_data(schema)) {
        defaults = Some(only.clone());
    } else if let (Some(Json::Object(before)), Some(Json::Object(own))) =
        (&defaults, object.get("default"))
    {
        defaults = Some(over(before, own).into());
    } else if let Some(own) = object
        .get("default")
        .filter(|_| !has(object, "anyOf") && !has(object, "oneOf"))
    {
        defaults = Some(own.clone());
    } else if let Some(Json::String(reference)) = object.get("$ref") {
        if !refs.contains(reference) {
            refs.push(reference.clone());
            instead = find(reference, resolver.root);
        }
        if instead.is_some() && !defaults.as_ref().is_some_and(types::truthy) {
            defaults = object.get("default").cloned();
        }
    } else if object.contains_key("dependencies") {
        let mut known = match by_type(resolver, schema, &around, defaults.as_ref(), keep) {
            Some(Json::Object(known)) => known,
            _ => Object::new(),
        };
        known.extend(form.as_object().cloned().unwrap_or_default());
        instead = Some(resolver.with_dependencies(object, Some(&known.into()), &mut Vec::new()));
    } else if let Some(items) = fixed_items(schema) {
        let each = items.iter().enumerate().map(|(at, item)| {
            let inner = Around {
                parent: around
                    .parent
                    .as_ref()
                    .and_then(|parent| parent.get(at))
                    .cloned(),
                raw: Some(form),
                refs: around.refs.clone(),
                depth: around.depth + 1,
            };
            compute(resolver, item, inner, keep).unwrap_or_default()
        });
        defaults = Some(each.collect());
    } else if let Some(of) = ["oneOf", "anyOf"]
        .into_iter()
        .find(|key| object.contains_key(*key))
    {
        let all = object
            .get(of)
            .and_then(Json::as_array)
            .cloned()
            .unwrap_or_default();
        let data = around
            .raw
            .filter(|raw| !raw.is_null())
            .or_else(|| object.get("default"));
        let at = options::closest(
            resolver,
            data,
            &all,
            Some(0),
            options::discriminator(object),
        );
        let option = at.and_then(|at| all.get(at))?;
        let mut rest = object.clone();
        rest.shift_remove(of);
        instead = Some(merge_schemas(&rest.into(), option));
    }
    if let Some(instead) = instead {
        let inner = Around {
            parent: defaults,
            raw: Some(around.raw.filter(|raw| !raw.is_null()).unwrap_or(form)),
            refs,
            depth: around.depth + 1,
        };
        return compute(resolver, &instead, inner, keep);
    }
    if defaults.is_none() {
        defaults = object.get("default").cloned();
    }
    let typed = by_type(resolver, schema, &around, defaults.as_ref(), keep);
    let result = typed.or(defaults);
    if keep && (!around.raw.is_some_and(Json::is_object) || object.contains_key("allOf")) {
        let fitting = fitting(resolver, schema, around.raw);
        return merge(result.as_ref(), fitting, false, true, false);
    }
    result
}

fn has(object: &Object, key: &str) -> bool {
    object.get(key).is_some_and(types::truthy)
}

/// Whether `const` is ajv's `{$data: …}`.
fn refers_to_data(schema: &Json) -> bool {
    schema.pointer("/const/$data").is_some_and(Json::is_string)
        && !matches!(types::of(schema), Some("object" | "array"))
}

/// The schemas of a list whose items are named one by one.
pub(super) fn fixed_items(schema: &Json) -> Option<&Vec<Json>> {
    let items = schema.get("items")?.as_array()?;
    (!items.is_empty() && items.iter().all(Json::is_object)).then_some(items)
}

/// What was answered, unless it is none of the values to choose from.
fn fitting<'a>(resolver: &Resolver<'_>, schema: &Json, raw: Option<&'a Json>) -> Option<&'a Json> {
    if types::is_constant(schema) || !options::is_select(resolver, schema) {
        return raw;
    }
    let values = options::values(schema);
    raw.filter(|raw| values.iter().any(|value| types::same(value, raw)))
}

fn by_type(
    resolver: &Resolver<'_>,
    schema: &Json,
    around: &Around<'_>,
    defaults: Option<&Json>,
    keep: bool,
) -> Option<Json> {
    match types::of(schema)? {
        "object" => Some(of_object(resolver, schema, around, defaults, keep).into()),
        "array" => Some(of_array(resolver, schema, around, defaults, keep)),
        _ => None,
    }
}

fn of_object(
    resolver: &Resolver<'_>,
    schema: &Json,
    around: &Around<'_>,
    defaults: Option<&Json>,
    keep: bool,
) -> Object {
    let nothing = Json::Object(Object::new());
    let form = around.raw.filter(|raw| raw.is_object()).unwrap_or(&nothing);
    let retrieved;
    let schema = if schema.get("allOf").is_some() {
        retrieved = resolver.retrieve(schema, Some(form));
        &retrieved
    } else {
        schema
    };
    let empty = Object::new();
    let properties = schema
        .get("properties")
        .and_then(Json::as_object)
        .unwrap_or(&empty);
    let required = |name: &str| {
        let names = schema.get("required").and_then(Json::as_array);
        names.is_some_and(|names| names.iter().any(|one| one.as_str() == Some(name)))
    };
    let parent_const = schema.get("const");
    let mut out = Object::new();
    let inner = |name: &str, property: &Json| {
        let inner = Around {
            parent: defaults.and_then(|defaults| defaults.get(name)).cloned(),
            raw: form.get(name),
            refs: around.refs.clone(),
            depth: around.depth + 1,
        };
        compute(resolver, property, inner, keep)
    };
    for (name, property) in properties {
        let only = property.get("const").is_some()
            || parent_const.is_some_and(|all| all.get(name).is_some());
        match inner(name, property) {
            Some(Json::Object(value)) if value.is_empty() && !only && !required(name) => {}
            Some(value) => {
                out.insert(name.clone(), value);
            }
            None => {}
        }
    }
    let more = schema
        .get("additionalProperties")
        .filter(|more| types::truthy(more));
    if let Some(more) = more {
        let given = |all: Option<&Json>| -> Vec<String> {
            let names = all
                .and_then(Json::as_object)
                .into_iter()
                .flat_map(Object::keys);
            names
                .filter(|name| !properties.get(*name).is_some_and(types::truthy))
                .cloned()
                .collect()
        };
        let answered = given(Some(form));
        let mut names = given(defaults);
        names.extend(
            answered
                .iter()
                .filter(|name| !names.contains(name))
                .cloned()
                .collect::<Vec<_>>(),
        );
        for name in names {
            match inner(&name, more) {
                Some(Json::Object(value)) if value.is_empty() && !answered.contains(&name) => {}
                Some(value) => {
                    out.insert(name, value);
                }
                None => {}
            }
        }
    }
    out
}

fn of_array(
    resolver: &Resolver<'_>,
    schema: &Json,
    around: &Around<'_>,
    defaults: Option<&Json>,
    keep: bool,
) -> Json {
    let nothing = Json::Object(Object::new());
    let inner = |item: &Json, parent: Option<&Json>, raw| {
        let inner = Around {
            parent: parent.cloned(),
            raw,
            refs: around.refs.clone(),
            depth: around.depth + 1,
        };
        compute(resolver, item, inner, keep)
    };
    let mut defaults = defaults.cloned();
    if let Some(Json::Array(items)) = &defaults {
        let each = items.iter().enumerate().map(|(at, item)| {
            let fixed = match schema.get("items") {
                Some(Json::Array(fixed)) => fixed.get(at).filter(|schema| !schema.is_boolean()),
                _ => None,
            };
            let more = schema
                .get("additionalItems")
                .filter(|more| more.is_object());
            let schema = fixed.or(more).unwrap_or(&nothing);
            inner(schema, Some(item), None).unwrap_or_default()
        });
        defaults = Some(each.collect());
    }
    let item = schema.get("items").filter(|items| items.is_object());
    if let Some(Json::Array(given)) = around.raw {
        let each: Json = given
            .iter()
            .enumerate()
            .map(|(at, raw)| {
                let parent = defaults.as_ref().and_then(|defaults| defaults.get(at));
                inner(item.unwrap_or(&nothing), parent, Some(raw)).unwrap_or_default()
            })
            .collect();
        defaults = merge(defaults.as_ref(), Some(&each), false, false, false);
    }
    let length = defaults
        .as_ref()
        .and_then(Json::as_array)
        .map_or(0, Vec::len);
    let least = schema.get("minItems").and_then(Json::as_u64).unwrap_or(0);
    let least = usize::try_from(least).unwrap_or(MAX_ITEMS).min(MAX_ITEMS);
    if least <= length || is_multi_select(resolver, schema) {
        return defaults
            .filter(types::truthy)
            .unwrap_or_else(|| Json::Array(Vec::new()));
    }
    let filler = item.or_else(|| {
        schema
            .get("additionalItems")
            .filter(|more| more.is_object())
    });
    let filler = filler.unwrap_or(&nothing);
    let one = inner(filler, filler.get("default"), None).unwrap_or_default();
    let mut items = match defaults {
        Some(Json::Array(items)) => items,
        _ => Vec::new(),
    };
    items.resize(least, one);
    items.into()
}

/// Whether a list is asked as boxes to tick (`isMultiSelect`).
pub(super) fn is_multi_select(resolver: &Resolver<'_>, schema: &Json) -> bool {
    schema.get("uniqueItems").is_some_and(types::truthy)
        && schema
            .get("items")
            .is_some_and(|items| items.is_object() && options::is_select(resolver, items))
}

/// `under` with `object` put over it, objects inside merged (`mergeObjects`).
fn over(under: &Object, object: &Object) -> Object {
    let mut merged = under.clone();
    for (key, value) in object {
        let value = match (under.get(key), value) {
            (Some(Json::Object(under)), Json::Object(object)) => over(under, object).into(),
            _ => value.clone(),
        };
        merged.insert(key.clone(), value);
    }
    merged
}

/// Defaults and answers together (`mergeDefaultsWithFormData`): answers stand before defaults, unless `keep_defaults`
/// says that the defaults hold the answers already. `extra` appends the items that only the defaults have; with
/// `instead_of_null` a default stands for `null`.
fn merge(
    defaults: Option<&Json>,
    data: Option<&Json>,
    extra: bool,
    instead_of_null: bool,
    keep_defaults: bool,
) -> Option<Json> {
    match data {
        Some(Json::Array(given)) => {
            let empty = Vec::new();
            let preset = defaults.and_then(Json::as_array).unwrap_or(&empty);
            let (main, other) = if keep_defaults {
                (preset, given)
            } else {
                (given, preset)
            };
            let mut items: Vec<Json> = main
                .iter()
                .enumerate()
                .map(|(at, value)| match other.get(at) {
                    Some(_) => merge(
                        preset.get(at),
                        given.get(at),
                        extra,
                        instead_of_null,
                        keep_defaults,
                    )
                    .unwrap_or_default(),
                    None => value.clone(),
                })
                .collect();
            if (extra || keep_defaults) && items.len() < other.len() {
                items.extend(other.iter().skip(items.len()).cloned());
            }
            Some(items.into())
        }
        Some(Json::Object(given)) => {
            let preset = defaults.and_then(Json::as_object);
            let mut out = preset.cloned().unwrap_or_default();
            for (key, value) in given {
                let own = preset.and_then(|preset| preset.get(key));
                let keep = keep_defaults && own.is_some();
                if let Some(value) = merge(own, Some(value), extra, instead_of_null, keep) {
                    out.insert(key.clone(), value);
                }
            }
            Some(out.into())
        }
        _ => {
            let nil = data.is_none_or(Json::is_null);
            let preset = defaults.is_some_and(|defaults| !defaults.is_null());
            if (instead_of_null && nil && preset) || (keep_defaults && !nil) {
                return defaults.cloned();
            }
            data.cloned()
        }
    }
}
