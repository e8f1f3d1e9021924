//! The drawing of the entity page: the tabs, and below them the one that is chosen.

mod api;
mod overview;
mod relations;
mod repository;

use ratatui::layout::Rect;

use crate::app::command::Command;
use crate::app::page::entity::{Entity, Load, View};
use crate::app::pointer::Target;
use crate::app::{EntityTab, Shared};
use crate::ui::Surface;
use crate::ui::format;
use crate::ui::text::{Pen, cut_middle, width, wrap};
use crate::ui::widget::{field, pane, sign};
use crate::ui::{Keys, Output, Role, Theme};

/// Draws the page.
pub fn draw(
    page: &Entity,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    tabs(page, shared, theme, area, buffer);
    // A low screen has no room for air.
    let body = pane::below(area, if area.height >= 14 { 2 } else { 1 });
    let keys = Keys::of(shared, page.context(), page.typing());
    let trouble = match &page.load {
        Load::Missing if page.summary(shared).is_none() => Some((
            format!("{} is not in the catalog.", page.entity_ref),
            keys.advice(
                "It may have been renamed or removed.",
                &[
                    (Command::Find, "to find what you were looking for"),
                    (Command::Back, "to go back"),
                ],
            ),
        )),
        Load::Failed(error) => {
            let way = (Command::Sync, "to read the sources again");
            Some((error.clone(), keys.advice("", &[way])))
        }
        _ => None,
    };
    let mut output = Output::default();
    if let Some((what, remedy)) = trouble {
        let text = format!("{what}\n{remedy}");
        for (row, line) in (0..).zip(wrap(&text, usize::from(body.width))) {
            let role = if row == 0 { Role::Text } else { Role::Dim };
            Pen::new(buffer, theme, body, row).write(&line, role);
        }
        return output;
    }
    let mut body = body;
    let above = match page.tab {
        // The choice of relations has its own field.
        EntityTab::Relations => Some(&page.relations.narrow),
        _ => page.narrowing(),
    };
    if let Some(typed) = above {
        let count = count(page).map(format::count).unwrap_or_default();
        (body, output.cursor) = field::above(typed, &count, theme, body, buffer);
    }
    output.drawn.page_rows = match page.tab {
        EntityTab::Overview => overview::draw(page, shared, theme, body, buffer),
        EntityTab::Docs => docs(page, shared, theme, body, buffer),
        EntityTab::Api => {
            let cursor = output.cursor;
            output = api::draw(page, shared, theme, body, buffer);
            output.cursor = output.cursor.or(cursor);
            return output;
        }
        EntityTab::Relations => {
            let (rows, cursor) = relations::draw(page, shared, theme, body, buffer);
            output.cursor = cursor.or(output.cursor);
            rows
        }
        EntityTab::Repository => repository::draw(page, shared, theme, body, buffer),
        EntityTab::Raw => raw(page, theme, body, buffer),
    };
    output
}

/// How many rows are left of what the tab is narrowed to; `None` where they are not counted.
fn count(page: &Entity) -> Option<usize> {
    match page.tab {
        EntityTab::Overview => Some(page.overview.len()),
        EntityTab::Relations => Some(page.relations.len()),
        EntityTab::Api => match &page.api.view {
            View::Related(related) => Some(related.items.len()),
            _ => None,
        },
        EntityTab::Repository => Some(page.repository.len()),
        _ => None,
    }
}

