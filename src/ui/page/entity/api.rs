//! The drawing of the API tab.

mod list;
mod source;

use ratatui::layout::Rect;

use super::overview::draw_item;
use crate::app::Shared;
use crate::app::page::entity::{Entity, Shown, View};
use crate::catalog::RelationType;
use crate::catalog::entity_ref::short_ref;
use crate::catalog::index::Neighbor;
use crate::ui::Surface;
use crate::ui::text::{Pen, cut, width, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{Keys, Output, Role, Theme};

/// Columns of a relation's label.
const LABEL: usize = 12;
/// A screen with fewer rows than this says only the most needful above a list.
const LOW: u16 = 12;

/// Draws the tab.
pub(super) fn draw(
    page: &Entity,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let mut output = Output::default();
    output.drawn.page_rows = usize::from(area.height);
    let say = |text: &str, buffer: &mut Surface| {
        for (row, line) in (0..).zip(wrap(text, usize::from(area.width))) {
            Pen::new(buffer, theme, area, row).write(&line, Role::Dim);
        }
    };
    match &page.api.view {
        View::Loading => say("Loading…", buffer),
        View::Nothing => say(
            "This API has no definition. Give it a spec.definition, or a $text that points to one.",
            buffer,
        ),
        View::Related(related) if related.is_empty() => say(
            "It provides and consumes no API that its descriptor names.",
            buffer,
        ),
        View::Related(related) if related.items.is_empty() => {
            let keys = Keys::of(shared, page.context(), page.typing());
            field::nothing("No API", keys, theme, area, buffer);
        }
        View::Related(related) => {
            let (items, cursor) = (&related.items, related.cursor);
            for (row, at) in (0..).zip(cursor.window(items.len(), usize::from(area.height))) {
                let Some(item) = items.get(at) else { break };
                let mut pen = Pen::new(buffer, theme, area, row).on_spot(Some(at));
                if at == cursor.selected {
                    pen = pen.on_cursor(true);
                }
                draw_item(&mut pen, item, LABEL);
            }
        }
        View::Definition(shown) => {
            let below = head(page, shown, shared, theme, area, buffer);
            output = match &shown.list {
                Some(list) if !shown.in_source => {
                    list::draw(shown, list, shared, theme, below, buffer)
                }
                _ => source::draw(&shown.source, theme, below, buffer),
            };
        }
    }
    output
}

/// What the definition calls itself, where it is served, who provides and consumes it; returns what is below.
fn head(
    page: &Entity,
    shown: &Shown,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Rect {
    let mut pen = Pen::new(buffer, theme, area, 0);
    let mut used = 1;
    if let Some(list) = &shown.list {
        let outline = &list.outline;
        let title = format!("{} {}", outline.title, outline.version);
        let title = title.trim();
        if !title.is_empty() {
            pen.write(title, Role::Strong).skip(2);
        }
        pen.write(&outline.dialect, Role::Dim);
        if shown.in_source {
            pen.write(" · source", Role::Dim);
        }
        pen.skip(2);
        if let Some(server) = outline
            .servers
            .first()
            .filter(|server| width(server) <= pen.left())
        {
            pen.to_right(width(server)).write(server, Role::Dim);
        }
    } else {
        let about = page
            .detail()
            .and_then(|detail| detail.entity.spec_str("type"));
        pen.write(about.unwrap_or("API"), Role::Strong)
            .write(" · source", Role::Dim);
    }
    if area.height >= LOW {
        used += u16::from(ends(page, shared, theme, pane::below(area, used), buffer));
    }
    if let Some(why) = &shown.why {
        let (sign, role) = if why.is_mistake {
            ("! ", Role::Warning)
        } else {
            ("○ ", Role::Info)
        };
        let lines = wrap(&why.text, usize::from(area.width.saturating_sub(2)));
        for (row, line) in (0..area.height / 3).zip(lines) {
            Pen::new(buffer, theme, pane::below(area, used), 0)
                .write(if row == 0 { sign } else { "  " }, role)
                .write(&line, Role::Text);
            used += 1;
        }
    }
    pane::below(area, used + u16::from(area.height >= LOW))
}

/// Who provides and who consumes it, on a line; whether there is anybody.
fn ends(page: &Entity, shared: &Shared, theme: &Theme, area: Rect, buffer: &mut Surface) -> bool {
    let Some(row) = shared.index.row_of(&page.entity_ref) else {
        return false;
    };
    let mut pen = Pen::new(buffer, theme, area, 0);
    let mut any = false;
    for (wanted, label) in [
        (RelationType::ApiProvidedBy, "provided by "),
        (RelationType::ApiConsumedBy, "consumed by "),
    ] {
        let relations = shared.index.relations(row).filter(|(of, _)| *of == wanted);
        let names: Vec<String> = relations
            .map(|(_, end)| match end {
                Neighbor::Entity(row) => shared.index.name(row).to_owned(),
                Neighbor::Missing(full) => short_ref(full, "component").to_owned(),
            })
            .collect();
        if names.is_empty() {
            continue;
        }
        if any {
            pen.skip(3);
        }
        let room = if any { pen.left() } else { pen.left() * 2 / 3 };
        let text = cut(&names.join(", "), room.saturating_sub(width(label)));
        pen.write(label, Role::Dim).write(&text, Role::Text);
        any = true;
    }
    any
}
