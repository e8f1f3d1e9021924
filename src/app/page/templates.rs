//! The template gallery.

use std::sync::Arc;

use crate::app::command::{Command, Context};
use crate::app::cursor::Cursor;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit, EntityDetail};
use crate::app::model::Shared;
use crate::app::route::{EntityTab, Route};
use crate::catalog::index::{Facet, Selection};
use crate::catalog::{EntityRef, Row};

/// State of the gallery.
#[derive(Debug)]
pub struct Templates {
    /// The templates, starred ones first, then by title.
    pub rows: Vec<Row>,
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

    /// There is nothing to type here.
    pub fn edit(&mut self, _edit: &Edit, _cx: &mut Cx<'_>) {}

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
        let mut rows: Vec<(bool, String, Row)> = index
            .select(&selection)
            .iter()
            .filter_map(|row| {
                let summary = index.summary(row)?;
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
        false
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, _shared: &Shared) -> Option<&'static str> {
        let needs = matches!(
            command,
            Command::Open | Command::TemplatesUse | Command::TemplatesShow | Command::TemplatesMade
        );
        (needs && self.rows.is_empty()).then_some("There are no templates in this catalog.")
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, _shared: &Shared) -> Vec<String> {
        vec!["Templates".to_owned()]
    }

    /// The words on the right of the top line.
    pub fn status(&self, _shared: &Shared) -> String {
        match self.rows.len() {
            1 => "1 template".to_owned(),
            n => format!("{n} templates"),
        }
    }
}
