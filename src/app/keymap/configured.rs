//! The keys of a preset and of the user over those of the command table, and what is wrong with them.

use std::collections::BTreeMap;
use std::fmt;

use super::{Binding, Keymap};
use crate::app::chord::Chord;
use crate::app::command::{COMMANDS, Command, Context, Info};

/// The presets: name and file. The first is the command table as it stands.
pub const PRESETS: &[(&str, &str)] = &[
    ("default", ""),
    ("vim", include_str!("../../../assets/keymaps/vim.yaml")),
    ("emacs", include_str!("../../../assets/keymaps/emacs.yaml")),
];

/// Stands in a list of keys for those that the command has anyway.
const KEPT: &str = "default";

/// The keys a user asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// The preset to begin with.
    pub preset: Option<String>,
    /// Ids of commands and their keys; `default` among them stands for those of the preset.
    pub own: BTreeMap<String, Vec<String>>,
}

/// Something wrong with the keys asked for. The rest is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What it is about: an id, or `preset`.
    pub key: String,
    /// What is wrong, and what to do.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stagedoor.keys.{}: {}", self.key, self.reason)
    }
}

impl Keymap {
    /// The keys in force for what the user asked, and what of it could not be followed.
    pub fn configured(asked: &Asked) -> (Self, Vec<Fault>) {
        let mut keymap = Self::default();
        let mut faults = Vec::new();
        let preset = asked.preset.as_deref().unwrap_or(PRESETS[0].0);
        if let Some((_, text)) = PRESETS.iter().find(|(name, _)| *name == preset) {
            // A preset's file is held by a test, and may be empty.
            let rows = serde_yaml::from_str::<Option<BTreeMap<String, Vec<String>>>>(text);
            keymap.lay(&rows.unwrap_or_default().unwrap_or_default(), &mut faults);
        } else {
            let names: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
            let reason = format!(
                "no preset is called {preset:?}; there are {}",
                names.join(", ")
            );
            faults.push(Fault {
                key: "preset".to_owned(),
                reason,
            });
        }
        keymap.lay(&asked.own, &mut faults);
        (keymap, faults)
    }

    /// Lays rows over the keys in force.
    fn lay(&mut self, rows: &BTreeMap<String, Vec<String>>, faults: &mut Vec<Fault>) {
        let mut laid: Vec<Binding> = Vec::new();
        for (id, keys) in rows {
            let mut fault = |reason: String| {
                faults.push(Fault {
                    key: id.clone(),
                    reason,
                });
            };
            let Some(info) = COMMANDS.iter().find(|info| info.id == id) else {
                fault(format!("there is no such command{}", nearest(id)));
                continue;
            };
            let before: Vec<Chord> = self.chords(info.command).cloned().collect();
            let mut chords: Vec<Chord> = Vec::new();
            for key in keys {
                match key.parse::<Chord>() {
                    _ if key == KEPT => chords.extend(before.iter().cloned()),
                    Ok(chord) if !chords.contains(&chord) => chords.push(chord),
                    Ok(_) => {}
                    Err(error) => fault(error.to_string()),
                }
            }
            if chords.is_empty() && info.command == Command::Interrupt {
                fault("the portal must always be left; ctrl-c stays".to_owned());
                continue;
            }
            self.bindings
                .retain(|binding| binding.command != info.command);
            for chord in chords {
                let binding = Binding {
                    context: info.context,
                    chord,
                    command: info.command,
                };
                match laid.iter().find(|other| clashes(other, &binding)) {
                    Some(other) => fault(clash(&binding.chord, other)),
                    None => laid.push(binding),
                }
            }
        }
        // What was asked for takes its keys from what was there.
        let (taken, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.bindings)
            .into_iter()
            .partition(|old| laid.iter().any(|new| clashes(new, old)));
        self.bindings = kept;
        self.bindings.splice(0..0, laid);
        for old in taken {
            let by = self.bindings.iter().find(|new| clashes(new, &old));
            if let Some(by) = by.filter(|_| self.chords(old.command).next().is_none()) {
                let reason = format!(
                    "{} took {} from {}, which has no key any more; give {} another key, or [] for none",
                    by.command.info().id,
                    old.chord,
                    old.command.info().id,
                    old.command.info().id
                );
                if !rows.contains_key(old.command.info().id) {
                    faults.push(Fault {
                        key: by.command.info().id.to_owned(),
                        reason,
                    });
                }
            }
        }
    }
}

