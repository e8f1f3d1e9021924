//! The drawing of a definition's source: numbered lines with their colours, and what is looked for in them.

use ratatui::layout::Rect;

use crate::app::page::entity::{Finding, Source};
use crate::techdocs::Role as Part;
use crate::ui::Surface;
use crate::ui::text::{Pen, width};
use crate::ui::widget::document::role;
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Output, Role, Theme};

/// Draws the lines.
pub(super) fn draw(source: &Source, theme: &Theme, area: Rect, buffer: &mut Surface) -> Output {
    let mut output = Output::default();
    let text = match &source.finding {
        Some(finding) => {
            output.cursor = looked_for(finding, theme, area, buffer);
            pane::below(area, 1)
        }
        None => area,
    };
    let lines = source.lines();
    let height = usize::from(text.height);
    output.drawn.page_rows = height;
    let top = source.top.selected.min(lines.len().saturating_sub(height));
    let number = lines.len().to_string().len();
    for (row, (at, line)) in (0..text.height).zip(lines.iter().enumerate().skip(top)) {
        let mut pen = Pen::new(buffer, theme, text, row);
        pen.right_of(&(at + 1).to_string(), number, Role::Dim)
            .skip(2);
        let plain = [(line.len(), Part::CodeText)];
        let colours = source
            .colours
            .as_ref()
            .and_then(|colours| colours.lines.get(at));
        let pieces = colours.map_or(&plain[..], Vec::as_slice);
        draw_line(&mut pen, source, at, line, pieces);
    }
    output
}

/// One line: its pieces, cut where something was found, without the columns that are moved out of sight.
fn draw_line(pen: &mut Pen<'_>, source: &Source, at: usize, line: &str, pieces: &[(usize, Part)]) {
    let found = source.finding.as_ref().map_or(&[][..], |finding| {
        let from = finding.found.partition_point(|(line, _)| *line < at);
        let to = finding.found.partition_point(|(line, _)| *line <= at);
        finding.found.get(from..to).unwrap_or_default()
    });
    let here = source
        .finding
        .as_ref()
        .and_then(|finding| finding.found.get(finding.here));
    let mut hidden = source.pan;
    let mut start = 0;
    let mut pieces = pieces.iter().copied().chain([(usize::MAX, Part::CodeText)]);
    let (mut left, mut part) = pieces.next().unwrap_or((usize::MAX, Part::CodeText));
    // Character by character: a line that is in sight is short, and found places and colours overlap as they like.
    for c in line.chars() {
        while left == 0 {
            (left, part) = pieces.next().unwrap_or((usize::MAX, Part::CodeText));
        }
        left = left.saturating_sub(c.len_utf8());
        let mut bytes = [0; 4];
        let text = &*c.encode_utf8(&mut bytes);
        if hidden > 0 {
            hidden = hidden.saturating_sub(width(text));
        } else {
            let hit = found.iter().find(|(_, range)| range.contains(&start));
            let role = match hit {
                Some(hit) if Some(hit) == here => Role::FoundHere,
                Some(_) => Role::Found,
                None => role(part),
            };
            pen.write(text, role);
        }
        if pen.left() == 0 {
            return;
        }
        start += c.len_utf8();
    }
}

/// The field with what is looked for, and how many places there are.
fn looked_for(finding: &Finding, theme: &Theme, area: Rect, buffer: &mut Surface) -> CursorAt {
    let count = match finding.found.len() {
        0 if finding.field.text().is_empty() => String::new(),
        0 => "not found".to_owned(),
        count => format!("{} of {count}", finding.here + 1),
    };
    field::narrowing(
        &finding.field,
        "find in the source",
        &count,
        finding.typing,
        theme,
        area,
        buffer,
    )
}
