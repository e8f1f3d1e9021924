//! Code, diagrams and formulas.

use super::blocks::{Painter, run};
use super::note;
use super::reading::Choice;
use super::wrap::{columns, cut};
use super::{CodeSpot, Run};
use crate::techdocs::document::Code;
use crate::techdocs::math;
use crate::techdocs::role::Role;

/// The longest source of a diagram that is drawn, in bytes.
const MAX_DIAGRAM: usize = 8 << 10;
/// The longest line of a diagram that is drawn, in bytes: the canvas grows with it.
const MAX_DIAGRAM_LINE: usize = 240;
/// The most lines, links and joined nodes of a diagram that is drawn: routing grows faster than their number.
const MAX_DIAGRAM_PARTS: usize = 80;
/// What stands before the rest of a line of code that is broken.
const GOES_ON: &str = "↪ ";

impl Painter<'_> {
    /// A block of code, with its title and the notes that its comments name as numbers.
    pub(super) fn code(&mut self, at: usize) {
        let Some(code) = self.document.codes.get(at) else {
            return;
        };
        if code.language.as_deref() == Some("math") && code.title.is_none() {
            self.formula(&code.text);
            return;
        }
        if let Some(title) = code.title.as_deref().or_else(|| diagram_name(code)) {
            let title = run(title, Role::CodeTitle);
            self.put(vec![run("▏ ", Role::CodeTitle), title], Some(1));
        }
        let first = self.piece.lines.len();
        for (text, number) in code.text.lines().zip(1u32..) {
            self.code_line(code, text, number);
        }
        self.piece.codes.push(CodeSpot {
            code: at,
            lines: first..self.piece.lines.len(),
            notes: self.annotated,
        });
    }

    fn code_line(&mut self, code: &Code, text: &str, number: u32) {
        let edge = if code.marked.contains(&number) {
            "▌ "
        } else {
            "▏ "
        };
        let (text, notes) = if self.annotated {
            note::parted(text)
        } else {
            (text, String::new())
        };
        let room = match self.choice(Choice::Wrapped) {
            0 => usize::MAX,
            _ => self.left().saturating_sub(columns(edge)).max(8),
        };
        let mut from = 0;
        loop {
            let rest = text.get(from..).unwrap_or_default();
            let room = if from == 0 {
                room
            } else {
                room.saturating_sub(2).max(6)
            };
            let piece = cut(rest, room);
            let mut runs = vec![run(edge, Role::CodeTitle)];
            if from > 0 {
                runs.push(run(GOES_ON, Role::CodeTitle));
            }
            let fixed = runs.len();
            if !piece.is_empty() {
                runs.push(run(piece, Role::CodeText));
            }
            let at = from;
            from += piece.len();
            let is_last = piece.is_empty() || from >= text.len();
            if is_last && !notes.is_empty() {
                runs.push(run(&notes, Role::Marker));
            }
            self.put(runs, Some(fixed));
            if let Some(line) = self.piece.lines.last_mut() {
                line.code = u32::try_from(at).ok().map(|at| (number - 1, at));
            }
            if is_last {
                return;
            }
        }
    }

    /// A diagram, drawn where it can be and its source is not asked for.
    pub(super) fn diagram(&mut self, at: usize) {
        let source = self.document.codes.get(at);
        let source = source.map_or("", |code| code.text.as_str());
        let drawn = Some(source)
            .filter(|source| self.choice(Choice::Source) == 0 && is_drawable(source))
            .and_then(|source| mermaid_text::render_with_width(source, Some(self.left())).ok());
        let Some(drawn) = drawn else {
            self.code(at);
            return;
        };
        for text in drawn.trim_end().lines() {
            let text = crate::catalog::text::clean(text.trim_end());
            self.put(vec![run(&text, Role::Text)], Some(0));
        }
    }

    /// A formula, in two dimensions where there is room, else on one line, else as its source.
    pub(super) fn formula(&mut self, tex: &str) {
        let is_source = self.choice(Choice::Source) == 1;
        let room = self.left().saturating_sub(2);
        let tall = (!is_source).then(|| math::display(tex, room)).flatten();
        let set = tall.or_else(|| {
            let line = (!is_source).then(|| math::inline(tex)).flatten();
            line.map(|line| vec![line])
        });
        if let Some(lines) = set {
            for line in lines {
                self.put(vec![run("  ", Role::Text), run(&line, Role::Text)], Some(1));
            }
            return;
        }
        for line in tex.trim().lines() {
            let runs: [Run; 2] = [run("  ", Role::Text), run(line, Role::Code)];
            self.put(runs.into(), Some(1));
        }
    }
}

/// What to call code that a site draws as a picture and that is shown as its source here.
fn diagram_name(code: &Code) -> Option<&'static str> {
    Some(match code.language.as_deref()? {
        "mermaid" => "Mermaid diagram",
        "plantuml" | "kroki-plantuml" | "puml" | "uml" => "PlantUML diagram",
        "dot" | "graphviz" | "gv" => "Graphviz diagram",
        "d2" => "D2 diagram",
        _ => return None,
    })
}

/// Whether drawing a diagram is sure to end soon; what is larger is shown as its source.
fn is_drawable(source: &str) -> bool {
    let links: usize = ["--", "->", "==", "-.", "&"]
        .iter()
        .map(|sign| source.matches(sign).count())
        .sum();
    source.len() <= MAX_DIAGRAM
        && source.lines().all(|line| line.len() <= MAX_DIAGRAM_LINE)
        && source.lines().count() <= MAX_DIAGRAM_PARTS
        && links <= 2 * MAX_DIAGRAM_PARTS
}

#[cfg(test)]
mod tests {
    use super::is_drawable;

    #[test]
    fn diagrams_that_would_take_for_ever_are_not_drawn() {
        assert!(is_drawable("graph TD\n  a[Shop] --> b[Ledger]\n"));
        assert!(!is_drawable(&format!(
            "graph TD\n  a --> b[{}]\n",
            "x".repeat(2_000)
        )));
        let dense = "  a --> b\n".repeat(300);
        assert!(!is_drawable(&format!("graph TD\n{dense}")));
        assert!(!is_drawable(&format!(
            "graph TD\n{}",
            "a & b & c --> d & e;".repeat(60)
        )));
    }
}
