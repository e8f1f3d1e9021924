//! What lies over a page: the finder, help.

pub mod finder;
pub mod help;

use super::command::Context;

/// One overlay with its state.
#[derive(Debug)]
pub enum Overlay {
    /// Finds anything.
    Finder(Box<finder::Finder>),
    /// Lists the keys that work here.
    Help(Box<help::Help>),
}

impl Overlay {
    /// The context of its keys.
    pub fn context(&self) -> Context {
        match self {
            Self::Finder(_) => Context::Finder,
            Self::Help(_) => Context::Help,
        }
    }
}
