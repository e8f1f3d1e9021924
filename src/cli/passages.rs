//! Places in docs that were found, printed: for `find` and for `docs --find`.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::console::Console;
use super::style::Ink;
use crate::catalog::text;
use crate::store::DocHit;

/// A place as data.
pub(super) fn value(hit: &DocHit) -> Value {
    json!({
        "ref": hit.entity.to_string(),
        "field": "docs",
        "page": hit.path,
        "title": hit.title,
        "heading": hit.heading,
        "anchor": hit.anchor,
        "snippet": hit.snippet.replace(['\u{2}', '\u{3}'], ""),
    })
}

/// Prints places, a line each; with `snippets` the words around what matched below it.
pub(super) fn write(hits: &[DocHit], snippets: bool, console: &mut Console) -> io::Result<()> {
    for hit in hits {
        let entity = console.paint(Ink::Bold, &hit.entity.to_string());
        let mut place = vec![hit.title.as_str()];
        if hit.heading != hit.title {
            place.push(&hit.heading);
        }
        place.retain(|part| !part.is_empty());
        let place = text::one_line(&place.join(" › "));
        let page = console.paint(Ink::Dim, &hit.path);
        writeln!(console.out, "{entity}  {place}  {page}")?;
        if snippets {
            writeln!(console.out, "    {}", marked(&hit.snippet, console))?;
        }
    }
    Ok(())
}

/// A snippet with its matches in colour.
fn marked(snippet: &str, console: &Console) -> String {
    let plain = |part: &str| text::clean(part).replace('\n', " ");
    snippet
        .split('\u{2}')
        .map(|part| match part.split_once('\u{3}') {
            Some((matched, rest)) => {
                let matched = console.paint(Ink::Accent, &text::clean(matched));
                matched + &plain(rest)
            }
            None => plain(part),
        })
        .collect()
}
