//! What stands on the terminal, and the way from there to the next frame with as few bytes as can be.
//!
//! Ratatui's own `Terminal` asks the size by a system call for each frame and writes cursor sequences for frames in which
//! nothing changed, and its backend flushes after each of these; this keeps two buffers and writes their difference at
//! once, or nothing.

use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::writer::FrameWriter;

/// The screen of one terminal.
pub struct Screen<W: Write> {
    backend: CrosstermBackend<FrameWriter<W>>,
    shown: Buffer,
    next: Buffer,
    cursor: Option<(u16, u16)>,
    fresh: bool,
}

impl<W: Write> Screen<W> {
    /// A screen of a size in columns and rows, of whose content nothing is known.
    pub fn new(out: W, size: (u16, u16)) -> Self {
        let area = Rect::new(0, 0, size.0, size.1);
        Self {
            backend: CrosstermBackend::new(FrameWriter::new(out)),
            shown: Buffer::empty(area),
            next: Buffer::empty(area),
            cursor: None,
            fresh: true,
        }
    }

    /// Takes a new size; the next frame is drawn whole.
    pub fn resize(&mut self, size: (u16, u16)) {
        let area = Rect::new(0, 0, size.0, size.1);
        self.shown = Buffer::empty(area);
        self.next = Buffer::empty(area);
        self.fresh = true;
    }

    /// Forgets what the terminal shows; the next frame is drawn whole.
    pub fn invalidate(&mut self) {
        self.shown.reset();
        self.fresh = true;
    }

    /// Draws a frame: `paint` fills the buffer and says where the cursor stands. Writes only what differs.
    pub fn draw<T>(
        &mut self,
        paint: impl FnOnce(Rect, &mut Buffer) -> (Option<(u16, u16)>, T),
    ) -> io::Result<T> {
        self.next.reset();
        let (cursor, result) = paint(self.next.area, &mut self.next);
        let mut moved = false;
        if self.fresh {
            queue!(self.backend, Clear(ClearType::All), Hide)?;
            self.cursor = None;
            self.fresh = false;
        }
        let changes = self.shown.diff(&self.next);
        if !changes.is_empty() {
            moved = true;
            self.backend.draw(changes.into_iter())?;
        }
        std::mem::swap(&mut self.shown, &mut self.next);
        match cursor {
            Some((x, y)) if moved || self.cursor != cursor => {
                queue!(self.backend, MoveTo(x, y))?;
                if self.cursor.is_none() {
                    queue!(self.backend, Show)?;
                }
            }
            None if self.cursor.is_some() => queue!(self.backend, Hide)?,
            _ => {}
        }
        self.cursor = cursor;
        Backend::flush(&mut self.backend)?;
        Ok(result)
    }

    /// Sends a control sequence along with the next frame.
    pub fn send(&mut self, sequence: &str) -> io::Result<()> {
        self.backend.write_all(sequence.as_bytes())?;
        Backend::flush(&mut self.backend)
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
mod tests {
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn only_differences_are_written() -> io::Result<()> {
        let mut out = Vec::new();
        let mut screen = Screen::new(&mut out, (20, 3));
        let paint = |text: &'static str| {
            move |area: Rect, buffer: &mut Buffer| {
                buffer.set_string(area.x, area.y, text, Style::new());
                (None, ())
            }
        };
        screen.draw(paint("payments"))?;
        drop(screen);
        let first = out.len();
        assert!(first > 0);

        let mut out = Vec::new();
        let mut screen = Screen::new(&mut out, (20, 3));
        screen.draw(paint("payments"))?;
        screen.draw(paint("payments"))?;
        drop(screen);
        assert_eq!(
            out.len(),
            first,
            "a frame in which nothing changed writes nothing"
        );
        Ok(())
    }
}
