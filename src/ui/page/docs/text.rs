//! A line of a page: its runs, the focused link, what was found, moved sideways where it is wide.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::page::docs::{Docs, Pane, Sheet};
use crate::app::pointer::Target;
use crate::techdocs::highlight::painted;
use crate::techdocs::{Line, Run, SpotTarget};
use crate::ui::Surface;
use crate::ui::text::{Pen, width};
use crate::ui::widget::document;
use crate::ui::{Role, Theme};

/// Draws the line `at` of the page into a row of an area.
pub(super) fn line(
    page: &Docs,
    sheet: &Sheet,
    at: usize,
    (theme, area, row): (&Theme, Rect, u16),
    buffer: &mut Surface,
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
        let from = pen.column();
        let text = document::said(run, theme);
        if index < fixed {
            lead += width(&text);
            pen.write_styled(&text, style);
        } else {
            pen.write_styled(skipped(&text, &mut hidden), style);
        }
        if let Some(number) = run.link {
            let links = &sheet.document.links;
            let link = links.get(number as usize);
            pen.link(from, link.map_or("", |link| link.href.as_str()));
            let mut spots = sheet.layout.spots.iter();
            let spot = spots.position(|spot| spot.target == SpotTarget::Link(number));
            spot.map(|spot| pen.hit(from, Target::Spot(spot)));
        }
    }
    // The cells of columns of the line, moved sideways as it is.
    let cells_of = |start: u16, end: u16| {
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
        cells.intersection(area)
    };
    let spots = &sheet.layout.spots;
    let first = spots.partition_point(|spot| spot.line < at);
    let here = spots.iter().enumerate().skip(first);
    for (index, spot) in here.take_while(|(_, spot)| spot.line == at) {
        if !matches!(spot.target, SpotTarget::Link(_)) {
            let cells = cells_of(spot.column, spot.column.saturating_add(spot.width));
            buffer.hit(cells, Target::Spot(index));
        }
    }
    if let Some(spot) = sheet.focused().filter(|spot| spot.line == at && has_focus)
        && !matches!(spot.target, SpotTarget::Link(_))
    {
        let cells = cells_of(spot.column, spot.column.saturating_add(spot.width));
        buffer.set_style(cells, theme.style(Role::LinkFocused));
    }
    if let Some(finding) = &page.finding {
        for piece in finding.on_line(at) {
            let role = if piece.number == finding.here {
                Role::FoundHere
            } else {
                Role::Found
            };
            buffer.set_style(cells_of(piece.start, piece.end), theme.style(role));
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

/// What a run looks like, the focused link set off.
fn style(run: &Run, theme: &Theme, focused: Option<u32>) -> Style {
    let style = document::style(run, theme);
    if run.link.is_some() && run.link == focused {
        style.patch(theme.style(Role::LinkFocused))
    } else {
        style
    }
}
