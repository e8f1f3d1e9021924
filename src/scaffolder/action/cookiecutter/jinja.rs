//! Jinja as cookiecutter sets it up: strict about what is undefined, with its own filters and functions (`jsonify`, `slugify`,
//! `random_ascii_string`, `uuid4`, `{% now %}`), within bounds.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, FixedOffset};
use crypto_box::aead::OsRng;
use crypto_box::aead::rand_core::RngCore;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Kwargs;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};
use regex::{Captures, Regex};
use serde_json::{Map, Value as Json};

use crate::scaffolder::outside::{Content, File};

use super::slug::{self, Slug};

/// What one rendering may spend: a step costs one, and so do 64 bytes.
const FUEL: u64 = 4_000_000;
/// How long a random text may be.
const MAX_RANDOM: usize = 64 << 10;
/// How `now` writes a day if nobody says.
const DATE: &str = "%Y-%m-%d";
/// The extensions of Jinja that need not be loaded, or mean nothing where no text is translated.
const EXTENSIONS: &[&str] = &[
    "jinja2.ext.do",
    "jinja2.ext.loopcontrols",
    "jinja2.ext.autoescape",
    "jinja2.ext.with_",
    "jinja2_time.TimeExtension",
];

/// The tag `{% now 'utc', '%Y' %}`.
static NOW: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\{%([-+]?)\s*now\s+(.+?)\s*([-+]?)%\}").ok());

/// A renderer of texts.
pub(super) struct Jinja {
    environment: Environment<'static>,
    line_end: Option<String>,
}

impl Jinja {
    /// A renderer as the private variables of `raw` want it, which may include texts of `tree`. `now` is in seconds since 1970.
    pub(super) fn new(raw: &Map<String, Json>, tree: &[File], now: u64) -> Result<Self, String> {
        for name in raw
            .get("_extensions")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
        {
            let name = name.as_str().unwrap_or_default();
            if !EXTENSIONS.contains(&name) && !name.starts_with("cookiecutter.extensions.") {
                return Err(format!(
                    "the extension {name:?} is a program in Python, which is not run here; run the template where it is installed"
                ));
            }
        }
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment
            .set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.set_fuel(Some(FUEL));
        environment.set_debug(true);
        environment.set_syntax(syntax(raw)?);
        minijinja_contrib::add_to_environment(&mut environment);
        environment.add_filter("jsonify", jsonify);
        environment.add_filter("tojson", to_json);
        environment.add_filter("slugify", slugify);
        environment.add_filter("center", center);
        environment.add_filter("truncate", truncate);
        environment.add_filter("wordcount", |text: &str| words(text));
        environment.add_function("random_ascii_string", random_text);
        environment.add_function("uuid4", uuid);
        environment.add_function("now", move |zone: &str, format: Option<&str>| {
            date(now, zone, format.unwrap_or(DATE))
        });
        let texts = Arc::new(texts(tree));
        environment.set_loader(move |name| Ok(texts.get(name).cloned()));
        let line_end = raw.get("_new_lines").and_then(Json::as_str);
        Ok(Self {
            environment,
            line_end: line_end.filter(|end| !end.is_empty()).map(str::to_owned),
        })
    }

    /// Renders `text`, which is called `name`, with `names`; what is wrong names the line.
    pub(super) fn render(&self, name: &str, text: &str, names: &Value) -> Result<String, String> {
        let text = match &*NOW {
            Some(now) if text.contains("now") => now.replace_all(text, |tag: &Captures<'_>| {
                format!("{{{{{} now({}) {}}}}}", &tag[1], &tag[2], &tag[3])
            }),
            _ => text.into(),
        };
        let rendered = self.environment.render_named_str(name, &text, names);
        rendered.map_err(|error| said(name, &error))
    }

    /// The end of lines that `_new_lines` wants for all files.
    pub(super) fn line_end(&self) -> Option<&str> {
        self.line_end.as_deref()
    }
}

/// `value` as templates see it.
pub(super) fn value_of(value: Json) -> Value {
    serde_json::from_value(value).unwrap_or_default()
}

