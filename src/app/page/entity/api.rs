//! The API tab: what the definition of an API offers, its source one key away, and for what is no API the ones it
//! provides and consumes.

mod list;
mod related;
mod source;
mod work;

use std::sync::Arc;

use super::overview::Item;
use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::{Edit, EntityDetail};
use crate::app::model::{Drawn, Shared};
use crate::app::narrow::Narrow;
use crate::catalog::api::{Entry, sheet};
use crate::catalog::{EntityRef, Kind};

pub use list::{Filter, List, ListLine, Why};
pub use related::Related;
pub use source::{Finding, Source};
pub use work::{ApiDone, ApiWork, Definition};

/// State of the API tab.
#[derive(Debug, Default)]
pub struct Api {
    /// What it shows.
    pub view: View,
    /// The operation to go to once the definition is read.
    pub(super) wanted: Option<String>,
}

/// What the API tab shows.
#[derive(Debug, Default)]
pub enum View {
    /// Nothing yet.
    #[default]
    Loading,
    /// A definition.
    Definition(Box<Shown>),
    /// The APIs that it provides and consumes.
    Related(Box<Related>),
    /// An API without a definition.
    Nothing,
}

/// A definition that is shown: as a list of what it offers, or as its source.
#[derive(Debug)]
pub struct Shown {
    /// The entity whose definition it is.
    detail: Arc<EntityDetail>,
    /// What it offers; `None` where only the source can be shown.
    pub list: Option<List>,
    /// Why there is no list, or why it is not whole.
    pub why: Option<Why>,
    /// Its text.
    pub source: Source,
    /// Whether the text is on the screen.
    pub in_source: bool,
}

impl Api {
    /// The view for an entity that is no API, which needs nothing loaded.
    pub(super) fn show_related(&mut self, entity_ref: &EntityRef, shared: &Shared) {
        let mut related = match std::mem::take(&mut self.view) {
            View::Related(related) => related,
            _ => Box::default(),
        };
        related.fill(entity_ref, shared);
        self.view = View::Related(related);
    }

    /// Asks for the definition of an API to be read.
    pub(super) fn show(&mut self, detail: &Arc<EntityDetail>, cx: &mut Cx<'_>) {
        if detail.entity.kind() != Kind::Api {
            return;
        }
        if detail.entity.spec_str("definition").is_none() {
            self.view = View::Nothing;
        } else if !matches!(&self.view, View::Definition(shown) if Arc::ptr_eq(&shown.detail, detail))
        {
            cx.effect(Effect::Api(ApiWork::Read(detail.clone())));
        }
    }

    /// Takes what came of work on a definition.
    pub(super) fn done(&mut self, done: &ApiDone) {
        match done {
            ApiDone::Read(detail, definition) => {
                let before = match std::mem::take(&mut self.view) {
                    View::Definition(shown) => Some(shown),
                    _ => None,
                };
                let mut shown = Shown::new(detail.clone(), definition, before);
                if let (Some(wanted), Some(list)) = (self.wanted.take(), &mut shown.list) {
                    list.go_to(&wanted);
                }
                self.view = View::Definition(Box::new(shown));
            }
            ApiDone::Coloured(detail, colours) => {
                if let View::Definition(shown) = &mut self.view
                    && Arc::ptr_eq(&shown.detail, detail)
                {
                    shown.source.colours.clone_from(colours);
                }
            }
        }
    }

    /// The definition on the screen.
    pub fn shown(&self) -> Option<&Shown> {
        match &self.view {
            View::Definition(shown) => Some(shown),
            _ => None,
        }
    }

    fn shown_mut(&mut self) -> Option<&mut Shown> {
        match &mut self.view {
            View::Definition(shown) => Some(shown),
            _ => None,
        }
    }

    /// What the list of APIs is narrowed to, or can be, where there is one.
    pub(super) fn narrowing(&self) -> Option<&Narrow> {
        match &self.view {
            View::Related(related) if !related.is_empty() => Some(&related.narrow),
            _ => None,
        }
    }

    /// The row under the cursor, where there are rows.
    pub(super) fn item(&self) -> Option<&Item> {
        match &self.view {
            View::Related(related) => related.items.get(related.cursor.selected),
            _ => None,
        }
    }

    /// Whether a text field has the focus.
    pub(super) fn typing(&self) -> bool {
        self.shown().is_some_and(|shown| match &shown.list {
            Some(list) if !shown.in_source => list.typing(),
            _ => shown.source.typing(),
        })
    }

