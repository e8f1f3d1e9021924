//! HTML blocks, taken out before blocks of Markdown are known: `md_in_html`'s `HTMLExtractorExtra`. HTML goes out as it
//! stands; an element with the attribute `markdown` becomes an element of the tree whose text is parsed later.

mod mark;
pub(super) mod tag;

use super::dom::{Id, Text, Tree};
use super::entity;
use super::source::Source;
use super::stash::Stash;
use mark::{comment_end, raw_end, reference};
use tag::{Open, Tag, holds_text, is_block};

/// The longest declaration that is read, in bytes.
const MAX_MARK: usize = 16 << 10;
/// How deep elements with Markdown may lie within each other; what lies deeper is text.
const MAX_DEPTH: usize = 64;

/// How the content of an element is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Block,
    Span,
    Off,
}

impl Reading {
    /// What the attribute `markdown` says from here on.
    fn name(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Span => "span",
            Self::Off => "off",
        }
    }
}

/// `source` without its HTML blocks, placeholders in their place, and whether HTML is left open at its end.
pub(super) fn take(source: Source, tree: &mut Tree, stash: &mut Stash) -> (Source, bool) {
    if !source.text.contains('<') {
        return (source, false);
    }
    let mut extractor = Extractor {
        text: &source.text,
        numbers: &source.numbers,
        at: 0,
        line: 0,
        line_start: 0,
        out: Out::default(),
        in_raw: false,
        in_tail: false,
        stack: Vec::new(),
        cache: String::new(),
        open: Vec::new(),
        roots: Vec::new(),
        closed: None,
        raw_text: None,
        open_comment: false,
        next_end: 0,
        tree,
        stash,
    };
    extractor.out.numbers.extend(source.numbers.first());
    let is_open = extractor.run();
    let source = Source {
        text: extractor.out.text,
        numbers: extractor.out.numbers,
    };
    (source, is_open)
}

/// What is left of the text.
#[derive(Debug, Default)]
struct Out {
    text: String,
    numbers: Vec<u32>,
    /// Where the piece begins that was added last.
    last: usize,
}

/// An element with Markdown that is open.
struct Nested {
    id: Id,
    name: String,
    reading: Reading,
    /// Whether nothing but tags has come since it opened.
    started: bool,
}

struct Extractor<'t> {
    text: &'t str,
    numbers: &'t [u32],
    /// How far the text is read.
    at: usize,
    /// The line that `at` stands on, from 0, and where it begins.
    line: usize,
    line_start: usize,
    out: Out,
    in_raw: bool,
    in_tail: bool,
    /// The tags that are open in HTML.
    stack: Vec<String>,
    cache: String,
    open: Vec<Nested>,
    /// The outermost element that is open.
    roots: Vec<Id>,
    /// The element that has just closed, if it lies in an open one.
    closed: Option<Id>,
    /// The element whose content is no HTML: `script`, `style`.
    raw_text: Option<String>,
    /// Whether a comment never ended: then none below it does.
    open_comment: bool,
    /// Where the next `>` stands, as far as that was looked for.
    next_end: usize,
    tree: &'t mut Tree,
    stash: &'t mut Stash,
}

