//! Going on where one left off: docs that are opened without a page begin where they were last read, with the way to their
//! beginning behind them.

use super::travel::Place;
use super::{Arrival, Docs};
use crate::app::command::Command;
use crate::app::cx::{Cx, Request};
use crate::app::lasting::Bookmark;
use crate::app::model::Shared;

/// Where one is in docs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Here {
    /// At their beginning.
    Beginning,
    /// Somewhere to go on at another time.
    At(Bookmark),
}

impl Docs {
    /// Where one is, with `rows` on the screen; `None` while that is not known, and at another revision, whose pages are not
    /// these.
    pub fn here(&self, rows: usize, shared: &Shared) -> Option<Here> {
        let sheet = self
            .sheet
            .as_ref()
            .filter(|_| self.on_screen == self.path)?;
        if self.revision.shown.is_some() || self.arrival != Arrival::Top {
            return None;
        }
        let home = self.book()?.site.home();
        let is_home = home.is_some_and(|home| home.path == self.path);
        if is_home && sheet.top == 0 {
            return Some(Here::Beginning);
        }
        let Place { path, source, .. } = self.place();
        Some(Here::At(Bookmark {
            page: path,
            line: source,
            heading: sheet.heading(rows).filter(|_| sheet.top > 0),
            at: shared.now,
        }))
    }

    /// The heading that the top of the screen lies below, by its id; none above the first one behind the title.
    pub fn section_read(&self) -> Option<String> {
        let sheet = self
            .sheet
            .as_ref()
            .filter(|_| self.on_screen == self.path)?;
        let at = sheet.heading(0).filter(|at| sheet.top > 0 && *at > 0)?;
        let heading = sheet.layout.outline.get(at)?.heading;
        let heading = sheet.document.headings.get(heading)?;
        Some(heading.slug.clone())
    }

    /// The site is there and no page was asked for: goes to where one left off, if the site still has that page.
    pub(super) fn go_on(&mut self, cx: &mut Cx<'_>) {
        let site = self.book().map(|book| &book.site);
        let known = cx.shared.lasting.bookmarks.get(&self.entity_ref);
        let Some(bookmark) = known.filter(|it| {
            it.is_fresh(cx.shared.now) && site.is_some_and(|site| site.page(&it.page).is_some())
        }) else {
            return;
        };
        let home = site.and_then(|site| site.home());
        let home = home.map(|home| home.path.clone()).unwrap_or_default();
        self.path.clone_from(&bookmark.page);
        self.arrival = match bookmark.line {
            0 => Arrival::Top,
            line => Arrival::Place(line, None),
        };
        self.back.push(Place {
            path: home,
            source: 0,
            focus: None,
        });
        cx.requests.push(Request::Hint {
            said: "You left off here".to_owned(),
            way: Command::Previous,
            leads: "goes to the beginning",
        });
    }
}
