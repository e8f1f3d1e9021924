//! Forms by example.

#![expect(clippy::needless_pass_by_value, clippy::panic, reason = "tests")]

use serde_json::{Value as Json, json};

use super::*;

fn page(schema: Json) -> Page {
    Page {
        title: String::new(),
        description: String::new(),
        when: None,
        schema,
    }
}

fn answers(parameters: Json) -> Answers {
    Answers {
        parameters: parameters.as_object().cloned().unwrap_or_default(),
        ..Answers::new()
    }
}

fn paths(page: &Page, answers: &Answers) -> Vec<String> {
    fields(page, answers).into_iter().map(|f| f.path).collect()
}

fn kind_of(property: Json) -> FieldKind {
    let page = page(json!({"properties": {"x": property}}));
    let mut fields = fields(&page, &Answers::new());
    fields.remove(0).kind
}

#[test]
fn each_schema_has_its_editor() {
    let text = |multiline, secret| FieldKind::Text { multiline, secret };
    assert_eq!(kind_of(json!({})), text(false, false));
    assert_eq!(
        kind_of(json!({"type": "string", "ui:widget": "textarea"})),
        text(true, false)
    );
    assert_eq!(
        kind_of(json!({"type": "string", "ui:field": "Secret"})),
        text(false, true)
    );
    assert_eq!(
        kind_of(json!({"type": ["null", "integer"]})),
        FieldKind::Integer
    );
    assert_eq!(kind_of(json!({"type": "boolean"})), FieldKind::Boolean);
    assert_eq!(
        kind_of(json!({"type": "array", "items": {"type": "number"}})),
        FieldKind::List(Box::new(FieldKind::Number))
    );
    let list = page(json!({"properties": {"x": {"type": "array", "items": {"type": "object"}}}}));
    let kinds = fields(&list, &Answers::new())
        .into_iter()
        .map(|field| (field.path, field.kind));
    let items = Items {
        length: 0,
        add: true,
        remove: true,
    };
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [
            ("/x".to_owned(), FieldKind::Group),
            ("/x/-".to_owned(), FieldKind::Items(items))
        ]
    );
    let choice = |value: &str, label: &str| Choice {
        value: value.into(),
        label: label.to_owned(),
    };
    assert_eq!(
        kind_of(json!({"enum": ["a", "b"], "enumNames": ["A", "B"]})),
        FieldKind::Choice(vec![choice("a", "A"), choice("b", "B")])
    );
    assert_eq!(
        kind_of(json!({"type": "string", "oneOf": [{"const": "a", "title": "A"}]})),
        FieldKind::Choice(vec![choice("a", "A")])
    );
    assert!(matches!(
        kind_of(json!({"type": "string", "ui:field": "OwnerPicker"})),
        FieldKind::Entity(EntityPick { default_kind: Some(kind), free_text: true, .. }) if kind == "Group"
    ));
    assert!(matches!(
        kind_of(json!({"ui:field": "RepoUrlPicker", "ui:options": {"allowedHosts": ["github.com"]}})),
        FieldKind::RepoUrl(options) if options.hosts == ["github.com"]
    ));
}

#[test]
fn an_unknown_field_falls_back_with_a_notice() {
    let page = page(json!({"properties": {"x": {"type": "string", "ui:field": "Fancy"}}}));
    let fields = fields(&page, &Answers::new());
    assert!(
        fields[0]
            .notice
            .as_ref()
            .is_some_and(|n| n.contains("Fancy"))
    );
}

#[test]
fn fields_appear_by_what_was_answered() {
    let page = page(json!({
        "properties": {"db": {"type": "string", "enum": ["none", "postgres"], "default": "none"}},
        "dependencies": {"db": {"oneOf": [
            {"properties": {"db": {"const": "none"}}},
            {"properties": {"db": {"const": "postgres"}, "size": {"type": "integer", "default": 5}}, "required": ["size"]},
        ]}},
        "allOf": [{
            "if": {"properties": {"size": {"minimum": 100}}, "required": ["size"]},
            "then": {"properties": {"reason": {"type": "string"}}, "required": ["reason"]},
        }],
    }));
    let mut answers = Answers::new();
    enter(&page, &mut answers);
    assert_eq!(paths(&page, &answers), ["/db"]);
    let db = fields(&page, &answers).remove(0);
    set(&page, &db, Some("postgres".into()), &mut answers);
    assert_eq!(paths(&page, &answers), ["/db", "/size"]);
    assert_eq!(answers.parameters["size"], 5);
    let size = fields(&page, &answers).remove(1);
    set(&page, &size, Some(100.into()), &mut answers);
    assert_eq!(paths(&page, &answers), ["/db", "/size", "/reason"]);
    let errors = check(&page, &answers);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].path, "/reason");
}

