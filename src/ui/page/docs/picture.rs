//! Images as half blocks: each cell is two pixels, one above the other.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::page::docs::Sheet;
use crate::techdocs::picture::Cell;
use crate::ui::Surface;
use crate::ui::{Shown, Theme};

/// Draws what of an image stands in the line `at` of the page.
pub(super) fn line(
    sheet: &Sheet,
    at: usize,
    (theme, area, row): (&Theme, Rect, u16),
    buffer: &mut Surface,
) {
    let spots = &sheet.layout.images;
    let before = spots.partition_point(|spot| spot.lines.start <= at);
    let spot = before.checked_sub(1).and_then(|index| spots.get(index));
    let Some(spot) = spot.filter(|spot| spot.lines.contains(&at)) else {
        return;
    };
    let Some(cells) = &spot.cells else {
        return;
    };
    for (column, cell) in (spot.column..area.width).zip(cells.row(at - spot.lines.start)) {
        if let Some(place) = buffer.cell_mut((area.x + column, area.y + row)) {
            let (symbol, style) = half(*cell, theme);
            place.set_symbol(symbol).set_style(style);
        }
    }
}

/// The images that are in sight, for terminals that show pixels.
pub(super) fn seen(sheet: &Sheet, area: Rect) -> Vec<Shown> {
    let last = sheet.top + usize::from(area.height);
    let spots = sheet.layout.images.iter();
    let near = spots.filter(|spot| spot.lines.start < last && spot.lines.end > sheet.top);
    let cells = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
    let shown = near.filter_map(|spot| {
        let graphic = spot.graphic.clone()?;
        let (first, end) = (spot.lines.start.max(sheet.top), spot.lines.end.min(last));
        let at = Rect {
            x: area.x + spot.column,
            y: area.y + cells(first - sheet.top),
            width: graphic.cells.0,
            height: cells(end - first),
        };
        let at = at.intersection(area);
        let above = cells(first - spot.lines.start);
        (!at.is_empty()).then_some(Shown { graphic, at, above })
    });
    shown.collect()
}

/// The sign and the style of a cell.
fn half(cell: Cell, theme: &Theme) -> (&'static str, Style) {
    let pixel = |pixel: [u8; 3]| theme.pixel(pixel);
    match cell {
        [None, None] => (" ", Style::new()),
        [Some(upper), None] => ("▀", Style::new().fg(pixel(upper))),
        [None, Some(lower)] => ("▄", Style::new().fg(pixel(lower))),
        [Some(upper), Some(lower)] => ("▀", Style::new().fg(pixel(upper)).bg(pixel(lower))),
    }
}
