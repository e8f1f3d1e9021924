//! A screen as an SVG picture: text that can be selected, lines and blocks drawn as shapes, so that they meet whatever font
//! a reader has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use vt100::{Cell, Color, Screen};

/// The width and height of a cell, and the space around the screen, in pixels.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 18.0;
const MARGIN: f32 = 14.0;
/// How far below the top of a cell its letters stand.
const BASELINE: f32 = 13.5;

/// The ground that a picture stands on, and the terminal's own sixteen colours there.
pub(crate) struct Ground {
    back: &'static str,
    fore: &'static str,
    edge: &'static str,
    sixteen: [&'static str; 16],
}

/// Dark: framed, so that it is right on light and dark pages.
pub(crate) const DARK: Ground = Ground {
    back: "#10161d",
    fore: "#c9d1d9",
    edge: "#3d4855",
    sixteen: [
        "#484f58", "#ff7b72", "#6fc98a", "#e3b341", "#79b8ff", "#d2a8ff", "#5cc8d7", "#c9d1d9",
        "#8b95a1", "#ffa198", "#8ddb9f", "#f2cc60", "#a5d1ff", "#e2c5ff", "#8be0eb", "#f0f3f6",
    ],
};

/// Light, for themes that are made for it.
pub(crate) const LIGHT: Ground = Ground {
    back: "#ffffff",
    fore: "#24292f",
    edge: "#c4ccd4",
    sixteen: [
        "#24292f", "#b3261e", "#1a7f37", "#8a5a00", "#0550ae", "#8250df", "#0b6a75", "#6e7781",
        "#57606a", "#cf222e", "#2da44e", "#9a6700", "#218bff", "#a475f9", "#1b7c83", "#24292f",
    ],
};

/// How letters look: their class says so once for all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Look {
    color: String,
    bold: bool,
    italic: bool,
    underline: bool,
}

/// The picture of `screen` on `ground`; `title` is what it shows, for those who do not see it.
pub(crate) fn picture(screen: &Screen, title: &str, ground: &Ground) -> String {
    let (rows, columns) = screen.size();
    let mut drawing = Drawing {
        ground,
        looks: BTreeMap::new(),
        grounds: String::new(),
        lines: BTreeMap::new(),
        blocks: BTreeMap::new(),
        texts: String::new(),
    };
    for row in 0..rows.get() {
        drawing.row(screen, row, columns.get());
    }
    drawing.finish(title, columns.get(), rows.get())
}

/// The texts of a picture, a line each run, without where they stand.
pub(crate) fn texts(picture: &str) -> Vec<&str> {
    picture
        .split("<tspan")
        .skip(1)
        .filter_map(|span| span.split_once('>')?.1.split_once("</tspan>"))
        .map(|(text, _)| text)
        .collect()
}

/// The pieces of lines of one colour, in halves of cells: column, row, and whether it goes down.
type Lines = BTreeSet<(u16, u16, bool)>;

struct Drawing<'a> {
    ground: &'a Ground,
    looks: BTreeMap<Look, usize>,
    grounds: String,
    lines: BTreeMap<String, Lines>,
    blocks: BTreeMap<String, String>,
    texts: String,
}

