//! Abbreviations: `AbbrTreeprocessor`.

use std::collections::HashMap;

use crate::techdocs::markdown::dom::{Id, ROOT, Text, Tree};
use crate::techdocs::markdown::inline::is_word;

/// Marks what is short for something else, in all text.
pub(in crate::techdocs::markdown) fn abbreviations(
    tree: &mut Tree,
    known: &HashMap<String, String>,
) {
    if known.is_empty() {
        return;
    }
    // Of each first character the lengths that there are, the longest first.
    let mut shorts: HashMap<char, Vec<usize>> = HashMap::new();
    for short in known.keys() {
        if let Some(first) = short.chars().next() {
            shorts.entry(first).or_default().push(short.len());
        }
    }
    for lengths in shorts.values_mut() {
        lengths.sort_unstable_by_key(|length| std::cmp::Reverse(*length));
        lengths.dedup();
    }
    for id in tree.below(ROOT) {
        let text = tree.get(id).text.clone();
        if !text.atomic && !text.is_empty() {
            let (words, elements) = marked(tree, &text.words, &shorts, known);
            if !elements.is_empty() {
                tree.edit(id).text = Text::open(words);
                tree.edit(id).children.splice(0..0, elements);
            }
        }
        let mut children = Vec::new();
        for child in tree.get(id).children.clone() {
            children.push(child);
            let tail = tree.get(child).tail.clone();
            if tail.atomic || tail.is_empty() || tree.tag(child) == "abbr" {
                continue;
            }
            let (words, elements) = marked(tree, &tail.words, &shorts, known);
            if !elements.is_empty() {
                tree.edit(child).tail = Text::open(words);
                children.extend(elements);
            }
        }
        tree.edit(id).children = children;
    }
}

/// The words of `text` before the first abbreviation, and the abbreviations with the words behind them.
fn marked(
    tree: &mut Tree,
    text: &str,
    shorts: &HashMap<char, Vec<usize>>,
    known: &HashMap<String, String>,
) -> (String, Vec<Id>) {
    let mut elements: Vec<Id> = Vec::new();
    let mut words = String::new();
    let mut from = 0;
    let mut before: Option<char> = None;
    let mut skip = 0;
    for (at, c) in text.char_indices() {
        let last = before.replace(c);
        if at < skip {
            continue;
        }
        let is_edge = |before: Option<char>, behind: Option<char>| {
            before.is_some_and(is_word) != behind.is_some_and(is_word)
        };
        let rest = text.get(at..).unwrap_or_default();
        let candidates = shorts.get(&c).filter(|_| is_edge(last, Some(c)));
        let found = candidates.into_iter().flatten().find_map(|length| {
            let (short, behind) = rest.split_at_checked(*length)?;
            let fits = known.contains_key(short)
                && is_edge(short.chars().next_back(), behind.chars().next());
            fits.then_some(short)
        });
        let Some(short) = found else { continue };
        let passed = text.get(from..at).unwrap_or_default();
        match elements.last() {
            Some(last) => tree.edit(*last).tail = Text::open(passed),
            None => passed.clone_into(&mut words),
        }
        let id = tree.create("abbr", 0);
        let element = tree.edit(id);
        element.set("title", known.get(short).cloned().unwrap_or_default());
        element.text = Text::atomic(short);
        elements.push(id);
        from = at + short.len();
        skip = from;
    }
    if let Some(last) = elements.last() {
        let rest = text.get(from..).unwrap_or_default();
        tree.edit(*last).tail = Text::open(rest);
    }
    (words, elements)
}
