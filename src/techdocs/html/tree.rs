//! HTML → a tree, as leniently as a browser where it matters: ends that may be left out, tags that never close.

use std::borrow::Cow;

use super::token::{self, Token, tokens};
use crate::techdocs::markdown::entity;

/// How deep elements may lie within each other; what lies deeper belongs to the last that may.
const MAX_DEPTH: usize = 100;

/// A piece of a page.
#[derive(Debug)]
pub(super) enum Node<'a> {
    /// Words, character references unresolved.
    Text(&'a str),
    /// A tag with what it holds.
    Element(Element<'a>),
}

/// A tag with what it holds.
#[derive(Debug)]
pub(super) struct Element<'a> {
    /// Its name in lower case.
    pub(super) name: Cow<'a, str>,
    attributes: &'a str,
    /// Its classes as written.
    class: &'a str,
    /// What it holds.
    pub(super) children: Vec<Node<'a>>,
}

impl<'a> Element<'a> {
    /// The value of the attribute `name`, character references resolved.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let value = token::attribute(self.attributes, name)?;
        Some(entity::decoded(value).into_owned())
    }

    /// Whether it has the attribute `name`, with a value or without.
    pub(super) fn has(&self, name: &str) -> bool {
        token::has_attribute(self.attributes, name)
    }

    /// The line of the source at which it begins, where it says so.
    pub(super) fn line(&self) -> Option<u32> {
        // It stands first where it stands at all, but for code that was taken out.
        let known = self.attributes.contains("data-line");
        let line = known.then(|| token::attribute(self.attributes, "data-line"))?;
        line?.parse().ok()
    }

    /// Its classes.
    pub(super) fn classes(&self) -> impl Iterator<Item = &'a str> {
        self.class.split_whitespace()
    }

    /// Whether it has the class `name`.
    pub(super) fn is(&self, name: &str) -> bool {
        self.classes().any(|class| class == name)
    }

    /// The elements right below it.
    pub(super) fn elements(&self) -> impl DoubleEndedIterator<Item = &Element<'a>> {
        self.children.iter().filter_map(Node::element)
    }

    /// The first element below it, at any depth, of which `wanted` is true; in reading order.
    pub(super) fn find(&self, wanted: &dyn Fn(&Element<'a>) -> bool) -> Option<&Element<'a>> {
        self.elements().find_map(|element| {
            if wanted(element) {
                Some(element)
            } else {
                element.find(wanted)
            }
        })
    }

    /// Its words as they stand, without those of the elements that are `left_out`.
    pub(super) fn text(&self, left_out: &dyn Fn(&Element<'a>) -> bool) -> String {
        let mut text = String::new();
        self.add_text(left_out, &mut text);
        text
    }

    fn add_text(&self, left_out: &dyn Fn(&Element<'a>) -> bool, text: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(words) => text.push_str(&entity::decoded(words)),
                Node::Element(element) if left_out(element) => {}
                Node::Element(element) => element.add_text(left_out, text),
            }
        }
    }
}

impl<'a> Node<'a> {
    /// The element that it is, where it is one.
    pub(super) fn element(&self) -> Option<&Element<'a>> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text(_) => None,
        }
    }
}

/// The nodes of `html`.
pub(super) fn read(html: &str) -> Vec<Node<'_>> {
    let mut open = Open {
        elements: vec![Element {
            name: Cow::Borrowed(""),
            attributes: "",
            class: "",
            children: Vec::new(),
        }],
    };
    // What is left out, and how often it was opened within itself.
    let mut dropped: Option<(Cow<'_, str>, usize)> = None;
    for token in tokens(html) {
        if let Some((name, depth)) = &mut dropped {
            match token {
                Token::Open { name: inner, .. } if inner == *name => *depth += 1,
                Token::Close(inner) if inner == *name => *depth -= 1,
                _ => {}
            }
            if *depth == 0 {
                dropped = None;
            }
            continue;
        }
        match token {
            Token::Text(text) => open.add(Node::Text(text)),
            Token::Close(name) => open.close(&name),
            Token::Open { name, attributes } => match name.as_ref() {
                "script" | "style" | "svg" | "template" | "noscript" | "iframe" => {
                    if !attributes.trim_end().ends_with('/') {
                        dropped = Some((name, 1));
                    }
                }
                _ => open.open(name, attributes),
            },
        }
    }
    open.finish()
}

