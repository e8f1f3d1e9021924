//! What a page waits for that comes at once: keys that act on it wait, too.

use super::Page;
use super::entity::{Entity, Load, View};
use crate::app::command::{Command, Context};
use crate::app::model::{Drawn, Shared};
use crate::app::route::EntityTab;

/// Seconds in which what is at hand comes.
pub(super) const SOON: u64 = 1;

impl Page {
    /// Whether what a command acts on, or with none what is typed, was asked for and comes at once: nobody waits for a host.
    pub fn awaits(&self, command: Option<Command>, shared: &Shared, drawn: Drawn) -> bool {
        let is_own = command.is_some_and(|command| {
            let is_of_page = matches!(command, Command::Pager | Command::CopyPlace);
            is_of_page || command.info().context != Context::Global
        });
        match self {
            Self::Catalog(page) => is_own && page.searching(),
            Self::Home(page) => is_own && page.is_awaited(),
            Self::Entity(page) => is_own && is_read(page),
            Self::Problems(page) => is_own && page.is_awaited(),
            Self::Runs(page) => {
                let is_of_log = matches!(command, Some(Command::RunsCopy | Command::Pager));
                is_own && (page.runs.is_none() || (is_of_log && page.lacks_log()))
            }
            Self::Docs(page) => page.awaits(command, is_own, shared, drawn),
            // Whatever is typed is meant for the form.
            Self::Wizard(page) => page.is_awaited(shared),
            Self::Templates(_) | Self::Generated(_) | Self::Run(_) | Self::Activity(_) => false,
        }
    }
}

/// Whether what is on the screen of an entity is still being read.
fn is_read(page: &Entity) -> bool {
    match &page.load {
        Load::Loading => true,
        Load::Loaded(_) => page.tab == EntityTab::Api && matches!(page.api.view, View::Loading),
        Load::Missing | Load::Failed(_) => false,
    }
}
