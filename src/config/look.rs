//! `stagedoor.theme`, `stagedoor.glyphs`, `stagedoor.images`, `stagedoor.links`, `stagedoor.mouse` and `stagedoor.keys`: how
//! the portal looks and which keys it has.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::ConfigError;
use super::section::Section;

/// How the portal looks and which keys it has, as asked for. What the names mean is the screen's to know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// `stagedoor.theme`.
    pub theme: ThemeChoice,
    /// `stagedoor.glyphs`; none or `auto` goes by the locale.
    pub glyphs: Option<String>,
    /// `stagedoor.images`; none or `auto` goes by the terminal.
    pub images: Option<String>,
    /// `stagedoor.links`; none or `auto` goes by the terminal.
    pub links: Option<String>,
    /// `stagedoor.mouse`; none or `auto` goes by where the terminal is.
    pub mouse: Option<String>,
    /// `stagedoor.accessible`: words for signs, one pane at a time.
    pub accessible: bool,
    /// `stagedoor.keys.preset`.
    pub preset: Option<String>,
    /// The rest of `stagedoor.keys`: ids of commands and their keys.
    pub keys: BTreeMap<String, Vec<String>>,
}

/// `stagedoor.theme`: the names of themes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ThemeChoice {
    /// `auto`, or nothing: the terminal's own colours.
    #[default]
    Auto,
    /// One for every terminal.
    One(String),
    /// One for dark backgrounds and one for light; the terminal is asked which it has.
    Either {
        /// The theme on dark.
        dark: String,
        /// The theme on light.
        light: String,
    },
}

/// Reads what stands under `stagedoor`.
pub(super) fn read(ours: Option<&Section<'_>>) -> Result<Look, ConfigError> {
    let Some(ours) = ours else {
        return Ok(Look::default());
    };
    let theme = match ours.get("theme") {
        None => ThemeChoice::Auto,
        Some(pair) if pair.is_object() => ThemeChoice::Either {
            dark: pair.required("dark")?,
            light: pair.required("light")?,
        },
        Some(name) => match name.text()?.as_str() {
            "auto" => ThemeChoice::Auto,
            name => ThemeChoice::One(name.to_owned()),
        },
    };
    let mut look = Look {
        theme,
        glyphs: ours.optional("glyphs")?.filter(|name| name != "auto"),
        accessible: ours.flag("accessible", false)?,
        images: ours.optional("images")?.filter(|name| name != "auto"),
        links: ours.optional("links")?.filter(|name| name != "auto"),
        mouse: ours.optional("mouse")?.filter(|name| name != "auto"),
        ..Look::default()
    };
    if let Some(keys) = ours.get("keys") {
        look.preset = keys.optional("preset")?;
        for (id, _) in keys
            .entries()?
            .into_iter()
            .filter(|(id, _)| *id != "preset")
        {
            look.keys.insert(id.to_owned(), keys.texts(id)?);
        }
    }
    Ok(look)
}

/// Where the last of `files` that has it says the key at `path`, for a message: the file and the line from 1. Only YAML
/// written in lines is looked through, which is how people write it.
pub fn place_of(files: &[PathBuf], path: &[&str]) -> Option<(PathBuf, usize)> {
    files.iter().rev().find_map(|file| {
        let text = std::fs::read_to_string(file).ok()?;
        Some((file.clone(), line_of(&text, path)?))
    })
}

fn line_of(text: &str, path: &[&str]) -> Option<usize> {
    // The columns at which the keys found so far stand.
    let mut columns: Vec<usize> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let bare = line.trim_start();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        let column = line.len() - bare.len();
        columns.retain(|outer| *outer < column);
        let wanted = path.get(columns.len())?;
        let key = bare.split_once(':').map_or(bare, |(key, _)| key);
        if key.trim().trim_matches(['"', '\'']) == *wanted {
            columns.push(column);
            if columns.len() == path.len() {
                return Some(number);
            }
        }
    }
    None
}

/// The file of a theme of the user's own.
pub fn theme_file(config_dir: &Path, name: &str) -> PathBuf {
    config_dir.join("themes").join(format!("{name}.yaml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_key_is_found_where_it_stands() {
        let text = "# a\ncatalog:\n  keys:\n    app.find: x\nstagedoor:\n  theme: dark\n\n  keys:\n    preset: vim\n    \"app.find\": [f]\n";
        assert_eq!(line_of(text, &["stagedoor", "keys", "app.find"]), Some(10));
        assert_eq!(line_of(text, &["stagedoor", "keys", "preset"]), Some(9));
        assert_eq!(line_of(text, &["stagedoor", "theme"]), Some(6));
        assert_eq!(line_of(text, &["stagedoor", "keys", "app.quit"]), None);
        assert_eq!(
            line_of("stagedoor: { keys: {} }", &["stagedoor", "keys"]),
            None
        );
    }
}
