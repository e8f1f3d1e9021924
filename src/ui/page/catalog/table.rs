//! The drawing of the table: only the rows in sight are formatted. Which columns there are the user chose; where they did
//! not, it depends on the width and on whether a kind is chosen, never on the rows, so that nothing jumps.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::Command;
use crate::app::page::catalog::{Catalog, Group, Grouping, Line, Order, View};
use crate::app::pointer::{Part, Target};
use crate::catalog::export::Field;
use crate::catalog::index::{Column, Facet, Summary};
use crate::ui::Surface;
use crate::ui::text::{Pen, wrap};
use crate::ui::widget::{offers, pane, sign};
use crate::ui::{Keys, Role, Theme, format};

/// Columns of the star before a name.
const STAR: usize = 2;
/// The least and the most columns of a name.
const NAME: (usize, usize) = (22, 46);
/// The least columns of a field that the user chose.
const NARROWEST: usize = 8;

/// In the order in which columns are given room where nobody chose.
const BY_IMPORTANCE: [Field; 6] = [
    Field::Kind,
    Field::Owner,
    Field::Lifecycle,
    Field::Type,
    Field::System,
    Field::Tags,
];

fn columns(field: Field) -> usize {
    match field {
        Field::Kind => 10,
        Field::Type => 11,
        Field::Owner => 18,
        Field::System | Field::Tags => 16,
        Field::Lifecycle | Field::Namespace => 13,
        Field::Title => 24,
        Field::Description => 32,
    }
}

/// The columns of a table of some width.
struct Columns {
    name: usize,
    /// Of the mark behind the name.
    mark: usize,
    /// Each with its columns of the screen.
    fields: Vec<(Field, usize)>,
}

impl Columns {
    fn of(page: &Catalog, view: &View, width: usize, mark: usize) -> Self {
        let one_kind = page
            .filter
            .chosen
            .values
            .get(&Facet::Kind)
            .is_some_and(|kinds| kinds.len() == 1);
        let wanted: Vec<Field> = match &view.fields {
            Some(fields) => fields.clone(),
            None => BY_IMPORTANCE
                .into_iter()
                .filter(|field| *field != Field::Kind || !one_kind)
                .collect(),
        };
        let mut room = width.saturating_sub(STAR + mark + NAME.0);
        let mut fields: Vec<(Field, usize)> = Vec::new();
        for field in wanted {
            // What was chosen is narrowed until it fits; what was not is left out.
            let columns = if view.fields.is_some() {
                NARROWEST
            } else {
                columns(field)
            };
            match room.checked_sub(columns + 1) {
                Some(rest) => {
                    room = rest;
                    fields.push((field, columns));
                }
                None => break,
            }
        }
        while let Some((_, narrow)) = fields
            .iter_mut()
            .filter(|(field, narrow)| room > 0 && *narrow < columns(*field))
            .min_by_key(|(_, narrow)| *narrow)
        {
            *narrow += 1;
            room -= 1;
        }
        fields.sort_unstable();
        // The last column goes on to the edge, if it is one of text.
        let name = if fields
            .last()
            .is_some_and(|(field, _)| *field >= Field::Tags)
        {
            (NAME.0 + room).min(NAME.1)
        } else {
            NAME.0 + room
        };
        Self {
            name: name.min(width.saturating_sub(STAR + mark)),
            mark,
            fields,
        }
    }
}

