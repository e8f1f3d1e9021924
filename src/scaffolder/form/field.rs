//! A resolved schema → the flat list of fields.

use serde_json::Value as Json;

use super::schema::{join, properties, requires, type_of, ui, ui_text};
use super::{Choice, EntityPick, Field, FieldKind, RepoUrlOptions, ReviewHint};

/// How deep groups may nest.
const MAX_DEPTH: u16 = 16;

/// The fields of the resolved object schema `schema`, which stands at `path`.
pub(super) fn fields(schema: &Json, path: &str, depth: u16, out: &mut Vec<Field>) {
    for (name, property) in properties(schema) {
        if ui_text(property, "widget") == Some("hidden") {
            continue;
        }
        let field = read(
            name,
            property,
            join(path, name),
            requires(schema, name),
            depth,
        );
        let group = field.kind == FieldKind::Group;
        let path = field.path.clone();
        out.push(field);
        if group && depth < MAX_DEPTH {
            fields(property, &path, depth + 1, out);
        }
    }
}

fn read(name: &str, schema: &Json, path: String, required: bool, depth: u16) -> Field {
    let text = |key: &str| {
        ui_text(schema, key)
            .or_else(|| schema.get(key)?.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let on = |key: &str| ui(schema, key) == Some(&Json::Bool(true));
    let (kind, notice) = kind(schema);
    let title = match text("title") {
        title if title.is_empty() => start_case(name),
        title => title,
    };
    let help = match text("description") {
        help if help.is_empty() => text("help"),
        help => help,
    };
    let hint = schema.pointer("/ui:backstage/review");
    let hint = hint.or_else(|| schema.pointer("/ui:options/backstage/review"));
    let hinted = |key: &str| hint?.get(key)?.as_str().map(str::to_owned);
    Field {
        name: name.to_owned(),
        title,
        help,
        required,
        default: schema.get("default").cloned(),
        placeholder: text("placeholder"),
        readonly: on("disabled") || on("readonly"),
        depth,
        notice,
        secret: ui_text(schema, "field") == Some("Secret"),
        review: ReviewHint {
            hidden: hint.and_then(|hint| hint.get("show")) == Some(&Json::Bool(false)),
            mask: hinted("mask"),
            name: hinted("name"),
        },
        kind,
        path,
    }
}

fn kind(schema: &Json) -> (FieldKind, Option<String>) {
    let Some(field) = ui_text(schema, "field") else {
        return (plain(schema), None);
    };
    let kind = match field {
        "EntityPicker" => FieldKind::Entity(entity_pick(schema, None)),
        "OwnerPicker" => FieldKind::Entity(entity_pick(schema, Some("Group"))),
        "OwnedEntityPicker" => FieldKind::Entity(EntityPick {
            owned: true,
            ..entity_pick(schema, None)
        }),
        "MyGroupsPicker" => FieldKind::Entity(EntityPick {
            filter: vec![serde_json::json!({"kind": "Group"})],
            my_groups: true,
            ..entity_pick(schema, Some("Group"))
        }),
        "MultiEntityPicker" => FieldKind::Entities(entity_pick(schema, None)),
        "EntityNamePicker" => FieldKind::EntityName,
        "EntityTagsPicker" => FieldKind::Tags,
        "RepoUrlPicker" => FieldKind::RepoUrl(repo_options(schema)),
        "RepoBranchPicker" => FieldKind::Branch,
        "RepoOwnerPicker" => plain(schema),
        "Secret" => FieldKind::Text {
            multiline: false,
            secret: true,
        },
        other => {
            let notice = format!("{other} is not known here; a plain field is asked instead");
            return (plain(schema), Some(notice));
        }
    };
    (kind, None)
}

/// The kind of a field without an extension of Backstage's.
fn plain(schema: &Json) -> FieldKind {
    if let Some(choices) = choices(schema) {
        return FieldKind::Choice(choices);
    }
    let widget = ui_text(schema, "widget").unwrap_or_default();
    match type_of(schema) {
        "boolean" => FieldKind::Boolean,
        "integer" => FieldKind::Integer,
        "number" => FieldKind::Number,
        "object" if schema.get("properties").is_some() => FieldKind::Group,
        "object" => FieldKind::Structure,
        "array" => match schema.get("items") {
            Some(items) if items.is_object() => match (choices(items), plain(items)) {
                (Some(choices), _) => FieldKind::MultiChoice(choices),
                (None, FieldKind::Group | FieldKind::Structure | FieldKind::List(_)) => {
                    FieldKind::Structure
                }
                (None, item) => FieldKind::List(Box::new(item)),
            },
            _ => FieldKind::Structure,
        },
        _ => FieldKind::Text {
            multiline: widget == "textarea",
            secret: widget == "password",
        },
    }
}

/// The values to choose from: `enum` with its names, `oneOf` or `anyOf` of constants, `const`.
fn choices(schema: &Json) -> Option<Vec<Choice>> {
    if let Some(Json::Array(values)) = schema.get("enum") {
        let names = schema.get("enumNames").or_else(|| ui(schema, "enumNames"));
        let name = |at: usize| names?.get(at)?.as_str();
        return Some(
            values
                .iter()
                .enumerate()
                .map(|(at, value)| Choice {
                    label: name(at).map_or_else(|| label(value), str::to_owned),
                    value: value.clone(),
                })
                .collect(),
        );
    }
    for keyword in ["oneOf", "anyOf"] {
        let Some(Json::Array(members)) = schema.get(keyword) else {
            continue;
        };
        let choice = |member: &Json| {
            let value = member.get("const").or_else(|| match member.get("enum")? {
                Json::Array(values) if values.len() == 1 => values.first(),
                _ => None,
            })?;
            let title = member.get("title").and_then(Json::as_str);
            Some(Choice {
                label: title.map_or_else(|| label(value), str::to_owned),
                value: value.clone(),
            })
        };
        if let Some(choices) = members.iter().map(choice).collect::<Option<Vec<_>>>() {
            return Some(choices);
        }
    }
    let value = schema.get("const")?;
    Some(vec![Choice {
        label: label(value),
        value: value.clone(),
    }])
}

/// A value as one line of text.
pub(super) fn label(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        Json::Array(items) => items.iter().map(label).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn entity_pick(schema: &Json, default_kind: Option<&str>) -> EntityPick {
    let list = |value: Option<&Json>| match value {
        Some(Json::Array(items)) => items.clone(),
        Some(Json::Null) | None => Vec::new(),
        Some(one) => vec![one.clone()],
    };
    let mut filter = list(ui(schema, "catalogFilter"));
    let mut kinds = list(ui(schema, "allowedKinds"));
    if filter.is_empty() && kinds.is_empty() && ui_text(schema, "field") == Some("OwnerPicker") {
        kinds = vec!["Group".into(), "User".into()];
    }
    if filter.is_empty() && !kinds.is_empty() {
        filter = vec![serde_json::json!({ "kind": kinds })];
    }
    let default_kind = default_kind.or_else(|| ui_text(schema, "defaultKind"));
    EntityPick {
        filter,
        default_kind: default_kind.map(str::to_owned),
        default_namespace: ui_text(schema, "defaultNamespace")
            .unwrap_or(crate::catalog::entity_ref::DEFAULT_NAMESPACE)
            .to_owned(),
        free_text: ui(schema, "allowArbitraryValues") != Some(&Json::Bool(false)),
        owned: false,
        my_groups: false,
    }
}

fn repo_options(schema: &Json) -> RepoUrlOptions {
    let list = |key: &str| {
        let items = ui(schema, key).and_then(Json::as_array);
        let texts = items.into_iter().flatten().filter_map(Json::as_str);
        texts.map(str::to_owned).collect()
    };
    RepoUrlOptions {
        hosts: list("allowedHosts"),
        owners: list("allowedOwners"),
        repos: list("allowedRepos"),
        organizations: list("allowedOrganizations"),
        projects: list("allowedProjects"),
    }
}

/// `fooBar_baz` → `Foo Bar Baz`, as lodash's `startCase`.
fn start_case(name: &str) -> String {
    let mut out = String::new();
    let mut last = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() {
            last = ' ';
            continue;
        }
        let begins = last == ' ' || c.is_uppercase() && last.is_lowercase();
        if begins && !out.is_empty() {
            out.push(' ');
        }
        if begins {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        last = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_titles() {
        for (name, title) in [
            ("repoUrl", "Repo Url"),
            ("component_id", "Component Id"),
            ("HTTPPort", "HTTPPort"),
        ] {
            assert_eq!(start_case(name), title);
        }
    }
}
