//! A page's schema and the answers so far → the flat list of fields, as rjsf's `SchemaField` and its fellows nest them.

mod extension;
mod words;

use serde_json::{Map, Value as Json};

use words::example;
pub(super) use words::{label, start_case};

use super::defaults::{self, fixed_items, is_multi_select};
use super::options;
use super::page::{Asked, Ui, join};
use super::resolve::{Resolver, merge_schemas};
use super::types;
use super::{Answers, Choice, Field, FieldKind, Items, ReviewHint};

/// How deep groups may nest.
const MAX_DEPTH: u16 = 16;
/// How many items of a list are asked one by one.
const MAX_ITEMS: usize = 500;

/// The fields of a page.
pub(super) fn fields(asked: &Asked, answers: &Answers) -> Vec<Field> {
    let data = Json::Object(answers.parameters.clone());
    let schema = Resolver::new(&asked.schema).retrieve(&asked.schema, Some(&data));
    of_page(asked, &schema, &data, answers)
}

/// The same, where the page's schema is resolved for the answers already.
pub(super) fn of_page(asked: &Asked, schema: &Json, data: &Json, answers: &Answers) -> Vec<Field> {
    let mut reader = Reader {
        resolver: Resolver::new(&asked.schema),
        answers,
        fields: Vec::new(),
    };
    let place = Place {
        ui: Some(&asked.ui),
        ..Place::default()
    };
    reader.resolved(&asked.schema, schema, Some(data), &place);
    reader.fields
}

/// Where a schema stands.
#[derive(Clone, Default)]
struct Place<'a> {
    ui: Option<&'a Json>,
    path: String,
    name: String,
    /// What it is called where its schema has no title.
    called: Option<String>,
    required: bool,
    readonly: bool,
    depth: u16,
    /// The default that the object around gives.
    parent: Option<Json>,
    /// The items of a list can be taken out.
    item: bool,
}

struct Reader<'a> {
    resolver: Resolver<'a>,
    answers: &'a Answers,
    fields: Vec<Field>,
}

