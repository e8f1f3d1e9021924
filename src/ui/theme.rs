//! Roles and what they look like. The default theme uses the terminal's own sixteen colours and its own foreground and
//! background, so that it is right on dark and light screens without asking.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of text is, not what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// What one reads.
    Text,
    /// What one looks for: names, titles.
    Strong,
    /// Labels, counts, ages.
    Dim,
    /// The one accent: the focused pane's title, the mark of the selected row.
    Accent,
    /// The row under the cursor.
    Selected,
    /// Characters that matched a query.
    Match,
    /// Lines between panes.
    Rule,
    /// Keys in the footer and in help.
    Key,
    /// Something is well.
    Good,
    /// Something needs a look.
    Warning,
    /// Something is wrong.
    Bad,
    /// Good to know.
    Info,
    /// A link.
    Link,
    /// The link under the cursor.
    LinkFocused,
    /// Code within text.
    Code,
    /// A heading of the first level.
    Heading,
    /// A heading of a deeper level.
    Subheading,
    /// A text that was found on a page.
    Found,
    /// The found text one stands on.
    FoundHere,
    /// A keyword of code.
    CodeKeyword,
    /// A string or number of code.
    CodeLiteral,
    /// A comment of code.
    CodeComment,
    /// A type, function or key of code.
    CodeName,
}

/// A style for every role.
#[derive(Debug, Clone)]
pub struct Theme {
    colors: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Self::ansi()
    }
}

impl Theme {
    /// The terminal's own sixteen colours.
    pub const fn ansi() -> Self {
        Self { colors: true }
    }

    /// No colour at all: weight, underline and reverse carry everything.
    pub const fn monochrome() -> Self {
        Self { colors: false }
    }

    /// The style of a role.
    #[expect(
        clippy::match_same_arms,
        reason = "a row a role: alike today, apart in another theme"
    )]
    pub fn style(&self, role: Role) -> Style {
        let style = match role {
            Role::Text => Style::new(),
            Role::Strong => Style::new().add_modifier(Modifier::BOLD),
            Role::Dim | Role::Rule => Style::new().fg(Color::DarkGray),
            Role::Accent => Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD),
            Role::Selected => Style::new().add_modifier(Modifier::BOLD),
            Role::Match => Style::new()
                .fg(Color::Cyan)
                .add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Role::Key => Style::new().fg(Color::Cyan),
            Role::Good => Style::new().fg(Color::Green),
            Role::Warning => Style::new().fg(Color::Yellow),
            Role::Bad => Style::new().fg(Color::Red),
            Role::Info => Style::new().fg(Color::Blue),
            Role::Link => Style::new()
                .fg(Color::Blue)
                .add_modifier(Modifier::UNDERLINED),
            Role::LinkFocused => Style::new()
                .fg(Color::Blue)
                .add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Role::Code => Style::new().fg(Color::Magenta),
            Role::Heading => Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD),
            Role::Subheading => Style::new().add_modifier(Modifier::BOLD),
            Role::Found => Style::new().add_modifier(Modifier::UNDERLINED | Modifier::BOLD),
            Role::FoundHere => Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Role::CodeKeyword => Style::new().fg(Color::Magenta),
            Role::CodeLiteral => Style::new().fg(Color::Green),
            Role::CodeComment => Style::new()
                .fg(Color::DarkGray)
                .add_modifier(Modifier::ITALIC),
            Role::CodeName => Style::new().fg(Color::Blue),
        };
        if self.colors {
            style
        } else {
            Self::without_color(role, style)
        }
    }

    /// Dim text is dim, links are underlined; state is carried by its sign and word.
    fn without_color(role: Role, style: Style) -> Style {
        let style = Style {
            fg: None,
            bg: None,
            ..style
        };
        match role {
            Role::Dim | Role::Rule | Role::CodeComment => style.add_modifier(Modifier::DIM),
            Role::Bad | Role::Warning | Role::Key => style.add_modifier(Modifier::BOLD),
            _ => style,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monochrome_names_no_colour() {
        for role in [
            Role::Accent,
            Role::Bad,
            Role::Dim,
            Role::Link,
            Role::CodeName,
        ] {
            let style = Theme::monochrome().style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }
}
