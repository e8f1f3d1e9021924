//! The drawing of the question whether something is to be done.

use ratatui::layout::Rect;

use super::window_at;
use crate::app::Model;
use crate::app::command::{Command, Context};
use crate::app::overlay::Confirm;
use crate::app::pointer::Target;
use crate::ui::Surface;
use crate::ui::text::{Pen, wrap};
use crate::ui::{Output, Role, Theme};

/// Columns of the window, where the screen has them.
const COLUMNS: u16 = 56;
/// Rows around the question: the border, an empty line, the answers.
const AROUND: usize = 4;

/// Draws the question with its answers into the middle of the screen.
pub fn draw(
    confirm: Confirm,
    model: &Model,
    theme: &Theme,
    screen: Rect,
    buffer: &mut Surface,
) -> Output {
    let width = COLUMNS.min(screen.width);
    let lines = wrap(confirm.question, usize::from(width.saturating_sub(4)));
    let height = u16::try_from(lines.len() + AROUND).unwrap_or(u16::MAX);
    let height = height.min(screen.height.saturating_sub(4));
    let area = Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (screen.height - height) / 2,
        width,
        height,
    };
    let inner = window_at(area, theme, buffer);
    let answers = inner.height.saturating_sub(1);
    for (row, line) in (0..answers).zip(&lines) {
        Pen::new(buffer, theme, inner, row).write(line, Role::Strong);
    }
    let mut pen = Pen::new(buffer, theme, inner, answers);
    for command in [Command::ConfirmYes, Command::ConfirmNo] {
        let info = command.info();
        let chord = model.shared.keymap.chord_for(info, Context::Confirm, false);
        let from = pen.column();
        pen.write(
            &chord.map(ToString::to_string).unwrap_or_default(),
            Role::Key,
        )
        .skip(1)
        .write(info.short, Role::Text)
        .hit(from, Target::Command(command));
        pen.skip(3);
    }
    Output::default()
}
