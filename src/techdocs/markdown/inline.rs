//! Text → elements within blocks: Python-Markdown's `InlineProcessor` and its patterns, in the order of their
//! priorities.
//!
//! A pattern goes through a text once from left to right. What it finds becomes a placeholder, which later patterns
//! see as one character; when all have passed, placeholders become elements.

mod address;
mod code;
mod emoji;
mod emphasis;
mod keys;
mod link;
mod markup;
mod math;
mod sequence;

use std::collections::VecDeque;

pub(super) use sequence::is_word;

use super::block::Definitions;
use super::dom::{Id, ROOT, Text, Tree};
use super::options::Options;
use super::stash::{self, CLOSE, OPEN, Stash};

/// How much work a page may make, in steps; what would make more is shown as it is written.
const FUEL: usize = 30_000_000;
/// How deep elements may lie within each other in one text.
const MAX_DEPTH: usize = 40;

/// The patterns, the first one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pattern {
    Code,
    Math,
    Escape,
    Footnote,
    Reference,
    Link,
    Image,
    ImageReference,
    ShortReference,
    ShortImage,
    AutoLink,
    AutoMail,
    Break,
    Html,
    Address,
    Mail,
    Entity,
    Emoji,
    Lone,
    LoneTilde,
    Keys,
    Caret,
    Mark,
    Tilde,
    Star,
    Underscore,
    LineEnd,
}

const PATTERNS: &[Pattern] = &[
    Pattern::Code,
    Pattern::Math,
    Pattern::Escape,
    Pattern::Footnote,
    Pattern::Reference,
    Pattern::Link,
    Pattern::Image,
    Pattern::ImageReference,
    Pattern::ShortReference,
    Pattern::ShortImage,
    Pattern::AutoLink,
    Pattern::AutoMail,
    Pattern::Break,
    Pattern::Html,
    Pattern::Address,
    Pattern::Mail,
    Pattern::Entity,
    Pattern::Emoji,
    Pattern::Lone,
    Pattern::LoneTilde,
    Pattern::Keys,
    Pattern::Caret,
    Pattern::Mark,
    Pattern::Tilde,
    Pattern::Star,
    Pattern::Underscore,
    Pattern::LineEnd,
];

impl Pattern {
    /// One of these bytes stands where the pattern may begin.
    fn triggers(self) -> &'static [u8] {
        match self {
            Self::Code => b"`\\",
            Self::Math => b"$\\",
            Self::Escape => b"\\",
            Self::Footnote | Self::Reference | Self::Link | Self::ShortReference => b"[",
            Self::Image | Self::ImageReference | Self::ShortImage => b"!",
            Self::AutoLink | Self::AutoMail | Self::Html => b"<",
            Self::Break => b" ",
            Self::Address => b":.",
            Self::Mail => b"@",
            Self::Entity => b"&",
            Self::Emoji => b":",
            Self::Lone => b"*_",
            Self::LoneTilde | Self::Tilde => b"~",
            Self::Keys => b"+",
            Self::Caret => b"^",
            Self::Mark => b"=",
            Self::Star => b"*",
            Self::Underscore => b"_",
            Self::LineEnd => b"\n",
        }
    }
}

/// What a pattern found.
enum Found {
    /// Text from byte `.0` to byte `.1` becomes this.
    Node(usize, usize, Node),
    /// Nothing; it is not looked for again before this byte.
    Skip(usize),
}

/// What stands for text that was found.
#[derive(Debug, Clone)]
enum Node {
    Element(Id),
    Text(String),
}

/// Where a pattern is tried.
struct Spot<'t> {
    /// The whole text.
    text: &'t str,
    /// Where the trigger stands.
    at: usize,
    /// From where on the text is as it was written: what stands before is a placeholder.
    from: usize,
}

impl<'t> Spot<'t> {
    /// What stands before `at`.
    fn before(&self, at: usize) -> Option<char> {
        if at == self.from && at > 0 {
            return Some(CLOSE);
        }
        self.text.get(..at)?.chars().next_back()
    }

