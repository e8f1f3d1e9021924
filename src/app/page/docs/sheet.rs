//! The page that is read: its lines, how far it is scrolled, what has the focus on it, what was found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::app::command::Command;
use crate::catalog::Terms;
use crate::techdocs::document::BlockKind;
use crate::techdocs::find::{Match, find, find_words};
use crate::techdocs::highlight::Highlighted;
use crate::techdocs::layout::{CodeSpot, OutlineItem};
use crate::techdocs::{Document, Layout, Reading, Spot, SpotTarget};

/// How many lines from the top of the screen are looked at for what is cut off: those of a small one.
const GLANCE: usize = 20;

/// A page on the screen.
#[derive(Debug)]
pub struct Sheet {
    /// What is read.
    pub document: Arc<Document>,
    /// Its lines.
    pub layout: Arc<Layout>,
    /// The first line on the screen.
    pub top: usize,
    /// How many columns wide lines are moved to the left.
    pub pan: usize,
    /// The spot that has the focus, by its index in the layout.
    pub focus: Option<usize>,
    /// What is folded and chosen.
    pub reading: Reading,
    /// The colours of blocks of code, by their index.
    pub colours: BTreeMap<usize, Arc<Highlighted>>,
    /// The number of the question that brought it.
    pub generation: u64,
    /// The blocks of code whose colours were asked for.
    asked: BTreeSet<usize>,
    /// The images that were asked for.
    asked_images: BTreeSet<usize>,
}

impl Sheet {
    /// A page as it was read.
    pub fn new(
        generation: u64,
        document: Arc<Document>,
        layout: Arc<Layout>,
        reading: Reading,
    ) -> Self {
        Self {
            document,
            layout,
            top: 0,
            pan: 0,
            focus: None,
            reading,
            colours: BTreeMap::new(),
            generation,
            asked: BTreeSet::new(),
            asked_images: BTreeSet::new(),
        }
    }

    /// The last line that may be the first on a screen of `rows` rows.
    fn last_top(&self, rows: usize) -> usize {
        self.layout.lines.len().saturating_sub(rows.max(1))
    }

    /// Scrolls; whether `command` was a movement.
    pub fn scroll(&mut self, command: Command, rows: usize) -> bool {
        let page = rows.saturating_sub(2).max(1);
        let top = match command {
            Command::Up => self.top.saturating_sub(1),
            Command::Down => self.top + 1,
            Command::PageUp => self.top.saturating_sub(page),
            Command::PageDown => self.top + page,
            Command::Top => 0,
            Command::Bottom => usize::MAX,
            _ => return false,
        };
        self.top = top.min(self.last_top(rows));
        true
    }

    /// Whether a movement stays within the beginning of the page, of which no more is there yet.
    pub fn can_scroll(&self, command: Command, rows: usize) -> bool {
        let page = rows.saturating_sub(2).max(1);
        let last = self.last_top(rows);
        !self.layout.whole
            && match command {
                Command::Up | Command::PageUp | Command::Top => true,
                Command::Down => self.top < last,
                Command::PageDown => self.top + page <= last,
                _ => false,
            }
    }

    /// Puts a line on top of the screen, or as near as the page's end allows.
    pub fn go_to(&mut self, line: usize, rows: usize) {
        self.top = line.min(self.last_top(rows));
    }

    /// Scrolls so that a line is in sight, with some lines before it.
    pub fn show(&mut self, line: usize, rows: usize) {
        if line < self.top || line >= self.top + rows.max(1) {
            self.go_to(line.saturating_sub(rows / 3), rows);
        }
    }

    /// Takes new lines of the same page; what is on top of the screen stays there.
    pub fn relaid(&mut self, layout: Arc<Layout>, rows: usize) {
        let source = self
            .layout
            .lines
            .get(self.top)
            .map_or(0, |line| line.source);
        let target = self.focused().map(|spot| spot.target);
        // What only goes on begins as it did.
        let only_goes_on = !self.layout.whole && layout.width == self.layout.width;
        let top = if self.top == 0 || only_goes_on {
            self.top
        } else {
            layout.line_of_source(source)
        };
        self.layout = layout;
        self.give_focus(target);
        self.go_to(top, rows);
    }

