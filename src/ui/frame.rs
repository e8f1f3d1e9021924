//! The quiet frame around every page: one line on top that says where one is and how fresh that is, one below with the
//! keys that matter here, and the line of notices and background work above it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::format;
use super::text::{Pen, cut, width};
use super::theme::{Role, Theme};
use crate::app::Model;
use crate::app::command::{COMMANDS, Command, Context, Info};
use crate::app::notice::Tone;

/// Columns left free at both sides of the screen.
pub const MARGIN: u16 = 1;
/// Columns between two hints.
const GAP: usize = 3;
/// How many of a context's own keys are hinted at.
const OWN: usize = 6;

/// Columns of the last crumb that the words on the right leave it.
const SHORTEST_CRUMB: usize = 12;

/// Draws the frame; returns what is left for the page.
pub fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Rect {
    let inner = Rect {
        x: area.x + MARGIN,
        width: area.width.saturating_sub(2 * MARGIN),
        ..area
    };
    top_line(model, theme, inner, buffer);
    rule(theme, area, 1, buffer);
    let said = model.notice.is_some() || !model.tasks.is_empty();
    let bottom = area.height.saturating_sub(if said { 3 } else { 2 });
    rule(theme, area, area.height.saturating_sub(2), buffer);
    if said {
        message_line(model, theme, inner, bottom, buffer);
    }
    hints(model, theme, inner, area.height - 1, buffer);
    Rect {
        y: area.y + 2,
        height: bottom.saturating_sub(2),
        ..inner
    }
}

/// A dim line across `area` at its row `row`.
pub fn rule(theme: &Theme, area: Rect, row: u16, buffer: &mut Buffer) {
    let line = "─".repeat(usize::from(area.width));
    Pen::new(buffer, theme, area, row).write(&line, Role::Rule);
}

fn top_line(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut crumbs = model.page().crumbs(&model.shared);
    let status = model.page().status(&model.shared);
    let sync = freshness(model);
    let both = if status.is_empty() || sync.is_empty() {
        format!("{status}{sync}")
    } else {
        format!("{status}   {sync}")
    };
    let columns = usize::from(area.width);
    let taken = |crumbs: &[String]| crumbs.iter().map(|crumb| width(crumb) + 3).sum::<usize>();
    // A narrow screen keeps the last two crumbs.
    while crumbs.len() > 2 && taken(&crumbs) + width(&both) > columns {
        crumbs.remove(0);
    }
    // What the page says is worth more than how fresh it is, and than the end of a long crumb.
    let room = columns.saturating_sub(taken(&crumbs));
    let fits = |text: &&String| !text.is_empty() && width(text) <= room;
    let right = [&both, &status].into_iter().find(fits).unwrap_or(&status);
    let last = crumbs.pop().unwrap_or_default();
    let mut pen = Pen::new(buffer, theme, area, 0);
    for crumb in &crumbs {
        pen.write(crumb, Role::Dim).write(" › ", Role::Dim);
    }
    let room = pen.left().saturating_sub(width(right) + 2);
    if room < SHORTEST_CRUMB.min(width(&last)) {
        pen.write(&last, Role::Strong);
        return;
    }
    pen.write(&cut(&last, room), Role::Strong);
    pen.to_right(width(right)).write(right, Role::Dim);
}

/// How fresh the data is, in words.
fn freshness(model: &Model) -> String {
    let sources = &model.shared.sources;
    if model.shared.syncing {
        return "refreshing…".to_owned();
    }
    if let Some(failed) = sources.iter().find(|source| source.error.is_some()) {
        return match failed.last_ok {
            Some(then) => format!("! stale, from {}", format::age(then, model.shared.now)),
            None => "! a source failed".to_owned(),
        };
    }
    match sources.iter().filter_map(|source| source.last_ok).min() {
        Some(then) => format!("synced {}", format::age(then, model.shared.now)),
        None => String::new(),
    }
}