/// The elements that are open, the page itself first.
struct Open<'a> {
    elements: Vec<Element<'a>>,
}

impl<'a> Open<'a> {
    fn add(&mut self, node: Node<'a>) {
        if let Some(last) = self.elements.last_mut() {
            last.children.push(node);
        }
    }

    fn open(&mut self, name: Cow<'a, str>, attributes: &'a str) {
        for (ended, within) in ended_by(&name) {
            self.end(ended, within);
        }
        let has_class = memchr::memmem::find(attributes.as_bytes(), b"class").is_some();
        let class = has_class.then(|| token::attribute(attributes, "class"));
        let element = Element {
            attributes,
            class: class.flatten().unwrap_or_default(),
            children: Vec::new(),
            name,
        };
        if is_void(&element.name) || self.elements.len() >= MAX_DEPTH {
            self.add(Node::Element(element));
        } else {
            self.elements.push(element);
        }
    }

    fn close(&mut self, name: &str) {
        let open = self.elements.iter().skip(1);
        if let Some(at) = open.rev().position(|element| element.name == name) {
            (0..=at).for_each(|_| self.pop());
        }
    }

    /// Ends the innermost of the elements `names`, unless one of `within` lies between.
    fn end(&mut self, names: &[&str], within: &[&str]) {
        let open = self.elements.iter().skip(1).rev();
        let mut names_of = open.map(|element| element.name.as_ref());
        let found = names_of.position(|name| names.contains(&name) || within.contains(&name));
        if let Some(at) = found
            && let Some(element) = self.elements.iter().rev().nth(at)
            && names.contains(&element.name.as_ref())
        {
            (0..=at).for_each(|_| self.pop());
        }
    }

    fn pop(&mut self) {
        if self.elements.len() > 1
            && let Some(element) = self.elements.pop()
        {
            self.add(Node::Element(element));
        }
    }

    fn finish(mut self) -> Vec<Node<'a>> {
        while self.elements.len() > 1 {
            self.pop();
        }
        self.elements
            .pop()
            .map(|page| page.children)
            .unwrap_or_default()
    }
}

/// What ends where the tag `name` opens, and what keeps it from ending.
fn ended_by(name: &str) -> &'static [(&'static [&'static str], &'static [&'static str])] {
    match name {
        "li" => &[(&["li"], &["ul", "ol"])],
        "dt" | "dd" => &[(&["dt", "dd"], &["dl"])],
        "td" | "th" => &[(&["td", "th"], &["tr", "table"])],
        "tr" => &[(&["tr"], &["table"])],
        "tbody" | "tfoot" => &[(&["thead", "tbody"], &["table"])],
        "p" | "div" | "ul" | "ol" | "dl" | "table" | "pre" | "blockquote" | "details" | "hr"
        | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "section" | "nav" | "aside" => &[(
            &["p"],
            &[
                "li",
                "td",
                "th",
                "dd",
                "div",
                "button",
                "label",
                "blockquote",
            ],
        )],
        _ => &[],
    }
}

/// Whether a tag holds nothing and is never closed.
fn is_void(name: &str) -> bool {
    const VOID: &[&str] = &[
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr",
    ];
    VOID.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(nodes: &[Node<'_>]) -> String {
        let shown = nodes.iter().map(|node| match node {
            Node::Text(text) => text.trim().to_owned(),
            Node::Element(element) => format!("{}({})", element.name, shape(&element.children)),
        });
        shown.collect()
    }

    #[test]
    fn ends_may_be_left_out() {
        let shaped = |html| shape(&read(html));
        assert_eq!(
            shaped("<ul><li>a<li><p>b<ul><li>c</ul></ul>d"),
            "ul(li(a)li(p(b)ul(li(c))))d"
        );
        assert_eq!(
            shaped("<table><tr><td>a<td>b<tr><th>c</table>"),
            "table(tr(td(a)td(b))tr(th(c)))"
        );
        assert_eq!(shaped("<p>a<br>b<p>c</div>d"), "p(abr()b)p(cd)");
        assert_eq!(shaped("a<script>if (1 < 2) '<p>'</script>b"), "ab");
        assert_eq!(shaped("<svg><svg></svg><path/></svg>b<b>"), "bb()");
    }

    #[test]
    fn depth_has_a_bound() {
        let html = "<div>".repeat(100_000);
        let nodes = read(&html);
        assert!(shape(&nodes).len() < 600_000);
    }
}