/// Draws the table; returns how many rows its list has.
pub(super) fn draw(
    page: &Catalog,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> usize {
    let mark = 1 + sign::problems_room(theme);
    let columns = Columns::of(page, &shared.view, usize::from(area.width), mark);
    head(page, &columns, theme, area, buffer);
    let list = pane::below(area, 1);
    buffer.hit(list, Target::Part(Part::Main));
    if page.rows.is_empty() {
        for (row, line) in (1..).zip(wrap(
            &nothing(page, shared),
            usize::from(list.width.saturating_sub(2)),
        )) {
            Pen::new(buffer, theme, list, row)
                .skip(2)
                .write(&line, Role::Dim);
        }
    }
    let height = usize::from(list.height);
    for (row, at) in (0..).zip(page.cursor.window(page.lines(), height)) {
        let Some(line) = page.line(at) else { break };
        let mut pen = Pen::new(buffer, theme, list, row).on_spot(Some(at));
        if at == page.cursor.selected {
            pen = pen.on_cursor(!page.in_facets && page.menu.is_none());
        }
        match line {
            Line::Group(group) => draw_group(&mut pen, group, &shared.view),
            Line::Row(row) => {
                let Some(summary) = shared.index.summary(row) else {
                    break;
                };
                let marked = page.marks.contains(row);
                draw_row(&mut pen, &summary, marked, &columns, shared);
            }
        }
    }
    height
}

fn nothing(page: &Catalog, shared: &Shared) -> String {
    let keys = Keys::of(shared, page.context(), page.typing());
    let said = if page.searching() {
        "Searching…"
    } else if !page.offers.list.is_empty() {
        return offers::go_on(keys.sign(Command::QueryComplete));
    } else if shared.index.is_empty() && shared.syncing {
        "The first refresh is under way…"
    } else if shared.index.is_empty() {
        "The catalog is empty. Point stagedoor at your descriptors: stagedoor --source ./catalog, or --source github:ORG"
    } else {
        let ways = [
            (Command::CatalogClear, "to see everything again"),
            (Command::CatalogFacets, "to change the filters"),
        ];
        return keys.advice("Nothing fits all of this.", &ways);
    };
    said.to_owned()
}

fn head(page: &Catalog, columns: &Columns, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let mut pen = Pen::new(buffer, theme, area, 0);
    let mut title = |text: &str, wide: usize, sorted: bool, by: Option<Column>| {
        let from = pen.column();
        let arrow = match (theme.is_spoken(), page.reversed) {
            (false, false) => " ▴",
            (false, true) => " ▾",
            (true, false) => " ascending",
            (true, true) => " descending",
        };
        if sorted {
            pen.column_of(&format!("{text}{arrow}"), wide, Role::Strong);
        } else {
            pen.column_of(text, wide, Role::Dim);
        }
        by.map(|column| pen.hit(from, Target::Sort(column)));
    };
    title("", STAR, false, None);
    // What it is sorted by stands there even where that column does not.
    let in_sight = |column: Column| {
        column == Column::Name || columns.fields.iter().any(|(of, _)| of.column() == column)
    };
    let name = match page.order {
        Order::Match if page.reversed => "BEST MATCH LAST".to_owned(),
        Order::Match => "BEST MATCH".to_owned(),
        Order::By(column) if in_sight(column) => "NAME".to_owned(),
        Order::By(column) => format!("NAME, BY {}", column.name().to_uppercase()),
    };
    let told = match page.order {
        Order::Match => false,
        Order::By(column) => column == Column::Name || !in_sight(column),
    };
    let by = Some(Column::Name);
    title(&name, columns.name + columns.mark, told, by);
    for (field, wide) in &columns.fields {
        title("", 1, false, None);
        let sorted = page.order == Order::By(field.column());
        let by = Some(field.column());
        title(&field.name().to_uppercase(), *wide, sorted, by);
    }
}

fn draw_row(
    pen: &mut Pen<'_>,
    summary: &Summary<'_>,
    marked: bool,
    columns: &Columns,
    shared: &Shared,
) {
    let starred = shared
        .index
        .entity_ref(summary.row)
        .is_some_and(|entity_ref| shared.is_starred(&entity_ref));
    sign::mark_and_star(pen, marked, starred);
    pen.column_of(summary.name, columns.name, Role::Strong);
    sign::problems(pen.skip(1), summary.problems);
    for (at, (field, wide)) in columns.fields.iter().enumerate() {
        let text = match field {
            Field::Kind => &summary.kind.to_lowercase(),
            Field::Type => summary.entity_type,
            Field::Owner => format::short_ref(summary.owner, "group"),
            Field::System => format::short_ref(summary.system, "system"),
            Field::Lifecycle => summary.lifecycle,
            Field::Tags => summary.tags,
            Field::Namespace => summary.namespace,
            Field::Title => summary.title,
            Field::Description => summary.description,
        };
        let role = match field {
            Field::Owner | Field::System | Field::Title => Role::Text,
            _ => Role::Dim,
        };
        pen.skip(1);
        if *field >= Field::Tags && at + 1 == columns.fields.len() {
            pen.write(text, role);
        } else {
            pen.column_of(text, *wide, role);
        }
    }
}

/// The title of a group: what its rows have in common, and how many they are.
fn draw_group(pen: &mut Pen<'_>, group: &Group, view: &View) {
    let by = view.group.map_or("", Grouping::name);
    let sign = if group.folded { "▸ " } else { "▾ " };
    pen.write(sign, Role::Accent);
    if group.label.is_empty() {
        pen.write(&format!("no {by}"), Role::Dim);
    } else {
        pen.write(&group.label, Role::Accent);
    }
    pen.skip(2).write(&format::count(group.count()), Role::Dim);
}
