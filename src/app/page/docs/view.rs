//! How a page is seen: folds and sections, tables, code and diagrams; what is copied of it; what its keys do now.

use super::{Arrival, Coming, Docs, DocsWork, Sheet};
use crate::app::command::Command;
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::lasting::{Choice, Habits};
use crate::app::notice::Notice;
use crate::techdocs::SpotTarget;
use crate::techdocs::html::without_notes;

impl Docs {
    /// Asks for the page's lines anew: its width, folds or tabs have changed.
    pub(super) fn lay_out(&mut self, cx: &mut Cx<'_>) {
        // Another page is about to come; it takes the screen as it is by then.
        let Some(sheet) = self.sheet.as_ref().filter(|_| self.coming != Coming::Page) else {
            return;
        };
        self.coming = Coming::Lines;
        let generation = cx.next_generation();
        let width = super::width(cx.shared);
        let reading = sheet.reading.clone();
        let work = match self.book().filter(|_| sheet.document.is_beginning) {
            Some(book) => DocsWork::Read {
                generation,
                book: book.clone(),
                path: self.path.clone(),
                width,
                reading,
                until: usize::MAX,
                begun: Some(sheet.generation),
            },
            None => DocsWork::LayOut {
                generation,
                document: sheet.document.clone(),
                width,
                reading,
                before: sheet.layout.clone(),
            },
        };
        self.generation = *cx.generation;
        cx.effect(Effect::Docs(work));
    }

    /// Folds, unfolds, shows a tab or a footnote.
    pub(super) fn act(&mut self, target: SpotTarget, cx: &mut Cx<'_>) {
        if let Some(sheet) = &mut self.sheet
            && sheet.act(target)
        {
            self.habits.tabs.clone_from(&sheet.reading.tabs);
            self.keep_habits(cx);
            self.lay_out(cx);
        }
    }

    /// The next docs are read in the same way.
    fn keep_habits(&self, cx: &mut Cx<'_>) {
        let habits = Choice::Docs(Habits::of(&self.habits));
        cx.requests.push(Request::Choose(habits));
    }

    /// Shows tables, code or diagrams in the other way, on this page and the next ones.
    pub(super) fn turn_view(&mut self, command: Command, cx: &mut Cx<'_>) {
        let Some(sheet) = &mut self.sheet else {
            return;
        };
        let (mine, habit, on, off) = match command {
            Command::DocsWide => (
                &mut sheet.reading.wide,
                &mut self.habits.wide,
                "Tables are as wide as they need; they move left and right.",
                "Tables are fitted to the page.",
            ),
            Command::DocsWrap => (
                &mut sheet.reading.wrapped,
                &mut self.habits.wrapped,
                "Long lines of code are broken.",
                "Long lines of code are cut; they move left and right.",
            ),
            _ => (
                &mut sheet.reading.source,
                &mut self.habits.source,
                "Diagrams and formulas are shown as their source.",
                "Diagrams and formulas are drawn.",
            ),
        };
        *mine = !*mine;
        *habit = *mine;
        cx.say(Notice::info(if *mine { on } else { off }));
        sheet.pan = 0;
        self.keep_habits(cx);
        self.lay_out(cx);
    }

    /// Closes or opens the section that is read.
    pub(super) fn fold_here(&mut self, cx: &mut Cx<'_>) {
        let rows = cx.drawn.page_rows;
        match self.sheet.as_ref().and_then(|sheet| sheet.section(rows)) {
            Some(heading) => self.fold_section(heading, cx),
            None => cx.say(Notice::info("No section is in sight.")),
        }
    }

    /// Closes or opens the section that is selected in the outline.
    pub(super) fn fold_selected(&mut self, cx: &mut Cx<'_>) {
        let outline = self.sheet.as_ref().map(|sheet| &sheet.layout.outline);
        let at = self.headings().get(self.outline.selected).copied();
        let item = outline.zip(at).and_then(|(outline, at)| outline.get(at));
        if let Some(heading) = item.map(|item| item.heading) {
            self.fold_section(heading, cx);
        }
    }

