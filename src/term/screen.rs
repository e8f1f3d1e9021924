//! What stands on the terminal, and the way from there to the next frame with as few bytes as can be.
//!
//! Ratatui's own `Terminal` asks the size by a system call for each frame and writes cursor sequences for frames in which
//! nothing changed, and its backend flushes after each of these; this keeps two buffers and writes their difference at
//! once ([`super::paint`]), after rows that only moved ([`super::scroll`]), or nothing.

use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::graphics::{Gallery, Image};
use super::known::Known;
use super::links::{Link, Links};
use super::writer::FrameWriter;
use super::{paint, scroll};

/// What a frame has beside its cells.
#[derive(Debug, Default)]
pub struct Beside {
    /// Where the cursor stands; hidden where nowhere.
    pub cursor: Option<(u16, u16)>,
    /// The images that are seen.
    pub images: Vec<Image>,
    /// The cells that lead to an address.
    pub links: Vec<Link>,
    /// The window's title; `None` leaves it as it is.
    pub title: Option<String>,
}

/// The screen of one terminal.
pub struct Screen<W: Write> {
    out: FrameWriter<W>,
    /// The bytes of a frame; kept to be filled again.
    bytes: Vec<u8>,
    shown: Buffer,
    next: Buffer,
    cursor: Option<(u16, u16)>,
    gallery: Gallery,
    links: Links,
    title: String,
    /// What of these the terminal is told.
    told: Known,
    fresh: bool,
}

impl<W: Write> Screen<W> {
    /// A screen of a size in columns and rows, of whose content nothing is known.
    pub fn new(out: W, size: (u16, u16)) -> Self {
        let area = Rect::new(0, 0, size.0, size.1);
        Self {
            out: FrameWriter::new(out),
            bytes: Vec::new(),
            shown: Buffer::empty(area),
            next: Buffer::empty(area),
            cursor: None,
            gallery: Gallery::default(),
            links: Links::default(),
            title: String::new(),
            told: Known::default(),
            fresh: true,
        }
    }

    /// Tells the terminal only what it understands, from now on.
    pub fn tell(&mut self, known: Known) {
        self.told = known;
    }

    /// How many bytes were sent so far.
    pub fn sent(&self) -> usize {
        self.out.sent()
    }

    /// Takes a new size; the next frame is drawn whole.
    pub fn resize(&mut self, size: (u16, u16)) {
        let area = Rect::new(0, 0, size.0, size.1);
        self.shown = Buffer::empty(area);
        self.next = Buffer::empty(area);
        self.links = Links::default();
        self.fresh = true;
    }

    /// Forgets what the terminal shows; the next frame is drawn whole.
    pub fn invalidate(&mut self) {
        self.shown.reset();
        self.links = Links::default();
        self.title.clear();
        self.fresh = true;
    }

    /// Draws a frame: `paint` fills the buffer and says what there is beside. Writes only what differs.
    pub fn draw<T>(
        &mut self,
        paint: impl FnOnce(Rect, &mut Buffer) -> (Beside, T),
    ) -> io::Result<T> {
        self.next.reset();
        let (beside, result) = paint(self.next.area, &mut self.next);
        let Beside {
            cursor,
            images,
            links,
            title,
        } = beside;
        let told = if self.told.links { &links[..] } else { &[] };
        let links = Links::new(told, self.next.area);
        let mut moved = false;
        let (mut before, mut over) = (Vec::new(), Vec::new());
        if self.fresh {
            self.gallery.forget(&mut before);
            queue!(self.out, Clear(ClearType::All), Hide)?;
            self.cursor = None;
            self.fresh = false;
        }
        self.bytes.clear();
        let buffers = (&mut self.shown, &mut self.next);
        let may_move = self.gallery.hang(&images, buffers, &mut before, &mut over);
        self.out.write_ahead(&before)?;
        let scroll = scroll::find(&self.shown, &self.next).filter(|_| may_move);
        if let Some(scroll) = scroll {
            scroll.write(&mut self.bytes);
            scroll.apply(&mut self.shown);
            scroll.apply_to(self.links.cells_mut(), self.shown.area.width, |link| {
                *link = 0;
            });
        }
        self.links.doubt(&links, &mut self.shown);
        paint::paint(&mut self.shown, &self.next, &links, &mut self.bytes);
        self.links = links;
        self.bytes.append(&mut over);
        if !self.bytes.is_empty() {
            moved = true;
            self.out.write_all(&self.bytes)?;
        }
        std::mem::swap(&mut self.shown, &mut self.next);
        match cursor {
            Some((x, y)) if moved || self.cursor != cursor => {
                queue!(self.out, MoveTo(x, y))?;
                if self.cursor.is_none() {
                    queue!(self.out, Show)?;
                }
            }
            None if self.cursor.is_some() => queue!(self.out, Hide)?,
            _ => {}
        }
        self.cursor = cursor;
        if let Some(title) = title.filter(|title| self.told.title && *title != self.title) {
            let printable = title.chars().filter(|c| !c.is_control());
            let sequence = printable.collect::<String>();
            write!(self.out, "\x1b]2;{sequence}\x07")?;
            self.title = title;
        }
        self.out.flush()?;
        Ok(result)
    }

