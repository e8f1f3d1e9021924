//! The finder: one field, and the best of the catalog for what stands in it.

use std::sync::Arc;

use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::cx::{Cx, Request};
use crate::app::message::{Asker, Edit, EntityDetail, Passage};
use crate::app::page::entity::{Scope, Shape};
use crate::app::route::{EntityTab, Route};
use crate::app::text_field::TextField;
use crate::catalog::{EntityRef, Kind};
use crate::search::{self, Field, Found, Hit, Query};

/// How many rows it lists.
const LIMIT: usize = 1_000;

/// State of the finder.
#[derive(Debug)]
pub struct Finder {
    /// What is asked.
    pub field: TextField,
    /// What was found.
    pub found: Arc<Found>,
    /// Passages of docs that were found.
    pub docs: Arc<[Passage]>,
    /// What is listed, in order: names first, then docs, then whatever else matched.
    pub rows: Vec<Row>,
    /// Which row is selected.
    pub cursor: Cursor,
    /// Whether the preview is shown where there is room for it.
    pub preview: bool,
    /// The selected entity, once it is loaded.
    pub detail: Option<Arc<EntityDetail>>,
    /// What the result is for, if it is not to be opened.
    pub aim: Option<Aim>,
    /// The last question.
    generation: u64,
    /// The question whose answer is listed.
    answered: u64,
}

/// The end of a path is looked for.
#[derive(Debug, Clone)]
pub struct Aim {
    /// Where the path begins.
    pub from: EntityRef,
    /// What is followed.
    pub scope: Scope,
}

/// One row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The entity of this hit of [`Finder::found`].
    Entity(usize),
    /// This passage of [`Finder::docs`].
    Passage(usize),
}

/// What a command did to the finder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It stays open.
    Stay,
    /// It closes.
    Close,
    /// It has no use for the command.
    Ignored,
}

impl Finder {
    /// An open finder with a query in it.
    pub fn open(query: &str, aim: Option<Aim>, cx: &mut Cx<'_>) -> Self {
        let mut finder = Self {
            field: TextField::new(query),
            found: Arc::default(),
            docs: Arc::default(),
            rows: Vec::new(),
            cursor: Cursor::default(),
            preview: true,
            detail: None,
            aim,
            generation: 0,
            answered: 0,
        };
        finder.search(cx);
        finder
    }

    /// Asks again with what stands in the field.
    pub fn search(&mut self, cx: &mut Cx<'_>) {
        self.generation = cx.search(Asker::Finder, self.field.text(), LIMIT);
    }