impl Reader<'_> {
    fn schema(&mut self, raw: &Json, data: Option<&Json>, place: &Place<'_>) {
        let schema = self.resolver.retrieve(raw, data);
        self.resolved(raw, &schema, data, place);
    }

    /// The fields of what `raw` is with these answers.
    fn resolved(&mut self, raw: &Json, schema: &Json, data: Option<&Json>, place: &Place<'_>) {
        let ui = Ui::new(place.ui, schema);
        if ui.text("widget") == Some("hidden") || place.depth > MAX_DEPTH {
            return;
        }
        let mut place = place.clone();
        place.readonly |= ui.on("disabled")
            || ui.on("readonly")
            || schema.get("readOnly") == Some(&Json::Bool(true));
        let root = place.path.is_empty();
        let (known, notice) = extension::kind(&ui);
        if let Some(kind) = known.filter(|_| !root) {
            return self.push(raw, schema, &ui, &place, kind, notice);
        }
        let select = options::is_select(&self.resolver, schema);
        let of = ["anyOf", "oneOf"]
            .into_iter()
            .find(|key| schema.get(*key).is_some_and(Json::is_array));
        let kind = types::of(schema).or_else(|| guessed(schema));
        if select {
            let kind = FieldKind::Choice(choices(schema, &ui));
            return self.push(raw, schema, &ui, &place, kind, notice);
        }
        match kind {
            Some("object") => self.object(raw, schema, &ui, data, &place, notice),
            Some("array") => self.list(raw, schema, &ui, data, &place, notice),
            Some("null") => {}
            None if of.is_some() => {}
            _ if root => {}
            kind => {
                let kind = scalar(kind, schema, &ui);
                self.push(raw, schema, &ui, &place, kind, notice);
            }
        }
        if let Some(of) = of {
            self.options(of, schema, &ui, data, &place);
        }
    }

    fn push(
        &mut self,
        raw: &Json,
        schema: &Json,
        ui: &Ui<'_>,
        place: &Place<'_>,
        kind: FieldKind,
        notice: Option<String>,
    ) {
        let said = |key: &str| {
            let own = |schema: &Json| schema.get(key).and_then(Json::as_str).map(str::to_owned);
            let text = ui.text(key).map(str::to_owned);
            text.or_else(|| own(raw))
                .or_else(|| own(schema))
                .filter(|text| !text.is_empty())
        };
        let called = || {
            place
                .called
                .clone()
                .unwrap_or_else(|| start_case(&place.name))
        };
        let about = [
            said("description"),
            ui.text("help").map(str::to_owned),
            kind.help(),
        ];
        let hint = ui
            .get("backstage")
            .and_then(|backstage| backstage.get("review"));
        let hinted = |key: &str| hint?.get(key)?.as_str().map(str::to_owned);
        let default = match &kind {
            FieldKind::Variant { .. } | FieldKind::Items(_) => None,
            _ => defaults::of(&self.resolver, raw, place.parent.as_ref()),
        };
        self.fields.push(Field {
            name: place.name.clone(),
            title: said("title").unwrap_or_else(called),
            help: about.into_iter().flatten().collect::<Vec<_>>().join("\n\n"),
            required: place.required,
            default,
            placeholder: ui
                .text("placeholder")
                .map_or_else(|| example(schema), str::to_owned),
            readonly: place.readonly,
            depth: place.depth,
            notice,
            secret: ui.text("field") == Some("Secret"),
            empty: ui.get("emptyValue").cloned(),
            autofocus: ui.on("autofocus"),
            item: place.item,
            review: ReviewHint {
                hidden: hint.and_then(|hint| hint.get("show")) == Some(&Json::Bool(false)),
                mask: hinted("mask"),
                name: hinted("name"),
                whole: hint.and_then(|hint| hint.get("explode")) == Some(&Json::Bool(false)),
            },
            kind,
            path: place.path.clone(),
        });
    }

    fn object(
        &mut self,
        raw: &Json,
        schema: &Json,
        ui: &Ui<'_>,
        data: Option<&Json>,
        place: &Place<'_>,
        notice: Option<String>,
    ) {
        let root = place.path.is_empty();
        let declared = self.resolver.retrieve(raw, None);
        let named = [&declared, schema].iter().any(|schema| {
            schema
                .get("properties")
                .and_then(Json::as_object)
                .is_some_and(|all| !all.is_empty())
        }) && (root
            || declared
                .get("properties")
                .and_then(Json::as_object)
                .is_some_and(|all| !all.is_empty()));
        if !root && !named {
            let empty = schema
                .get("anyOf")
                .or_else(|| schema.get("oneOf"))
                .is_some();
            let kind = if empty {
                FieldKind::Group
            } else {
                FieldKind::Structure
            };
            return self.push(raw, schema, ui, place, kind, notice);
        }
        if !root {
            self.push(raw, schema, ui, place, FieldKind::Group, notice);
        }
        let parent = defaults::of(&self.resolver, raw, place.parent.as_ref());
        let required = |name: &str| {
            let names = schema.get("required").and_then(Json::as_array);
            names.is_some_and(|names| names.iter().any(|one| one.as_str() == Some(name)))
        };
        for (name, property) in ordered(schema, ui) {
            let inner = Place {
                ui: ui.of(name),
                path: join(&place.path, name),
                name: name.clone(),
                required: required(name),
                readonly: place.readonly,
                depth: if root { 0 } else { place.depth + 1 },
                parent: parent.as_ref().and_then(|parent| parent.get(name)).cloned(),
                ..Place::default()
            };
            self.schema(property, data.and_then(|data| data.get(name)), &inner);
        }
    }

    fn list(
        &mut self,
        raw: &Json,
        schema: &Json,
        ui: &Ui<'_>,
        data: Option<&Json>,
        place: &Place<'_>,
        notice: Option<String>,
    ) {
        let push =
            |reader: &mut Self, kind, notice| reader.push(raw, schema, ui, place, kind, notice);
        if let Some(fixed) = fixed_items(schema) {
            push(self, FieldKind::Group, notice);
            let more = schema
                .get("additionalItems")
                .filter(|more| more.is_object());
            let given = data.and_then(Json::as_array).map_or(0, Vec::len);
            let length = if more.is_some() {
                given.max(fixed.len())
            } else {
                fixed.len()
            };
            for at in 0..length.min(MAX_ITEMS) {
                if let Some(item) = fixed.get(at).or(more) {
                    self.item(item, at, ui.of("items"), data, place, "", at >= fixed.len());
                }
            }
            return;
        }
        let Some(item) = schema.get("items").filter(|items| items.is_object()) else {
            return push(self, FieldKind::Structure, notice);
        };
        let item_ui = Ui::new(ui.of("items"), item);
        if let (Some(kind), _) = extension::kind(&item_ui) {
            let kind = match kind {
                FieldKind::Entity(pick) => FieldKind::Entities(pick),
                FieldKind::Tags(_) | FieldKind::Entities(_) | FieldKind::RepoUrl(_) => {
                    FieldKind::Structure
                }
                _ => FieldKind::List(Box::new(FieldKind::text())),
            };
            return push(self, kind, notice);
        }
        let declared = self.resolver.retrieve(item, None);
        if is_multi_select(&self.resolver, schema) || options::is_select(&self.resolver, item) {
            let kind = FieldKind::MultiChoice(choices(&declared, &item_ui));
            return push(self, kind, notice);
        }
        let kind = types::of(&declared).or_else(|| guessed(&declared));
        let several = declared
            .get("oneOf")
            .or_else(|| declared.get("anyOf"))
            .is_some();
        match kind {
            Some("object" | "array") => {}
            None if several => {}
            kind => {
                let kind = FieldKind::List(Box::new(scalar(kind, &declared, &item_ui)));
                return push(self, kind, notice);
            }
        }
        let limit = |key: &str| {
            schema
                .get(key)
                .and_then(Json::as_u64)
                .and_then(|n| usize::try_from(n).ok())
        };
        let given = data.and_then(Json::as_array).map_or(0, Vec::len);
        let option = |key: &str| ui.get(key) != Some(&Json::Bool(false)) && !place.readonly;
        let items = Items {
            length: given,
            add: option("addable") && given < limit("maxItems").unwrap_or(MAX_ITEMS),
            remove: option("removable"),
        };
        let title = declared.get("title").and_then(Json::as_str);
        let called = title
            .or_else(|| raw.get("title")?.as_str())
            .unwrap_or_default()
            .to_owned();
        let removable = items.remove;
        push(self, FieldKind::Group, notice);
        for at in 0..given.min(MAX_ITEMS) {
            self.item(item, at, ui.of("items"), data, place, &called, removable);
        }
        let end = Place {
            path: join(&place.path, "-"),
            depth: place.depth + 1,
            parent: None,
            required: false,
            item: false,
            ..place.clone()
        };
        let title = if called.is_empty() {
            start_case(&place.name)
        } else {
            called
        };
        let own = serde_json::json!({ "title": title });
        let kind = FieldKind::Items(items);
        self.push(&own, &own, &Ui::new(None, &own), &end, kind, None);
    }

    #[expect(clippy::too_many_arguments, reason = "one place, told in full")]
    fn item(
        &mut self,
        item: &Json,
        at: usize,
        ui: Option<&Json>,
        data: Option<&Json>,
        place: &Place<'_>,
        called: &str,
        removable: bool,
    ) {
        let called = if called.is_empty() {
            start_case(&place.name)
        } else {
            called.to_owned()
        };
        let mut item = item.clone();
        if let Json::Object(item) = &mut item
            && removable
        {
            item.shift_remove("title");
        }
        let inner = Place {
            ui,
            path: join(&place.path, &at.to_string()),
            name: at.to_string(),
            called: Some(format!("{called} {}", at + 1)),
            required: false,
            readonly: place.readonly,
            depth: place.depth + 1,
            item: removable,
            ..Place::default()
        };
        self.schema(&item, data.and_then(|data| data.get(at)), &inner);
    }

    /// Which option of a `oneOf` or `anyOf`, and the fields of that one.
    fn options(
        &mut self,
        of: &str,
        schema: &Json,
        ui: &Ui<'_>,
        data: Option<&Json>,
        place: &Place<'_>,
    ) {
        let all = schema
            .get(of)
            .and_then(Json::as_array)
            .cloned()
            .unwrap_or_default();
        let all: Vec<Json> = all
            .iter()
            .map(|option| self.resolver.retrieve(option, data))
            .collect();
        let path = variant_path(&place.path, of);
        let picked = self.answers.options.get(&path).copied().unwrap_or(0);
        let by = schema.as_object().and_then(options::discriminator);
        let picked = options::closest(&self.resolver, data, &all, Some(picked), by).unwrap_or(0);
        let title = schema.get("title").and_then(Json::as_str);
        let label = |(at, option): (usize, &Json)| {
            let own = option
                .get("title")
                .and_then(Json::as_str)
                .map(str::to_owned);
            own.unwrap_or_else(|| match title {
                Some(title) => format!("{title} option {}", at + 1),
                None => format!("Option {}", at + 1),
            })
        };
        let kind = FieldKind::Variant {
            options: all.iter().enumerate().map(label).collect(),
            picked,
        };
        let variant = Place {
            path,
            required: false,
            ..place.clone()
        };
        let own = Json::Object(Map::new());
        let mut heading = Map::new();
        let named = |field: &Field| field.path == place.path && field.kind == FieldKind::Group;
        if self.fields.last().is_some_and(named) {
            // The heading right above says what it is of.
            heading.insert("title".to_owned(), "One of".into());
        } else if let Some(title) = title {
            heading.insert("title".to_owned(), title.into());
        }
        self.push(
            &heading.into(),
            &own,
            &Ui::new(None, &own),
            &variant,
            kind,
            None,
        );
        let Some(option) = all.get(picked) else {
            return;
        };
        let mut option = match schema.get("required") {
            Some(required) => merge_schemas(&serde_json::json!({ "required": required }), option),
            None => option.clone(),
        };
        if option.get("type").and_then(Json::as_str) == Some("null") {
            return;
        }
        if types::of(&option) == Some("object") {
            // Its fields stand below the choice; the object has its heading already.
            let first = self.fields.len();
            let ui = place.ui.or_else(|| ui.of(of));
            self.schema(
                &option,
                data,
                &Place {
                    ui,
                    ..place.clone()
                },
            );
            let heading = self.fields.get(first);
            if heading
                .is_some_and(|field| field.path == place.path && field.kind == FieldKind::Group)
            {
                self.fields.remove(first);
            }
            return;
        }
        if let Json::Object(option) = &mut option {
            option
                .entry("title")
                .or_insert_with(|| title.unwrap_or_default().into());
        }
        self.schema(&option, data, place);
    }
}

