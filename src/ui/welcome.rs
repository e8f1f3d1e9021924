//! The drawing of the first run, below the prompt.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text::{Pen, cut_middle, width, wrap};
use super::widget::field;
use super::{CursorAt, Role, Surface, Theme};
use crate::app::welcome::{Asked, Welcome};

/// The rows it takes: a title, as many offers as there can be, the keys.
pub const ROWS: u16 = 12;

/// What is said first, and what is asked; and both in few words.
const WELCOME: (&str, &str) = (
    "Welcome to Stagedoor.",
    " Nothing is configured yet. What shall it show?",
);
const WELCOME_BRIEFLY: (&str, &str) = ("Welcome.", " What shall Stagedoor show?");

/// The fewest columns in which the beginning of a note says something.
const GLANCE: usize = 16;
/// Columns of what an offer is called.
const TITLE: usize = 30;

/// Draws it.
pub fn draw(welcome: &Welcome, theme: &Theme, area: Rect, buffer: &mut Buffer) -> CursorAt {
    let mut surface = Surface::new(std::mem::take(buffer));
    let cursor = draw_on(welcome, theme, area, &mut surface);
    (*buffer, ..) = surface.into_parts();
    cursor
}

fn draw_on(welcome: &Welcome, theme: &Theme, area: Rect, buffer: &mut Surface) -> CursorAt {
    let area = Rect {
        x: area.x + 2.min(area.width),
        width: area.width.saturating_sub(2),
        ..area
    };
    let mut cursor = None;
    let keys: &[(&str, &str)] = match &welcome.asked {
        Asked::What => &[
            ("enter", "choose"),
            ("esc", "the demo"),
            ("ctrl-c", "leave"),
        ],
        Asked::Name(_) => &[("enter", "try it"), ("esc", "back")],
        Asked::Wait => &[("esc", "stop")],
        Asked::Whether(Ok(told)) if told.file.is_some() => {
            &[("enter", "write it, and open"), ("esc", "back")]
        }
        Asked::Whether(Ok(_)) => &[("enter", "open"), ("esc", "back")],
        Asked::Whether(Err(_)) => &[("enter", "try again"), ("esc", "back")],
    };
    match &welcome.asked {
        Asked::What => offers(welcome, theme, area, buffer),
        Asked::Name(question) => {
            let title = chosen(welcome);
            Pen::new(buffer, theme, area, 0).write(title, Role::Strong);
            Pen::new(buffer, theme, area, 2).write("› ", Role::Accent);
            let input = Rect {
                x: area.x + 2,
                y: area.y + 2.min(area.height),
                width: area.width.saturating_sub(2),
                height: area.height.saturating_sub(2).min(1),
            };
            cursor = field::draw(&welcome.field, question, theme, input, buffer);
        }
        Asked::Wait => {
            Pen::new(buffer, theme, area, 0).write(chosen(welcome), Role::Strong);
            Pen::new(buffer, theme, area, 2)
                .write("◐", Role::Accent)
                .write(" Looking what is there…", Role::Text);
        }
        Asked::Whether(told) => whether(welcome, told.as_ref(), theme, area, buffer),
    }
    let mut pen = Pen::new(buffer, theme, area, area.height.saturating_sub(1));
    for (key, words) in keys {
        // Half a word is of no use to anybody.
        if pen.left() < width(key) + 1 + width(words) {
            break;
        }
        pen.write(key, Role::Key)
            .skip(1)
            .write(words, Role::Dim)
            .skip(3);
    }
    cursor
}

fn chosen(welcome: &Welcome) -> &'static str {
    let offer = welcome.offers.get(welcome.cursor.selected);
    offer.map_or("", |offer| offer.title)
}

fn offers(welcome: &Welcome, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let mut title = Pen::new(buffer, theme, area, 0);
    let (hello, question) = if title.left() < width(WELCOME.0) + width(WELCOME.1) {
        WELCOME_BRIEFLY
    } else {
        WELCOME
    };
    title.write(hello, Role::Strong).write(question, Role::Text);
    for (at, offer) in welcome.offers.iter().enumerate() {
        let Ok(row) = u16::try_from(at + 2) else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, area, row);
        if at == welcome.cursor.selected {
            pen = pen.on_cursor(true);
        }
        pen.write(&(at + 1).to_string(), Role::Key)
            .skip(2)
            .column_of(offer.title, TITLE.max(width(offer.title) + 1), Role::Strong);
        let fits = width(&offer.note) <= pen.left();
        if fits || pen.left() >= GLANCE {
            pen.write(&offer.note, Role::Dim);
        }
        if at == welcome.cursor.selected && !fits {
            // What is cut there stands whole below.
            let below = welcome.offers.len() + 3;
            let lines = wrapped(&offer.note, usize::from(area.width.saturating_sub(2)));
            for (line, row) in lines.iter().zip(below..usize::from(ROWS) - 1) {
                let row = u16::try_from(row).unwrap_or(ROWS);
                Pen::new(buffer, theme, area, row).write(line, Role::Dim);
            }
        }
    }
}

/// `text` in lines; of a path that is too long for one the beginning and the end stay.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let words = text.split(' ').map(|word| cut_middle(word, columns));
    wrap(&words.collect::<Vec<_>>().join(" "), columns)
}

fn whether(
    welcome: &Welcome,
    told: Result<&crate::app::welcome::Told, &String>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    Pen::new(buffer, theme, area, 0).write(chosen(welcome), Role::Strong);
    let columns = usize::from(area.width.saturating_sub(2));
    let (sign, role, mut lines) = match told {
        Ok(told) => {
            let mut lines = vec![told.found.clone()];
            lines.extend(told.more.iter().cloned());
            lines.extend(
                told.file
                    .iter()
                    .map(|file| format!("It is written to {file}.")),
            );
            ("✓", Role::Good, lines)
        }
        Err(error) => ("✗", Role::Bad, vec![error.clone()]),
    };
    lines = lines
        .iter()
        .flat_map(|line| wrapped(line, columns))
        .collect();
    Pen::new(buffer, theme, area, 2).write(sign, role);
    for (row, line) in (2..area.height.saturating_sub(2)).zip(lines) {
        Pen::new(buffer, theme, area, row)
            .skip(2)
            .write(&line, Role::Text);
    }
}
