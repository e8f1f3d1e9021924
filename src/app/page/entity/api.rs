//! The API tab: operations of an OpenAPI definition, the source of any other, and for what is no API the ones it
//! provides and consumes.

use std::sync::Arc;

use super::overview::{Item, end};
use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::EntityDetail;
use crate::app::model::{Drawn, Shared};
use crate::catalog::api::{Operation, Outline};
use crate::catalog::{EntityRef, Kind, RelationType};

/// State of the API tab.
#[derive(Debug, Default)]
pub struct Api {
    /// What it shows.
    pub view: View,
    /// The selected row, or the top line of a source.
    pub cursor: Cursor,
    /// Whether the details of the operation have the focus; the top line of these.
    pub inside: Option<usize>,
}

/// What the API tab shows.
#[derive(Debug, Default)]
pub enum View {
    /// Nothing yet.
    #[default]
    Loading,
    /// The operations of an OpenAPI document.
    Outline {
        /// The document.
        outline: Arc<Outline>,
        /// Its lines.
        lines: Vec<OutlineLine>,
    },
    /// The definition as it is.
    Source {
        /// Its lines.
        lines: Vec<String>,
        /// Why it is not shown as operations.
        why: Option<String>,
    },
    /// The APIs that it provides and consumes.
    Related(Vec<Item>),
    /// An API without a definition.
    Nothing,
}

/// One line of the list of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlineLine {
    /// The name of a group.
    Group(usize),
    /// An operation: the number of its group and its own in that.
    Operation(usize, usize),
    /// Space between groups.
    Gap,
}

impl Api {
    /// The view for an entity that is no API, which needs nothing loaded.
    pub(super) fn related(entity_ref: &EntityRef, shared: &Shared) -> View {
        let Some(row) = shared.index.row_of(entity_ref) else {
            return View::Related(Vec::new());
        };
        let mut items = Vec::new();
        for wanted in [RelationType::ProvidesApi, RelationType::ConsumesApi] {
            let ends = shared.index.relations(row).filter(|(of, _)| *of == wanted);
            for (at, (_, neighbor)) in ends.enumerate() {
                let mut item = end(neighbor, shared);
                if at == 0 {
                    wanted.label().clone_into(&mut item.label);
                }
                items.push(item);
            }
        }
        View::Related(items)
    }

    /// Shows the definition of an API, asking for its operations if it is an OpenAPI one.
    pub(super) fn show(&mut self, detail: &Arc<EntityDetail>, cx: &mut Cx<'_>) {
        if detail.entity.kind() != Kind::Api {
            return;
        }
        match detail.entity.spec_str("definition") {
            None => self.view = View::Nothing,
            Some(_) if detail.entity.spec_str("type") == Some("openapi") => {
                cx.effect(Effect::OutlineApi(detail.clone()));
            }
            Some(definition) => self.view = source(definition, None),
        }
    }

    /// Takes the outline of a definition, or why there is none.
    pub(super) fn outlined(
        &mut self,
        detail: &EntityDetail,
        outline: &Result<Arc<Outline>, String>,
    ) {
        self.view = match outline {
            Ok(outline) => View::Outline {
                lines: lines(outline),
                outline: outline.clone(),
            },
            Err(why) => source(
                detail.entity.spec_str("definition").unwrap_or_default(),
                Some(why.clone()),
            ),
        };
        if let View::Outline { lines, .. } = &self.view {
            self.cursor.clamp(lines.len());
        }
        self.settle(false);
    }

    /// The operation under the cursor.
    pub fn operation(&self) -> Option<&Operation> {
        let View::Outline { outline, lines } = &self.view else {
            return None;
        };
        match lines.get(self.cursor.selected)? {
            OutlineLine::Operation(group, at) => outline.groups.get(*group)?.operations.get(*at),
            _ => None,
        }
    }

    /// How many lines can be walked.
    fn len(&self, rows: usize) -> usize {
        match &self.view {
            View::Outline { lines, .. } => lines.len(),
            // A text is walked by its top line.
            View::Source { lines, .. } => (lines.len() + 1).saturating_sub(rows),
            View::Related(items) => items.len(),
            View::Loading | View::Nothing => 0,
        }
    }

    /// The row under the cursor, where there are rows.
    pub(super) fn item(&self) -> Option<&Item> {
        match &self.view {
            View::Related(items) => items.get(self.cursor.selected),
            _ => None,
        }
    }

    /// Carries out a command; `false` if it has no use for it.
    pub(super) fn command(&mut self, command: Command, drawn: Drawn) -> bool {
        let rows = drawn.page_rows;
        if let Some(top) = &mut self.inside {
            match command {
                Command::Up => *top = top.saturating_sub(1),
                Command::Down => *top = (*top + 1).min(drawn.side_rows),
                Command::PageUp => *top = top.saturating_sub(rows / 2),
                Command::PageDown => *top = (*top + rows / 2).min(drawn.side_rows),
                Command::Bottom => *top = drawn.side_rows,
                Command::Top => *top = 0,
                Command::Left | Command::Back => self.inside = None,
                _ => return false,
            }
            return true;
        }
        if matches!(command, Command::Open | Command::Right) && self.operation().is_some() {
            self.inside = Some(0);
            return true;
        }
        let moved = self.cursor.apply(command, self.len(rows), rows);
        if moved {
            self.settle(matches!(command, Command::Up | Command::PageUp));
        }
        moved
    }

    /// Moves the cursor from a title or gap to the nearest operation.
    fn settle(&mut self, up: bool) {
        let View::Outline { lines, .. } = &self.view else {
            return;
        };
        let at = self.cursor.selected;
        let ok = |at: &usize| matches!(lines.get(*at), Some(OutlineLine::Operation(..)));
        let ahead = (at..lines.len()).find(ok);
        let behind = (0..=at).rev().find(ok);
        let found = if up {
            behind.or(ahead)
        } else {
            ahead.or(behind)
        };
        self.cursor.selected = found.unwrap_or(0);
        if up && behind.is_none() {
            self.cursor.top = 0;
        }
    }
}

fn source(definition: &str, why: Option<String>) -> View {
    View::Source {
        lines: definition
            .lines()
            .map(|line| line.replace('\t', "    "))
            .collect(),
        why,
    }
}

fn lines(outline: &Outline) -> Vec<OutlineLine> {
    let mut lines = Vec::new();
    for (at, group) in outline.groups.iter().enumerate() {
        if at > 0 {
            lines.push(OutlineLine::Gap);
        }
        lines.push(OutlineLine::Group(at));
        lines.extend((0..group.operations.len()).map(|n| OutlineLine::Operation(at, n)));
    }
    lines
}
