//! The finder: one field, and the best of everything for what stands in it: entities, sections of docs, operations of
//! APIs, pages of other sources, actions of the portal.

mod actions;
mod again;
mod rows;

use std::sync::Arc;

use crate::app::command::{Command, Context, Info};
use crate::app::cursor::Cursor;
use crate::app::cx::{Cx, Request};
use crate::app::lasting::Choice;
use crate::app::message::{Asker, Edit, EntityDetail, FullText, Origin, Passage};
use crate::app::model::Shared;
use crate::app::notice::Notice;
use crate::app::offers::Offers;
use crate::app::page::entity::{Scope, Shape};
use crate::app::route::{EntityTab, Route};
use crate::app::text_field::TextField;
use crate::catalog::{EntityRef, Kind, Terms};
use crate::search::{Field, Found, Hit, Issue, Query};

pub use actions::SIGN;
pub use rows::{Chip, Row};

/// How many entities it lists.
const LIMIT: usize = 1_000;
/// How many it looks through for those of one kind.
const NARROWED: usize = 20_000;

/// State of the finder.
#[derive(Debug)]
pub struct Finder {
    /// What is asked.
    pub field: TextField,
    /// The entities that were found.
    pub found: Arc<Found>,
    /// What the texts say.
    pub texts: Arc<FullText>,
    /// Entities that only their descriptions speak for.
    pub described: Vec<Hit>,
    /// The actions that are called so.
    pub actions: Vec<&'static Info>,
    /// What is listed, in order.
    pub rows: Vec<Row>,
    /// Which row is selected.
    pub cursor: Cursor,
    /// What is found by kind, everything first.
    pub chips: Vec<(Chip, usize)>,
    /// What the list is narrowed to.
    pub chip: Chip,
    /// What of the question is not understood, or not in this catalog.
    pub issues: Vec<Issue>,
    /// What could be typed next.
    pub offers: Offers,
    /// The words that are marked in texts.
    pub terms: Terms,
    /// The selected entity, once it is loaded.
    pub detail: Option<Arc<EntityDetail>>,
    /// What the result is for, if it is not to be opened.
    pub aim: Option<Aim>,
    /// The context of the page below.
    pub context: Context,
    /// The last question.
    generation: u64,
    /// The question whose answer is listed.
    answered: u64,
    /// The question of which nothing more will be found.
    whole: u64,
    /// Whether the first that is found is opened: Enter was pressed before there was a catalog.
    eager: bool,
    /// The entity under the cursor, for when rows are new.
    on: Option<EntityRef>,
    /// What the cursor was on before they were.
    kept: Option<again::Kept>,
}

/// The end of a path is looked for.
#[derive(Debug, Clone)]
pub struct Aim {
    /// Where the path begins.
    pub from: EntityRef,
    /// What is followed.
    pub scope: Scope,
}

/// What a command did to the finder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It stays open.
    Stay,
    /// It closes.
    Close,
    /// It closes, and the page is to do this.
    Run(Command),
    /// It has no use for the command.
    Ignored,
}

/// Whether the preview is shown where there is room for it.
pub fn previews(shared: &Shared) -> bool {
    shared.lasting.choices.finder_preview.unwrap_or(true)
}

impl Finder {
    /// An open finder with a query in it, over a page with this context.
    pub fn open(query: &str, aim: Option<Aim>, context: Context, cx: &mut Cx<'_>) -> Self {
        let mut finder = Self {
            field: TextField::new(query),
            found: Arc::default(),
            texts: Arc::default(),
            described: Vec::new(),
            actions: Vec::new(),
            rows: Vec::new(),
            cursor: Cursor::default(),
            chips: Vec::new(),
            chip: Chip::All,
            issues: Vec::new(),
            offers: Offers::default(),
            terms: Terms::default(),
            detail: None,
            aim,
            context,
            generation: 0,
            answered: 0,
            whole: 0,
            eager: false,
            on: None,
            kept: None,
        };
        finder.search(cx);
        finder
    }

