//! The wizard: a template's form, page by page, and its review.

pub mod choices;
pub mod editor;
pub mod form;
mod offers;
pub mod picker;
pub mod repo;
pub mod suggest;

use std::sync::Arc;

use crate::app::command::{Command, Context};
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::message::{Answer, Asker, Edit, EntityDetail};
use crate::app::model::Shared;
use crate::app::narrow::{NO_LIST, Narrow};
use crate::app::notice::Notice;
use crate::app::page::awaited::SOON;
use crate::app::pointer::Target;
use crate::app::route::{Earlier, Route};
use crate::app::undo::Before;
use crate::catalog::EntityRef;
use crate::scaffolder::{Answers, Template};

use form::Form;

/// What is said where a preview would be run.
pub const MAKES_NOTHING: &str = "A preview makes nothing; `stagedoor new` does.";

/// State of the wizard.
#[derive(Debug)]
pub struct Wizard {
    /// The template.
    pub template: EntityRef,
    /// How far it is.
    pub stage: Stage,
    /// The run that is to go on, with its answers.
    earlier: Option<Arc<Earlier>>,
    /// What was answered before the portal was last left, or fell.
    draft: Option<Box<Answers>>,
    /// Whether it is known by now, so that the template is what is waited for.
    has_draft: bool,
    /// It is shown for its author: with what it makes, and anew when its files change.
    preview: bool,
    /// When the template was asked for.
    opened: u64,
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
        cx.effect(Effect::LoadDraft(template.clone()));
        Self {
            template,
            stage: Stage::Loading,
            earlier: None,
            draft: None,
            has_draft: false,
            preview: false,
            opened: cx.shared.now,
        }
    }

    /// Makes the page for the template's author: what was given for it is filled in, and nothing is kept.
    pub fn preview(template: EntityRef, cx: &mut Cx<'_>) -> Self {
        let draft = cx.shared.drafts.get(&template).cloned().map(Box::new);
        cx.effect(Effect::LoadTemplate(template.clone()));
        Self {
            template,
            stage: Stage::Loading,
            earlier: None,
            draft,
            has_draft: true,
            preview: true,
            opened: cx.shared.now,
        }
    }

    /// Makes the page for going on with a run.
    pub fn resume(template: EntityRef, earlier: Arc<Earlier>, cx: &mut Cx<'_>) -> Self {
        Self {
            earlier: Some(earlier),
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
        let used = self.carry_out(command, cx);
        if let Some(form) = self.form() {
            form.keep(cx);
        }
        used
    }

    fn carry_out(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let template = self.template.clone();
        let Some(form) = self.form() else {
            return false;
        };
        if form.narrows(command) {
            return true;
        }
        match command {
            Command::WizardAccept if form.reviewing() && form.plan.is_none() => {
                cx.say(Notice::info("What it would make is still being found out."));
            }
            Command::WizardAccept if form.reviewing() => start(form, cx),
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
            Command::WizardTakeOut => {
                if !form.take_out(cx) {
                    cx.say(Notice::info(
                        "This is no item of a list that can be taken out.",
                    ));
                }
            }
            Command::WizardSingle => form.single = !form.single,
            Command::WizardLast => cx.effect(Effect::LoadLastAnswers(template)),
            Command::WizardAfresh => {
                let answers = Box::new(form.answers.clone());
                cx.undoable(
                    "answers forgotten",
                    Before::Draft(template.clone(), answers),
                );
                form.replace_answers(Answers::new(), cx);
                form.is_kept();
                cx.requests.push(Request::KeepDraft(template, None));
            }
            Command::WizardRemember => form.toggle_remember(cx),
            Command::WizardElsewhere => form.toggle_place(cx),
            Command::WizardEditor => {
                if let Some(text) = form.text() {
                    cx.effect(Effect::EditText(text));
                }
            }
            Command::Back if form.preview => return false,
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

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: Target, cx: &mut Cx<'_>) -> bool {
        if let Some(form) = self.form() {
            form.point(target, cx);
            form.keep(cx);
        }
        false
    }

    /// Changes the text field that has the focus.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        if let Some(form) = self.form() {
            form.edit(edit, cx);
            form.keep(cx);
        }
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        match (answer, &mut self.stage) {
            // Its file is being read for the first time; the catalog says when it is there.
            (Answer::Template(_, Ok(None)), Stage::Loading) if self.preview => {}
            (Answer::Template(entity_ref, result), Stage::Loading)
                if self.has_draft && *entity_ref == self.template =>
            {
                self.stage = match read(entity_ref, result) {
                    Ok(template) => {
                        let earlier = self.earlier.take();
                        let answers = match &earlier {
                            Some(earlier) => Some(earlier.answers.clone()),
                            None => self.draft.take().map(|draft| *draft),
                        };
                        let drafted = earlier.is_none() && answers.is_some() && !self.preview;
                        let mut form = Box::new(Form::new(template, answers.unwrap_or_default()));
                        form.remember = cx.shared.remember;
                        form.preview = self.preview;
                        match earlier {
                            Some(earlier) => form.resume(earlier, cx),
                            None => form.enter(cx),
                        }
                        form.is_kept();
                        if self.preview {
                            form.plan_again(cx);
                        }
                        if drafted {
                            cx.requests.push(Request::Hint {
                                said: "Your answers of before are here".to_owned(),
                                way: Command::WizardAfresh,
                                leads: "begins afresh",
                            });
                        }
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
                form.found(*generation, found, cx);
                form.keep(cx);
            }
            (Answer::Template(entity_ref, result), Stage::Asking(form))
                if form.preview && *entity_ref == self.template =>
            {
                match read(entity_ref, result) {
                    Ok(template) => form.change_template(template, cx),
                    Err(error) => cx.say(Notice::failed(error)),
                }
            }
            (Answer::FilesChanged, Stage::Asking(form)) if form.preview => form.plan_again(cx),
            (Answer::Planned { generation, report }, Stage::Asking(form)) => {
                form.planned(*generation, report, cx);
            }
            (Answer::Edited(text), Stage::Asking(form)) => {
                form.replace_text(text, cx);
                form.keep(cx);
            }
            (Answer::Draft(entity_ref, draft), Stage::Loading) if *entity_ref == self.template => {
                // What this portal still knows is newer, and has the secrets.
                let known = cx.shared.drafts.get(entity_ref).cloned().map(Box::new);
                self.draft = known.or_else(|| draft.clone());
                self.has_draft = true;
                cx.effect(Effect::LoadTemplate(self.template.clone()));
            }
            (Answer::LastAnswers(entity_ref, answers), Stage::Asking(form))
                if *entity_ref == self.template =>
            {
                match answers {
                    Some(answers) => {
                        form.replace_answers((**answers).clone(), cx);
                        form.keep(cx);
                        cx.say(Notice::done("These are the answers of the last run."));
                    }
                    None => cx.say(Notice::info("This template was not run from here yet.")),
                }
            }
            (Answer::Offered { generation, found }, Stage::Asking(form)) => {
                form.offered(*generation, found);
            }
            _ => {}
        }
    }

    /// The catalog was swapped: what a picker lists names other rows now.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        if self.preview {
            if matches!(self.stage, Stage::Failed(_)) {
                self.stage = Stage::Loading;
            }
            cx.effect(Effect::LoadTemplate(self.template.clone()));
        }
        if let Some(form) = self.form()
            && let editor::Editor::Picker(picker) = &mut form.editor
        {
            picker.forget();
        }
    }

    /// It is on the screen: asks for what its picker waits for. A page that is not would take the search from the one that is.
    pub fn shown(&mut self, cx: &mut Cx<'_>) {
        if let Some(form) = self.form()
            && matches!(&form.editor, editor::Editor::Picker(picker) if picker.is_awaited())
        {
            form.look_up(cx);
        }
    }

    /// Whether the form is on its way. One that is not there soon comes from a host, or when its file is there.
    pub fn is_awaited(&self, shared: &Shared) -> bool {
        matches!(self.stage, Stage::Loading) && shared.now <= self.opened + SOON
    }

    /// What the choice that has the focus is narrowed to, where it is too long to be seen at once.
    pub fn narrowing(&self) -> Option<&Narrow> {
        match &self.stage {
            Stage::Asking(form) => match &form.editor {
                editor::Editor::Choice(choices) if choices.is_long() => Some(&choices.narrow),
                _ => None,
            },
            _ => None,
        }
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Wizard
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        match &self.stage {
            // What is typed before the form is there is meant for it.
            Stage::Loading => true,
            Stage::Asking(form) => form.reviewing() || form.editor.typing(),
            Stage::Failed(_) => false,
        }
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, _shared: &Shared) -> Option<&'static str> {
        match (&self.stage, command) {
            (_, Command::Filter) if self.narrowing().is_none() => Some(NO_LIST),
            (Stage::Asking(form), Command::WizardPrev) if form.step == 0 => {
                Some("This is the first step.")
            }
            (Stage::Asking(form), Command::WizardAccept | Command::WizardNext)
                if form.reviewing() && form.preview =>
            {
                Some(MAKES_NOTHING)
            }
            (Stage::Asking(form), Command::WizardNext) if form.reviewing() => {
                Some("This is the last step: what is left is to run it.")
            }
            (Stage::Asking(form), Command::WizardEditor) if form.text().is_none() => {
                Some("Only text can be edited in your editor.")
            }
            (Stage::Asking(form), Command::WizardSingle) if form.reviewing() => {
                Some("The review is one page.")
            }
            (Stage::Loading, Command::WizardNext) => Some("The template is still being read."),
            _ => None,
        }
    }

    /// What a key does on the review, where that is not what it mostly does.
    pub fn label(&self, command: Command) -> Option<&'static str> {
        match (&self.stage, command) {
            (Stage::Asking(form), Command::WizardAccept) if form.reviewing() => {
                Some(if form.earlier.is_some() {
                    "go on"
                } else {
                    "run it"
                })
            }
            (Stage::Asking(form), Command::WizardAccept) => match &form.editor {
                editor::Editor::Area(_) => Some("new line"),
                editor::Editor::More => Some("add one"),
                _ => None,
            },
            _ => None,
        }
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, _shared: &Shared) -> Vec<String> {
        let title = match &self.stage {
            Stage::Asking(form) => form.template.title.clone(),
            _ => self.template.name().to_owned(),
        };
        let goes_on = matches!(&self.stage, Stage::Asking(form) if form.earlier.is_some());
        let last = goes_on.then(|| "Go on".to_owned());
        ["Templates".to_owned(), title]
            .into_iter()
            .chain(last)
            .collect()
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

/// The template in what was loaded, or why there is none.
fn read(
    entity_ref: &EntityRef,
    loaded: &Result<Option<Arc<EntityDetail>>, String>,
) -> Result<Template, String> {
    match loaded {
        Ok(Some(detail)) => Template::read(&detail.entity).map_err(|error| error.to_string()),
        Ok(None) => Err(format!("{entity_ref} is not in the catalog any more.")),
        Err(error) => Err(error.clone()),
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