#[test]
fn an_emptied_field_stays_empty() {
    let page = page(json!({"properties": {"x": {"type": "string", "default": "d"}}}));
    let mut answers = Answers::new();
    enter(&page, &mut answers);
    let x = fields(&page, &answers).remove(0);
    set(&page, &x, None, &mut answers);
    enter(&page, &mut answers);
    assert_eq!(get(&x, &answers), None);
}

#[test]
fn nested_objects_are_groups_with_their_defaults() {
    let page = page(json!({
        "$defs": {},
        "definitions": {"port": {"type": "integer", "default": 80}},
        "properties": {"net": {"type": "object", "title": "Net", "default": {"host": "h"},
            "properties": {"host": {"type": "string"}, "port": {"$ref": "#/definitions/port"}}, "required": ["host"]}},
        "ui:order": ["*"],
    }));
    let mut answers = Answers::new();
    enter(&page, &mut answers);
    assert_eq!(paths(&page, &answers), ["/net", "/net/host", "/net/port"]);
    assert_eq!(answers.parameters["net"], json!({"host": "h", "port": 80}));
    let host = fields(&page, &answers).remove(1);
    set(&page, &host, None, &mut answers);
    assert_eq!(check(&page, &answers)[0].path, "/net/host");
}

#[test]
fn errors_are_in_words() {
    let schema = json!({
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "id": {"type": "string", "pattern": "^[a-z]{3}$"},
            "own": {"type": "string", "pattern": "^a", "errorMessage": {"pattern": "Begin with an a"}},
            "n": {"type": "integer", "minimum": 1},
            "short": {"type": "string", "maxLength": 2},
            "mail": {"type": "string", "format": "email"},
            "repo": {"type": "string", "ui:field": "RepoUrlPicker"},
            "tags": {"type": "array", "items": {"type": "string"}, "ui:field": "EntityTagsPicker"},
        },
    });
    let given = json!({
        "id": "ABC", "own": "b", "n": 0, "short": "abc", "mail": "x",
        "repo": "github.com?owner=a", "tags": ["Bad Tag"],
    });
    let errors = check(&page(schema), &answers(given));
    let said: Vec<(&str, &str)> = errors
        .iter()
        .map(|e| (e.path.as_str(), e.message.as_str()))
        .collect();
    assert_eq!(
        said[..7],
        [
            ("/name", "This is needed"),
            ("/id", "Must match ^[a-z]{3}$"),
            ("/own", "Begin with an a"),
            ("/n", "Must be 1 or more"),
            ("/short", "At most 2 characters; these are 3"),
            ("/mail", "Must be an email address"),
            ("/repo", "The repository's repo is missing"),
        ]
    );
    assert!(said[7].1.contains("Bad Tag"));
}

#[test]
fn typed_text_becomes_a_value() {
    let pick = EntityPick {
        default_kind: Some("Group".to_owned()),
        default_namespace: "default".to_owned(),
        ..EntityPick::default()
    };
    assert_eq!(FieldKind::Integer.parse("12"), Ok(Some(json!(12))));
    assert!(FieldKind::Integer.parse("1.5").is_err());
    assert_eq!(FieldKind::Boolean.parse("yes"), Ok(Some(json!(true))));
    assert_eq!(FieldKind::Boolean.parse(" "), Ok(None));
    assert_eq!(
        FieldKind::Entity(pick).parse("Team-A"),
        Ok(Some(json!("group:default/team-a")))
    );
    assert_eq!(
        FieldKind::Tags(TagOptions::default()).parse("Go, web"),
        Ok(Some(json!(["go", "web"])))
    );
    assert_eq!(
        FieldKind::Structure.parse("a: [1]"),
        Ok(Some(json!({"a": [1]})))
    );
}

#[test]
fn a_secret_is_kept_apart_and_masked() {
    let page = page(json!({"properties": {"token": {"type": "string", "ui:field": "Secret"}}}));
    let template = Template {
        entity_ref: crate::catalog::EntityRef::new("template", "default", "t"),
        title: String::new(),
        description: String::new(),
        kind: String::new(),
        owner: None,
        tags: Vec::new(),
        metadata: Json::Null,
        location: String::new(),
        source: String::new(),
        pages: vec![page],
        steps: Vec::new(),
        output: Json::Null,
    };
    let mut answers = Answers::new();
    let (number, field) = find(&template, &answers, "token").unwrap_or_else(|| panic!("no field"));
    set(
        &template.pages[number],
        &field,
        Some("s3cret".into()),
        &mut answers,
    );
    assert_eq!(answers.parameters["token"], "******");
    assert_eq!(get(&field, &answers), Some(json!("s3cret")));
    assert!(!format!("{answers:?}").contains("s3cret"));
    assert_eq!(review(&template, &answers)[0].value, "******");
}
