//! What the portal is opened with, and the model it begins with.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::app::{Model, Route, Shared};
use crate::catalog::Index;
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
        }
    }

    /// The model before the first message.
    pub(super) fn model(&self, index: Index, size: (u16, u16)) -> Model {
        let config = &self.session.config;
        Model::new(Shared {
            organization: config.organization.clone().unwrap_or_default(),
            remember: config.remember,
            hint: self.session.set.hint.clone(),
            ..Shared::new(index, size, now())
        })
    }
}
