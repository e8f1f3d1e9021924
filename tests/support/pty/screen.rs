//! The emulator's side: a thread that reads what the portal writes, and the screen that comes of it.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use super::Writer;

/// The modes a portal switches on and has to switch off again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the terminal"
)]
pub(crate) struct Modes {
    /// The second screen, without scrollback.
    pub(crate) alternate_screen: bool,
    /// Whether the cursor is hidden.
    pub(crate) cursor_hidden: bool,
    /// Whether pastes come in brackets.
    pub(crate) bracketed_paste: bool,
    /// Whether mouse events are reported.
    pub(crate) mouse: bool,
}

impl Modes {
    /// The modes of a terminal nobody has touched.
    pub(crate) const PLAIN: Self = Self {
        alternate_screen: false,
        cursor_hidden: false,
        bracketed_paste: false,
        mouse: false,
    };

    pub(super) fn of(screen: &vt100::Screen) -> Self {
        Self {
            alternate_screen: screen.alternate_screen(),
            cursor_hidden: screen.hide_cursor(),
            bracketed_paste: screen.bracketed_paste(),
            mouse: screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
        }
    }
}

/// What the reading thread and the test both see.
pub(super) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser<Queries>,
    /// All that was written: images, titles and links leave no other trace.
    written: Vec<u8>,
    bytes: usize,
    last: Instant,
    closed: bool,
    let_go: bool,
}

/// The questions that a portal asked of its terminal and that wait for an answer.
#[derive(Default)]
struct Queries {
    answers: Vec<u8>,
    /// Whether the terminal takes images as kitty does.
    kitty: bool,
    /// Whether it answers nothing.
    silent: bool,
}

/// The question whether a terminal takes kitty's images.
const KITTY: &[u8] = b"\x1b_Gi=31,s=1,v=1,a=q";

impl vt100::Callbacks for Queries {
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        intermediate: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        c: char,
    ) {
        match (intermediate, c, params) {
            // What are you? A VT220.
            (None, 'c', _) if !self.silent => {
                self.answers.extend_from_slice(b"\x1b[?62;22c");
            }
            // Who are you, and how large is a cell?
            (Some(b'>'), 'q', _) if self.kitty => {
                self.answers
                    .extend_from_slice(b"\x1bP>|kitty(0.35.2)\x1b\\");
            }
            (None, 't', [[16]]) if self.kitty => {
                self.answers.extend_from_slice(b"\x1b[6;20;10t");
            }
            // Where is the cursor?
            (None, 'n', [[6]]) => {
                let (row, column) = screen.cursor_position();
                let _ = write!(self.answers, "\x1b[{};{}R", row + 1, column + 1);
            }
            _ => {}
        }
    }
}

impl Shared {
    /// Starts to read, no faster than the bytes a second of `line`. Questions of the portal are answered through `writer`.
    pub(super) fn read(
        mut reader: Box<dyn Read + Send>,
        writer: Writer,
        (columns, rows): (u16, u16),
        (kitty, silent): (bool, bool),
        line: Option<u32>,
    ) -> Arc<Self> {
        let (rows, columns) = non_zero(columns, rows);
        let queries = Queries {
            kitty,
            silent,
            ..Queries::default()
        };
        let shared = Arc::new(Self {
            state: Mutex::new(State {
                parser: vt100::Parser::new_with_callbacks(rows, columns, 0, queries),
                written: Vec::new(),
                bytes: 0,
                last: Instant::now(),
                closed: false,
                let_go: false,
            }),
            changed: Condvar::new(),
        });
        let ours = Arc::clone(&shared);
        std::thread::spawn(move || {
            // A slow line takes little at a time, so that what it has not taken holds up who writes.
            let mut buffer = vec![0; if line.is_some() { 256 } else { 16 * 1024 }];
            loop {
                // The end of the other side is an error on Linux.
                let length = reader.read(&mut buffer).unwrap_or(0);
                if let Some(line) = line {
                    let length = u32::try_from(length).unwrap_or(0);
                    std::thread::sleep(Duration::from_secs(1) * length / line);
                }
                let answer = {
                    let mut state = ours.state.lock().unwrap();
                    if length == 0 || state.let_go {
                        drop(reader);
                        state.closed = true;
                        ours.changed.notify_all();
                        return;
                    }
                    state.written.extend_from_slice(&buffer[..length]);
                    let mut parts = buffer[..length].windows(KITTY.len());
                    if kitty && parts.any(|part| part == KITTY) {
                        let answers = &mut state.parser.callbacks_mut().answers;
                        answers.extend_from_slice(b"\x1b_Gi=31;OK\x1b\\");
                    }
                    state.parser.process(&buffer[..length]);
                    state.bytes += length;
                    state.last = Instant::now();
                    std::mem::take(&mut state.parser.callbacks_mut().answers)
                };
                ours.changed.notify_all();
                if let Some(writer) = writer.lock().unwrap().as_mut()
                    && !answer.is_empty()
                {
                    let _ = writer.write_all(&answer);
                }
            }
        });
        shared
    }

    pub(super) fn look<T>(&self, look: impl Fn(&vt100::Screen) -> T) -> T {
        look(self.state.lock().unwrap().parser.screen())
    }

    pub(super) fn written(&self) -> String {
        String::from_utf8_lossy(&self.state.lock().unwrap().written).into_owned()
    }

    /// When something was written last.
    pub(super) fn last(&self) -> Instant {
        self.state.lock().unwrap().last
    }

    pub(super) fn bytes(&self) -> usize {
        self.state.lock().unwrap().bytes
    }

    pub(super) fn resize(&self, columns: u16, rows: u16) {
        let (rows, columns) = non_zero(columns, rows);
        self.state.lock().unwrap().parser.set_size(rows, columns);
    }

    /// Tells the reader to stop at the next bytes.
    pub(super) fn let_go(&self) {
        self.state.lock().unwrap().let_go = true;
    }

    /// Waits until the screen is as expected; false if it never was.
    pub(super) fn wait(&self, limit: Duration, expected: impl Fn(&vt100::Screen) -> bool) -> bool {
        let state = self.state.lock().unwrap();
        let (state, _) = self
            .changed
            .wait_timeout_while(state, limit, |state| {
                !state.closed && !expected(state.parser.screen())
            })
            .unwrap();
        expected(state.parser.screen())
    }

    /// Waits until nothing more can be read; false if the other side stays.
    pub(super) fn wait_closed(&self, limit: Duration) -> bool {
        let state = self.state.lock().unwrap();
        let (state, _) = self
            .changed
            .wait_timeout_while(state, limit, |state| !state.closed)
            .unwrap();
        state.closed
    }

    /// Waits until nothing was written for `pause`; false if that did not happen within `limit`.
    pub(super) fn wait_quiet(&self, pause: Duration, limit: Duration) -> bool {
        let begun = Instant::now();
        let mut state = self.state.lock().unwrap();
        loop {
            let left = pause.saturating_sub(state.last.max(begun).elapsed());
            if left.is_zero() {
                return true;
            }
            if begun.elapsed() >= limit {
                return false;
            }
            (state, _) = self.changed.wait_timeout(state, left).unwrap();
        }
    }
}

fn non_zero(columns: u16, rows: u16) -> (NonZeroU16, NonZeroU16) {
    (
        NonZeroU16::new(rows).unwrap(),
        NonZeroU16::new(columns).unwrap(),
    )
}
