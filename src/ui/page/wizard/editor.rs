//! The drawing of the editor of the field that has the focus: a line, an area, a choice, a list of offers, the parts of a
//! repository's place.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::{Command, Context};
use crate::app::page::wizard::choices::Choices;
use crate::app::page::wizard::editor::{Editor, LIST_ROWS};
use crate::app::page::wizard::form::Form;
use crate::app::page::wizard::picker::Picker;
use crate::app::page::wizard::repo::Repo;
use crate::app::page::wizard::suggest::Suggest;
use crate::app::pointer::{Part, Target};
use crate::catalog::Kind;
use crate::scaffolder::form::{self, Choice, Field, Items};
use crate::ui::Surface;
use crate::ui::text::{Pen, width, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Keys, Role, Theme, format};

/// The rows of an area of text.
const AREA_ROWS: u16 = 6;
/// The columns and rows of what is said below a field.
const SAID: usize = 60;
const SAID_ROWS: usize = 2;
/// The columns of the names of a repository's parts at most.
const PART: usize = 16;

/// The rows that the editor takes.
pub(super) fn rows(form: &Form) -> usize {
    match &form.editor {
        Editor::Fixed | Editor::Line(_) => 1,
        Editor::More => 0,
        Editor::Area(_) => usize::from(AREA_ROWS),
        Editor::Choice(choices) => {
            let listed = choices.listed().take(LIST_ROWS).count();
            listed.max(1) + usize::from(choices.narrow.is_shown())
        }
        Editor::Picker(picker) => 1 + picked_rows(picker) + list_rows(picker),
        Editor::Suggest(line) => 1 + offer_rows(line),
        Editor::Repo(repo) => {
            let offers = repo
                .parts
                .get(repo.focus)
                .map_or(0, |(_, line)| offer_rows(line));
            repo.parts.len() + offers + said(repo).len()
        }
    }
}

fn picked_rows(picker: &Picker) -> usize {
    usize::from(!picker.picked.is_empty())
}

fn list_rows(picker: &Picker) -> usize {
    if picker.is_settled() {
        0
    } else {
        picker.found.hits.len().clamp(1, LIST_ROWS)
    }
}

fn offer_rows(line: &Suggest) -> usize {
    line.shown().len().min(LIST_ROWS) + silence(line).len()
}

/// Draws it; how many rows it took, and where the cursor stands.
pub(super) fn draw(
    form: &Form,
    field: &Field,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (u16, CursorAt) {
    let value = || form::get(field, &form.answers);
    let keys = Keys::of(shared, Context::Wizard, form.editor.typing());
    match &form.editor {
        Editor::Fixed => {
            let value = value()
                .map(|value| super::field::shown(field, &value))
                .unwrap_or_default();
            Pen::new(buffer, theme, area, 0).write(&value, Role::Dim);
            (1, None)
        }
        Editor::More => (0, None),
        Editor::Line(line) => (1, draw_line(field, line, theme, area, buffer)),
        Editor::Area(text) => (AREA_ROWS, Some(draw_area(text, theme, area, buffer))),
        Editor::Choice(choices) => {
            draw_choices(choices, value().as_ref(), keys, theme, area, buffer)
        }
        Editor::Picker(picker) => draw_picker(picker, shared, keys, theme, area, buffer),
        Editor::Suggest(line) => {
            Pen::new(buffer, theme, area, 0).write("› ", Role::Accent);
            let space = Rect {
                x: area.x + 2,
                width: area.width.saturating_sub(2),
                ..area
            };
            let placeholder = match (field.placeholder.is_empty(), line.many) {
                (false, _) => field.placeholder.as_str(),
                (true, true) => "one after the other, with commas",
                (true, false) => "type it, or pick from the list",
            };
            let cursor = field::draw(&line.field, placeholder, theme, space, buffer);
            (
                1 + draw_offers(line, theme, pane::below(space, 1), buffer),
                cursor,
            )
        }
        Editor::Repo(repo) => draw_repo(repo, theme, area, buffer),
    }
}

/// A click on what the field offers at `at`.
fn within(at: usize) -> Target {
    Target::Item(Part::Within, at)
}

/// The end of a list: that one more can be added, with what is pressed for it where the list has the focus.
pub(super) fn more(
    field: &Field,
    items: &Items,
    focused: Option<Keys<'_>>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    let role = if focused.is_some() {
        Role::Accent
    } else {
        Role::Dim
    };
    let mut pen = Pen::new(buffer, theme, area, 0);
    if !items.add {
        pen.write(
            if items.length == 0 {
                "none"
            } else {
                "no more can be added"
            },
            role,
        );
        return;
    }
    let what = if items.length == 0 {
        "add "
    } else {
        "add another "
    };
    pen.write("+ ", role)
        .write(what, role)
        .write(&field.title, role);
    if let Some(key) = focused.and_then(|keys| keys.key(Command::WizardAccept)) {
        pen.skip(2).write(&key, Role::Key);
    }
}