    /// The text from the trigger on.
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// Goes through the text of a page.
pub(super) struct Inline<'p> {
    pub(super) tree: Tree,
    pub(super) stash: Stash,
    pub(super) definitions: Definitions,
    options: &'p Options,
    nodes: Vec<Node>,
    fuel: usize,
    depth: usize,
    /// How often each footnote is referred to, by its place among the definitions.
    pub(super) noted: Vec<usize>,
    ticks: code::Ticks,
    brackets: link::Brackets,
}

impl<'p> Inline<'p> {
    /// Nothing read yet.
    pub(super) fn new(
        tree: Tree,
        stash: Stash,
        definitions: Definitions,
        options: &'p Options,
    ) -> Self {
        Self {
            tree,
            stash,
            options,
            nodes: Vec::new(),
            fuel: FUEL,
            depth: 0,
            noted: vec![0; definitions.footnotes.len()],
            definitions,
            ticks: code::Ticks::default(),
            brackets: link::Brackets::default(),
        }
    }

    /// Reads the text of all elements.
    pub(super) fn run(&mut self) {
        let mut left = VecDeque::from([(ROOT, false)]);
        while let Some((current, in_link)) = left.pop_front() {
            let in_link = in_link || self.tree.tag(current) == "a";
            let mut inner: Vec<(Id, Vec<Id>)> = Vec::new();
            let mut at = 0;
            while let Some(child) = self.tree.get(current).children.get(at).copied() {
                at += 1;
                let own = in_link || self.tree.tag(child) == "a";
                let text = &mut self.tree.edit(child).text;
                if !text.is_empty() && !text.atomic {
                    let text = std::mem::take(text).words;
                    let text = self.inline(text, 0, own);
                    let (words, elements) = self.placed(&text);
                    self.tree.edit(child).text = Text::open(words);
                    left.extend(elements.iter().map(|element| (*element, own)));
                    inner.push((child, elements));
                }
                let tail = &mut self.tree.edit(child).tail;
                if !tail.is_empty() && !tail.atomic {
                    let tail = std::mem::take(tail).words;
                    let tail = self.inline(tail, 0, in_link);
                    let (words, elements) = self.placed(&tail);
                    self.tree.edit(child).tail = Text::open(words);
                    self.tree.edit(current).children.splice(at..at, elements);
                }
                if !self.tree.get(child).children.is_empty() {
                    left.push_back((child, in_link));
                }
            }
            for (child, elements) in inner {
                self.tree.edit(child).children.splice(0..0, elements);
            }
        }
    }

    /// `text` with placeholders for what the patterns from `first` on find in it.
    fn inline(&mut self, mut text: String, first: usize, in_link: bool) -> String {
        if self.depth > MAX_DEPTH {
            return text;
        }
        self.depth += 1;
        for (number, pattern) in PATTERNS.iter().enumerate().skip(first) {
            let triggers = pattern.triggers();
            let has = |text: &str| match triggers {
                [one] => memchr::memchr(*one, text.as_bytes()).is_some(),
                [one, other, ..] => memchr::memchr2(*one, *other, text.as_bytes()).is_some(),
                [] => false,
            };
            if has(&text) && self.is_on(*pattern, in_link) {
                text = self.apply(*pattern, number, text, in_link);
            }
        }
        self.depth -= 1;
        text
    }

    fn is_on(&self, pattern: Pattern, in_link: bool) -> bool {
        match pattern {
            Pattern::Address | Pattern::Mail => !in_link,
            Pattern::Keys => self.options.keys,
            Pattern::Math => self.options.math,
            Pattern::LineEnd => self.options.breaks,
            _ => true,
        }
    }

