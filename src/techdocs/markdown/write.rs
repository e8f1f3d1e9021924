//! The tree → HTML, as Python-Markdown's serializer and postprocessors write it. Blocks say in `data-line` where they
//! stand in the source.

use std::borrow::Cow;

use super::dom::{Element, Id, ROOT, Tree};
use super::raw::tag::is_block;
use super::stash::{self, CLOSE, OPEN, Raw, Stash};

/// How deep HTML that was taken out may lie within other such.
const MAX_DEPTH: usize = 80;
/// How much HTML a page may become, in bytes.
const MAX_BYTES: usize = 64 << 20;

/// The page as HTML.
pub(super) fn page(tree: &Tree, stash: &Stash) -> String {
    let mut writer = Writer {
        tree,
        stash,
        out: String::new(),
        depth: 0,
    };
    writer.inner(ROOT);
    writer.out
}

/// What an element holds as HTML.
pub(super) fn inner(tree: &Tree, stash: &Stash, id: Id) -> String {
    let mut writer = Writer {
        tree,
        stash,
        out: String::new(),
        depth: 0,
    };
    writer.inner(id);
    writer.out
}

struct Writer<'t> {
    tree: &'t Tree,
    stash: &'t Stash,
    out: String,
    depth: usize,
}

impl Writer<'_> {
    fn inner(&mut self, id: Id) {
        let element = self.tree.get(id);
        self.text(&element.text.words, element.tag != "code");
        for child in &element.children {
            self.element(*child);
            self.text(&self.tree.get(*child).tail.words, true);
        }
    }

    fn element(&mut self, id: Id) {
        if self.depth > MAX_DEPTH || self.out.len() > MAX_BYTES {
            return;
        }
        self.depth += 1;
        let element = self.tree.get(id);
        if !self.unwrapped(element) {
            self.open(element);
            if !matches!(element.tag.as_ref(), "br" | "hr" | "img" | "input") {
                self.inner(id);
                self.out.push_str("</");
                self.out.push_str(&element.tag);
                self.out.push('>');
            }
            if is_block(&element.tag) {
                self.out.push('\n');
            }
        }
        self.depth -= 1;
    }

    /// A paragraph of nothing but an HTML block is only that block.
    fn unwrapped(&mut self, element: &Element) -> bool {
        if element.tag != "p" || !element.attributes.is_empty() || !element.children.is_empty() {
            return false;
        }
        let words = element.text.words.as_str();
        let known = stash::placeholder(words).filter(|(_, length)| *length == words.len());
        let Some((number, _)) = known else {
            return false;
        };
        match self.stash.get(number) {
            Some(Raw::Html(html)) if is_block_html(html) => {
                self.raw(html);
                self.out.push('\n');
                true
            }
            _ => false,
        }
    }

    fn open(&mut self, element: &Element) {
        self.out.push('<');
        self.out.push_str(&element.tag);
        if element.line > 0 && is_block(&element.tag) {
            self.out.push_str(" data-line=\"");
            self.out.push_str(&element.line.to_string());
            self.out.push('"');
        }
        for (key, value) in &element.attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            let value = unescaped(value);
            let value = escaped_entities(&value);
            self.substituted(&value.replace('"', "&quot;"));
            self.out.push('"');
        }
        self.out.push('>');
    }

    fn text(&mut self, words: &str, escapes: bool) {
        if words.is_empty() {
            return;
        }
        let words = if escapes {
            unescaped(words)
        } else {
            Cow::Borrowed(words)
        };
        let words = escaped_entities(&words);
        self.substituted(&words);
    }

    /// Text with what was taken out in the place of its placeholders.
    fn substituted(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = memchr::memchr(OPEN as u8, rest.as_bytes()) {
            let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.out.push_str(before);
            let length = if let Some((number, length)) = stash::placeholder(tail) {
                self.stashed(number);
                length
            } else {
                self.out.push(OPEN);
                1
            };
            rest = tail.get(length..).unwrap_or_default();
        }
        self.out.push_str(rest);
    }

    fn stashed(&mut self, number: usize) {
        if self.depth > MAX_DEPTH || self.out.len() > MAX_BYTES {
            return;
        }
        self.depth += 1;
        match self.stash.get(number) {
            Some(Raw::Html(html)) => self.raw(html),
            Some(Raw::Element(id)) => {
                self.element(*id);
            }
            None => {}
        }
        self.depth -= 1;
    }

    fn raw(&mut self, html: &str) {
        if html.contains(OPEN) {
            self.substituted(html);
        } else {
            self.out.push_str(html);
        }
    }
}

/// Whether HTML begins with a tag that is a block, or with a comment.
fn is_block_html(html: &str) -> bool {
    let Some(body) = html.strip_prefix('<') else {
        return false;
    };
    if body.starts_with(['!', '?', '@', '%']) {
        return true;
    }
    let name = body.strip_prefix('/').unwrap_or(body);
    let name = name.split([' ', '>']).next().unwrap_or_default();
    is_block(name.trim_end_matches('/').to_ascii_lowercase().trim_end())
}

/// `text` as HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// `text` as HTML, character references left as they are.
fn escaped_entities(text: &str) -> Cow<'_, str> {
    if memchr::memchr3(b'&', b'<', b'>', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'&', b'<', b'>', rest.as_bytes()) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        out.push_str(match tail.as_bytes().first() {
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            _ if is_reference(tail) => "&",
            _ => "&amp;",
        });
        rest = tail.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether `text` begins with a character reference.
fn is_reference(text: &str) -> bool {
    // No name is as long as this.
    let end = text.bytes().take(40).position(|byte| byte == b';');
    let name = end.and_then(|end| text.get(1..end));
    name.is_some_and(|name| {
        let digits = name.strip_prefix('#').unwrap_or(name);
        let digits = digits.strip_prefix(['x', 'X']).unwrap_or(digits);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// `text` with the characters that were escaped by a backslash.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains(OPEN) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let code = tail.get(1..).and_then(|tail| tail.split_once(CLOSE));
        let escaped = code.and_then(|(code, behind)| {
            let escaped = code.parse().ok().and_then(char::from_u32)?;
            Some((escaped, behind))
        });
        if let Some((escaped, behind)) = escaped {
            out.push(escaped);
            rest = behind;
        } else {
            out.push(OPEN);
            rest = tail.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}
