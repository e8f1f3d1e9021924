//! Images on a terminal: what is written of them, frame by frame.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::style::Style;

use super::*;
use crate::term::{Beside, Screen};

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

struct Terminal {
    screen: Screen<Sink>,
    sink: Sink,
}

impl Terminal {
    fn new() -> Self {
        let sink = Sink::default();
        Self {
            screen: Screen::new(sink.clone(), (40, 20)),
            sink,
        }
    }

    /// Draws a page with its first line at `top` and these images, and returns what was written.
    fn draw(&mut self, top: u16, images: Vec<Image>) -> String {
        let drawn = self.screen.draw(|area, buffer| {
            for row in 0..area.height {
                let line = format!("line {} of a long page", row + top);
                buffer.set_string(0, row, line, Style::new());
            }
            let beside = Beside {
                images,
                ..Beside::default()
            };
            (beside, ())
        });
        assert!(drawn.is_ok());
        let bytes = std::mem::take(&mut *self.sink.0.borrow_mut());
        String::from_utf8_lossy(&bytes).replace('\x1b', "^")
    }
}

fn image(form: Form, key: u64, at: (u16, u16), above: u16) -> Image {
    let size = (10, 4);
    Image {
        key,
        form,
        data: vec![b'x'; 30].into(),
        size,
        at: Rect::new(at.0, at.1, size.0, size.1 - above),
        above,
    }
}

#[test]
fn an_image_of_kittys_is_sent_once_and_stands_in_cells() {
    let mut terminal = Terminal::new();
    let first = terminal.draw(0, vec![image(Form::Kitty, 1, (2, 3), 0)]);
    assert_eq!(first.matches("^_Ga=T,U=1,f=100,").count(), 1, "{first}");
    assert_eq!(first.matches(PLACEHOLDER).count(), 40);
    assert!(
        first.find("^_G") < first.find("^[?2026h"),
        "images go ahead of the frame"
    );
    let same = terminal.draw(0, vec![image(Form::Kitty, 1, (2, 3), 0)]);
    assert_eq!(same, "", "a frame in which nothing changed writes nothing");
    let scrolled = terminal.draw(4, vec![image(Form::Kitty, 1, (2, 0), 1)]);
    assert!(!scrolled.contains("^_G"), "{scrolled}");
    let gone = terminal.draw(0, Vec::new());
    assert!(!gone.contains(PLACEHOLDER) && !gone.contains("^_G"));
    let back = terminal.draw(0, vec![image(Form::Kitty, 1, (2, 3), 0)]);
    assert!(!back.contains("^_G"), "the terminal still has it: {back}");
    terminal.screen.invalidate();
    let anew = terminal.draw(0, vec![image(Form::Kitty, 1, (2, 3), 0)]);
    assert!(
        anew.contains("^_Ga=d,d=I,i=") && anew.contains("^_Ga=T"),
        "{anew}"
    );
}

#[test]
fn a_terminal_is_not_left_to_keep_more_than_some_images() {
    let mut terminal = Terminal::new();
    let mut written = String::new();
    for key in 0..50 {
        written += &terminal.draw(0, vec![image(Form::Kitty, key, (2, 3), 0)]);
    }
    assert_eq!(written.matches("^_Ga=T").count(), 50);
    assert_eq!(written.matches("^_Ga=d,d=I").count(), 50 - KEPT);
}

#[test]
fn other_images_lie_over_cells_and_are_drawn_only_where_they_were_not() {
    for (form, sign) in [(Form::Sixel, "xxx"), (Form::Iterm, "^]1337;File=inline=1")] {
        let mut terminal = Terminal::new();
        let first = terminal.draw(0, vec![image(form, 1, (2, 3), 0)]);
        assert_eq!(first.matches(sign).count().min(1), 1, "{first}");
        assert!(first.contains("^[4;3H"), "{first}");
        assert!(first.find(sign) > first.find("line 19"), "over the frame");
        assert_eq!(terminal.draw(0, vec![image(form, 1, (2, 3), 0)]), "");
        // It moved: its old cells are written, and it is drawn again.
        let moved = terminal.draw(1, vec![image(form, 1, (2, 2), 0)]);
        assert!(moved.contains(sign) && moved.contains("^[3;3H"), "{moved}");
        assert!(moved.contains("ne 7 of"), "what it lay over: {moved}");
        assert!(!moved.contains("r^["), "no rows are moved: {moved}");
        // It is cut off: half blocks are in its place.
        let cut = terminal.draw(4, vec![image(form, 1, (2, 0), 1)]);
        assert!(!cut.contains(sign) && cut.contains("ne 6 of"), "{cut}");
        // Beside it a word changes.
        terminal.draw(0, vec![image(form, 1, (2, 3), 0)]);
        assert_eq!(terminal.draw(0, vec![image(form, 1, (2, 3), 0)]), "");
    }
}

#[test]
fn sequences_go_through_tmux_in_its_envelope() {
    let mut out = Vec::new();
    wrap(b"\x1b_Ga=d\x1b\\", &mut out);
    assert_eq!(out, b"\x1bPtmux;\x1b\x1b_Ga=d\x1b\x1b\\\x1b\\");
}
