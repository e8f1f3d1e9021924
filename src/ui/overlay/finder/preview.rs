//! The finder's look at what is selected.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::command::Info;
use crate::app::message::{Origin, Passage};
use crate::app::overlay::finder::Finder;
use crate::catalog::Terms;
use crate::catalog::index::Summary;
use crate::ui::Surface;
use crate::ui::text::{Pen, wrap};
use crate::ui::widget::{document, markdown, pane, sign};
use crate::ui::{Role, Theme, format};

/// How much text is drawn at most, in bytes: more than a screen holds.
const MOST: usize = 4_000;
/// How many lines of a text stand above the first match.
const LEAD: usize = 2;

/// Draws the preview.
pub(super) fn draw(
    finder: &Finder,
    model: &Model,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    let selected = finder.cursor.selected;
    if let Some(found) = finder.passage(selected) {
        passage(found, &finder.terms, theme, area, buffer);
    } else if let Some(info) = finder.action(selected) {
        action(info, finder, model, theme, area, buffer);
    } else if let Some(summary) = finder
        .hit(selected)
        .and_then(|hit| model.shared.index.summary(hit.row))
    {
        entity(&summary, finder, model, theme, area, buffer);
    }
}

fn entity(
    summary: &Summary<'_>,
    finder: &Finder,
    model: &Model,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    let mut row = 0;
    let title = if summary.title.is_empty() {
        summary.name
    } else {
        summary.title
    };
    Pen::new(buffer, theme, area, row).write(title, Role::Strong);
    row += 1;
    let facts = [summary.kind, summary.entity_type, summary.lifecycle];
    let facts: Vec<_> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    Pen::new(buffer, theme, area, row).write(&facts.join(" · "), Role::Dim);
    row += 2;
    let detail = finder.detail.as_ref();
    let description = detail
        .and_then(|detail| detail.entity.description())
        .unwrap_or(summary.description);
    if !description.is_empty() {
        let space = Rect {
            height: area.height.saturating_sub(row + 8),
            ..pane::below(area, row)
        };
        row += markdown::draw(description, theme, space, buffer) + 1;
    }
    let labelled = [
        ("owner", format::short_ref(summary.owner, "group")),
        ("system", format::short_ref(summary.system, "system")),
        ("tags", summary.tags),
    ];
    for (label, value) in labelled {
        if !value.is_empty() {
            Pen::new(buffer, theme, area, row)
                .column_of(label, 9, Role::Dim)
                .write(value, Role::Text);
            row += 1;
        }
    }
    let relations = model.shared.index.relations(summary.row).count();
    if relations > 0 {
        let text = format::count(relations);
        Pen::new(buffer, theme, area, row)
            .column_of("links", 9, Role::Dim)
            .write(&text, Role::Text);
        row += 1;
    }
    sign::tally(
        &mut Pen::new(buffer, theme, area, row + 1),
        summary.problems,
    );
}

/// A text from a little above its first match, with what matched marked.
fn passage(passage: &Passage, terms: &Terms, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let columns = usize::from(area.width);
    let mut row = 0;
    for line in wrap(&passage.title, columns).iter().take(2) {
        Pen::new(buffer, theme, area, row).write(line, Role::Strong);
        row += 1;
    }
    let place = match &passage.origin {
        Origin::Docs {
            entity_ref, page, ..
        } => format!("{} · {page}", entity_ref.name()),
        Origin::Operation { entity_ref, .. } => format!("operation of {}", entity_ref.name()),
        Origin::Elsewhere { source, url } => format!("{source} · {url}"),
    };
    Pen::new(buffer, theme, area, row).write(&place, Role::Dim);
    row += 2;
    if !passage.heading.is_empty() && passage.heading != passage.title {
        for line in wrap(&passage.heading, columns).iter().take(2) {
            Pen::new(buffer, theme, area, row).write(line, Role::Subheading);
            row += 1;
        }
        row += 1;
    }
    let space = pane::below(area, row);
    document::draw(around(&passage.text, terms), theme, space, buffer);
    mark(terms, theme, space, buffer);
}

/// Marks what matched in what is drawn.
fn mark(terms: &Terms, theme: &Theme, area: Rect, buffer: &mut Surface) {
    for y in area.top()..area.bottom() {
        let mut text = String::new();
        let mut columns = Vec::new();
        for x in area.left()..area.right() {
            let symbol = buffer.cell((x, y)).map_or("", |cell| cell.symbol());
            columns.extend(std::iter::repeat_n(x, symbol.len()));
            text.push_str(symbol);
        }
        for found in terms.marks(&text) {
            for x in columns.get(found).unwrap_or_default() {
                if let Some(cell) = buffer.cell_mut((*x, y)) {
                    cell.set_style(theme.style(Role::Match));
                }
            }
        }
    }
}

/// The part of `text` that is worth a look: from some lines above the first match on.
fn around<'t>(text: &'t str, terms: &Terms) -> &'t str {
    let first = terms.marks(text).first().map_or(0, |mark| mark.start);
    let before = text.get(..first).unwrap_or_default();
    let starts = before.rmatch_indices('\n').map(|(at, _)| at + 1);
    let start = starts.chain([0]).nth(LEAD).unwrap_or(0);
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.trim_start_matches('\n');
    let end = (0..=MOST.min(rest.len()))
        .rev()
        .find(|at| rest.is_char_boundary(*at));
    rest.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// What an action does, by which key, and why it cannot be done now.
fn action(
    info: &Info,
    finder: &Finder,
    model: &Model,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    let columns = usize::from(area.width);
    let mut row = 0;
    for line in wrap(info.help, columns) {
        Pen::new(buffer, theme, area, row).write(&line, Role::Strong);
        row += 1;
    }
    row += 1;
    let key = model
        .shared
        .keymap
        .chord_for(info, finder.context, model.page().typing())
        .map(ToString::to_string)
        .unwrap_or_default();
    for (label, value) in [
        ("key", key.as_str()),
        ("where", info.context.title()),
        ("name", info.id),
        ("danger", info.danger.words()),
    ] {
        if !value.is_empty() {
            Pen::new(buffer, theme, area, row)
                .column_of(label, 9, Role::Dim)
                .write(value, Role::Text);
            row += 1;
        }
    }
    if let Some(why) = model.why_not(info.command) {
        row += 1;
        for line in wrap(why, columns) {
            Pen::new(buffer, theme, area, row).write(&line, Role::Warning);
            row += 1;
        }
    }
}
