//! The panes beside the page, the tree and the outline: walked, narrowed, opened.

use super::{Arrival, Docs, NavKind, Pane, State};
use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::narrow::Turn;

impl Docs {
    /// The headings that are listed, by their places in the page's outline.
    pub fn headings(&self) -> Vec<usize> {
        let items = self.sheet.iter().flat_map(|sheet| &sheet.layout.outline);
        let narrow = &self.narrow;
        let narrows = self.focus == Pane::Outline;
        items
            .enumerate()
            .filter(|(_, item)| !narrows || narrow.fits([item.title.as_str()]))
            .map(|(at, _)| at)
            .collect()
    }

    /// Commands of the tree and the outline while they have the focus, and those that move between panes.
    pub(super) fn pane_command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        if self.focus != Pane::Page && self.narrows(command) {
            return true;
        }
        match (command, self.focus) {
            (Command::DocsNav | Command::Right, Pane::Nav)
            | (Command::DocsOutline | Command::Left, Pane::Outline)
            | (Command::Back, Pane::Nav | Pane::Outline) => self.turn_to(Pane::Page),
            (Command::DocsNav, _) => self.turn_to(Pane::Nav),
            (Command::DocsOutline, _) => {
                self.turn_to(Pane::Outline);
                let rows = cx.drawn.page_rows;
                let here = self.sheet.as_ref().and_then(|sheet| sheet.heading(rows));
                let headings = self.headings().len();
                self.outline
                    .select(here.unwrap_or(0), headings, cx.drawn.side_rows.max(1));
            }
            (Command::Open, Pane::Nav) => self.open_nav(cx),
            (Command::DocsFold, Pane::Nav) => self.toggle_section(),
            (Command::DocsFold, Pane::Outline) => self.fold_selected(cx),
            (Command::Open, Pane::Outline) => {
                let selected = self.headings().get(self.outline.selected).copied();
                let outline = self.sheet.as_ref().map(|sheet| &sheet.layout.outline);
                let item = selected.and_then(|at| outline?.get(at));
                if let Some(slug) = item.map(|item| item.slug.clone()) {
                    self.remember(cx);
                    self.arrive(&Arrival::Anchor(slug), cx);
                }
                self.turn_to(Pane::Page);
            }
            (_, Pane::Nav) => {
                let rows = self.nav.rows.len();
                return self.nav.cursor.apply(command, rows, cx.drawn.side_rows);
            }
            (_, Pane::Outline) => {
                let headings = self.headings().len();
                return self.outline.apply(command, headings, cx.drawn.side_rows);
            }
            (_, Pane::Page) => return false,
        }
        true
    }

    /// Gives a pane the focus. What another was narrowed to is forgotten.
    pub(super) fn turn_to(&mut self, pane: Pane) {
        if self.narrow.clear() == Turn::Changed {
            self.narrowed();
        }
        self.focus = pane;
    }

    /// Narrows the pane that has the focus; whether the command does that.
    fn narrows(&mut self, command: Command) -> bool {
        let command = match command {
            Command::DocsFind => Command::Filter,
            command => command,
        };
        match self.narrow.command(command) {
            Turn::Ignored => return false,
            Turn::Done => {}
            Turn::Changed => self.narrowed(),
        }
        true
    }

    /// What the panes are narrowed to is another.
    pub(super) fn narrowed(&mut self) {
        self.outline = crate::app::Cursor::default();
        if let State::Ready(book) = &self.state {
            self.nav.narrow(&book.site, &self.narrow, &self.path);
        }
    }

    fn toggle_section(&mut self) {
        let State::Ready(book) = &self.state else {
            return;
        };
        if let Some(NavKind::Section(place, _)) = self.nav.selected().map(|row| row.kind.clone()) {
            self.nav.toggle(&book.site, &place);
        }
    }

    fn open_nav(&mut self, cx: &mut Cx<'_>) {
        match self.nav.selected().map(|row| row.kind.clone()) {
            Some(NavKind::Page(path)) => {
                self.turn_to(Pane::Page);
                self.visit(path, Arrival::Top, cx);
            }
            Some(NavKind::Url(url)) => cx.effect(Effect::OpenUrl(url)),
            Some(NavKind::Section(..)) => self.toggle_section(),
            None => {}
        }
    }
}
