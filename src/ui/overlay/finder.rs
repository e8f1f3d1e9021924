//! The drawing of the finder.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget, Wrap};

use super::window;
use crate::app::Model;
use crate::app::message::Passage;
use crate::app::overlay::finder::Finder;
use crate::catalog::index::Summary;
use crate::search::Hit;
use crate::ui::text::{Pen, cut, width};
use crate::ui::widget::{field, markdown, pane, sign};
use crate::ui::{Output, Role, Theme, format};

/// Columns of a result's name, unless it is longer.
const NAME: usize = 26;
/// Columns of the preview.
const PREVIEW: u16 = 40;

/// Draws the finder.
pub fn draw(
    finder: &Finder,
    model: &Model,
    theme: &Theme,
    screen: Rect,
    buffer: &mut Buffer,
) -> Output {
    let columns = screen
        .width
        .saturating_sub(if model.shared.narrow() { 0 } else { 8 })
        .min(130);
    let inner = window(columns, screen.height, theme, screen, buffer);
    let found = &finder.found;
    // "0 results" is said only once it is known.
    let total = if found.cancelled || (finder.rows.is_empty() && !finder.is_answered()) {
        String::new()
    } else {
        format::counted(found.total + finder.docs.len(), "result")
    };
    let mut pen = Pen::new(buffer, theme, inner, 0);
    pen.write("›", Role::Accent);
    pen.to_right(width(&total)).write(&total, Role::Dim);
    let input = Rect {
        x: inner.x + 2,
        width: inner
            .width
            .saturating_sub(4 + u16::try_from(width(&total)).unwrap_or(0)),
        ..inner
    };
    let placeholder = match &finder.aim {
        Some(aim) => format!("the way from {} to …", aim.from.name()),
        None => "a name, owner:team, kind:api, tag:go, is:broken …".to_owned(),
    };
    let cursor = field::draw(&finder.field, &placeholder, theme, input, buffer);
    chips(finder, theme, inner, buffer);

    let body = pane::below(inner, 2);
    let wide = finder.preview && inner.width >= 84;
    let (list, side) = if wide {
        pane::split_right(body, PREVIEW, theme, buffer)
    } else {
        (body, Rect::default())
    };
    rows(finder, model, theme, list, buffer);
    if wide {
        preview(finder, model, theme, side, buffer);
    }
    let mut output = Output {
        cursor,
        ..Output::default()
    };
    output.drawn.overlay_rows = usize::from(list.height);
    output
}

fn chips(finder: &Finder, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut pen = Pen::new(buffer, theme, area, 1);
    if let Some(issue) = finder.found.notices.first() {
        pen.write("! ", Role::Warning)
            .write(&issue.message, Role::Dim);
        return;
    }
    for (kind, number) in &finder.found.by_kind {
        let text = format!(
            "{} {}",
            kind.as_str().to_lowercase(),
            format::count(*number)
        );
        if width(&text) > pen.left() {
            break;
        }
        pen.write(&text, Role::Dim).skip(3);
    }
}

fn rows(finder: &Finder, model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let known = finder.is_answered() && !finder.found.cancelled;
    if finder.rows.is_empty() && !finder.field.text().is_empty() && known {
        let advice = "Nothing has that name. Try fewer letters, or owner:, kind:, tag:.";
        Pen::new(buffer, theme, area, 0).write(advice, Role::Dim);
        return;
    }
    let window = finder
        .cursor
        .window(finder.rows.len(), usize::from(area.height));
    for (row, at) in (0..).zip(window) {
        let mut pen = Pen::new(buffer, theme, area, row);
        if at == finder.cursor.selected {
            pen = pen.on_cursor(true);
        }
        if let Some(found) = finder.passage(at) {
            passage(&mut pen, found);
        } else if let Some(hit) = finder.hit(at)
            && let Some(summary) = model.shared.index.summary(hit.row)
        {
            result(&mut pen, hit, &summary);
        }
    }
}

/// One passage of docs: the heading, the page it stands on, whose docs.
fn passage(pen: &mut Pen<'_>, passage: &Passage) {
    let Passage {
        title,
        heading,
        entity_ref,
        ..
    } = passage;
    if heading.is_empty() || heading == title {
        pen.write(title, Role::Strong);
    } else {
        pen.write(title, Role::Text)
            .write(" › ", Role::Dim)
            .write(heading, Role::Strong);
    }
    pen.skip(2)
        .write("docs · ", Role::Dim)
        .write(entity_ref.name(), Role::Dim);
}

/// One result: the name first and, where there is room, uncut; then kind, owner and lifecycle, as far as they fit.
fn result(pen: &mut Pen<'_>, hit: &Hit, summary: &Summary<'_>) {
    let columns = pen.left();
    let longest = if columns >= 60 { columns } else { columns / 2 };
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
    let owner = format::short_ref(summary.owner, "group");
    for (text, room) in [(kind.as_str(), 10), (owner, 16), (summary.lifecycle, 13)] {
        if pen.left() < room.min(width(text)) {
            break;
        }
        pen.column_of(&cut(text, room - 1), room, Role::Dim);
    }
}

fn preview(finder: &Finder, model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let selected = finder.cursor.selected;
    if let Some(passage) = finder.passage(selected) {
        return passage_preview(passage, theme, area, buffer);
    }
    let Some(summary) = finder
        .hit(selected)
        .and_then(|hit| model.shared.index.summary(hit.row))
    else {
        return;
    };
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

/// The words around the match, wrapped, with what matched marked.
fn passage_preview(passage: &Passage, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    Pen::new(buffer, theme, area, 0).write(&passage.title, Role::Strong);
    Pen::new(buffer, theme, area, 1).write(&passage.page, Role::Dim);
    let spans = passage.snippet.iter().map(|(part, matched)| {
        let role = if *matched { Role::Match } else { Role::Text };
        Span::styled(part.as_str(), theme.style(role))
    });
    let text: Line<'_> = spans.collect();
    Paragraph::new(text)
        .wrap(Wrap { trim: true })
        .render(pane::below(area, 3), buffer);
}
