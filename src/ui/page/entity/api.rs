//! The drawing of the API tab.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::overview::draw_item;
use crate::app::Shared;
use crate::app::page::entity::{Api, Entity, OutlineLine, View};
use crate::catalog::api::{Operation, Outline};
use crate::ui::text::{Pen, width, wrap};
use crate::ui::widget::pane;
use crate::ui::{Role, Theme};

/// Columns of a method.
const METHOD: usize = 8;
/// Columns of a relation's label.
const LABEL: usize = 12;

/// Draws the tab; returns how many rows its list has, and how far the details can be scrolled.
pub(super) fn draw(
    page: &Entity,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> (usize, usize) {
    let api = &page.api;
    let say = |text: &str, buffer: &mut Buffer| {
        for (row, line) in (0..).zip(wrap(text, usize::from(area.width))) {
            Pen::new(buffer, theme, area, row).write(&line, Role::Dim);
        }
        usize::from(area.height)
    };
    let mut tops = 0;
    let rows = match &api.view {
        View::Loading => say("Loading…", buffer),
        View::Nothing => say(
            "This API has no definition. Give it a spec.definition, or a $text that points to one.",
            buffer,
        ),
        View::Related(items) if items.is_empty() => say(
            "It provides and consumes no API that its descriptor names.",
            buffer,
        ),
        View::Related(items) => {
            for (row, at) in (0..).zip(api.cursor.window(items.len(), usize::from(area.height))) {
                let Some(item) = items.get(at) else { break };
                let mut pen = Pen::new(buffer, theme, area, row);
                if at == api.cursor.selected {
                    pen = pen.on_cursor(true);
                }
                draw_item(&mut pen, item, LABEL);
            }
            usize::from(area.height)
        }
        View::Source { lines, why } => source(api, lines, why.as_deref(), theme, area, buffer),
        View::Outline { outline, lines } => {
            let (list, side) = if shared.narrow() {
                (area, area)
            } else {
                pane::split_left(area, area.width / 2, theme, buffer)
            };
            let inside = api.inside.filter(|_| shared.narrow());
            let rows = if inside.is_none() {
                outline_list(api, outline, lines, theme, list, buffer)
            } else {
                usize::from(area.height)
            };
            if (!shared.narrow() || inside.is_some())
                && let Some(operation) = api.operation()
            {
                tops = details(api, operation, theme, side, buffer);
            }
            rows
        }
    };
    (rows, tops)
}

/// The definition as it is, and why it is not shown as operations.
fn source(
    api: &Api,
    lines: &[String],
    why: Option<&str>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> usize {
    let mut area = area;
    if let Some(why) = why {
        let why = wrap(why, usize::from(area.width.saturating_sub(2)));
        for (row, line) in (0..area.height / 3).zip(why) {
            let mut pen = Pen::new(buffer, theme, area, 0);
            pen.write(if row == 0 { "! " } else { "  " }, Role::Warning)
                .write(&line, Role::Text);
            area = pane::below(area, 1);
        }
        area = pane::below(area, 1);
    }
    let height = usize::from(area.height);
    let top = api.cursor.selected.min(lines.len().saturating_sub(height));
    let number = lines.len().to_string().len();
    for (row, (at, line)) in (0..area.height).zip(lines.iter().enumerate().skip(top)) {
        Pen::new(buffer, theme, area, row)
            .right_of(&(at + 1).to_string(), number, Role::Dim)
            .skip(2)
            .write(line, Role::Text);
    }
    height
}

fn outline_list(
    api: &Api,
    outline: &Outline,
    lines: &[OutlineLine],
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> usize {
    let head = format!("{} {}", outline.title, outline.version);
    let mut pen = Pen::new(buffer, theme, area, 0);
    pen.write(head.trim(), Role::Strong).skip(2);
    if let Some(server) = outline
        .servers
        .first()
        .filter(|server| width(server) <= pen.left())
    {
        pen.to_right(width(server)).write(server, Role::Dim);
    }
    let list = pane::below(area, if area.height >= 12 { 2 } else { 1 });
    let height = usize::from(list.height);
    for (row, at) in (0..).zip(api.cursor.window(lines.len(), height)) {
        let Some(line) = lines.get(at) else { break };
        let mut pen = Pen::new(buffer, theme, list, row);
        if at == api.cursor.selected {
            pen = pen.on_cursor(api.inside.is_none());
        }
        match line {
            OutlineLine::Group(group) => {
                if let Some(group) = outline.groups.get(*group) {
                    let tag = if group.tag.is_empty() {
                        "other"
                    } else {
                        &group.tag
                    };
                    pen.write(tag, Role::Strong)
                        .skip(2)
                        .write(&group.description, Role::Dim);
                }
            }
            OutlineLine::Operation(group, at) => {
                if let Some(operation) = outline
                    .groups
                    .get(*group)
                    .and_then(|g| g.operations.get(*at))
                {
                    draw_operation(&mut pen, operation);
                }
            }
            OutlineLine::Gap => {}
        }
    }
    height
}

fn draw_operation(pen: &mut Pen<'_>, operation: &Operation) {
    let path = (pen.left() / 2).saturating_sub(METHOD).max(16);
    pen.column_of(&operation.method, METHOD, method(&operation.method))
        .column_of(
            &operation.path,
            path.max(width(&operation.path).min(28)),
            Role::Text,
        )
        .skip(2);
    if operation.deprecated {
        pen.write("! deprecated ", Role::Warning);
    }
    pen.write(&operation.summary, Role::Dim);
}

/// Reading is calm, writing is not; the word says which.
fn method(method: &str) -> Role {
    match method {
        "GET" | "HEAD" | "OPTIONS" => Role::Good,
        "DELETE" => Role::Bad,
        "POST" | "PUT" | "PATCH" => Role::Warning,
        _ => Role::Text,
    }
}

/// A line of an operation's details: its columns with their roles.
type Words = Vec<(String, Role)>;

/// Draws an operation's details; returns how far they can be scrolled.
fn details(
    api: &Api,
    operation: &Operation,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> usize {
    let lines = describe(operation, usize::from(area.width));
    let most = lines.len().saturating_sub(usize::from(area.height));
    let top = api.inside.unwrap_or(0).min(most);
    for (row, line) in (0..area.height).zip(lines.iter().skip(top)) {
        let mut pen = Pen::new(buffer, theme, area, row);
        for (text, role) in line {
            let role = if row == 0 && api.inside.is_some() && *role == Role::Strong {
                Role::Accent
            } else {
                *role
            };
            pen.write(text, role);
        }
    }
    most
}

fn describe(operation: &Operation, columns: usize) -> Vec<Words> {
    let mut lines: Vec<Words> = vec![vec![
        (format!("{} ", operation.method), method(&operation.method)),
        (operation.path.clone(), Role::Strong),
    ]];
    if operation.deprecated {
        lines.push(vec![
            ("! ".to_owned(), Role::Warning),
            ("deprecated".to_owned(), Role::Text),
        ]);
    }
    for text in [&operation.summary, &operation.description] {
        if !text.is_empty() {
            lines.extend(
                wrap(text, columns)
                    .into_iter()
                    .map(|line| vec![(line, Role::Text)]),
            );
        }
    }
    let title = |lines: &mut Vec<Words>, title: &str| {
        lines.push(Vec::new());
        lines.push(vec![(title.to_owned(), Role::Strong)]);
    };
    let pad = |text: &str, columns: usize| {
        format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
    };
    if !operation.parameters.is_empty() {
        title(&mut lines, "Parameters");
        let name = operation
            .parameters
            .iter()
            .map(|p| width(&p.name))
            .max()
            .unwrap_or(0)
            .min(24)
            + 2;
        for parameter in &operation.parameters {
            let sign = if parameter.required { "* " } else { "  " };
            lines.push(vec![
                (sign.to_owned(), Role::Accent),
                (pad(&parameter.name, name), Role::Text),
                (pad(&parameter.place, 8), Role::Dim),
                (parameter.schema.clone(), Role::Code),
            ]);
            let about = wrap(&parameter.description, columns.saturating_sub(4));
            lines.extend(
                about
                    .into_iter()
                    .map(|line| vec![(format!("    {line}"), Role::Dim)]),
            );
        }
    }
    if !operation.body.is_empty() {
        title(&mut lines, "Body");
        lines.extend(operation.body.iter().map(|content| {
            vec![
                (format!("  {}  ", content.media), Role::Text),
                (content.schema.clone(), Role::Code),
            ]
        }));
    }
    if !operation.responses.is_empty() {
        title(&mut lines, "Answers");
        lines.extend(operation.responses.iter().map(|response| {
            let role = match response.status.bytes().next() {
                Some(b'2') => Role::Good,
                Some(b'4' | b'5') => Role::Bad,
                _ => Role::Text,
            };
            vec![
                (format!("  {}", pad(&response.status, 9)), role),
                (format!("{}  ", response.description), Role::Text),
                (response.schema.clone(), Role::Code),
            ]
        }));
    }
    lines
}
