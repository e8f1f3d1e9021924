//! The list: heads of groups, findings, sources. Only the lines in sight are formatted.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::message::SourceState;
use crate::app::page::problems::{Group, Grouping, Key, Line, Problems};
use crate::catalog::{Place, Problem};
use crate::ui::Surface;
use crate::ui::text::{Pen, cut, cut_middle, width};
use crate::ui::widget::sign;
use crate::ui::{Role, Theme, format};

/// The most columns of an entity's name.
const NAME: usize = 26;
/// The columns of a place within its file.
const WITHIN: usize = 8;

/// Draws the list; returns how many rows it has.
pub(super) fn draw(
    page: &Problems,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> usize {
    let height = usize::from(area.height);
    for (row, at) in (0..).zip(page.cursor.window(page.lines.len(), height)) {
        let Some(line) = page.lines.get(at) else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, area, row).on_spot(Some(at));
        if at == page.cursor.selected {
            pen = pen.on_cursor(!page.typing());
        }
        draw_line(page, *line, shared, &mut pen);
    }
    height
}

fn draw_line(page: &Problems, line: Line, shared: &Shared, pen: &mut Pen<'_>) {
    match line {
        Line::Part(mine, count) => {
            let count = format::count(count);
            let title = if mine { "Yours" } else { "Not yours" };
            let room = pen.left().saturating_sub(width(title) + width(&count) + 2);
            pen.write(title, Role::Dim)
                .skip(1)
                .write(&"─".repeat(room), Role::Rule)
                .skip(1)
                .write(&count, Role::Dim);
        }
        Line::Group(at) => {
            if let Some(group) = page.groups.get(at) {
                head(group, shared, pen);
            }
        }
        Line::Problem(at, mine) => {
            let problems = page.problems.as_ref();
            if let Some(problem) = problems.and_then(|problems| problems.get(at)) {
                finding(page, at, problem, mine, shared, pen);
            }
        }
        Line::Source(at) => {
            if let Some(source) = shared.sources.get(at) {
                let name = NAME.min(pen.left() / 3);
                pen.skip(2)
                    .column_of(&source.name, name, Role::Strong)
                    .skip(2)
                    .write(why(source), Role::Text);
            }
        }
        Line::Gap => {}
    }
}

/// Why a source cannot be read, without its name in front.
pub(super) fn why(source: &SourceState) -> &str {
    let error = source.error.as_deref().unwrap_or_default();
    let rest = error.strip_prefix(source.name.as_str());
    rest.map_or(error, |rest| rest.trim_start_matches([':', ' ']))
}

/// The head of a group: what it has in common, its level in a word, and how many there are.
fn head(group: &Group, shared: &Shared, pen: &mut Pen<'_>) {
    let count = format::count(group.count);
    let mark = if group.folded { "▸ " } else { "" };
    let room = pen
        .left()
        .saturating_sub(2 + width(mark) + width(&count) + 2);
    let title = match &group.key {
        Key::Sources => "Sources that cannot be read".to_owned(),
        Key::Cause(rule) => cut(&format::capitalized(rule.title()), room),
        Key::File(file) => cut_middle(file.trim_start_matches("https://"), room),
        Key::Owner(owner) if owner.is_empty() => "Without an owner".to_owned(),
        Key::Owner(owner) => match owner.parse().ok().and_then(|r| shared.index.row_of(&r)) {
            Some(row) => shared.index.name(row).to_owned(),
            None => format::short_ref(owner, "group").to_owned(),
        },
    };
    sign::level(pen, group.level)
        .skip(1)
        .write(mark, Role::Dim)
        .write(&title, Role::Strong);
    let word = group.level.as_str();
    if matches!(group.key, Key::Cause(_)) && pen.left() > width(word) + width(&count) + 4 {
        pen.skip(2).write(word, Role::Dim);
    }
    pen.to_right(width(&count)).write(&count, Role::Dim);
}

/// A finding: what it is about, or where in the file of its group it is, and what is wrong.
fn finding(
    page: &Problems,
    at: usize,
    problem: &Problem,
    mine: bool,
    shared: &Shared,
    pen: &mut Pen<'_>,
) {
    let role = if mine { Role::Strong } else { Role::Text };
    let columns = pen.left();
    pen.skip(2);
    if page.grouping != Grouping::Cause {
        sign::level(pen, problem.level).skip(1);
    }
    if page.grouping == Grouping::File {
        let within = within(&problem.place);
        pen.column_of(&within, WITHIN, Role::Dim)
            .skip(1)
            .write(&problem.message, Role::Text);
        return;
    }
    let name = match (page.row(at), &problem.entity) {
        (Some(row), _) => shared.index.name(row).to_owned(),
        (None, Some(entity_ref)) => entity_ref.name().to_owned(),
        (None, None) => short_file(&problem.place.file),
    };
    pen.column_of(&name, NAME.min(columns / 3), role)
        .skip(2)
        .write(&problem.message, Role::Text);
}

/// Line and column.
fn within(place: &Place) -> String {
    match (place.line, place.column) {
        (0, _) => String::new(),
        (line, 0) => line.to_string(),
        (line, column) => format!("{line}:{column}"),
    }
}

/// A file by its last folder and its name; of a file on a host the repository stands for what is above its root.
fn short_file(file: &str) -> String {
    let tree = match file.split_once("/blob/") {
        Some((repository, rest)) => {
            let path = rest.split_once('/').map_or(rest, |(_, path)| path);
            format!("{repository}/{path}")
        }
        None => file.to_owned(),
    };
    let mut parts: Vec<&str> = tree.rsplit('/').take(2).collect();
    parts.reverse();
    parts.join("/")
}
