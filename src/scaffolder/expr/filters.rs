//! The filters behind `|`: which there are, and how their arguments are read. One file a subject below.

mod backstage;
mod data;
mod list;
mod text;
mod web;

use std::rc::Rc;

use super::convert::{to_number, to_text};
use super::eval::Arguments;
use super::fault::{Fault, Meter};
use super::value::Value;
use super::{Engine, Options};

/// The names of all filters.
pub(super) const NAMES: &[&str] = &[
    "abs",
    "batch",
    "capitalize",
    "center",
    "d",
    "default",
    "dictsort",
    "dump",
    "e",
    "escape",
    "first",
    "float",
    "forceescape",
    "groupby",
    "indent",
    "int",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "nl2br",
    "parseEntityRef",
    "parseRepoUrl",
    "pick",
    "projectSlug",
    "random",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "string",
    "striptags",
    "sum",
    "title",
    "trim",
    "truncate",
    "upper",
    "urlencode",
    "urlize",
    "wordcount",
];

type Result = std::result::Result<Value, Fault>;

/// A filter's input and arguments.
struct Input<'a> {
    value: &'a Value,
    args: &'a [Value],
    options: Options,
    meter: &'a Meter,
}

impl Input<'_> {
    /// Whether the older engine is followed.
    fn older(&self) -> bool {
        self.options.engine == Engine::Legacy
    }

    fn arg(&self, index: usize) -> &Value {
        self.args.get(index).unwrap_or(&Value::Undefined)
    }

    /// The argument as a number, `default` where it is missing or falsy.
    fn number(&self, index: usize, default: f64) -> std::result::Result<f64, Fault> {
        match self.arg(index) {
            value if value.truthy() => to_number(value, self.meter),
            _ => Ok(default),
        }
    }

    /// The argument as text, `default` where it is missing or falsy.
    fn text_arg(&self, index: usize, default: &str) -> std::result::Result<Rc<str>, Fault> {
        match self.arg(index) {
            value if value.truthy() => to_text(value, self.meter),
            _ => Ok(default.into()),
        }
    }

    /// The input as text; nothing and false are empty.
    fn text(&self) -> std::result::Result<Rc<str>, Fault> {
        match self.value {
            Value::Undefined | Value::Null | Value::Bool(false) => Ok("".into()),
            value => value
                .as_text()
                .cloned()
                .ok_or_else(|| Fault::new("Filter input must be a string")),
        }
    }

    /// `text`, safe if the input is.
    fn like_input(&self, text: String) -> Value {
        match self.value {
            Value::Safe(_) => Value::Safe(text.into()),
            _ => text.into(),
        }
    }
}

/// Which arguments of a filter may be given by name; in nunjucks only these are, all others get an object of them.
fn named(filter: &str) -> &'static [&'static str] {
    match filter {
        "int" => &["default", "base"],
        "sort" => &["reverse", "case_sensitive", "attribute"],
        _ => &[],
    }
}

/// Applies the filter `name` to `value`.
pub(super) fn apply(
    name: &str,
    value: &Value,
    args: Arguments,
    options: Options,
    meter: &Meter,
) -> Result {
    let mut positional = args.positional;
    let older = options.engine == Engine::Legacy;
    if (positional.iter().chain([value])).any(|v| matches!(v, Value::Function(_)))
        && !(older && name == "dump")
    {
        return Err(Fault::new("Callable values cannot be filtered"));
    }
    if !args.keyword.is_empty() {
        let names = named(name);
        if !older && backstage::NAMES.contains(&name) {
            let message = format!("Registered filter {name} does not accept keyword arguments");
            return Err(Fault(message));
        }
        if names.is_empty() {
            let marker = ("__keywords".into(), Value::Bool(true));
            positional.push(Value::object(args.keyword.into_iter().chain([marker])));
        } else {
            positional.resize(names.len().max(positional.len()), Value::Undefined);
            for (key, value) in args.keyword {
                if let Some(at) = names.iter().position(|name| *name == &*key) {
                    positional[at] = value;
                }
            }
        }
    }
    let input = Input {
        value,
        args: &positional,
        options,
        meter,
    };
    let builtin = builtin(name, &input).map(|result| {
        result.map_err(|Fault(message)| {
            let kind = value.kind();
            Fault(format!(
                "Filter {name:?} failed for {kind} input: {message}"
            ))
        })
    });
    builtin
        .or_else(|| {
            // Cookiecutter templates of the older engine have only nunjucks' own.
            if input.older() && options.cookiecutter {
                return None;
            }
            backstage::apply(name, &input).map(|result| {
                result.map_err(|Fault(message)| {
                    Fault(format!("Template filter {name:?} failed: {message}"))
                })
            })
        })
        .unwrap_or_else(|| Err(Fault(format!("Unknown template filter {name:?}"))))
}

fn builtin(name: &str, input: &Input<'_>) -> Option<Result> {
    Some(match name {
        "abs" => data::abs(input),
        "default" | "d" => Ok(data::default(input)),
        "dump" => data::dump(input),
        "float" => data::float(input),
        "int" => data::int(input),
        "length" => Ok(data::length(input)),
        "round" => data::round(input),
        "string" => data::string(input),
        "dictsort" => data::dictsort(input),
        "batch" => list::batch(input),
        "first" => list::edge(input, false),
        "last" => list::edge(input, true),
        "random" => list::random(input),
        "groupby" => list::groupby(input),
        "join" => list::join(input),
        "list" => list::list(input),
        "reverse" => Ok(list::reverse(input)),
        "select" => list::select(input, true),
        "reject" => list::select(input, false),
        "selectattr" => list::select_attribute(input, true),
        "rejectattr" => list::select_attribute(input, false),
        "slice" => list::slice(input),
        "sort" => list::sort(input),
        "sum" => list::sum(input),
        "capitalize" => text::capitalize(input),
        "center" => text::center(input),
        "indent" => text::indent(input),
        "lower" => text::lower(input),
        "upper" => text::upper(input),
        "replace" => text::replace(input),
        "title" => text::title(input),
        "trim" => text::trim(input),
        "truncate" => text::truncate(input),
        "wordcount" => text::wordcount(input),
        "escape" | "e" => web::escape(input, false),
        "forceescape" => web::escape(input, true),
        "safe" => web::safe(input),
        "nl2br" => web::nl2br(input),
        "striptags" => web::striptags(input),
        "urlencode" => web::urlencode(input),
        "urlize" => web::urlize(input),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_filters() {
        for name in NAMES.iter().chain(&["no_such_filter"]) {
            let result = apply(
                name,
                &Value::Undefined,
                Arguments::default(),
                Options::default(),
                &Meter::default(),
            );
            let unknown = matches!(result, Err(Fault(message)) if message.starts_with("Unknown template filter"));
            assert_eq!(unknown, *name == "no_such_filter", "{name}");
        }
    }
}