    /// Changes the text field that has the focus.
    pub(super) fn edit(&mut self, edit: &Edit, drawn: Drawn) {
        if let View::Related(related) = &mut self.view {
            return related.edit(edit);
        }
        let Some(shown) = self.shown_mut() else {
            return;
        };
        match &mut shown.list {
            Some(list) if !shown.in_source => list.edit(edit),
            _ => shown.source.edit(edit, drawn.page_rows),
        }
    }

    /// Whether the entry under the cursor has the focus.
    pub(super) fn is_inside(&self) -> bool {
        let list = self
            .shown()
            .filter(|shown| !shown.in_source)
            .and_then(|shown| shown.list.as_ref());
        list.is_some_and(|list| list.inside.is_some())
    }

    /// What would be copied: the text and what to call it.
    pub(super) fn copied(&self) -> Option<(String, &'static str)> {
        let entry = self.shown()?.entry()?;
        Some((
            entry.name.clone(),
            if entry.name.starts_with('/') {
                "path"
            } else {
                "name"
            },
        ))
    }

    /// The command that would call the operation under the cursor.
    pub fn curl(&self) -> Option<String> {
        let shown = self.shown()?;
        shown.list.as_ref().filter(|_| !shown.in_source)?.curl()
    }

    /// Selects a row that was clicked; whether it was selected already.
    pub(super) fn point(&mut self, at: usize) -> bool {
        match &mut self.view {
            View::Related(related) => related.cursor.point(at, related.items.len()),
            View::Definition(shown) => match shown.list.as_mut().filter(|_| !shown.in_source) {
                Some(list) => list.point(at),
                None => false,
            },
            View::Loading | View::Nothing => false,
        }
    }

    /// Goes to a line of the entry that was clicked; whether that is to be opened or closed.
    pub(super) fn point_inside(&mut self, at: usize) -> bool {
        let shown = self.shown_mut().filter(|shown| !shown.in_source);
        let list = shown.and_then(|shown| shown.list.as_mut());
        if let Some(list) = list {
            list.inside.get_or_insert_default().selected = at;
            return true;
        }
        false
    }

    /// Carries out a command; `false` if it has no use for it.
    pub(super) fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let drawn = cx.drawn;
        match &mut self.view {
            View::Related(related) => related.command(command, drawn.page_rows),
            View::Definition(shown) => {
                let done = shown.command(command, drawn);
                shown.colour(cx);
                done
            }
            View::Loading | View::Nothing => false,
        }
    }
}

impl Shown {
    /// What was read, in the state in which the same page was `before`.
    fn new(
        detail: Arc<EntityDetail>,
        definition: &Arc<Definition>,
        before: Option<Box<Shown>>,
    ) -> Self {
        let (list, why) = List::of(&definition.outline);
        let mut shown = Self {
            in_source: list.is_none(),
            source: Source::new(definition.clone()),
            detail,
            list,
            why,
        };
        if let Some(before) = before {
            shown.in_source |= before.in_source && shown.list.is_some();
            shown.source.keep(before.source);
            if let (Some(list), Some(before)) = (&mut shown.list, before.list) {
                list.keep(before);
            }
        }
        shown
    }

    /// The entry under the cursor, where the list is on the screen.
    pub fn entry(&self) -> Option<&Entry> {
        self.list.as_ref().filter(|_| !self.in_source)?.entry()
    }

    fn command(&mut self, command: Command, drawn: Drawn) -> bool {
        if command == Command::ApiSource {
            self.in_source = self.list.is_none() || !self.in_source;
            return true;
        }
        match &mut self.list {
            Some(list) if !self.in_source => list.command(command, drawn),
            list => {
                if self.source.command(command, drawn.page_rows) {
                    return true;
                }
                let leaves = command == Command::Back && list.is_some();
                self.in_source &= !leaves;
                leaves
            }
        }
    }

    /// Asks for the source's colours once it is on the screen.
    fn colour(&mut self, cx: &mut Cx<'_>) {
        if self.in_source && !self.source.asked {
            self.source.asked = true;
            cx.effect(Effect::Api(ApiWork::Colour(
                self.detail.clone(),
                self.source.definition.clone(),
            )));
        }
    }

    /// Asks for what the first look at it needs.
    pub(super) fn opened(&mut self, cx: &mut Cx<'_>) {
        self.colour(cx);
    }

    /// The lines of the entry under the cursor, in `columns` columns.
    pub fn sheet(&self, columns: usize) -> Vec<sheet::Row> {
        self.list
            .as_ref()
            .map(|list| list.sheet(columns))
            .unwrap_or_default()
    }
}

impl Api {
    /// Asks for what the first look at a definition needs.
    pub(super) fn opened(&mut self, cx: &mut Cx<'_>) {
        if let Some(shown) = self.shown_mut() {
            shown.opened(cx);
        }
    }
}
