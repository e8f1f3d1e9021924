//! Entering and leaving the terminal. Leaving is one function that may be called any number of times, from anywhere:
//! the end of a session, a panic, a signal, a suspension, an editor.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};

use super::graphics;

/// Whether the terminal is ours now.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Holds the terminal; it is given back when this is dropped.
#[derive(Debug)]
pub struct Session(());

impl Session {
    /// Takes the terminal: raw mode, the alternate screen, bracketed paste.
    pub fn enter() -> io::Result<Self> {
        let session = Self(());
        session.resume()?;
        Ok(session)
    }

    /// Takes the terminal again after [`Session::leave`].
    pub fn resume(&self) -> io::Result<()> {
        ENTERED.store(true, Ordering::SeqCst);
        enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste)
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
            let _ = execute!(
                out,
                DisableBracketedPaste,
                LeaveAlternateScreen,
                cursor::Show
            );
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
