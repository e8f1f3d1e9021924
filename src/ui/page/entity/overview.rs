//! The drawing of an entity's overview: what it is on the left, what it has to do with others on the right; on a narrow
//! screen one below the other.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::entity::{Entity, Item, Target};
use crate::catalog;
use crate::ui::Surface;
use crate::ui::text::{Pen, cut, cut_middle, width, wrap};
use crate::ui::widget::{field, markdown, pane, sign};
use crate::ui::{Keys, Role, Theme, format};

/// Columns of a fact's label, and of a relation's with its number.
const LABEL: usize = 14;
const RELATION: usize = 17;

/// The least columns in which an address says something.
const SHORTEST_URL: usize = 16;

/// One line of a column.
enum Line<'a> {
    Title(&'static str, String),
    /// A row, and the columns of its label.
    Item(&'a Item, usize),
    /// A finding, and the first line of its words.
    Problem(&'a Item, String),
    Text(String, Role),
    Gap,
}

/// Draws the overview; returns how many rows the relations have.
pub(super) fn draw(
    page: &Entity,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> usize {
    if page.narrow.is_on() && page.overview.is_empty() {
        let keys = Keys::of(shared, page.context(), page.typing());
        field::nothing("Nothing here", keys, theme, area, buffer);
        return usize::from(area.height);
    }
    let facts: Vec<Line<'_>> = page
        .overview
        .facts
        .iter()
        .map(|item| Line::Item(item, LABEL))
        .collect();
    if shared.narrow() {
        let below = header(page, shared, theme, area, buffer);
        let mut lines = facts;
        lines.push(Line::Gap);
        lines.extend(others(page, usize::from(area.width)));
        column(page, &lines, theme, below, buffer);
        return usize::from(below.height);
    }
    let (left, right) = pane::split_left(area, area.width / 2, theme, buffer);
    let below = header(page, shared, theme, left, buffer);
    column(page, &facts, theme, below, buffer);
    column(
        page,
        &others(page, usize::from(right.width)),
        theme,
        right,
        buffer,
    );
    usize::from(right.height)
}

/// Title and description; returns what is below.
fn header(page: &Entity, shared: &Shared, theme: &Theme, area: Rect, buffer: &mut Surface) -> Rect {
    let summary = page.summary(shared);
    let entity = page.detail().map(|detail| &detail.entity);
    let title = summary
        .map(|summary| {
            if summary.title.is_empty() {
                summary.name
            } else {
                summary.title
            }
        })
        .or_else(|| entity.map(catalog::Entity::display_name))
        .unwrap_or(page.entity_ref.name());
    Pen::new(buffer, theme, area, 0).write(title, Role::Strong);
    let description = entity
        .and_then(catalog::Entity::description)
        .or(summary.map(|summary| summary.description))
        .unwrap_or_default();
    let mut rows = 1;
    let most = area.height / 3;
    if !description.is_empty() && most > 0 {
        let space = Rect {
            height: most,
            ..pane::below(area, rows)
        };
        rows += markdown::draw(description, theme, space, buffer);
    }
    pane::below(area, rows + u16::from(area.height >= 14))
}

/// Relations and problems.
fn others(page: &Entity, columns: usize) -> Vec<Line<'_>> {
    let overview = &page.overview;
    let mut lines = Vec::new();
    if !overview.problems.is_empty() {
        lines.push(Line::Title(
            "Problems",
            format::count(overview.problems.len()),
        ));
        for item in &overview.problems {
            let mut words = wrap(&item.text, columns.saturating_sub(2)).into_iter();
            lines.push(Line::Problem(item, words.next().unwrap_or_default()));
            lines.extend(words.map(|line| Line::Text(line, Role::Text)));
            if let Some(Target::Finding(place)) = &item.target {
                let place = cut_middle(&place.to_string(), columns.saturating_sub(2));
                lines.push(Line::Text(place, Role::Dim));
            }
            let remedy = wrap(&item.note, columns.saturating_sub(2));
            lines.extend(remedy.into_iter().map(|line| Line::Text(line, Role::Dim)));
        }
        lines.push(Line::Gap);
    }
    lines.push(Line::Title("Relations", format::count(overview.related)));
    lines.extend(
        overview
            .relations
            .iter()
            .map(|item| Line::Item(item, RELATION)),
    );
    if overview.relations.is_empty() {
        let text = "Nothing refers to it, and it refers to nothing.";
        lines.push(Line::Text(text.to_owned(), Role::Dim));
    }
    lines
}

/// Draws lines, scrolled so that the row under the cursor is in sight.
fn column(page: &Entity, lines: &[Line<'_>], theme: &Theme, area: Rect, buffer: &mut Surface) {
    let selected = page.selected();
    let is_selected = |line: &Line<'_>| matches!(line, Line::Item(item, _) | Line::Problem(item, _) if selected.is_some_and(|s| std::ptr::eq(s, *item)));
    let at = lines.iter().position(is_selected);
    let height = usize::from(area.height);
    let top = at.map_or(0, |at| (at + 2).saturating_sub(height));
    for (row, line) in (0..area.height).zip(lines.iter().skip(top.min(lines.len()))) {
        let mut pen = Pen::new(buffer, theme, area, row);
        match line {
            Line::Title(title, count) => {
                pen.write(title, Role::Strong)
                    .to_right(width(count))
                    .write(count, Role::Dim);
            }
            Line::Item(item, label) => {
                pen = pen.on_spot(spot_of(page, item));
                if is_selected(line) {
                    pen = pen.on_cursor(true);
                }
                draw_item(&mut pen, item, *label);
            }
            Line::Problem(item, words) => {
                pen = pen.on_spot(spot_of(page, item));
                if is_selected(line) {
                    pen = pen.on_cursor(true);
                }
                if let Some(level) = item.level {
                    sign::level(&mut pen, level).skip(1);
                }
                pen.write(words, Role::Text);
            }
            Line::Text(text, role) => {
                pen.skip(2).write(text, *role);
            }
            Line::Gap => {}
        }
    }
}

/// The number of a row among those that the cursor walks.
fn spot_of(page: &Entity, item: &Item) -> Option<usize> {
    let mut spots = page.overview.spots();
    spots.position(|spot| std::ptr::eq(spot, item))
}

/// A row: label, number, text, and what is noted of it at the right.
pub(super) fn draw_item(pen: &mut Pen<'_>, item: &Item, label: usize) {
    let end = pen.left().saturating_sub(label);
    pen.write(&cut(&item.label, label.saturating_sub(1)), Role::Dim);
    if let Some(count) = item.count {
        pen.skip(1).write(&format::count(count), Role::Dim);
    }
    pen.skip(pen.left().saturating_sub(end));
    let role = match &item.target {
        Some(Target::Entity(_)) => Role::Strong,
        Some(Target::Url(_)) => Role::Link,
        Some(Target::Catalog(_) | Target::Unfold(_)) => Role::Dim,
        Some(Target::Place(_) | Target::Finding(_)) | None => Role::Text,
    };
    let columns = pen.left();
    let room = columns.saturating_sub(2);
    let text = &item.text;
    let mark = if item.level.is_some() { 2 } else { 0 };
    let (room, note) = match &item.target {
        // A place is told whole; which source it is of is told elsewhere.
        Some(Target::Place(place)) => {
            let from = pen.column();
            pen.write(&cut_middle(text, columns), role);
            pen.link(from, &place.file);
            return;
        }
        Some(Target::Url(_)) => match room.saturating_sub(width(text)) {
            ..SHORTEST_URL => (columns, String::new()),
            room => (columns, cut_middle(&item.note, room)),
        },
        _ => match room.saturating_sub(width(&item.note) + mark) {
            room if item.note.is_empty() || room < width(text).min(16) => (columns, String::new()),
            room => (room, item.note.clone()),
        },
    };
    let from = pen.column();
    pen.write(&cut(text, room), role);
    if let Some(Target::Url(url)) = &item.target {
        pen.link(from, url);
    }
    if !note.is_empty() {
        pen.to_right(width(&note) + mark);
        if let Some(level) = item.level {
            sign::level(pen, level).skip(1);
        }
        pen.write(&note, Role::Dim);
    }
}
