//! The running portal: the only place that knows everything. It feeds terminal events and finished work to
//! [`app::update`](crate::app::update()), carries out effects as tasks, and draws when something changed.

mod effects;
mod event_loop;
mod launch;
pub mod look;
mod pace;
pub(crate) mod personal;
pub(crate) mod pick;
mod rest;
mod signals;
mod tasks;
pub(crate) mod welcome;

use std::io;

pub use event_loop::run;
pub use launch::Launch;

use crate::store::{Store, StoreError};
use crate::term::Refusal;

/// Where the portal was left the last time, as [`Route::link`](crate::app::Route::link) has it.
pub fn last_place(store: &Store) -> Result<Option<String>, StoreError> {
    store.note(effects::LAST_PLACE)
}

/// Why the portal could not be opened or had to end.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// There is no terminal, or one that cannot show it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The terminal could not be driven.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[source] io::Error),
    /// What is kept cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RuntimeError {
    /// The exit code that says it.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) => 2,
            Self::Terminal(_) | Self::Store(_) => 1,
        }
    }
}