/// The path of the choice between the options of the schema at `path`; no property is called so.
pub(super) fn variant_path(path: &str, of: &str) -> String {
    format!("{path}/__{}_select", of.to_lowercase())
}

/// The path of the schema whose options the choice at `path` chooses from.
pub(super) fn variant_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(schema, _)| schema)
}

/// What authors leave out and rjsf does not guess.
fn guessed(schema: &Json) -> Option<&'static str> {
    if schema.get("items").is_some() {
        return Some("array");
    }
    schema.get("default").map(types::guess)
}

fn scalar(kind: Option<&str>, schema: &Json, ui: &Ui<'_>) -> FieldKind {
    let widget = ui.text("widget").unwrap_or_default();
    match kind {
        Some("boolean") => {
            if ui
                .get("enumNames")
                .or_else(|| schema.get("enumNames"))
                .is_some()
            {
                let mut schema = schema.clone();
                if let Json::Object(schema) = &mut schema {
                    schema.insert("enum".to_owned(), serde_json::json!([true, false]));
                }
                return FieldKind::Choice(choices(&schema, ui));
            }
            FieldKind::Boolean
        }
        Some("integer") => FieldKind::Integer,
        Some("number") => FieldKind::Number,
        _ => FieldKind::Text {
            multiline: widget == "textarea",
            secret: widget == "password" || ui.text("inputType") == Some("password"),
        },
    }
}

