//! Docs at another branch, tag, commit or pull request: a field asks for it, and the reader stays where it is.

use std::sync::Arc;

use super::{Arrival, Docs, State};
use crate::app::TextField;
use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::notice::Notice;
use crate::techdocs::Book;

/// At which revision the docs are read.
#[derive(Debug, Default)]
pub struct Revision {
    /// The one that is read; `None` for the docs as they are kept.
    pub shown: Option<String>,
    /// The field that asks for another one, while it is open.
    pub field: Option<TextField>,
    /// What was asked for and has not come.
    coming: Option<Coming>,
}

/// The revision that was asked for; `None` for the docs as they are kept.
#[derive(Debug)]
struct Coming(Option<String>);

impl Docs {
    /// Opens the field.
    pub(super) fn ask_revision(&mut self) {
        let shown = self.revision.shown.as_deref().unwrap_or_default();
        self.revision.field = Some(TextField::new(shown));
    }

    /// Commands while the field has the focus: Enter reads the docs there, Esc closes it.
    pub(super) fn revision_command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::Open => {
                let field = self.revision.field.take();
                let text = field.map(|field| field.text().trim().to_owned());
                self.read_at(text.filter(|text| !text.is_empty()), cx);
            }
            Command::Back => self.revision.field = None,
            _ => return false,
        }
        true
    }

    fn read_at(&mut self, revision: Option<String>, cx: &mut Cx<'_>) {
        if revision == self.revision.shown {
            return;
        }
        cx.say(Notice::info(match &revision {
            Some(revision) => format!("Reading the docs at {revision}…"),
            None => "Reading the docs as they are…".to_owned(),
        }));
        self.revision.coming = Some(Coming(revision.clone()));
        cx.effect(Effect::LoadDocs(self.entity_ref.clone(), revision));
    }

    /// Takes the docs that were asked for, and stays at the place where one reads; whether they were asked for.
    pub(super) fn take_revision(
        &mut self,
        revision: Option<&str>,
        result: &Result<Option<Arc<Book>>, String>,
        cx: &mut Cx<'_>,
    ) -> bool {
        let coming = self.revision.coming.as_ref();
        if coming.is_none_or(|coming| coming.0.as_deref() != revision) {
            return false;
        }
        self.revision.coming = None;
        match result {
            Ok(Some(book)) => {
                let place = self.place();
                self.revision.shown = revision.map(str::to_owned);
                self.state = State::Ready(book.clone());
                self.arrival = Arrival::Place(place.source, place.focus);
                cx.say(Notice::done(match revision {
                    Some(revision) => format!("These are the docs at {revision}."),
                    None => "These are the docs as they are.".to_owned(),
                }));
                self.read_first(cx);
            }
            Ok(None) => cx.say(Notice::failed("There are no docs at that revision.")),
            Err(error) => cx.say(Notice::failed(error.clone())),
        }
        true
    }
}
