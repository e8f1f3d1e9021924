//! Entering and leaving the terminal. Leaving is one function that may be called any number of times, from anywhere:
//! the end of a session, a panic, a signal, a suspension, an editor.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};

use super::graphics;
use super::known::Known;

/// Whether the terminal is ours now.
static ENTERED: AtomicBool = AtomicBool::new(false);
/// Whether the mouse is, while the terminal is.
static MOUSE: AtomicBool = AtomicBool::new(false);
/// Whether keys are told apart by kitty's protocol, and whether the title was put aside.
static KEYS: AtomicBool = AtomicBool::new(false);
static TITLE: AtomicBool = AtomicBool::new(false);

/// Presses, drags with a button held down and the wheel, in columns beyond 223 too; never every move.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";
/// Escape and chords with Ctrl are told from others; what has a letter of its own stays a letter.
const KEYS_ON: &str = "\x1b[>1u";
const KEYS_OFF: &str = "\x1b[<1u";
/// The window's title is put on the terminal's stack of titles, and taken from there.
const TITLE_ASIDE: &str = "\x1b[22;2t";
const TITLE_BACK: &str = "\x1b[23;2t";

/// Holds the terminal; it is given back when this is dropped.
#[derive(Debug)]
pub struct Session(());

impl Session {
    /// Takes the terminal: raw mode, the alternate screen, bracketed paste, news of the focus, and what else is `known` of
    /// it; the mouse if it is wanted.
    pub fn enter(known: Known, mouse: bool) -> io::Result<Self> {
        KEYS.store(known.keys, Ordering::SeqCst);
        TITLE.store(known.title, Ordering::SeqCst);
        MOUSE.store(mouse, Ordering::SeqCst);
        let session = Self(());
        session.resume()?;
        Ok(session)
    }

    /// Takes the terminal again after [`Session::leave`].
    pub fn resume(&self) -> io::Result<()> {
        ENTERED.store(true, Ordering::SeqCst);
        enable_raw_mode()?;
        let mut out = io::stdout();
        if TITLE.load(Ordering::SeqCst) {
            out.write_all(TITLE_ASIDE.as_bytes())?;
        }
        execute!(
            out,
            EnterAlternateScreen,
            EnableBracketedPaste,
            EnableFocusChange
        )?;
        // The stack of key modes belongs to the second screen: it is pushed there and taken away there.
        if KEYS.load(Ordering::SeqCst) {
            out.write_all(KEYS_ON.as_bytes())?;
        }
        if MOUSE.load(Ordering::SeqCst) {
            out.write_all(MOUSE_ON.as_bytes())?;
        }
        out.flush()
    }

    /// Reads keys one by one again, however others left the terminal meanwhile.
    pub fn wake(&self) -> io::Result<()> {
        disable_raw_mode()?;
        enable_raw_mode()
    }

    /// Takes the mouse, or leaves it to the terminal, from now on.
    pub fn take_mouse(&self, taken: bool) -> io::Result<()> {
        if MOUSE.swap(taken, Ordering::SeqCst) == taken {
            return Ok(());
        }
        let mut out = io::stdout();
        out.write_all(if taken { MOUSE_ON } else { MOUSE_OFF }.as_bytes())?;
        out.flush()
    }

    /// Gives the terminal back as it was, if it is ours. Errors are of no use: the terminal may be gone.
    pub fn leave() {
        if ENTERED.swap(false, Ordering::SeqCst) {
            let mut out = io::stdout();
            // The update bracket is closed first: a frame may have been cut off in its middle.
            let _ = out.write_all(b"\x1b[?2026l\x1b[0m");
            // Images lie on the screen that is left, and would stay in the terminal's memory.
            let mut images = Vec::new();
            graphics::take_away(&mut images);
            let _ = out.write_all(&images);
            if MOUSE.load(Ordering::SeqCst) {
                let _ = out.write_all(MOUSE_OFF.as_bytes());
            }
            if KEYS.load(Ordering::SeqCst) {
                let _ = out.write_all(KEYS_OFF.as_bytes());
            }
            let _ = execute!(
                out,
                DisableFocusChange,
                DisableBracketedPaste,
                LeaveAlternateScreen,
                cursor::Show
            );
            if TITLE.load(Ordering::SeqCst) {
                let _ = out.write_all(TITLE_BACK.as_bytes());
                let _ = out.flush();
            }
            let _ = disable_raw_mode();
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        Self::leave();
    }
}

/// Puts the whole process group to sleep, as Ctrl-Z does; returns when it is woken. The terminal must have been left.
pub fn suspend_process() {
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
}

/// Whether the terminal is still there. A terminal that hung up makes event readers spin instead of ending them.
pub fn is_alive() -> bool {
    rustix::termios::tcgetattr(rustix::stdio::stdin()).is_ok()
        && rustix::termios::tcgetwinsize(rustix::stdio::stdout()).is_ok()
}
