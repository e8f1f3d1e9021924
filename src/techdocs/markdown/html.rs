//! HTML in a page: a few tags are understood, all others are looked through, scripts and styles are dropped.

use super::build::Builder;
use super::build::frame::Frame;
use super::entity;
use super::inline::Mark;
use crate::techdocs::document::{BlockKind, Face};
use crate::techdocs::html::token::{self, Token, tokens};

/// A block of HTML.
pub(super) fn block(builder: &mut Builder<'_, '_>, html: &str) {
    builder.flush();
    let base = builder.frames.depth();
    let mut dropped: Option<String> = None;
    let mut preformatted: Option<String> = None;
    for token in tokens(html) {
        if let Some(name) = &dropped {
            if matches!(&token, Token::Close(closed) if closed == name) {
                dropped = None;
            }
            continue;
        }
        if let Some(text) = &mut preformatted {
            match token {
                Token::Text(more) => text.push_str(&entity::decoded(more)),
                Token::Close(name) if name == "pre" => {
                    let text = std::mem::take(text);
                    builder.preformatted(text.trim_matches('\n').to_owned() + "\n");
                    preformatted = None;
                }
                Token::Open { .. } | Token::Close(_) => {}
            }
            continue;
        }
        match token {
            Token::Text(text) => words(builder, text),
            Token::Open { name, attributes } => match name.as_str() {
                "script" | "style" | "svg" | "template" | "noscript" => dropped = Some(name),
                "pre" => preformatted = Some(String::new()),
                _ => open(builder, &name, attributes, base),
            },
            Token::Close(name) => close(builder, &name, base),
        }
    }
    if let Some(text) = preformatted {
        builder.preformatted(text);
    }
    builder.flush();
    while builder.frames.depth() > base {
        builder.close();
    }
}

/// A tag within a paragraph.
pub(super) fn inline(builder: &mut Builder<'_, '_>, tag: &str) {
    for token in tokens(tag) {
        match token {
            Token::Open { name, attributes } => drop(open_inline(builder, &name, attributes)),
            Token::Close(name) => drop(close_inline(builder, &name)),
            Token::Text(_) => {}
        }
    }
}

fn words(builder: &mut Builder<'_, '_>, text: &str) {
    let mut folded = String::with_capacity(text.len());
    for c in entity::decoded(text).chars() {
        let c = if c == '\u{a0}' { ' ' } else { c };
        if !c.is_whitespace() {
            folded.push(c);
        } else if !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    if folded != " " || builder.has_words() {
        let text = if builder.has_words() {
            &folded
        } else {
            folded.trim_start()
        };
        builder.text(text);
    }
}

fn open(builder: &mut Builder<'_, '_>, name: &str, attributes: &str, base: usize) {
    if open_inline(builder, name, attributes) {
        return;
    }
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => builder.open_heading(level(name)),
        "ul" => builder.open(Frame::list(None)),
        "ol" => builder.open(Frame::list(Some(1))),
        "li" => {
            close(builder, "li", base);
            builder.open(Frame::item());
        }
        "blockquote" => builder.open(Frame::quote()),
        "table" => builder.open(Frame::table(Vec::new())),
        "tr" => {
            close(builder, "tr", base);
            builder.open(Frame::row());
        }
        "td" | "th" => builder.flush(),
        "hr" => builder.block(BlockKind::Rule),
        _ => {
            if !builder.in_cell() {
                builder.flush();
            }
        }
    }
}

fn close(builder: &mut Builder<'_, '_>, name: &str, base: usize) {
    if close_inline(builder, name) {
        return;
    }
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => builder.close_heading(None),
        "td" | "th" => builder.close_cell(),
        _ => match builder.frames.count_to(name, base) {
            Some(count) => (0..count).for_each(|_| builder.close()),
            None if builder.in_cell() => {}
            None => builder.flush(),
        },
    }
}

/// Whether the tag sets text within a paragraph; if so it is done.
fn open_inline(builder: &mut Builder<'_, '_>, name: &str, attributes: &str) -> bool {
    match name {
        "a" => {
            if let Some(href) = token::attribute(attributes, "href") {
                builder.open_link(&entity::decoded(href));
            }
        }
        "br" => builder.line_break(),
        "img" => {
            let alt = entity::decoded(token::attribute(attributes, "alt").unwrap_or_default());
            let source = entity::decoded(token::attribute(attributes, "src").unwrap_or_default());
            builder.show_image(&source, &alt);
        }
        _ => match mark(name) {
            Some(mark) => builder.mark(mark),
            None => return is_plain(name),
        },
    }
    true
}

fn close_inline(builder: &mut Builder<'_, '_>, name: &str) -> bool {
    match name {
        "a" => builder.close_link(),
        "br" | "img" => {}
        _ => match mark(name) {
            Some(mark) => builder.unmark(mark),
            None => return is_plain(name),
        },
    }
    true
}

/// How a tag within a paragraph sets its text.
pub(in crate::techdocs) fn mark(name: &str) -> Option<Mark> {
    Some(match name {
        "b" | "strong" => Mark::Strong,
        "i" | "em" | "cite" | "var" | "dfn" => Mark::Emphasis,
        "s" | "del" | "strike" => Mark::Strike,
        "u" | "ins" => Mark::Underline,
        "mark" => Mark::Face(Face::Mark),
        "code" | "tt" | "samp" => Mark::Face(Face::Code),
        "kbd" => Mark::Face(Face::Key),
        _ => return None,
    })
}

/// Whether a tag stands within a paragraph and is looked through.
fn is_plain(name: &str) -> bool {
    const PLAIN: &[&str] = &[
        "span", "sub", "sup", "small", "big", "font", "abbr", "q", "time", "label", "picture",
        "source", "wbr", "input", "button",
    ];
    PLAIN.contains(&name)
}

/// The level of `h1` to `h6`.
fn level(name: &str) -> u8 {
    name.as_bytes()
        .get(1)
        .copied()
        .map_or(6, |digit| digit.saturating_sub(b'0'))
}
