//! Help: the keys that work here, this page's first.

use crate::app::command::{COMMANDS, Context, Info};
use crate::app::cursor::Cursor;

/// State of the help overlay.
#[derive(Debug)]
pub struct Help {
    /// The context of the page below.
    pub context: Context,
    /// How far it is scrolled.
    pub cursor: Cursor,
}

/// One line of help.
#[derive(Debug, Clone, Copy)]
pub enum HelpLine {
    /// The title of a group.
    Title(&'static str),
    /// A command.
    Command(&'static Info),
    /// Space between groups.
    Gap,
}

impl Help {
    /// Open help over a page with this context.
    pub fn open(context: Context) -> Self {
        Self {
            context,
            cursor: Cursor::default(),
        }
    }

    /// Its lines.
    pub fn lines(&self) -> Vec<HelpLine> {
        let mut lines = Vec::new();
        let around = std::iter::once(self.context).chain(self.context.outer());
        for context in around.chain([Context::List, Context::Global]) {
            let commands = COMMANDS
                .iter()
                .filter(|info| info.context == context && !info.keys.is_empty());
            let mut commands = commands.map(HelpLine::Command).peekable();
            if commands.peek().is_none() {
                continue;
            }
            if !lines.is_empty() {
                lines.push(HelpLine::Gap);
            }
            lines.push(HelpLine::Title(context.title()));
            lines.extend(commands);
        }
        lines
    }
}