    /// Gives the focus to the spot with this target, if there is one.
    pub fn give_focus(&mut self, target: Option<SpotTarget>) {
        let mut spots = self.layout.spots.iter();
        self.focus = target.and_then(|target| spots.position(|spot| spot.target == target));
    }

    /// The spot that has the focus.
    pub fn focused(&self) -> Option<&Spot> {
        self.layout.spots.get(self.focus?)
    }

    /// The link that has the focus, by its index in the document.
    pub fn focused_link(&self) -> Option<u32> {
        match self.focused()?.target {
            SpotTarget::Link(link) => Some(link),
            SpotTarget::Fold(_) | SpotTarget::Note(_) | SpotTarget::Tab { .. } => None,
        }
    }

    /// Gives the next spot the focus, or the one before; the first in sight where none has it.
    pub fn step(&mut self, forward: bool, rows: usize) {
        let spots = &self.layout.spots;
        if spots.is_empty() {
            return;
        }
        let in_sight = |spot: &Spot| (self.top..self.top + rows.max(1)).contains(&spot.line);
        let stale = self.focused().is_none_or(|spot| !in_sight(spot));
        let next = match (self.focus, forward) {
            (Some(at), true) if !stale => (at + 1) % spots.len(),
            (Some(at), false) if !stale => at.checked_sub(1).unwrap_or(spots.len() - 1),
            (_, true) => spots
                .iter()
                .position(|spot| spot.line >= self.top)
                .unwrap_or(0),
            (_, false) => {
                let before = spots.iter().rposition(|spot| spot.line < self.top + rows);
                before.unwrap_or(spots.len() - 1)
            }
        };
        let line = spots.get(next).map_or(0, |spot| spot.line);
        self.focus = Some(next);
        self.show(line, rows);
    }

    /// The spot to act on where none was chosen: the focused one if it folds or is a tab, else the first fold in sight.
    pub fn fold_in_sight(&self, rows: usize) -> Option<SpotTarget> {
        let folds = |spot: &&Spot| !matches!(spot.target, SpotTarget::Link(_));
        let in_sight = |spot: &&Spot| (self.top..self.top + rows.max(1)).contains(&spot.line);
        let chosen = self.focused().filter(folds);
        let first = self
            .layout
            .spots
            .iter()
            .filter(in_sight)
            .find(|spot| matches!(spot.target, SpotTarget::Fold(_)));
        chosen.or(first).map(|spot| spot.target)
    }

    /// Folds, unfolds, or chooses a tab; whether the page must be laid out anew.
    pub fn act(&mut self, target: SpotTarget) -> bool {
        match target {
            SpotTarget::Link(_) => return false,
            SpotTarget::Fold(fold) => {
                if !self.reading.toggled.remove(&fold) {
                    self.reading.toggled.insert(fold);
                }
            }
            SpotTarget::Note(note) => {
                if !self.reading.notes.remove(&note) {
                    self.reading.notes.insert(note);
                }
            }
            SpotTarget::Tab { group, index } => {
                let Some(label) = self.document.tab_label(group, usize::from(index)) else {
                    return false;
                };
                let label = label.to_owned();
                self.reading.tabs.retain(|chosen| *chosen != label);
                self.reading.tabs.insert(0, label);
            }
        }
        true
    }

    /// Moves wide lines sideways; whether there are any in sight that can be moved.
    pub fn pan(&mut self, right: bool, rows: usize, columns: usize) -> bool {
        let in_sight = (self.top..self.top + rows).map_while(|at| self.layout.lines.get(at));
        let widest = in_sight
            .filter(|line| line.pan.is_some())
            .map(crate::techdocs::Line::width)
            .max();
        let most = widest.unwrap_or(0).saturating_sub(columns);
        if right && self.pan < most {
            self.pan = (self.pan + 8).min(most);
        } else if !right && self.pan > 0 {
            self.pan = self.pan.min(most).saturating_sub(8);
        } else {
            return false;
        }
        true
    }

    /// Whether a line at the top of the screen goes on at its right.
    pub fn is_cut_off(&self) -> bool {
        let shown = usize::from(self.layout.width) + self.pan;
        (self.top..self.top + GLANCE)
            .map_while(|at| self.layout.lines.get(at))
            .any(|line| line.pan.is_some() && line.width() > shown)
    }