/// Whether one of two chords of a context hides the other.
fn clashes(one: &Binding, other: &Binding) -> bool {
    let hides = |one: &Chord, other: &Chord| one.after(other.keys()).is_some();
    // Where keys are walked and everywhere, a chord must not begin with a key that the other uses alone.
    let both_outer = [one, other]
        .iter()
        .all(|binding| matches!(binding.context, Context::List | Context::Global));
    (one.context == other.context || (both_outer && one.chord != other.chord))
        && one.command != other.command
        && (hides(&one.chord, &other.chord) || hides(&other.chord, &one.chord))
}

fn clash(chord: &Chord, other: &Binding) -> String {
    let id = other.command.info().id;
    if *chord == other.chord {
        format!("{chord} is {id}'s already; choose one of the two")
    } else {
        format!(
            "{chord} and {id}'s {} begin alike, so that one hides the other",
            other.chord
        )
    }
}

/// The command whose id looks most like `id`, as a question.
fn nearest(id: &str) -> String {
    let alike = |info: &&Info| {
        let (_, name) = info.id.split_once('.').unwrap_or_default();
        id.ends_with(name) || info.id.starts_with(id)
    };
    let found = COMMANDS.iter().find(alike);
    let hint = "; 'stagedoor keys' lists them".to_owned();
    found.map_or(hint, |info| {
        format!("; is it {}? 'stagedoor keys' lists them", info.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::Meaning;

    fn configured(preset: Option<&str>, own: &[(&str, &[&str])]) -> (Keymap, Vec<String>) {
        let own = own.iter().map(|(id, keys)| {
            (
                (*id).to_owned(),
                keys.iter().map(|key| (*key).to_owned()).collect(),
            )
        });
        let asked = Asked {
            preset: preset.map(str::to_owned),
            own: own.collect(),
        };
        let (keymap, faults) = Keymap::configured(&asked);
        (keymap, faults.iter().map(ToString::to_string).collect())
    }

    fn shown(keymap: &Keymap, command: Command) -> Vec<String> {
        keymap.chords(command).map(ToString::to_string).collect()
    }

    #[test]
    fn keys_are_replaced_added_and_taken_away() {
        let (keymap, faults) = configured(
            None,
            &[
                ("catalog.sort", &["o", "f3"]),
                ("app.find", &["default", "ctrl-f"]),
                ("app.quit", &[]),
            ],
        );
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(shown(&keymap, Command::CatalogSort), ["o", "f3"]);
        assert_eq!(shown(&keymap, Command::Find), ["/", "ctrl-f"]);
        assert_eq!(shown(&keymap, Command::Quit), Vec::<String>::new());
        assert_eq!(
            shown(&keymap, Command::CatalogStar),
            ["*"],
            "the rest stays"
        );
    }

    #[test]
    fn presets_are_without_fault_and_leave_every_command_a_key() {
        for (name, _) in PRESETS {
            let (keymap, faults) = configured(Some(name), &[]);
            assert_eq!(faults, Vec::<String>::new(), "{name}");
            for info in COMMANDS.iter().filter(|info| !info.keys.is_empty()) {
                assert!(
                    keymap.chords(info.command).next().is_some(),
                    "{name}: {}",
                    info.id
                );
            }
        }
    }

    #[test]
    fn what_cannot_be_followed_is_said_and_the_rest_holds() {
        let cases: &[(&str, &[&str], &str)] = &[
            (
                "catalog.srot",
                &["o"],
                "stagedoor.keys.catalog.srot: there is no such command",
            ),
            ("list.sort", &["o"], "is it catalog.sort?"),
            (
                "catalog.sort",
                &["o", "cmd-x"],
                "stagedoor.keys.catalog.sort: \"cmd-x\" is no key",
            ),
            ("app.interrupt", &[], "ctrl-c stays"),
            (
                "catalog.columns",
                &["s"],
                "took s from catalog.sort, which has no key any more",
            ),
        ];
        for (id, keys, expected) in cases {
            let (_, faults) = configured(None, &[(id, keys)]);
            assert!(
                faults.len() == 1 && faults[0].contains(expected),
                "{id}: {faults:?}"
            );
        }
        let (keymap, faults) = configured(
            None,
            &[
                ("catalog.sort", &["o"]),
                ("catalog.group", &["o"]),
                ("catalog.clear", &["o x"]),
            ],
        );
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(
            faults.iter().any(|fault| fault.contains("begin alike")),
            "{faults:?}"
        );
        let key = "o"
            .parse()
            .unwrap_or(crate::app::Key::plain(crate::app::KeyCode::Esc));
        // The first of the three, by their ids, has it.
        let meaning = keymap.meaning(Context::Catalog, false, &[key]);
        assert_eq!(meaning, Meaning::Prefix);
        let (_, faults) = configured(Some("nano"), &[]);
        assert_eq!(
            faults,
            ["stagedoor.keys.preset: no preset is called \"nano\"; there are default, vim, emacs"]
        );
    }
}
