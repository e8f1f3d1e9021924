//! Help: the keys that work here, this page's first; typing narrows it to what a text or a key is about.

use crate::app::command::{COMMANDS, Context, Info};
use crate::app::cursor::Cursor;
use crate::app::keymap::Keymap;
use crate::app::text_field::TextField;

/// State of the help overlay.
#[derive(Debug)]
pub struct Help {
    /// The context of the page below.
    pub context: Context,
    /// What it is narrowed to.
    pub field: TextField,
    /// How far it is scrolled.
    pub cursor: Cursor,
}

/// One line of help.
#[derive(Debug, Clone)]
pub enum HelpLine {
    /// The title of a group.
    Title(&'static str),
    /// A command, and its keys.
    Command(&'static Info, String),
    /// Space between groups.
    Gap,
}

impl Help {
    /// Open help over a page with this context.
    pub fn open(context: Context) -> Self {
        Self {
            context,
            field: TextField::default(),
            cursor: Cursor::default(),
        }
    }

    /// Its lines: the keys of this context and of those around it and, once something is typed, of all others too.
    pub fn lines(&self, keymap: &Keymap) -> Vec<HelpLine> {
        let here: Vec<Context> = std::iter::once(self.context)
            .chain(self.context.outer())
            .chain([Context::List, Context::Global])
            .collect();
        let wanted = self.field.text().to_lowercase();
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let mut contexts = here.clone();
        if !words.is_empty() {
            let elsewhere = COMMANDS.iter().map(|info| info.context);
            contexts.extend(elsewhere.filter(|context| !here.contains(context)));
            contexts.dedup();
        }
        let mut lines = Vec::new();
        for context in contexts {
            let commands: Vec<HelpLine> = COMMANDS
                .iter()
                .filter(|info| info.context == context)
                .map(|info| (info, keys(keymap, info)))
                .filter(|(info, keys)| !keys.is_empty() && is_about(info, keys, &wanted, &words))
                .map(|(info, keys)| HelpLine::Command(info, keys))
                .collect();
            if commands.is_empty() {
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

/// The first two chords of a command.
fn keys(keymap: &Keymap, info: &Info) -> String {
    let chords: Vec<String> = keymap
        .chords(info.command)
        .take(2)
        .map(ToString::to_string)
        .collect();
    chords.join("  ")
}

/// Whether a command is what is looked for: by one of its keys as they are written, or by words of its help and name.
fn is_about(info: &Info, keys: &str, wanted: &str, words: &[&str]) -> bool {
    let by_key = keys.split("  ").any(|chord| chord.to_lowercase() == wanted);
    let text = format!("{} {}", info.help.to_lowercase(), info.id);
    by_key || words.iter().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str) -> Vec<&'static str> {
        let mut help = Help::open(Context::Docs);
        help.field = TextField::new(typed);
        let lines = help.lines(&Keymap::default());
        let ids = lines.iter().filter_map(|line| match line {
            HelpLine::Command(info, _) => Some(info.id),
            _ => None,
        });
        ids.collect()
    }

    #[test]
    fn it_shows_what_works_here_and_finds_by_text_and_by_key() {
        assert!(found("").contains(&"docs.outline") && !found("").contains(&"catalog.sort"));
        assert_eq!(found("sort by next"), ["catalog.sort"]);
        assert!(
            found("ctrl-p").starts_with(&["app.commands"]),
            "{:?}",
            found("ctrl-p")
        );
        assert!(found("headings").contains(&"docs.outline"));
        assert_eq!(found("no such thing"), Vec::<&str>::new());
    }
}
