//! The docs reader: the site's tree, a page of it, the page's outline; links followed, back and forward, find in page.
//!
//! Reading and laying out is asked of a worker ([`work`]); what is here only moves about in what came back.

mod bookmark;
pub mod finding;
pub mod nav;
pub mod panes;
mod picture;
pub mod revision;
pub mod sheet;
mod side;
mod travel;
mod view;
pub mod work;

use std::sync::Arc;

use crate::app::command::{Command, Context};
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit};
use crate::app::model::{Drawn, Shared};
use crate::app::page::awaited::SOON;
use crate::app::pointer::{Part, Target};
use crate::app::route::{EntityTab, Route};
use crate::app::{Cursor, Narrow};
use crate::catalog::{EntityRef, Terms};
use crate::techdocs::{Book, Document, Layout, Reading, SpotTarget};

pub use bookmark::Here;
pub use finding::Finding;
pub use nav::{Nav, NavKind, NavRow};
pub use revision::Revision;
pub use sheet::Sheet;
pub use travel::Place;
pub use work::{DocsDone, DocsWork};

/// Columns that the frame leaves free at the sides of a page.
const FRAME: u16 = 2;

/// State of the docs reader.
#[derive(Debug)]
pub struct Docs {
    /// Whose docs these are.
    pub entity_ref: EntityRef,
    /// What is known of the site.
    pub state: State,
    /// The tree.
    pub nav: Nav,
    /// The page's headings: which is selected.
    pub outline: Cursor,
    /// What the tree or the outline is narrowed to, whichever has the focus.
    pub narrow: Narrow,
    /// Which pane has the focus.
    pub focus: Pane,
    /// The path of the page that is read, or about to be.
    pub path: String,
    /// The path of the page that is on the screen.
    on_screen: String,
    /// Whether it is to go on where one left off, once that is known.
    goes_on: bool,
    /// The page, once it was read.
    pub sheet: Option<Sheet>,
    /// The search in the page, if there is one.
    pub finding: Option<Finding>,
    /// The words to mark once the page is there.
    words: Terms,
    /// Where one came from, the latest last.
    pub back: Vec<Place>,
    /// Where one went back from, the latest last.
    pub forward: Vec<Place>,
    /// Where to go on the page that is about to come.
    arrival: Arrival,
    /// What the reader chose that holds for every page.
    habits: Reading,
    /// Whether images are seen, where the user said so.
    images: Option<bool>,
    /// At which revision they are read.
    pub revision: Revision,
    /// The address whose docs are looked for, to go there.
    following: Option<String>,
    /// When they were asked for first.
    opened: u64,
    /// What a worker was asked for last, and its number.
    coming: Coming,
    generation: u64,
}

/// What a worker was asked for and has not brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Coming {
    /// Nothing.
    #[default]
    Nothing,
    /// The page at the current path.
    Page,
    /// Other lines, or more, of the page on the screen.
    Lines,
}

/// What is known of the site.
#[derive(Debug, Clone)]
pub enum State {
    /// It is being read.
    Loading,
    /// The entity has no docs.
    Absent,
    /// It could not be read, and why.
    Failed(String),
    /// Here it is.
    Ready(Arc<Book>),
}

/// The panes of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    /// The page.
    #[default]
    Page,
    /// The tree.
    Nav,
    /// The headings.
    Outline,
}

/// Where on a page one arrives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Arrival {
    /// At its top.
    #[default]
    Top,
    /// At a heading.
    Anchor(String),
    /// Where one was: at a line of its source, with this in focus.
    Place(u32, Option<SpotTarget>),
}

impl Docs {
    /// Makes the page, asking for what it needs. Without `page` it goes on where one left off; `words` are marked on it.
    pub fn open(
        entity_ref: EntityRef,
        page: Option<String>,
        anchor: Option<String>,
        words: &str,
        cx: &mut Cx<'_>,
    ) -> Self {
        cx.effect(Effect::LoadDocs(entity_ref.clone(), None));
        Self {
            entity_ref,
            state: State::Loading,
            nav: Nav::default(),
            outline: Cursor::default(),
            narrow: Narrow::default(),
            focus: Pane::Page,
            goes_on: page.is_none(),
            path: page.unwrap_or_default(),
            on_screen: String::new(),
            sheet: None,
            finding: None,
            words: Terms::parse(words),
            back: Vec::new(),
            forward: Vec::new(),
            arrival: anchor.map_or(Arrival::Top, Arrival::Anchor),
            habits: cx.shared.reading(),
            images: None,
            revision: Revision::default(),
            following: None,
            opened: cx.shared.now,
            coming: Coming::Nothing,
            generation: 0,
        }
    }

