//! What lies over a page: the finder, help, a question.

pub mod finder;
pub mod help;

use super::command::{Command, Context};

/// One overlay with its state.
#[derive(Debug)]
pub enum Overlay {
    /// Finds anything.
    Finder(Box<finder::Finder>),
    /// Lists the keys that work here.
    Help(Box<help::Help>),
    /// Asks whether something is to be done.
    Confirm(Confirm),
}

/// A command that is carried out once that is agreed to.
#[derive(Debug, Clone, Copy)]
pub struct Confirm {
    /// What would be done.
    pub command: Command,
    /// What is asked.
    pub question: &'static str,
}

impl Overlay {
    /// The context of its keys.
    pub fn context(&self) -> Context {
        match self {
            Self::Finder(_) => Context::Finder,
            Self::Help(_) => Context::Help,
            Self::Confirm(_) => Context::Confirm,
        }
    }

    /// Whether letters are text in it.
    pub fn typing(&self) -> bool {
        !matches!(self, Self::Confirm(_))
    }
}
