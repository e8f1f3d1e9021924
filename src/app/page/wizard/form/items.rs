//! Items of a list, and values of a choice: what comes and goes in a form.

use serde_json::Value as Json;

use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::scaffolder::form::{self, Field, FieldKind};

use super::super::editor::Editor;
use super::{Form, answerable};

impl Form {
    /// Adds an item to the list whose end has the focus, and goes to its first field; `true` if it takes no more.
    pub(super) fn add(&mut self, cx: &mut Cx<'_>) -> bool {
        let (Some(field), Some(number)) = (self.focused().cloned(), self.steps.get(self.step))
        else {
            return false;
        };
        let FieldKind::Items(items) = field.kind else {
            return false;
        };
        if !items.add {
            return !self.step_focus(true, cx);
        }
        let template = self.template.clone();
        if let Some(page) = template.pages.get(*number) {
            form::add_item(page, &field, &mut self.answers);
        }
        self.reread();
        let list = field.path.trim_end_matches('-');
        let item = format!("{list}{}", items.length);
        let inside = |other: &Field| {
            answerable(other) && (other.path == item || other.path.starts_with(&format!("{item}/")))
        };
        let end = |other: &Field| other.path == field.path;
        let at = self.fields.iter().position(inside);
        self.focus = at.or_else(|| self.fields.iter().position(end)).unwrap_or(0);
        self.open(cx);
        false
    }

    /// Takes the item of a list out that the focused field is of.
    pub fn take_out(&mut self, cx: &mut Cx<'_>) -> bool {
        let (Some(field), Some(number)) = (self.focused(), self.steps.get(self.step)) else {
            return false;
        };
        let around = |item: &&Field| {
            item.item
                && (item.path == field.path || field.path.starts_with(&format!("{}/", item.path)))
        };
        let Some(path) = self
            .fields
            .iter()
            .rev()
            .find(around)
            .map(|item| item.path.clone())
        else {
            return false;
        };
        let template = self.template.clone();
        let taken = template
            .pages
            .get(*number)
            .is_some_and(|page| form::remove_item(page, &path, &mut self.answers));
        self.reread();
        let list = path.rsplit_once('/').map_or("", |(list, _)| list);
        let inside = format!("{list}/");
        let at = |other: &Field| answerable(other) && other.path.starts_with(&inside);
        let near = self
            .fields
            .iter()
            .position(|other| at(other) && other.path >= path);
        let near = near.or_else(|| self.fields.iter().rposition(at));
        self.focus = near.unwrap_or(0).min(self.fields.len().saturating_sub(1));
        self.open(cx);
        taken
    }

    /// Narrows the choice that has the focus; whether the command does that. Of one answer what was found is it.
    pub fn narrows(&mut self, command: Command) -> bool {
        let field = self.fields.get(self.focus);
        let answer = field.and_then(|field| form::get(field, &self.answers));
        let Editor::Choice(choices) = &mut self.editor else {
            return false;
        };
        let narrows = choices.narrows(command, answer.as_ref());
        if narrows && command == Command::WizardAccept {
            self.take_choice();
        }
        narrows
    }

    /// Answers with what the cursor is on, where that alone is an answer.
    pub(super) fn take_choice(&mut self) {
        let Editor::Choice(choices) = &self.editor else {
            return;
        };
        if !choices.many
            && let Some(chosen) = choices.selected().cloned()
        {
            self.answer(Some(chosen));
        }
    }

    /// Space on a choice: takes it, or puts it in or out of many.
    pub fn toggle(&mut self) {
        let Editor::Choice(choices) = &self.editor else {
            return;
        };
        let Some(choice) = choices.selected().cloned() else {
            return;
        };
        let before = self
            .focused()
            .and_then(|field| form::get(field, &self.answers));
        let value = if choices.many {
            let mut chosen = before
                .and_then(|value| value.as_array().cloned())
                .unwrap_or_default();
            match chosen.iter().position(|value| *value == choice) {
                Some(at) => {
                    chosen.remove(at);
                }
                None => chosen.push(choice),
            }
            Some(Json::from(chosen))
        } else {
            Some(choice)
        };
        self.answer(value);
    }
}
