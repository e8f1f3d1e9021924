//! A template's form while it is filled in: which page, which field, what is answered, what is wrong.

mod items;
mod offered;
mod plan;
mod point;
mod resume;
mod review;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::Edit;
use crate::app::notice::Notice;
use crate::app::route::Earlier;
use crate::app::text_field::TextField;
use crate::scaffolder::form::{self, Field, FieldError, FieldKind};
use crate::scaffolder::run::Report;
use crate::scaffolder::template::Page;
use crate::scaffolder::{Answers, Template};

use super::editor::Editor;

/// A form being filled in.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a way of the form that can be switched by itself"
)]
pub struct Form {
    /// The template.
    pub template: Arc<Template>,
    /// What is answered.
    pub answers: Answers,
    /// The numbers of the pages that are shown with these answers.
    pub steps: Vec<usize>,
    /// Which of them is on the screen; one behind the last is the review.
    pub step: usize,
    /// The fields of the page on the screen.
    pub fields: Vec<Field>,
    /// Which field has the focus.
    pub focus: usize,
    /// Its editor.
    pub editor: Editor,
    /// What is wrong on the page.
    pub errors: Vec<FieldError>,
    /// The fields that were left or wrongly filled in: only their errors are shown.
    pub touched: BTreeSet<String>,
    /// Whether something was typed into the field that has the focus.
    typed: bool,
    /// Where the files go; empty for nowhere.
    pub out: TextField,
    /// What a run would make: `None` until it is known.
    pub plan: Option<Result<Arc<Report>, String>>,
    /// The run that this one takes up.
    pub earlier: Option<Arc<Earlier>>,
    /// Whether what it makes shall remember what it was made from.
    pub remember: bool,
    /// What it makes stands beside it and follows the answers; nothing is kept or made.
    pub preview: bool,
    /// The source that it came from, while it is to run elsewhere.
    home: Option<String>,
    /// How far the review is scrolled.
    pub scroll: usize,
    /// One question at a time stands on the screen, not the whole page.
    pub single: bool,
    plan_generation: u64,
    /// Whether a plan is on its way, and whether it will be of old answers or files.
    is_planning: bool,
    is_stale: bool,
    /// The last question to a host.
    asked: u64,
    /// The answers as they were kept last.
    kept: Answers,
}

impl Form {
    /// A form of `template`, with what was answered before.
    pub fn new(template: Template, answers: Answers) -> Self {
        let mut form = Self {
            template: Arc::new(template),
            answers,
            steps: Vec::new(),
            step: 0,
            fields: Vec::new(),
            focus: 0,
            editor: Editor::Fixed,
            errors: Vec::new(),
            touched: BTreeSet::new(),
            typed: false,
            out: TextField::default(),
            plan: None,
            earlier: None,
            remember: false,
            preview: false,
            home: None,
            scroll: 0,
            single: false,
            is_planning: false,
            is_stale: false,
            plan_generation: 0,
            asked: 0,
            kept: Answers::new(),
        };
        form.steps = form::pages(&form.template, &form.answers);
        form
    }

    /// The page on the screen; `None` on the review.
    pub fn page(&self) -> Option<&Page> {
        self.template.pages.get(*self.steps.get(self.step)?)
    }

    /// Whether the review is on the screen.
    pub fn reviewing(&self) -> bool {
        self.step >= self.steps.len()
    }

    /// The field that has the focus.
    pub fn focused(&self) -> Option<&Field> {
        self.fields.get(self.focus)
    }

    /// What is to be said beside a field: once it was left, and of what is being typed. That nothing is typed yet is no news.
    pub fn error_of(&self, path: &str) -> Option<&str> {
        let error = self.errors.iter().find(|error| error.path == path)?;
        let typing = || {
            let field = self.focused().filter(|field| field.path == path)?;
            form::get(field, &self.answers)
        };
        let is_said = self.touched.contains(path) || (self.typed && typing().is_some());
        is_said.then_some(error.message.as_str())
    }

    /// Whether a field is still being typed, and was not left: what is wrong may be right with the next key.
    pub fn is_unfinished(&self, path: &str) -> bool {
        !self.touched.contains(path)
    }

    /// Shows the step that is current: its fields and its first that can be answered, or the plan on the review.
    pub fn enter(&mut self, cx: &mut Cx<'_>) {
        self.steps = form::pages(&self.template, &self.answers);
        self.step = self.step.min(self.steps.len());
        self.touched.clear();
        self.focus = 0;
        self.scroll = 0;
        let Some(number) = self.steps.get(self.step).copied() else {
            self.fields.clear();
            self.editor = Editor::Fixed;
            return self.review(cx);
        };
        if let Some(page) = self.template.pages.get(number) {
            form::enter(page, &mut self.answers);
        }
        self.reread();
        let asked = self
            .fields
            .iter()
            .position(|field| field.autofocus && answerable(field));
        let first = || self.fields.iter().position(answerable);
        self.focus = asked.or_else(first).unwrap_or(0);
        self.open(cx);
    }

