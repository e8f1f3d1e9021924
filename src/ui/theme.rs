//! Roles and what they look like. A theme is data: the built-in ones are files of `assets/themes`, a user's own are files
//! of the same form. The first of them uses the terminal's own sixteen colours and its own foreground and background, so
//! that it is right on dark and light screens without asking.

mod read;

use ratatui::style::{Color, Style};

use super::Glyphs;

pub use read::ThemeError;

macro_rules! roles {
    ($($(#[doc = $doc:literal])* $role:ident $name:literal;)*) => {
        /// What a piece of text is, not what it looks like.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role { $($(#[doc = $doc])* $role,)* }

        impl Role {
            /// Every role with its name in a theme file, in the order of the enum.
            pub const ALL: &[(Self, &'static str)] = &[$((Self::$role, $name),)*];
        }
    };
}

roles! {
    /// What one reads.
    Text "text";
    /// What one looks for: names, titles.
    Strong "strong";
    /// Labels, counts, ages.
    Dim "dim";
    /// The one accent: the focused pane's title, the mark of the selected row.
    Accent "accent";
    /// The row under the cursor.
    Selected "selected";
    /// Characters that matched a query.
    Match "match";
    /// Lines between panes.
    Rule "rule";
    /// Keys in the footer and in help.
    Key "key";
    /// Something is well.
    Good "good";
    /// Something needs a look.
    Warning "warning";
    /// Something is wrong.
    Bad "bad";
    /// Good to know.
    Info "info";
    /// A link.
    Link "link";
    /// The link under the cursor.
    LinkFocused "link-focused";
    /// Code within text.
    Code "code";
    /// A heading of the first level.
    Heading "heading";
    /// A heading of a deeper level.
    Subheading "subheading";
    /// A text that was found on a page.
    Found "found";
    /// The found text one stands on.
    FoundHere "found-here";
    /// A keyword of code.
    CodeKeyword "code-keyword";
    /// A string or number of code.
    CodeLiteral "code-literal";
    /// A comment of code.
    CodeComment "code-comment";
    /// A type, function or key of code.
    CodeName "code-name";
}

/// The themes that come with the portal: name and file.
pub const BUILT_IN: &[(&str, &str)] = &[
    (
        "terminal",
        include_str!("../../assets/themes/terminal.yaml"),
    ),
    ("dark", include_str!("../../assets/themes/dark.yaml")),
    ("light", include_str!("../../assets/themes/light.yaml")),
    (
        "high-contrast",
        include_str!("../../assets/themes/high-contrast.yaml"),
    ),
    (
        "colour-blind",
        include_str!("../../assets/themes/colour-blind.yaml"),
    ),
    (
        "monochrome",
        include_str!("../../assets/themes/monochrome.yaml"),
    ),
];

/// A style for every role, and the characters the screen is drawn with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; Role::ALL.len()],
    glyphs: Glyphs,
    /// Whether only the 256 colours of a palette are shown.
    indexed: bool,
}

impl Theme {
    /// The built-in theme of this name.
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        // Their files are held by a test.
        Some(Self::read(text).unwrap_or_else(|_| Self::plain()))
    }

    /// The theme of a file's text. Roles that it leaves out look as in the theme `terminal`.
    pub fn read(text: &str) -> Result<Self, ThemeError> {
        read::theme(text)
    }

    /// The terminal's own sixteen colours.
    pub fn terminal() -> Self {
        Self::built_in("terminal").unwrap_or_else(Self::plain)
    }

    /// No colour at all: weight, underline and reverse carry everything.
    pub fn monochrome() -> Self {
        Self::built_in("monochrome").unwrap_or_else(Self::plain)
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The same theme with each style changed by `adapt`, as for a terminal of fewer colours.
    #[must_use]
    pub fn adapted(mut self, adapt: impl Fn(Style) -> Style) -> Self {
        self.styles = self.styles.map(adapt);
        self
    }

    /// The same theme for a terminal that shows only the 256 colours of a palette.
    #[must_use]
    pub fn with_palette(self, indexed: bool) -> Self {
        Self { indexed, ..self }
    }

    /// The colour of a pixel of an image.
    pub fn pixel(&self, [red, green, blue]: [u8; 3]) -> Color {
        if !self.indexed {
            return Color::Rgb(red, green, blue);
        }
        // Grays have a ramp of their own, from 8 on in steps of 10.
        let (least, most) = (red.min(green).min(blue), red.max(green).max(blue));
        if most - least < 16 && (8..=238).contains(&green) {
            return Color::Indexed(232 + (green - 8) / 10);
        }
        // The palette's cube has six steps of each colour: 0, 95, and then every 40.
        let step = |part: u8| match part {
            0..48 => 0,
            48..115 => 1,
            part => (part - 35) / 40,
        };
        Color::Indexed(16 + 36 * step(red) + 6 * step(green) + step(blue))
    }

    /// The same theme drawn with these characters.
    #[must_use]
    pub fn with_glyphs(self, glyphs: Glyphs) -> Self {
        Self { glyphs, ..self }
    }

    /// The characters the screen is drawn with.
    pub fn glyphs(&self) -> Glyphs {
        self.glyphs
    }

    /// Whether the screen is for those who hear it: signs are words, and panes lie one below the other.
    pub fn is_spoken(&self) -> bool {
        self.glyphs == Glyphs::Words
    }

    fn plain() -> Self {
        Self {
            styles: [Style::new(); Role::ALL.len()],
            glyphs: Glyphs::default(),
            indexed: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier};

    use super::*;

    #[test]
    fn the_built_in_themes_say_how_each_role_looks() {
        for (name, text) in BUILT_IN {
            assert_eq!(Theme::read(text).err(), None, "{name}");
            for (_, role) in Role::ALL {
                assert!(
                    text.contains(&format!("\n  {role}: ")),
                    "{name} lacks {role}"
                );
            }
        }
    }

    #[test]
    fn monochrome_names_no_colour_and_high_contrast_dims_nothing() {
        let monochrome = Theme::monochrome();
        let contrast = Theme::built_in("high-contrast").unwrap_or_else(Theme::plain);
        for (role, name) in Role::ALL {
            let style = monochrome.style(*role);
            assert_eq!((style.fg, style.bg), (None, None), "{name}");
            let style = contrast.style(*role);
            assert!(!style.add_modifier.contains(Modifier::DIM), "{name}");
            assert_ne!(style.fg, Some(Color::DarkGray), "{name}");
        }
    }

    #[test]
    fn states_differ_in_every_theme_that_has_colours() {
        for name in ["terminal", "dark", "light", "high-contrast", "colour-blind"] {
            let theme = Theme::built_in(name).unwrap_or_else(Theme::plain);
            let states = [Role::Good, Role::Warning, Role::Bad].map(|role| theme.style(role));
            assert!(
                states[0] != states[1] && states[1] != states[2] && states[0] != states[2],
                "{name}"
            );
        }
    }
}
