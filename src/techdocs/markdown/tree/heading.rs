//! Ids of headings, and the table of contents where the page has `[TOC]`: `TocTreeprocessor`.

use std::collections::{HashMap, HashSet};

use crate::techdocs::markdown::critic::Critic;
use crate::techdocs::markdown::dom::{Id, ROOT, Text, Tree};
use crate::techdocs::markdown::entity;
use crate::techdocs::markdown::options::Options;
use crate::techdocs::markdown::slug::unique;
use crate::techdocs::markdown::stash::Stash;
use crate::techdocs::markdown::write;

/// Gives each heading its id.
pub(in crate::techdocs::markdown) fn headings(
    tree: &mut Tree,
    stash: &Stash,
    critic: &Critic,
    options: &Options,
) {
    let all = tree.below(ROOT);
    let mut taken: HashSet<String> = all
        .iter()
        .filter_map(|id| tree.get(*id).attribute("id").map(str::to_owned))
        .collect();
    let mut last: HashMap<String, String> = HashMap::new();
    let mut contents: Vec<(String, String)> = Vec::new();
    for id in &all {
        if !matches!(tree.tag(*id), "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
            continue;
        }
        let level = lowered(tree, *id, options.base_level);
        let name = name(&critic.put_back(write::inner(tree, stash, *id)));
        let known = tree
            .get(*id)
            .attribute("id")
            .map(|id| write::unescaped(id).into_owned());
        let slug = if let Some(slug) = known {
            slug
        } else {
            let plain = options.slugs.slug(&name);
            // Counting goes on where it ended for the last heading of this name.
            let from = last.get(&plain).unwrap_or(&plain).clone();
            let slug = unique(from, &mut taken);
            last.insert(plain, slug.clone());
            tree.edit(*id).set("id", slug.clone());
            slug
        };
        let attributes = &mut tree.edit(*id).attributes;
        let label = attributes
            .iter()
            .position(|(key, _)| key == "data-toc-label");
        let label = label.map(|at| attributes.remove(at).1);
        if (options.contents.0..=options.contents.1).contains(&level) {
            contents.push((slug, label.unwrap_or(name)));
        }
    }
    let markers: Vec<Id> = all
        .into_iter()
        .filter(|id| {
            let element = tree.get(*id);
            let is_marker = element.text.words.trim() == "[TOC]" && element.children.is_empty();
            is_marker && *id != ROOT && element.tag != "code"
        })
        .collect();
    for marker in markers {
        let list = tree.create("ul", 0);
        for (slug, name) in &contents {
            let item = tree.append(list, "li", 0);
            let link = tree.append(item, "a", 0);
            let element = tree.edit(link);
            element.set("href", format!("#{slug}"));
            element.text = Text::atomic(name.clone());
        }
        let element = tree.edit(marker);
        element.tag = "div".into();
        element.attributes = vec![("class".into(), "toc".to_owned())];
        element.text = Text::default();
        element.children = vec![list];
    }
}

/// The level of the heading `id`, once it stands `by` levels lower.
fn lowered(tree: &mut Tree, id: Id, by: u8) -> u8 {
    let digit = tree.tag(id).bytes().next_back().unwrap_or(b'6');
    let level = digit.saturating_sub(b'0').saturating_add(by).min(6);
    if by > 0 {
        tree.edit(id).tag = format!("h{level}").into();
    }
    level
}

/// The words of a heading's HTML, without references to footnotes.
fn name(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        text.push_str(before);
        if tail.starts_with("<sup id=\"fnref") {
            rest = tail.split_once("</sup>").map_or("", |(_, behind)| behind);
        } else if tail.starts_with("<!--") {
            rest = tail.split_once("-->").map_or("", |(_, behind)| behind);
        } else if let Some((_, behind)) = tail.split_once('>') {
            rest = behind;
        } else {
            break;
        }
    }
    text.push_str(rest);
    let words: Vec<&str> = text.split_whitespace().collect();
    entity::decoded(&words.join(" ")).into_owned()
}
