//! The facts of a page's HTML, for scripts and for comparing with what `MkDocs` makes of the page: everything that it
//! says, in reading order.

mod words;

use super::tree::{self, Element, Node};
use crate::catalog::text::one_line;
use crate::techdocs::markdown::entity;

/// How much of an admonition without a title stands for one, in characters.
const TITLE: usize = 200;

/// What a page has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Level, id and text of each heading.
    pub headings: Vec<(u8, Option<String>, String)>,
    /// Text and address of each link.
    pub links: Vec<(String, String)>,
    /// The code of each block.
    pub code: Vec<String>,
    /// Classes and title of each admonition or detail.
    pub admonitions: Vec<(String, String)>,
    /// The labels of tabs.
    pub tabs: Vec<String>,
    /// How many tables there are; TechDocs sets each block of code as one, with the numbers of its lines.
    pub tables: usize,
    /// What each image shows, in words.
    pub images: Vec<String>,
    /// The words, parted by white space and by tags.
    pub words: Vec<String>,
}

/// The facts of `html`.
pub fn facts(html: &str) -> Facts {
    let mut facts = Facts::default();
    let nodes = tree::read(html);
    facts.nodes(&nodes);
    facts
}

impl Facts {
    fn nodes(&mut self, nodes: &[Node<'_>]) {
        for node in nodes {
            match node {
                Node::Text(text) => {
                    let text = entity::decoded(text);
                    self.words
                        .extend(text.split_whitespace().map(str::to_owned));
                }
                Node::Element(element) => self.element(element),
            }
        }
    }

    fn element(&mut self, element: &Element<'_>) {
        if left_out(element) {
            return;
        }
        match element.name.as_ref() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = element.name.bytes().next_back().unwrap_or(b'6');
                let text = one_line(&element.text(&left_out));
                let level = level.saturating_sub(b'0');
                self.headings.push((level, element.attribute("id"), text));
            }
            "a" => {
                if let Some(href) = element.attribute("href") {
                    let text = one_line(&element.text(&left_out));
                    self.links.push((text, href));
                }
            }
            "code" if element.is("highlight") => {
                let text = element.text(&left_out);
                self.words.extend(words::words(&text, language(element)));
                return;
            }
            "pre" => self.code.push(element.text(&left_out)),
            "div" if element.is("highlight") => return self.highlighted(element),
            "table" => self.tables += 1,
            "img" => self
                .images
                .push(element.attribute("alt").unwrap_or_default()),
            "details" => self.admonition(element),
            "div" if element.is("admonition") => self.admonition(element),
            "div" if element.is("tabbed-labels") => {
                let labels = element.elements().filter(|inner| inner.name == "label");
                self.tabs
                    .extend(labels.map(|label| one_line(&label.text(&left_out))));
            }
            _ => {}
        }
        self.nodes(&element.children);
    }

    /// A block of code, with the title over it.
    fn highlighted(&mut self, element: &Element<'_>) {
        let table = element.find(&|inner| inner.name == "table");
        self.tables += usize::from(table.is_some());
        if let Some(title) = element.find(&|inner| inner.is("filename")) {
            self.nodes(&title.children);
        }
        if let Some(pre) = element.find(&|inner| inner.name == "pre" && !inner.is("linenos")) {
            let text = pre.text(&left_out);
            self.words.extend(words::words(&text, language(element)));
            self.code.push(text);
        }
    }

    fn admonition(&mut self, element: &Element<'_>) {
        let is_title =
            |inner: &Element<'_>| inner.name == "summary" || inner.is("admonition-title");
        // Without a title it is known by how it begins.
        let title = element.elements().find(|inner| is_title(inner));
        let text = one_line(&title.unwrap_or(element).text(&left_out));
        let classes: Vec<&str> = element.classes().collect();
        self.admonitions
            .push((classes.join(" "), text.chars().take(TITLE).collect()));
    }
}

/// The language that a class names; empty where none does.
fn language<'a>(element: &Element<'a>) -> &'a str {
    let mut classes = element.classes();
    let language = classes.find_map(|class| class.strip_prefix("language-"));
    language.unwrap_or_default()
}

/// What the theme adds.
fn left_out(element: &Element<'_>) -> bool {
    element.is("headerlink") || element.is("linenos") || element.is("linenodiv")
}
