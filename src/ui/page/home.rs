//! The drawing of the home page: two columns where there is room, one below the other where there is not.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::{Command, Context};
use crate::app::page::home::{Home, Item, Pane, Topic};
use crate::app::pointer::{Part, Target};
use crate::catalog::{Kind, Row};
use crate::ui::Surface;
use crate::ui::text::{Pen, cut, width, wrap};
use crate::ui::widget::{field, pane, sign};
use crate::ui::{Keys, Output, Role, Theme, format};

/// What can be done about a source that failed, behind its key.
const RETRY: &str = " try again";

/// Draws the page.
pub fn draw(
    page: &Home,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let mut output = Output::default();
    let (area, cursor) = field::above(&page.narrow, "", theme, area, buffer);
    output.cursor = cursor;
    let keys = keys(page, shared);
    let area = sources(shared, keys, theme, area, buffer);
    let area = hint(shared, theme, area, buffer);
    let shown = page.shown(shared.narrow());
    let mut column = |panes: &[usize], area: Rect| {
        let rows = stack(page, shared, panes, theme, area, buffer);
        output.drawn.page_rows = output.drawn.page_rows.max(rows);
    };
    if shared.narrow() {
        column(&shown, area);
    } else {
        let (left, right) = shown.iter().partition::<Vec<usize>, _>(|&&at| {
            page.panes
                .get(at)
                .is_some_and(|pane| !pane.topic.on_right())
        });
        let half = area.width / 2;
        let columns = Rect {
            width: half - 1,
            ..area
        };
        column(&left, columns);
        let rest = Rect {
            x: area.x + half + 2,
            width: area.width.saturating_sub(half + 2),
            ..area
        };
        column(&right, rest);
        let rule = Rect {
            x: area.x + half,
            width: 1,
            ..area
        };
        for row in 0..area.height {
            Pen::new(buffer, theme, rule, row).write("│", Role::Rule);
        }
    }
    output
}

fn keys<'a>(page: &Home, shared: &'a Shared) -> Keys<'a> {
    Keys::of(shared, page.context(), page.typing())
}

/// Sources that failed, with why; returns what is below.
fn sources(
    shared: &Shared,
    keys: Keys<'_>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Rect {
    let key = keys.key(Command::Sync);
    let failed = shared
        .sources
        .iter()
        .filter(|source| source.error.is_some());
    let mut row = 0;
    for source in failed.take(usize::from(area.height / 8)) {
        let mut pen = Pen::new(buffer, theme, area, row);
        pen.write("✗ ", Role::Bad)
            .write(&source.name, Role::Strong)
            .skip(2);
        let retry = key.as_ref().map_or(0, |key| width(key) + width(RETRY));
        let room = pen.left().saturating_sub(retry + 2);
        let error = source.error.as_deref().unwrap_or_default();
        let from = pen
            .write(&cut(error, room), Role::Text)
            .to_right(retry)
            .column();
        if let Some(key) = &key {
            pen.write(key, Role::Key)
                .write(RETRY, Role::Dim)
                .hit(from, Target::Command(Command::Sync));
        }
        row += 1;
    }
    pane::below(area, if row == 0 { 0 } else { row + 1 })
}

/// The line that says where the data comes from; returns what is above it.
fn hint(shared: &Shared, theme: &Theme, area: Rect, buffer: &mut Surface) -> Rect {
    let Some(hint) = shared.hint.as_ref().filter(|_| area.height > 8) else {
        return area;
    };
    let lines = wrap(hint, usize::from(area.width));
    let rows = u16::try_from(lines.len()).unwrap_or(1).min(2);
    let above = Rect {
        height: area.height.saturating_sub(rows + 1),
        ..area
    };
    for (row, line) in (area.height.saturating_sub(rows)..area.height).zip(lines) {
        Pen::new(buffer, theme, area, row).write(&line, Role::Dim);
    }
    above
}

