//! The commands of the portal as something that can be found: by their names beside everything else, by any of their
//! words behind a `>`.

use crate::app::command::{COMMANDS, Command, Context, Info};

/// What stands before a text that looks for actions alone, as in the editors that people know.
pub const SIGN: char = '>';
/// How many actions are listed among other things.
const AMONG_OTHERS: usize = 3;
/// The shortest text for which actions are listed among other things, in characters.
const SHORTEST: usize = 3;

/// The text behind the [`SIGN`], if `text` looks for actions alone.
pub(super) fn alone(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix(SIGN)
}

/// The actions that exist where the page has this context, and have all words of `text` somewhere; those that have them
/// in their names first, the page's own before the others.
pub(super) fn matching(text: &str, context: Context) -> Vec<&'static Info> {
    let words = words(text);
    let has = |info: &&Info| {
        let text = format!("{} {} {}", info.id, info.short, info.help).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let mut actions: Vec<&'static Info> = existing(context).filter(has).collect();
    actions.sort_by_key(|info| !is_named(info, &words));
    actions
}

/// The actions that are called so: what is listed among other things.
pub(super) fn named(text: &str, context: Context) -> Vec<&'static Info> {
    let words = words(text);
    if text.trim().chars().count() < SHORTEST {
        return Vec::new();
    }
    let actions = existing(context).filter(|info| is_named(info, &words));
    actions.take(AMONG_OTHERS).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

/// All that can be asked for on a page with this context.
fn existing(context: Context) -> impl Iterator<Item = &'static Info> {
    let contexts = std::iter::once(context)
        .chain(context.outer())
        .chain([Context::Global]);
    let of = |context| COMMANDS.iter().filter(move |info| info.context == context);
    let narrows = COMMANDS
        .iter()
        .filter(|info| info.command == Command::Filter);
    contexts
        .flat_map(of)
        .chain(narrows)
        .filter(|info| !matches!(info.command, Command::Find | Command::Palette))
}

/// Whether each word begins a word of its name.
fn is_named(info: &Info, words: &[String]) -> bool {
    let name = format!("{} {}", info.id, info.short);
    let begins = |word: &String| {
        name.split(|c: char| !c.is_alphanumeric())
            .any(|part| part.starts_with(word.as_str()))
    };
    words.iter().all(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(actions: &[&Info]) -> Vec<&'static str> {
        actions.iter().map(|info| info.id).collect()
    }

    #[test]
    fn actions_are_found_by_their_names_first() {
        assert_eq!(alone(" >sort"), Some("sort"));
        assert_eq!(alone("sort >"), None);
        assert_eq!(ids(&named("sync", Context::Home)), ["app.sync"]);
        assert!(named("ap", Context::Home).is_empty());
        assert!(named("payment", Context::Home).is_empty());
        let found = ids(&matching("sort", Context::Catalog));
        assert_eq!(found[0], "catalog.sort");
        assert!(ids(&matching("portal sleep", Context::Home)).contains(&"app.suspend"));
        assert!(!ids(&matching("", Context::Home)).contains(&"catalog.sort"));
    }
}
