//! Code that is indented, and the boxes of tasks.

use crate::techdocs::markdown::dom::{Text, Tree};
use crate::techdocs::markdown::fence::highlighted;
use crate::techdocs::markdown::stash::Stash;

/// `HighlightTreeprocessor`: indented code is set like fenced code.
pub(in crate::techdocs::markdown) fn codes(tree: &mut Tree, stash: &mut Stash, numbered: bool) {
    for id in tree.all() {
        let (tag, children) = (tree.tag(id), &tree.get(id).children);
        let &[code] = children.as_slice() else {
            continue;
        };
        if tag != "pre" || tree.tag(code) != "code" {
            continue;
        }
        let line = tree.get(id).line;
        let html = highlighted(&tree.get(code).text.words, "", "", "", line, numbered);
        let placeholder = stash.html(html);
        let element = tree.edit(id);
        element.tag = "p".into();
        element.attributes.clear();
        element.children.clear();
        element.text = Text::open(placeholder);
    }
}

/// `TasklistTreeprocessor`: `[x]` at the start of an item.
pub(in crate::techdocs::markdown) fn tasks(tree: &mut Tree, stash: &mut Stash) {
    for id in tree.all() {
        if tree.tag(id) != "li" {
            continue;
        }
        let place = if tree.get(id).text.is_empty() {
            let first = tree.get(id).children.first().copied();
            let Some(first) = first.filter(|first| tree.tag(*first) == "p") else {
                continue;
            };
            first
        } else {
            id
        };
        let text = &mut tree.edit(place).text.words;
        let Some((done, behind)) = task(text) else {
            continue;
        };
        let checked = if done { " checked" } else { "" };
        let control = format!(
            "<label class=\"task-list-control\"><input type=\"checkbox\" disabled{checked}/><span \
             class=\"task-list-indicator\"></span></label> "
        );
        let behind = behind.to_owned();
        *text = stash.html(control) + &behind;
        tree.edit(id).add_class("task-list-item");
    }
}

/// Whether a task is done, and its words.
fn task(text: &str) -> Option<(bool, &str)> {
    let body = text.trim_start_matches(' ').strip_prefix('[')?;
    let done = !body.starts_with(' ');
    let behind = body.strip_prefix(['x', 'X', ' '])?.strip_prefix(']')?;
    behind
        .starts_with(' ')
        .then(|| (done, behind.trim_start_matches(' ')))
}
