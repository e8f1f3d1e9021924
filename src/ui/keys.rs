//! Keys within texts: what is pressed for a command where the text stands, as the keymap in force has it. A text without
//! its key says the rest.

use crate::app::command::{Command, Context};
use crate::app::{Keymap, Shared};

/// The keys of a place on the screen.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'a> {
    keymap: &'a Keymap,
    context: Context,
    typing: bool,
}

impl<'a> Keys<'a> {
    /// The keys while `context` has the focus and, if `typing`, a text field in it.
    pub fn of(shared: &'a Shared, context: Context, typing: bool) -> Self {
        Self {
            keymap: &shared.keymap,
            context,
            typing,
        }
    }

    /// What is pressed for a command; `None` where nothing is.
    pub fn key(self, command: Command) -> Option<String> {
        let chord = self
            .keymap
            .chord_for(command.info(), self.context, self.typing);
        chord.map(ToString::to_string)
    }

    /// The same with an arrow as its sign.
    pub fn sign(self, command: Command) -> Option<String> {
        self.key(command).map(|key| match key.as_str() {
            "left" => "←".to_owned(),
            "right" => "→".to_owned(),
            "up" => "↑".to_owned(),
            "down" => "↓".to_owned(),
            _ => key,
        })
    }

    /// What is pressed for each of the commands and what it is good for, as in "R to try again, or esc to go back"; `None`
    /// where nothing can be pressed.
    pub fn ways(self, ways: &[(Command, &str)]) -> Option<String> {
        let ways = ways.iter();
        let ways = ways.filter_map(|(way, what)| Some(format!("{} {what}", self.key(*way)?)));
        let ways: Vec<String> = ways.collect();
        (!ways.is_empty()).then(|| ways.join(", or "))
    }

    /// `said`, and behind it a sentence of what can be pressed.
    pub fn advice(self, said: &str, ways: &[(Command, &str)]) -> String {
        match self.ways(ways) {
            None => said.to_owned(),
            Some(ways) if said.is_empty() => format!("Press {ways}."),
            Some(ways) => format!("{said} Press {ways}."),
        }
    }

    /// `said` of a list that is narrowed, and how all of it is shown again.
    pub fn all_again(self, said: &str) -> String {
        // From home this is the way out, and before that the way back to all.
        match self.key(Command::Back).or(self.key(Command::HomeLeave)) {
            Some(key) => format!("{said}; {key} shows all."),
            None => format!("{said}."),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::app::keymap::Asked;
    use crate::catalog::Index;

    fn shared(own: &[(&str, &str)]) -> Shared {
        let own = own.iter().map(|(id, key)| {
            let keys = [*key].into_iter().filter(|key| !key.is_empty());
            ((*id).to_owned(), keys.map(str::to_owned).collect())
        });
        let (keymap, faults) = Keymap::configured(&Asked {
            preset: None,
            own: own.collect(),
        });
        assert_eq!(faults, []);
        let mut shared = Shared::new(Index::empty(), (80, 24), 0);
        shared.keymap = keymap;
        shared
    }

    #[test]
    fn a_text_says_the_keys_that_work_where_it_stands() {
        let ways = [
            (Command::Sync, "to try again"),
            (Command::Back, "to go back"),
        ];
        let said = |own: &[(&str, &str)], typing| {
            Keys::of(&shared(own), Context::Docs, typing).advice("It failed.", &ways)
        };
        let usual = said(&[], false);
        assert_eq!(usual, "It failed. Press R to try again, or esc to go back.");
        // A letter is text while somebody types.
        assert_eq!(said(&[], true), "It failed. Press esc to go back.");
        assert_eq!(
            said(&[("app.sync", "g r"), ("app.back", "")], false),
            "It failed. Press g r to try again."
        );
        assert_eq!(
            said(&[("app.sync", ""), ("app.back", "")], false),
            "It failed."
        );
    }

    #[test]
    fn all_is_shown_again_from_home_too() {
        let said = |own: &[(&str, &str)], context, typing| {
            Keys::of(&shared(own), context, typing).all_again("Nothing")
        };
        assert_eq!(said(&[], Context::Runs, true), "Nothing; esc shows all.");
        assert_eq!(said(&[], Context::Home, true), "Nothing; esc shows all.");
        let own = [("home.leave", "f5")];
        assert_eq!(said(&own, Context::Home, true), "Nothing; esc shows all.");
        let own = [("home.leave", "f5"), ("app.back", "f6")];
        assert_eq!(said(&own, Context::Home, true), "Nothing; f6 shows all.");
    }

    #[test]
    fn only_an_arrow_has_a_sign() {
        let sign = |own: &[(&str, &str)]| {
            Keys::of(&shared(own), Context::Finder, true).sign(Command::FinderComplete)
        };
        assert_eq!(sign(&[]).unwrap(), "→");
        assert_eq!(sign(&[("finder.complete", "f5")]).unwrap(), "f5");
        assert_eq!(sign(&[("finder.complete", "")]), None);
    }
}
