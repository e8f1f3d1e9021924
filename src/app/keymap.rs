//! Which keys ask for which command, in which context.

mod configured;

use super::chord::Chord;
use super::command::{COMMANDS, Command, Context, Info};
use super::key::{Key, KeyCode};

pub use configured::{Asked, Fault, PRESETS};

/// The keys in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// What one chord asks for in one context.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Binding {
    context: Context,
    chord: Chord,
    command: Command,
}

/// What the keys pressed so far mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// They ask for this command.
    Command(Command),
    /// Chords begin so.
    Prefix,
    /// Nothing.
    Nothing,
}

impl Default for Keymap {
    /// The keys of the command table.
    fn default() -> Self {
        let of = |info: &'static Info| {
            let chords = info.keys.iter().filter_map(|key| key.parse().ok());
            chords.map(|chord| Binding {
                context: info.context,
                chord,
                command: info.command,
            })
        };
        Self {
            bindings: COMMANDS.iter().flat_map(of).collect(),
        }
    }
}

impl Keymap {
    /// What `pressed` means while `context` has the focus and, if `typing`, a text field in it. Keys that type or edit text
    /// belong to the field.
    pub fn meaning(&self, context: Context, typing: bool, pressed: &[Key]) -> Meaning {
        let is_text = typing && pressed.first().is_some_and(|key| key.typed().is_some());
        let [key, ..] = pressed else {
            return Meaning::Nothing;
        };
        if is_text {
            return Meaning::Nothing;
        }
        let is_edit = typing && edits(*key);
        for context in chain(context) {
            let mut is_prefix = false;
            for binding in self.of(context) {
                if is_edit && !binding.command.edits() {
                    continue;
                }
                match binding.chord.after(pressed) {
                    Some([]) => return Meaning::Command(binding.command),
                    Some(_) => is_prefix = true,
                    None => {}
                }
            }
            if is_prefix {
                return Meaning::Prefix;
            }
        }
        Meaning::Nothing
    }

    /// The chords of a command, the one shown first.
    pub fn chords(&self, command: Command) -> impl Iterator<Item = &Chord> {
        let bindings = self.bindings.iter();
        bindings
            .filter(move |binding| binding.command == command)
            .map(|binding| &binding.chord)
    }

    /// The chord shown for a command while `context` has the focus, unless another command or a text field takes it.
    pub fn chord_for(&self, info: &Info, context: Context, typing: bool) -> Option<&Chord> {
        let takes = |chord: &&Chord| {
            self.meaning(context, typing, chord.keys()) == Meaning::Command(info.command)
        };
        self.chords(info.command).find(takes)
    }

    /// What can be pressed after `pressed`, and what it asks for, nearest context first.
    pub fn after(&self, context: Context, typing: bool, pressed: &[Key]) -> Vec<(Chord, Command)> {
        let mut rests: Vec<(Chord, Command)> = Vec::new();
        for binding in chain(context).flat_map(|context| self.of(context)) {
            let whole = self.meaning(context, typing, binding.chord.keys());
            let rest = binding.chord.after(pressed).unwrap_or_default();
            if let (Some(rest), Meaning::Command(command)) = (Chord::of(rest), whole)
                && command == binding.command
            {
                rests.push((rest, command));
            }
        }
        rests
    }

    fn of(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bindings
            .iter()
            .filter(move |binding| binding.context == context)
    }
}

/// The contexts that are asked, in their order, while `context` has the focus.
fn chain(context: Context) -> impl Iterator<Item = Context> {
    std::iter::once(context)
        .chain(context.outer())
        .chain([Context::List, Context::Global])
}

