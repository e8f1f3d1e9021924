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

/// A filter that a template names.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    Known(&'static Known),
    Unknown(Rc<str>),
}

/// A filter that there is.
#[derive(Debug)]
pub(super) struct Known {
    name: &'static str,
    run: fn(&Input<'_>) -> Result,
    /// Whether it is one of those that Backstage adds to nunjucks' own.
    added: bool,
}

const fn nunjucks(name: &'static str, run: fn(&Input<'_>) -> Result) -> Known {
    let added = false;
    Known { name, run, added }
}

const fn backstage(name: &'static str, run: fn(&Input<'_>) -> Result) -> Known {
    let added = true;
    Known { name, run, added }
}

/// All filters, by name.
static FILTERS: [Known; 47] = [
    nunjucks("abs", data::abs),
    nunjucks("batch", list::batch),
    nunjucks("capitalize", text::capitalize),
    nunjucks("center", text::center),
    nunjucks("d", |input| Ok(data::default(input))),
    nunjucks("default", |input| Ok(data::default(input))),
    nunjucks("dictsort", data::dictsort),
    nunjucks("dump", data::dump),
    nunjucks("e", |input| web::escape(input, false)),
    nunjucks("escape", |input| web::escape(input, false)),
    nunjucks("first", |input| list::edge(input, false)),
    nunjucks("float", data::float),
    nunjucks("forceescape", |input| web::escape(input, true)),
    nunjucks("groupby", list::groupby),
    nunjucks("indent", text::indent),
    nunjucks("int", data::int),
    nunjucks("join", list::join),
    nunjucks("last", |input| list::edge(input, true)),
    nunjucks("length", |input| Ok(data::length(input))),
    nunjucks("list", list::list),
    nunjucks("lower", text::lower),
    nunjucks("nl2br", web::nl2br),
    backstage("parseEntityRef", backstage::entity_ref),
    backstage("parseRepoUrl", backstage::repo_url),
    backstage("pick", backstage::pick),
    backstage("projectSlug", backstage::project_slug),
    nunjucks("random", list::random),
    nunjucks("reject", |input| list::select(input, false)),
    nunjucks("rejectattr", |input| list::select_attribute(input, false)),
    nunjucks("replace", text::replace),
    nunjucks("reverse", |input| Ok(list::reverse(input))),
    nunjucks("round", data::round),
    nunjucks("safe", web::safe),
    nunjucks("select", |input| list::select(input, true)),
    nunjucks("selectattr", |input| list::select_attribute(input, true)),
    nunjucks("slice", list::slice),
    nunjucks("sort", list::sort),
    nunjucks("string", data::string),
    nunjucks("striptags", web::striptags),
    nunjucks("sum", list::sum),
    nunjucks("title", text::title),
    nunjucks("trim", text::trim),
    nunjucks("truncate", text::truncate),
    nunjucks("upper", text::upper),
    nunjucks("urlencode", web::urlencode),
    nunjucks("urlize", web::urlize),
    nunjucks("wordcount", text::wordcount),
];

/// The names of all filters.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILTERS.iter().map(|known| known.name)
}

impl Filter {
    /// The filter `name`.
    pub(super) fn named(name: &str, options: Options) -> Self {
        let wanted = match name {
            "jsonify" if options.cookiecutter => "dump",
            name => name,
        };
        // Cookiecutter templates of the older engine have only nunjucks' own.
        let all = !(options.cookiecutter && options.engine == Engine::Legacy);
        FILTERS
            .binary_search_by(|known| known.name.cmp(wanted))
            .ok()
            .and_then(|at| FILTERS.get(at))
            .filter(|known| all || !known.added)
            .map_or_else(|| Self::Unknown(wanted.into()), Self::Known)
    }

    /// What it is called.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Known(known) => known.name,
            Self::Unknown(name) => name,
        }
    }
}

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

/// Applies `filter` to `value`.
pub(super) fn apply(
    filter: &Filter,
    value: &Value,
    args: Arguments,
    options: Options,
    meter: &Meter,
) -> Result {
    let mut positional = args.positional;
    let older = options.engine == Engine::Legacy;
    if (positional.iter().chain([value])).any(|v| matches!(v, Value::Function(_)))
        && !(older && filter.name() == "dump")
    {
        return Err(Fault::new("Callable values cannot be filtered"));
    }
    let known = match filter {
        Filter::Known(known) => *known,
        Filter::Unknown(name) => return Err(Fault(format!("Unknown template filter {name:?}"))),
    };
    let name = known.name;
    meter.reads(value)?;
    if !args.keyword.is_empty() {
        let names = named(name);
        if !older && known.added {
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
    (known.run)(&input).map_err(|Fault(message)| {
        if known.added {
            return Fault(format!("Template filter {name:?} failed: {message}"));
        }
        let kind = value.kind();
        Fault(format!(
            "Filter {name:?} failed for {kind} input: {message}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_are_found_by_their_names() {
        assert!(FILTERS.is_sorted_by_key(|known| known.name));
        for name in names() {
            assert_eq!(Filter::named(name, Options::default()).name(), name);
        }
        let unknown = Filter::named("no_such_filter", Options::default());
        assert!(matches!(unknown, Filter::Unknown(_)));
    }
}
