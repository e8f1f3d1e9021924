//! The repositories that came from a template: how far each is behind it, and bringing one or all up to date.

use std::sync::Arc;

use crate::app::command::{Command, Context};
use crate::app::cursor::Cursor;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit};
use crate::app::model::Shared;
use crate::app::narrow::{Narrow, Turn};
use crate::app::pointer::{Part, Target};
use crate::app::route::{EntityTab, Route};
use crate::catalog::EntityRef;
use crate::scaffolder::update::{Generated as Repository, Standing};

/// State of the page.
#[derive(Debug)]
pub struct Generated {
    /// The template.
    pub template: EntityRef,
    /// The repositories, those farthest behind first; `None` until their hosts answered.
    pub found: Option<Result<Arc<Vec<Repository>>, String>>,
    /// Those of them that are listed, by their places.
    pub listed: Vec<usize>,
    /// What the list is narrowed to.
    pub narrow: Narrow,
    /// Which one is selected.
    pub cursor: Cursor,
}

impl Generated {
    /// Makes the page, asking for the repositories.
    pub fn open(template: EntityRef, cx: &mut Cx<'_>) -> Self {
        cx.effect(Effect::LoadGenerated(template.clone()));
        Self {
            template,
            found: None,
            listed: Vec::new(),
            narrow: Narrow::default(),
            cursor: Cursor::default(),
        }
    }

    /// All of them, as far as they are known.
    pub fn all(&self) -> &[Repository] {
        match &self.found {
            Some(Ok(all)) => all,
            _ => &[],
        }
    }

    /// The one in a row of the list.
    pub fn at(&self, row: usize) -> Option<&Repository> {
        self.all().get(*self.listed.get(row)?)
    }

    /// Lists what is not narrowed away.
    fn fill(&mut self) {
        let fits = |one: &Repository| {
            let entity = one.entity.as_ref().map(ToString::to_string);
            let texts = [one.repository.as_str(), one.standing().words()];
            self.narrow.fits(texts.into_iter().chain(entity.as_deref()))
        };
        let listed = self.all().iter().enumerate().filter(|(_, one)| fits(one));
        self.listed = listed.map(|(at, _)| at).collect();
        self.cursor.clamp(self.listed.len());
    }

    /// The one under the cursor.
    pub fn selected(&self) -> Option<&Repository> {
        self.at(self.cursor.selected)
    }

    /// How many are behind.
    pub fn behind(&self) -> usize {
        self.all().iter().filter(|one| one.is_behind()).count()
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match self.narrow.command(command) {
            Turn::Ignored => {}
            Turn::Done => return true,
            Turn::Changed => {
                self.fill();
                return true;
            }
        }
        match command {
            Command::GeneratedUpdate => {
                if let Some(one) = self.selected() {
                    self.update(one.repository.clone(), cx);
                }
            }
            Command::GeneratedUpdateAll => self.update("--all".to_owned(), cx),
            Command::GeneratedAgain => self.ask(cx),
            Command::GeneratedOpen => {
                if let Some(url) = self.selected().and_then(Repository::request) {
                    cx.effect(Effect::OpenUrl(url.to_owned()));
                }
            }
            Command::Open => {
                if let Some(entity_ref) = self.selected().and_then(|one| one.entity.clone()) {
                    cx.go(Route::Entity {
                        entity_ref,
                        tab: EntityTab::Overview,
                    });
                }
            }
            command => {
                let rows = self.listed.len();
                return self.cursor.apply(command, rows, cx.drawn.page_rows);
            }
        }
        true
    }

    /// Has `what` brought up to date in the terminal: it shows what would change, and asks.
    fn update(&self, what: String, cx: &mut Cx<'_>) {
        let mut words: Vec<String> = ["template", "update", "--template"]
            .map(str::to_owned)
            .into();
        words.extend([self.template.to_string(), what]);
        cx.effect(Effect::InTerminal(words));
    }

    fn ask(&mut self, cx: &mut Cx<'_>) {
        self.found = None;
        self.fill();
        cx.effect(Effect::LoadGenerated(self.template.clone()));
    }

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: Target, _cx: &mut Cx<'_>) -> bool {
        let rows = self.listed.len();
        matches!(target, Target::Item(Part::Main, at) if self.cursor.point(at, rows))
    }

    /// Changes what the list is narrowed to.
    pub fn edit(&mut self, edit: &Edit, _cx: &mut Cx<'_>) {
        if self.narrow.edit(edit) {
            self.cursor = Cursor::default();
            self.fill();
        }
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        match answer {
            Answer::Generated(template, found) if *template == self.template => {
                self.found = Some(found.clone());
                self.fill();
            }
            Answer::Updated => self.ask(cx),
            _ => {}
        }
    }

    /// What hosts said does not change with the catalog.
    pub fn refresh(&mut self, _cx: &mut Cx<'_>) {}

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Generated
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        self.narrow.typing
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, _shared: &Shared) -> Option<&'static str> {
        match (command, self.selected()) {
            (Command::Open, _) if self.narrow.typing => None,
            (Command::GeneratedUpdate | Command::GeneratedUpdateAll, _) if self.found.is_none() => {
                Some("The repositories are still being looked at.")
            }
            (Command::GeneratedUpdateAll, _) if self.behind() == 0 => {
                Some("None of them is behind.")
            }
            (Command::GeneratedUpdate | Command::Open, None) => Some("There is no repository."),
            (Command::GeneratedUpdate, Some(one)) => match one.standing() {
                Standing::Current => Some("It is up to date."),
                Standing::Forgotten => Some("It does not remember what it was made from."),
                Standing::Unknown => Some("It cannot be told how it stands."),
                Standing::Behind | Standing::Elsewhere => None,
            },
            (Command::GeneratedOpen, one) if one.and_then(Repository::request).is_none() => {
                Some("No update of it is proposed.")
            }
            (Command::Open, Some(one)) if one.entity.is_none() => {
                Some("No entity of the catalog is known to live there.")
            }
            _ => None,
        }
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, shared: &Shared) -> Vec<String> {
        let index = &shared.index;
        let title = index.row_of(&self.template).map(|row| index.title(row));
        let title = title.filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| self.template.name());
        ["Templates", title, "Repositories"]
            .map(str::to_owned)
            .into()
    }

    /// The words on the right of the top line.
    pub fn status(&self, _shared: &Shared) -> String {
        match (&self.found, self.all().len(), self.behind()) {
            (None, ..) => "asking the hosts".to_owned(),
            (Some(Err(_)), ..) => String::new(),
            (_, all, 0) => format!("{all} made from it"),
            (_, all, behind) => format!("{behind} of {all} behind"),
        }
    }
}
