//! Reading what hosts answer: text cleaned and bounded, times as seconds, lists without what is missing in them, and for
//! each panel the error that belongs to it.

use std::time::SystemTime;

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use crate::catalog::facts::{Fact, Listed, Outcome, Topic};
use crate::catalog::text::one_line;
use crate::host::HostError;
use crate::host::http::date;

/// The longest text of a fact, in graphemes.
const LONGEST: usize = 300;
/// The most items of a list.
const MOST: usize = 100;

/// The text at `path` of `value` (a JSON pointer), on one line; empty where there is none.
pub(in crate::host) fn text(value: &Value, path: &str) -> String {
    let text = value.pointer(path).and_then(Value::as_str);
    first_graphemes(&one_line(text.unwrap_or_default()), LONGEST)
}

/// The first line of the text at `path`.
pub(in crate::host) fn first_line(value: &Value, path: &str) -> String {
    let whole = value.pointer(path).and_then(Value::as_str);
    let first = whole.unwrap_or_default().trim_start().lines().next();
    first_graphemes(&one_line(first.unwrap_or_default()), LONGEST)
}

/// The first `count` graphemes of `text`.
pub(in crate::host) fn first_graphemes(text: &str, count: usize) -> String {
    text.graphemes(true).take(count).collect()
}

/// The number at `path`, whether it is written as one or as text.
pub(in crate::host) fn number(value: &Value, path: &str) -> Option<u64> {
    let found = value.pointer(path)?;
    found.as_u64().or_else(|| found.as_str()?.parse().ok())
}

/// Whether `true` stands at `path`.
pub(in crate::host) fn is(value: &Value, path: &str) -> bool {
    value.pointer(path).and_then(Value::as_bool) == Some(true)
}

/// The moment at `path`, in seconds since 1970.
pub(in crate::host) fn time(value: &Value, path: &str) -> Option<u64> {
    let moment = date::parse_iso(value.pointer(path)?.as_str()?)?;
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(since.as_secs())
}

/// The web address at `path`; empty where there is none, or it is not of the web.
pub(in crate::host) fn link(value: &Value, path: &str) -> String {
    let text = value.pointer(path).and_then(Value::as_str);
    let url = text.and_then(|text| Url::parse(text).ok());
    let web = url.filter(|url| matches!(url.scheme(), "https" | "http"));
    web.map(String::from).unwrap_or_default()
}

/// The items of the list at `path`, without those that are missing.
pub(in crate::host) fn every<'a>(value: &'a Value, path: &str) -> impl Iterator<Item = &'a Value> {
    let list = value.pointer(path).and_then(Value::as_array);
    list.into_iter().flatten().filter(|item| !item.is_null())
}

/// The first of them.
pub(in crate::host) fn items<'a>(value: &'a Value, path: &str) -> impl Iterator<Item = &'a Value> {
    every(value, path).take(MOST)
}

/// The texts at `path` of each item of the list at `list`.
pub(in crate::host) fn strings(value: &Value, list: &str, path: &str) -> Vec<String> {
    items(value, list).map(|item| text(item, path)).collect()
}

/// A list whose page is `url`, with its number where the host tells that.
pub(in crate::host) fn listed<T>(
    items: impl Iterator<Item = T>,
    total: Option<u64>,
    url: String,
) -> Listed<T> {
    Listed {
        items: items.collect(),
        total,
        url,
        off: None,
    }
}

/// A list in which nothing can be, and why: it is switched off.
pub(in crate::host) fn off<T>(why: &str) -> Listed<T> {
    Listed {
        off: Some(why.to_owned()),
        ..listed([].into_iter(), Some(0), String::new())
    }
}

/// What `read` makes of the answer on `topic`, or why there is none; `needs` is what a token has to have for it.
pub(in crate::host) fn told<A, T>(
    answer: Result<A, HostError>,
    topic: Topic,
    needs: &str,
    read: impl FnOnce(A) -> T,
) -> Fact<T> {
    match answer {
        Ok(answer) => Fact::Known(read(answer)),
        Err(error) => Fact::withheld(refused(&error, topic, needs)),
    }
}

/// Why a panel is missing, in words: a host that shows the repository and not what is in it wants a token that `needs` more.
pub(in crate::host) fn refused(error: &HostError, topic: Topic, needs: &str) -> String {
    match error {
        HostError::NotSignedIn { .. } | HostError::NotFound { .. } => {
            let noun = topic.noun();
            format!("your token may not read {noun}: it needs {needs}")
        }
        error => error.to_string(),
    }
}

/// What several checks come to: what failed counts most, then what goes on, then what passed. Nothing where there are none.
pub(in crate::host) fn together(outcomes: impl IntoIterator<Item = Outcome>) -> Option<Outcome> {
    let weight = |outcome: &Outcome| match outcome {
        Outcome::Failed => 5,
        Outcome::Waiting => 4,
        Outcome::Running => 3,
        Outcome::Passed => 2,
        Outcome::Stopped => 1,
        Outcome::Unknown => 0,
    };
    outcomes.into_iter().max_by_key(weight)
}