/// Why nothing is offered, where somebody was asked.
fn silence(line: &Suggest) -> Vec<String> {
    let said = line.silent.as_ref();
    let mut lines = said.map_or_else(Vec::new, |why| {
        wrap(&format!("nothing is offered: {why}"), SAID)
    });
    lines.truncate(SAID_ROWS);
    lines
}

fn draw_offers(line: &Suggest, theme: &Theme, area: Rect, buffer: &mut Surface) -> u16 {
    let mut row = 0;
    for text in silence(line) {
        Pen::new(buffer, theme, area, row).write(&text, Role::Dim);
        row += 1;
    }
    let window = line.cursor.window(line.shown().len(), LIST_ROWS);
    for (at, offer) in line.shown().enumerate() {
        if !window.contains(&at) {
            continue;
        }
        let mut pen = Pen::new(buffer, theme, area, row).on_target(within(at));
        if at == line.cursor.selected {
            pen = pen.on_cursor(true);
        }
        pen.write(offer, Role::Text);
        if let Some(count) = line.count_of(at) {
            pen.skip(2).write(&count.to_string(), Role::Dim);
        }
        row += 1;
    }
    row
}

/// What is to be said of the part that has the focus, or of the place.
fn said(repo: &Repo) -> Vec<String> {
    let mut lines: Vec<String> = repo.help().map(|help| wrap(help, SAID)).unwrap_or_default();
    lines.truncate(SAID_ROWS);
    if repo.exists() {
        lines.push("there is a repository of this name already".to_owned());
    }
    lines
}

fn draw_repo(repo: &Repo, theme: &Theme, area: Rect, buffer: &mut Surface) -> (u16, CursorAt) {
    let titles = repo.parts.iter().map(|(part, _)| width(repo.title(*part)));
    let column = titles.max().unwrap_or(0).clamp(12, PART) + 2;
    let indent = u16::try_from(column).unwrap_or(0);
    let mut cursor = None;
    let mut row = 0;
    for (number, (part, line)) in repo.parts.iter().enumerate() {
        let focused = number == repo.focus;
        let target = Target::Part(Part::Pane(number));
        let mut pen = Pen::new(buffer, theme, area, row).on_target(target);
        let role = if focused { Role::Accent } else { Role::Dim };
        pen.column_of(repo.title(*part), column, role);
        let space = Rect {
            x: area.x + indent,
            width: area.width.saturating_sub(indent),
            ..pane::below(area, row)
        };
        row += 1;
        if !focused {
            let text = line.field.text();
            pen.write(
                if text.is_empty() { "–" } else { text },
                if text.is_empty() {
                    Role::Dim
                } else {
                    Role::Text
                },
            );
            continue;
        }
        cursor = field::draw(&line.field, "", theme, space, buffer);
        row += draw_offers(line, theme, pane::below(space, 1), buffer);
        for words in said(repo) {
            let warns = repo.exists() && words.starts_with("there is");
            let role = if warns { Role::Warning } else { Role::Dim };
            Pen::new(buffer, theme, pane::below(area, row), 0)
                .skip(column)
                .write(&words, role);
            row += 1;
        }
    }
    (row, cursor)
}

fn draw_line(
    asked: &Field,
    line: &crate::app::TextField,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    Pen::new(buffer, theme, area, 0).write("› ", Role::Accent);
    let space = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(2),
        ..area
    };
    if asked.is_secret() {
        let dots = crate::app::TextField::new(&"•".repeat(line.text().chars().count()));
        return field::draw(&dots, &asked.placeholder, theme, space, buffer);
    }
    field::draw(line, &asked.placeholder, theme, space, buffer)
}

fn draw_area(
    text: &ratatui_textarea::TextArea<'static>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (u16, u16) {
    for row in 0..AREA_ROWS.min(area.height) {
        Pen::new(buffer, theme, area, row).write("│", Role::Rule);
    }
    let space = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(2),
        height: AREA_ROWS.min(area.height),
        ..area
    };
    let columns = usize::from(space.width).max(1);
    let at = text.cursor();
    // Lines are cut, not wrapped: what stands in the area is what will stand in the file.
    let top =
        at.0.saturating_sub(usize::from(space.height).saturating_sub(1));
    let before: String = text
        .lines()
        .get(at.0)
        .map(|line| line.chars().take(at.1).collect())
        .unwrap_or_default();
    let skipped = before.chars().count().saturating_sub(columns - 1);
    for (row, (number, line)) in (0..space.height).zip(text.lines().iter().enumerate().skip(top)) {
        let shown: String = if number == at.0 {
            line.chars().skip(skipped).collect()
        } else {
            line.clone()
        };
        Pen::new(buffer, theme, space, row).write(&shown, Role::Text);
    }
    let before: String = before.chars().skip(skipped).collect();
    let column = u16::try_from(width(&before)).unwrap_or(0);
    let row = u16::try_from(at.0 - top).unwrap_or(0);
    (
        space.x + column.min(space.width.saturating_sub(1)),
        space.y + row,
    )
}