    /// Has the answers kept, if they are others than those that were kept last.
    pub fn keep(&mut self, cx: &mut Cx<'_>) {
        if self.answers == self.kept {
            return;
        }
        self.kept = self.answers.clone();
        if self.preview {
            return self.plan_again(cx);
        }
        let draft = form::without_secrets(&self.template, &self.answers);
        let number = cx.next_generation();
        let template = self.template.entity_ref.clone();
        cx.effect(Effect::SaveDraft(template, number, Some(Box::new(draft))));
    }

    /// Takes the answers as they are for kept.
    pub fn is_kept(&mut self) {
        self.kept = self.answers.clone();
    }

    /// Puts other answers in place of all, and begins at the first step.
    pub fn replace_answers(&mut self, answers: Answers, cx: &mut Cx<'_>) {
        self.answers = answers;
        self.step = 0;
        self.enter(cx);
    }

    fn reread(&mut self) {
        let Some(page) = self.page() else { return };
        (self.fields, self.errors) = form::look(page, &self.answers);
        let withheld = self.withheld(&self.fields);
        self.errors.extend(withheld);
    }

    /// Opens the editor of the focused field.
    fn open(&mut self, cx: &mut Cx<'_>) {
        let Some(field) = self.fields.get(self.focus) else {
            return;
        };
        let value = form::get(field, &self.answers);
        self.typed = false;
        self.editor = Editor::open(field, value.as_ref(), &cx.shared.hosts);
        // What the author allows stands in a repository's place before anything is typed.
        if matches!(self.editor, Editor::Repo(_)) {
            self.commit();
        }
        self.look_up(cx);
    }

    /// Answers the focused field with `value`, keeping the focus on it while fields come and go.
    fn answer(&mut self, value: Option<Json>) {
        let Some(field) = self.fields.get(self.focus).cloned() else {
            return;
        };
        let Some(number) = self.steps.get(self.step).copied() else {
            return;
        };
        let template = self.template.clone();
        let Some(page) = template.pages.get(number) else {
            return;
        };
        form::set(page, &field, value, &mut self.answers);
        self.reread();
        let at = self
            .fields
            .iter()
            .position(|other| other.path == field.path);
        self.focus = at
            .unwrap_or(self.focus)
            .min(self.fields.len().saturating_sub(1));
    }

    /// Takes what stands in the editor as the answer. What cannot be read is said, and the answer before is kept.
    fn commit(&mut self) {
        let Some(field) = self.focused().cloned() else {
            return;
        };
        if matches!(
            self.editor,
            Editor::Fixed | Editor::Choice(_) | Editor::More
        ) {
            return;
        }
        match self.editor.value(&field.kind) {
            Ok(value) => self.answer(value),
            Err(message) => {
                self.errors.retain(|error| error.path != field.path);
                self.touched.insert(field.path.clone());
                self.errors.push(FieldError {
                    path: field.path,
                    message,
                });
            }
        }
    }

