//! The docs page.

use crate::app::command::{Command, Context};
use crate::app::cx::Cx;
use crate::app::message::{Answer, Edit};
use crate::app::model::Shared;
use crate::catalog::EntityRef;

/// State of the docs page.
#[derive(Debug)]
pub struct Docs {}

impl Docs {
    /// Makes the page, asking for what it needs.
    pub fn open(
        _entity_ref: EntityRef,
        _page: Option<String>,
        _anchor: Option<String>,
        cx: &mut Cx<'_>,
    ) -> Self {
        let _ = cx;
        Self {}
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let _ = (command, cx);
        false
    }

    /// Changes the text field that has the focus.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        let _ = (edit, cx);
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        let _ = (answer, cx);
    }

    /// The catalog was swapped.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        let _ = cx;
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Docs
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        false
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        let _ = (command, shared);
        None
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, shared: &Shared) -> Vec<String> {
        let _ = shared;
        vec!["Docs".to_owned()]
    }

    /// The words on the right of the top line.
    pub fn status(&self, shared: &Shared) -> String {
        let _ = shared;
        String::new()
    }
}
