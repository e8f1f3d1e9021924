//! The list of the finder: a line for each thing, with what matched in it.

use ratatui::layout::Rect;

use crate::app::command::{Command, Info};
use crate::app::message::{Origin, Passage};
use crate::app::overlay::finder::{Chip, Finder};
use crate::app::pointer::{Part, Target};
use crate::app::{Model, Shared};
use crate::catalog::Terms;
use crate::catalog::index::Summary;
use crate::search::{Field, Hit};
use crate::ui::Surface;
use crate::ui::text::{Pen, cut, width};
use crate::ui::widget::{offers, sign};
use crate::ui::{Role, Theme, format};

/// Columns of a result's name, unless it is longer.
const NAME: usize = 26;
/// Columns of what a result is, and of the space behind it.
const KIND: usize = 11;

/// Draws the list.
pub(super) fn draw(
    finder: &Finder,
    model: &Model,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    let known = finder.is_answered() && !finder.found.cancelled && !finder.offers.awaited;
    if finder.rows.is_empty() {
        if known && !finder.field.text().is_empty() {
            Pen::new(buffer, theme, area, 0).write(&advice(finder, &model.shared), Role::Dim);
        }
        return;
    }
    let window = finder
        .cursor
        .window(finder.rows.len(), usize::from(area.height));
    for (row, at) in (0..).zip(window) {
        let target = Target::Item(Part::Over, at);
        let mut pen = Pen::new(buffer, theme, area, row).on_target(target);
        if at == finder.cursor.selected {
            pen = pen.on_cursor(true);
        }
        if let Some(found) = finder.passage(at) {
            passage(&mut pen, found, &finder.terms);
        } else if let Some(info) = finder.action(at) {
            action(&mut pen, info, finder, model);
        } else if let Some(hit) = finder.hit(at)
            && let Some(summary) = model.shared.index.summary(hit.row)
        {
            let entity_ref = model.shared.index.entity_ref(hit.row);
            let starred = entity_ref.is_some_and(|it| model.shared.is_starred(&it));
            entity(&mut pen, hit, &summary, starred, &finder.terms);
        }
    }
}

/// What to do where nothing is listed.
fn advice(finder: &Finder, shared: &Shared) -> String {
    let keys = super::keys(shared);
    match &finder.chip {
        Chip::All if finder.field.text().trim_start().starts_with('>') => {
            "Nothing that can be done here has these words.".to_owned()
        }
        Chip::All if !finder.offers.list.is_empty() => {
            offers::go_on(keys.sign(Command::FinderComplete))
        }
        Chip::All if finder.terms == Terms::default() => {
            "Nothing fits all of this. Take a filter away, or write it otherwise.".to_owned()
        }
        Chip::All => {
            "Nothing has these words. Try fewer letters, or owner:, kind:, tag:.".to_owned()
        }
        chip => match keys.key(Command::FinderNarrow) {
            Some(key) => format!(
                "Nothing under {}; {key} shows the other kinds.",
                chip.title()
            ),
            None => format!("Nothing under {}.", chip.title()),
        },
    }
}

/// One entity: the name first and, where there is room, uncut; then what it is, whose, and in which state, or why it is
/// here where that is not seen; as far as they fit.
pub(in crate::ui) fn entity(
    pen: &mut Pen<'_>,
    hit: &Hit,
    summary: &Summary<'_>,
    starred: bool,
    terms: &Terms,
) {
    sign::star(pen, starred);
    let columns = pen.left();
    let longest = if columns >= 58 { columns } else { columns / 2 };
    let name = (width(summary.name) + 2).clamp(NAME.min(longest), longest);
    pen.write_matched(
        summary.name,
        &hit.name_matches,
        Role::Strong,
        name.saturating_sub(2),
    )
    .skip(1);
    sign::problems(pen, summary.problems);
    let kind = summary.kind.to_lowercase();
    if pen.left() < width(&kind) {
        return;
    }
    pen.column_of(&cut(&kind, KIND - 2), KIND, Role::Dim);
    if hit.field == Field::Title {
        let room = pen.left();
        pen.write_matched(summary.title, &hit.title_matches, Role::Dim, room);
        return;
    }
    if hit.field == Field::Description {
        let said = terms.snippet(summary.description);
        return marked(pen, &said);
    }
    let owner = format::short_ref(summary.owner, "group");
    for (text, room) in [(owner, 16), (summary.lifecycle, 13)] {
        if pen.left() < room.min(width(text)) {
            break;
        }
        pen.column_of(&cut(text, room - 1), room, Role::Dim);
    }
}

/// A text whose matches stand between the marks of a snippet.
fn marked(pen: &mut Pen<'_>, snippet: &str) {
    for part in snippet.split('\u{2}') {
        match part.split_once('\u{3}') {
            Some((hit, rest)) => pen.write(hit, Role::Match).write(rest, Role::Dim),
            None => pen.write(part, Role::Dim),
        };
    }
}

/// One text: what it is called, and where it stands.
fn passage(pen: &mut Pen<'_>, passage: &Passage, terms: &Terms) {
    let Passage {
        origin,
        title,
        heading,
        ..
    } = passage;
    pen.skip(2);
    let place = match origin {
        Origin::Docs { entity_ref, .. } => format!("docs · {}", entity_ref.name()),
        Origin::Operation { entity_ref, .. } => format!("operation · {}", entity_ref.name()),
        Origin::Elsewhere { source, .. } => source.clone(),
    };
    let place = cut(&place, 28.min(pen.left() / 2));
    let room = pen.left().saturating_sub(width(&place) + 2);
    let write = |pen: &mut Pen<'_>, text: &str, role: Role, left: usize| {
        let text = cut(text, left);
        let columns = width(&text);
        pen.write_matched(&text, &terms.marked_characters(&text), role, columns);
        left - columns
    };
    let is_plain = heading.is_empty() || heading == title;
    let (first, between) = match origin {
        Origin::Docs { .. } | Origin::Elsewhere { .. } if !is_plain => (Role::Text, " › "),
        _ => (Role::Strong, "  "),
    };
    let mut left = write(pen, title, first, room);
    if !is_plain && left > 6 {
        pen.write(between, Role::Dim);
        left -= width(between);
        let role = match origin {
            Origin::Operation { .. } => Role::Dim,
            _ => Role::Strong,
        };
        write(pen, heading, role, left);
    }
    pen.to_right(width(&place)).write(&place, Role::Dim);
}

/// One action: what it does and its key, and as much as there is room for of why it cannot be done now.
fn action(pen: &mut Pen<'_>, info: &Info, finder: &Finder, model: &Model) {
    let key = model
        .shared
        .keymap
        .chord_for(info, finder.context, model.page().typing())
        .map(ToString::to_string)
        .unwrap_or_default();
    let why = model.why_not(info.command);
    // What cannot be done has a sign of its own, where its reason has no room, too.
    pen.column_of(if why.is_some() { "○" } else { ">" }, 2, Role::Dim);
    let room = pen.left().saturating_sub(width(&key) + 2);
    let text = match why {
        Some(why) => format!("{}  ({why})", info.help),
        None => info.help.to_owned(),
    };
    let text = cut(&text, room);
    let role = if why.is_some() { Role::Dim } else { Role::Text };
    pen.write_matched(&text, &finder.terms.marked_characters(&text), role, room)
        .to_right(width(&key))
        .write(&key, Role::Key);
}
