//! A line of a page: its runs, the focused link, what was found, moved sideways where it is wide.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::page::docs::{Docs, Pane, Sheet};
use crate::techdocs::highlight::painted;
use crate::techdocs::{Callout, Line, Role as Part, Run, SpotTarget};
use crate::ui::text::{Pen, width};
use crate::ui::{Role, Theme};

/// Draws the line `at` of the page into a row of an area.
pub(super) fn line(
    page: &Docs,
    sheet: &Sheet,
    at: usize,
    (theme, area, row): (&Theme, Rect, u16),
    buffer: &mut Buffer,
) {
    let Some(line) = sheet.layout.lines.get(at) else {
        return;
    };
    let runs = coloured(sheet, at, line);
    let fixed = line.pan.unwrap_or(runs.len());
    let pan = if line.pan.is_some() { sheet.pan } else { 0 };
    // While one looks for words, what was found stands out alone.
    let has_focus = page.focus == Pane::Page && !page.typing();
    let focused = sheet.focused_link().filter(|_| has_focus);
    let mut pen = Pen::new(buffer, theme, area, row);
    let mut hidden = pan;
    let mut lead = 0;
    for (index, run) in runs.iter().enumerate() {
        let style = style(run, theme, focused);
        if index < fixed {
            lead += width(&run.text);
            pen.write_styled(&run.text, style);
        } else {
            let shown = skipped(&run.text, &mut hidden);
            pen.write_styled(shown, style);
        }
    }
    let mut mark = |start: u16, end: u16, style: Style| {
        let shift = |column: u16| {
            let column = usize::from(column);
            if column < lead {
                column
            } else {
                lead.max(column.saturating_sub(pan))
            }
        };
        let (start, end) = (shift(start), shift(end).min(usize::from(area.width)));
        let cells = Rect {
            x: area.x + u16::try_from(start).unwrap_or(u16::MAX).min(area.width),
            y: area.y + row,
            width: u16::try_from(end.saturating_sub(start)).unwrap_or(0),
            height: 1,
        };
        buffer.set_style(cells.intersection(area), style);
    };
    if let Some(spot) = sheet.focused().filter(|spot| spot.line == at && has_focus)
        && !matches!(spot.target, SpotTarget::Link(_))
    {
        mark(
            spot.column,
            spot.column.saturating_add(spot.width),
            theme.style(Role::LinkFocused),
        );
    }
    if let Some(finding) = &page.finding {
        for piece in finding.on_line(at) {
            let role = if piece.number == finding.here {
                Role::FoundHere
            } else {
                Role::Found
            };
            mark(piece.start, piece.end, theme.style(role));
        }
    }
}

/// The line's runs, coloured where it is code whose colours have come.
fn coloured(sheet: &Sheet, at: usize, line: &Line) -> Vec<Run> {
    let codes = &sheet.layout.codes;
    let before = codes.partition_point(|spot| spot.lines.start <= at);
    let spot = before
        .checked_sub(1)
        .and_then(|index| codes.get(index))
        .filter(|spot| spot.lines.contains(&at));
    let pieces = spot.and_then(|spot| {
        let (number, _) = line.code?;
        let colours = sheet.colours.get(&spot.code)?;
        colours.lines.get(number as usize)
    });
    match pieces {
        Some(pieces) => painted(line, pieces),
        None => line.runs.clone(),
    }
}

/// `text` without the columns that are hidden at its left.
fn skipped<'t>(text: &'t str, hidden: &mut usize) -> &'t str {
    let mut rest = text;
    while *hidden > 0 {
        let Some(c) = rest.chars().next() else {
            break;
        };
        let (head, tail) = rest.split_at(c.len_utf8());
        *hidden = hidden.saturating_sub(width(head));
        rest = tail;
    }
    rest
}

/// What a run looks like.
fn style(run: &Run, theme: &Theme, focused: Option<u32>) -> Style {
    let mut style = theme.style(role(run.role));
    let marks = [
        (run.weight.strong, Modifier::BOLD),
        (run.weight.emphasis, Modifier::ITALIC),
        (run.weight.strike, Modifier::CROSSED_OUT),
        (run.weight.underline, Modifier::UNDERLINED),
    ];
    for (set, modifier) in marks {
        if set {
            style = style.add_modifier(modifier);
        }
    }
    if run.link.is_some() && run.link == focused {
        style = style.patch(theme.style(Role::LinkFocused));
    } else if run.link.is_some() && run.role != Part::Link {
        style = style.add_modifier(Modifier::UNDERLINED);
    }
    style
}

/// The theme's role for a part of a page.
pub(in crate::ui::page) fn role(part: Part) -> Role {
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
