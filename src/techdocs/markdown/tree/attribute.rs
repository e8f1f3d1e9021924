//! Attribute lists behind what they belong to: `AttrListTreeprocessor`.

use crate::techdocs::markdown::attributes::list;
use crate::techdocs::markdown::dom::{Id, ROOT, Tree};
use crate::techdocs::markdown::raw::tag::is_block;

/// Takes the lists out of the text and gives their attributes to the elements.
pub(in crate::techdocs::markdown) fn attributes(tree: &mut Tree) {
    let all = tree.below(ROOT);
    for id in all
        .iter()
        .filter(|id| tree.tag(**id) == "br")
        .copied()
        .collect::<Vec<_>>()
    {
        // Python-Markdown has put a line's end behind each break by now.
        tree.edit(id).tail.words.insert(0, '\n');
    }
    for id in all {
        if !is_block(tree.tag(id)) {
            inline(tree, id);
            continue;
        }
        let tag = tree.tag(id);
        let is_heading = matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let same_line = is_heading || matches!(tag, "dt" | "td" | "th");
        let Some(place) = place(tree, id) else {
            continue;
        };
        let text = match place {
            Place::Text => tree.get(id).text.words.clone(),
            Place::Tail(child) => tree.get(child).tail.words.clone(),
        };
        let Some((kept, attributes)) = behind(&text, same_line) else {
            continue;
        };
        let (found, left) = list(attributes);
        if !left.is_empty() {
            continue;
        }
        assign(tree, id, found);
        let kept = if is_heading {
            kept.trim_end_matches('#').trim_end()
        } else {
            kept
        };
        let kept = kept.to_owned();
        match place {
            Place::Text => tree.edit(id).text.words = kept,
            Place::Tail(child) => tree.edit(child).tail.words = kept,
        }
    }
}

/// Where the list of a block may stand.
enum Place {
    Text,
    Tail(Id),
}

fn place(tree: &Tree, id: Id) -> Option<Place> {
    let element = tree.get(id);
    let has_text = || (!element.text.is_empty()).then_some(Place::Text);
    // Python-Markdown has put a line's end behind each block by now, so that there is always text behind it.
    let behind = |child: Id| {
        let has_tail = !tree.get(child).tail.is_empty() || is_block(tree.tag(child));
        if has_tail {
            Some(Place::Tail(child))
        } else {
            has_text()
        }
    };
    let Some(last) = element.children.last().copied() else {
        return has_text();
    };
    if element.tag != "li" {
        return behind(last);
    }
    // An item's list stands before the lists that it holds.
    let inner = element
        .children
        .iter()
        .position(|child| matches!(tree.tag(*child), "ul" | "ol"));
    match inner {
        None => behind(last),
        Some(at) => {
            let before = at.checked_sub(1).and_then(|at| element.children.get(at));
            before.map_or_else(has_text, |before| behind(*before))
        }
    }
}

/// The text before an attribute list that ends it, and what stands in its braces.
fn behind(text: &str, same_line: bool) -> Option<(&str, &str)> {
    let body = text
        .strip_suffix('\n')
        .unwrap_or(text)
        .trim_end_matches(' ');
    let inner = body.strip_suffix('}')?;
    let line = inner.rfind('\n').map_or(0, |at| at + 1);
    if same_line {
        let last = inner.get(line..)?;
        let at = last.match_indices(" {").find(|(at, _)| {
            last.get(at + 2..)
                .is_some_and(|braced| content(braced).is_some())
        });
        let (at, _) = at?;
        let kept = inner.get(..line + at)?.trim_end_matches(' ');
        return Some((kept, content(last.get(at + 2..)?)?));
    }
    let braced = inner
        .get(line..)?
        .trim_start_matches(' ')
        .strip_prefix('{')?;
    let kept = inner.get(..line.checked_sub(1)?)?;
    Some((kept, content(braced)?))
}

/// What stands in the braces of a list, behind the colon.
fn content(braced: &str) -> Option<&str> {
    let inner = braced.strip_prefix(':').unwrap_or(braced);
    let inner = inner.trim_start_matches(' ');
    (!inner.is_empty() && !inner.starts_with('}')).then_some(inner)
}

/// A list right behind an element that stands within text.
fn inline(tree: &mut Tree, id: Id) {
    let tail = tree.get(id).tail.words.clone();
    let Some(braced) = tail.strip_prefix('{') else {
        return;
    };
    let line = braced.split('\n').next().unwrap_or_default();
    let Some(end) = line.rfind('}') else {
        return;
    };
    let Some(attributes) = line.get(..end).and_then(content) else {
        return;
    };
    let (found, left) = list(attributes);
    let kept = braced.get(end + 1..).unwrap_or_default().to_owned() + left;
    assign(tree, id, found);
    tree.edit(id).tail.words = kept;
}

fn assign(tree: &mut Tree, id: Id, found: Vec<(String, String)>) {
    let element = tree.edit(id);
    for (key, value) in found {
        if key == "." {
            element.add_class(&value);
        } else {
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
            let key: String = key
                .chars()
                .map(|c| if is_name(c) { c } else { '_' })
                .collect();
            element.set(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_a_heading_or_stand_on_a_line_of_their_own() {
        assert_eq!(behind("A {#b .c}", true), Some(("A", "#b .c")));
        assert_eq!(behind("A {: #b }", true), Some(("A", "#b ")));
        assert_eq!(behind("A{#b}", true), None);
        assert_eq!(behind("words\n{: .c }", false), Some(("words", ".c ")));
        assert_eq!(behind("words {: .c }", false), None);
        assert_eq!(behind("{: .c }", false), None);
    }
}