impl<'t> Extractor<'t> {
    /// Reads all of the text; whether HTML is left open at its end.
    fn run(&mut self) -> bool {
        while self.at < self.text.len() {
            let rest = self.rest();
            let length = match &self.raw_text {
                Some(name) => raw_end(rest, name).unwrap_or(rest.len()),
                None => memchr::memchr2(b'<', b'&', rest.as_bytes()).unwrap_or(rest.len()),
            };
            let data = rest.get(..length).unwrap_or_default();
            if !data.is_empty() {
                self.data(data, true);
                self.step(length);
            }
            let rest = self.rest();
            if rest.starts_with('<') {
                self.markup(rest);
            } else if rest.starts_with('&') {
                let length = reference(rest);
                let text = rest.get(..length.max(1)).unwrap_or_default();
                if length > 0 {
                    self.empty(text, false);
                } else {
                    self.data(text, true);
                }
                self.step(length.max(1));
            }
        }
        let is_open = self.in_raw || self.open_comment || !self.open.is_empty();
        if !self.cache.is_empty() {
            let placeholder = self.stash.html(std::mem::take(&mut self.cache));
            self.put(&placeholder);
        }
        if let Some(first) = self.open.first() {
            let name = first.name.clone();
            self.close(&name, "");
        }
        is_open
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes on by so many bytes.
    fn step(&mut self, length: usize) {
        let passed = self.text.get(self.at..self.at + length).unwrap_or_default();
        if let Some(last) = passed.rfind('\n') {
            self.line += memchr::memchr_iter(b'\n', passed.as_bytes()).count();
            self.line_start = self.at + last + 1;
        }
        self.at += length.max(1);
    }

    fn number(&self) -> u32 {
        self.numbers.get(self.line).copied().unwrap_or_default()
    }

    /// Whether at most three spaces stand before this on its line.
    fn at_line_start(&self) -> bool {
        let before = self.text.get(self.line_start..self.at).unwrap_or_default();
        before.len() <= 3 && before.trim().is_empty()
    }

    /// Whether an empty line follows after so many bytes.
    fn blank_after(&self, length: usize) -> bool {
        let rest = self.text.get(self.at + length..).unwrap_or_default();
        let blank = |text: &'t str| text.trim_start_matches(' ').strip_prefix('\n');
        blank(rest).and_then(blank).is_some()
    }

    fn markup(&mut self, rest: &'t str) {
        let second = rest.as_bytes().get(1).copied();
        match second {
            Some(byte) if byte.is_ascii_alphabetic() && !self.may_end() => self.text_of(1),
            Some(byte) if byte.is_ascii_alphabetic() => match tag::open(rest) {
                Tag::None => self.text_of(1),
                Tag::Junk(length) => self.text_of(length),
                Tag::Open(open) => {
                    let length = open.length;
                    let text = rest.get(..length).unwrap_or_default();
                    if open.closed {
                        self.empty_tag(&open, text);
                    } else {
                        self.opened(&open, text);
                    }
                    self.step(length);
                }
            },
            Some(b'/') => self.end_tag(rest),
            Some(b'!') if rest.starts_with("<!--") => {
                let body = rest.get(4..).filter(|_| !self.open_comment);
                if let Some(end) = body.and_then(comment_end) {
                    self.declaration(4 + end);
                } else {
                    self.open_comment = true;
                    self.text_of(1);
                }
            }
            Some(b'!' | b'?') if self.at_line_start() || self.in_tail || !self.open.is_empty() => {
                match memchr::memchr(
                    b'>',
                    rest.as_bytes().get(..MAX_MARK).unwrap_or(rest.as_bytes()),
                ) {
                    Some(end) => self.declaration(end + 1),
                    None => self.text_of(1),
                }
            }
            Some(b'!' | b'?') => self.text_of(2),
            _ => self.text_of(1),
        }
    }

    /// Whether a `>` stands near enough for a tag to end here.
    fn may_end(&mut self) -> bool {
        if self.next_end < self.at {
            let found = memchr::memchr(b'>', self.rest().as_bytes());
            self.next_end = found.map_or(usize::MAX, |found| self.at + found);
        }
        self.next_end.saturating_sub(self.at) <= MAX_MARK
    }

    /// So many bytes are text.
    fn text_of(&mut self, length: usize) {
        let text = self.rest().get(..length).unwrap_or_default();
        self.data(text, true);
        self.step(length);
    }

    /// A comment, a declaration or an instruction of so many bytes.
    fn declaration(&mut self, length: usize) {
        let text = self.rest().get(..length).unwrap_or_default();
        self.empty(text, true);
        self.step(length);
    }

    fn end_tag(&mut self, rest: &'t str) {
        let is_name = |byte: &u8| byte.is_ascii_alphabetic();
        if !rest.as_bytes().get(2).is_some_and(is_name) {
            self.text_of(2.min(rest.len()));
            return;
        }
        let closed = if self.may_end() {
            tag::close(rest)
        } else {
            None
        };
        let Some((name, length)) = closed else {
            let next = rest.get(1..).and_then(|rest| rest.find('<'));
            self.text_of(next.map_or(rest.len(), |next| next + 1));
            return;
        };
        if self.raw_text.as_ref().is_some_and(|raw| *raw != name) {
            self.text_of(length);
            return;
        }
        self.raw_text = None;
        let text = rest.get(..length).unwrap_or_default();
        self.close(&name, text);
        self.step(length);
    }

    /// `handle_starttag`.
    fn opened(&mut self, open: &Open<'t>, text: &'t str) {
        let name = open.name.as_str();
        if name == "hr" && (self.at_line_start() || self.in_tail) {
            self.empty(text, true);
            return;
        }
        let started = self.open.last().is_some_and(|open| open.started);
        if is_block(name) && (self.at_line_start() || self.in_tail || started) {
            let reading = self.reading(open);
            if self.in_raw || (reading == Reading::Off && self.open.is_empty()) {
                self.raw_open(name, text);
            } else if self.open.len() < MAX_DEPTH {
                self.nest(open, reading);
            }
            if matches!(name, "script" | "style") && self.in_raw {
                self.raw_text = Some(name.to_owned());
            }
        } else if self.in_raw {
            self.raw_open(name, text);
            if matches!(name, "script" | "style") {
                self.raw_text = Some(name.to_owned());
            }
        } else {
            self.span(text);
        }
    }

    /// `HTMLExtractor.handle_starttag`.
    fn raw_open(&mut self, name: &str, text: &str) {
        if name == "hr" {
            self.empty(text, true);
            return;
        }
        if is_block(name) && (self.in_tail || (self.at_line_start() && !self.in_raw)) {
            self.in_raw = true;
            self.put("\n");
        }
        if self.in_raw {
            self.stack.push(name.to_owned());
            self.cache.push_str(text);
        } else {
            self.put_source(text);
        }
    }

    /// An element whose content is Markdown, or lies in such.
    fn nest(&mut self, open: &Open<'t>, reading: Reading) {
        if self.open.iter().any(|open| open.name == "p") {
            self.close("p", "");
        }
        let number = self.number();
        let id = self.tree.create(open.name.clone(), number);
        let is_name = |key: &str| !key.contains(['<', '>', '"', '\'', '=']);
        for (key, value) in open.attributes.iter().filter(|(key, _)| is_name(key)) {
            let value = entity::decoded(value.unwrap_or(key));
            self.tree.edit(id).set(key.to_ascii_lowercase(), value);
        }
        self.tree.edit(id).set("markdown", reading.name());
        match self.open.last() {
            Some(parent) => self.tree.edit(parent.id).children.push(id),
            None => self.roots = vec![id],
        }
        self.closed = None;
        self.open.push(Nested {
            id,
            name: open.name.clone(),
            reading,
            started: true,
        });
    }

    /// `get_state`.
    fn reading(&self, open: &Open<'_>) -> Reading {
        let said = open
            .attributes
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("markdown"));
        let said = said.map_or("0", |(_, value)| match value.unwrap_or("1") {
            "markdown" => "1",
            value => value,
        });
        let parent = self.open.last().map(|open| open.reading);
        let said = match parent {
            Some(Reading::Off) => "off",
            Some(Reading::Span) if said != "0" => "span",
            _ => said,
        };
        let name = open.name.as_str();
        let is_span = holds_text(name);
        let is_raw = matches!(
            name,
            "canvas" | "math" | "option" | "pre" | "script" | "style" | "textarea" | "hr"
        );
        match said {
            _ if is_raw => Reading::Off,
            "1" if is_span => Reading::Span,
            "1" | "block" => Reading::Block,
            "span" => Reading::Span,
            _ => Reading::Off,
        }
    }

