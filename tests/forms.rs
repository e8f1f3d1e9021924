//! Forms against a table of our own: what rjsf, run as Backstage runs it, made of each page with each set of answers.
//!
//! `forms/oracle.mjs` asks it anew, and asks it about other templates; `STAGEDOOR_FORMS` names a table so made that is
//! read in place of ours. Where a terminal shows a thing another way on purpose, [`shown`] says so.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value as Json};
use stagedoor::scaffolder::Answers;
use stagedoor::scaffolder::form::{self, Field, FieldKind};
use stagedoor::scaffolder::template::Page;

fn table() -> String {
    std::env::var("STAGEDOOR_FORMS").map_or_else(
        |_| include_str!("fixtures/templates/forms.jsonl").to_owned(),
        |path| std::fs::read_to_string(path).unwrap(),
    )
}

/// The class that the table gives a field of this kind.
fn class(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text { .. } => "text",
        FieldKind::Number | FieldKind::Integer => "number",
        FieldKind::Boolean => "checkbox",
        FieldKind::Choice(choices) if choices.iter().all(|choice| choice.value.is_boolean()) => {
            "checkbox"
        }
        FieldKind::Choice(_) | FieldKind::Variant { .. } => "choice",
        FieldKind::MultiChoice(_) => "many",
        FieldKind::List(_) | FieldKind::Structure | FieldKind::Items(_) | FieldKind::Group => {
            "group"
        }
        _ => "extension",
    }
}

/// Whether numbers of both are the same, and all else is.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

/// What rjsf shows, as a terminal shows it: values of a list of texts in one field, a list of boxes to tick as such
/// whether or not a value may come twice, one field for keys and values.
fn shown(theirs: &Json, ours: &[Field]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for pair in theirs.as_array().unwrap() {
        let (path, class) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        let path = match path.find("__") {
            Some(at) if path.ends_with("of_select") => {
                let (schema, choice) = path.split_at(at);
                format!("{}/{choice}", schema.trim_end_matches('/'))
            }
            _ => path.to_owned(),
        };
        let whole = |field: &Field| {
            let one = matches!(
                field.kind,
                FieldKind::List(_) | FieldKind::Structure | FieldKind::MultiChoice(_)
            );
            one && path.starts_with(&format!("{}/", field.path))
        };
        if ours.iter().any(whole) {
            continue;
        }
        let many = ours
            .iter()
            .any(|f| f.path == path && matches!(f.kind, FieldKind::MultiChoice(_)));
        let secret = ours.iter().any(|f| f.path == path && f.secret);
        let number = ours
            .iter()
            .any(|f| f.path == path && matches!(f.kind, FieldKind::Number | FieldKind::Integer));
        let yes = ours
            .iter()
            .any(|f| f.path == path && f.kind == FieldKind::Boolean);
        let choice = ours
            .iter()
            .any(|field| field.path == path && crate::class(&field.kind) == "checkbox");
        let variant = ours
            .iter()
            .any(|f| f.path == format!("{path}/__oneof_select"));
        let class = match class {
            "group" if many => "many",
            // The choice between the shapes of an object stands for its heading.
            "group"
                if variant
                    && out
                        .iter()
                        .any(|(other, _)| other.starts_with(&format!("{path}/__"))) =>
            {
                continue;
            }
            "extension" if secret => "text",
            // A number that may be null is typed as text there, and what a switch does can be a choice here.
            "text" if number => "number",
            "choice" if yes || choice => "checkbox",
            class => class,
        };
        out.push((path, class.to_owned()));
    }
    out
}