/// Draws panes one below the other; returns how many rows the focused one's list has, 0 if it is not among them.
fn stack(
    page: &Home,
    shared: &Shared,
    panes: &[usize],
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> usize {
    let panes = fitting(page, panes, area.height);
    let wanted: Vec<u16> = panes
        .iter()
        .filter_map(|&at| page.panes.get(at))
        .map(|pane| rows_of(page, pane, shared, area.width))
        .collect();
    let titles = u16::try_from(panes.len()).unwrap_or(0) * 2;
    let heights = share(&wanted, (area.height + 1).saturating_sub(titles));
    let mut rest = area;
    let mut focused = 0;
    for (&at, &rows) in panes.iter().zip(&heights) {
        let here = Rect {
            height: (rows + 1).min(rest.height),
            ..rest
        };
        draw_pane(page, at, shared, theme, here, buffer);
        if at == page.focus {
            focused = usize::from(rows);
        }
        rest = pane::below(rest, rows + 2);
    }
    focused
}

/// The panes for which there is room (a title, two rows and space), the focused one among them.
fn fitting(page: &Home, panes: &[usize], height: u16) -> Vec<usize> {
    let most = usize::from((height + 1) / 4).max(1);
    let here = panes.iter().position(|&at| at == page.focus).unwrap_or(0);
    let first = (here + 1)
        .saturating_sub(most)
        .min(panes.len().saturating_sub(most));
    panes.iter().skip(first).take(most).copied().collect()
}

/// How many rows a pane would like to have.
fn rows_of(page: &Home, pane: &Pane, shared: &Shared, columns: u16) -> u16 {
    let rows = if pane.items.is_empty() {
        wrap(&nothing(page, pane.topic, shared), usize::from(columns)).len()
    } else {
        pane.items.len() + notes(pane, shared, columns).len()
    };
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// Parts `room` rows among those who want some, the same to each as long as it wants it.
fn share(wanted: &[u16], mut room: u16) -> Vec<u16> {
    let mut given = vec![0; wanted.len()];
    loop {
        let mut changed = false;
        for (given, wanted) in given.iter_mut().zip(wanted) {
            if room > 0 && *given < *wanted {
                *given += 1;
                room -= 1;
                changed = true;
            }
        }
        if !changed {
            return given;
        }
    }
}

fn title(topic: Topic, shared: &Shared) -> String {
    match topic {
        Topic::Yours => "Yours",
        Topic::Kinds if shared.organization.is_empty() => "The catalog",
        Topic::Kinds => return format!("The catalog of {}", shared.organization),
        Topic::NeedsLook => "Needs a look",
        Topic::Starred => "Starred",
        Topic::Recent => "Recent",
        Topic::Teams => "Teams",
    }
    .to_owned()
}

/// What an empty pane says: why, and how to fill it.
fn nothing(page: &Home, topic: Topic, shared: &Shared) -> String {
    let keys = keys(page, shared);
    let said = match topic {
        _ if page.narrow.is_on() => return keys.all_again("Nothing here has these words"),
        Topic::Yours if shared.personal.identity.groups.is_empty() => {
            "The catalog does not know you as a member of any group, so nothing can be yours yet. Is stagedoor.me right?"
        }
        Topic::Yours => {
            let way = (Command::HomeTemplates, "to make something from a template");
            return keys.advice("Your teams own nothing yet.", &[way]);
        }
        Topic::Kinds if shared.syncing => "The first refresh is under way…",
        Topic::Kinds => {
            "Nothing here yet. Point stagedoor at your descriptors: stagedoor --source ./catalog, or --source github:ORG"
        }
        Topic::NeedsLook => "✓ All is well with what is yours.",
        Topic::Starred => {
            let there = Keys::of(shared, Context::Entity, false);
            let way = (Command::EntityStar, "on an entity to keep it here");
            return match there.ways(&[way]) {
                Some(_) => there.advice("", &[way]),
                None => "Entities that have a star are kept here.".to_owned(),
            };
        }
        Topic::Recent => {
            let way = (Command::Find, "to find something");
            return keys.advice("What you open shows up here.", &[way]);
        }
        Topic::Teams => "You are in no group of this catalog.",
    };
    said.to_owned()
}

/// What stands below a pane's rows.
fn notes(pane: &Pane, shared: &Shared, columns: u16) -> Vec<String> {
    if pane.topic == Topic::Kinds && shared.personal.identity.me.is_none() {
        let text = "\nWho are you? Set stagedoor.me in app-config.yaml, like user:default/jane, and this page shows \
                    what is yours.";
        return wrap(text, usize::from(columns));
    }
    Vec::new()
}

/// Draws a pane, which is number `number` of the page.
fn draw_pane(
    page: &Home,
    number: usize,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    let Some(pane) = page.panes.get(number) else {
        return;
    };
    let focused = number == page.focus;
    let count = match (pane.topic, pane.items.len()) {
        (_, 0) => String::new(),
        (Topic::Kinds, _) => format::count(shared.index.len()),
        (_, len) => {
            let more = pane.items.iter().map(|item| match item {
                Item::Cause { count, .. } => count.saturating_sub(1),
                _ => 0,
            });
            format::count(len + more.sum::<usize>())
        }
    };
    buffer.hit(area, Target::Part(Part::Pane(number)));
    let list = pane::titled(
        &title(pane.topic, shared),
        &count,
        focused,
        theme,
        area,
        buffer,
    );
    if pane.items.is_empty() {
        let lines = wrap(&nothing(page, pane.topic, shared), usize::from(list.width));
        for (row, line) in (0..).zip(lines) {
            Pen::new(buffer, theme, list, row).write(&line, Role::Dim);
        }
        return;
    }
    let window = pane
        .cursor
        .window(pane.items.len(), usize::from(list.height));
    let mut rows: u16 = 0;
    for at in window {
        let Some(item) = pane.items.get(at) else {
            break;
        };
        let target = Target::Item(Part::Pane(number), at);
        let mut pen = Pen::new(buffer, theme, list, rows).on_target(target);
        if focused && at == pane.cursor.selected {
            pen = pen.on_cursor(true);
        }
        draw_item(&mut pen, item, pane.topic, shared);
        rows += 1;
    }
    for line in notes(pane, shared, list.width) {
        Pen::new(buffer, theme, list, rows).write(&line, Role::Dim);
        rows += 1;
    }
}

fn draw_item(pen: &mut Pen<'_>, item: &Item, topic: Topic, shared: &Shared) {
    match item {
        Item::Entity { row, starred } => {
            entity(pen, *row, *starred && topic != Topic::Starred, shared);
        }
        Item::Gone(entity_ref) => {
            pen.skip(2)
                .write(&entity_ref.humanize(None), Role::Dim)
                .skip(2)
                .write("no longer in the catalog", Role::Dim);
        }
        Item::Team(team) => {
            let people = format::count(team.people);
            let things = format::count(team.things);
            let tail = 26;
            let name = pen.left().saturating_sub(2 + tail);
            pen.skip(2)
                .column_of(shared.index.name(team.row), name, Role::Strong);
            if team.parent {
                pen.column_of("  parent", 13, Role::Dim);
            } else {
                pen.right_of(&people, 5, Role::Text).column_of(
                    if team.people == 1 {
                        " person"
                    } else {
                        " people"
                    },
                    8,
                    Role::Dim,
                );
            }
            pen.right_of(&things, 6, Role::Text)
                .write(" owned", Role::Dim);
        }
        Item::Finding {
            row,
            level,
            message,
        } => {
            sign::level(pen, *level).skip(1);
            let name = (pen.left() / 3).clamp(12, 26);
            pen.column_of(shared.index.name(*row), name, Role::Strong)
                .skip(2)
                .write(message, Role::Text);
        }
        Item::Cause { rule, level, count } => {
            let count = format::count(*count);
            sign::level(pen, *level)
                .skip(1)
                .write(&format::capitalized(rule.title()), Role::Strong)
                .to_right(width(&count))
                .write(&count, Role::Text);
        }
        Item::Kind(kind, count) => {
            pen.skip(2).column_of(kind, 14, Role::Strong).right_of(
                &format::count(*count),
                9,
                Role::Text,
            );
        }
        Item::Broken(count) => {
            pen.write("! ", Role::Warning)
                .column_of("with problems", 14, Role::Text)
                .right_of(&format::count(*count), 9, Role::Text);
        }
    }
}

/// An entity: star, name, what it is, how mature, whether something is wrong.
fn entity(pen: &mut Pen<'_>, row: Row, starred: bool, shared: &Shared) {
    let Some(summary) = shared.index.summary(row) else {
        return;
    };
    sign::star(pen, starred);
    let lifecycle = if pen.left() >= 52 { 14 } else { 0 };
    let marks = 1 + sign::problems_room(pen.theme());
    let name = pen.left().saturating_sub(13 + lifecycle + marks);
    // A component is known by its type; a template of type "service" is still a template.
    let typed = matches!(
        Kind::parse(summary.kind),
        Kind::Component | Kind::Api | Kind::Resource
    );
    let what = if typed && !summary.entity_type.is_empty() {
        summary.entity_type.to_owned()
    } else {
        summary.kind.to_lowercase()
    };
    pen.column_of(summary.name, name, Role::Strong)
        .skip(1)
        .column_of(&what, 12, Role::Dim);
    if lifecycle > 0 {
        pen.skip(1)
            .column_of(summary.lifecycle, lifecycle - 1, Role::Dim);
    }
    sign::problems(pen.skip(1), summary.problems);
}