    /// A tag that stands within text.
    fn span(&mut self, text: &str) {
        if self
            .open
            .last()
            .is_some_and(|open| open.reading == Reading::Off)
        {
            let placeholder = self.stash.html(text);
            self.data(&placeholder, false);
        } else {
            self.data(text, true);
        }
    }

    /// `handle_endtag`.
    fn close(&mut self, name: &str, text: &str) {
        if self.in_raw {
            self.raw_close(name, text);
        } else if is_block(name) && self.open.iter().any(|open| open.name == name) {
            while let Some(open) = self.open.pop() {
                self.closed = Some(open.id);
                if open.name == name {
                    break;
                }
            }
            if self.open.is_empty() {
                self.closed = None;
                for root in std::mem::take(&mut self.roots) {
                    self.finish(root, text.len());
                }
            }
        } else {
            self.span(text);
        }
    }

    /// `HTMLExtractor.handle_endtag`.
    fn raw_close(&mut self, name: &str, text: &str) {
        self.cache.push_str(text);
        if let Some(at) = self.stack.iter().rposition(|open| open == name) {
            self.stack.truncate(at);
        }
        if self.stack.is_empty() {
            if self.blank_after(text.len()) {
                self.cache.push('\n');
            } else {
                self.in_tail = true;
            }
            self.in_raw = false;
            let placeholder = self.stash.html(std::mem::take(&mut self.cache));
            self.put(&placeholder);
            self.put("\n\n");
        }
    }

