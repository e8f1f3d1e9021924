//! The finder: one field, and the best of the catalog for what stands in it.

use std::sync::Arc;

use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::cx::{Cx, Request};
use crate::app::message::{Asker, Edit, EntityDetail};
use crate::app::route::{EntityTab, Route};
use crate::app::text_field::TextField;
use crate::catalog::{EntityRef, Kind};
use crate::search::Found;

/// How many rows it lists.
const LIMIT: usize = 1_000;

/// State of the finder.
#[derive(Debug)]
pub struct Finder {
    /// What is asked.
    pub field: TextField,
    /// What was found.
    pub found: Arc<Found>,
    /// Which row is selected.
    pub cursor: Cursor,
    /// Whether the preview is shown where there is room for it.
    pub preview: bool,
    /// The selected entity, once it is loaded.
    pub detail: Option<Arc<EntityDetail>>,
    generation: u64,
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
    pub fn open(query: &str, cx: &mut Cx<'_>) -> Self {
        let mut finder = Self {
            field: TextField::new(query),
            found: Arc::default(),
            cursor: Cursor::default(),
            preview: true,
            detail: None,
            generation: 0,
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
    pub fn found(&mut self, generation: u64, found: &Arc<Found>, cx: &mut Cx<'_>) {
        if generation == self.generation && !found.cancelled {
            self.found = found.clone();
            self.cursor = Cursor::default();
            self.load_preview(cx);
        }
    }

    /// The entity under the cursor.
    pub fn selected(&self, cx: &Cx<'_>) -> Option<EntityRef> {
        cx.shared
            .index
            .entity_ref(self.found.hits.get(self.cursor.selected)?.row)
    }

    /// Carries out a command.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> Outcome {
        if self
            .cursor
            .apply(command, self.found.hits.len(), cx.drawn.overlay_rows)
        {
            self.load_preview(cx);
            return Outcome::Stay;
        }
        match command {
            Command::Open => {
                let Some(entity_ref) = self.selected(cx) else {
                    return Outcome::Stay;
                };
                let route = if Kind::parse(entity_ref.kind()) == Kind::Template {
                    Route::Wizard {
                        template: entity_ref,
                    }
                } else {
                    Route::Entity {
                        entity_ref,
                        tab: EntityTab::Overview,
                    }
                };
                cx.requests.push(Request::Go(route));
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
