//! Markdown as pages of docs look: what is laid out by [`crate::techdocs`], in the roles of the theme.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::techdocs::{Callout, Reading, Role as Part, Run, layout, markdown};
use crate::ui::Surface;
use crate::ui::spoken::spoken;
use crate::ui::text::Pen;
use crate::ui::{Role, Theme};

/// Draws Markdown into `area`, from its beginning; returns how many rows it took.
pub fn draw(text: &str, theme: &Theme, area: Rect, buffer: &mut Surface) -> u16 {
    let document = markdown::parse(text);
    let page = layout(&document, area.width, &Reading::default());
    for (row, line) in (0..area.height).zip(page.lines.iter()) {
        let mut pen = Pen::new(buffer, theme, area, row);
        for run in &line.runs {
            pen.write_styled(&said(run, theme), style(run, theme));
        }
    }
    let rows = u16::try_from(page.lines.len()).unwrap_or(u16::MAX);
    rows.min(area.height)
}

/// The text of a run; where the screen is heard, with the sign that it begins with as a word.
pub fn said<'r>(run: &'r Run, theme: &Theme) -> Cow<'r, str> {
    if !theme.is_spoken() {
        return Cow::Borrowed(&run.text);
    }
    match run.role {
        Part::TabLabel => run.text.trim_start_matches("○ ").into(),
        // What is closed has the accent, too.
        Part::Marker => spoken(&run.text, Role::Dim),
        part => spoken(&run.text, role(part)),
    }
}

/// What a run looks like.
pub fn style(run: &Run, theme: &Theme) -> Style {
    let mut style = theme.style(role(run.role));
    let is_marked = run.link.is_some() && run.role != Part::Link;
    let marks = [
        (run.weight.strong, Modifier::BOLD),
        (run.weight.emphasis, Modifier::ITALIC),
        (run.weight.strike, Modifier::CROSSED_OUT),
        (run.weight.underline || is_marked, Modifier::UNDERLINED),
    ];
    for (set, modifier) in marks {
        if set {
            style = style.add_modifier(modifier);
        }
    }
    style
}

/// The theme's role for a part of a page.
pub fn role(part: Part) -> Role {
    match part {
        Part::Text | Part::CodeText | Part::Operator => Role::Text,
        Part::Dim | Part::CodeTitle | Part::TabLabel | Part::Footnote => Role::Dim,
        Part::Border | Part::QuoteBar => Role::Rule,
        Part::Heading1 => Role::Heading,
        Part::Heading2 | Part::Heading3 | Part::TableHead => Role::Subheading,
        Part::Code => Role::Code,
        Part::Link => Role::Link,
        Part::Mark => Role::Found,
        Part::Key | Part::Prompt => Role::Key,
        Part::Image => Role::Info,
        Part::Marker | Part::TabActive => Role::Accent,
        Part::Callout(callout) => callout_role(callout),
        Part::Keyword => Role::CodeKeyword,
        Part::StringLit | Part::Constant => Role::CodeLiteral,
        Part::Comment => Role::CodeComment,
        Part::Function | Part::Type | Part::Property => Role::CodeName,
        Part::Inserted => Role::Good,
        Part::Deleted => Role::Bad,
    }
}

fn callout_role(callout: Callout) -> Role {
    match callout {
        Callout::Tip | Callout::Success => Role::Good,
        Callout::Warning | Callout::Important | Callout::Question => Role::Warning,
        Callout::Danger | Callout::Failure | Callout::Bug => Role::Bad,
        Callout::Note | Callout::Abstract | Callout::Info | Callout::Example => Role::Info,
        Callout::Quote => Role::Dim,
    }
}