fn message_line(model: &Model, theme: &Theme, area: Rect, row: u16, buffer: &mut Buffer) {
    let mut pen = Pen::new(buffer, theme, area, row);
    if let Some(notice) = &model.notice {
        let (sign, role) = match notice.tone {
            Tone::Done => ("✓ ", Role::Good),
            Tone::Info => ("○ ", Role::Info),
            Tone::Failed => ("✗ ", Role::Bad),
        };
        pen.write(sign, role).write(&notice.text, Role::Text);
    } else if let Some(task) = model.tasks.last() {
        pen.write("◐ ", Role::Accent).write(&task.title, Role::Text);
        if !task.progress.is_empty() {
            pen.write(" · ", Role::Dim).write(&task.progress, Role::Dim);
        }
        let cancel = "X cancel";
        if pen.left() > width(cancel) + 2 {
            pen.to_right(width(cancel))
                .write("X", Role::Key)
                .write(" cancel", Role::Dim);
        }
    }
}

/// A key and what it does, in the footer.
type Hint = (String, &'static str);

/// The keys that matter here, as far as there is room. Help and the way out are always among them. What cannot be done
/// now is left out; help and palette say why.
fn hints(model: &Model, theme: &Theme, area: Rect, row: u16, buffer: &mut Buffer) {
    let mut pen = Pen::new(buffer, theme, area, row);
    let [own, always, others] = hinted(model);
    let columns = |hint: &Hint| width(&hint.0) + 1 + width(hint.1) + GAP;
    let mut room = (pen.left() + GAP).saturating_sub(always.iter().map(columns).sum());
    let mut fits = |hint: &Hint| {
        let fits = columns(hint) <= room;
        // Once one does not fit, none behind it is shown: the order means something.
        room = if fits { room - columns(hint) } else { 0 };
        fits
    };
    let own: Vec<Hint> = own.into_iter().filter(&mut fits).collect();
    let others: Vec<Hint> = others.into_iter().filter(&mut fits).collect();
    for (key, short) in own.into_iter().chain(always).chain(others) {
        pen.write(&key, Role::Key)
            .skip(1)
            .write(short, Role::Dim)
            .skip(GAP);
    }
}

/// The hints of the context that has the focus, those that are always in sight, and what fills the rest.
fn hinted(model: &Model) -> [Vec<Hint>; 3] {
    let (context, typing) = model.focus();
    let hint = |info: &'static Info| -> Option<Hint> {
        let possible =
            model.overlay.is_some() || model.page().why_not(info.command, &model.shared).is_none();
        let key = model.keymap.chord_for(info, context, typing)?;
        let label = model.page().label(info.command);
        let label = label.filter(|_| model.overlay.is_none());
        let short = label.unwrap_or(info.short);
        (possible && !short.is_empty()).then(|| (key.to_string(), short))
    };
    let of = |wanted: Context| {
        let hinted = move |info: &&Info| info.context == wanted && !info.short.is_empty();
        COMMANDS.iter().filter(hinted)
    };
    let opens = match context {
        Context::Home | Context::Help | Context::Wizard => false,
        Context::Docs => model.page().label(Command::Open).is_some(),
        _ => true,
    };
    let of_lists = COMMANDS.iter().filter(|info| match info.command {
        Command::Open => opens,
        Command::Up | Command::Right => {
            model.overlay.is_none() && model.page().label(info.command).is_some()
        }
        _ => false,
    });
    let around = context.outer().into_iter().flat_map(of);
    let own = of_lists
        .chain(of(context))
        .chain(around)
        .filter_map(hint)
        .take(OWN);
    let is_always = |info: &&Info| matches!(info.command, Command::Help | Command::Back);
    let always = of(Context::Global).filter(is_always).filter_map(hint);
    let others = of(Context::Global).filter(|info| !typing && !is_always(info));
    [
        own.collect(),
        always.collect(),
        others.filter_map(hint).collect(),
    ]
}
