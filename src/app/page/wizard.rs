//! The wizard: a template's form, page by page, and its review.

pub mod editor;
pub mod form;
pub mod picker;

use std::sync::Arc;

use crate::app::command::{Command, Context};
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::message::{Answer, Asker, Edit};
use crate::app::model::Shared;
use crate::app::notice::Notice;
use crate::app::route::Route;
use crate::catalog::EntityRef;
use crate::scaffolder::{Answers, Template};

use form::Form;

/// State of the wizard.
#[derive(Debug)]
pub struct Wizard {
    /// The template.
    pub template: EntityRef,
    /// How far it is.
    pub stage: Stage,
    /// The run that is to go on, with its answers.
    earlier: Option<(String, Arc<Answers>)>,
}

/// How far the wizard is.
#[derive(Debug)]
pub enum Stage {
    /// The template is being read.
    Loading,
    /// The template cannot be used; why.
    Failed(String),
    /// Its form is being filled in.
    Asking(Box<Form>),
}

impl Wizard {
    /// Makes the page, asking for the template.
    pub fn open(template: EntityRef, cx: &mut Cx<'_>) -> Self {
        cx.effect(Effect::LoadTemplate(template.clone()));
        Self {
            template,
            stage: Stage::Loading,
            earlier: None,
        }
    }

    /// Makes the page for going on with `run`, whose answers were `answers`.
    pub fn resume(
        template: EntityRef,
        run: String,
        answers: Arc<Answers>,
        cx: &mut Cx<'_>,
    ) -> Self {
        Self {
            earlier: Some((run, answers)),
            ..Self::open(template, cx)
        }
    }

    fn form(&mut self) -> Option<&mut Form> {
        match &mut self.stage {
            Stage::Asking(form) => Some(form),
            _ => None,
        }
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let template = self.template.clone();
        let Some(form) = self.form() else {
            return false;
        };
        match command {
            Command::WizardAccept | Command::WizardNext if form.reviewing() => start(form, cx),
            Command::WizardAccept => {
                if form.accept(cx) {
                    form.next(cx);
                }
            }
            Command::WizardNext => {
                form.next(cx);
            }
            Command::WizardPrev => form.previous(cx),
            Command::WizardToggle => form.toggle(),
            Command::WizardReset => form.reset(cx),
            Command::WizardRemember => form.toggle_remember(cx),
            Command::WizardEditor => match form.text() {
                Some(text) => cx.effect(Effect::EditText(text)),
                None => cx.say(Notice::info("Only text can be edited in your editor.")),
            },
            Command::Back => {
                cx.requests.push(Request::KeepDraft(
                    template,
                    Some(Box::new(form.answers.clone())),
                ));
                return false;
            }
            command => return form.walk(command, cx),
        }
        true
    }

    /// Changes the text field that has the focus.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        if let Some(form) = self.form() {
            form.edit(edit, cx);
        }
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        match (answer, &mut self.stage) {
            (Answer::Entity(entity_ref, result), Stage::Loading)
                if *entity_ref == self.template =>
            {
                let read = match result {
                    Ok(Some(detail)) => {
                        Template::read(&detail.entity).map_err(|error| error.to_string())
                    }
                    Ok(None) => Err(format!("{entity_ref} is not in the catalog any more.")),
                    Err(error) => Err(error.clone()),
                };
                self.stage = match read {
                    Ok(template) => {
                        let (run, answers) = match self.earlier.take() {
                            Some((run, answers)) => (Some(run), Some((*answers).clone())),
                            None => (None, cx.shared.drafts.get(entity_ref).cloned()),
                        };
                        let mut form = Box::new(Form::new(template, answers.unwrap_or_default()));
                        form.remember = cx.shared.remember;
                        if let Some(run) = run {
                            form.resume(run);
                        }
                        form.enter(cx);
                        Stage::Asking(form)
                    }
                    Err(error) => Stage::Failed(error),
                };
            }
            (
                Answer::Found {
                    asker: Asker::Picker,
                    generation,
                    found,
                    ..
                },
                Stage::Asking(form),
            ) => {
                if let editor::Editor::Picker(picker) = &mut form.editor
                    && picker.generation == *generation
                {
                    picker.found(found);
                }
            }
            (Answer::Planned { generation, report }, Stage::Asking(form)) => {
                form.planned(*generation, report);
            }
            (Answer::Edited(text), Stage::Asking(form)) => form.replace_text(text, cx),
            _ => {}
        }
    }

    /// The catalog was swapped: what a picker lists names other rows now.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        if let Some(form) = self.form()
            && let editor::Editor::Picker(picker) = &mut form.editor
        {
            picker.found(&Arc::default());
            form.look_up(cx);
        }
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Wizard
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        match &self.stage {
            Stage::Asking(form) => form.reviewing() || form.editor.typing(),
            _ => false,
        }
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, _shared: &Shared) -> Option<&'static str> {
        match (&self.stage, command) {
            (Stage::Asking(form), Command::WizardPrev) if form.step == 0 => {
                Some("This is the first step.")
            }
            (Stage::Loading, Command::WizardNext) => Some("The template is still being read."),
            _ => None,
        }
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, _shared: &Shared) -> Vec<String> {
        let title = match &self.stage {
            Stage::Asking(form) => form.template.title.clone(),
            _ => self.template.name().to_owned(),
        };
        vec!["Templates".to_owned(), title]
    }

    /// The words on the right of the top line.
    pub fn status(&self, _shared: &Shared) -> String {
        match &self.stage {
            Stage::Asking(form) => {
                let title = form.page().map_or("Review", |page| page.title.as_str());
                format!(
                    "step {} of {} · {title}",
                    form.step + 1,
                    form.steps.len() + 1
                )
            }
            _ => String::new(),
        }
    }
}

/// Starts the run. The draft is kept until it has succeeded.
fn start(form: &Form, cx: &mut Cx<'_>) {
    let template = form.template.entity_ref.clone();
    cx.requests.push(Request::KeepDraft(
        template,
        Some(Box::new(form.answers.clone())),
    ));
    cx.requests.push(Request::Replace(Route::Run {
        order: Arc::new(form.order()),
    }));
}
