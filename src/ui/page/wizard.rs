//! The drawing of the wizard: steps at the left, the form, and at the right what the field is for or what will be made.

mod editor;
mod field;
mod review;

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::Context;
use crate::app::page::wizard::form::Form;
use crate::app::page::wizard::{Stage, Wizard};
use crate::app::pointer::Target;
use crate::ui::Surface;
use crate::ui::text::{Pen, wrap};
use crate::ui::widget::{markdown, pane};
use crate::ui::{CursorAt, Keys, Output, Role, Theme};

/// Columns of the list of steps.
const STEPS: u16 = 22;
/// Columns of the help beside the form.
const HELP: u16 = 36;

/// Draws the wizard.
pub fn draw(
    page: &Wizard,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let mut output = Output::default();
    match &page.stage {
        Stage::Loading => {
            Pen::new(buffer, theme, area, 0).write("Reading the template…", Role::Dim);
        }
        Stage::Failed(reason) => {
            Pen::new(buffer, theme, area, 0)
                .write("✗ ", Role::Bad)
                .write("This template cannot be used", Role::Strong);
            for (row, line) in (1..).zip(wrap(reason, usize::from(area.width))) {
                Pen::new(buffer, theme, area, row).write(&line, Role::Text);
            }
        }
        Stage::Asking(form) => {
            let area = if shared.narrow() {
                area
            } else {
                let (left, rest) = pane::split_left(area, STEPS, theme, buffer);
                draw_steps(form, theme, left, buffer);
                rest
            };
            output.drawn.page_rows = usize::from(area.height);
            let keys = Keys::of(shared, page.context(), page.typing());
            output.cursor = if form.reviewing() {
                review::draw(form, keys, theme, area, buffer)
            } else {
                draw_form(form, shared, theme, area, buffer)
            };
        }
    }
    output
}

fn draw_steps(form: &Form, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let titles = form
        .steps
        .iter()
        .filter_map(|number| form.template.pages.get(*number));
    let titles = titles.map(|page| page.title.as_str()).chain(["Review"]);
    for (at, title) in titles.enumerate() {
        let Ok(row) = u16::try_from(at) else { break };
        let mut pen = Pen::new(buffer, theme, area, row).on_target(Target::Tab(at));
        let (sign, mark, role) = match at.cmp(&form.step) {
            std::cmp::Ordering::Less => ("✓ ", Role::Good, Role::Text),
            std::cmp::Ordering::Equal => ("▌ ", Role::Accent, Role::Strong),
            std::cmp::Ordering::Greater => ("  ", Role::Dim, Role::Dim),
        };
        pen.write(sign, mark).write(title, role);
    }
}

fn draw_form(
    form: &Form,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    let wide = area.width >= 84 && !form.preview;
    let area = if form.preview {
        let keys = Keys::of(shared, Context::Wizard, form.editor.typing());
        beside(form, keys, theme, area, buffer)
    } else {
        area
    };
    let (area, side) = if wide {
        pane::split_right(area, HELP, theme, buffer)
    } else {
        (area, Rect::default())
    };
    if wide {
        draw_help(form, theme, side, buffer);
    }
    let mut top = 0;
    if let Some(page) = form.page().filter(|page| !page.description.is_empty()) {
        let space = Rect {
            height: area.height.min(4),
            ..area
        };
        top = markdown::draw(&page.description, theme, space, buffer) + 1;
    }
    field::draw(form, shared, !wide, theme, pane::below(area, top), buffer)
}

/// What the template makes, beside its form or below it; the rest is the form's.
fn beside(form: &Form, keys: Keys<'_>, theme: &Theme, area: Rect, buffer: &mut Surface) -> Rect {
    if area.width >= 84 {
        let (left, right) = pane::split_right(area, review::PLAN, theme, buffer);
        review::draw_plan(form, keys, theme, right, buffer);
        return left;
    }
    let rows = area.height.saturating_sub(area.height / 3);
    review::draw_plan(form, keys, theme, pane::below(area, rows), buffer);
    Rect {
        height: rows.saturating_sub(1),
        ..area
    }
}

/// What the focused field is for.
fn draw_help(form: &Form, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let Some(field) = form.focused() else { return };
    Pen::new(buffer, theme, area, 0).write(&field.title, Role::Strong);
    let mut row = 1;
    if !field.help.is_empty() {
        let space = Rect {
            height: area.height.saturating_sub(6),
            ..pane::below(area, row + 1)
        };
        row += markdown::draw(&field.help, theme, space, buffer) + 1;
    }
    if let Some(notice) = &field.notice {
        row += 1;
        for line in wrap(notice, usize::from(area.width)) {
            Pen::new(buffer, theme, area, row).write(&line, Role::Warning);
            row += 1;
        }
    }
    let word = if field.required { "needed" } else { "optional" };
    Pen::new(buffer, theme, area, row + 1).write(word, Role::Dim);
}
