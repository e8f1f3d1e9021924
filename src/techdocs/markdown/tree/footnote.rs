//! The footnotes at the end of a page, and the ways back from them.

use crate::techdocs::markdown::block::Parser;
use crate::techdocs::markdown::chunk::Chunk;
use crate::techdocs::markdown::dom::{Id, ROOT, Text, Tree};
use crate::techdocs::markdown::stash::{CLOSE, OPEN};

/// Where the footnotes stand, if not at the end.
const PLACE: &str = "///Footnotes Go Here///";
/// What leads back.
const BACK: &str = "\u{21a9}";

/// `FootnoteTreeprocessor`: parses the footnotes and puts them in their place.
pub(in crate::techdocs::markdown) fn footnotes(parser: &mut Parser<'_>) {
    if parser.definitions.footnotes.is_empty() {
        return;
    }
    let div = parser.tree.create("div", 0);
    parser.tree.edit(div).set("class", "footnote");
    parser.tree.append(div, "hr", 0);
    let list = parser.tree.append(div, "ol", 0);
    let mut at = 0;
    // A footnote may define others.
    while let Some((label, text)) = parser.definitions.footnotes.get(at) {
        let (label, text): (String, Chunk) = (label.clone(), text.clone());
        at += 1;
        let surrogate = parser.tree.create("div", 0);
        parser.chunk(surrogate, &text);
        let held = std::mem::take(&mut parser.tree.edit(surrogate).children);
        let item = parser.tree.append(list, "li", 0);
        parser.tree.edit(item).set("id", format!("fn:{label}"));
        let last = held.last().copied();
        parser.tree.edit(item).children = held;
        if let Some(last) = last {
            let place = if parser.tree.tag(last) == "p" {
                // As an escape, so that marks before it do not stand alone.
                let gap = format!("{OPEN}160{CLOSE}");
                parser.tree.edit(last).text.words.push_str(&gap);
                last
            } else {
                parser.tree.append(item, "p", 0)
            };
            let back = parser.tree.append(place, "a", 0);
            let element = parser.tree.edit(back);
            element.set("class", "footnote-backref");
            element.set("href", format!("#fnref:{label}"));
            element.text = Text::open(BACK);
        }
    }
    let tree = &mut parser.tree;
    let place = tree.below(ROOT).into_iter().find_map(|parent| {
        let children = &tree.get(parent).children;
        let at = children
            .iter()
            .position(|child| tree.get(*child).text.words.contains(PLACE))?;
        Some((parent, at))
    });
    match place {
        Some((parent, at)) => {
            if let Some(place) = tree.edit(parent).children.get_mut(at) {
                *place = div;
            }
        }
        None => tree.edit(ROOT).children.push(div),
    }
}

/// `FootnotePostTreeprocessor`: a way back to each place that refers to a footnote.
pub(in crate::techdocs::markdown) fn returns(tree: &mut Tree, noted: &[usize]) {
    let is_footnotes = |id: &Id| tree.get(*id).attribute("class") == Some("footnote");
    let found = tree.below(ROOT).into_iter().find(is_footnotes);
    let list = found.and_then(|div| {
        let children = &tree.get(div).children;
        children
            .iter()
            .copied()
            .find(|child| tree.tag(*child) == "ol")
    });
    let Some(list) = list else {
        return;
    };
    for (item, times) in tree.get(list).children.clone().into_iter().zip(noted) {
        let id = tree.get(item).attribute("id").unwrap_or_default();
        let label = id.strip_prefix("fn:").unwrap_or_default().to_owned();
        let Some(last) = tree.last(item) else {
            continue;
        };
        for number in 2..=(*times).min(1_000) {
            let back = tree.append(last, "a", 0);
            let element = tree.edit(back);
            element.set("class", "footnote-backref");
            element.set("href", format!("#fnref{number}:{label}"));
            element.text = Text::open(BACK);
        }
    }
}
