//! The drawing of the table: only the rows in sight are formatted. Which columns there are depends on the width and on
//! whether a kind is chosen, never on the rows, so that nothing jumps.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::catalog::{Catalog, Order};
use crate::catalog::index::{Column, Facet, Summary};
use crate::ui::text::{Pen, wrap};
use crate::ui::widget::{pane, sign};
use crate::ui::{Role, Theme, format};

/// Columns of the star before a name and of the mark behind it.
const MARKS: usize = 2 + 4;
/// The least and the most columns of a name.
const NAME: (usize, usize) = (22, 46);

/// A column of the table besides the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Kind,
    Type,
    Owner,
    System,
    Lifecycle,
    Tags,
}

impl Field {
    /// In the order in which they stand.
    const ALL: [Self; 6] = [
        Self::Kind,
        Self::Type,
        Self::Owner,
        Self::System,
        Self::Lifecycle,
        Self::Tags,
    ];
    /// In the order in which they are given room.
    const BY_IMPORTANCE: [Self; 6] = [
        Self::Kind,
        Self::Owner,
        Self::Lifecycle,
        Self::Type,
        Self::System,
        Self::Tags,
    ];

    fn columns(self) -> usize {
        match self {
            Self::Kind => 10,
            Self::Type => 11,
            Self::Owner => 18,
            Self::System | Self::Tags => 16,
            Self::Lifecycle => 13,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Kind => "KIND",
            Self::Type => "TYPE",
            Self::Owner => "OWNER",
            Self::System => "SYSTEM",
            Self::Lifecycle => "LIFECYCLE",
            Self::Tags => "TAGS",
        }
    }

    fn order(self) -> Option<Column> {
        Some(match self {
            Self::Kind => Column::Kind,
            Self::Type => Column::Type,
            Self::Owner => Column::Owner,
            Self::System => Column::System,
            Self::Lifecycle => Column::Lifecycle,
            Self::Tags => return None,
        })
    }
}

/// The columns of a table of some width.
struct Columns {
    name: usize,
    fields: Vec<Field>,
}

impl Columns {
    fn of(page: &Catalog, width: usize) -> Self {
        let one_kind = page
            .filter
            .chosen
            .values
            .get(&Facet::Kind)
            .is_some_and(|kinds| kinds.len() == 1);
        let mut room = width.saturating_sub(MARKS + NAME.0);
        let mut fields = Vec::new();
        for field in Field::BY_IMPORTANCE {
            if field == Field::Kind && one_kind {
                continue;
            }
            match room.checked_sub(field.columns() + 1) {
                Some(rest) => {
                    room = rest;
                    fields.push(field);
                }
                None => break,
            }
        }
        let name = if fields.contains(&Field::Tags) {
            (NAME.0 + room).min(NAME.1)
        } else {
            NAME.0 + room
        };
        Self {
            name: name.min(width.saturating_sub(MARKS)),
            fields: Field::ALL
                .into_iter()
                .filter(|field| fields.contains(field))
                .collect(),
        }
    }
}

/// Draws the table; returns how many rows its list has.
pub(super) fn draw(
    page: &Catalog,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> usize {
    let columns = Columns::of(page, usize::from(area.width));
    head(page, &columns, theme, area, buffer);
    let list = pane::below(area, 1);
    if page.rows.is_empty() {
        for (row, line) in (1..).zip(wrap(
            nothing(page, shared),
            usize::from(list.width.saturating_sub(2)),
        )) {
            Pen::new(buffer, theme, list, row)
                .skip(2)
                .write(&line, Role::Dim);
        }
    }
    let height = usize::from(list.height);
    for (row, at) in (0..).zip(page.cursor.window(page.rows.len(), height)) {
        let summary = page.rows.get(at).and_then(|&row| shared.index.summary(row));
        let Some(summary) = summary else { break };
        let mut pen = Pen::new(buffer, theme, list, row);
        if at == page.cursor.selected {
            pen = pen.on_cursor(!page.in_facets);
        }
        draw_row(&mut pen, &summary, &columns, shared);
    }
    height
}

fn nothing(page: &Catalog, shared: &Shared) -> &'static str {
    if page.searching() {
        "Searching…"
    } else if shared.index.is_empty() && shared.syncing {
        "The first refresh is under way…"
    } else if shared.index.is_empty() {
        "The catalog is empty. Point stagedoor at your descriptors: stagedoor --source ./catalog, or --source github:ORG"
    } else {
        "Nothing fits all of this. Press x to see everything again, or f to change the filters."
    }
}

fn head(page: &Catalog, columns: &Columns, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut pen = Pen::new(buffer, theme, area, 0);
    let mut title = |text: &str, wide: usize, order: Option<Column>| {
        let sorted = order.is_some_and(|column| page.order == Order::By(column));
        let arrow = if page.reversed { " ▾" } else { " ▴" };
        if sorted {
            pen.column_of(&format!("{text}{arrow}"), wide, Role::Strong);
        } else {
            pen.column_of(text, wide, Role::Dim);
        }
    };
    title("", 2, None);
    let name = match page.order {
        Order::Match => "BEST MATCH",
        Order::By(Column::Problems) => "NAME, BY PROBLEMS",
        Order::By(_) => "NAME",
    };
    title(name, columns.name + MARKS - 2, Some(Column::Name));
    for field in &columns.fields {
        title("", 1, None);
        title(field.title(), field.columns(), field.order());
    }
}

fn draw_row(pen: &mut Pen<'_>, summary: &Summary<'_>, columns: &Columns, shared: &Shared) {
    let starred = shared
        .index
        .entity_ref(summary.row)
        .is_some_and(|entity_ref| shared.is_starred(&entity_ref));
    sign::star(pen, starred);
    pen.column_of(summary.name, columns.name, Role::Strong);
    sign::problems(pen.skip(1), summary.problems);
    for field in &columns.fields {
        let text = match field {
            Field::Kind => &summary.kind.to_lowercase(),
            Field::Type => summary.entity_type,
            Field::Owner => format::short_ref(summary.owner, "group"),
            Field::System => format::short_ref(summary.system, "system"),
            Field::Lifecycle => summary.lifecycle,
            Field::Tags => summary.tags,
        };
        let role = match field {
            Field::Owner | Field::System => Role::Text,
            _ => Role::Dim,
        };
        pen.skip(1);
        if *field == Field::Tags {
            pen.write(text, role);
        } else {
            pen.column_of(text, field.columns(), role);
        }
    }
}
