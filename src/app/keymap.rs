//! Which key asks for which command, in which context.

use std::collections::HashMap;

use super::command::{COMMANDS, Command, Context, Info};
use super::key::{Key, KeyCode};

/// The keys in force.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: HashMap<(Context, Key), Command>,
}

impl Default for Keymap {
    /// The keys of the command table.
    fn default() -> Self {
        let mut bindings = HashMap::new();
        for info in COMMANDS {
            for key in info.keys.iter().filter_map(|key| key.parse().ok()) {
                bindings.insert((info.context, key), info.command);
            }
        }
        Self { bindings }
    }
}

impl Keymap {
    /// The command that `key` asks for while `context` has the focus.
    pub fn command(&self, context: Context, key: Key) -> Option<Command> {
        std::iter::once(context)
            .chain(context.outer())
            .chain([Context::List, Context::Global])
            .find_map(|context| self.bindings.get(&(context, key)).copied())
    }

    /// The same while a text field has the focus: keys that type or edit text belong to the field.
    pub fn command_in_text(&self, context: Context, key: Key) -> Option<Command> {
        if key.typed().is_some() {
            return None;
        }
        if let Some(command) = self.bindings.get(&(context, key)) {
            return Some(*command);
        }
        let edits = matches!(
            key.code,
            KeyCode::Left
                | KeyCode::Right
                | KeyCode::Home
                | KeyCode::End
                | KeyCode::Backspace
                | KeyCode::Delete
        ) || (key.ctrl
            && matches!(key.code, KeyCode::Char('u' | 'w' | 'a' | 'k' | 'd')));
        if edits {
            None
        } else {
            self.command(context, key)
        }
    }

    /// The key shown for a command while `context` has the focus, unless another command or a text field takes it.
    pub fn key_for(&self, info: &Info, context: Context, typing: bool) -> Option<Key> {
        let takes = |key: &Key| {
            let command = if typing {
                self.command_in_text(context, *key)
            } else {
                self.command(context, *key)
            };
            command == Some(info.command)
        };
        info.keys
            .iter()
            .filter_map(|key| key.parse().ok())
            .find(takes)
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_default_key_is_a_key_and_none_is_bound_twice_in_a_context() {
        let mut seen = HashMap::new();
        for info in COMMANDS {
            for text in info.keys {
                let key: Key = text.parse().expect(text);
                let before = seen.insert((info.context, key), info.id);
                assert_eq!(before, None, "{text} is bound twice in {:?}", info.context);
            }
        }
    }

    #[test]
    fn the_focused_context_wins_and_text_fields_keep_what_types() {
        let keymap = Keymap::default();
        let key = |text: &str| text.parse::<Key>().expect("a key");
        assert_eq!(
            keymap.command(Context::Home, key("c")),
            Some(Command::HomeCatalog)
        );
        assert_eq!(
            keymap.command(Context::Catalog, key("c")),
            Some(Command::CatalogColumns)
        );
        assert_eq!(keymap.command(Context::Docs, key("c")), None);
        assert_eq!(
            keymap.command(Context::Docs, key("tab")),
            Some(Command::DocsNextLink)
        );
        assert_eq!(
            keymap.command(Context::Entity, key("tab")),
            Some(Command::NextTab)
        );
        assert_eq!(keymap.command_in_text(Context::Finder, key("j")), None);
        assert_eq!(keymap.command_in_text(Context::Finder, key("ctrl-u")), None);
        assert_eq!(
            keymap.command_in_text(Context::Finder, key("ctrl-j")),
            Some(Command::Down)
        );
        assert_eq!(
            keymap.command_in_text(Context::Finder, key("esc")),
            Some(Command::Back)
        );
    }
}
