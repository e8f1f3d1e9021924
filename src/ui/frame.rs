//! The quiet frame around every page: one line on top that says where one is and how fresh that is, one below with the
//! keys that matter here, and the line of notices and background work above it.

use ratatui::layout::Rect;

use super::format;
use super::text::{Pen, cut, width};
use super::theme::{Role, Theme};
use crate::app::Model;
use crate::app::command::{COMMANDS, Command, Context, Info};
use crate::app::notice::Notice;
use crate::app::pointer::Target;
use crate::ui::Surface;
use crate::ui::widget::sign;

/// Columns left free at both sides of the screen.
pub const MARGIN: u16 = 1;
/// The row of messages, counted from the bottom.
pub const SAID: u16 = 3;
/// Columns between two hints.
const GAP: usize = 3;
/// How many of a context's own keys are hinted at.
const OWN: usize = 6;

/// Columns of the last crumb that the words on the right leave it.
const SHORTEST_CRUMB: usize = 12;

/// Draws the frame; returns what is left for the page.
pub fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Surface) -> Rect {
    let inner = Rect {
        x: area.x + MARGIN,
        width: area.width.saturating_sub(2 * MARGIN),
        ..area
    };
    top_line(model, theme, inner, buffer);
    rule(theme, area, 1, buffer);
    let said = model.notice.is_some() || model.task().is_some() || theme.is_spoken();
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
pub fn rule(theme: &Theme, area: Rect, row: u16, buffer: &mut Surface) {
    let line = "─".repeat(usize::from(area.width));
    Pen::new(buffer, theme, area, row).write(&line, Role::Rule);
}

fn top_line(model: &Model, theme: &Theme, area: Rect, buffer: &mut Surface) {
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
    let all = crumbs.len();
    // A narrow screen keeps the last two crumbs.
    while crumbs.len() > 2 && taken(&crumbs) + width(&both) > columns {
        crumbs.remove(0);
    }
    let is_whole = crumbs.len() == all;
    // What the page says is worth more than how fresh it is, and than the end of a long crumb.
    let room = columns.saturating_sub(taken(&crumbs));
    let fits = |text: &&String| !text.is_empty() && width(text) <= room;
    let right = [&both, &status].into_iter().find(fits).unwrap_or(&status);
    let last = crumbs.pop().unwrap_or_default();
    let mut pen = Pen::new(buffer, theme, area, 0);
    for (at, crumb) in crumbs.iter().enumerate() {
        let from = pen.column();
        pen.write(crumb, Role::Dim);
        // Where a narrow screen leaves the first one out, none leads there.
        if let (0, true, Some(command)) = (at, is_whole, model.page().outermost()) {
            pen.hit(from, Target::Command(command));
        }
        pen.write(" › ", Role::Dim);
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

fn message_line(model: &Model, theme: &Theme, area: Rect, row: u16, buffer: &mut Surface) {
    let mut pen = Pen::new(buffer, theme, area, row);
    if let Some(notice) = &model.notice {
        let (sign, role) = sign::tone(notice.tone);
        pen.write(sign, role).skip(1);
        let ways = ways(model, notice, pen.left());
        let room = pen.left().saturating_sub(columns(&ways));
        pen.write_linked(&cut(&notice.text, room), Role::Text);
        keys(&mut pen, &ways);
    } else if let Some(task) = model.task() {
        pen.write("◐ ", Role::Accent).write(&task.title, Role::Text);
        if !task.progress.is_empty() {
            pen.write(" · ", Role::Dim).write(&task.progress, Role::Dim);
        }
        let ways: Vec<Hint> = [way(model, Command::CancelTask, "cancel")]
            .into_iter()
            .flatten()
            .collect();
        if pen.left() > columns(&ways) {
            keys(&mut pen, &ways);
        }
    }
}

/// What can be done about a notice: try again what failed, read all of what does not fit into `room` columns.
fn ways(model: &Model, notice: &Notice, room: usize) -> Vec<Hint> {
    let again = notice
        .again
        .and_then(|again| way(model, again, "try again"));
    let mut ways: Vec<Hint> = again.into_iter().collect();
    if width(&notice.text) + columns(&ways) > room {
        ways.extend(way(model, Command::GoActivity, "all of it"));
    }
    ways
}

/// The key of a command, unless it cannot be pressed here.
fn way(model: &Model, command: Command, words: &'static str) -> Option<Hint> {
    let (context, typing) = model.focus();
    let key = model
        .shared
        .keymap
        .chord_for(command.info(), context, typing)?;
    Some(Hint {
        key: key.to_string(),
        short: words,
        command,
    })
}

/// The columns that keys and their words take, with the space before each.
fn columns(ways: &[Hint]) -> usize {
    ways.iter().map(Hint::columns).sum()
}

/// Keys and what they do, at the right end of the line.
fn keys(pen: &mut Pen<'_>, ways: &[Hint]) {
    pen.to_right(columns(ways));
    for way in ways {
        pen.skip(GAP);
        way.write(pen);
    }
}

/// A key and what it does, in the footer.
struct Hint {
    key: String,
    short: &'static str,
    command: Command,
}

impl Hint {
    /// The columns that it takes, with the space around it.
    fn columns(&self) -> usize {
        width(&self.key) + 1 + width(self.short) + GAP
    }

    /// Writes it, to be clicked.
    fn write(&self, pen: &mut Pen<'_>) {
        let from = pen.column();
        pen.write(&self.key, Role::Key)
            .skip(1)
            .write(self.short, Role::Dim)
            .hit(from, Target::Command(self.command));
    }
}

/// The keys that matter here, as far as there is room. Help and the way out are always among them. What cannot be done
/// now is left out; help and palette say why.
fn hints(model: &Model, theme: &Theme, area: Rect, row: u16, buffer: &mut Surface) {
    let mut pen = Pen::new(buffer, theme, area, row);
    let [own, always, others] = hinted(model);
    let mut room = (pen.left() + GAP).saturating_sub(columns(&always));
    let mut fits = |hint: &Hint| {
        let fits = hint.columns() <= room;
        // Once one does not fit, none behind it is shown: the order means something.
        room = if fits { room - hint.columns() } else { 0 };
        fits
    };
    let own: Vec<Hint> = own.into_iter().filter(&mut fits).collect();
    let others: Vec<Hint> = others.into_iter().filter(&mut fits).collect();
    for hint in own.into_iter().chain(always).chain(others) {
        hint.write(&mut pen);
        pen.skip(GAP);
    }
}

/// The hints of the context that has the focus, those that are always in sight, and what fills the rest.
fn hinted(model: &Model) -> [Vec<Hint>; 3] {
    let (context, typing) = model.focus();
    let hint = |info: &'static Info| -> Option<Hint> {
        let possible = model.overlay.is_some() || model.why_not(info.command).is_none();
        let key = model.shared.keymap.chord_for(info, context, typing)?;
        let label = model.page().label(info.command, &model.shared);
        let label = label.filter(|_| model.overlay.is_none());
        let short = label.unwrap_or(info.short);
        (possible && !short.is_empty()).then(|| Hint {
            key: key.to_string(),
            short,
            command: info.command,
        })
    };
    let of = |wanted: Context| {
        let hinted = move |info: &&Info| info.context == wanted && !info.short.is_empty();
        COMMANDS.iter().filter(hinted)
    };
    let opens = match context {
        Context::Home => typing,
        Context::Help | Context::Wizard => false,
        Context::Docs => model.page().label(Command::Open, &model.shared).is_some(),
        _ => true,
    };
    let of_lists = COMMANDS.iter().filter(|info| match info.command {
        Command::Open => opens,
        Command::Up | Command::Right => {
            model.overlay.is_none() && model.page().label(info.command, &model.shared).is_some()
        }
        _ => false,
    });
    let narrows = model.overlay.is_none() && model.page().narrow().is_some_and(|it| !it.typing);
    let filter = COMMANDS
        .iter()
        .filter(|info| narrows && info.command == Command::Filter);
    let around = context.outer().into_iter().flat_map(of);
    let own = of_lists
        .chain(of(context))
        .chain(around)
        .chain(filter)
        .filter_map(hint)
        .take(OWN);
    let is_always = |info: &&Info| matches!(info.command, Command::Help | Command::Back);
    let always = of(Context::Global).filter(is_always).filter_map(hint);
    let takes_all = typing || model.overlay.is_some();
    let others = of(Context::Global).filter(|info| !takes_all && !is_always(info));
    [
        own.collect(),
        always.collect(),
        others.filter_map(hint).collect(),
    ]
}
