//! The drawing of the docs reader: the tree at the left, the page, its outline at the right; on a narrow screen tree and
//! outline are drawers over the page.

mod picture;
mod side;
pub(super) mod text;

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::Command;
use crate::app::page::docs::panes::{GAP, Panes, drawer, panes};
use crate::app::page::docs::{Docs, Pane, Sheet, State};
use crate::app::pointer::{Part, Target};
use crate::ui::Surface;
use crate::ui::text::{Pen, width, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Keys, Output, Role, Theme};

/// Draws the page.
pub fn draw(
    page: &Docs,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let keys = Keys::of(shared, page.context(), page.typing());
    match &page.state {
        State::Ready(_) => reader(page, keys, theme, area, buffer),
        State::Loading => {
            Pen::new(buffer, theme, area, 0).write("Reading the docs…", Role::Dim);
            Output::default()
        }
        State::Absent => {
            let alone = "A README.md alone will do.";
            let alone = match keys.ways(&[(Command::Sync, "to refresh")]) {
                Some(way) => format!("{alone} Then press {way}."),
                None => alone.to_owned(),
            };
            let words = [
                "Write docs/index.md beside its catalog-info.yaml and point to it:",
                "",
                "metadata:",
                "  annotations:",
                "    backstage.io/techdocs-ref: dir:.",
                "",
                alone.as_str(),
            ];
            let title = format!("{} has no docs", page.entity_ref.name());
            says(("○", Role::Dim), &title, &words, theme, area, buffer);
            Output::default()
        }
        State::Failed(error) => {
            let ways = [
                (Command::Sync, "to try again"),
                (Command::Back, "to go back"),
            ];
            let ways = keys.advice("", &ways);
            let words = [error.as_str(), "", ways.as_str()];
            says(
                ("✗", Role::Bad),
                "The docs could not be read",
                &words,
                theme,
                area,
                buffer,
            );
            Output::default()
        }
    }
}

/// A message in place of a page: a sign and a title, and what to do.
fn says(
    sign: (&str, Role),
    title: &str,
    words: &[&str],
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    Pen::new(buffer, theme, area, 0)
        .write(sign.0, sign.1)
        .skip(1)
        .write(title, Role::Strong);
    let columns = usize::from(area.width.saturating_sub(2).min(76));
    let lines = words.iter().flat_map(|text| {
        // What is indented is to be typed as it stands.
        if text.starts_with(' ') || text.is_empty() {
            vec![(*text).to_owned()]
        } else {
            wrap(text, columns)
        }
    });
    for (row, line) in (2..area.height).zip(lines) {
        Pen::new(buffer, theme, area, row)
            .skip(2)
            .write(&line, Role::Text);
    }
}

fn reader(page: &Docs, keys: Keys<'_>, theme: &Theme, area: Rect, buffer: &mut Surface) -> Output {
    let parts = panes(area.width, theme.is_spoken());
    let mut output = Output::default();
    let (page_area, nav_area, outline_area) = areas(page, parts, theme, area, buffer);
    if let Some(area) = nav_area {
        (output.drawn.side_rows, output.cursor) = side::nav(page, theme, area, buffer);
    }
    if let Some(area) = outline_area {
        let (rows, cursor) = side::outline(page, output_rows(page_area), theme, area, buffer);
        output.cursor = output.cursor.or(cursor);
        if page.focus == Pane::Outline || nav_area.is_none() {
            output.drawn.side_rows = rows;
        }
    }
    let text_area = Rect {
        height: output_rows(page_area)
            .try_into()
            .unwrap_or(page_area.height),
        ..page_area
    };
    let text_area = if page.finding.is_some() || page.revision.field.is_some() {
        Rect {
            height: text_area.height.saturating_sub(1),
            ..text_area
        }
    } else {
        text_area
    };
    buffer.hit(text_area, Target::Part(Part::Main));
    output.drawn.page_rows = usize::from(text_area.height);
    output.drawn.page_columns = usize::from(text_area.width);
    match &page.sheet {
        Some(sheet) => {
            sheet_text(page, sheet, theme, text_area, buffer);
            output.images = picture::seen(sheet, text_area);
        }
        None if page
            .book()
            .is_some_and(|book| book.site.page(&page.path).is_none()) =>
        {
            let ways = [
                (Command::Previous, "to go back"),
                (Command::DocsNav, "to choose a page"),
            ];
            let words = [
                format!("{} is not among the pages of these docs.", page.path),
                String::new(),
                keys.advice("", &ways),
            ];
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            says(
                ("!", Role::Warning),
                "There is no such page",
                &words,
                theme,
                text_area,
                buffer,
            );
        }
        None => {
            Pen::new(buffer, theme, text_area, 0).write("Reading the page…", Role::Dim);
        }
    }
    output.cursor = output
        .cursor
        .or(field_line(page, keys, theme, page_area, buffer));
    output
}

