//! JSONata over inputs and files.

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::parser;
use jsonata_core::value::JValue;
use serde_json::{Map, Value as Json};

use crate::scaffolder::action::yaml::{self as writer, Options};
use crate::scaffolder::js;

use super::serialize::indent;
use super::{
    ActionError, Input, Outputs, Result, Task, output, read_json, read_one_yaml, read_yaml, text,
};

/// The longest that an expression may take, in milliseconds.
const MAX_TIME: u64 = 10_000;
/// The deepest that it may call itself.
const MAX_STACK: usize = 2_000;
/// The longest list that it may make on its way.
const MAX_LIST: usize = 1_000_000;

pub(in crate::scaffolder::action) fn evaluate(_: &mut Task<'_>, input: &Input<'_>) -> Result {
    let result = run(input.needed("expression")?, input.values().get("data"));
    let result = result.map_err(|message| {
        ActionError::Failed(format!(
            "JSONata failed to evaluate the expression: {message}"
        ))
    })?;
    Ok(result.map_or_else(Outputs::new, |result| output("result", result)))
}

pub(in crate::scaffolder::action) fn transform_json(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result {
    let path = input.needed("path")?;
    let data = read_json(path, &text(task, path)?)?;
    let only = input.texts("replacer")?;
    let indent = indent(input.text("space")?);
    transform(input, &data, |result| {
        if input.get("replacer").is_some() {
            js::stringify_only(result, &only, &indent)
        } else {
            js::stringify(result, &indent)
        }
    })
}

pub(in crate::scaffolder::action) fn transform_yaml(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result {
    let path = input.needed("path")?;
    let text = text(task, path)?;
    let data = if input.flag("loadAll", false)? {
        read_yaml(path, &text)?.into()
    } else {
        read_one_yaml(path, &text)?
    };
    let options = Options::new(input.get("options"));
    transform(input, &data, |result| writer::write(result, &options))
}

/// The expression of `input` over `data`: as it is, or as the text that `write` makes of it.
fn transform(input: &Input<'_>, data: &Json, write: impl Fn(&Json) -> String) -> Result {
    let result = run(input.needed("expression")?, Some(data)).map_err(ActionError::Failed)?;
    let Some(result) = result else {
        return Ok(Outputs::new());
    };
    let result = if input.text("as")? == Some("object") {
        result
    } else {
        write(&result).into()
    };
    Ok(output("result", result))
}

/// The value of `expression` over `data`; `None` is undefined. The error names JSONata's code for it.
fn run(expression: &str, data: Option<&Json>) -> std::result::Result<Option<Json>, String> {
    let tree = parser::parse(expression).map_err(|error| error.display_message())?;
    let data = match data {
        Some(data) => serde_json::from_value(data.clone()).map_err(|error| error.to_string())?,
        None => JValue::Undefined,
    };
    let options = EvaluatorOptions {
        timeout_ms: Some(MAX_TIME),
        max_stack_depth: Some(MAX_STACK),
        max_sequence_length: Some(MAX_LIST),
        ..EvaluatorOptions::default()
    };
    let mut evaluator = Evaluator::with_options(Context::new(), options);
    let result = evaluator.evaluate(&tree, &data);
    let result = result.map_err(|error| error.message().to_owned())?;
    Ok(to_json(&result))
}

/// `value` as `JSON.stringify` sees it: functions are left out.
fn to_json(value: &JValue) -> Option<Json> {
    Some(match value {
        JValue::Null => Json::Null,
        JValue::Bool(value) => (*value).into(),
        JValue::Number(number) => js::json_number(*number),
        JValue::String(text) => (&**text).into(),
        JValue::Array(_) => {
            let items = value.as_array()?.iter();
            items
                .map(|item| to_json(item).unwrap_or_default())
                .collect()
        }
        JValue::Object(_) => {
            let pairs = value.as_object()?.iter();
            let pairs = pairs.filter_map(|(key, value)| Some((key.clone(), to_json(value)?)));
            Json::Object(pairs.collect::<Map<_, _>>())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn expressions_are_evaluated() {
        let data = json!({"a": [{"n": 1, "ok": true}, {"n": 2.5, "ok": false}], "s": "x"});
        for (expression, wanted) in [
            ("$sum(a.n)", Some(json!(3.5))),
            ("a[ok].n", Some(json!(1))),
            ("a.n", Some(json!([1, 2.5]))),
            (
                "{'k': s & '!', 'all': $map(a, function($v) { $v.n * 2 })}",
                Some(json!({"k": "x!", "all": [2, 5]})),
            ),
            ("nothing.here", None),
        ] {
            assert_eq!(run(expression, Some(&data)), Ok(wanted), "{expression}");
        }
    }

    #[test]
    fn what_does_not_end_is_stopped() {
        for expression in [
            "($f := function($n) { 1 + $f($n + 1) }; $f(0))",
            "$sum([1..100000000])",
            "a[",
            "$nope()",
        ] {
            assert!(run(expression, None).is_err(), "{expression}");
        }
    }
}