    /// Changes the text in the focused field.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        if self.reviewing() {
            // A run that goes on does so where its files are.
            if self.earlier.is_none() {
                self.out.apply(edit);
            }
            return;
        }
        if self.editor.edit(edit) {
            self.typed = true;
            self.commit();
            self.look_up(cx);
        }
    }

    /// Puts text that was written elsewhere into the focused field.
    pub fn replace_text(&mut self, text: &str, cx: &mut Cx<'_>) {
        match &mut self.editor {
            Editor::Area(_) => self.editor = Editor::area(text),
            Editor::Line(field) => *field = TextField::new(text.lines().next().unwrap_or_default()),
            _ => return,
        }
        self.commit();
        self.look_up(cx);
    }

    /// The text in the focused field, if it is one that an editor can take.
    pub fn text(&self) -> Option<String> {
        match &self.editor {
            Editor::Area(area) => Some(area.lines().join("\n")),
            Editor::Line(field) => Some(field.text().to_owned()),
            _ => None,
        }
    }

    /// Moves inside the focused field or between fields.
    pub fn walk(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        if self.reviewing() {
            let page = cx.drawn.page_rows.max(2) / 2;
            // What is drawn stops at the last line.
            self.scroll = match command {
                Command::Down => self.scroll + 1,
                Command::Up => self.scroll.saturating_sub(1),
                Command::PageDown => self.scroll + page,
                Command::PageUp | Command::Top => self.scroll.saturating_sub(page),
                _ => return false,
            }
            .min(self.longest());
            return true;
        }
        self.catch_up(cx);
        if self.editor.walk(command) {
            if let Editor::Picker(picker) = &mut self.editor {
                picker.put_cursor(&cx.shared.index);
            }
            self.take_choice();
            return true;
        }
        match command {
            Command::Up | Command::PrevTab => self.step_focus(false, cx),
            Command::Down | Command::NextTab => self.step_focus(true, cx),
            _ => false,
        }
    }

    /// Moves to the next or previous field that can be answered; `false` if there is none.
    fn step_focus(&mut self, forward: bool, cx: &mut Cx<'_>) -> bool {
        self.leave_field(cx);
        let at = if forward {
            (self.focus + 1..self.fields.len()).find(|at| answerable(&self.fields[*at]))
        } else {
            (0..self.focus)
                .rev()
                .find(|at| answerable(&self.fields[*at]))
        };
        let Some(at) = at else { return false };
        self.focus = at;
        self.open(cx);
        true
    }

    /// Moves to a field, if it can be answered.
    pub fn go_to(&mut self, at: usize, cx: &mut Cx<'_>) {
        let can = self.fields.get(at).is_some_and(answerable);
        if can && at != self.focus && !self.reviewing() {
            self.leave_field(cx);
            self.focus = at;
            self.open(cx);
        }
    }

    fn leave_field(&mut self, cx: &mut Cx<'_>) {
        self.catch_up(cx);
        match &mut self.editor {
            Editor::Picker(picker) => {
                picker.take(&cx.shared.index);
            }
            Editor::Suggest(line) => {
                line.take();
            }
            Editor::Repo(repo) => repo.take(),
            _ => {}
        }
        self.commit();
        if let Some(field) = self.focused() {
            let path = field.path.clone();
            self.touched.insert(path);
        }
    }

    /// Enter: takes a pick, goes to the next field, and from the last to the next step. Says whether the step is done.
    pub fn accept(&mut self, cx: &mut Cx<'_>) -> bool {
        self.catch_up(cx);
        let taken = match &mut self.editor {
            Editor::Picker(picker) => picker.take(&cx.shared.index).then_some(picker.many),
            _ => None,
        };
        if let Some(many) = taken {
            self.commit();
            self.look_up(cx);
            if many {
                return false;
            }
        }
        match &mut self.editor {
            Editor::Repo(repo) => {
                repo.take();
                let inside = repo.walk(Command::Open);
                self.commit();
                if inside {
                    self.look_up(cx);
                    return false;
                }
            }
            Editor::Suggest(line) => {
                line.take();
                self.commit();
            }
            Editor::More => return self.add(cx),
            _ => {}
        }
        match &self.editor {
            Editor::Area(_) => {
                self.edit(&Edit::Insert('\n'), cx);
                return false;
            }
            Editor::Choice(_) => self.take_choice(),
            _ => {}
        }
        !self.step_focus(true, cx)
    }

    /// Puts the focused field back to its default.
    pub fn reset(&mut self, cx: &mut Cx<'_>) {
        let default = self.focused().and_then(|field| field.default.clone());
        self.answer(default);
        self.open(cx);
    }

    /// Goes to the next step if nothing is wrong on this one; else to the first field that is.
    pub fn next(&mut self, cx: &mut Cx<'_>) -> bool {
        if self.reviewing() {
            return false;
        }
        self.leave_field(cx);
        if self.errors.is_empty() {
            self.step += 1;
            self.enter(cx);
            return true;
        }
        self.touched
            .extend(self.errors.iter().map(|error| error.path.clone()));
        self.focus_wrong(cx);
        false
    }

    /// Goes to the first field with something wrong.
    fn focus_wrong(&mut self, cx: &mut Cx<'_>) {
        let wrong = |field: &Field| self.errors.iter().any(|error| error.path == field.path);
        if let Some(at) = self.fields.iter().position(wrong) {
            self.focus = at;
            self.open(cx);
        } else if let Some(error) = self.errors.first() {
            // No field shows it: the page as a whole is wrong.
            cx.say(Notice::failed(error.message.clone()));
        }
    }

    /// Goes to the step before.
    pub fn previous(&mut self, cx: &mut Cx<'_>) {
        if self.step > 0 {
            if !self.reviewing() {
                self.leave_field(cx);
            }
            self.step -= 1;
            self.enter(cx);
        }
    }
}

/// Whether a field asks something.
fn answerable(field: &Field) -> bool {
    !field.readonly && field.kind != FieldKind::Group
}

/// Whether a template puts its files somewhere itself.
fn publishes(template: &Template) -> bool {
    template
        .steps
        .iter()
        .any(|step| step.action.contains("publish:") || step.action.contains(":repo:push"))
}

/// A folder for the files, named after what is made.
fn suggested_folder(template: &Template, answers: &Answers) -> String {
    let named = ["name", "component_id", "componentId", "repoName"];
    let name = named
        .iter()
        .find_map(|key| answers.parameters.get(*key)?.as_str());
    let name = name.unwrap_or_else(|| template.entity_ref.name());
    let safe = |c: char| {
        if c.is_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '-'
        }
    };
    format!(
        "./{}",
        name.trim_start_matches('.')
            .chars()
            .map(safe)
            .collect::<String>()
    )
}
