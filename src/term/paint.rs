//! Cells that changed → few bytes: colours are named as briefly as can be, nothing is said twice, and the blank end of a
//! row is erased instead of written. Where cells lead is told around them, once for each run of cells.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::graphics::PLACEHOLDER;
use super::links::Links;

/// So many cells that did not change are shorter written again than passed over.
const NEAR: u16 = 3;
/// So many blanks at the end of a row are shorter written than erased.
const FEW: usize = 4;

/// Modifiers that show on a blank, and the one of blanks that an image lies over.
const NOT_BLANK: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT)
    .union(Modifier::HIDDEN);

/// The modifiers with the numbers that turn them on.
const MODIFIERS: [(Modifier, &str); 9] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::SLOW_BLINK, "5"),
    (Modifier::RAPID_BLINK, "6"),
    (Modifier::REVERSED, "7"),
    (Modifier::HIDDEN, "8"),
    (Modifier::CROSSED_OUT, "9"),
];

/// Writes what makes `shown` into `next`, whose cells lead where `links` say. The terminal's style is the default one before
/// and after.
pub(super) fn paint(shown: &mut Buffer, next: &Buffer, links: &Links, out: &mut Vec<u8>) {
    doubt_halves(shown, next);
    let changes = shown.diff(next);
    let mut brush = Brush::new(out);
    let link_at = |x: u16, y: u16| links.number_at(next.index_of(x, y));
    let mut rest = &changes[..];
    while let [(x, y, cell), after @ ..] = rest {
        let in_row = rest.iter().take_while(|(_, row, _)| row == y).count();
        if in_row >= FEW && is_blank(cell) && blank_from(next, *x, *y) {
            brush.go(*x, *y);
            brush.wear(Look::PLAIN);
            brush.lead(0, links);
            brush.out.extend_from_slice(b"\x1b[K");
            rest = rest.get(in_row..).unwrap_or_default();
            continue;
        }
        brush.pass(next, *x, *y, link_at);
        brush.go(*x, *y);
        brush.wear(Look::of(cell));
        brush.lead(link_at(*x, *y), links);
        brush.out.extend_from_slice(cell.symbol().as_bytes());
        // How far anything but a plain character moves the cursor is the terminal's affair; so is the last column.
        let is_sure = cell.symbol().len() == 1 || cell.symbol().starts_with(PLACEHOLDER);
        let is_plain = is_sure && *x + 1 < next.area.right();
        brush.at = is_plain.then_some((*x + 1, *y));
        rest = after;
    }
    brush.lead(0, links);
    brush.wear(Look::PLAIN);
}

/// Writes the row `y` from the cursor, which stands at its beginning. The terminal's style is the default one before and after.
pub(super) fn row(buffer: &Buffer, y: u16, out: &mut Vec<u8>) {
    let mut brush = Brush::new(out);
    let mut x = 0;
    while x < buffer.area.right() && !blank_from(buffer, x, y) {
        let Some(cell) = buffer.cell((x, y)) else {
            break;
        };
        brush.wear(Look::of(cell));
        brush.out.extend_from_slice(cell.symbol().as_bytes());
        x += u16::try_from(cell.symbol().width().max(1)).unwrap_or(1);
    }
    brush.wear(Look::PLAIN);
    if x < buffer.area.right() {
        brush.out.extend_from_slice(b"\x1b[K");
    }
}

/// Whether the row `y` is another in `next` than in `shown`.
pub(super) fn differs(shown: &Buffer, next: &Buffer, y: u16) -> bool {
    (0..next.area.right()).any(|x| shown.cell((x, y)) != next.cell((x, y)))
}

/// Where the first half of a wide character is written over, terminals do not agree on what is left of the second.
fn doubt_halves(shown: &mut Buffer, next: &Buffer) {
    for at in 1..shown.content.len() {
        let Some([cell, half]) = shown.content.get_mut(at - 1..=at) else {
            continue;
        };
        if cell.symbol().len() > 1
            && cell.symbol().width() > 1
            && next.content.get(at - 1) != Some(cell)
        {
            half.set_symbol("\u{fffd}");
        }
    }
}

fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && cell.bg == Color::Reset && !cell.modifier.intersects(NOT_BLANK)
}

/// Whether the row `y` is blank from `x` on.
fn blank_from(buffer: &Buffer, x: u16, y: u16) -> bool {
    (x..buffer.area.right()).all(|x| buffer.cell((x, y)).is_some_and(is_blank))
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Look {
    const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }
}

/// What writes: where the cursor is known to stand, and the style and the number of the link in force.
struct Brush<'a> {
    out: &'a mut Vec<u8>,
    at: Option<(u16, u16)>,
    look: Look,
    link: u16,
}