impl Drawing<'_> {
    fn row(&mut self, screen: &Screen, row: u16, columns: u16) {
        let mut spans = String::new();
        let mut run: Option<(u16, Look, String)> = None;
        let mut ground: Option<(u16, String)> = None;
        for column in 0..=columns {
            let cell = screen.cell(row, column).filter(|_| column < columns);
            let back = cell.and_then(|cell| self.back(cell));
            if ground.as_ref().map(|(_, color)| color) != back.as_ref() {
                if let Some((from, color)) = ground.take() {
                    let (x, y) = (x(from), y(row));
                    let width = f32::from(column - from) * WIDTH;
                    let _ = write!(
                        self.grounds,
                        r#"<rect x="{x:.1}" y="{y}" width="{width:.1}" height="{HEIGHT}" fill="{color}"/>"#
                    );
                }
                ground = back.map(|color| (column, color));
            }
            let Some(cell) = cell.filter(|cell| !cell.is_wide_continuation()) else {
                self.end(&mut spans, run.take());
                continue;
            };
            let text = cell.contents();
            let look = self.look(cell);
            if self.shape(text, (column, row), &look.color) {
                self.end(&mut spans, run.take());
                continue;
            }
            let is_blank = text.trim().is_empty() && !cell.underline();
            // Letters that every monospaced font has stay in their column by themselves; others are placed one by one.
            let is_plain = text.is_ascii();
            match &mut run {
                Some((_, of, letters)) if is_plain && (*of == look || is_blank) => {
                    letters.push_str(if text.is_empty() { " " } else { text });
                    if letters.ends_with("  ") {
                        self.end(&mut spans, run.take());
                    }
                }
                _ => {
                    self.end(&mut spans, run.take());
                    if !is_blank {
                        run = Some((column, look, text.to_owned()));
                    }
                }
            }
            if !is_plain {
                self.end(&mut spans, run.take());
            }
        }
        if !spans.is_empty() {
            let y = y(row) + BASELINE;
            let _ = writeln!(self.texts, r#"<text y="{y}">{spans}</text>"#);
        }
    }

    /// Writes a run of letters.
    fn end(&mut self, spans: &mut String, run: Option<(u16, Look, String)>) {
        let Some((column, look, text)) = run else {
            return;
        };
        let text = if look.underline {
            &text
        } else {
            text.trim_end()
        };
        let next = self.looks.len();
        let class = *self.looks.entry(look).or_insert(next);
        let x = x(column);
        let _ = write!(spans, r#"<tspan x="{x:.1}" class="s{class}""#);
        let length = text.chars().count();
        if length > 1 {
            let width = f32::from(u16::try_from(length).unwrap_or(u16::MAX)) * WIDTH;
            let _ = write!(spans, r#" textLength="{width:.1}""#);
        }
        let _ = write!(spans, ">{}</tspan>", escaped(text));
    }

    /// Draws lines and blocks as what they are; false for a letter.
    fn shape(&mut self, text: &str, (column, row): (u16, u16), color: &str) -> bool {
        if let Some([left, right, up, down]) = arms(text) {
            let lines = self.lines.entry(color.to_owned()).or_default();
            let (h, v) = (2 * column, 2 * row);
            let pieces = [
                (left, (h, v + 1, false)),
                (right, (h + 1, v + 1, false)),
                (up, (h + 1, v, true)),
                (down, (h + 1, v + 1, true)),
            ];
            lines.extend(pieces.iter().filter(|(is, _)| *is).map(|(_, at)| at));
            return true;
        }
        let (left, top, width, height) = match text {
            "█" => (0.0, 0.0, 1.0, 1.0),
            "▀" => (0.0, 0.0, 1.0, 0.5),
            "▄" => (0.0, 0.5, 1.0, 0.5),
            "▌" => (0.0, 0.0, 0.5, 1.0),
            "▐" => (0.5, 0.0, 0.5, 1.0),
            _ => return false,
        };
        let blocks = self.blocks.entry(color.to_owned()).or_default();
        let (x, y) = (x(column) + left * WIDTH, y(row) + top * HEIGHT);
        let (width, height) = (width * WIDTH, height * HEIGHT);
        let _ = write!(blocks, "M{x:.1} {y}h{width:.1}v{height}h-{width:.1}z");
        true
    }

    fn back(&self, cell: &Cell) -> Option<String> {
        match (cell.inverse(), cell.bgcolor(), cell.fgcolor()) {
            (false, Color::Default, _) => None,
            (false, color, _) => Some(self.color(color, self.ground.back)),
            (true, _, color) => Some(self.color(color, self.ground.fore)),
        }
    }

    fn look(&self, cell: &Cell) -> Look {
        let color = if cell.inverse() {
            self.color(cell.bgcolor(), self.ground.back)
        } else if cell.dim() {
            self.ground.sixteen[8].to_owned()
        } else {
            self.color(cell.fgcolor(), self.ground.fore)
        };
        Look {
            color,
            bold: cell.bold(),
            italic: cell.italic(),
            underline: cell.underline(),
        }
    }

    fn color(&self, color: Color, default: &str) -> String {
        let step = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
        match color {
            Color::Default => default.to_owned(),
            Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
            Color::Idx(index) if index < 16 => self.ground.sixteen[usize::from(index)].to_owned(),
            Color::Idx(index) if index < 232 => {
                let cube = index - 16;
                let [red, green, blue] = [cube / 36, cube / 6 % 6, cube % 6].map(step);
                format!("#{red:02x}{green:02x}{blue:02x}")
            }
            Color::Idx(index) => {
                let gray = 8 + 10 * (index - 232);
                format!("#{gray:02x}{gray:02x}{gray:02x}")
            }
        }
    }

    fn finish(self, title: &str, columns: u16, rows: u16) -> String {
        let width = f32::from(columns).mul_add(WIDTH, 2.0 * MARGIN).ceil();
        let height = f32::from(rows).mul_add(HEIGHT, 2.0 * MARGIN);
        let Ground { back, edge, .. } = self.ground;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" xml:space=\"preserve\">\n<title>{}</title>\n<style>text{{font:14px ui-monospace,SFMono-Regular,Menlo,\
             Consolas,\"DejaVu Sans Mono\",monospace;white-space:pre}}",
            escaped(title)
        );
        let mut looks: Vec<_> = self.looks.iter().collect();
        looks.sort_by_key(|(_, class)| **class);
        for (look, class) in looks {
            let _ = write!(svg, ".s{class}{{fill:{}", look.color);
            let also = [
                (look.bold, "font-weight:bold"),
                (look.italic, "font-style:italic"),
                (look.underline, "text-decoration:underline"),
            ];
            for (_, how) in also.iter().filter(|(is, _)| *is) {
                let _ = write!(svg, ";{how}");
            }
            svg.push('}');
        }
        let _ = writeln!(
            svg,
            "</style>\n<rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"{back}\" stroke=\"{edge}\"/>",
            width - 1.0,
            height - 1.0
        );
        if !self.grounds.is_empty() {
            svg.push_str(&self.grounds);
            svg.push('\n');
        }
        for (color, lines) in &self.lines {
            let path = path(lines);
            let _ = writeln!(svg, r#"<path d="{path}" stroke="{color}"/>"#);
        }
        for (color, blocks) in &self.blocks {
            let _ = writeln!(svg, r#"<path d="{blocks}" fill="{color}"/>"#);
        }
        svg + &self.texts + "</svg>\n"
    }
}

/// The lines as one path: pieces that follow each other are one stroke.
fn path(lines: &Lines) -> String {
    let mut left = lines.clone();
    let mut path = String::new();
    while let Some((column, row, is_down)) = left.pop_first() {
        let mut length = 1;
        let next = |length| {
            if is_down {
                (column, row + length, true)
            } else {
                (column + length, row, false)
            }
        };
        while left.remove(&next(length)) {
            length += 1;
        }
        let x = f32::from(column).mul_add(WIDTH / 2.0, MARGIN);
        let y = f32::from(row).mul_add(HEIGHT / 2.0, MARGIN);
        let (way, step) = if is_down { ('v', HEIGHT) } else { ('h', WIDTH) };
        let length = f32::from(length) * step / 2.0;
        let _ = write!(path, "M{x:.1} {y}{way}{length:.1}");
    }
    path
}

/// Which way a character of a line goes from the middle of its cell: left, right, up, down.
fn arms(text: &str) -> Option<[bool; 4]> {
    let arms = match text {
        "─" => "lr",
        "│" => "ud",
        "┌" | "╭" => "rd",
        "┐" | "╮" => "ld",
        "└" | "╰" => "ru",
        "┘" | "╯" => "lu",
        "├" => "rud",
        "┤" => "lud",
        "┬" => "lrd",
        "┴" => "lru",
        "┼" => "lrud",
        _ => return None,
    };
    Some(['l', 'r', 'u', 'd'].map(|way| arms.contains(way)))
}

fn x(column: u16) -> f32 {
    f32::from(column).mul_add(WIDTH, MARGIN)
}

fn y(row: u16) -> f32 {
    f32::from(row).mul_add(HEIGHT, MARGIN)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