/// What differs on one line of the table.
fn differences(row: &Json) -> Vec<String> {
    let schema = row["page"].clone();
    let page = Page {
        title: String::new(),
        description: String::new(),
        when: None,
        schema,
    };
    let mut answers = Answers {
        parameters: row["data"].as_object().unwrap().clone(),
        ..Answers::new()
    };
    form::enter(&page, &mut answers);
    let mut out = Vec::new();
    let fields = form::fields(&page, &answers);
    let mut state = answers.parameters.clone();
    // Tags begin as a list once the picker stands; rjsf's own state does not know.
    for field in &fields {
        if matches!(field.kind, FieldKind::Tags(_)) && row["state"].pointer(&field.path).is_none() {
            state.shift_remove(&field.name);
        }
    }
    if !same(&Json::Object(state.clone()), &row["state"]) {
        out.push(format!(
            "state\n    ours   {}\n    theirs {}",
            Json::Object(state),
            row["state"]
        ));
        return out;
    }
    // Of a list whose items are named one by one, rjsf leaves out those that are not answered yet.
    let missing = |field: &Field| {
        let at = field.path.rsplit('/').next().unwrap_or_default();
        at.parse::<usize>().is_ok() && row["state"].pointer(&field.path).is_none()
    };
    let ours: Vec<(String, String)> = fields
        .iter()
        .filter(|field| !missing(field) && !matches!(field.kind, FieldKind::Items(_)))
        .map(|field| (field.path.clone(), class(&field.kind).to_owned()))
        .collect();
    let theirs = shown(&row["fields"], &fields);
    if ours != theirs {
        out.push(format!(
            "fields\n    ours   {ours:?}\n    theirs {theirs:?}"
        ));
    }
    let wrong: BTreeSet<&str> = row["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e[0].as_str().unwrap())
        .collect();
    let found = form::check(&page, &answers);
    if wrong.is_empty() != found.is_empty() && !own_rules(&fields) {
        out.push(format!(
            "errors\n    ours   {found:?}\n    theirs {}",
            row["errors"]
        ));
    }
    for path in wrong {
        let beside = found.iter().any(|error| {
            let error = error.path.trim_end_matches("/-");
            let inner = |outer: &str, inner: &str| {
                inner == outer || inner.starts_with(&format!("{outer}/"))
            };
            inner(error, path) || inner(path, error)
        });
        if !beside {
            out.push(format!(
                "error at {path}\n    ours   {found:?}\n    theirs {}",
                row["errors"]
            ));
        }
    }
    for error in row["errors"].as_array().unwrap() {
        let Some(path) = error[2].as_str().and(error[0].as_str()) else {
            continue;
        };
        let said = |own: &Json| {
            found
                .iter()
                .any(|found| Some(found.message.as_str()) == own.as_str())
        };
        let all = row["errors"].as_array().unwrap();
        if !all.iter().any(|other| other[0] == path && said(&other[2])) {
            out.push(format!("words {error}\n    ours   {found:?}"));
        }
    }
    out
}

/// Backstage's own fields are checked by rules that the table does not ask.
fn own_rules(fields: &[Field]) -> bool {
    fields.iter().any(|field| {
        matches!(
            field.kind,
            FieldKind::RepoUrl(_)
                | FieldKind::EntityName
                | FieldKind::Tags(_)
                | FieldKind::Entities(_)
        )
    })
}

#[test]
fn forms_are_what_backstage_makes_of_them() {
    let mut failed = String::new();
    let mut count = 0;
    let table = table();
    for line in table.lines() {
        let row: Json = serde_json::from_str(line).unwrap();
        let found = differences(&row);
        if !found.is_empty() {
            count += 1;
            if count > 10 {
                continue;
            }
            let _ = writeln!(failed, "\n{}\n  given {}", row["page"], row["data"]);
            for one in found {
                let _ = writeln!(failed, "  {one}");
            }
        }
    }
    assert!(
        count == 0,
        "{count} of {} differ:{failed}",
        table.lines().count()
    );
}

#[test]
fn what_was_given_is_kept_where_no_form_is_shown() {
    let page = Page {
        title: String::new(),
        description: String::new(),
        when: None,
        schema: serde_json::json!({"properties": {"size": {"enum": ["s", "m"], "default": "s"}, "n": {"default": 1}}}),
    };
    let mut answers = Answers {
        parameters: Map::from_iter([("size".to_owned(), "xl".into())]),
        ..Answers::new()
    };
    form::fill(&page, &mut answers);
    assert_eq!(answers.parameters["size"], "xl");
    assert_eq!(answers.parameters["n"], 1);
    assert_eq!(form::check(&page, &answers)[0].path, "/size");
}