impl<'a> Brush<'a> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        Self {
            out,
            at: None,
            look: Look::PLAIN,
            link: 0,
        }
    }

    /// What is written from now on leads to the address of this number.
    fn lead(&mut self, link: u16, links: &Links) {
        if link != self.link {
            let url = links.url(link).unwrap_or_default();
            let sequence = format!("\x1b]8;;{url}\x1b\\");
            self.out.extend_from_slice(sequence.as_bytes());
            self.link = link;
        }
    }

    /// Writes the few cells between here and `x` again, if they look as what was written last, and lead where it leads.
    fn pass(&mut self, next: &Buffer, x: u16, y: u16, link_at: impl Fn(u16, u16) -> u16) {
        let Some((from, row)) = self.at else { return };
        if row != y || from >= x || x - from > NEAR {
            return;
        }
        let between: Option<Vec<u8>> = (from..x)
            .map(|x| {
                let cell = next.cell((x, y))?;
                let same = Look::of(cell) == self.look && link_at(x, y) == self.link;
                let letter = cell.symbol().as_bytes();
                (same && letter.len() == 1).then(|| letter.first().copied())?
            })
            .collect();
        if let Some(between) = between {
            self.out.extend_from_slice(&between);
            self.at = Some((x, y));
        }
    }

    fn go(&mut self, x: u16, y: u16) {
        let sequence = match self.at {
            Some(at) if at == (x, y) => return,
            Some((from, row)) if row == y && from + 1 == x => "\x1b[C".to_owned(),
            Some((from, row)) if row == y && from < x => format!("\x1b[{}C", x - from),
            _ if x == 0 => format!("\x1b[{}H", y + 1),
            _ => format!("\x1b[{};{}H", y + 1, x + 1),
        };
        self.out.extend_from_slice(sequence.as_bytes());
        self.at = Some((x, y));
    }

    fn wear(&mut self, look: Look) {
        if look == self.look {
            return;
        }
        let mut codes: Vec<String> = Vec::new();
        let taken_off = !look.modifier.contains(self.look.modifier);
        if look == Look::PLAIN || taken_off {
            codes.push(String::new());
            self.look = Look::PLAIN;
        }
        let added = look.modifier.difference(self.look.modifier);
        let of_modifiers = MODIFIERS
            .iter()
            .filter(|(modifier, _)| added.contains(*modifier));
        codes.extend(of_modifiers.map(|(_, code)| (*code).to_owned()));
        if look.fg != self.look.fg {
            codes.push(color(look.fg, 30));
        }
        if look.bg != self.look.bg {
            codes.push(color(look.bg, 40));
        }
        let sequence = format!("\x1b[{}m", codes.join(";"));
        self.out.extend_from_slice(sequence.as_bytes());
        self.look = look;
    }
}

/// The code of a colour; `base` is 30 for text and 40 for what lies behind it.
fn color(color: Color, base: u8) -> String {
    let named = |number: u8| (base + number).to_string();
    let bright = |number: u8| (base + 60 + number).to_string();
    match color {
        Color::Reset => named(9),
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(number) => format!("{};5;{number}", base + 8),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", base + 8),
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::super::links::Link;
    use super::*;

    fn painted(before: &[&str], after: &[&str], style: Style) -> String {
        let mut buffers = [before, after].map(|lines| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 3));
            for (row, line) in (0..).zip(lines) {
                buffer.set_string(0, row, line, style);
            }
            buffer
        });
        let mut out = Vec::new();
        let [shown, next] = &mut buffers;
        paint(shown, next, &Links::default(), &mut out);
        String::from_utf8_lossy(&out).replace('\x1b', "^")
    }

    #[test]
    fn few_bytes_say_what_changed() {
        let plain = Style::new();
        assert_eq!(painted(&["payments"], &["payments"], plain), "");
        assert_eq!(painted(&["pay"], &["paw"], plain), "^[1;3Hw");
        assert_eq!(painted(&["abcdef"], &["xbcdeX"], plain), "^[1Hx^[4CX");
        assert_eq!(painted(&["abcd"], &["xbcX"], plain), "^[1HxbcX");
        assert_eq!(painted(&["payments-gateway"], &["pay"], plain), "^[1;4H^[K");
        assert_eq!(painted(&["", "x"], &["", ""], plain), "^[2H ");
    }

    #[test]
    fn styles_are_said_once_and_taken_off_at_the_end() {
        let bold = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
        assert_eq!(painted(&[], &["ab"], bold), "^[1H^[1;36mab^[m");
        let indexed = Style::new().bg(Color::Indexed(200));
        assert_eq!(painted(&[], &["a"], indexed), "^[1H^[48;5;200ma^[m");
        let gray = Style::new().fg(Color::DarkGray);
        assert_eq!(painted(&[], &["a"], gray), "^[1H^[90ma^[m");
    }

    #[test]
    fn where_cells_lead_is_told_around_them() {
        let mut shown = Buffer::empty(Rect::new(0, 0, 20, 1));
        let mut next = shown.clone();
        next.set_string(0, 0, "see docs now", Style::new());
        let links = Link {
            area: Rect::new(4, 0, 4, 1),
            url: "https://e.org".to_owned(),
        };
        let links = Links::new(&[links], next.area);
        let mut told = |before: &Links, after: &Links| {
            let mut out = Vec::new();
            before.doubt(after, &mut shown);
            paint(&mut shown, &next, after, &mut out);
            shown = next.clone();
            String::from_utf8_lossy(&out).replace('\x1b', "^")
        };
        let none = Links::default();
        let linked = "^]8;;https://e.org^\\docs^]8;;^\\";
        // The cursor may pass the blank before the link ends: only what is written leads somewhere.
        let passed = linked.replace("docs", "docs^[C");
        assert_eq!(told(&none, &links), format!("^[1Hsee {passed}now"));
        assert_eq!(told(&links, &links), "");
        assert_eq!(told(&links, &none), "^[1;5Hdocs");
        assert_eq!(told(&none, &links), format!("^[1;5H{linked}"));
    }

    #[test]
    fn what_is_wide_or_stands_in_the_last_column_leaves_the_cursor_unknown() {
        assert_eq!(painted(&[], &["支付"], Style::new()), "^[1H支^[1;3H付");
        let row = "abcdefghijklmnopqrst";
        assert_eq!(
            painted(&[], &[row, "u"], Style::new()),
            format!("^[1H{row}^[2Hu")
        );
    }
}
