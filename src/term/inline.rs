//! A few rows below the prompt, drawn to the terminal itself: standard output is somebody else's, who reads the answer.
//!
//! The terminal is never asked where its cursor stands, so that no reply can come late and land in the shell: rows are made
//! by line feeds, and every movement counts from where the cursor was left.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use termprofile::{DetectorSettings, TermProfile};

use super::capability::Refusal;
use super::paint;
use super::writer::FrameWriter;

/// Rows of the terminal that the process sits at. They are cleared when this is dropped.
#[derive(Debug)]
pub struct Inline {
    out: FrameWriter<File>,
    /// Which colours the terminal understands.
    profile: TermProfile,
    shown: Buffer,
    /// Where the cursor stands, column and row, counted from our first.
    cursor: (u16, u16),
    fresh: bool,
}

impl Inline {
    /// Takes up to `rows` rows below the cursor of the terminal that the process sits at.
    pub fn open(rows: u16) -> Result<Self, Refusal> {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb" || term.is_empty());
        if dumb {
            return Err(Refusal::Dumb);
        }
        let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty");
        let terminal = terminal.ok().filter(IsTerminal::is_terminal);
        let terminal = terminal.ok_or(Refusal::NoTerminal)?;
        let profile = TermProfile::detect(&terminal, DetectorSettings::default());
        enable_raw_mode().map_err(|_| Refusal::NoTerminal)?;
        let mut inline = Self {
            out: FrameWriter::new(terminal),
            profile,
            shown: Buffer::empty(Rect::ZERO),
            cursor: (0, 0),
            fresh: true,
        };
        inline.resize(rows);
        Ok(inline)
    }

    /// Which colours the terminal understands.
    pub fn profile(&self) -> TermProfile {
        self.profile
    }

    /// Takes up to `rows` rows of the terminal as it is now.
    pub fn resize(&mut self, rows: u16) {
        let (columns, height) = match crossterm::terminal::size() {
            Ok((columns, height)) if columns > 0 && height > 0 => (columns, height),
            _ => (80, 24),
        };
        self.shown = Buffer::empty(Rect::new(0, 0, columns, rows.min(height)));
        self.fresh = true;
    }

    /// Whether the terminal is still there.
    pub fn is_alive(&self) -> bool {
        rustix::termios::tcgetwinsize(self.out.get_ref()).is_ok()
    }

    /// What can be drawn in.
    pub fn area(&self) -> Rect {
        self.shown.area
    }

    /// Draws a frame: `paint` fills the buffer and says where the cursor stands. Only rows that changed are written.
    pub fn draw(
        &mut self,
        paint: impl FnOnce(Rect, &mut Buffer) -> Option<(u16, u16)>,
    ) -> io::Result<()> {
        let area = self.shown.area;
        let mut next = Buffer::empty(area);
        let cursor = paint(area, &mut next).unwrap_or_default();
        if !self.fresh && self.shown == next && self.cursor == cursor {
            return Ok(());
        }
        let mut bytes = Vec::new();
        if self.fresh {
            self.clear(&mut bytes);
            // The terminal scrolls where there are too few rows below.
            bytes.extend(std::iter::repeat_n(
                b'\n',
                usize::from(area.height.saturating_sub(1)),
            ));
            self.cursor = (0, area.height.saturating_sub(1));
        }
        for row in 0..area.height {
            if self.fresh || paint::differs(&self.shown, &next, row) {
                self.go(row, &mut bytes);
                paint::row(&next, row, &mut bytes);
            }
        }
        self.fresh = false;
        self.go(cursor.1, &mut bytes);
        if cursor.0 > 0 {
            write!(bytes, "\x1b[{}C", cursor.0)?;
        }
        self.cursor = cursor;
        self.shown = next;
        self.out.write_all(&bytes)?;
        self.out.flush()
    }

    /// Goes to the beginning of a row of ours.
    fn go(&mut self, row: u16, bytes: &mut Vec<u8>) {
        bytes.push(b'\r');
        let from = self.cursor.1;
        let (away, way) = if row < from {
            (from - row, 'A')
        } else {
            (row - from, 'B')
        };
        if away > 0 {
            bytes.extend_from_slice(format!("\x1b[{away}{way}").as_bytes());
        }
        self.cursor = (0, row);
    }

    fn clear(&mut self, bytes: &mut Vec<u8>) {
        self.go(0, bytes);
        bytes.extend_from_slice(b"\x1b[J");
    }
}

impl Drop for Inline {
    fn drop(&mut self) {
        // Errors are of no use: the terminal may be gone.
        let mut bytes = Vec::new();
        self.clear(&mut bytes);
        let _ = self.out.write_all(&bytes);
        let _ = self.out.flush();
        let _ = disable_raw_mode();
    }
}
