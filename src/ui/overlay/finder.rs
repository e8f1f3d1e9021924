//! The drawing of the finder: the field, the chips, what of the question is not understood; below them the list and, where
//! there is room, a look at what is selected.

mod preview;
pub(in crate::ui) mod rows;

use ratatui::layout::Rect;

use super::window;
use crate::app::command::{Command, Context};
use crate::app::overlay::finder::{Chip, Finder, Row, previews};
use crate::app::pointer::Target;
use crate::app::{Model, Shared};
use crate::ui::Surface;
use crate::ui::text::{Pen, width, wrap};
use crate::ui::widget::{field, offers, pane};
use crate::ui::{Keys, Output, Role, Theme, format};

/// Columns of the preview.
const PREVIEW: u16 = 38;
/// The fewest columns of the inside with which there is a preview.
const WIDE: u16 = 84;
/// With so few rows of the inside the list comes closer.
const LOW: u16 = 8;

/// Rows below a list of actions, for why the one under the cursor cannot be done now.
const KEPT: u16 = 2;

/// Draws the finder.
pub fn draw(
    finder: &Finder,
    model: &Model,
    theme: &Theme,
    screen: Rect,
    buffer: &mut Surface,
) -> Output {
    let columns = screen
        .width
        .saturating_sub(if model.shared.narrow() { 0 } else { 8 })
        .min(130);
    let inner = window(columns, screen.height, theme, screen, buffer);
    let total = total(finder);
    let mut pen = Pen::new(buffer, theme, inner, 0);
    pen.write("›", Role::Accent);
    pen.to_right(width(&total)).write(&total, Role::Dim);
    let input = Rect {
        x: inner.x + 2,
        width: inner
            .width
            .saturating_sub(4 + u16::try_from(width(&total)).unwrap_or(0)),
        ..inner
    };
    let placeholder = match &finder.aim {
        Some(aim) => format!("the way from {} to …", aim.from.name()),
        None => "a name, words of docs, owner:team, kind:api, > for actions".to_owned(),
    };
    let wrong: Vec<_> = finder.mistakes().map(|issue| issue.span.clone()).collect();
    let cursor = field::draw_marked(&finder.field, &placeholder, &wrong, theme, input, buffer);
    // On a very low screen what is wrong takes the place of the chips.
    let is_low = inner.height <= LOW;
    let is_wrong = !wrong.is_empty();
    if !is_low || !is_wrong {
        chips(finder, theme, inner, buffer);
    }
    if !is_low || is_wrong {
        say(
            finder,
            &model.shared,
            theme,
            pane::below(inner, if is_low { 1 } else { 2 }),
            buffer,
        );
    }

    let body = pane::below(inner, if is_low { 2 } else { 3 });
    let wide = previews(&model.shared) && inner.width >= WIDE;
    let (list, side) = if wide {
        pane::split_aside(body, &model.shared, PREVIEW, theme, buffer)
    } else {
        (body, Rect::default())
    };
    let list = if wide {
        list
    } else {
        refusal(finder, model, theme, list, buffer)
    };
    rows::draw(finder, model, theme, list, buffer);
    if wide {
        preview::draw(finder, model, theme, side, buffer);
    }
    let mut output = Output {
        cursor,
        ..Output::default()
    };
    output.drawn.overlay_rows = usize::from(list.height);
    output
}

/// Why the action under the cursor cannot be done now, whole, below the list; returns what is above it. Where actions
/// alone are listed the room for it is kept, so that the list stands still.
fn refusal(
    finder: &Finder,
    model: &Model,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Rect {
    let action = finder.action(finder.cursor.selected);
    let why = action.and_then(|info| model.why_not(info.command));
    let lines = why.map(|why| wrap(why, usize::from(area.width.saturating_sub(2))));
    let lines = lines.unwrap_or_default();
    let is_action = |row: &Row| matches!(row, Row::Action(_));
    let kept = if area.height > LOW && finder.rows.iter().all(is_action) {
        KEPT
    } else {
        0
    };
    let rows = u16::try_from(lines.len()).unwrap_or(0).max(kept);
    let above = area.height.saturating_sub(rows).max(area.height.min(1));
    let below = pane::below(area, above);
    for (row, line) in (0..below.height).zip(&lines) {
        let sign = if row == 0 { "○ " } else { "  " };
        Pen::new(buffer, theme, below, row)
            .write(sign, Role::Warning)
            .write(line, Role::Text);
    }
    Rect {
        height: above,
        ..area
    }
}

/// The keys of the finder, in whose field somebody types.
fn keys(shared: &Shared) -> Keys<'_> {
    Keys::of(shared, Context::Finder, true)
}

/// The line below the chips: what is not understood, what could be typed next, or who did not answer.
fn say(finder: &Finder, shared: &Shared, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let mut pen = Pen::new(buffer, theme, area, 0);
    if let Some(issue) = finder.mistakes().next() {
        pen.write("! ", Role::Warning)
            .write(&issue.message, Role::Dim);
    } else if let (Some((name, error)), true) =
        (finder.texts.silent.first(), finder.offers.list.is_empty())
    {
        pen.write("! ", Role::Warning)
            .write(&format!("{name}: {error}"), Role::Dim);
    } else {
        let key = keys(shared).sign(Command::FinderComplete);
        offers::draw(&finder.offers.list, key, theme, area, buffer);
    }
}

/// How much was found, in words.
fn total(finder: &Finder) -> String {
    // "0 results" is said only once it is known.
    if finder.found.cancelled || (finder.rows.is_empty() && !finder.is_answered()) {
        return String::new();
    }
    let chosen = finder.chips.iter().find(|(chip, _)| *chip == finder.chip);
    format::counted(chosen.map_or(0, |(_, count)| *count), "result")
}

/// The kinds of what was found, the chosen one marked and always in sight.
fn chips(finder: &Finder, theme: &Theme, area: Rect, buffer: &mut Surface) {
    if finder.chips.len() < 2 {
        return;
    }
    let texts: Vec<(String, bool)> = finder
        .chips
        .iter()
        .map(|(chip, count)| {
            let chosen = *chip == finder.chip;
            let sign = if chosen { "● " } else { "" };
            let text = match chip {
                Chip::All => format!("{sign}all"),
                _ => format!("{sign}{} {}", chip.title(), format::count(*count)),
            };
            (text, chosen)
        })
        .collect();
    let columns = usize::from(area.width);
    let chosen = texts.iter().position(|(_, chosen)| *chosen).unwrap_or(0);
    // Chips on the left go where the chosen one would not fit.
    let taken = |from: usize| -> usize {
        let shown = texts.get(from..=chosen).unwrap_or_default();
        shown.iter().map(|(text, _)| width(text) + 3).sum()
    };
    let first = (0..=chosen)
        .find(|from| taken(*from) <= columns + 3)
        .unwrap_or(chosen);
    let mut pen = Pen::new(buffer, theme, area, 1);
    for (number, (text, chosen)) in texts.iter().enumerate().skip(first) {
        if width(text) > pen.left() {
            break;
        }
        let from = pen.column();
        pen.write(text, if *chosen { Role::Accent } else { Role::Dim })
            .hit(from, Target::Chip(number))
            .skip(3);
    }
}