    fn fold_section(&mut self, heading: usize, cx: &mut Cx<'_>) {
        let Some(sheet) = &mut self.sheet else {
            return;
        };
        if !sheet.reading.sections.remove(&heading) {
            sheet.reading.sections.insert(heading);
            // What was on top of the screen may be gone; its heading is not.
            let is_above = sheet
                .line_of_heading(heading)
                .is_some_and(|line| line < sheet.top);
            let slug = sheet.document.headings.get(heading).filter(|_| is_above);
            self.arrival = slug.map_or(Arrival::Top, |heading| {
                Arrival::Anchor(heading.slug.clone())
            });
        }
        self.lay_out(cx);
    }

    /// Closes all sections, or opens them.
    pub(super) fn fold_all(&mut self, cx: &mut Cx<'_>) {
        let Some(sheet) = &mut self.sheet else {
            return;
        };
        if sheet.reading.sections.is_empty() {
            sheet.reading.sections = sheet.sections().collect();
            sheet.top = 0;
        } else {
            sheet.reading.sections.clear();
        }
        self.lay_out(cx);
    }

    /// Whether there is anything on the page that can be copied.
    pub(super) fn has_copy(&self) -> bool {
        let sheet = self.sheet.as_ref();
        sheet.is_some_and(|sheet| !sheet.layout.codes.is_empty() || sheet.focused_link().is_some())
    }

    /// Copies the focused link, else the first code in sight.
    pub(super) fn copy(&self, cx: &mut Cx<'_>) {
        let Some(sheet) = &self.sheet else {
            return;
        };
        let link = sheet
            .focused_link()
            .and_then(|link| sheet.document.links.get(link as usize));
        if let Some(link) = link {
            let text = link.href.clone();
            cx.effect(Effect::Copy { text, what: "link" });
            return;
        }
        let spot = sheet.code_in_sight(cx.drawn.page_rows);
        let code = spot.and_then(|spot| Some((spot, sheet.document.codes.get(spot.code)?)));
        match code {
            Some((spot, code)) => {
                let text = if spot.notes {
                    without_notes(&code.text)
                } else {
                    code.text.clone()
                };
                cx.effect(Effect::Copy { text, what: "code" });
            }
            None => cx.say(Notice::info("No code is in sight and no link is chosen.")),
        }
    }

    /// Opens the page's source, at the line that is read.
    pub(super) fn edit_source(&self, cx: &mut Cx<'_>) {
        let line = self
            .sheet
            .as_ref()
            .and_then(|sheet| sheet.layout.lines.get(sheet.top));
        cx.effect(Effect::EditPage {
            entity_ref: self.entity_ref.clone(),
            page: self.path.clone(),
            line: line.map_or(1, |line| line.source.max(1)),
            url: self.book().and_then(|book| book.site.edit_url(&self.path)),
        });
    }

    /// What a command does now, where that is not what it mostly does; empty where that is not worth a hint.
    pub fn label(&self, command: Command) -> Option<&'static str> {
        if self.revision.field.is_some() {
            return match command {
                Command::Open => Some("read"),
                Command::Back => Some("close"),
                Command::DocsNextLink => Some(""),
                _ => None,
            };
        }
        if self.typing() {
            return match command {
                Command::Open => Some("next match"),
                Command::Up => Some("match before"),
                Command::Back => Some("close"),
                // Enter and the arrows do the same.
                Command::DocsNextLink => Some(""),
                _ => None,
            };
        }
        let focused = self.sheet.as_ref().and_then(Sheet::focused);
        let target = focused.map(|spot| spot.target);
        match (command, self.focus) {
            (Command::DocsFind, super::Pane::Nav | super::Pane::Outline) => Some("filter"),
            (Command::DocsNextPage, _) if self.is_marked() => Some("next mark"),
            (Command::DocsCopy, _) if matches!(target, Some(SpotTarget::Link(_))) => {
                Some("copy link")
            }
            (Command::Open, super::Pane::Page) => match target? {
                SpotTarget::Link(_) => Some("follow"),
                SpotTarget::Fold(_) => Some("fold"),
                SpotTarget::Note(_) => Some("note"),
                SpotTarget::Tab { .. } => Some("show"),
            },
            (Command::Right, super::Pane::Page) => {
                let sheet = self.sheet.as_ref()?;
                sheet.is_cut_off().then_some("more")
            }
            (Command::Open, super::Pane::Nav) => Some("read"),
            (Command::Open, super::Pane::Outline) => Some("go there"),
            _ => None,
        }
    }
}
