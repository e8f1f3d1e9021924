//! Short plain Markdown: descriptions of entities, templates and fields. Whole pages are laid out by
//! [`crate::techdocs`].

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Text};
use ratatui::widgets::{Paragraph, Widget, Wrap};
use tui_markdown::{Options, StyleSheet};

use crate::ui::Surface;
use crate::ui::{Role, Theme};

/// The theme's roles in the words of the Markdown renderer.
#[derive(Debug, Clone)]
struct Sheet(Theme);

impl StyleSheet for Sheet {
    fn heading(&self, level: u8) -> Style {
        self.0.style(if level == 1 {
            Role::Heading
        } else {
            Role::Subheading
        })
    }

    fn code(&self) -> Style {
        self.0.style(Role::Code)
    }

    fn link(&self) -> Style {
        self.0.style(Role::Link)
    }

    fn blockquote(&self) -> Style {
        self.0.style(Role::Dim)
    }

    fn heading_meta(&self) -> Style {
        self.0.style(Role::Dim)
    }

    fn metadata_block(&self) -> Style {
        self.0.style(Role::Dim)
    }
}

/// Draws Markdown into `area`, wrapped; returns how many rows it took.
pub fn draw(markdown: &str, theme: &Theme, area: Rect, buffer: &mut Surface) -> u16 {
    let text = render(markdown, theme);
    let paragraph = Paragraph::new(text).wrap(Wrap { trim: false });
    let rows = paragraph.line_count(area.width);
    paragraph.render(area, buffer);
    u16::try_from(rows).unwrap_or(u16::MAX).min(area.height)
}

/// How many rows Markdown takes at a width.
pub fn height(markdown: &str, theme: &Theme, columns: u16) -> u16 {
    let paragraph = Paragraph::new(render(markdown, theme)).wrap(Wrap { trim: false });
    u16::try_from(paragraph.line_count(columns)).unwrap_or(u16::MAX)
}

fn render<'a>(markdown: &'a str, theme: &Theme) -> Text<'a> {
    let options = Options::new(Sheet(theme.clone()));
    let mut text = tui_markdown::from_str_with_options(markdown.trim(), &options);
    // On so small a stage headings are set off by weight and code by colour; their markers are noise.
    text.lines.retain(|line| !is_fence(line));
    for line in &mut text.lines {
        strip_marker(line);
    }
    text
}

fn is_fence(line: &Line<'_>) -> bool {
    line.spans
        .first()
        .is_some_and(|span| span.content.starts_with("```"))
}

fn strip_marker(line: &mut Line<'_>) {
    let marker = line.spans.first().is_some_and(|span| {
        let text = span.content.trim_end();
        !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte == b'#')
    });
    if marker {
        line.spans.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;

    #[test]
    fn descriptions_are_wrapped_and_styled() {
        let theme = Theme::terminal();
        let area = Rect::new(0, 0, 20, 6);
        let mut buffer = Surface::new(Buffer::empty(area));
        let rows = draw(
            "# Title\n\nTakes **card** payments by `key`.",
            &theme,
            area,
            &mut buffer,
        );
        let text: Vec<String> = buffer
            .content()
            .chunks(20)
            .map(|row| {
                row.iter()
                    .map(ratatui::buffer::Cell::symbol)
                    .collect::<String>()
                    .trim_end()
                    .to_owned()
            })
            .collect();
        assert_eq!(text[..4], ["Title", "", "Takes card payments", "by key."]);
        assert_eq!(rows, 4);
    }

    /// A description says here what it would say as a page of docs; only breaks and marks are each reader's own.
    #[test]
    fn short_plain_texts_say_what_pages_say() {
        for text in [
            "Takes *card* payments by `key`, **never** cash; see AT&T &amp; others.",
            "# Title\n\nFirst words.\n\nSecond ~~old~~ words.",
            "Said of it:\n\n- one\n- two `x`\n\nand after.",
            "> quoted\n\n```sh\nrun --now\n```",
            "Escaped \\*stars\\* and snake_case_names.",
        ] {
            // Where words are parted is each reader's own.
            let letters = |text: &str| -> String {
                let is_mark = |word: &&str| !matches!(*word, "-" | "•" | ">" | "▌" | "│");
                text.split_whitespace().filter(is_mark).collect()
            };
            let short: String = render(text, &Theme::terminal())
                .lines
                .iter()
                .map(|line| line.to_string() + "\n")
                .collect();
            let page = crate::techdocs::page::facts(
                &format!("\n{text}"),
                "",
                &crate::techdocs::markdown::Options::default(),
                crate::techdocs::markdown::Files::NONE,
            );
            assert_eq!(letters(&short), letters(&page.words.join(" ")), "{text}");
        }
    }
}
