//! The whole of what is under the cursor: where it is, the lines themselves, why it matters and what to do.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::{Command, Context};
use crate::app::message::SourceState;
use crate::app::page::problems::{Problems, Selected, Shown};
use crate::catalog::index::Facet;
use crate::catalog::{Problem, Rule};
use crate::ui::Surface;
use crate::ui::text::{Pen, cut_middle, width, wrap};
use crate::ui::widget::sign;
use crate::ui::{Keys, Role, Theme, format};

/// Columns of a label, where the pane is wide enough for labels beside their texts.
const LABEL: usize = 14;
const WIDE: usize = 44;
/// With fewer rows than this only the line that is meant is shown of its file.
const TALL: u16 = 14;

/// A line of the pane: pieces of text, each in its role.
type Line = Vec<(String, Role)>;

/// Draws the pane; returns how many rows it has, and how many lines there are.
pub(super) fn draw(
    page: &Problems,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (usize, usize) {
    let columns = usize::from(area.width);
    let lines = match page.under_cursor(shared) {
        Some(Selected::Problem(problem)) => finding(page, problem, shared, columns, area.height),
        Some(Selected::Source(state)) => source(state, shared, columns),
        Some(Selected::Cause(rule)) => cause(rule, columns),
        None => Vec::new(),
    };
    let height = usize::from(area.height);
    let top = if page.whole { page.whole_top.top } else { 0 };
    let top = top.min(lines.len().saturating_sub(height));
    for (row, line) in (0..area.height).zip(lines.iter().skip(top)) {
        let mut pen = Pen::new(buffer, theme, area, row);
        for (text, role) in line {
            pen.write_linked(text, *role);
        }
    }
    (height, lines.len())
}

fn finding(
    page: &Problems,
    problem: &Problem,
    shared: &Shared,
    columns: usize,
    height: u16,
) -> Vec<Line> {
    let roomy = height >= TALL;
    let mut lines = title(sign::of(problem.level), &problem.message, columns);
    if let Some(entity_ref) = &problem.entity {
        let row = shared.index.row_of(entity_ref);
        let owner = row.map_or("", |row| shared.index.value(Facet::Owner, row));
        let mut line = vec![(format!("  {entity_ref}"), Role::Text)];
        if !owner.is_empty() {
            let owner = format::short_ref(owner, "group");
            line.push((format!("  owned by {owner}"), Role::Dim));
        }
        lines.push(line);
    }
    let place = cut_middle(&problem.place.to_string(), columns.saturating_sub(2));
    lines.push(vec![("  ".to_owned(), Role::Text), (place, Role::Link)]);
    gap(&mut lines, roomy);
    let shown = page.excerpt.as_ref().and_then(|e| e.of(&problem.place));
    match shown {
        Some(Shown::Lines(first, texts)) => {
            lines.extend(excerpt(problem, *first, texts, columns, roomy));
            gap(&mut lines, roomy);
        }
        Some(Shown::Nothing(why)) => {
            lines.extend(indented(why, columns, Role::Dim));
            gap(&mut lines, roomy);
        }
        None => {}
    }
    if let Some(suggestion) = &problem.suggestion {
        lines.extend(labelled("Did you mean", suggestion, Role::Good, columns));
    }
    let info = problem.rule.info();
    lines.extend(labelled("What to do", info.remedy, Role::Text, columns));
    lines.extend(labelled("Why", info.why, Role::Text, columns));
    lines.extend(labelled("Backstage", info.backstage, Role::Text, columns));
    let rule = format!("{} · {}", problem.level, info.code);
    lines.extend(labelled("Rule", &rule, Role::Dim, columns));
    lines
}

/// What there is to say of a cause whose findings are folded away.
fn cause(rule: Rule, columns: usize) -> Vec<Line> {
    let info = rule.info();
    let mut lines = title(
        sign::of(info.level),
        &format::capitalized(info.title),
        columns,
    );
    lines.push(Vec::new());
    lines.extend(labelled("What to do", info.remedy, Role::Text, columns));
    lines.extend(labelled("Why", info.why, Role::Text, columns));
    lines.extend(labelled("Backstage", info.backstage, Role::Text, columns));
    let rule = format!("{} · {}", info.level, info.code);
    lines.extend(labelled("Rule", &rule, Role::Dim, columns));
    lines
}

/// A source that cannot be read: since when, why, what is shown meanwhile, and what to do.
fn source(state: &SourceState, shared: &Shared, columns: usize) -> Vec<Line> {
    let name = format!("{} cannot be read", state.name);
    let mut lines = title(("✗", Role::Bad), &name, columns);
    lines.push(Vec::new());
    let why = super::list::why(state);
    lines.extend(labelled("Why", why, Role::Text, columns));
    if let Some(then) = state.last_tried {
        let age = format::age(then, shared.now);
        lines.extend(labelled("Last tried", &age, Role::Text, columns));
    }
    let kept = match state.last_ok {
        Some(then) => format!(
            "{} from {}, when it was last read, stay as they were.",
            format::counted(state.entities, "entity"),
            format::age(then, shared.now)
        ),
        None => "It was never read, so nothing of it is in the catalog.".to_owned(),
    };
    lines.extend(labelled("Meanwhile", &kept, Role::Text, columns));
    let keys = Keys::of(shared, Context::Problems, false);
    let advice = match keys.ways(&[(Command::Sync, "to read the sources again")]) {
        Some(way) => format!("Mend what is said above, then press {way}."),
        None => "Mend what is said above.".to_owned(),
    };
    lines.extend(labelled("What to do", &advice, Role::Text, columns));
    lines
}

/// A sign, and what is the matter.
fn title((mark, role): (&str, Role), text: &str, columns: usize) -> Vec<Line> {
    let words = wrap(text, columns.saturating_sub(2)).into_iter();
    let lines = words.enumerate().map(|(at, line)| {
        let lead = if at == 0 { mark } else { " " };
        vec![(format!("{lead} "), role), (line, Role::Strong)]
    });
    lines.collect()
}

fn gap(lines: &mut Vec<Line>, wanted: bool) {
    if wanted {
        lines.push(Vec::new());
    }
}

fn indented(text: &str, columns: usize, role: Role) -> Vec<Line> {
    let lines = wrap(text, columns.saturating_sub(2));
    let lines = lines.into_iter();
    lines
        .map(|line| vec![(format!("  {line}"), role)])
        .collect()
}

/// A label and its text: beside it where there is room, else below.
fn labelled(label: &str, text: &str, role: Role, columns: usize) -> Vec<Line> {
    if text.is_empty() {
        return Vec::new();
    }
    if columns < WIDE {
        let mut lines = vec![vec![(format!("  {label}"), Role::Dim)]];
        lines.extend(indented(text, columns, role));
        return lines;
    }
    let words = wrap(text, columns.saturating_sub(LABEL + 2)).into_iter();
    let lines = words.enumerate().map(|(at, line)| {
        let label = if at == 0 { label } else { "" };
        vec![(format!("  {label:<LABEL$}"), Role::Dim), (line, role)]
    });
    lines.collect()
}

/// Lines of the file with their numbers, and below the one that is meant a mark under what is wrong.
fn excerpt(
    problem: &Problem,
    first: u32,
    texts: &[String],
    columns: usize,
    roomy: bool,
) -> Vec<Line> {
    let place = &problem.place;
    let last = first.saturating_add(u32::try_from(texts.len()).unwrap_or(0));
    let digits = width(&last.to_string());
    let room = columns.saturating_sub(digits + 6);
    let column = usize::try_from(place.column).unwrap_or(0);
    // A place far to the right is brought into sight, with a bit of what is before it.
    let skip = if column > room {
        column.saturating_sub(room / 2)
    } else {
        0
    };
    let mut lines = Vec::new();
    for (number, text) in (first..).zip(texts) {
        let here = number == place.line;
        if !here && !roomy {
            continue;
        }
        let shown: String = text.chars().skip(skip).collect();
        let role = if here { Role::Text } else { Role::Dim };
        lines.push(vec![
            (format!("  {number:>digits$} │ "), Role::Dim),
            (shown.clone(), role),
        ]);
        if here && column > 0 {
            let before: String = shown
                .chars()
                .take(column - 1 - skip.min(column - 1))
                .collect();
            let length = usize::try_from(problem.length).unwrap_or(0).max(1);
            let below = shown
                .chars()
                .skip(column - 1 - skip.min(column - 1))
                .take(length);
            let wide = width(&below.collect::<String>()).max(1);
            let lead = format!("  {:digits$} │ {}", "", " ".repeat(width(&before)));
            let (_, role) = sign::of(problem.level);
            lines.push(vec![(lead, Role::Dim), ("^".repeat(wide), role)]);
        }
    }
    lines
}
