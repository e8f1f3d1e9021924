//! What the portal is opened with, and the model it begins with.

use std::collections::HashMap;
use std::ffi::OsString;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::app::page::wizard::repo::RepoHost;
use crate::app::{Lasting, Model, Route, Shared};
use crate::catalog::{EntityRef, Index};
use crate::scaffolder::Answers;
use crate::sync::Session;

/// What the portal is opened with.
#[derive(Debug)]
pub struct Launch {
    /// The sources, their configuration and their folder.
    pub session: Arc<Session>,
    /// Where it begins.
    pub route: Route,
    /// Whether colours are wanted; `None` asks the terminal's environment.
    pub colors: Option<bool>,
    /// Whether the screen is heard, as the command line says.
    pub accessible: bool,
    /// Answers given for forms beforehand.
    pub drafts: HashMap<EntityRef, Answers>,
    /// The options with which another command of this program sees the same.
    pub options: Vec<OsString>,
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

impl Launch {
    /// Opens the portal of `session` at home.
    pub fn home(session: Arc<Session>, colors: Option<bool>) -> Self {
        Self {
            session,
            route: Route::Home,
            colors,
            accessible: false,
            drafts: HashMap::new(),
            options: Vec::new(),
        }
    }

    /// The model before the first message.
    pub(super) fn model(&self, index: Index, size: (u16, u16)) -> Model {
        let config = &self.session.config;
        Model::new(Shared {
            organization: config.organization.clone().unwrap_or_default(),
            hosts: hosts(&self.session),
            drafts: self.drafts.clone(),
            remember: config.remember,
            hint: self.session.set.hint.clone(),
            lasting: Lasting {
                is_awaited: true,
                ..Lasting::default()
            },
            ..Shared::new(index, size, now())
        })
    }
}

/// The hosts that are configured, and those that repositories come from.
fn hosts(session: &Session) -> Vec<RepoHost> {
    let configured = session.config.integrations.iter();
    let mut all: Vec<RepoHost> = configured
        .map(|known| RepoHost {
            name: known.host.clone(),
            kind: known.kind.key().to_owned(),
        })
        .collect();
    let sources = session
        .set
        .sources
        .iter()
        .filter_map(|source| source.known_host());
    for (name, kind) in sources {
        let host = RepoHost {
            name: name.to_owned(),
            kind: kind.key().to_owned(),
        };
        if !all.iter().any(|known| known.name == host.name) {
            all.push(host);
        }
    }
    all
}