    /// Changes the query.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        if self.field.apply(edit) {
            self.search(cx);
        }
    }

    /// Takes an answer to the last question; late ones are dropped.
    pub fn found(
        &mut self,
        generation: u64,
        found: &Arc<Found>,
        docs: &Arc<[Passage]>,
        cx: &mut Cx<'_>,
    ) {
        if generation != self.generation || found.cancelled {
            return;
        }
        // Whoever was quicker than the answer has moved the cursor already.
        let kept = (self.answered == generation).then(|| self.selected(cx));
        self.list(generation, found, docs);
        if let Some(kept) = kept.flatten() {
            let of = |at: &usize| {
                self.hit(*at)
                    .and_then(|hit| cx.shared.index.entity_ref(hit.row))
            };
            let at = (0..self.rows.len()).find(|at| of(at).as_ref() == Some(&kept));
            self.cursor
                .select(at.unwrap_or(0), self.rows.len(), cx.drawn.overlay_rows);
        }
        self.load_preview(cx);
    }

    /// Keys can outrun the answer: a whole line may arrive at once. What they act on must be what the field asks for, so
    /// it is found now, but for the docs.
    fn catch_up(&mut self, cx: &mut Cx<'_>) {
        if self.answered == self.generation {
            return;
        }
        let query = Query::parse(self.field.text());
        let (index, context) = (&cx.shared.index, &cx.shared.personal);
        let found = search::find(index, &query, context, LIMIT, &|| false);
        self.list(self.generation, &Arc::new(found), &Arc::default());
        self.load_preview(cx);
    }

    fn list(&mut self, generation: u64, found: &Arc<Found>, docs: &Arc<[Passage]>) {
        self.answered = generation;
        self.found = found.clone();
        self.docs = docs.clone();
        self.arrange();
        self.cursor = Cursor::default();
    }

    /// Takes the passages of the last question, which took longer than its rows; the selection stays where it is.
    pub fn passages(&mut self, generation: u64, docs: &Arc<[Passage]>, cx: &mut Cx<'_>) {
        if generation != self.generation || docs.is_empty() {
            return;
        }
        let selected = self.rows.get(self.cursor.selected).copied();
        self.docs = docs.clone();
        self.arrange();
        let place = selected.and_then(|row| self.rows.iter().position(|&other| other == row));
        self.cursor.select(
            place.unwrap_or_default(),
            self.rows.len(),
            cx.drawn.overlay_rows,
        );
        self.load_preview(cx);
    }

    /// Puts what was found in order.
    fn arrange(&mut self) {
        let hits = &self.found.hits;
        let named = hits.iter().take_while(|hit| hit.field <= Field::Title);
        let named = named.count();
        self.rows.clear();
        self.rows.extend((0..named).map(Row::Entity));
        if self.aim.is_none() {
            self.rows.extend((0..self.docs.len()).map(Row::Passage));
        }
        self.rows.extend((named..hits.len()).map(Row::Entity));
    }

    /// Whether what is listed answers what stands in the field; else the answer is on its way.
    pub fn is_answered(&self) -> bool {
        self.answered == self.generation
    }

    /// Forgets what was found: rows of an old index name other entities in a new one.
    pub fn forget(&mut self) {
        self.found = Arc::default();
        self.docs = Arc::default();
        self.rows.clear();
    }

    /// The hit of the row at `at`, if that is an entity.
    pub fn hit(&self, at: usize) -> Option<&Hit> {
        match self.rows.get(at)? {
            Row::Entity(hit) => self.found.hits.get(*hit),
            Row::Passage(_) => None,
        }
    }

    /// The passage of the row at `at`, if that is one.
    pub fn passage(&self, at: usize) -> Option<&Passage> {
        match self.rows.get(at)? {
            Row::Passage(passage) => self.docs.get(*passage),
            Row::Entity(_) => None,
        }
    }

    /// The entity under the cursor.
    pub fn selected(&self, cx: &Cx<'_>) -> Option<EntityRef> {
        cx.shared
            .index
            .entity_ref(self.hit(self.cursor.selected)?.row)
    }

    /// Where Enter leads.
    fn destination(&self, cx: &Cx<'_>) -> Option<Route> {
        if let Some(passage) = self.passage(self.cursor.selected) {
            return Some(Route::Docs {
                entity_ref: passage.entity_ref.clone(),
                page: Some(passage.page.clone()),
                anchor: Some(passage.anchor.clone()).filter(|anchor| !anchor.is_empty()),
            });
        }
        let entity_ref = self.selected(cx)?;
        Some(if Kind::parse(entity_ref.kind()) == Kind::Template {
            Route::Wizard {
                template: entity_ref,
            }
        } else {
            Route::Entity {
                entity_ref,
                tab: EntityTab::Overview,
            }
        })
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
        if !matches!(command, Command::Back | Command::FinderPreview) {
            self.catch_up(cx);
        }
        if self
            .cursor
            .apply(command, self.rows.len(), cx.drawn.overlay_rows)
        {
            self.load_preview(cx);
            return Outcome::Stay;
        }
        match command {
            Command::Open => {
                let request = match &self.aim {
                    Some(aim) => self.path(aim, cx).map(Request::Replace),
                    None => self.destination(cx).map(Request::Go),
                };
                let Some(request) = request else {
                    return Outcome::Stay;
                };
                cx.requests.push(request);
                Outcome::Close
            }
            Command::FinderPreview => {
                self.preview = !self.preview;
                Outcome::Stay
            }
            Command::FinderComplete | Command::NextTab => {
                if let Some(entity_ref) = self.selected(cx) {
                    self.field = TextField::new(entity_ref.name());
                    self.search(cx);
                }
                Outcome::Stay
            }
            Command::Back => Outcome::Close,
            _ => Outcome::Ignored,
        }
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
        let Some(entity_ref) = self.selected(cx) else {
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
