//! The spans of one paragraph, heading or cell, put together piece by piece.

use crate::techdocs::document::{Face, Link, Span, SpanStyle};
use crate::techdocs::markdown::plain;

/// A way of setting text that opens and closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Strong,
    Emphasis,
    Strike,
    Underline,
    /// Code, marked text or a key.
    Face(Face),
}

/// Text being put together.
#[derive(Debug, Default)]
pub(super) struct Inline {
    spans: Vec<Span>,
    strong: usize,
    emphasis: usize,
    strike: usize,
    underline: usize,
    /// The open link and the span it begins at.
    link: Option<(u32, usize)>,
}

impl Inline {
    /// Text that is taken as it stands, in this face.
    pub(super) fn literal(&mut self, text: &str, face: Face) {
        let style = SpanStyle {
            face,
            ..self.style()
        };
        self.push(text, style);
    }

    /// A break that the author made.
    pub(super) fn line_break(&mut self) {
        self.push("\n", self.style());
    }

    /// From here on text is set so.
    pub(super) fn open(&mut self, mark: Mark) {
        match mark {
            Mark::Strong => self.strong += 1,
            Mark::Emphasis => self.emphasis += 1,
            Mark::Strike => self.strike += 1,
            Mark::Underline => self.underline += 1,
            Mark::Face(_) => {}
        }
    }

    /// From here on text is no longer set so.
    pub(super) fn close(&mut self, mark: Mark) {
        let down = |count: &mut usize| *count = count.saturating_sub(1);
        match mark {
            Mark::Strong => down(&mut self.strong),
            Mark::Emphasis => down(&mut self.emphasis),
            Mark::Strike => down(&mut self.strike),
            Mark::Underline => down(&mut self.underline),
            Mark::Face(_) => {}
        }
    }

    /// A link begins.
    pub(super) fn open_link(&mut self, href: &str, line: u32, links: &mut Vec<Link>) {
        self.close_link(links);
        let id = u32::try_from(links.len()).unwrap_or(u32::MAX);
        links.push(Link {
            text: String::new(),
            href: href.to_owned(),
            line,
        });
        self.link = Some((id, self.spans.len()));
    }

    /// The open link ends.
    pub(super) fn close_link(&mut self, links: &mut [Link]) {
        if let Some((id, first)) = self.link.take() {
            let text = plain(self.spans.get(first..).unwrap_or_default());
            if let Some(link) = links.get_mut(id as usize) {
                link.text = text;
            }
        }
    }

    /// The spans; a link left open is closed.
    pub(super) fn finish(mut self, links: &mut [Link]) -> Vec<Span> {
        self.close_link(links);
        self.spans
    }

    fn style(&self) -> SpanStyle {
        SpanStyle {
            face: Face::Text,
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            strike: self.strike > 0,
            underline: self.underline > 0,
        }
    }

    /// Adds text, to the last span where it is set alike.
    fn push(&mut self, text: &str, style: SpanStyle) {
        if text.is_empty() {
            return;
        }
        let link = self.link.map(|(id, _)| id);
        match self.spans.last_mut() {
            Some(last) if last.style == style && last.link == link && style.face != Face::Key => {
                last.text.push_str(text);
            }
            _ => self.spans.push(Span {
                text: text.to_owned(),
                style,
                link,
            }),
        }
    }
}
