//! The spans of one paragraph, heading or cell, put together piece by piece.

use super::polish::polish;
use crate::techdocs::document::{Face, Link, Span, SpanStyle};

/// A way of setting text that opens and closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::techdocs) enum Mark {
    Strong,
    Emphasis,
    Strike,
    Underline,
    /// Code, marked text or a key.
    Face(Face),
}

/// Text being put together.
#[derive(Debug, Default)]
pub(in crate::techdocs) struct Inline {
    spans: Vec<Span>,
    /// Words in one style that have not become spans yet.
    words: String,
    strong: usize,
    emphasis: usize,
    strike: usize,
    underline: usize,
    faces: Vec<Face>,
    /// The open link and the span it begins at.
    link: Option<(u32, usize)>,
    /// Whether an element has just ended, so that `{: … }` right behind it belongs to it.
    after_element: bool,
}

impl Inline {
    /// Whether there is nothing yet.
    pub(in crate::techdocs) fn is_empty(&self) -> bool {
        self.spans.is_empty() && self.words.is_empty()
    }

    /// Words as written.
    pub(in crate::techdocs) fn words(&mut self, text: &str) {
        self.words.push_str(text);
    }

    /// Text that is taken as it stands, in this face.
    pub(in crate::techdocs) fn literal(&mut self, text: &str, face: Face, links: &mut Vec<Link>) {
        self.flush(links);
        let style = SpanStyle {
            face,
            ..self.style()
        };
        self.push(text, style);
        self.after_element = true;
    }

    /// A break that the author made.
    pub(in crate::techdocs) fn line_break(&mut self, links: &mut Vec<Link>) {
        self.flush(links);
        let style = self.style();
        self.push("\n", style);
    }

    /// From here on text is set so.
    pub(in crate::techdocs) fn open(&mut self, mark: Mark, links: &mut Vec<Link>) {
        self.flush(links);
        match mark {
            Mark::Strong => self.strong += 1,
            Mark::Emphasis => self.emphasis += 1,
            Mark::Strike => self.strike += 1,
            Mark::Underline => self.underline += 1,
            Mark::Face(face) => self.faces.push(face),
        }
    }

    /// From here on text is no longer set so.
    pub(in crate::techdocs) fn close(&mut self, mark: Mark, links: &mut Vec<Link>) {
        self.flush(links);
        let down = |count: &mut usize| *count = count.saturating_sub(1);
        match mark {
            Mark::Strong => down(&mut self.strong),
            Mark::Emphasis => down(&mut self.emphasis),
            Mark::Strike => down(&mut self.strike),
            Mark::Underline => down(&mut self.underline),
            Mark::Face(_) => drop(self.faces.pop()),
        }
        self.after_element = true;
    }

    /// A link begins.
    pub(in crate::techdocs) fn open_link(&mut self, href: &str, line: u32, links: &mut Vec<Link>) {
        self.close_link(links);
        self.flush(links);
        let id = u32::try_from(links.len()).unwrap_or(u32::MAX);
        links.push(Link {
            text: String::new(),
            href: href.to_owned(),
            line,
        });
        self.link = Some((id, self.spans.len()));
    }

    /// The open link ends.
    pub(in crate::techdocs) fn close_link(&mut self, links: &mut Vec<Link>) {
        self.flush(links);
        if let Some((id, first)) = self.link.take() {
            let text = super::plain(self.spans.get(first..).unwrap_or_default());
            if let Some(link) = links.get_mut(id as usize) {
                link.text = text;
            }
            self.after_element = true;
        }
    }

    /// The spans; every bracket left open is closed.
    pub(in crate::techdocs) fn finish(mut self, links: &mut Vec<Link>) -> Vec<Span> {
        self.close_link(links);
        self.flush(links);
        self.spans
    }

    fn style(&self) -> SpanStyle {
        SpanStyle {
            face: self.faces.last().copied().unwrap_or_default(),
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            strike: self.strike > 0,
            underline: self.underline > 0,
        }
    }

    fn flush(&mut self, links: &mut Vec<Link>) {
        if self.words.is_empty() {
            return;
        }
        let words = std::mem::take(&mut self.words);
        let style = self.style();
        if style.face == Face::Code {
            self.push(&words, style);
        } else {
            let link = self.link.map(|(id, _)| id);
            let after_element = std::mem::take(&mut self.after_element);
            polish(&words, style, link, after_element, &mut self.spans, links);
        }
        self.after_element = false;
    }

    fn push(&mut self, text: &str, style: SpanStyle) {
        push(&mut self.spans, text, style, self.link.map(|(id, _)| id));
    }
}

/// Adds text to `spans`, to the last one where it is set alike.
pub(in crate::techdocs) fn push(
    spans: &mut Vec<Span>,
    text: &str,
    style: SpanStyle,
    link: Option<u32>,
) {
    if text.is_empty() {
        return;
    }
    match spans.last_mut() {
        Some(last) if last.style == style && last.link == link && style.face != Face::Key => {
            last.text.push_str(text);
        }
        _ => spans.push(Span {
            text: text.to_owned(),
            style,
            link,
        }),
    }
}