    /// The first block of code in sight.
    pub fn code_in_sight(&self, rows: usize) -> Option<&CodeSpot> {
        let mut spots = self.layout.codes.iter();
        spots.find(|spot| spot.lines.start < self.top + rows && spot.lines.end > self.top)
    }

    /// The headings whose sections can be closed, by their indexes in the document: those that stand in nothing else,
    /// without the page's title.
    pub fn sections(&self) -> impl Iterator<Item = usize> {
        let headings = &self.document.headings;
        let titles = headings.iter().filter(|heading| heading.level == 1).count();
        self.document
            .blocks
            .iter()
            .filter_map(move |block| match block.kind {
                BlockKind::Heading(at, _) => {
                    let is_title = titles == 1 && headings.get(at).is_some_and(|it| it.level == 1);
                    (!is_title).then_some(at)
                }
                _ => None,
            })
    }

    /// The heading of the section that is read, by its index in the document; below the page's title, of the first one in
    /// sight.
    pub fn section(&self, rows: usize) -> Option<usize> {
        let outline = &self.layout.outline;
        let known: BTreeSet<usize> = self.sections().collect();
        let here = self.heading(rows).and_then(|at| outline.get(at));
        let here = here.filter(|item| known.contains(&item.heading));
        let in_sight = |item: &&OutlineItem| (self.top..self.top + rows).contains(&item.line);
        let next = || {
            outline
                .iter()
                .filter(in_sight)
                .find(|item| known.contains(&item.heading))
        };
        here.or_else(next).map(|item| item.heading)
    }

    /// The line of a heading, by its index in the document.
    pub fn line_of_heading(&self, heading: usize) -> Option<usize> {
        let mut outline = self.layout.outline.iter();
        outline
            .find(|item| item.heading == heading)
            .map(|item| item.line)
    }

    /// Blocks of code near the screen whose colours have not been asked for; they count as asked for from now on.
    pub fn uncoloured(&mut self, rows: usize, most: usize) -> Vec<usize> {
        let (from, to) = (self.top.saturating_sub(rows), self.top + rows * 2);
        let near = self
            .layout
            .codes
            .iter()
            .filter(|spot| spot.lines.start < to && spot.lines.end > from);
        let codes = near
            .map(|spot| spot.code)
            .filter(|code| !self.asked.contains(code));
        let codes: Vec<usize> = codes.take(most).collect();
        self.asked.extend(&codes);
        codes
    }

    /// Images near the screen that have not been asked for; they count as asked for from now on.
    pub fn unseen(&mut self, rows: usize, most: usize) -> Vec<usize> {
        let (from, to) = (self.top.saturating_sub(rows), self.top + rows * 2);
        let spots = self.layout.images.iter();
        let near = spots.filter(|spot| spot.lines.start < to && spot.lines.end > from);
        let images = near
            .map(|spot| spot.image)
            .filter(|image| !self.asked_images.contains(image));
        let images: Vec<usize> = images.take(most).collect();
        self.asked_images.extend(&images);
        images
    }

    /// Forgets the images that were read.
    pub fn forget_images(&mut self) {
        self.asked_images.clear();
        self.reading.images.clear();
    }

    /// The heading that the top of the screen lies below, by its index in the outline.
    pub fn heading(&self, rows: usize) -> Option<usize> {
        // At the end of the page the last headings cannot come to the top.
        let at_end = self.top > 0 && self.top >= self.last_top(rows);
        let line = if at_end {
            self.top + rows / 2
        } else {
            self.top + 1
        };
        self.layout.heading_at(line)
    }

    /// How far it is read, in percent; `None` where all of it is on the screen.
    pub fn percent(&self, rows: usize) -> Option<usize> {
        let last = self.last_top(rows);
        (last > 0).then(|| self.top.min(last) * 100 / last)
    }

    /// Every place where one of `words` stands.
    pub fn find_words(&self, words: &Terms) -> Vec<Match> {
        find_words(&self.layout, words)
    }

    /// Every place where `needle` stands.
    pub fn find(&self, needle: &str) -> Vec<Match> {
        find(&self.layout, needle)
    }
}