/// The delimiters and the rules about space (`_jinja2_env_vars`).
fn syntax(raw: &Map<String, Json>) -> Result<SyntaxConfig, String> {
    let vars = raw.get("_jinja2_env_vars");
    let get = |key: &str| vars.and_then(|vars| vars.get(key));
    let flag = |key: &str, default: bool| get(key).and_then(Json::as_bool).unwrap_or(default);
    let text = |key: &str, default: &str| {
        let text = get(key).and_then(Json::as_str);
        text.unwrap_or(default).to_owned()
    };
    // The folder that Backstage puts around the tree is called by an expression of its own.
    if text("variable_start_string", "{{") != "{{" || text("variable_end_string", "}}") != "}}" {
        return Err(
            "_jinja2_env_vars: expressions stand in {{ }} here, as in Backstage".to_owned(),
        );
    }
    let mut syntax = SyntaxConfig::builder();
    syntax
        .block_delimiters(
            text("block_start_string", "{%"),
            text("block_end_string", "%}"),
        )
        .comment_delimiters(
            text("comment_start_string", "{#"),
            text("comment_end_string", "#}"),
        )
        .trim_blocks(flag("trim_blocks", false))
        .lstrip_blocks(flag("lstrip_blocks", false))
        .keep_trailing_newline(flag("keep_trailing_newline", true));
    for (key, is_comment) in [
        ("line_statement_prefix", false),
        ("line_comment_prefix", true),
    ] {
        if let Some(prefix) = get(key).and_then(Json::as_str) {
            if is_comment {
                syntax.line_comment_prefix(prefix.to_owned());
            } else {
                syntax.line_statement_prefix(prefix.to_owned());
            }
        }
    }
    syntax
        .build()
        .map_err(|error| format!("_jinja2_env_vars: {error}"))
}

/// The texts of `tree`, which others may include.
fn texts(tree: &[File]) -> HashMap<String, String> {
    let text = |file: &File| match &file.content {
        Content::File { bytes, .. } => {
            let text = std::str::from_utf8(bytes).ok()?;
            Some((file.path.clone(), text.to_owned()))
        }
        _ => None,
    };
    tree.iter().filter_map(text).collect()
}

/// What is wrong, with the text and the line it is in.
fn said(name: &str, error: &Error) -> String {
    let place = error.name().unwrap_or(name);
    let line = error.line().unwrap_or(1);
    let kind = error.kind();
    match error.detail() {
        Some(detail) => format!("{place}, line {line}: {kind}: {detail}"),
        None => format!("{place}, line {line}: {kind}"),
    }
}

fn wrong(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, reason.into())
}

/// `value` as `json.dumps` of Python writes it, names sorted: on one line, or with `indent` spaces a level.
fn dumps(value: &Value, indent: Option<usize>) -> Result<String, Error> {
    let value = serde_json::to_value(value).map_err(|error| wrong(error.to_string()))?;
    let mut out = String::new();
    write_json(&value, indent, 0, &mut out);
    Ok(out)
}

fn write_json(value: &Json, indent: Option<usize>, depth: usize, out: &mut String) {
    let line = |depth: usize, out: &mut String| {
        if let Some(indent) = indent {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent * depth));
        }
    };
    let between = if indent.is_some() { "," } else { ", " };
    match value {
        Json::Array(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { between } else { "" });
                line(depth + 1, out);
                write_json(item, indent, depth + 1, out);
            }
            line(depth, out);
            out.push(']');
        }
        Json::Object(entries) if !entries.is_empty() => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (index, (name, value)) in sorted.into_iter().enumerate() {
                out.push_str(if index > 0 { between } else { "" });
                line(depth + 1, out);
                write_text(name, out);
                out.push_str(": ");
                write_json(value, indent, depth + 1, out);
            }
            line(depth, out);
            out.push('}');
        }
        Json::String(text) => write_text(text, out),
        value => out.push_str(&value.to_string()),
    }
}

/// A text in JSON, in ASCII alone.
fn write_text(text: &str, out: &mut String) {
    let quoted = Json::String(text.to_owned()).to_string();
    for c in quoted.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "minijinja hands it over so")]
