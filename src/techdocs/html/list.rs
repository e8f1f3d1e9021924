//! A list of a page as data: what stands in it, where it leads, and what lies below.

use super::tree::{self, Element, Node};
use crate::catalog::text::one_line;

/// How deep lists may lie within each other.
const MAX_DEPTH: usize = 12;

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::techdocs) struct ListItem {
    /// The words of its link, else those before what it holds.
    pub(in crate::techdocs) text: String,
    /// Where its link leads, where it begins with one.
    pub(in crate::techdocs) href: Option<String>,
    /// The items of the list below it.
    pub(in crate::techdocs) items: Vec<ListItem>,
}

/// The last list of `html`, or the first behind the paragraph whose text is `mark`.
pub(in crate::techdocs) fn last_list(html: &str, mark: Option<&str>) -> Option<Vec<ListItem>> {
    let nodes = tree::read(html);
    let elements: Vec<&Element<'_>> = nodes.iter().filter_map(Node::element).collect();
    let list = match mark {
        Some(mark) => elements
            .iter()
            .skip_while(|element| element.text(&|_| false).trim() != mark)
            .find(|element| is_list(element)),
        None => elements.iter().rfind(|element| is_list(element)),
    };
    list.map(|list| items(list, 0))
}

fn is_list(element: &Element<'_>) -> bool {
    matches!(element.name.as_ref(), "ul" | "ol")
}

fn items(list: &Element<'_>, depth: usize) -> Vec<ListItem> {
    if depth > MAX_DEPTH {
        return Vec::new();
    }
    let items = list.elements().filter(|element| element.name == "li");
    items.map(|item| read(item, depth)).collect()
}

fn read(item: &Element<'_>, depth: usize) -> ListItem {
    let own = item.text(&is_list);
    // A paragraph in an item is looked through.
    let inner = item.elements().find(|element| element.name == "p");
    let mut parts = inner.unwrap_or(item).elements();
    let link = parts.next().filter(|first| {
        first.name == "a" && own.trim_start().starts_with(first.text(&|_| false).trim())
    });
    let below = item.elements().find(|element| is_list(element));
    ListItem {
        text: one_line(link.map_or(own, |link| link.text(&|_| false)).trim()),
        href: link.and_then(|link| link.attribute("href")),
        items: below
            .map(|list| self::items(list, depth + 1))
            .unwrap_or_default(),
    }
}
