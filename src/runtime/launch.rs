//! What the portal is opened with, and the model it begins with.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::app::{Drawn, Keymap, Model, Route, Shared};
use crate::catalog::{EntityRef, Index};
use crate::config::Source;
use crate::sync::Session;

/// Whose desk the demo shows.
const DEMO_USER: &str = "user:default/jane";

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
    /// The model before the first message.
    pub(super) fn model(&self, index: Index, size: (u16, u16)) -> Model {
        let shared = Shared {
            index,
            personal: Arc::default(),
            sources: Arc::default(),
            organization: self.session.config.organization.clone().unwrap_or_default(),
            hint: self.session.set.hint.clone(),
            syncing: false,
            now: now(),
            size,
        };
        Model {
            shared,
            keymap: Keymap::default(),
            pages: Vec::new(),
            overlay: None,
            notice: None,
            tasks: Vec::new(),
            drawn: Drawn::default(),
            generation: 0,
        }
    }

    /// Who sits here: as the configuration says; in the demo, one of its people.
    pub(super) fn me(&self) -> Option<EntityRef> {
        let demo = self.session.set.sources == [Source::Demo];
        let me = self
            .session
            .config
            .me
            .as_deref()
            .or(demo.then_some(DEMO_USER))?;
        let context = crate::catalog::entity_ref::RefContext {
            kind: Some("user"),
            namespace: "default",
        };
        EntityRef::parse(me, context).ok()
    }
}