fn jsonify(value: &Value, indent: Option<usize>, named: Kwargs) -> Result<String, Error> {
    let indent = named.get::<Option<usize>>("indent")?.or(indent);
    dumps(value, Some(indent.unwrap_or(4)))
}

/// Jinja's own: what HTML minds is escaped.
#[expect(clippy::needless_pass_by_value, reason = "minijinja hands it over so")]
fn to_json(value: &Value, indent: Option<usize>, named: Kwargs) -> Result<String, Error> {
    let indent = named.get::<Option<usize>>("indent")?.or(indent);
    let text = dumps(value, indent)?;
    let text = text.replace('<', "\\u003c").replace('>', "\\u003e");
    Ok(text.replace('&', "\\u0026").replace('\'', "\\u0027"))
}

#[expect(clippy::needless_pass_by_value, reason = "minijinja hands it over so")]
fn slugify(text: &Value, named: Kwargs) -> Result<String, Error> {
    let flag = |name: &str, default: bool| -> Result<bool, Error> {
        Ok(named.get::<Option<bool>>(name)?.unwrap_or(default))
    };
    let list = |name: &str| named.get::<Option<Vec<Value>>>(name);
    let pairs = list("replacements")?.unwrap_or_default();
    let pair = |pair: &Value| -> Result<(String, String), Error> {
        let at = |index: usize| -> Result<String, Error> {
            Ok(pair.get_item_by_index(index)?.to_string())
        };
        Ok((at(0)?, at(1)?))
    };
    let made = slug::slugify(
        &text.to_string(),
        &Slug {
            max_length: named.get::<Option<usize>>("max_length")?.unwrap_or(0),
            word_boundary: flag("word_boundary", false)?,
            save_order: flag("save_order", false)?,
            lowercase: flag("lowercase", true)?,
            allow_unicode: flag("allow_unicode", false)?,
            separator: named.get::<Option<String>>("separator")?,
            pattern: named.get::<Option<String>>("regex_pattern")?,
            stopwords: list("stopwords")?
                .unwrap_or_default()
                .iter()
                .map(Value::to_string)
                .collect(),
            replacements: pairs.iter().map(pair).collect::<Result<_, _>>()?,
        },
    );
    for ignored in ["entities", "decimal", "hexadecimal"] {
        named.get::<Option<Value>>(ignored)?;
    }
    named.assert_all_used()?;
    made.map_err(wrong)
}

/// Python's `str.center`: where the space is odd, more of it stands on the left if the width is odd.
fn center(text: &str, width: Option<usize>) -> String {
    let width = width.unwrap_or(80);
    let length = text.chars().count();
    let space = width.saturating_sub(length);
    let left = space / 2 + (space & width & 1);
    let (left, right) = (" ".repeat(left), " ".repeat(space - left));
    format!("{left}{text}{right}")
}

fn words(text: &str) -> usize {
    let mut is_inside = false;
    let mut count = 0;
    for c in text.chars() {
        let is_word = c.is_alphanumeric() || c == '_';
        count += usize::from(is_word && !is_inside);
        is_inside = is_word;
    }
    count
}

/// Jinja's `truncate`: at a word, unless `killwords`; what is longer by no more than `leeway` stays.
#[expect(clippy::needless_pass_by_value, reason = "minijinja hands it over so")]
fn truncate(
    text: &str,
    length: Option<usize>,
    killwords: Option<bool>,
    end: Option<String>,
    named: Kwargs,
) -> Result<String, Error> {
    let length = named
        .get::<Option<usize>>("length")?
        .or(length)
        .unwrap_or(255);
    let kills = named.get::<Option<bool>>("killwords")?.or(killwords);
    let end = named.get::<Option<String>>("end")?.or(end);
    let end = end.as_deref().unwrap_or("...");
    let leeway = named.get::<Option<usize>>("leeway")?.unwrap_or(5);
    if text.chars().count() <= length + leeway {
        return Ok(text.to_owned());
    }
    let room = length.saturating_sub(end.chars().count());
    let cut: String = text.chars().take(room).collect();
    let kept = match cut.rsplit_once(' ') {
        Some((kept, _)) if kills != Some(true) => kept,
        _ => &cut,
    };
    Ok(format!("{kept}{end}"))
}