    /// The outermost element with Markdown has closed.
    fn finish(&mut self, root: Id, length: usize) {
        self.part_from_last();
        self.flatten(root);
        let placeholder = self.stash.element(root);
        self.put(&placeholder);
        self.put("\n\n");
        if !self.blank_after(length) {
            self.in_tail = true;
        }
    }

    /// Children become placeholders in their parent's text, so that what stands between them is parsed as it is
    /// elsewhere.
    fn flatten(&mut self, root: Id) {
        let mut left = std::collections::VecDeque::from([root]);
        while let Some(id) = left.pop_front() {
            for child in std::mem::take(&mut self.tree.edit(id).children) {
                let tail = std::mem::take(&mut self.tree.edit(child).tail).words;
                let tail = if tail == "\n" {
                    tail
                } else {
                    format!("\n{}", tail.trim_end_matches('\n'))
                };
                let placeholder = self.stash.element(child);
                if self.tree.get(child).attribute("markdown") == Some("off") {
                    for below in self.tree.below(child) {
                        let attributes = &mut self.tree.edit(below).attributes;
                        attributes.retain(|(key, _)| key != "markdown");
                    }
                } else {
                    left.push_back(child);
                }
                let text = &mut self.tree.edit(id).text.words;
                if !text.ends_with("\n\n") {
                    text.truncate(text.trim_end_matches('\n').len());
                    text.push_str("\n\n");
                }
                text.push_str(&placeholder);
                text.push_str(&tail);
            }
        }
    }

    /// `handle_startendtag`.
    fn empty_tag(&mut self, open: &Open<'_>, text: &str) {
        self.empty(text, is_block(&open.name));
    }

    /// `handle_empty_tag`.
    fn empty(&mut self, text: &str, block: bool) {
        if !self.in_raw && !self.open.is_empty() {
            if self.at_line_start() && block {
                let placeholder = self.stash.html(text);
                self.data(&format!("\n{placeholder}\n\n"), false);
            } else {
                self.span(text);
            }
        } else if self.in_raw || self.in_tail {
            self.cache.push_str(text);
        } else if self.at_line_start() && block {
            let mut html = text.to_owned();
            if self.blank_after(text.len()) {
                html.push('\n');
            } else {
                self.in_tail = true;
            }
            self.part_from_last();
            let placeholder = self.stash.html(html);
            self.put(&placeholder);
            self.put("\n\n");
        } else {
            self.put_source(text);
        }
    }

    /// `handle_data`; `own`: whether `text` stands so in the source.
    fn data(&mut self, text: &str, own: bool) {
        if self.in_tail && text.contains('\n') {
            self.in_tail = false;
        }
        if self.in_raw {
            self.cache.push_str(text);
        } else if let Some(open) = self.open.last_mut() {
            open.started = false;
            let id = open.id;
            let closed = self
                .closed
                .filter(|closed| self.tree.get(id).children.last() == Some(closed));
            if let Some(closed) = closed {
                self.tree.edit(closed).tail.words.push_str(text);
            } else {
                let element = self.tree.edit(id);
                element.text = Text::open(std::mem::take(&mut element.text.words) + text);
            }
        } else if own {
            self.put_source(text);
        } else {
            self.put(text);
        }
    }

    /// An empty line before a block, where only a line's end stands there.
    fn part_from_last(&mut self) {
        let last = self.out.text.get(self.out.last..).unwrap_or_default();
        if last.ends_with('\n') && !last.ends_with("\n\n") {
            self.put("\n");
        }
    }

    /// Adds what does not stand in the source.
    fn put(&mut self, text: &str) {
        self.out.last = self.out.text.len();
        self.out.text.push_str(text);
        let number = self.number();
        let lines = memchr::memchr_iter(b'\n', text.as_bytes());
        self.out.numbers.extend(lines.map(|_| number));
    }

    /// Adds what begins here in the source.
    fn put_source(&mut self, text: &str) {
        self.out.last = self.out.text.len();
        self.out.text.push_str(text);
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
        let next = self.line + 1..self.line + 1 + lines;
        let last = self.numbers.last().copied().unwrap_or_default();
        let numbers = next.map(|line| self.numbers.get(line).copied().unwrap_or(last));
        self.out.numbers.extend(numbers);
    }
}
