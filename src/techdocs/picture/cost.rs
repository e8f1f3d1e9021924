//! How much there is to draw in an SVG, where parts of it stand for others that stand for others.
//!
//! A few hundred bytes of `use`, patterns, masks or markers can name each other ten times over ten levels. What is named
//! counts as often as it is named.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

/// The most that is drawn, in nodes.
const MOST: u64 = 200_000;
/// How deep nodes may lie in each other, or name each other.
const DEEPEST: usize = 200;

/// Whether drawing the document ends soon.
pub(super) fn is_bearable(document: &Document<'_>) -> bool {
    // What a style sheet names would have to be matched with selectors first.
    let sheets = document
        .descendants()
        .filter(|node| node.has_tag_name("style"));
    let names = sheets.filter_map(|sheet| sheet.text());
    if names
        .into_iter()
        .any(|text| text.contains("url(") || text.contains("@import"))
    {
        return false;
    }
    let mut by_id = HashMap::new();
    for node in document.descendants() {
        if let Some(id) = node.attribute("id") {
            by_id.entry(id).or_insert(node);
        }
    }
    let mut counter = Counter {
        by_id,
        known: HashMap::new(),
        open: Vec::new(),
    };
    counter
        .cost(document.root_element())
        .is_some_and(|cost| cost <= MOST)
}

struct Counter<'d, 'i> {
    by_id: HashMap<&'d str, Node<'d, 'i>>,
    known: HashMap<NodeId, u64>,
    open: Vec<NodeId>,
}

impl<'d, 'i> Counter<'d, 'i> {
    /// What the node costs, with all that it holds and names; `None` where that is too deep.
    fn cost(&mut self, node: Node<'d, 'i>) -> Option<u64> {
        if let Some(cost) = self.known.get(&node.id()) {
            return Some(*cost);
        }
        // What names itself is not drawn.
        if self.open.contains(&node.id()) {
            return Some(0);
        }
        if self.open.len() >= DEEPEST {
            return None;
        }
        self.open.push(node.id());
        let mut cost = 1_u64;
        for child in node.children().filter(Node::is_element) {
            cost = cost.saturating_add(self.cost(child)?);
        }
        for attribute in node.attributes() {
            let corners = match attribute.name() {
                // A marker stands at each corner of a path.
                "marker" | "marker-start" | "marker-mid" | "marker-end" | "style" => {
                    let path = node.attribute("d").or_else(|| node.attribute("points"));
                    path.map_or(1, |path| 1 + path.len() as u64 / 4)
                }
                _ => 1,
            };
            for id in named(attribute.name(), attribute.value()) {
                if let Some(target) = self.by_id.get(id).copied() {
                    let each = self.cost(target)?;
                    cost = cost.saturating_add(each.saturating_mul(corners));
                }
            }
        }
        self.open.pop();
        self.known.insert(node.id(), cost);
        Some(cost)
    }
}

/// The ids that an attribute names: `#a`, `url(#a)`.
fn named<'v>(name: &str, value: &'v str) -> Vec<&'v str> {
    if name == "href" {
        return value.trim().strip_prefix('#').into_iter().collect();
    }
    let names = value.split("url(").skip(1);
    names
        .filter_map(|rest| {
            let inner = rest.split_once(')')?.0;
            inner.trim_matches(['"', '\'', ' ']).strip_prefix('#')
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_counts_as_often_as_it_is_named() {
        let bearable = |inner: &str| {
            let text = format!("<svg>{inner}</svg>");
            is_bearable(&Document::parse(&text).unwrap())
        };
        assert!(bearable(r##"<g id="a"/><use href="#a"/><use href="#a"/>"##));
        assert!(
            bearable(r##"<g id="a"><use href="#a"/></g>"##),
            "what names itself ends"
        );
        let mut patterns = String::from(r#"<pattern id="p0"><rect/></pattern>"#);
        for level in 1..9 {
            let rect = format!(r#"<rect fill="url(#p{})"/>"#, level - 1).repeat(10);
            patterns = format!(r#"{patterns}<pattern id="p{level}">{rect}</pattern>"#);
        }
        assert!(!bearable(&patterns));
        let markers = format!(
            r#"<marker id="m">{}</marker><path marker-mid="url(#m)" d="{}"/>"#,
            "<path/>".repeat(500),
            "L1 1".repeat(1_000)
        );
        assert!(!bearable(&markers));
        assert!(!bearable("<style>.a { fill: url(#p) }</style>"));
    }
}
