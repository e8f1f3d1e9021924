//! Values merged into a JSON or YAML file, as lodash's `mergeWith` does it.

use serde_json::{Map, Value as Json};

use crate::scaffolder::action::LogLevel;
use crate::scaffolder::action::yaml::{self as writer, Options};
use crate::scaffolder::js;

use super::{
    ActionError, Input, Outputs, Result, Task, output, place, read_json, read_one_yaml, read_yaml,
    text,
};

/// The indent of JSON where none is asked for.
const INDENT: usize = 2;
/// The widest indent that `JSON.stringify` makes.
const MAX_INDENT: usize = 10;

pub(in crate::scaffolder::action) fn merge_json(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let path = input.needed("path")?;
    let old = if task.workspace.exists(path)? {
        Some(text(task, path)?)
    } else {
        (task.log)(
            LogLevel::Info,
            &format!("The file {path} does not exist, creating it."),
        );
        None
    };
    let mut content = match &old {
        Some(old) => read_json(path, old)?,
        None => Map::new().into(),
    };
    let new = match input.values().get("content") {
        Some(Json::String(text)) => read_json("content", text)?,
        other => other.cloned().unwrap_or_default(),
    };
    let mut indent = INDENT;
    if input.flag("matchFileIndent", false)? {
        let old = old.ok_or_else(|| ActionError::Failed(format!("{path} does not exist")))?;
        match indent_of(&old) {
            0 => (task.log)(
                LogLevel::Info,
                "Failed to detect source file indentation, using default value of 2.",
            ),
            found => indent = found.min(MAX_INDENT),
        }
    }
    merge_with(&mut content, new, input.flag("mergeArrays", false)?);
    let text = js::stringify(&content, &" ".repeat(indent));
    task.workspace.overwrite(path, text.as_bytes())?;
    Ok(output("path", place(task, path)?))
}

pub(in crate::scaffolder::action) fn merge(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let path = input.needed("path")?;
    if !task.workspace.exists(path)? {
        return Err(ActionError::Failed(format!(
            "The file {path} does not exist."
        )));
    }
    let old = text(task, path)?;
    let lists = input.flag("mergeArrays", false)?;
    let given = input.values().get("content").cloned().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty());
    let merged = match extension.map(|(_, extension)| extension) {
        Some("json") => {
            let new = match given {
                Json::String(text) => read_json("content", &text)?,
                other => other,
            };
            let mut content = read_one_yaml(path, &old)?;
            merge_with(&mut content, new, lists);
            js::stringify(&content, "  ")
        }
        Some("yml" | "yaml") => {
            let new = match given {
                Json::String(text) => read_one_yaml("content", &text)?,
                other => other,
            };
            if input.flag("preserveYamlComments", false)? {
                (task.log)(
                    LogLevel::Warning,
                    &format!("{path} is written anew: its comments are not kept"),
                );
            }
            let documents = merge_documents(path, &old, &new, lists, input)?;
            let options = Options::new(input.get("options"));
            let documents: Vec<String> = documents
                .iter()
                .map(|document| writer::write(document, &options))
                .collect();
            documents.join("---\n")
        }
        _ => return Ok(Outputs::new()),
    };
    task.workspace.overwrite(path, merged.as_bytes())?;
    Ok(output("path", place(task, path)?))
}

/// The documents of `old` with `new` merged into the only one, or into those that hold the field that is asked for.
fn merge_documents(
    path: &str,
    old: &str,
    new: &Json,
    lists: bool,
    input: &Input<'_>,
) -> std::result::Result<Vec<Json>, ActionError> {
    let failed = |message: String| ActionError::Failed(message);
    let mut documents = read_yaml(path, old)?;
    if let [one] = &mut documents[..] {
        merge_with(one, new.clone(), lists);
        return Ok(documents);
    }
    if documents.is_empty() {
        return Err(failed(
            "No documents found in the input content. Please provide a valid YAML file.".to_owned(),
        ));
    }
    let field = |name: &str| {
        let field = input.get("useDocumentIncludingField");
        field
            .and_then(|field| field.get(name))
            .and_then(Json::as_str)
    };
    let (Some(key), Some(wanted)) = (field("key"), field("value")) else {
        return Err(failed(
            "Multiple documents found in the input content. Please provide a key and value to use to find the document to merge into."
                .to_owned(),
        ));
    };
    for document in &mut documents {
        let found = match document.get(key) {
            Some(Json::String(text)) => text.clone(),
            Some(Json::Number(number)) => js::number(number),
            _ => {
                return Err(failed(format!(
                    "The value at {key:?} defined in useDocumentIncludingField must be a string or a number."
                )));
            }
        };
        if found == wanted {
            merge_with(document, new.clone(), lists);
        }
    }
    Ok(documents)
}