fn draw_choices(
    choices: &Choices,
    chosen: Option<&serde_json::Value>,
    keys: Keys<'_>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (u16, CursorAt) {
    let listed: Vec<&Choice> = choices.listed().collect();
    let window = choices.cursor.window(listed.len(), LIST_ROWS);
    let mut rows = 0;
    let mut cursor = None;
    let narrow = &choices.narrow;
    if narrow.is_shown() {
        let count = format::count(listed.len());
        let words = "words that must be there";
        cursor = field::narrowing(
            &narrow.field,
            words,
            &count,
            narrow.typing,
            theme,
            area,
            buffer,
        );
        rows += 1;
    }
    if listed.is_empty() {
        field::nothing("No value", keys, theme, pane::below(area, rows), buffer);
        return (rows + 1, cursor);
    }
    for at in window {
        let Some(choice) = listed.get(at) else { break };
        let is_chosen = chosen.is_some_and(|chosen| {
            *chosen == choice.value
                || chosen
                    .as_array()
                    .is_some_and(|all| all.contains(&choice.value))
        });
        let sign = match (choices.many, is_chosen) {
            (false, true) => "● ",
            (false, false) => "○ ",
            (true, true) => "[x] ",
            (true, false) => "[ ] ",
        };
        let mut pen = Pen::new(buffer, theme, area, rows).on_target(within(at));
        if at == choices.cursor.selected {
            pen = pen.on_cursor(true);
        }
        pen.write(sign, if is_chosen { Role::Accent } else { Role::Dim })
            .write(&choice.label, Role::Text);
        rows += 1;
    }
    (rows, cursor)
}

fn draw_picker(
    picker: &Picker,
    shared: &Shared,
    keys: Keys<'_>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (u16, CursorAt) {
    let mut row = 0;
    if !picker.picked.is_empty() {
        let picked: Vec<&str> = picker
            .picked
            .iter()
            .map(|text| text.rsplit('/').next().unwrap_or(text))
            .collect();
        Pen::new(buffer, theme, area, 0).write(&picked.join(", "), Role::Text);
        row += 1;
    }
    let line = pane::below(area, row);
    Pen::new(buffer, theme, line, 0).write("› ", Role::Accent);
    let space = Rect {
        x: line.x + 2,
        width: line.width.saturating_sub(2),
        ..line
    };
    let placeholder = match keys.key(Command::WizardAccept) {
        Some(key) => format!("type to find, {key} picks"),
        None => "type to find".to_owned(),
    };
    let cursor = field::draw(&picker.field, &placeholder, theme, space, buffer);
    row += 1;
    if picker.is_settled() {
        return (row, cursor);
    }
    let list = pane::below(area, row);
    if picker.found.hits.is_empty() {
        let mut notices = picker.found.notices.iter();
        let nothing = if picker.field.text().trim().is_empty() {
            "there is nothing to pick in this catalog"
        } else {
            "nothing like that in the catalog"
        };
        let said = notices.next().map_or(nothing, |one| one.message.as_str());
        Pen::new(buffer, theme, list, 0)
            .skip(2)
            .write(said, Role::Dim);
        return (row + 1, cursor);
    }
    let mixed = picker.found.by_kind.len() > 1;
    let window = picker.cursor.window(picker.found.hits.len(), LIST_ROWS);
    for at in window {
        let hit = picker.found.hits.get(at);
        let Some((hit, summary)) = hit.and_then(|hit| Some((hit, shared.index.summary(hit.row)?)))
        else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, area, row).on_target(within(at));
        pen.skip(2);
        if at == picker.cursor.selected {
            pen = pen.on_cursor(true);
        }
        let name = pen.left().min(30);
        pen.write_matched(summary.name, &hit.name_matches, Role::Strong, name);
        let people = matches!(Kind::parse(summary.kind), Kind::Group | Kind::User);
        let facts = if people {
            summary.title
        } else {
            format::short_ref(summary.owner, "group")
        };
        pen.skip(1);
        if mixed {
            pen.column_of(&summary.kind.to_lowercase(), 11, Role::Dim);
        }
        pen.write(facts, Role::Dim);
        row += 1;
    }
    (row, cursor)
}
