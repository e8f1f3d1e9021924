//! The template gallery.

use std::sync::Arc;

use crate::app::command::{Command, Context};
use crate::app::cursor::Cursor;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit, EntityDetail};
use crate::app::model::Shared;
use crate::app::narrow::{Narrow, Turn};
use crate::app::pointer::{Part, Target};
use crate::app::route::{EntityTab, Route};
use crate::catalog::index::{Facet, Selection};
use crate::catalog::{EntityRef, Row};

/// State of the gallery.
#[derive(Debug)]
pub struct Templates {
    /// The templates that are listed, starred ones first, then by title.
    pub rows: Vec<Row>,
    /// How many there are.
    pub all: usize,
    /// What the list is narrowed to.
    pub narrow: Narrow,
    /// Which one is selected.
    pub cursor: Cursor,
    /// The selected one, once it is loaded.
    pub detail: Option<Arc<EntityDetail>>,
}

impl Templates {
    /// Makes the page.
    pub fn open(cx: &mut Cx<'_>) -> Self {
        let mut page = Self {
            rows: Vec::new(),
            all: 0,
            narrow: Narrow::default(),
            cursor: Cursor::default(),
            detail: None,
        };
        page.refresh(cx);
        page
    }

    /// The template under the cursor.
    pub fn selected(&self, shared: &Shared) -> Option<EntityRef> {
        shared
            .index
            .entity_ref(*self.rows.get(self.cursor.selected)?)
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match self.narrow.command(command) {
            Turn::Ignored => {}
            Turn::Done => return true,
            Turn::Changed => {
                self.start_over(cx);
                return true;
            }
        }
        if self
            .cursor
            .apply(command, self.rows.len(), cx.drawn.page_rows)
        {
            self.load(cx);
            return true;
        }
        let Some(template) = self.selected(cx.shared) else {
            return false;
        };
        match command {
            Command::Open | Command::TemplatesUse => cx.go(Route::Wizard { template }),
            Command::TemplatesMade => cx.go(Route::Generated { template }),
            Command::TemplatesShow => cx.go(Route::Entity {
                entity_ref: template,
                tab: EntityTab::Overview,
            }),
            _ => return false,
        }
        true
    }

    fn load(&mut self, cx: &mut Cx<'_>) {
        if let Some(template) = self.selected(cx.shared)
            && self
                .detail
                .as_ref()
                .is_none_or(|detail| detail.entity.entity_ref != template)
        {
            self.detail = None;
            cx.effect(Effect::LoadEntity(template));
        }
    }

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: Target, cx: &mut Cx<'_>) -> bool {
        let Target::Item(Part::Main, at) = target else {
            return false;
        };
        let opens = self.cursor.point(at, self.rows.len());
        self.load(cx);
        opens
    }

    /// Changes what the list is narrowed to.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        if self.narrow.edit(edit) {
            self.start_over(cx);
        }
    }

    fn start_over(&mut self, cx: &mut Cx<'_>) {
        self.cursor = Cursor::default();
        self.refresh(cx);
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if let Answer::Entity(entity_ref, Ok(detail)) = answer
            && self.selected(cx.shared).as_ref() == Some(entity_ref)
        {
            self.detail.clone_from(detail);
        }
    }

    /// The catalog was swapped.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        let index = &cx.shared.index;
        let mut selection = Selection::default();
        selection.toggle(Facet::Kind, "Template");
        let mut all = 0;
        let mut rows: Vec<(bool, String, Row)> = index
            .select(&selection)
            .iter()
            .filter_map(|row| {
                let summary = index.summary(row)?;
                all += 1;
                let texts = [
                    summary.name,
                    summary.title,
                    summary.entity_type,
                    summary.owner,
                    summary.description,
                ];
                if !self.narrow.fits(texts) {
                    return None;
                }
                let starred = cx.shared.is_starred(&index.entity_ref(row)?);
                let title = if summary.title.is_empty() {
                    summary.name
                } else {
                    summary.title
                };
                Some((!starred, title.to_lowercase(), row))
            })
            .collect();
        rows.sort();
        self.all = all;
        self.rows = rows.into_iter().map(|(.., row)| row).collect();
        self.cursor.clamp(self.rows.len());
        self.load(cx);
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Templates
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        self.narrow.typing
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, _shared: &Shared) -> Option<&'static str> {
        let needs = matches!(
            command,
            Command::Open | Command::TemplatesUse | Command::TemplatesShow | Command::TemplatesMade
        ) && !(command == Command::Open && self.narrow.typing);
        match (needs && self.rows.is_empty(), self.all) {
            (false, _) => None,
            (true, 0) => Some("There are no templates in this catalog."),
            (true, _) => Some("No template has these words."),
        }
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, _shared: &Shared) -> Vec<String> {
        vec!["Templates".to_owned()]
    }

    /// The words on the right of the top line.
    pub fn status(&self, _shared: &Shared) -> String {
        self.narrow.counted(self.rows.len(), self.all, "template")
    }
}
