//! The variables of a cookiecutter, from what is written to what templates see (`prompt_for_config` of cookiecutter with
//! `--no-input`): defaults are templates over the variables before them, a list is a choice of which the first counts.

use minijinja::Value;
use serde_json::{Map, Value as Json, json};

use super::jinja::{Jinja, value_of};

/// What templates see: `cookiecutter`, and `_cookiecutter` as it was written. `url` is where the tree came from.
pub(super) fn settle(raw: Map<String, Json>, jinja: &Jinja, url: &str) -> Result<Value, String> {
    let raw: Map<String, Json> = raw
        .into_iter()
        .map(|(name, value)| (name, as_node_writes(value)))
        .collect();
    if raw.contains_key("template") || raw.contains_key("templates") {
        return Err(
            "a variable called template or templates makes a choice of cookiecutters, which is not supported"
                .to_owned(),
        );
    }
    let public = raw.iter().filter(|(name, _)| !name.starts_with('_'));
    let written: Map<String, Json> = public
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut settled = Map::new();
    let is_private = |name: &str| name.starts_with('_') && !name.starts_with("__");
    for (name, value) in raw.iter().filter(|(name, _)| *name != "__prompts__") {
        let value = match value {
            value if is_private(name) => value.clone(),
            Json::Object(_) if !name.starts_with("__") => continue,
            Json::Array(choices) if !name.starts_with("__") => {
                let choices = choices
                    .iter()
                    .map(|choice| render(choice, name, jinja, &settled));
                let choices: Vec<Json> = choices.collect::<Result<_, _>>()?;
                let first = choices.into_iter().next();
                first.ok_or_else(|| format!("{name}: the list of choices is empty"))?
            }
            value => render(value, name, jinja, &settled)?,
        };
        settled.insert(name.clone(), value);
    }
    // What holds names and values of its own may refer to any of the others.
    for (name, value) in &raw {
        if value.is_object() && !is_private(name) && name != "__prompts__" {
            let value = render(value, name, jinja, &settled)?;
            settled.insert(name.clone(), value);
        }
    }
    // As they are written, not as they were settled: `update` of a dict keeps its places.
    let mut all: Map<String, Json> = raw
        .iter()
        .filter_map(|(name, _)| Some((name.clone(), settled.get(name)?.clone())))
        .collect();
    for (name, value) in [
        ("_template", json!(url)),
        ("_output_dir", json!(".")),
        ("_repo_dir", json!(url)),
        ("_checkout", Json::Null),
    ] {
        all.insert(name.to_owned(), value);
    }
    let names = json!({ "cookiecutter": all, "_cookiecutter": written });
    Ok(value_of(names))
}

/// `value` rendered over the variables that are `settled` (`render_variable`): what is no text becomes one, but for truth
/// values and nothing.
fn render(
    value: &Json,
    name: &str,
    jinja: &Jinja,
    settled: &Map<String, Json>,
) -> Result<Json, String> {
    let text = |text: &str| -> Result<String, String> {
        let names = value_of(json!({ "cookiecutter": settled }));
        let place = format!("the variable {name}");
        jinja.render(&place, text, &names)
    };
    match value {
        Json::Null | Json::Bool(_) => Ok(value.clone()),
        Json::String(written) => Ok(text(written)?.into()),
        Json::Number(number) => Ok(number.to_string().into()),
        Json::Array(items) => items
            .iter()
            .map(|item| render(item, name, jinja, settled))
            .collect(),
        Json::Object(entries) => entries
            .iter()
            .map(|(key, value)| Ok((text(key)?, render(value, name, jinja, settled)?)))
            .collect(),
    }
}

/// `value` as it is once JavaScript wrote it as JSON and Python read it: whole numbers have no point.
fn as_node_writes(value: Json) -> Json {
    match value {
        Json::Number(number) => {
            let whole = number.as_f64().filter(|it| {
                number.is_f64() && it.fract() == 0.0 && it.abs() < 9_007_199_254_740_992.0
            });
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and fits")]
            whole.map_or(Json::Number(number), |whole| (whole as i64).into())
        }
        Json::Array(items) => items.into_iter().map(as_node_writes).collect(),
        Json::Object(entries) => entries
            .into_iter()
            .map(|(key, value)| (key, as_node_writes(value)))
            .collect(),
        value => value,
    }
}
