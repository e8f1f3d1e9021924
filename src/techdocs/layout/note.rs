//! Notes: footnotes shown where the text refers to them, and the numbers of annotations.

use super::SpotTarget;
use super::blocks::{Painter, run};
use super::reading::Choice;
use super::wrap::columns;
use crate::techdocs::document::{Block, BlockKind, Document, Face, Span};
use crate::techdocs::html::notes;
use crate::techdocs::role::Role;

impl Painter<'_> {
    /// Makes spots of the footnotes that a run refers to, and remembers those that are open.
    pub(super) fn references(&mut self, text: &str, line: usize, column: usize) {
        for (at, _) in text.match_indices('[') {
            let inner = text.get(at + 1..).and_then(|rest| rest.split_once(']'));
            let number = inner.and_then(|(number, _)| number.parse::<u32>().ok());
            let (Some(note), Some((digits, _))) = (number.and_then(|n| n.checked_sub(1)), inner)
            else {
                continue;
            };
            if self.in_note {
                continue;
            }
            let before = columns(text.get(..at).unwrap_or_default());
            self.spot(
                line,
                column + before,
                digits.len() + 2,
                SpotTarget::Note(note),
            );
            if self.choice(Choice::Note(note)) == 1 && !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    /// Draws the footnotes that are open in the block that was drawn.
    pub(super) fn opened_notes(&mut self) {
        for note in std::mem::take(&mut self.notes) {
            let Some(blocks) = footnote(self.document, note) else {
                continue;
            };
            let first = run(&format!("▎ [{}] ", note + 1), Role::Footnote);
            let pad = columns(&first.text) - 2;
            let rest = run(&format!("▎ {}", " ".repeat(pad)), Role::Footnote);
            self.in_note = true;
            self.within_first(Some(first), rest, |painter| painter.blocks(blocks, true));
            self.in_note = false;
        }
    }
}

/// What the footnote says.
fn footnote(document: &Document, note: u32) -> Option<&[Block]> {
    let mut blocks = document.blocks.iter().rev();
    let notes = blocks.find_map(|block| match &block.kind {
        BlockKind::Footnotes(notes) => Some(notes),
        _ => None,
    })?;
    notes
        .get(note as usize)
        .map(|(_, blocks)| blocks.as_slice())
}

/// The sign of the note `number`, from 1.
pub(super) fn sign(number: usize) -> String {
    let sign = u32::try_from(number)
        .ok()
        .filter(|number| (1..=20).contains(number));
    let sign = sign.and_then(|number| char::from_u32(0x245f + number));
    sign.map_or_else(|| format!("({number})"), String::from)
}

/// A line of code without the comment that names notes, and the signs of these.
pub(super) fn parted(line: &str) -> (&str, String) {
    let Some((comment, first)) = notes::marker(line) else {
        return (line, String::new());
    };
    let (code, signs) = (line.get(..comment), line.get(first..));
    (
        code.unwrap_or(line),
        signed(signs.unwrap_or_default(), true),
    )
}

/// Spans in which `(1)` is the sign of a note.
pub(super) fn marked(spans: &[Span]) -> Vec<Span> {
    let mut marked = spans.to_vec();
    for span in marked
        .iter_mut()
        .filter(|span| span.style.face == Face::Text)
    {
        span.text = signed(&span.text, false);
    }
    marked
}

/// `text` with signs for its markers; only those where they are `alone`.
fn signed(text: &str, alone: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (piece, length) = match notes::number(rest) {
            Some((number, length)) => (Some(sign(number as usize)), length),
            None => (None, c.len_utf8()),
        };
        match piece {
            Some(sign) => out.push_str(&sign),
            None if !alone => out.push(c),
            None => {}
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_become_signs() {
        assert_eq!(parted("x = 1  # (1)! (2)"), ("x = 1  ", "①②".to_owned()));
        assert_eq!(parted("f(1)"), ("f(1)", String::new()));
        assert_eq!(signed("here (1) and (21)", false), "here ① and (21)");
        assert_eq!(sign(20), "⑳");
    }
}