    /// `text` with placeholders for what `pattern` finds in it.
    fn apply(&mut self, pattern: Pattern, number: usize, text: String, in_link: bool) -> String {
        let triggers = pattern.triggers();
        if pattern == Pattern::Code {
            self.ticks = code::Ticks::of(&text);
        }
        let is_linking = matches!(triggers, [b'[' | b'!']);
        let around =
            is_linking.then(|| std::mem::replace(&mut self.brackets, link::Brackets::of(&text)));
        let mut out = String::new();
        let (mut from, mut at) = (0, 0);
        while let Some(tail) = text.as_bytes().get(at..) {
            let next = match triggers {
                [one] => memchr::memchr(*one, tail),
                [one, other, ..] => memchr::memchr2(*one, *other, tail),
                [] => None,
            };
            let Some(next) = next else { break };
            at += next;
            if self.fuel == 0 {
                break;
            }
            let spot = Spot {
                text: &text,
                at,
                from,
            };
            match self.find(pattern, &spot) {
                Some(Found::Node(start, end, node)) => {
                    if let Node::Element(id) = node {
                        self.within(id, number, in_link);
                    }
                    out.push_str(text.get(from..start).unwrap_or_default());
                    out.push(OPEN);
                    out.push('i');
                    out.push_str(&self.nodes.len().to_string());
                    out.push(CLOSE);
                    self.nodes.push(node);
                    (from, at) = (end, end);
                }
                Some(Found::Skip(end)) => at = end.max(at + 1),
                None => at += 1,
            }
        }
        self.brackets = around.unwrap_or_else(|| std::mem::take(&mut self.brackets));
        if from == 0 {
            return text;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        out
    }

    /// Goes on within an element that the pattern with this number has made.
    fn within(&mut self, id: Id, number: usize, in_link: bool) {
        if self.tree.get(id).text.atomic {
            return;
        }
        let mut parts = vec![id];
        parts.extend(&self.tree.get(id).children);
        for part in parts {
            let element = self.tree.edit(part);
            let (text, tail) = (element.text.clone(), element.tail.clone());
            let own = in_link || element.tag == "a";
            if !text.is_empty() && !text.atomic {
                let text = self.inline(text.words, number + 1, own);
                self.tree.edit(part).text = Text::open(text);
            }
            if !tail.is_empty() && !tail.atomic {
                let tail = self.inline(tail.words, number, in_link);
                self.tree.edit(part).tail = Text::open(tail);
            }
        }
    }

    fn find(&mut self, pattern: Pattern, spot: &Spot<'_>) -> Option<Found> {
        match pattern {
            Pattern::Code => self.code(spot),
            Pattern::Math => self.math(spot),
            Pattern::Escape => escape(spot),
            Pattern::Footnote => self.footnote(spot),
            Pattern::Reference => self.reference(spot, false, false),
            Pattern::Link => self.link(spot, false),
            Pattern::Image => self.link(spot, true),
            Pattern::ImageReference => self.reference(spot, true, false),
            Pattern::ShortReference => self.reference(spot, false, true),
            Pattern::ShortImage => self.reference(spot, true, true),
            Pattern::AutoLink => self.auto_link(spot),
            Pattern::AutoMail => self.auto_mail(spot),
            Pattern::Break => {
                let found = spot.rest().starts_with("  \n");
                found.then(|| self.line_break(spot.at, spot.at + 3))
            }
            Pattern::LineEnd => Some(self.line_break(spot.at, spot.at + 1)),
            Pattern::Html => self.html(spot),
            Pattern::Address => self.address(spot),
            Pattern::Mail => self.mail(spot),
            Pattern::Entity => self.entity(spot),
            Pattern::Emoji => self.emoji(spot),
            Pattern::Lone | Pattern::LoneTilde => lone(spot),
            Pattern::Keys => self.keys(spot),
            Pattern::Caret => self.sequence(spot, emphasis::CARET),
            Pattern::Mark => self.sequence(spot, emphasis::MARK),
            Pattern::Tilde => self.sequence(spot, emphasis::TILDE),
            Pattern::Star => self.sequence(spot, emphasis::STAR),
            Pattern::Underscore => self.sequence(spot, emphasis::UNDERSCORE),
        }
    }

    fn line_break(&mut self, start: usize, end: usize) -> Found {
        let id = self.tree.create("br", 0);
        Found::Node(start, end, Node::Element(id))
    }

    /// How much work was done.
    pub(super) fn steps(&self) -> usize {
        FUEL - self.fuel
    }

    /// So much work is done; whether there may be more.
    fn burn(&mut self, steps: usize) -> bool {
        self.fuel = self.fuel.saturating_sub(steps);
        self.fuel > 0
    }

    /// What `text`, which has placeholders, stands for: the words before the first element, and the elements, each
    /// with the words behind it.
    fn placed(&mut self, text: &str) -> (String, Vec<Id>) {
        let mut words = String::new();
        let mut elements: Vec<Id> = Vec::new();
        let mut rest = text;
        loop {
            let at = memchr::memchr(OPEN as u8, rest.as_bytes()).unwrap_or(rest.len());
            let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.add(&mut words, &elements, before);
            if tail.is_empty() {
                return (words, elements);
            }
            let found = stash::numbered(tail, 'i');
            let node = found.and_then(|(number, length)| {
                let node = self.nodes.get(number)?.clone();
                Some((node, length))
            });
            let length = match node {
                Some((Node::Text(text), length)) => {
                    self.add(&mut words, &elements, &text);
                    length
                }
                Some((Node::Element(id), length)) => {
                    self.settle(id);
                    elements.push(id);
                    length
                }
                None => {
                    self.add(&mut words, &elements, tail.get(..1).unwrap_or_default());
                    1
                }
            };
            rest = tail.get(length..).unwrap_or_default();
        }
    }

    fn add(&mut self, words: &mut String, elements: &[Id], text: &str) {
        match elements.last() {
            Some(last) => self.tree.edit(*last).tail.words.push_str(text),
            None => words.push_str(text),
        }
    }

    /// Puts what the placeholders in an element and in what it holds stand for in their place.
    fn settle(&mut self, id: Id) {
        let children = self.tree.get(id).children.clone();
        let own = std::mem::take(&mut self.tree.edit(id).text);
        let (words, elements) = self.placed(&own.words);
        self.tree.edit(id).text = Text { words, ..own };
        let mut held = elements;
        for child in children {
            let (text, tail) = {
                let child = self.tree.edit(child);
                (
                    std::mem::take(&mut child.text),
                    std::mem::take(&mut child.tail),
                )
            };
            let (words, inner) = self.placed(&text.words);
            self.tree.edit(child).text = Text { words, ..text };
            self.tree.edit(child).children.splice(0..0, inner);
            let (words, behind) = self.placed(&tail.words);
            self.tree.edit(child).tail = Text { words, ..tail };
            held.push(child);
            held.extend(behind);
        }
        self.tree.edit(id).children = held;
    }

    /// `text` with the words that placeholders stand for.
    fn unescaped(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(OPEN) {
            let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            out.push_str(before);
            let found = stash::numbered(tail, 'i');
            let node = found.and_then(|(number, length)| Some((self.nodes.get(number)?, length)));
            let length = match node {
                Some((Node::Text(text), length)) => {
                    out.push_str(text);
                    length
                }
                Some((Node::Element(id), length)) => {
                    for id in self.tree.below(*id) {
                        out.push_str(&self.tree.get(id).text.words);
                    }
                    length
                }
                None => {
                    out.push(OPEN);
                    1
                }
            };
            rest = tail.get(length..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }
}

/// A backslash before a character that means something.
fn escape(spot: &Spot<'_>) -> Option<Found> {
    let escaped = spot.rest().chars().nth(1)?;
    let end = spot.at + 1 + escaped.len_utf8();
    if "\\`*_{}[]()>#+-.!|^ :=~".contains(escaped) {
        let code = format!("{OPEN}{}{CLOSE}", u32::from(escaped));
        Some(Found::Node(spot.at, end, Node::Text(code)))
    } else {
        Some(Found::Skip(end))
    }
}

/// Marks with white space on both sides are text.
fn lone(spot: &Spot<'_>) -> Option<Found> {
    let rest = spot.rest();
    let mark = rest.chars().next()?;
    if spot
        .before(spot.at)
        .is_some_and(|before| !before.is_whitespace())
    {
        return None;
    }
    let behind = rest.trim_start_matches(mark);
    let marks = rest.len() - behind.len();
    if !behind.is_empty() && !behind.starts_with(char::is_whitespace) {
        return None;
    }
    let text = rest.get(..marks)?.to_owned();
    Some(Found::Node(spot.at, spot.at + marks, Node::Text(text)))
}
