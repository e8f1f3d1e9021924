//! The drawing of the repository tab: the repository and its last commit on top, panels side by side below, and all there
//! is to say of the row under the cursor at the bottom.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::entity::{Entity, Repository, Told};
use crate::catalog::panel::{Body, Panel, Row, Sign};
use crate::ui::Surface;
use crate::ui::format::{age, brief, count};
use crate::ui::text::{Pen, cut, width, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{Keys, Role, Theme};

/// Columns of the bar of a share, and of the name in front of it.
const BAR: usize = 20;
const NAME: usize = 18;
/// Columns of a text that what is noted of it leaves.
const SHORTEST: usize = 30;
/// Rows below which the details of a row have no place.
const LOW: u16 = 12;

/// One line of a column.
enum Line<'a> {
    Title(&'a Panel),
    Row(&'a Row),
    Said(String, Role),
    Gap,
}

/// Draws the tab; returns how many rows the panels have.
pub(super) fn draw(
    page: &Entity,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> usize {
    let told = page.repository.told.as_ref();
    let Some(kept) = told.and_then(Told::kept) else {
        nothing_yet(told, theme, area, buffer);
        return usize::from(area.height);
    };
    let when = kept.asked.map(|asked| age(asked, shared.now));
    let state = match (told, when) {
        (_, None) => "made up for the demo".to_owned(),
        (Some(Told::Asking(_)), Some(when)) => format!("as of {when}, asking…"),
        (Some(Told::Failed(..)), Some(when)) => format!("as of {when}"),
        (_, Some(when)) => format!("asked {when}"),
    };
    let mut top = head(page, shared, &state, theme, area, buffer);
    if let Some(Told::Failed(why, _)) = told {
        for (at, line) in wrap(why, usize::from(area.width).saturating_sub(2))
            .iter()
            .enumerate()
        {
            let sign = if at == 0 { "! " } else { "  " };
            Pen::new(buffer, theme, area, top)
                .write(sign, Role::Warning)
                .write(line, Role::Text);
            top += 1;
        }
    }
    let body = pane::below(area, top + 1);
    let has_detail = area.height >= LOW;
    let panels = Rect {
        height: body.height.saturating_sub(if has_detail { 2 } else { 0 }),
        ..body
    };
    if page.repository.is_empty() && page.repository.narrow.is_on() {
        let keys = Keys::of(shared, page.context(), page.typing());
        field::nothing("Nothing", keys, theme, panels, buffer);
        return usize::from(panels.height);
    }
    let selected = page.repository.selected(shared);
    let columns = page.repository.columns(shared);
    match columns.as_slice() {
        [one] => column(one, &page.repository, shared, theme, panels, buffer),
        [left, right, ..] => {
            let (left_area, right_area) =
                pane::split_left(panels, (area.width - 3) / 2, theme, buffer);
            column(left, &page.repository, shared, theme, left_area, buffer);
            column(right, &page.repository, shared, theme, right_area, buffer);
        }
        [] => {}
    }
    if let Some(row) = selected.filter(|_| has_detail) {
        let line = cut(&row.detail, usize::from(area.width));
        Pen::new(buffer, theme, area, area.height - 1).write(&line, Role::Dim);
    }
    usize::from(panels.height)
}

/// What there is to say before a host has told anything.
fn nothing_yet(told: Option<&Told>, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let (what, remedy) = match told {
        Some(Told::Nowhere(why)) => (
            format!("No repository to tell of: {why}."),
            "What a host tells of a repository would stand here: open pull requests, runs, issues, alerts, releases and where it is deployed.",
        ),
        Some(Told::Failed(why, _)) => (why.clone(), "a asks again."),
        _ => ("Asking the host of its repository…".to_owned(), ""),
    };
    let columns = usize::from(area.width);
    let lines = wrap(&what, columns)
        .into_iter()
        .map(|line| (line, Role::Text));
    let gap = std::iter::once((String::new(), Role::Dim));
    let remedy = wrap(remedy, columns).into_iter();
    let remedy = remedy.map(|line| (line, Role::Dim));
    for (row, (line, role)) in (0..area.height).zip(lines.chain(gap).chain(remedy)) {
        Pen::new(buffer, theme, area, row).write(&line, role);
    }
}

/// The rows on top; returns how many there are.
fn head(
    page: &Entity,
    shared: &Shared,
    state: &str,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> u16 {
    let selected = page.repository.selected(shared);
    let rows = page.repository.head();
    for (at, row) in (0..area.height).zip(rows) {
        let mut pen = Pen::new(buffer, theme, area, at);
        pen = pen.on_spot(page.repository.spot_of(row, shared));
        if is_it(selected, row) {
            pen = pen.on_cursor(true);
        }
        if at > 0 {
            draw_row(&mut pen, row, shared.now);
            continue;
        }
        let room = pen.left().saturating_sub(width(state) + 2);
        let name = cut(&row.text, room);
        let note = room.saturating_sub(width(&name) + 2);
        let from = pen.column();
        pen.write(&name, Role::Strong).link(from, &row.url).skip(2);
        pen.write(&fitting(&row.notes, "", note), Role::Dim);
        pen.to_right(width(state)).write(state, Role::Dim);
    }
    u16::try_from(rows.len()).unwrap_or(u16::MAX)
}

/// Whether `row` is the one that is selected.
fn is_it(selected: Option<&Row>, row: &Row) -> bool {
    selected.is_some_and(|selected| std::ptr::eq(selected, row))
}

/// Draws panels below each other, scrolled so that the selected row is in sight.
fn column(
    panels: &[&Panel],
    repository: &Repository,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    let selected = repository.selected(shared);
    let mut lines = Vec::new();
    for panel in panels {
        if !lines.is_empty() {
            lines.push(Line::Gap);
        }
        lines.push(Line::Title(panel));
        let columns = usize::from(area.width).saturating_sub(2);
        let said = |text: &str, role| {
            let lines = wrap(text, columns).into_iter();
            lines.map(move |line| Line::Said(line, role))
        };
        match &panel.body {
            Body::Rows(rows) => lines.extend(rows.iter().map(Line::Row)),
            Body::Nothing(text) => lines.extend(said(text, Role::Dim)),
            Body::Withheld(why) => lines.extend(said(why, Role::Text)),
        }
    }
    let is_selected = |line: &Line<'_>| matches!(line, Line::Row(row) if is_it(selected, row));
    let at = lines.iter().position(is_selected);
    let height = usize::from(area.height);
    let top = at.map_or(0, |at| {
        let leads = |line: &Line<'_>| matches!(line, Line::Row(row) if !row.url.is_empty());
        let is_last = !lines.iter().skip(at + 1).any(leads);
        // What follows the last row that can be selected is seen with it.
        let bottom = if is_last { lines.len() } else { at + 2 };
        bottom.saturating_sub(height).min(at.saturating_sub(1))
    });
    for (row, line) in (0..area.height).zip(lines.iter().skip(top)) {
        let mut pen = Pen::new(buffer, theme, area, row);
        match line {
            Line::Title(panel) => title(&mut pen, panel),
            Line::Row(row) => {
                pen = pen.on_spot(repository.spot_of(row, shared));
                if is_selected(line) {
                    pen = pen.on_cursor(true);
                }
                draw_row(&mut pen, row, shared.now);
            }
            Line::Said(text, role) => {
                pen.skip(2).write(text, *role);
            }
            Line::Gap => {}
        }
    }
}

fn title(pen: &mut Pen<'_>, panel: &Panel) {
    if matches!(panel.body, Body::Withheld(_)) {
        pen.write("! ", Role::Warning);
    }
    pen.write(&panel.title, Role::Strong);
    if let Some(number) = panel.count.filter(|number| *number > 0) {
        let number = count(usize::try_from(number).unwrap_or(usize::MAX));
        pen.skip(1).write(&number, Role::Dim);
    }
}

/// A row: its sign, its text, and at the right what is noted of it and how long ago it was.
fn draw_row(pen: &mut Pen<'_>, row: &Row, now: u64) {
    let (sign, role) = match row.sign {
        Some(Sign::Good) => ("✓", Role::Good),
        Some(Sign::Bad) => ("✗", Role::Bad),
        Some(Sign::Warning) => ("!", Role::Warning),
        Some(Sign::Going) => ("◐", Role::Accent),
        Some(Sign::Calm) => ("○", Role::Dim),
        None => (" ", Role::Dim),
    };
    pen.write(sign, role).skip(1);
    if let Some(share) = row.share {
        return bar(pen, row, share);
    }
    let when = row.at.map(|then| brief(then, now)).unwrap_or_default();
    let least = width(&row.text).min(SHORTEST);
    let noted = fitting(&row.notes, &when, pen.left().saturating_sub(least + 2));
    let room = pen.left().saturating_sub(width(&noted) + 2);
    let text = cut(&row.text, room);
    let role = if row.text.starts_with('…') {
        Role::Dim
    } else {
        Role::Text
    };
    let from = pen.column();
    pen.write(&text, role).link(from, &row.url);
    pen.to_right(width(&noted)).write(&noted, Role::Dim);
}

/// As many of `notes` as fit into `columns` columns, with when it was behind them; that alone where none does.
fn fitting(notes: &[String], when: &str, columns: usize) -> String {
    let with = |number: usize| {
        let notes = notes.iter().take(number).map(String::as_str);
        let words = notes.chain([when]).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" · ")
    };
    let mut numbers = (0..=notes.len()).rev().map(with);
    numbers
        .find(|words| width(words) <= columns)
        .unwrap_or_default()
}

/// A name, how much of the whole it is, and that again as a bar.
fn bar(pen: &mut Pen<'_>, row: &Row, share: u16) {
    let cells = usize::from(share) * BAR;
    let full = cells.div_ceil(1_000).min(BAR);
    pen.column_of(&row.text, NAME, Role::Text)
        .right_of(&row.notes.concat(), 6, Role::Dim)
        .skip(2)
        .write(&"━".repeat(full), Role::Accent)
        .write(&"─".repeat(BAR - full), Role::Rule);
}