#[expect(clippy::needless_pass_by_value, reason = "minijinja hands it over so")]
fn random_text(length: usize, punctuation: Option<bool>, named: Kwargs) -> Result<String, Error> {
    let punctuation = named.get::<Option<bool>>("punctuation")?.or(punctuation);
    if length > MAX_RANDOM {
        return Err(wrong(format!(
            "a random text is at most {MAX_RANDOM} letters long"
        )));
    }
    let is_wanted =
        |c: &char| c.is_ascii_alphabetic() || punctuation == Some(true) && c.is_ascii_punctuation();
    let letters: Vec<char> = ('!'..='~').filter(is_wanted).collect();
    let mut text = String::with_capacity(length);
    while text.len() < length {
        // Out of range is drawn again, so that each letter is as likely as any other.
        let drawn = (OsRng.next_u32() & 127) as usize;
        text.extend(letters.get(drawn));
    }
    Ok(text)
}

fn uuid() -> String {
    let mut bytes = [0_u8; 16];
    OsRng.fill_bytes(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ]
    .join("-")
}

/// `now`, in seconds since 1970, as `strftime` writes it in `zone`: `utc`, `local`, which is the same here, or `+02:00`.
fn date(now: u64, zone: &str, format: &str) -> Result<String, Error> {
    let offset = match zone.to_ascii_lowercase().as_str() {
        "utc" | "local" | "gmt" => FixedOffset::east_opt(0),
        zone => zone.parse().ok(),
    };
    let offset = offset.ok_or_else(|| {
        wrong(format!(
            "the time zone {zone:?} is not known; write utc, or +02:00"
        ))
    })?;
    let moment = i64::try_from(now)
        .ok()
        .and_then(|now| DateTime::from_timestamp(now, 0));
    let moment = moment.ok_or_else(|| wrong("it is no time that can be written"))?;
    let mut text = String::new();
    let moment = moment.with_timezone(&offset);
    write!(text, "{}", moment.format(format))
        .map_err(|_| wrong(format!("{format:?} is no format of a time")))?;
    Ok(text)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn render(text: &str) -> Result<String, String> {
        let jinja = Jinja::new(&Map::new(), &[], 1_700_000_000).unwrap();
        jinja.render("t", text, &value_of(serde_json::json!({"n": 1})))
    }

    #[test]
    fn times_and_chance_are_there() {
        assert_eq!(render("{% now 'utc', '%Y-%m' %}").unwrap(), "2023-11");
        assert_eq!(render("{%- now 'utc' -%}").unwrap(), "2023-11-14");
        assert_eq!(render("{% now '+02:00', '%H:%M' %}").unwrap(), "00:13");
        assert!(render("{% now 'Moon/Base' %}").is_err());
        assert_eq!(
            render("{{ random_ascii_string(12) | length }}").unwrap(),
            "12"
        );
        let id = render("{{ uuid4() }}").unwrap();
        assert!(id.len() == 36 && id.chars().nth(14) == Some('4'), "{id}");
        assert_ne!(render("{{ uuid4() }}").unwrap(), id);
    }

    #[test]
    fn what_would_go_on_for_ever_or_grow_for_ever_ends() {
        let grows = "{% set n = namespace(t='aaaaaaaa') %}{% for i in range(60) %}{% set n.t = n.t ~ n.t %}{% endfor %}";
        let wide =
            "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}";
        let deep = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
        for text in [grows, wide, deep, "{{ random_ascii_string(999999999) }}"] {
            assert!(render(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_names_the_line() {
        let error = render("a\n{{ missing }}").unwrap_err();
        assert!(error.starts_with("t, line 2: "), "{error}");
        let raw = serde_json::json!({"_extensions": ["acme.ext.Local"]});
        let refused = Jinja::new(raw.as_object().unwrap(), &[], 0).err().unwrap();
        assert!(refused.contains("acme.ext.Local"), "{refused}");
    }
}
