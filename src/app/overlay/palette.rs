//! The command palette: every command that exists here, found by its words, with its key and why it is disabled.

use crate::app::command::{COMMANDS, Command, Context, Info};
use crate::app::cursor::Cursor;
use crate::app::message::Edit;
use crate::app::text_field::TextField;

/// State of the palette.
#[derive(Debug)]
pub struct Palette {
    /// What is looked for.
    pub field: TextField,
    /// Which command is selected.
    pub cursor: Cursor,
    /// The context of the page below.
    pub context: Context,
}

impl Palette {
    /// An open palette over a page with this context.
    pub fn open(context: Context) -> Self {
        Self {
            field: TextField::default(),
            cursor: Cursor::default(),
            context,
        }
    }

    /// The commands that match, the page's own first.
    pub fn commands(&self) -> Vec<&'static Info> {
        let words: Vec<String> = self
            .field
            .text()
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        let matches = |info: &&Info| {
            let text = format!("{} {} {}", info.id, info.short, info.help).to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        let of = |context: Context| COMMANDS.iter().filter(move |info| info.context == context);
        std::iter::once(self.context)
            .chain(self.context.outer())
            .chain([Context::Global])
            .flat_map(of)
            .filter(matches)
            .collect()
    }

    /// Changes what is looked for.
    pub fn edit(&mut self, edit: &Edit) {
        if self.field.apply(edit) {
            self.cursor = Cursor::default();
        }
    }

    /// The command under the cursor.
    pub fn selected(&self) -> Option<Command> {
        self.commands()
            .get(self.cursor.selected)
            .map(|info| info.command)
    }
}
