//! Theme files: `styles`, a map from role to words: a colour, `on` a colour, and what else the text is.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use super::{BUILT_IN, Role, Theme};

/// Why a theme file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// It is not YAML of this form.
    #[error(
        "{0}; a theme is 'styles:' with a role and its style in each line, as in 'accent: cyan bold'"
    )]
    Form(String),
    /// It names a role that is none.
    #[error("styles.{0}: no such role; the roles are {roles}", roles = roles())]
    Role(String),
    /// A style has a word that means nothing.
    #[error(
        "styles.{role}: {word:?} is no part of a style; write a colour (cyan, bright-black, 208, \"#5cc8d7\"), 'on' and a colour, bold, dim, italic, underline or reverse"
    )]
    Word {
        /// The role's name.
        role: String,
        /// The word.
        word: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "for the reader of the file")]
    about: Option<String>,
    #[serde(default)]
    styles: BTreeMap<String, Option<serde_yaml::Value>>,
}

/// Reads a theme over the first of the built-in ones.
pub(super) fn theme(text: &str) -> Result<Theme, ThemeError> {
    let mut theme = Theme::plain();
    if let Some((_, terminal)) = BUILT_IN.first() {
        lay(&mut theme, terminal)?;
    }
    lay(&mut theme, text)?;
    Ok(theme)
}

fn lay(theme: &mut Theme, text: &str) -> Result<(), ThemeError> {
    let file: File =
        serde_yaml::from_str(text).map_err(|error| ThemeError::Form(error.to_string()))?;
    for (name, words) in file.styles {
        let Some((role, _)) = Role::ALL.iter().find(|(_, known)| *known == name) else {
            return Err(ThemeError::Role(name));
        };
        let words = match words {
            None => String::new(),
            Some(serde_yaml::Value::String(words)) => words,
            Some(serde_yaml::Value::Number(index)) => index.to_string(),
            Some(_) => return Err(ThemeError::Form(format!("styles.{name} is no text"))),
        };
        theme.styles[*role as usize] =
            style(&words).map_err(|word| ThemeError::Word { role: name, word })?;
    }
    Ok(())
}

/// The style that `words` describe; the word that means nothing otherwise.
fn style(words: &str) -> Result<Style, String> {
    let mut style = Style::new();
    let mut words = words.split_whitespace();
    while let Some(word) = words.next() {
        if word == "on" {
            let ground = words.next().unwrap_or_default();
            style = style.bg(color(ground).ok_or(format!("on {ground}"))?);
        } else if let Some(modifier) = modifier(word) {
            style = style.add_modifier(modifier);
        } else {
            style = style.fg(color(word).ok_or(word)?);
        }
    }
    Ok(style)
}

fn modifier(word: &str) -> Option<Modifier> {
    Some(match word {
        "bold" => Modifier::BOLD,
        "dim" => Modifier::DIM,
        "italic" => Modifier::ITALIC,
        "underline" => Modifier::UNDERLINED,
        "reverse" => Modifier::REVERSED,
        _ => return None,
    })
}

/// A colour by its name in terminals, its number among 256, or as `#rrggbb`.
fn color(word: &str) -> Option<Color> {
    const NAMED: &[(&str, Color)] = &[
        ("default", Color::Reset),
        ("black", Color::Black),
        ("red", Color::Red),
        ("green", Color::Green),
        ("yellow", Color::Yellow),
        ("blue", Color::Blue),
        ("magenta", Color::Magenta),
        ("cyan", Color::Cyan),
        ("white", Color::Gray),
        ("bright-black", Color::DarkGray),
        ("bright-red", Color::LightRed),
        ("bright-green", Color::LightGreen),
        ("bright-yellow", Color::LightYellow),
        ("bright-blue", Color::LightBlue),
        ("bright-magenta", Color::LightMagenta),
        ("bright-cyan", Color::LightCyan),
        ("bright-white", Color::White),
    ];
    if let Some((_, color)) = NAMED.iter().find(|(name, _)| *name == word) {
        return Some(*color);
    }
    if let Some(digits) = word.strip_prefix('#') {
        let is_hex = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        let [_, red, green, blue] = number.to_be_bytes();
        return Some(Color::Rgb(red, green, blue));
    }
    word.parse().ok().map(Color::Indexed)
}

/// The names of all roles, for an error.
fn roles() -> String {
    let names: Vec<&str> = Role::ALL.iter().map(|(_, name)| *name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_make_styles() {
        let cases = [
            ("", Style::new()),
            (
                "cyan bold",
                Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD),
            ),
            (
                "#0a5cc2 underline",
                Style::new()
                    .fg(Color::Rgb(10, 92, 194))
                    .add_modifier(Modifier::UNDERLINED),
            ),
            (
                "208 on bright-black",
                Style::new().fg(Color::Indexed(208)).bg(Color::DarkGray),
            ),
            (
                "reverse on default",
                Style::new()
                    .bg(Color::Reset)
                    .add_modifier(Modifier::REVERSED),
            ),
        ];
        for (words, expected) in cases {
            assert_eq!(style(words), Ok(expected), "{words}");
        }
        for (words, wrong) in [
            ("cyann", "cyann"),
            ("#12345", "#12345"),
            ("bold on", "on "),
            ("256", "256"),
            ("#+12345", "#+12345"),
        ] {
            assert_eq!(style(words), Err(wrong.to_owned()), "{words}");
        }
    }

    #[test]
    fn a_theme_lies_over_the_terminals_own_and_errors_name_the_place() {
        let own = Theme::read("styles: { accent: 208 }");
        assert_eq!(
            own.as_ref().map(|theme| theme.style(Role::Accent)),
            Ok(Style::new().fg(Color::Indexed(208)))
        );
        assert_eq!(
            own.map(|theme| theme.style(Role::Bad)),
            Ok(Theme::terminal().style(Role::Bad))
        );
        let error = |text: &str| {
            Theme::read(text)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        assert!(
            error("styles: { acent: red }")
                .starts_with("styles.acent: no such role; the roles are text, ")
        );
        assert!(error("styles: { bad: redd }").starts_with("styles.bad: \"redd\" is no part"));
        assert!(error("style: {}").contains("unknown field"));
        assert!(error("styles: [").contains("a theme is 'styles:'"));
    }
}
