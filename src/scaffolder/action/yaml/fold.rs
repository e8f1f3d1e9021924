//! Breaking long texts into lines, at the places where the npm package breaks them (`foldFlowLines`).

/// The columns of a line.
const WIDTH: usize = 80;
/// How many columns a line has at least, however deep it stands.
const MIN_CONTENT: usize = 20;

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
pub(super) fn fold(text: &str, indent: usize, mode: Mode, start: Option<usize>) -> (String, bool) {
    let chars: Vec<char> = text.chars().collect();
    let room = (1 + WIDTH).saturating_sub(indent).max(1 + MIN_CONTENT);
    if chars.len() <= room {
        return (text.to_owned(), false);
    }
    let mut folder = Folder {
        chars: &chars,
        indent,
        room,
        mode,
        folds: Vec::new(),
        overflow: false,
    };
    folder.find(start);
    (folder.lay_out(), folder.overflow)
}

struct Folder<'a> {
    chars: &'a [char],
    indent: usize,
    room: usize,
    mode: Mode,
    /// Where lines break; true where a `\` marks it.
    folds: Vec<(usize, bool)>,
    overflow: bool,
}

impl Folder<'_> {
    fn is_blank(&self, at: usize) -> bool {
        self.chars
            .get(at)
            .is_none_or(|c| matches!(c, ' ' | '\t' | '\n'))
    }

    fn find(&mut self, start: Option<usize>) {
        let mut end = WIDTH.saturating_sub(self.indent);
        if let Some(start) = start {
            if start > WIDTH - MIN_CONTENT {
                self.folds.push((0, false));
            } else {
                end = WIDTH - start;
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
        while at < self.chars.len() {
            let c = self.chars[at];
            if self.mode == Mode::Quoted && c == '\\' {
                let begin = at;
                at += match self.chars.get(at + 1) {
                    Some('x') => 3,
                    Some('u') => 5,
                    Some('U') => 9,
                    _ => 1,
                };
                escape = (begin, at);
            }
            if c == '\n' {
                if self.mode == Mode::Block {
                    at = self.skip_indented(at + 1).max(at + 1) - 1;
                }
                end = at + self.indent + self.room;
                split = None;
            } else {
                if c == ' ' && at > 0 && !self.is_blank(at - 1) && !self.is_blank(at + 1) {
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
        let is_space = |c: char| matches!(c, ' ' | '\t');
        while at > 0 && is_space(self.chars[at - 1]) && at + 1 < self.chars.len() {
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
        let at = |index: usize| self.chars.get(index).copied();
        let (mut line, mut index, mut behind) = (start, start, start);
        let mut c = at(line);
        while matches!(c, Some(' ' | '\t')) {
            if index <= line + self.indent {
                c = at(index);
                index += 1;
                continue;
            }
            while at(index).is_some_and(|c| c != '\n') {
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
        let mut out = String::new();
        let mut from = 0;
        for (at, escaped) in &self.folds {
            if *at == 0 {
                out.push_str(&margin);
                continue;
            }
            out.extend(self.chars.get(from..*at).unwrap_or_default());
            if *escaped {
                out.extend(self.chars.get(*at));
                out.push('\\');
            }
            out.push_str(&margin);
            from = at + 1;
        }
        out.extend(self.chars.get(from..).unwrap_or_default());
        out
    }
}