    /// Sends a control sequence along with the next frame.
    pub fn send(&mut self, sequence: &str) -> io::Result<()> {
        self.out.write_all(sequence.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> std::fmt::Debug for Screen<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screen")
            .field("area", &self.shown.area)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::cell::RefCell;
    use std::num::NonZeroU16;
    use std::rc::Rc;

    use proptest::prelude::*;
    use ratatui::style::{Color, Modifier, Style};

    use super::*;

    /// What was written, to be read while the screen holds it.
    #[derive(Debug, Clone, Default)]
    struct Sink(Rc<RefCell<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_differences_are_written() {
        let sink = Sink::default();
        let mut screen = Screen::new(sink.clone(), (20, 3));
        let mut draw = |text: &str| {
            let paint = |area: Rect, buffer: &mut Buffer| {
                buffer.set_string(area.x, area.y, text, Style::new());
                (Beside::default(), ())
            };
            screen.draw(paint).unwrap();
            std::mem::take(&mut *sink.0.borrow_mut()).len()
        };
        assert!(draw("payments") > 0);
        assert_eq!(
            draw("payments"),
            0,
            "a frame in which nothing changed writes nothing"
        );
        assert!(draw("paymentx") <= 24);
    }

    /// A line of a frame: how far it is indented, its number in the list, its style.
    type Line = (u16, usize, u8);

    const TEXTS: [&str; 6] = [
        "",
        "payment-gateway   the team",
        "支付 gateway  支",
        "e\u{301}tude and 👩‍🔧 x",
        "────────────── rule ────",
        "                       x",
    ];

    fn style(number: u8) -> Style {
        match number % 5 {
            0 => Style::new(),
            1 => Style::new().add_modifier(Modifier::BOLD),
            2 => Style::new().fg(Color::DarkGray),
            3 => Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD),
            _ => Style::new().fg(Color::Cyan).bg(Color::Indexed(17)),
        }
    }

    fn paint(lines: &[Line], area: Rect, buffer: &mut Buffer) {
        for (row, (indent, text, look)) in (0..area.height).zip(lines) {
            let room = usize::from(area.width.saturating_sub(*indent));
            let text = TEXTS.get(text % TEXTS.len()).unwrap();
            buffer.set_stringn(*indent, row, format!("{text} {look}"), room, style(*look));
        }
    }

    fn parser(rows: u16, columns: u16) -> vt100::Parser {
        let size = |number| NonZeroU16::new(number).unwrap();
        vt100::Parser::new(size(rows), size(columns), 0)
    }

    proptest! {
        #[test]
        fn the_terminal_shows_the_last_frame(
            list in proptest::collection::vec((0_u16..3, 0_usize..6, 0_u8..20), 30),
            tops in proptest::collection::vec(0_usize..20, 1..6),
            fixed in 0_usize..4,
        ) {
            let sink = Sink::default();
            let (columns, rows) = (30, 12);
            let mut screen = Screen::new(sink.clone(), (columns, rows));
            let mut terminal = parser(rows, columns);
            for top in tops {
                // Some lines stay where they are, the rest is a list that moves.
                let lines: Vec<Line> = list
                    .iter()
                    .take(fixed)
                    .chain(list.iter().skip(fixed + top))
                    .copied()
                    .collect();
                screen.draw(|area, buffer| (Beside::default(), paint(&lines, area, buffer))).unwrap();
                terminal.process(&std::mem::take(&mut *sink.0.borrow_mut()));
                let mut fresh = parser(rows, columns);
                let whole = Sink::default();
                Screen::new(whole.clone(), (columns, rows))
                    .draw(|area, buffer| (Beside::default(), paint(&lines, area, buffer)))
                    .unwrap();
                fresh.process(&whole.0.borrow());
                for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |c| (row, c))) {
                    let shown = |parser: &vt100::Parser| {
                        let cell = parser.screen().cell(row, column).unwrap().clone();
                        let text = Some(cell.contents().to_owned()).filter(|text| text != " ");
                        // How the second half of a wide character is styled shows nowhere.
                        let inverse = cell.inverse() && !cell.is_wide_continuation();
                        (text.unwrap_or_default(), cell.bgcolor(), inverse)
                    };
                    prop_assert_eq!(shown(&terminal), shown(&fresh), "row {} column {}", row, column);
                }
            }
        }
    }
}
