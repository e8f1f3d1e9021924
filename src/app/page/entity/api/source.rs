//! The source of a definition: its lines, their colours, and what is looked for in them.

use std::ops::Range;
use std::sync::Arc;

use super::Definition;
use crate::app::command::Command;
use crate::app::message::Edit;
use crate::app::{Cursor, TextField};
use crate::techdocs::highlight::Highlighted;

/// How many places are found at most.
const MAX_FOUND: usize = 5_000;
/// Columns by which a wide text moves.
const STEP: usize = 8;

/// The text of a definition.
#[derive(Debug)]
pub struct Source {
    /// The definition, for its lines.
    pub definition: Arc<Definition>,
    /// The colours of the lines, once they came.
    pub colours: Option<Arc<Highlighted>>,
    /// Whether colours were asked for.
    pub(super) asked: bool,
    /// The top line.
    pub top: Cursor,
    /// Columns that are moved out of sight at the left.
    pub pan: usize,
    /// What is looked for.
    pub finding: Option<Finding>,
}

/// A search in the source.
#[derive(Debug, Default)]
pub struct Finding {
    /// What is looked for.
    pub field: TextField,
    /// Whether the field has the focus.
    pub typing: bool,
    /// The places: a line and bytes in it.
    pub found: Vec<(usize, Range<usize>)>,
    /// The number of the place one stands on.
    pub here: usize,
}

impl Source {
    pub(super) fn new(definition: Arc<Definition>) -> Self {
        Self {
            definition,
            colours: None,
            asked: false,
            top: Cursor::default(),
            pan: 0,
            finding: None,
        }
    }

    /// Stays where one was before the same text was read anew.
    pub(super) fn keep(&mut self, before: Self) {
        self.top = before.top;
        self.pan = before.pan;
        self.finding = before.finding;
        self.find();
        if before.definition.lines == self.definition.lines {
            self.colours = before.colours;
            self.asked = before.asked;
        }
    }

    /// Its lines.
    pub fn lines(&self) -> &[String] {
        &self.definition.lines
    }

    pub(super) fn typing(&self) -> bool {
        self.finding.as_ref().is_some_and(|finding| finding.typing)
    }

    pub(super) fn edit(&mut self, edit: &Edit, rows: usize) {
        let Some(finding) = &mut self.finding else {
            return;
        };
        if finding.field.apply(edit) {
            self.find();
            let top = self.top.selected;
            if let Some(finding) = &mut self.finding {
                let ahead = finding.found.iter().position(|(line, _)| *line >= top);
                finding.here = ahead.unwrap_or(0);
            }
            self.show_found(rows);
        }
    }

    pub(super) fn command(&mut self, command: Command, rows: usize) -> bool {
        if let Some(finding) = &mut self.finding {
            let count = finding.found.len();
            match command {
                Command::Open | Command::Down if finding.typing && count > 0 => {
                    finding.here = (finding.here + 1) % count;
                    self.show_found(rows);
                    return true;
                }
                Command::Up if finding.typing && count > 0 => {
                    finding.here = finding.here.checked_sub(1).unwrap_or(count - 1);
                    self.show_found(rows);
                    return true;
                }
                Command::Open | Command::Up | Command::Down if finding.typing => return true,
                Command::Back => {
                    self.finding = None;
                    return true;
                }
                _ => {}
            }
        }
        match command {
            Command::ApiFind => self.finding.get_or_insert_default().typing = true,
            Command::Left => self.pan = self.pan.saturating_sub(STEP),
            Command::Right => self.pan = (self.pan + STEP).min(self.widest()),
            _ => {
                let tops = (self.lines().len() + 1).saturating_sub(rows);
                return self.top.apply(command, tops, rows);
            }
        }
        true
    }

    fn widest(&self) -> usize {
        let widest = self.lines().iter().map(String::len).max().unwrap_or(0);
        widest.saturating_sub(STEP)
    }

    fn find(&mut self) {
        let Some(finding) = &mut self.finding else {
            return;
        };
        let wanted = finding.field.text().to_lowercase();
        finding.found.clear();
        if wanted.is_empty() {
            return;
        }
        for (at, line) in self.definition.lines.iter().enumerate() {
            let folded = line.to_lowercase();
            // A letter whose lower case is longer would shift what stands behind it.
            let text = if folded.len() == line.len() {
                &folded
            } else {
                line
            };
            let places = text
                .match_indices(&wanted)
                .map(|(start, found)| (at, start..start + found.len()));
            finding
                .found
                .extend(places.take(MAX_FOUND - finding.found.len()));
        }
        finding.here = finding.here.min(finding.found.len().saturating_sub(1));
    }

    /// Brings the place one stands on into sight.
    fn show_found(&mut self, rows: usize) {
        let Some(finding) = &self.finding else {
            return;
        };
        let Some((line, _)) = finding.found.get(finding.here) else {
            return;
        };
        let top = self.top.selected;
        if *line < top || *line >= top + rows.max(1) {
            let tops = (self.lines().len() + 1).saturating_sub(rows);
            self.top.selected = line.saturating_sub(rows / 3).min(tops.saturating_sub(1));
        }
    }
}
