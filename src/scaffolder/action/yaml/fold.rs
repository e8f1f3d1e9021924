//! Breaking long texts into lines, at the places where the npm package breaks them (`foldFlowLines`).

use super::options::Options;

/// What is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Plain or single-quoted text: broken at blanks.
    Flow,
    /// Double-quoted text: broken anywhere but in an escape, by a `\` at the end of the line.
    Quoted,
    /// A `>` block: its own line breaks stay.
    Block,
}

/// `text` with its further lines at `indent`; its first line has `start` columns less. Also whether a line is too long
/// and cannot be broken.
pub(super) fn fold(
    text: &str,
    indent: usize,
    mode: Mode,
    start: Option<usize>,
    options: &Options,
) -> (String, bool) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let width = options.width;
    let least = if width < options.min_width {
        0
    } else {
        options.min_width
    };
    let room = (1 + width).saturating_sub(indent).max(1 + least);
    if width == 0 || units.len() <= room {
        return (text.to_owned(), false);
    }
    let mut folder = Folder {
        units: &units,
        indent,
        room,
        width,
        least,
        mode,
        folds: Vec::new(),
        overflow: false,
    };
    folder.find(start);
    (folder.lay_out(), folder.overflow)
}

const BLANK: u16 = b' ' as u16;
const TAB: u16 = b'\t' as u16;
const BREAK: u16 = b'\n' as u16;

struct Folder<'a> {
    units: &'a [u16],
    indent: usize,
    room: usize,
    width: usize,
    least: usize,
    mode: Mode,
    /// Where lines break; true where a `\` marks it.
    folds: Vec<(usize, bool)>,
    overflow: bool,
}

impl Folder<'_> {
    fn is_blank(&self, at: usize) -> bool {
        self.units
            .get(at)
            .is_none_or(|unit| matches!(*unit, BLANK | TAB | BREAK))
    }

    fn find(&mut self, start: Option<usize>) {
        let mut end = self.width.saturating_sub(self.indent);
        if let Some(start) = start {
            if start > self.width.saturating_sub(self.least.max(2)) {
                self.folds.push((0, false));
            } else {
                end = self.width - start;
            }
        }
        let mut at = 0;
        if self.mode == Mode::Block {
            let behind = self.skip_indented(0);
            if behind > 0 {
                end = behind - 1 + self.room;
                at = behind;
            }
        }
        let mut split = None;
        let mut escape = (0, 0);
        while at < self.units.len() {
            let c = self.units[at];
            if self.mode == Mode::Quoted && c == u16::from(b'\\') {
                let begin = at;
                at += match self
                    .units
                    .get(at + 1)
                    .map(|unit| char::from_u32(u32::from(*unit)))
                {
                    Some(Some('x')) => 3,
                    Some(Some('u')) => 5,
                    Some(Some('U')) => 9,
                    _ => 1,
                };
                escape = (begin, at);
            }
            if c == BREAK {
                if self.mode == Mode::Block {
                    at = self.skip_indented(at + 1).max(at + 1) - 1;
                }
                end = at + self.indent + self.room;
                split = None;
            } else {
                if c == BLANK && at > 0 && !self.is_blank(at - 1) && !self.is_blank(at + 1) {
                    split = Some(at);
                }
                if at >= end {
                    if let Some(place) = split.take() {
                        self.folds.push((place, false));
                        end = place + self.room;
                    } else if self.mode == Mode::Quoted {
                        let Some((behind, place)) = self.break_word(at, escape) else {
                            return;
                        };
                        at = behind;
                        end = place + self.room;
                        split = None;
                    } else {
                        self.overflow = true;
                    }
                }
            }
            at += 1;
        }
    }

    /// Breaks a word between double quotes before `at`, but not in the escape that begins and ends at `escape`. Gives where
    /// to go on and where the break is; `None` if there is no room to break at all.
    fn break_word(&mut self, mut at: usize, escape: (usize, usize)) -> Option<(usize, usize)> {
        let is_space = |unit: u16| matches!(unit, BLANK | TAB);
        while at > 0 && is_space(self.units[at - 1]) && at + 1 < self.units.len() {
            at += 1;
            self.overflow = true;
        }
        let place = if at > escape.1 + 1 {
            at.saturating_sub(2)
        } else {
            escape.0.saturating_sub(1)
        };
        if self.folds.contains(&(place, true)) {
            self.folds.clear();
            return None;
        }
        self.folds.push((place, true));
        Some((at, place))
    }

    /// The index behind the lines from `start` on that are indented more than the block: those are not folded. `start`
    /// itself if there is none.
    fn skip_indented(&self, start: usize) -> usize {
        let at = |index: usize| self.units.get(index).copied();
        let (mut line, mut index, mut behind) = (start, start, start);
        let mut c = at(line);
        while matches!(c, Some(BLANK | TAB)) {
            if index <= line + self.indent {
                c = at(index);
                index += 1;
                continue;
            }
            while at(index).is_some_and(|c| c != BREAK) {
                index += 1;
            }
            index += 1;
            (behind, line) = (index, index);
            c = at(line);
        }
        behind
    }

    fn lay_out(&self) -> String {
        let margin = format!("\n{}", " ".repeat(self.indent));
        let margin: Vec<u16> = margin.encode_utf16().collect();
        let mut out = Vec::new();
        let mut from = 0;
        for (at, escaped) in &self.folds {
            if *at == 0 {
                out.extend(&margin);
                continue;
            }
            out.extend(self.units.get(from..*at).unwrap_or_default());
            if *escaped {
                out.extend(self.units.get(*at));
                out.push(u16::from(b'\\'));
            }
            out.extend(&margin);
            from = at + 1;
        }
        out.extend(self.units.get(from..).unwrap_or_default());
        String::from_utf16_lossy(&out)
    }
}
