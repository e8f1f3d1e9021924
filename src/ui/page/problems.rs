//! The drawing of the problems page: the list in groups, and beside or below it the whole of what is under the cursor.

mod detail;
mod list;

use ratatui::layout::Rect;

use crate::app::command::Command;
use crate::app::page::problems::{Filter, Grouping, Problems};
use crate::app::pointer::Target;
use crate::app::{About, Shared};
use crate::ui::Surface;
use crate::ui::text::{Pen, width, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Keys, Output, Role, Theme, format};

/// Rows of what is below the list, with its rule, and of a page that has room for it.
const BELOW: u16 = 10;
const TALL: u16 = 16;
/// A page as wide as this shows it beside the list.
const WIDE: u16 = 110;

/// Draws the page.
pub fn draw(
    page: &Problems,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let mut output = Output::default();
    if page.whole {
        let (rows, lines) = detail::draw(page, shared, theme, area, buffer);
        (output.drawn.page_rows, output.drawn.side_rows) = (rows, lines);
        return output;
    }
    tabs(page, theme, area, buffer);
    let mut body = pane::below(area, 1);
    if let Some(filter) = &page.filter {
        output.cursor = filter_line(page, filter, theme, body, buffer);
        body = pane::below(body, 1);
    }
    if body.height >= TALL {
        body = pane::below(body, 1);
    }
    if page.lines.is_empty() {
        nothing(page, shared, theme, body, buffer);
        return output;
    }
    let mut list = body;
    if area.width >= WIDE {
        let beside = body.width - body.width * 11 / 20 - 3;
        let (left, right) = pane::split_aside(body, shared, beside, theme, buffer);
        list = left;
        detail::draw(page, shared, theme, right, buffer);
    } else if area.height >= TALL {
        list.height = list.height.saturating_sub(BELOW);
        let below = pane::below(body, list.height);
        let dashes = "─".repeat(usize::from(below.width));
        Pen::new(buffer, theme, below, 0).write(&dashes, Role::Rule);
        detail::draw(page, shared, theme, pane::below(below, 1), buffer);
    }
    output.drawn.page_rows = list::draw(page, shared, theme, list, buffer);
    output
}

/// The groupings, and what is left out.
fn tabs(page: &Problems, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let mut pen = Pen::new(buffer, theme, area, 0);
    let gap = if area.width < 50 { 1 } else { 3 };
    for (number, grouping) in Grouping::ALL.into_iter().enumerate() {
        let from = pen.column();
        if grouping == page.grouping {
            pen.write("▸", Role::Accent)
                .write(grouping.title(), Role::Accent);
        } else {
            pen.skip(1).write(grouping.title(), Role::Text);
        }
        pen.hit(from, Target::Tab(number)).skip(gap);
    }
    let only = [page.levels.title(), page.mine_only.then_some("mine")];
    let only: Vec<&str> = only.into_iter().flatten().collect();
    if !only.is_empty() {
        let text = format!("only {}", only.join(", "));
        if pen.left() >= width(&text) {
            pen.to_right(width(&text)).write(&text, Role::Accent);
        }
    }
}

fn filter_line(
    page: &Problems,
    filter: &Filter,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    let found = format::counted(page.listed, "problem");
    field::narrowing(
        &filter.field,
        "words of the message, the cause, the entity, its owner or the file",
        &found,
        filter.typing,
        theme,
        area,
        buffer,
    )
}

/// What the page says when there is no list.
fn nothing(page: &Problems, shared: &Shared, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let (sign, role, text) = words(page, shared);
    let columns = usize::from(area.width.saturating_sub(2));
    for (row, line) in (0..).zip(wrap(&text, columns)) {
        let mut pen = Pen::new(buffer, theme, area, row);
        if row == 0 {
            pen.write(sign, role);
        }
        pen.skip(if row == 0 { 1 } else { 2 })
            .write(&line, if row == 0 { Role::Text } else { Role::Dim });
    }
}

/// A sign with its role, and words: what is so, and below it what to do or how that is known.
fn words(page: &Problems, shared: &Shared) -> (&'static str, Role, String) {
    let keys = Keys::of(shared, page.context(), page.typing());
    let everything = if page.typing() {
        (Command::Back, "to see everything again")
    } else {
        (Command::ProblemsClear, "to see everything again")
    };
    if let Some(error) = &page.failed {
        let way = keys.advice("", &[(Command::Sync, "to read the sources again")]);
        let text = format!("The problems could not be read: {error}\n{way}");
        return ("✗", Role::Bad, text);
    }
    if page.problems.is_none() {
        return (" ", Role::Dim, "Loading…".to_owned());
    }
    if shared.index.is_empty() {
        let text = "Nothing was read yet, so nothing is wrong.".to_owned();
        return ("✓", Role::Good, text);
    }
    if !page.words().is_empty() {
        let way = keys.advice("", &[everything]);
        let text = format!(
            "Nothing that is wrong has to do with “{}”.\n{way}",
            page.words()
        );
        return ("○", Role::Info, text);
    }
    if page.mine_only || page.is_narrowed() {
        let what = if page.mine_only {
            "All is well with what is yours."
        } else {
            "There is nothing of that level."
        };
        let text = format!("{what}\n{}", keys.advice("", &[everything]));
        return ("✓", Role::Good, text);
    }
    if let About::Entity(entity_ref) = &page.about {
        return (
            "✓",
            Role::Good,
            format!("Nothing is wrong with {entity_ref}."),
        );
    }
    let looked = shared.sources.iter().filter_map(|source| source.last_ok);
    let looked = looked.min().map_or_else(String::new, |then| {
        format!(", last {}", format::age(then, shared.now))
    });
    let looked = format!(
        "Looked at {}{looked}: every reference leads somewhere.",
        format::counted(shared.index.len(), "entity")
    );
    let looked = keys.advice(&looked, &[(Command::Sync, "to look again")]);
    ("✓", Role::Good, format!("Nothing is wrong.\n{looked}"))
}
