//! The drawing of what an API offers: the list, and the entry under its cursor beside it or, on a narrow screen, in its
//! place.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::app::Shared;
use crate::app::command::Context;
use crate::app::page::entity::{Filter, List, ListLine, Shown};
use crate::app::pointer::{Part, Target};
use crate::catalog::api::sheet::{Ink, Row};
use crate::catalog::api::{Entry, EntryKind};
use crate::catalog::text::counted;
use crate::ui::Surface;
use crate::ui::text::{Pen, cut_middle, width};
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Keys, Output, Role, Theme};

/// Columns of a verb at most.
const VERB: usize = 12;

/// Draws list and entry.
pub(super) fn draw(
    shown: &Shown,
    list: &List,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let mut output = Output::default();
    let narrow = shared.narrow();
    let (left, right) = if narrow {
        (area, area)
    } else {
        pane::split_left(area, area.width / 2, theme, buffer)
    };
    output.drawn.side_rows = usize::from(right.height);
    output.drawn.page_columns = usize::from(right.width);
    output.drawn.page_rows = usize::from(left.height);
    if !narrow || list.inside.is_none() {
        let below = match &list.filter {
            Some(filter) => {
                output.cursor = narrowed(filter, theme, left, buffer);
                pane::below(left, 1)
            }
            None => left,
        };
        output.drawn.page_rows = usize::from(below.height);
        rows(list, shared, theme, below, buffer);
    }
    if !narrow || list.inside.is_some() {
        let rows = shown.sheet(usize::from(right.width));
        entry(list, &rows, theme, right, buffer);
    }
    output
}

/// The field with the words that narrow the list; where the cursor stands while it has the focus.
fn narrowed(filter: &Filter, theme: &Theme, area: Rect, buffer: &mut Surface) -> CursorAt {
    let count = match filter.count {
        0 => "nothing".to_owned(),
        count => counted(count, "entry"),
    };
    field::narrowing(
        &filter.field,
        "path, id or summary",
        &count,
        filter.typing,
        theme,
        area,
        buffer,
    )
}

fn rows(list: &List, shared: &Shared, theme: &Theme, area: Rect, buffer: &mut Surface) {
    if list.lines.is_empty() {
        if let Some(filter) = &list.filter {
            let keys = Keys::of(shared, Context::Api, filter.typing);
            field::nothing("No entry", keys, theme, area, buffer);
        } else {
            let words = "The definition offers nothing.";
            Pen::new(buffer, theme, area, 0).write(words, Role::Dim);
        }
        return;
    }
    let verb = list
        .outline
        .entries()
        .map(|entry| width(&entry.verb))
        .max()
        .unwrap_or(0)
        .min(VERB)
        + 2;
    let longest = list
        .outline
        .entries()
        .map(|entry| width(&entry.name))
        .max()
        .unwrap_or(0);
    let name = longest
        .min(usize::from(area.width).saturating_sub(verb) * 3 / 5)
        .max(12);
    let height = usize::from(area.height);
    for (row, at) in (0..).zip(list.cursor.window(list.lines.len(), height)) {
        let Some(line) = list.lines.get(at) else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, area, row).on_spot(Some(at));
        if at == list.cursor.selected {
            pen = pen.on_cursor(list.inside.is_none());
        }
        match line {
            ListLine::Group(group) => {
                if let Some(group) = list.outline.groups.get(*group) {
                    let title = if group.name.is_empty() {
                        "other"
                    } else {
                        &group.name
                    };
                    pen.write(title, Role::Strong)
                        .skip(2)
                        .write(&group.description, Role::Dim);
                }
            }
            ListLine::Entry(group, at) => {
                let entries = list.outline.groups.get(*group).map(|group| &group.entries);
                if let Some(entry) = entries.and_then(|entries| entries.get(*at)) {
                    draw_entry(&mut pen, entry, verb, name, theme);
                }
            }
            ListLine::Gap => {}
        }
    }
}

fn draw_entry(pen: &mut Pen<'_>, entry: &Entry, verb: usize, name: usize, theme: &Theme) {
    pen.column_of(&entry.verb, verb, verb_role(entry));
    let shown = cut_middle(&entry.name, name.min(pen.left()));
    if entry.deprecated {
        let style = theme.style(Role::Text).add_modifier(Modifier::CROSSED_OUT);
        pen.write_styled(&shown, style);
        pen.skip(name.saturating_sub(width(&shown)) + 2);
        pen.write("! deprecated", Role::Warning).skip(2);
    } else {
        pen.column_of(&shown, name, Role::Text).skip(2);
    }
    let about = if entry.summary.is_empty() {
        entry.description.lines().next().unwrap_or_default()
    } else {
        &entry.summary
    };
    pen.write(about, Role::Dim);
}

/// Reading is calm, writing is not; the word says which.
fn verb_role(entry: &Entry) -> Role {
    if entry.kind == EntryKind::Type {
        return Role::CodeKeyword;
    }
    match entry.verb.as_str() {
        "GET" | "HEAD" | "OPTIONS" | "QUERY" => Role::Good,
        "DELETE" => Role::Bad,
        "POST" | "PUT" | "PATCH" | "MUTATION" => Role::Warning,
        _ => Role::Info,
    }
}

/// The lines of the entry under the cursor.
fn entry(list: &List, rows: &[Row], theme: &Theme, area: Rect, buffer: &mut Surface) {
    let verb = list.entry().map_or(Role::Text, verb_role);
    let height = usize::from(area.height);
    let cursor = list.inside.unwrap_or_default();
    let window = cursor.window(rows.len(), height);
    for (row, at) in (0..).zip(window) {
        let Some(line) = rows.get(at) else { break };
        let target = Target::Item(Part::Aside, at);
        let mut pen = Pen::new(buffer, theme, area, row).on_target(target);
        if list.inside.is_some() && at == cursor.selected {
            pen = pen.on_cursor(true);
        }
        for (text, ink) in &line.cells {
            let role = match ink {
                Ink::Verb => verb,
                Ink::Name if list.inside.is_some() => Role::Accent,
                Ink::Name | Ink::Title => Role::Strong,
                Ink::Text => Role::Text,
                Ink::Dim => Role::Dim,
                Ink::Type => Role::Code,
                Ink::Required => Role::Accent,
                Ink::Warning => Role::Warning,
                Ink::Good => Role::Good,
                Ink::Bad => Role::Bad,
            };
            pen.write(text, role);
        }
    }
}