/// Seconds from one moment to a later one.
pub(in crate::host) fn spread(from: Option<u64>, to: Option<u64>) -> Option<u64> {
    to?.checked_sub(from?)
}

/// The errors beside the data of a query, each as the place in the data that is missing because of it, and the reason.
#[derive(Debug, Default)]
pub(in crate::host) struct Errors(Vec<(Vec<Value>, String)>);

impl Errors {
    /// The errors with their reasons in words.
    pub(in crate::host) fn new(errors: impl IntoIterator<Item = (Vec<Value>, String)>) -> Self {
        Self(errors.into_iter().collect())
    }

    /// What `read` makes of the `field` of `object`; withheld where that is missing because of an error, because
    /// it was `left_out` of the query, or, where a reason for that is given, because it is `null`.
    pub(in crate::host) fn fact<T>(
        &self,
        object: &Value,
        field: &str,
        left_out: &str,
        null: Option<&str>,
        read: impl FnOnce(&Value) -> T,
    ) -> Fact<T> {
        let Some(value) = object.get(field) else {
            return Fact::withheld(left_out);
        };
        if !value.is_null() {
            return Fact::Known(read(value));
        }
        let is_of = |path: &[Value]| path.get(1).and_then(Value::as_str) == Some(field);
        let error = self.0.iter().find(|(path, _)| is_of(path));
        match error.map(|(_, reason)| reason.as_str()).or(null) {
            Some(reason) => Fact::withheld(reason),
            None => Fact::Known(read(value)),
        }
    }
}

/// `query` without the fragment `name`: neither its text nor its mention. `None` where there is no such fragment.
pub(in crate::host) fn without(query: &str, name: &str) -> Option<String> {
    let head = format!("fragment {name} on ");
    let start = query.find(&head)?;
    let (before, rest) = query.split_at_checked(start)?;
    let after = rest.find("\nfragment ").and_then(|end| rest.get(end + 1..));
    let mention = format!("...{name}\n");
    Some(before.replacen(&mention, "", 1) + after.unwrap_or_default())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_hosts_write_is_made_harmless() {
        let value = json!({
            "a": "x\u{1b}[31m\n y", "t": "2026-03-01T12:00:00.123Z", "n": "7", "m": 8,
            "u": "javascript:alert(1)", "w": "https://h.dev/x\u{202e}", "l": [null, { "s": "é" }],
        });
        assert_eq!(text(&value, "/a"), "x[31m y");
        assert_eq!(text(&value, "/missing"), "");
        assert_eq!(time(&value, "/t"), Some(1_772_366_400));
        assert_eq!(
            (number(&value, "/n"), number(&value, "/m")),
            (Some(7), Some(8))
        );
        assert_eq!(link(&value, "/u"), "");
        assert_eq!(link(&value, "/w"), "https://h.dev/x%E2%80%AE");
        assert_eq!(strings(&value, "/l", "/s"), ["é"]);
        let long = json!({ "a": "é".repeat(10_000) });
        assert_eq!(text(&long, "/a").chars().count(), LONGEST);
    }

    #[test]
    fn an_error_belongs_to_the_panel_that_misses_something() {
        let errors = Errors::new([
            (vec![json!("repository"), json!("alerts")], "no".to_owned()),
            (
                vec![
                    json!("repository"),
                    json!("pulls"),
                    json!("nodes"),
                    json!(0),
                ],
                "one".to_owned(),
            ),
        ]);
        let data = json!({ "alerts": null, "pulls": { "nodes": [null, 1] }, "languages": null });
        let panel = |field, null| errors.fact(&data, field, "left out", null, |it| !it.is_null());
        assert_eq!(panel("alerts", Some("null")), Fact::withheld("no"));
        assert_eq!(panel("pulls", None), Fact::Known(true));
        assert_eq!(panel("languages", None), Fact::Known(false));
        assert_eq!(panel("languages", Some("null")), Fact::withheld("null"));
        assert_eq!(panel("environments", None), Fact::withheld("left out"));
    }

    #[test]
    fn a_fragment_is_left_out_whole() {
        let query = "query Q {\n  r {\n    ...A\n    ...B\n  }\n}\nfragment A on R {\n  a\n}\nfragment B on R {\n  b\n}\n";
        let expected = "query Q {\n  r {\n        ...B\n  }\n}\nfragment B on R {\n  b\n}\n";
        assert_eq!(without(query, "A").unwrap(), expected);
        let expected = "query Q {\n  r {\n    ...A\n      }\n}\nfragment A on R {\n  a\n}\n";
        assert_eq!(without(query, "B").unwrap(), expected);
        assert_eq!(without(query, "C"), None);
    }
}