/// The tabs; those without anything to show are dim.
fn tabs(page: &Entity, shared: &Shared, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let mut pen = Pen::new(buffer, theme, area, 0);
    let is_narrow = area.width < 50;
    let gap = if is_narrow { 0 } else { 3 };
    for (number, tab) in EntityTab::ALL.into_iter().enumerate() {
        let from = pen.column();
        let title = match tab {
            EntityTab::Repository if is_narrow => "Repo",
            tab => tab.title(),
        };
        if tab == page.tab {
            pen.write("▸", Role::Accent).write(title, Role::Accent);
        } else {
            let role = if page.has(tab, shared) {
                Role::Text
            } else {
                Role::Dim
            };
            pen.skip(1).write(title, role);
        }
        pen.hit(from, Target::Tab(number)).skip(gap);
    }
    let star = if shared.is_starred(&page.entity_ref) {
        "★ starred"
    } else {
        ""
    };
    let tally = page
        .summary(shared)
        .map(|summary| summary.problems)
        .unwrap_or_default();
    let gap = if star.is_empty() || tally.is_empty() {
        0
    } else {
        3
    };
    let both = sign::tally_width(tally) + gap + width(star);
    // What is wrong is worth more than a star.
    if pen.left() >= both {
        sign::tally(pen.to_right(both), tally)
            .skip(gap)
            .write(star, Role::Warning);
    } else if pen.left() >= sign::tally_width(tally) && !tally.is_empty() {
        sign::tally(pen.to_right(sign::tally_width(tally)), tally);
    } else if pen.left() >= 3 {
        sign::problems(pen.to_right(3), tally);
    }
}

/// The way into the reader.
fn docs(page: &Entity, shared: &Shared, theme: &Theme, area: Rect, buffer: &mut Surface) -> usize {
    let name = page
        .summary(shared)
        .map_or(page.entity_ref.name(), |summary| summary.name);
    if !page.has(EntityTab::Docs, shared) {
        let text =
            format!("{name} has no docs: its annotations name no backstage.io/techdocs-ref.");
        Pen::new(buffer, theme, area, 0).write(&text, Role::Dim);
        return 0;
    }
    Pen::new(buffer, theme, area, 0).write(&format!("The docs of {name}"), Role::Strong);
    let opens = Target::Command(Command::EntityDocs);
    let keys = Keys::of(shared, page.context(), page.typing());
    let (here, anywhere) = (keys.key(Command::Open), keys.key(Command::EntityDocs));
    let mut pen = Pen::new(buffer, theme, area, 2).on_target(opens);
    if let Some(here) = &here {
        pen.write(here, Role::Key)
            .write(" opens the reader. ", Role::Dim);
    }
    if let Some(anywhere) = anywhere {
        let does = if here.is_some() {
            " does."
        } else {
            " opens the reader."
        };
        pen.write("From every tab, ", Role::Dim)
            .write(&anywhere, Role::Key)
            .write(does, Role::Dim);
    }
    usize::from(area.height)
}

/// The YAML, with where it came from on top.
fn raw(page: &Entity, theme: &Theme, area: Rect, buffer: &mut Surface) -> usize {
    let Some(detail) = page.detail() else {
        Pen::new(buffer, theme, area, 0).write("Loading…", Role::Dim);
        return 0;
    };
    let provenance = &detail.entity.provenance;
    let mut from = format!("# {}:{}", provenance.location, provenance.line);
    if let Some(commit) = &provenance.commit {
        from.push_str(" at ");
        from.extend(commit.chars().take(10));
    }
    Pen::new(buffer, theme, area, 0).write(
        &cut_middle(&from, usize::from(area.width)),
        Role::CodeComment,
    );
    let list = pane::below(area, 1);
    let height = usize::from(list.height);
    let top = page
        .raw_top
        .selected
        .min(page.raw.len().saturating_sub(height));
    for (row, line) in (0..list.height).zip(page.raw.iter().skip(top)) {
        yaml(&mut Pen::new(buffer, theme, list, row), line);
    }
    height
}

/// A line of YAML: its key set off from its value.
fn yaml(pen: &mut Pen<'_>, line: &str) {
    let body = line.trim_start_matches([' ', '-']);
    let lead = line.len() - body.len();
    let key = body
        .find(": ")
        .or_else(|| body.strip_suffix(':').map(str::len));
    let plain = |key: &str| {
        key.chars()
            .all(|c| c.is_alphanumeric() || "-_./$".contains(c))
    };
    let parts = key.and_then(|at| {
        let (key, value) = body.split_at_checked(at)?;
        plain(key).then_some((line.get(..lead)?, key, value))
    });
    match parts {
        Some((lead, key, value)) => {
            pen.write(lead, Role::Dim)
                .write(key, Role::CodeName)
                .write_linked(value, Role::Text);
        }
        None => {
            pen.write_linked(line, Role::Text);
        }
    }
}
