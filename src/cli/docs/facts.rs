//! The facts of a page, for scripts and for comparing with what MkDocs makes of it: headings with ids, links, code,
//! admonitions, tabs, tables, images, words.

use serde_json::{Value, json};

use crate::techdocs::html::Facts;

/// The facts of the page at `page`, as JSON.
pub(super) fn value(page: &str, title: &str, facts: &Facts) -> Value {
    json!({
        "page": page,
        "title": title,
        "headings": facts.headings,
        "links": facts.links,
        "code": facts.code,
        "admonitions": facts.admonitions,
        "tabs": facts.tabs,
        "tables": facts.tables,
        "images": facts.images,
        "words": facts.words,
    })
}
