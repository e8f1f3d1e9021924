//! What a schema asks for given the answers so far: `$ref`, `dependencies`, `allOf` and `if/then/else` decided, as
//! `retrieveSchema` of `@rjsf/utils` 5.24 decides them.

mod all_of;
mod reference;

use std::cell::Cell;

use serde_json::{Map, Value as Json};

use super::valid::is_valid;
use super::{options, types};

pub(super) use reference::find;

/// How many schemas are resolved for one answer at most: a schema that brings itself again ends there.
const MAX_STEPS: u32 = 20_000;
/// How deep conditions nest in conditions.
const MAX_DEPTH: u32 = 48;

type Object = Map<String, Json>;

/// Resolves schemas of one page.
#[derive(Debug)]
pub(super) struct Resolver<'a> {
    /// The page's schema: `$ref` is looked up in it.
    pub(super) root: &'a Json,
    steps: Cell<u32>,
    depth: Cell<u32>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(root: &'a Json) -> Self {
        Self {
            root,
            steps: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// `schema` for `data`, its conditions decided; those of the properties in it are left for when they are asked.
    pub(super) fn retrieve(&self, schema: &Json, data: Option<&Json>) -> Json {
        self.retrieve_in(schema, data, &mut Vec::new())
    }

    /// Whether `data` fits `schema`.
    pub(super) fn fits(&self, schema: &Json, data: &Json) -> bool {
        is_valid(schema, data, self.root)
    }

    fn retrieve_in(&self, schema: &Json, data: Option<&Json>, refs: &mut Vec<String>) -> Json {
        let Json::Object(object) = schema else {
            return Object::new().into();
        };
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS || self.depth.get() > MAX_DEPTH {
            return schema.clone();
        }
        self.depth.set(self.depth.get() + 1);
        let resolved = self.retrieve_object(object, data, refs);
        self.depth.set(self.depth.get() - 1);
        resolved
    }

    fn retrieve_object(
        &self,
        object: &Object,
        data: Option<&Json>,
        refs: &mut Vec<String>,
    ) -> Json {
        let mut object = match self.resolve(object, data, refs) {
            Json::Object(object) => object,
            other => return other,
        };
        if object.contains_key("if") {
            return self.decide(object, data, refs);
        }
        if let Some(Json::Array(members)) = object.get("allOf") {
            let (contains, plain): (Vec<Json>, Vec<Json>) = members
                .iter()
                .cloned()
                .partition(|member| member.get("contains").is_some());
            object.insert("allOf".to_owned(), plain.into());
            let Some(mut merged) = all_of::merged(&object) else {
                object.shift_remove("allOf");
                return object.into();
            };
            if !contains.is_empty() {
                merged.insert("allOf".to_owned(), contains.into());
            }
            object = merged;
        }
        if object
            .get("additionalProperties")
            .is_some_and(|more| *more != Json::Bool(false))
        {
            self.stub(&mut object, data);
        }
        object.into()
    }

    /// Resolves the first of `$ref`, `dependencies` and `allOf` that is there.
    fn resolve(&self, object: &Object, data: Option<&Json>, refs: &mut Vec<String>) -> Json {
        let whole = Json::Object(object.clone());
        let referred = reference::resolve_all(&whole, self.root, refs);
        if referred != whole {
            return self.retrieve_in(&referred, data, refs);
        }
        if object.contains_key("dependencies") {
            let schema = self.with_dependencies(object, data, refs);
            return self.retrieve_in(&schema, data, refs);
        }
        if let Some(Json::Array(members)) = object.get("allOf") {
            let members: Vec<Json> = members
                .iter()
                .map(|member| self.retrieve_in(member, data, refs))
                .collect();
            let mut object = object.clone();
            object.insert("allOf".to_owned(), members.into());
            return object.into();
        }
        whole
    }

    fn decide(&self, mut object: Object, data: Option<&Json>, refs: &mut Vec<String>) -> Json {
        let condition = object.shift_remove("if").unwrap_or_default();
        let then = object.shift_remove("then");
        let otherwise = object.shift_remove("else");
        let nothing = Json::Object(Object::new());
        let given = data.filter(|data| types::truthy(data)).unwrap_or(&nothing);
        let branch = if self.fits(&condition, given) {
            then
        } else {
            otherwise
        };
        let mut schema = Json::Object(object);
        if let Some(branch) = branch.filter(|branch| !branch.is_boolean()) {
            let branch = self.retrieve_in(&branch, data, refs);
            schema = merge_schemas(&schema, &branch);
        }
        self.retrieve_in(&schema, data, refs)
    }

    /// `object` with what its `dependencies` bring for `data`.
    pub(super) fn with_dependencies(
        &self,
        object: &Object,
        data: Option<&Json>,
        refs: &mut Vec<String>,
    ) -> Json {
        let mut object = object.clone();
        let dependencies = object.shift_remove("dependencies").unwrap_or_default();
        let schema = self.with_option(object, data);
        match dependencies {
            Json::Object(dependencies) => self.depend(dependencies, schema, data, refs),
            _ => schema,
        }
    }

    /// `object` with the option of its `oneOf` or `anyOf` that `data` is.
    fn with_option(&self, mut object: Object, data: Option<&Json>) -> Json {
        let of = ["oneOf", "anyOf"]
            .into_iter()
            .find(|key| object.get(*key).is_some_and(Json::is_array));
        let Some(Json::Array(all)) = of.and_then(|key| object.get(key).cloned()) else {
            return object.into();
        };
        let discriminator = options::discriminator(&object).map(str::to_owned);
        object.shift_remove("oneOf");
        object.shift_remove("anyOf");
        let all: Vec<Json> = all
            .iter()
            .map(|option| reference::resolve_all(option, self.root, &mut Vec::new()))
            .collect();
        let at = options::first_match(self, data, &all, discriminator.as_deref());
        let schema = Json::Object(object);
        all.get(at)
            .map_or_else(|| schema.clone(), |option| merge_schemas(&schema, option))
    }

    /// Puts what the dependencies bring into `schema`, one after the other: each may bring the property of the next.
    fn depend(
        &self,
        mut dependencies: Object,
        mut schema: Json,
        data: Option<&Json>,
        refs: &mut Vec<String>,
    ) -> Json {
        loop {
            let applies = |name: &&String| {
                let answered = data.and_then(|data| data.get(name.as_str())).is_some();
                let known = schema
                    .get("properties")
                    .is_none_or(|all| all.get(name.as_str()).is_some());
                answered && known
            };
            let Some(name) = dependencies.keys().find(applies).cloned() else {
                return schema;
            };
            match dependencies.shift_remove(&name) {
                Some(Json::Array(names)) => require(&mut schema, &names),
                Some(brought @ Json::Object(_)) => {
                    schema = self.with_dependent(&schema, &name, &brought, data, refs);
                }
                _ => {}
            }
        }
    }

    fn with_dependent(
        &self,
        schema: &Json,
        name: &str,
        brought: &Json,
        data: Option<&Json>,
        refs: &mut Vec<String>,
    ) -> Json {
        let mut brought = self.retrieve_in(brought, data, refs);
        let branches = brought
            .as_object_mut()
            .and_then(|object| object.shift_remove("oneOf"));
        let schema = merge_schemas(schema, &brought);
        let Some(Json::Array(branches)) = branches else {
            return schema;
        };
        let branches: Vec<Json> = branches
            .into_iter()
            .map(|branch| match branch.get("$ref") {
                Some(_) => self.retrieve_in(&branch, data, refs),
                None => branch,
            })
            .collect();
        self.with_one_branch(schema, name, &branches, data, refs)
    }

    /// Puts the one branch into `schema` whose condition on the property `name` the data fulfils; where several do, or
    /// none does, there is none.
    fn with_one_branch(
        &self,
        schema: Json,
        name: &str,
        branches: &[Json],
        data: Option<&Json>,
        refs: &mut Vec<String>,
    ) -> Json {
        let nothing = Json::Null;
        let fulfilled = |branch: &&Json| {
            let condition = branch.get("properties").and_then(|all| all.get(name));
            condition.is_some_and(|condition| {
                let value = data.unwrap_or(&nothing).get(name);
                data.is_some_and(Json::is_object)
                    && types::truthy(condition)
                    && value.is_none_or(|value| self.fits(condition, value))
            })
        };
        let mut all = branches.iter().filter(fulfilled);
        let (Some(branch), None) = (all.next(), all.next()) else {
            return schema;
        };
        let mut branch = branch.clone();
        if let Some(Json::Object(properties)) = branch.get_mut("properties") {
            properties.shift_remove(name);
        }
        let branch = self.retrieve_in(&branch, data, refs);
        merge_schemas(&schema, &branch)
    }

    /// Makes properties of what `data` holds beside the properties that are named.
    fn stub(&self, object: &mut Object, data: Option<&Json>) {
        let more = object
            .get("additionalProperties")
            .cloned()
            .unwrap_or_default();
        let mut properties = match object.shift_remove("properties") {
            Some(Json::Object(properties)) => properties,
            _ => Object::new(),
        };
        for (name, value) in data.and_then(Json::as_object).into_iter().flatten() {
            if properties.contains_key(name) {
                continue;
            }
            let guessed = || serde_json::json!({ "type": types::guess(value) });
            let property = match &more {
                Json::Object(more) if more.contains_key("$ref") => {
                    self.retrieve(&Json::Object(more.clone()), data)
                }
                Json::Object(schema) if schema.contains_key("type") => more.clone(),
                Json::Object(schema)
                    if schema.contains_key("anyOf") || schema.contains_key("oneOf") =>
                {
                    let mut schema = schema.clone();
                    schema.insert("type".to_owned(), "object".into());
                    schema.into()
                }
                _ => guessed(),
            };
            properties.insert(name.clone(), property);
        }
        object.insert("properties".to_owned(), properties.into());
    }
}

fn require(schema: &mut Json, names: &[Json]) {
    let Json::Object(object) = schema else { return };
    let slot = object
        .entry("required")
        .or_insert_with(|| Json::Array(Vec::new()));
    if let Json::Array(required) = slot {
        for name in names {
            if !required.contains(name) {
                required.push(name.clone());
            }
        }
    } else {
        *slot = names.to_vec().into();
    }
}

/// `left` with `right` put over it: objects are merged, `required` is united, else the right one stands
/// (`mergeSchemas`).
pub(super) fn merge_schemas(left: &Json, right: &Json) -> Json {
    let (Json::Object(left_object), Json::Object(right_object)) = (left, right) else {
        return right.clone();
    };
    let mut merged = left_object.clone();
    let objects = types::of(left) == Some("object") || types::of(right) == Some("object");
    for (key, value) in right_object {
        let before = left_object.get(key);
        let value = match (before, value) {
            (Some(before @ Json::Object(_)), Json::Object(_)) => merge_schemas(before, value),
            (Some(Json::Array(before)), Json::Array(after)) if key == "required" && objects => {
                let mut union: Vec<Json> = Vec::new();
                for name in before.iter().chain(after) {
                    if !union.contains(name) {
                        union.push(name.clone());
                    }
                }
                union.into()
            }
            _ => value.clone(),
        };
        merged.insert(key.clone(), value);
    }
    merged.into()
}

/// `schema` with its references replaced, independent of others.
pub(super) fn referred(schema: &Json, root: &Json) -> Json {
    reference::resolve_all(schema, root, &mut Vec::new())
}