/// The values to choose from: `enum` with its names, `oneOf` or `anyOf` of constants.
fn choices(schema: &Json, ui: &Ui<'_>) -> Vec<Choice> {
    let disabled = ui.get("enumDisabled").and_then(Json::as_array);
    let allowed = |choice: &Choice| {
        !disabled.is_some_and(|all| all.iter().any(|one| types::same(one, &choice.value)))
    };
    if let Some(Json::Array(values)) = schema.get("enum") {
        let names = ui.get("enumNames").or_else(|| schema.get("enumNames"));
        let name = |at: usize| names?.get(at)?.as_str().filter(|name| !name.is_empty());
        let choice = |(at, value): (usize, &Json)| Choice {
            label: name(at).map_or_else(|| label(value), str::to_owned),
            value: value.clone(),
        };
        return values
            .iter()
            .enumerate()
            .map(choice)
            .filter(allowed)
            .collect();
    }
    let members = schema
        .get("anyOf")
        .or_else(|| schema.get("oneOf"))
        .and_then(Json::as_array);
    let choice = |member: &Json| {
        let value = types::constant(member)?;
        let title = member
            .get("title")
            .and_then(Json::as_str)
            .filter(|title| !title.is_empty());
        Some(Choice {
            label: title.map_or_else(|| label(value), str::to_owned),
            value: value.clone(),
        })
    };
    members
        .into_iter()
        .flatten()
        .filter_map(choice)
        .filter(allowed)
        .collect()
}

/// The properties of a resolved object in the order of `ui:order`: what it does not name stands where `*` is, else last.
fn ordered<'s>(schema: &'s Json, ui: &Ui<'_>) -> Vec<(&'s String, &'s Json)> {
    let Some(Json::Object(all)) = schema.get("properties") else {
        return Vec::new();
    };
    let mut properties: Vec<_> = all
        .iter()
        .filter(|(_, property)| property.is_object())
        .collect();
    if let Some(Json::Array(order)) = ui.get("order") {
        let place = |name: &str| order.iter().position(|item| item.as_str() == Some(name));
        let rest = place("*").unwrap_or(order.len());
        properties.sort_by_key(|(name, _)| place(name).unwrap_or(rest));
    }
    properties
}