    /// The site, once it is there.
    pub fn book(&self) -> Option<&Arc<Book>> {
        match &self.state {
            State::Ready(book) => Some(book),
            State::Loading | State::Absent | State::Failed(_) => None,
        }
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        if self.revision.field.is_some() {
            return self.revision_command(command, cx);
        }
        let done = match self.finding.as_ref().map(|finding| finding.typing) {
            Some(true) => self.find_command(command, cx),
            _ => self.pane_command(command, cx) || self.page_command(command, cx),
        };
        if done {
            self.colour(cx);
            self.load_images(cx);
        }
        done
    }

    /// Commands of the page.
    fn page_command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::Previous => self.go_back(cx),
            Command::Forward if !self.forward.is_empty() => self.go_forward(cx),
            Command::DocsNextPage if self.is_marked() => self.step_match(true, cx),
            Command::DocsPrevMatch => self.step_match(false, cx),
            Command::DocsNextPage => self.turn(true, cx),
            Command::DocsPrevPage => self.turn(false, cx),
            Command::DocsEntity => cx.go(Route::Entity {
                entity_ref: self.entity_ref.clone(),
                tab: EntityTab::Overview,
            }),
            Command::DocsEdit => self.edit_source(cx),
            Command::DocsFind | Command::Filter => self.find(),
            Command::DocsRevision => self.ask_revision(),
            Command::Back if self.finding.is_some() => self.finding = None,
            _ => return self.sheet_command(command, cx),
        }
        true
    }

    /// Commands of the page's text, once it is there.
    fn sheet_command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let (rows, columns) = (cx.drawn.page_rows, cx.drawn.page_columns);
        let Some(sheet) = &mut self.sheet else {
            return false;
        };
        match command {
            Command::DocsNextLink => sheet.step(true, rows),
            Command::DocsPrevLink => sheet.step(false, rows),
            Command::DocsFold => match sheet.fold_in_sight(rows) {
                Some(target) => self.act(target, cx),
                None => self.fold_here(cx),
            },
            Command::DocsSection => self.fold_here(cx),
            Command::DocsSections => self.fold_all(cx),
            Command::DocsWide | Command::DocsWrap | Command::DocsSource => {
                self.turn_view(command, cx);
            }
            Command::Open => {
                if let Some(link) = sheet.focused_link() {
                    self.follow(link, cx);
                } else if let Some(target) = sheet.focused().map(|spot| spot.target) {
                    self.act(target, cx);
                }
            }
            Command::DocsImages => self.turn_images(cx),
            Command::DocsCopy => self.copy(cx),
            Command::Left if !sheet.pan(false, rows, columns) => self.focus = Pane::Nav,
            Command::Right if !sheet.pan(true, rows, columns) => self.focus = Pane::Outline,
            Command::Left | Command::Right => {}
            _ => return sheet.scroll(command, rows),
        }
        true
    }

    /// Asks for the colours of the code near the screen.
    fn colour(&mut self, cx: &mut Cx<'_>) {
        let rows = cx.drawn.page_rows.max(usize::from(cx.shared.size.1));
        let Some(sheet) = &mut self.sheet else {
            return;
        };
        let codes = sheet.uncoloured(rows, work::CODES_AT_ONCE);
        if !codes.is_empty() {
            cx.effect(Effect::Docs(DocsWork::Colour {
                generation: sheet.generation,
                document: sheet.document.clone(),
                codes,
            }));
        }
    }

    /// The screen has another size.
    pub fn resized(&mut self, cx: &mut Cx<'_>) {
        let width = width(cx.shared);
        if self
            .sheet
            .as_ref()
            .is_some_and(|sheet| sheet.layout.width != width || !sheet.layout.whole)
        {
            self.lay_out(cx);
        }
    }

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: Target, cx: &mut Cx<'_>) -> bool {
        let (Target::Item(part, _) | Target::Part(part)) = target else {
            let Target::Spot(at) = target else {
                return false;
            };
            self.focus = Pane::Page;
            let Some(sheet) = &mut self.sheet else {
                return false;
            };
            let target = sheet.layout.spots.get(at).map(|spot| spot.target);
            sheet.give_focus(target);
            return target.is_some();
        };
        self.focus = match part {
            Part::Side => Pane::Nav,
            Part::Aside => Pane::Outline,
            _ => Pane::Page,
        };
        match (target, self.focus) {
            (Target::Item(_, at), Pane::Nav) => {
                self.nav.cursor.point(at, self.nav.rows.len());
                true
            }
            (Target::Item(_, at), Pane::Outline) => {
                self.outline
                    .select(at, usize::MAX, cx.drawn.side_rows.max(1));
                true
            }
            _ => false,
        }
    }

    /// Changes the text field that has the focus.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        match &mut self.revision.field {
            Some(field) => drop(field.apply(edit)),
            None if self.narrow.typing => {
                if self.narrow.edit(edit) {
                    self.narrowed();
                }
            }
            None => self.find_edit(edit, cx),
        }
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        match answer {
            Answer::Docs(entity_ref, revision, result) if *entity_ref == self.entity_ref => {
                let revision = revision.as_deref();
                if self.take_revision(revision, result, cx)
                    || revision != self.revision.shown.as_deref()
                {
                    return;
                }
                // Asked for by two, or by another page of the same docs: one reads already.
                if self.book().is_some() {
                    return;
                }
                self.state = match result {
                    Ok(Some(book)) => State::Ready(book.clone()),
                    Ok(None) => State::Absent,
                    Err(error) => State::Failed(error.clone()),
                };
                self.read_first(cx);
            }
            Answer::Lasting(_) => {
                if self.sheet.is_none() {
                    self.habits = cx.shared.reading();
                }
                if self.goes_on {
                    self.read_first(cx);
                }
            }
            Answer::DocsDone(done) => self.done(done, cx),
            Answer::DocsAt {
                url,
                entity_ref,
                page,
                anchor,
            } if self.following.as_ref() == Some(url) => {
                self.following = None;
                self.go_elsewhere(entity_ref, page, anchor.as_deref(), cx);
            }
            _ => {}
        }
    }

    /// The site has come: reads the page that was asked for, else that where one left off, else its first.
    fn read_first(&mut self, cx: &mut Cx<'_>) {
        let Some(book) = self.book().cloned() else {
            return;
        };
        if self.goes_on {
            if cx.shared.lasting.is_awaited {
                return;
            }
            self.goes_on = false;
            self.go_on(cx);
        }
        self.path = self.page_named(&self.path);
        self.nav = Nav::new(&book.site);
        self.read(cx);
    }

    fn done(&mut self, done: &DocsDone, cx: &mut Cx<'_>) {
        match done {
            DocsDone::Read {
                generation,
                page,
                begun,
            } if *generation == self.generation => {
                self.coming = Coming::Nothing;
                if let (Some(begun), Some((document, layout))) = (begun, page) {
                    self.whole(*begun, document, layout, cx);
                    return;
                }
                self.on_screen.clone_from(&self.path);
                let habits = &self.habits;
                self.sheet = page.clone().map(|(document, layout)| {
                    Sheet::new(*generation, document, layout, habits.clone())
                });
                let arrival = std::mem::take(&mut self.arrival);
                let line = self.arrive(&arrival, cx);
                self.mark_words(line);
                self.resized(cx);
            }
            DocsDone::LaidOut { generation, layout } if *generation == self.generation => {
                self.coming = Coming::Nothing;
                self.relaid(layout, cx);
            }
            DocsDone::Coloured {
                generation,
                colours,
            } => {
                let sheet = self
                    .sheet
                    .as_mut()
                    .filter(|sheet| sheet.generation == *generation);
                let Some(sheet) = sheet else {
                    return;
                };
                sheet.colours.extend(colours.iter().cloned());
            }
            DocsDone::Images { generation, images } => self.seen(*generation, images, cx),
            DocsDone::Read { .. } | DocsDone::LaidOut { .. } => return,
        }
        self.colour(cx);
        self.load_images(cx);
    }

    /// All of a page has come whose beginning is on the screen; `begun` brought that.
    fn whole(
        &mut self,
        begun: u64,
        document: &Arc<Document>,
        layout: &Arc<Layout>,
        cx: &mut Cx<'_>,
    ) {
        let sheet = self.sheet.as_mut();
        let Some(sheet) = sheet.filter(|sheet| sheet.generation == begun) else {
            return;
        };
        sheet.document = document.clone();
        self.relaid(layout, cx);
        self.colour(cx);
        self.load_images(cx);
    }

    /// The page has new lines.
    fn relaid(&mut self, layout: &Arc<Layout>, cx: &mut Cx<'_>) {
        let rows = cx.drawn.page_rows.max(1);
        if let Some(sheet) = &mut self.sheet {
            sheet.relaid(layout.clone(), rows);
        }
        self.find_anew();
        if self.arrival != Arrival::Top {
            let arrival = std::mem::take(&mut self.arrival);
            self.arrive(&arrival, cx);
        }
    }

    /// The catalog was swapped: docs that could not be read may be there now.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        if !matches!(self.state, State::Ready(_)) {
            cx.requests.push(Request::Effect(Effect::LoadDocs(
                self.entity_ref.clone(),
                self.revision.shown.clone(),
            )));
        }
    }

    /// Whether what a command acts on, or with none what is typed, is about to come. Docs that are not there soon come
    /// from a host.
    pub fn awaits(
        &self,
        command: Option<Command>,
        is_own: bool,
        shared: &Shared,
        drawn: Drawn,
    ) -> bool {
        let is_coming = match &self.state {
            State::Loading => shared.now <= self.opened + SOON,
            State::Ready(_) => self.goes_on || self.coming != Coming::Nothing,
            State::Absent | State::Failed(_) => false,
        };
        is_coming
            && match command {
                None => self.finding.as_ref().is_some_and(|finding| finding.typing),
                // Where one is can only be told of the page on the screen.
                Some(Command::Previous | Command::Forward) => self.coming == Coming::Page,
                Some(_) if self.coming == Coming::Page => is_own,
                Some(command) => is_own && !self.scrolls_at_once(command, drawn.page_rows),
            }
    }

    /// Whether a command only moves within the beginning of a page that is on the screen.
    fn scrolls_at_once(&self, command: Command, rows: usize) -> bool {
        let sheet = self.sheet.as_ref().filter(|_| self.finding.is_none());
        self.focus == Pane::Page && sheet.is_some_and(|sheet| sheet.can_scroll(command, rows))
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Docs
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        let finds = self.finding.as_ref().is_some_and(|finding| finding.typing);
        finds || self.revision.field.is_some() || self.narrow.typing
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        let _ = shared;
        let site = self.book().map(|book| &book.site);
        match command {
            Command::DocsPrevMatch if !self.is_marked() => Some("No words are marked."),
            Command::DocsNextPage if self.is_marked() => None,
            Command::DocsNextPage if site?.next(&self.path).is_none() => {
                Some("This is the last page.")
            }
            Command::DocsPrevPage if site?.previous(&self.path).is_none() => {
                Some("This is the first page.")
            }
            Command::DocsRevision if site.is_none() => Some("There are no docs yet."),
            Command::DocsEdit if self.revision.shown.is_some() => {
                Some("These docs are read at another revision, where they cannot be edited.")
            }
            Command::DocsFind | Command::Filter | Command::DocsCopy if self.sheet.is_none() => {
                Some("There is no page yet.")
            }
            Command::DocsCopy if !self.has_copy() => {
                Some("There is no code on this page, and no link is chosen.")
            }
            _ => None,
        }
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, shared: &Shared) -> Vec<String> {
        let _ = shared;
        let mut crumbs = vec!["Docs".to_owned()];
        match self.book() {
            Some(book) => {
                crumbs.push(book.site.name.clone());
                crumbs.extend(book.site.trail(&self.path).into_iter().map(str::to_owned));
                crumbs.extend(book.site.page(&self.path).map(|page| page.title.clone()));
            }
            None => crumbs.push(self.entity_ref.name().to_owned()),
        }
        crumbs
    }

    /// The words on the right of the top line: which page of how many.
    pub fn status(&self, shared: &Shared) -> String {
        let _ = shared;
        let Some(book) = self.book() else {
            return String::new();
        };
        let pages = &book.site.pages;
        match pages.iter().position(|page| page.path == self.path) {
            Some(at) if pages.len() > 1 => format!("page {} of {}", at + 1, pages.len()),
            _ => String::new(),
        }
    }
}

/// The columns that a page has on this screen.
fn width(shared: &Shared) -> u16 {
    panes::panes(shared.size.0.saturating_sub(FRAME), shared.accessible).page
}
