//! The drawing of the problems page: the list by cause, and below it the whole of the finding under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::problems::{Line, Problems};
use crate::catalog::{Place, Problem};
use crate::ui::text::{Pen, cut_middle, width, wrap};
use crate::ui::widget::{pane, sign};
use crate::ui::{Output, Role, Theme, format};

/// Rows of the preview, with its rule, and of a page that has room for it.
const PREVIEW: u16 = 7;
const TALL: u16 = 16;
/// Columns of an entity's name.
const NAME: usize = 26;
/// A page as wide as this shows places in the list.
const WIDE: u16 = 110;
/// Columns of a place in the list.
const PLACE: usize = 38;

/// Draws the page.
pub fn draw(
    page: &Problems,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Output {
    let mut output = Output::default();
    if let Some((sign, text)) = nothing(page, shared) {
        for (row, line) in (0..).zip(wrap(&text, usize::from(area.width.saturating_sub(2)))) {
            let mut pen = Pen::new(buffer, theme, area, row);
            if row == 0 {
                pen.write(sign.0, sign.1);
            }
            pen.skip(if row == 0 { 1 } else { 2 })
                .write(&line, Role::Text);
        }
        return output;
    }
    let mut list = area;
    if let Some(problem) = page.selected().filter(|_| area.height >= TALL) {
        list.height -= PREVIEW;
        let below = pane::below(area, list.height);
        let dashes = "─".repeat(usize::from(below.width));
        Pen::new(buffer, theme, below, 0).write(&dashes, Role::Rule);
        preview(problem, theme, pane::below(below, 1), buffer);
    }
    let height = usize::from(list.height);
    for (row, at) in (0..).zip(page.cursor.window(page.lines.len(), height)) {
        let Some(line) = page.lines.get(at) else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, list, row);
        if at == page.cursor.selected {
            pen = pen.on_cursor(true);
        }
        draw_line(page, *line, shared, &mut pen, area.width);
    }
    output.drawn.page_rows = height;
    output
}

/// What the page says when there is no list: a sign with its role, and words.
fn nothing(page: &Problems, shared: &Shared) -> Option<((&'static str, Role), String)> {
    let glad = ("✓", Role::Good);
    if let Some(error) = &page.failed {
        let text =
            format!("The problems could not be read: {error}\nPress R to read the sources again.");
        return Some((("✗", Role::Bad), text));
    }
    if page.problems.is_none() {
        return Some(((" ", Role::Dim), "Loading…".to_owned()));
    }
    if !page.lines.is_empty() {
        return None;
    }
    Some((
        glad,
        if page.mine_only {
            "All is well with what is yours. Press m for everybody's.".to_owned()
        } else if shared.index.is_empty() {
            "Nothing was read yet, so nothing is wrong.".to_owned()
        } else {
            format!(
                "Nothing is wrong: {} read, and every reference leads somewhere. Lovely.",
                format::counted(shared.index.len(), "entity")
            )
        },
    ))
}

fn draw_line(page: &Problems, line: Line, shared: &Shared, pen: &mut Pen<'_>, columns: u16) {
    match line {
        Line::Cause(rule, level, count) => {
            let count = format::count(count);
            sign::level(pen, level).skip(1);
            pen.write(&title(rule.code()), Role::Strong)
                .skip(2)
                .write(level.as_str(), Role::Dim)
                .to_right(width(&count))
                .write(&count, Role::Dim);
        }
        Line::Problem(at, mine) => {
            let problems = page.problems.as_ref();
            let Some(problem) = problems.and_then(|problems| problems.get(at)) else {
                return;
            };
            let role = if mine { Role::Strong } else { Role::Text };
            let name = NAME.min(usize::from(columns) / 3);
            pen.skip(2)
                .column_of(&subject(problem, shared), name, role)
                .skip(2);
            if columns >= WIDE {
                let message = pen.left().saturating_sub(PLACE + 2);
                let place = cut_middle(&short_place(&problem.place), PLACE);
                pen.column_of(&problem.message, message, Role::Text)
                    .to_right(width(&place))
                    .write(&place, Role::Dim);
            } else {
                pen.write(&problem.message, Role::Text);
            }
        }
        Line::Gap => {}
    }
}

/// What a finding is about: the entity or, if none could be made out, the file.
fn subject(problem: &Problem, shared: &Shared) -> String {
    let Some(entity_ref) = &problem.entity else {
        return short_file(&problem.place.file);
    };
    match shared.index.row_of(entity_ref) {
        Some(row) => shared.index.name(row).to_owned(),
        None => entity_ref.name().to_owned(),
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

/// The same with line and column.
fn short_place(place: &Place) -> String {
    let file = short_file(&place.file);
    Place {
        file,
        ..place.clone()
    }
    .to_string()
}

/// A rule's code as a title: `dangling-reference` → `Dangling reference`.
fn title(code: &str) -> String {
    let words = match code {
        "yaml-syntax" => "YAML syntax".to_owned(),
        _ => code.replace('-', " "),
    };
    let mut chars = words.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

fn preview(problem: &Problem, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let mut row = 0;
    let mut line = |text: &str, role: Role| {
        Pen::new(buffer, theme, area, row).skip(2).write(text, role);
        row += 1;
    };
    let wrapped = wrap(&problem.message, columns.saturating_sub(2));
    for text in wrapped.iter().take(2) {
        line(text, Role::Strong);
    }
    line(
        &cut_middle(&problem.place.to_string(), columns.saturating_sub(2)),
        Role::Link,
    );
    if let Some(entity_ref) = &problem.entity {
        line(&entity_ref.to_string(), Role::Dim);
    }
    for text in wrap(&problem.remedy(), columns.saturating_sub(2)) {
        line(&text, Role::Text);
    }
    let (sign, role) = sign::of(problem.level);
    Pen::new(buffer, theme, area, 0).write(sign, role);
}
