//! Find in page: a field, all matches marked, and one that one stands on.

use super::Docs;
use crate::app::TextField;
use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::message::Edit;
use crate::catalog::Terms;
use crate::techdocs::find::Match;

/// A search in the page.
#[derive(Debug, Default)]
pub struct Finding {
    /// What is searched for.
    pub field: TextField,
    /// Words that are marked wherever they stand, each by itself, in place of the field's text.
    pub words: Option<Terms>,
    /// Whether the field has the focus; the marks stay when it has not.
    pub typing: bool,
    /// The pieces of all matches, in reading order.
    pub matches: Vec<Match>,
    /// The number of the match one stands on.
    pub here: usize,
}

impl Finding {
    /// How many matches there are.
    pub fn count(&self) -> usize {
        self.matches.last().map_or(0, |last| last.number + 1)
    }

    /// The line of the match one stands on.
    fn line(&self) -> Option<usize> {
        self.matches
            .iter()
            .find(|piece| piece.number == self.here)
            .map(|piece| piece.line)
    }

    /// The pieces on a line.
    pub fn on_line(&self, line: usize) -> &[Match] {
        let from = self.matches.partition_point(|piece| piece.line < line);
        let to = self.matches.partition_point(|piece| piece.line <= line);
        self.matches.get(from..to).unwrap_or_default()
    }
}

impl Docs {
    /// Whether something is marked, and nobody types what.
    pub(super) fn is_marked(&self) -> bool {
        let finding = self.finding.as_ref();
        finding.is_some_and(|finding| !finding.typing && finding.count() > 0)
    }

    /// Marks the words that led here, once the page is there, and stands on the first from line `from` on.
    pub(super) fn mark_words(&mut self, from: usize) {
        let words = std::mem::take(&mut self.words);
        let Some(sheet) = self.sheet.as_ref().filter(|_| !words.is_empty()) else {
            return;
        };
        let matches = sheet.find_words(&words);
        let from_here = matches.iter().find(|piece| piece.line >= from);
        let said: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        self.finding = Some(Finding {
            field: TextField::new(&said.join(" ")),
            typing: false,
            here: from_here.map_or(0, |piece| piece.number),
            matches,
            words: Some(words),
        });
    }

    /// Goes to the next match, or to the one before; around at the ends.
    pub(super) fn step_match(&mut self, forward: bool, cx: &mut Cx<'_>) {
        let Some(finding) = &mut self.finding else {
            return;
        };
        let count = finding.count().max(1);
        let step = if forward { 1 } else { count - 1 };
        finding.here = (finding.here + step) % count;
        self.show_match(cx);
    }

    /// Opens the field, or gives it the focus again.
    pub(super) fn find(&mut self) {
        self.focus = super::Pane::Page;
        self.finding.get_or_insert_default().typing = true;
    }

    /// Commands while the field has the focus: Enter and Down go on, Up goes back, Esc ends the search.
    pub(super) fn find_command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let Some(finding) = &mut self.finding else {
            return false;
        };
        let count = finding.count();
        match command {
            Command::Open | Command::Down | Command::DocsNextLink if count > 0 => {
                finding.here = (finding.here + 1) % count;
            }
            Command::Up | Command::DocsPrevLink if count > 0 => {
                finding.here = finding.here.checked_sub(1).unwrap_or(count - 1);
            }
            Command::Back => {
                self.finding = None;
                return true;
            }
            Command::Open
            | Command::Down
            | Command::Up
            | Command::DocsNextLink
            | Command::DocsPrevLink => {}
            Command::PageUp | Command::PageDown => {
                let rows = cx.drawn.page_rows;
                return self
                    .sheet
                    .as_mut()
                    .is_some_and(|sheet| sheet.scroll(command, rows));
            }
            _ => return false,
        }
        self.show_match(cx);
        true
    }

    /// Changes the field; goes to the first match from where one reads.
    pub(super) fn find_edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        let (Some(finding), Some(sheet)) = (&mut self.finding, &self.sheet) else {
            return;
        };
        if !finding.field.apply(edit) {
            return;
        }
        finding.words = None;
        finding.matches = sheet.find(finding.field.text());
        let from_here = finding.matches.iter().find(|piece| piece.line >= sheet.top);
        finding.here = from_here.map_or(0, |piece| piece.number);
        self.show_match(cx);
    }

    /// Searches the page's new lines.
    pub(super) fn find_anew(&mut self) {
        if let (Some(finding), Some(sheet)) = (&mut self.finding, &self.sheet) {
            finding.matches = match &finding.words {
                Some(words) => sheet.find_words(words),
                None => sheet.find(finding.field.text()),
            };
            finding.here = finding.here.min(finding.count().saturating_sub(1));
        }
    }

    fn show_match(&mut self, cx: &Cx<'_>) {
        let line = self.finding.as_ref().and_then(Finding::line);
        if let (Some(line), Some(sheet)) = (line, &mut self.sheet) {
            sheet.show(line, cx.drawn.page_rows);
        }
    }
}