/// The rows of the page's text.
fn output_rows(area: Rect) -> usize {
    usize::from(area.height)
}

/// Where page, tree and outline go; the rules between them are drawn.
fn areas(
    page: &Docs,
    parts: Panes,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (Rect, Option<Rect>, Option<Rect>) {
    if parts.nav > 0 {
        let (nav, rest) = pane::split_left(area, parts.nav, theme, buffer);
        let (page_area, outline) = pane::split_left(
            rest,
            rest.width.saturating_sub(parts.outline + GAP),
            theme,
            buffer,
        );
        let page_area = Rect {
            width: page_area.width.min(parts.page),
            ..page_area
        };
        return (page_area, Some(nav), Some(outline));
    }
    let columns = drawer(area.width);
    match page.focus {
        Pane::Page => (area, None, None),
        Pane::Nav => {
            let (nav, rest) = pane::split_left(area, columns, theme, buffer);
            (rest, Some(nav), None)
        }
        Pane::Outline => {
            let (rest, outline) = pane::split_right(area, columns, theme, buffer);
            (rest, None, Some(outline))
        }
    }
}

fn sheet_text(page: &Docs, sheet: &Sheet, theme: &Theme, area: Rect, buffer: &mut Surface) {
    if sheet.layout.lines.is_empty() {
        Pen::new(buffer, theme, area, 0).write("This page is empty.", Role::Dim);
        return;
    }
    for (row, at) in (0..area.height).zip(sheet.top..) {
        text::line(page, sheet, at, (theme, area, row), buffer);
        picture::line(sheet, at, (theme, area, row), buffer);
    }
}

/// The field of another revision, or of find in page, in the last row.
fn field_line(
    page: &Docs,
    keys: Keys<'_>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    let row = area.height.checked_sub(1)?;
    if let Some(revision) = &page.revision.field {
        let title = "read at ";
        Pen::new(buffer, theme, area, row).write(title, Role::Accent);
        let beside = u16::try_from(width(title)).unwrap_or_default();
        let field_area = Rect {
            x: area.x + beside,
            y: area.y + row,
            width: area.width.saturating_sub(beside),
            height: 1,
        };
        let hint = "branch, tag, commit or pr/12; empty: as they are kept";
        return field::draw(revision, hint, theme, field_area.intersection(area), buffer);
    }
    let finding = page.finding.as_ref()?;
    let count = finding.count();
    let state = match count {
        0 if finding.field.text().is_empty() => String::new(),
        0 => "not found".to_owned(),
        count if finding.typing => format!("{} of {count}", finding.here + 1),
        count => {
            let walks = [Command::DocsNextPage, Command::DocsPrevMatch];
            let walks: Vec<String> = walks.into_iter().filter_map(|way| keys.key(way)).collect();
            let walks = walks.join(" ");
            let gap = if walks.is_empty() { "" } else { "  " };
            format!("{walks}{gap}{} of {count}", finding.here + 1)
        }
    };
    let mut pen = Pen::new(buffer, theme, area, row);
    pen.write("find ", Role::Accent);
    let taken = width("find ") + width(&state) + 1;
    pen.to_right(width(&state))
        .write(&state, if count == 0 { Role::Warning } else { Role::Dim });
    let columns = usize::from(area.width).saturating_sub(taken);
    let field_area = Rect {
        x: area.x + 5,
        y: area.y + row,
        width: u16::try_from(columns).unwrap_or(0),
        height: 1,
    }
    .intersection(area);
    let cursor = field::draw(
        &finding.field,
        "text on this page",
        theme,
        field_area,
        buffer,
    );
    cursor.filter(|_| finding.typing)
}