    /// Asks again with what stands in the field.
    pub fn search(&mut self, cx: &mut Cx<'_>) {
        if let Some(text) = actions::alone(self.field.text()).filter(|_| self.aim.is_none()) {
            self.actions = actions::matching(text, self.context);
            self.terms = Terms::parse(text);
            self.generation = cx.next_generation();
            self.chip = Chip::All;
            self.list(&Arc::default(), &Arc::default(), cx);
            self.find_again(cx);
            self.kept = None;
            self.whole = self.generation;
            return;
        }
        let query = Query::parse(self.field.text());
        self.terms = Terms::parse(&query.passage().unwrap_or_default());
        let limit = match self.chip {
            Chip::Kind(_) => NARROWED,
            _ => LIMIT,
        };
        self.generation = cx.search(Asker::Finder, self.field.text(), limit);
    }

    /// Changes the query.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        self.eager = false;
        if self.field.apply(edit) {
            self.kept = None;
            self.offers.clear();
            self.search(cx);
        }
    }

    /// Takes an answer to the last question, of which more may come unless the texts are there; late ones are dropped. What
    /// was asked to be opened is.
    pub fn found(
        &mut self,
        generation: u64,
        found: &Arc<Found>,
        texts: Option<&Arc<FullText>>,
        cx: &mut Cx<'_>,
    ) -> Outcome {
        if generation != self.generation || found.cancelled {
            return Outcome::Stay;
        }
        let kept = (self.answered == generation).then(|| self.selected(cx));
        self.list(found, texts.unwrap_or(&Arc::default()), cx);
        if let Some(kept) = kept.flatten() {
            let of = |at: &usize| {
                self.hit(*at)
                    .and_then(|hit| cx.shared.index.entity_ref(hit.row))
            };
            let at = (0..self.rows.len()).find(|at| of(at).as_ref() == Some(&kept));
            self.cursor
                .select(at.unwrap_or(0), self.rows.len(), cx.drawn.overlay_rows);
        }
        self.find_again(cx);
        self.load_preview(cx);
        match texts {
            Some(_) => self.complete_answer(cx),
            None => Outcome::Stay,
        }
    }

    /// Nothing more will be found.
    fn complete_answer(&mut self, cx: &mut Cx<'_>) -> Outcome {
        self.whole = self.generation;
        self.kept = None;
        if self.eager && !cx.shared.index.is_empty() {
            self.eager = false;
            return self.activate(cx);
        }
        Outcome::Stay
    }

    fn list(&mut self, found: &Arc<Found>, texts: &Arc<FullText>, cx: &mut Cx<'_>) {
        // Of one question there may be a second answer, which tells more.
        let is_first = self.answered != self.generation;
        self.answered = self.generation;
        self.found = found.clone();
        self.issues.clone_from(&found.notices);
        if actions::alone(self.field.text()).is_some() {
            self.offers.clear();
        } else {
            if is_first {
                self.offers.look_up(&self.field, cx);
            }
            self.actions = match self.aim {
                None => actions::named(self.field.text(), self.context),
                Some(_) => Vec::new(),
            };
        }
        self.take(texts, cx);
        self.arrange(&cx.shared.index, 0);
        self.cursor = Cursor::default();
    }

    /// Takes what the texts say of the last question, which took longer than its rows: nothing that is in sight moves.
    pub fn texts(&mut self, generation: u64, texts: &Arc<FullText>, cx: &mut Cx<'_>) -> Outcome {
        if generation != self.generation {
            return Outcome::Stay;
        }
        if **texts != FullText::default() {
            let in_sight = self.cursor.window(self.rows.len(), cx.drawn.overlay_rows);
            self.take(texts, cx);
            let floor = in_sight.end.max(self.cursor.selected + 1);
            self.arrange(&cx.shared.index, floor);
            self.find_again(cx);
            self.load_preview(cx);
        }
        self.complete_answer(cx)
    }

    fn take(&mut self, texts: &Arc<FullText>, cx: &Cx<'_>) {
        if self.aim.is_some() {
            return;
        }
        self.texts = texts.clone();
        let index = &cx.shared.index;
        let rows = texts.described.iter().filter_map(|of| index.row_of(of));
        let unlisted = rows.filter(|row| !self.found.hits.iter().any(|hit| hit.row == *row));
        let described = unlisted.map(|row| Hit {
            row,
            score: 0,
            field: Field::Description,
            name_matches: Vec::new(),
            title_matches: Vec::new(),
        });
        self.described = described.collect();
    }

    /// Whether what is listed answers what stands in the field; else the answer is on its way.
    pub fn is_answered(&self) -> bool {
        self.answered == self.generation
    }

    /// Whether more is on its way of what the field asks for. Keys can outrun it, since a whole line may arrive at once; those
    /// that act on rows must wait, or they act on other rows than they were meant for.
    pub fn is_awaited(&self) -> bool {
        self.whole != self.generation
    }

    /// The hit of the row at `at`, if that is an entity.
    pub fn hit(&self, at: usize) -> Option<&Hit> {
        self.hit_of(*self.rows.get(at)?)
    }

    fn hit_of(&self, row: Row) -> Option<&Hit> {
        match row {
            Row::Entity(hit) => self.found.hits.get(hit),
            Row::Described(hit) => self.described.get(hit),
            Row::Passage(_) | Row::Action(_) => None,
        }
    }

    /// The passage of the row at `at`, if that is one.
    pub fn passage(&self, at: usize) -> Option<&Passage> {
        match self.rows.get(at)? {
            Row::Passage(passage) => self.texts.passages.get(*passage),
            _ => None,
        }
    }

    /// The action of the row at `at`, if that is one.
    pub fn action(&self, at: usize) -> Option<&'static Info> {
        match self.rows.get(at)? {
            Row::Action(action) => self.actions.get(*action).copied(),
            _ => None,
        }
    }

    /// The entity under the cursor.
    pub fn selected(&self, cx: &Cx<'_>) -> Option<EntityRef> {
        cx.shared
            .index
            .entity_ref(self.hit(self.cursor.selected)?.row)
    }

    /// Opens what is under the cursor.
    fn activate(&self, cx: &mut Cx<'_>) -> Outcome {
        if let Some(action) = self.action(self.cursor.selected) {
            return Outcome::Run(action.command);
        }
        if let Some(aim) = &self.aim {
            let Some(path) = self.path(aim, cx) else {
                return Outcome::Stay;
            };
            cx.requests.push(Request::Replace(path));
            return Outcome::Close;
        }
        let route = match self.passage(self.cursor.selected).map(|it| &it.origin) {
            Some(Origin::Elsewhere { url, .. }) => {
                cx.effect(crate::app::Effect::OpenUrl(url.clone()));
                return Outcome::Close;
            }
            Some(Origin::Docs {
                entity_ref,
                page,
                anchor,
            }) => Route::Docs {
                entity_ref: entity_ref.clone(),
                page: Some(page.clone()),
                anchor: Some(anchor.clone()).filter(|anchor| !anchor.is_empty()),
                words: Query::parse(self.field.text())
                    .passage()
                    .unwrap_or_default(),
            },
            Some(Origin::Operation {
                entity_ref,
                operation,
            }) => Route::Operation {
                entity_ref: entity_ref.clone(),
                operation: operation.clone(),
            },
            None => match self.selected(cx) {
                Some(template) if Kind::parse(template.kind()) == Kind::Template => {
                    Route::Wizard { template }
                }
                Some(entity_ref) => Route::Entity {
                    entity_ref,
                    tab: EntityTab::Overview,
                },
                None => return Outcome::Stay,
            },
        };
        cx.go(route);
        Outcome::Close
    }

    /// The path to what is under the cursor, in place of the page below.
    fn path(&self, aim: &Aim, cx: &Cx<'_>) -> Option<Route> {
        Some(Route::Relations {
            entity_ref: aim.from.clone(),
            scope: Scope {
                shape: Shape::Path(self.selected(cx)?),
                ..aim.scope.clone()
            },
        })
    }

    /// Carries out a command.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> Outcome {
        if self
            .cursor
            .apply(command, self.rows.len(), cx.drawn.overlay_rows)
        {
            self.load_preview(cx);
            return Outcome::Stay;
        }
        self.eager = false;
        match command {
            Command::Open if cx.shared.index.is_empty() && cx.shared.syncing => {
                if self.action(self.cursor.selected).is_some() {
                    return self.activate(cx);
                }
                self.eager = true;
                cx.say(Notice::info(
                    "The catalog is being read; what fits best opens once it is there.",
                ));
            }
            Command::Open => return self.activate(cx),
            Command::FinderPreview => {
                let shown = previews(cx.shared);
                cx.requests
                    .push(Request::Choose(Choice::FinderPreview(!shown)));
            }
            Command::FinderComplete => self.complete(0, cx),
            Command::FinderNarrow => self.narrow(self.neighbour(true), cx),
            Command::FinderNarrowBack => self.narrow(self.neighbour(false), cx),
            Command::Back => return Outcome::Close,
            _ => return Outcome::Ignored,
        }
        Outcome::Stay
    }

    /// Selects a row that was clicked; whether it was selected already.
    pub fn point(&mut self, at: usize, cx: &mut Cx<'_>) -> bool {
        let opens = self.cursor.point(at, self.rows.len());
        self.load_preview(cx);
        opens
    }

    /// Takes one of what could be typed next; within the text the key moves as it does in every field.
    pub fn complete(&mut self, offer: usize, cx: &mut Cx<'_>) {
        if self.offers.accept(offer, &mut self.field) {
            self.search(cx);
        } else {
            self.field.apply(&Edit::Right);
        }
    }

    /// What is wrong with the question, but for a term that is still being typed and could be completed.
    pub fn mistakes(&self) -> impl Iterator<Item = &Issue> {
        let length = self.field.text().len();
        let issues = self.issues.iter();
        issues.filter(move |issue| !self.offers.excuse(issue, length))
    }

    /// Narrows the list to the kind of thing whose chip was clicked.
    pub fn choose(&mut self, chip: usize, cx: &mut Cx<'_>) {
        if let Some((chip, _)) = self.chips.get(chip).cloned() {
            self.narrow(chip, cx);
        }
    }

    /// Narrows the list to one kind of thing.
    fn narrow(&mut self, chip: Chip, cx: &mut Cx<'_>) {
        self.chip = chip;
        self.cursor = Cursor::default();
        self.arrange(&cx.shared.index, 0);
        // Of many entities only the best are here.
        if matches!(self.chip, Chip::Kind(_)) && self.found.total > self.found.hits.len() {
            self.search(cx);
        }
        self.load_preview(cx);
    }

    /// Takes an entity, if it is the one under the cursor.
    pub fn entity(
        &mut self,
        entity_ref: &EntityRef,
        detail: Option<&Arc<EntityDetail>>,
        cx: &Cx<'_>,
    ) {
        if self.selected(cx).as_ref() == Some(entity_ref) {
            self.detail = detail.cloned();
        }
    }

    fn load_preview(&mut self, cx: &mut Cx<'_>) {
        self.on = self.selected(cx);
        let Some(entity_ref) = self.on.clone() else {
            self.detail = None;
            return;
        };
        if self
            .detail
            .as_ref()
            .is_none_or(|detail| detail.entity.entity_ref != entity_ref)
        {
            self.detail = None;
            cx.effect(crate::app::Effect::LoadEntity(entity_ref));
        }
    }
}
