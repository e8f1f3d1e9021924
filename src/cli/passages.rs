//! What the texts say, printed: operations of APIs, places in docs and pages of other sources for `find`, places in docs for
//! `docs --find`.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::console::Console;
use super::style::Ink;
use crate::catalog::text;
use crate::store::{DocHit, ElsewhereHit, OperationHit, Store, StoreError};

/// What the texts say of some words.
pub(super) struct Texts {
    operations: Vec<OperationHit>,
    docs: Vec<DocHit>,
    elsewhere: Vec<ElsewhereHit>,
}

impl Texts {
    /// The best that have all of `words`, in the finder's order, at most `room` of all.
    pub(super) fn find(store: &Store, words: &str, room: usize) -> Result<Self, StoreError> {
        let operations = store.search_operations(words, room)?;
        let room = room - operations.len();
        let docs = store.search_docs(words, None, room)?;
        let elsewhere = store.search_elsewhere(words, room - docs.len())?;
        Ok(Self {
            operations,
            docs,
            elsewhere,
        })
    }

    /// Whether they say nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.docs.is_empty() && self.elsewhere.is_empty()
    }

    /// As data.
    pub(super) fn values(&self) -> Vec<Value> {
        let operations = self.operations.iter().map(|hit| {
            let operation = &hit.operation;
            json!({
                "ref": hit.entity.to_string(),
                "field": "operation",
                "verb": operation.verb,
                "name": operation.name,
                "id": operation.id,
                "summary": operation.summary,
            })
        });
        let elsewhere = self.elsewhere.iter().map(|hit| {
            json!({
                "source": hit.source,
                "field": "page",
                "url": hit.page.url,
                "title": hit.page.title,
                "heading": hit.page.heading,
                "snippet": hit.snippet.replace(['\u{2}', '\u{3}'], ""),
            })
        });
        let docs = self.docs.iter().map(value);
        operations.chain(docs).chain(elsewhere).collect()
    }

    /// Prints them, a line each, with the words around what matched below it.
    pub(super) fn write(&self, console: &mut Console) -> io::Result<()> {
        for hit in &self.operations {
            let entity = console.paint(Ink::Bold, &hit.entity.to_string());
            let operation = &hit.operation;
            let summary = console.paint(Ink::Dim, &operation.summary);
            writeln!(
                console.out,
                "{entity}  {} {}  {summary}",
                operation.verb, operation.name
            )?;
        }
        write(&self.docs, true, console)?;
        for hit in &self.elsewhere {
            let source = console.paint(Ink::Bold, &hit.source);
            let url = console.paint(Ink::Dim, &hit.page.url);
            writeln!(console.out, "{source}  {}  {url}", hit.page.title)?;
            writeln!(console.out, "    {}", marked(&hit.snippet, console))?;
        }
        Ok(())
    }
}

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