/// `lodash.mergeWith(old, new, …)`: objects are merged, lists replaced or, with `lists`, joined without what is there.
fn merge_with(old: &mut Json, new: Json, lists: bool) {
    if !old.is_object() && !old.is_array() {
        *old = Map::new().into();
    }
    let (Json::Object(old), Json::Object(new)) = (old, new) else {
        return;
    };
    for (key, value) in new {
        let slot = old.entry(key).or_insert(Json::Null);
        match (slot, value) {
            (Json::Array(items), value) if lists => {
                let mut all = std::mem::take(items);
                match value {
                    Json::Array(values) => all.extend(values),
                    other => all.push(other),
                }
                for item in all {
                    if item.is_object() || item.is_array() || !items.contains(&item) {
                        items.push(item);
                    }
                }
            }
            (slot @ Json::Object(_), value @ Json::Object(_)) => merge_with(slot, value, lists),
            (slot, value) => *slot = value,
        }
    }
}

/// The most common step of indentation in `text`, as the npm package `detect-indent` 6 finds it; 0 if there is none.
fn indent_of(text: &str) -> usize {
    match count_indents(text, true) {
        0 => count_indents(text, false),
        found => found,
    }
}

fn count_indents(text: &str, skip_single: bool) -> usize {
    let mut counts: Vec<((char, usize), (usize, usize))> = Vec::new();
    let (mut before, mut kind_before, mut key) = (0, None, (' ', 0));
    for line in text.split('\n').filter(|line| !line.is_empty()) {
        let Some(kind) = line.chars().next().filter(|c| matches!(c, ' ' | '\t')) else {
            (before, kind_before) = (0, None);
            continue;
        };
        let indent = line.chars().take_while(|c| *c == kind).count();
        if skip_single && kind == ' ' && indent == 1 {
            continue;
        }
        if kind_before != Some(kind) {
            before = 0;
        }
        kind_before = Some(kind);
        let difference = indent.abs_diff(before);
        before = indent;
        let weight = usize::from(difference == 0);
        if difference > 0 {
            key = (kind, difference);
        }
        match counts.iter_mut().find(|(own, _)| *own == key) {
            Some((_, (used, weights))) => {
                *used += 1;
                *weights += weight;
            }
            None => counts.push((key, (1, 0))),
        }
    }
    let mut best = (0, (0, 0));
    for ((_, amount), count) in counts {
        if count > best.1 {
            best = (amount, count);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(mut old: Json, new: Json, lists: bool) -> Json {
        merge_with(&mut old, new, lists);
        old
    }

    #[test]
    fn values_are_merged_as_lodash_does() {
        let old = json!({"a": {"x": 1, "y": [1, 2]}, "l": ["p", {"q": 1}], "s": "t"});
        let new =
            json!({"a": {"y": [2, 3], "z": null}, "l": ["p", {"q": 1}], "s": {"n": 1}, "new": [1]});
        assert_eq!(
            merged(old.clone(), new.clone(), false),
            json!({"a": {"x": 1, "y": [2, 3], "z": null}, "l": ["p", {"q": 1}], "s": {"n": 1}, "new": [1]})
        );
        assert_eq!(
            merged(old, new, true),
            json!({"a": {"x": 1, "y": [1, 2, 3], "z": null}, "l": ["p", {"q": 1}, {"q": 1}], "s": {"n": 1}, "new": [1]})
        );
        assert_eq!(merged(Json::Null, json!({"a": 1}), false), json!({"a": 1}));
    }

    #[test]
    fn the_indent_of_a_file_is_found() {
        for (text, indent) in [
            ("{\n    \"a\": {\n        \"b\": 1\n    }\n}", 4),
            ("{\n\t\"a\": 1\n}", 1),
            ("{\n \"a\": 1\n}", 1),
            ("{}", 0),
        ] {
            assert_eq!(indent_of(text), indent, "{text:?}");
        }
    }
}
