//! What a check of a page asks for besides its words: the ids that links may lead to, and which addresses are Markdown's.

use std::collections::HashSet;

use super::tree::{Element, Node};

/// The attribute of links and images that Markdown made, where they are to be told from those of HTML tags.
pub(in crate::techdocs) const WRITTEN: &str = "data-written";

/// What a check of a page asks for besides its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traces {
    /// The ids on the page, and the names of its anchors.
    pub ids: HashSet<String>,
    /// The addresses of links and images that are written in Markdown. `MkDocs` looks after these; those of HTML tags it
    /// leaves as they stand.
    pub written: HashSet<String>,
}

impl Traces {
    /// Those of a page, whose links and images of Markdown are marked as [`WRITTEN`].
    pub(super) fn of(nodes: &[Node<'_>]) -> Self {
        let mut traces = Self::default();
        traces.nodes(nodes);
        traces
    }

    fn nodes(&mut self, nodes: &[Node<'_>]) {
        for element in nodes.iter().filter_map(Node::element) {
            self.element(element);
            self.nodes(&element.children);
        }
    }

    fn element(&mut self, element: &Element<'_>) {
        self.ids.extend(element.attribute("id"));
        let address = match element.name.as_ref() {
            "a" => {
                self.ids.extend(element.attribute("name"));
                "href"
            }
            "img" => "src",
            _ => return,
        };
        if element.has(WRITTEN) {
            self.written.extend(element.attribute(address));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::techdocs::markdown::{Files, Options, parse_checked};

    #[test]
    fn addresses_of_markdown_are_told_from_those_of_tags() {
        let text = "# A b\n\n[a](x.md) ![b](y.png) <a name='n' href=\"raw.md\">c</a> <img src='z.png'>\n{: #own }\n";
        let (document, checked) = parse_checked(text, &Options::default(), Files::NONE);
        let is_written = |href: &&str| checked.traces.written.contains(*href);
        let written = ["x.md", "y.png", "raw.md", "z.png"]
            .into_iter()
            .filter(is_written);
        assert_eq!(written.collect::<Vec<_>>(), ["x.md", "y.png"]);
        assert_eq!((document.links.len(), document.images.len()), (2, 2));
        for id in ["a-b", "n", "own"] {
            assert!(checked.traces.ids.contains(id), "{id}");
        }
    }
}