/// Whether a text field uses the key.
fn edits(key: Key) -> bool {
    let moves = matches!(
        key.code,
        KeyCode::Left
            | KeyCode::Right
            | KeyCode::Home
            | KeyCode::End
            | KeyCode::Backspace
            | KeyCode::Delete
    );
    moves || (key.ctrl && matches!(key.code, KeyCode::Char('u' | 'w' | 'a' | 'k' | 'd')))
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        text.parse::<Chord>().expect(text).keys().to_vec()
    }

    #[test]
    fn every_default_key_is_a_key_and_none_is_bound_twice_in_a_context() {
        let mut seen = HashMap::new();
        for info in COMMANDS {
            for text in info.keys {
                let key: Chord = text.parse().expect(text);
                let before = seen.insert((info.context, key), info.id);
                assert_eq!(before, None, "{text} is bound twice in {:?}", info.context);
            }
        }
    }

    #[test]
    fn every_command_has_a_key_that_any_terminal_and_keyboard_sends() {
        for info in COMMANDS.iter().filter(|info| !info.keys.is_empty()) {
            let sure = info
                .keys
                .iter()
                .filter_map(|text| text.parse::<Key>().ok())
                .any(|key| {
                    let lost = key.ctrl
                        && matches!(
                            key.code,
                            KeyCode::Char('i' | 'm' | 'h' | 's' | 'q' | 'b' | 'a')
                        );
                    let missing = matches!(
                        key.code,
                        KeyCode::Char('[' | ']' | '{' | '}' | '~' | '\\' | '|' | '@' | '`')
                    );
                    !key.alt && !lost && !missing
                });
            assert!(sure, "{}: {:?}", info.id, info.keys);
        }
    }

    #[test]
    fn the_focused_context_wins_and_text_fields_keep_what_types() {
        let keymap = Keymap::default();
        let cases = [
            (Context::Home, false, "c", Some(Command::HomeCatalog)),
            (Context::Catalog, false, "c", Some(Command::CatalogColumns)),
            (Context::Docs, false, "K", None),
            (Context::Docs, false, "tab", Some(Command::DocsNextLink)),
            (Context::Entity, false, "tab", Some(Command::NextTab)),
            (Context::Finder, true, "j", None),
            (Context::Finder, true, "ctrl-u", None),
            (
                Context::Finder,
                true,
                "right",
                Some(Command::FinderComplete),
            ),
            (Context::Wizard, true, "right", None),
            (Context::Finder, true, "ctrl-j", Some(Command::Down)),
            (Context::Finder, true, "esc", Some(Command::Back)),
        ];
        for (context, typing, pressed, expected) in cases {
            let meaning = keymap.meaning(context, typing, &keys(pressed));
            let expected = expected.map_or(Meaning::Nothing, Meaning::Command);
            assert_eq!(meaning, expected, "{pressed} in {context:?}");
        }
    }

    #[test]
    fn keys_that_edit_belong_to_the_field_in_every_context_and_preset() {
        let edits = "left right home end backspace del ctrl-backspace ctrl-left alt-right ctrl-u ctrl-w ctrl-a ctrl-k ctrl-d";
        for (preset, _) in PRESETS {
            let (keymap, _) = Keymap::configured(&Asked {
                preset: Some((*preset).to_owned()),
                ..Asked::default()
            });
            for info in COMMANDS {
                for key in edits.split(' ') {
                    let meaning = keymap.meaning(info.context, true, &keys(key));
                    let expected = match (info.context, key) {
                        (Context::Finder, "right") => Meaning::Command(Command::FinderComplete),
                        (Context::Query, "right") => Meaning::Command(Command::QueryComplete),
                        _ => Meaning::Nothing,
                    };
                    assert_eq!(meaning, expected, "{preset}: {key} in {:?}", info.context);
                }
            }
        }
    }

    #[test]
    fn chords_wait_for_their_next_key_and_say_what_it_can_be() {
        let (vim, faults) = Keymap::configured(&Asked {
            preset: Some("vim".to_owned()),
            ..Asked::default()
        });
        assert_eq!(faults, []);
        let meaning = |typing, pressed: &str| vim.meaning(Context::Docs, typing, &keys(pressed));
        assert_eq!(meaning(false, "g"), Meaning::Prefix);
        assert_eq!(meaning(false, "g g"), Meaning::Command(Command::Top));
        assert_eq!(meaning(false, "g x"), Meaning::Nothing);
        assert_eq!(
            meaning(true, "g"),
            Meaning::Nothing,
            "a letter while typing"
        );
        let after: Vec<String> = vim
            .after(Context::Docs, false, &keys("g"))
            .iter()
            .map(|(rest, command)| format!("{rest} {}", command.info().id))
            .collect();
        assert!(after.starts_with(&["f docs.find".to_owned()]), "{after:?}");
        assert!(
            after.contains(&"g list.top".to_owned()) && after.contains(&"h app.home".to_owned()),
            "{after:?}"
        );
    }
}
