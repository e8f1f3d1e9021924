//! The portal in a terminal of its own: the real binary on a pseudo-terminal, with an emulator that reads what it writes.
//!
//! Tests read as prose and wait for what they expect, never for a time:
//!
//! ```ignore
//! let mut portal = Pty::portal(["--offline"]).size(120, 40).open();
//! portal.wait_for("stagedoor").press("/").type_text("ledger").wait_for("payment-ledger");
//! assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
//! ```

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

#[path = "pty/keys.rs"]
mod keys;
#[path = "pty/rest.rs"]
mod rest;
#[path = "pty/screen.rs"]
mod screen;

use rest::Account;
pub(crate) use screen::Modes;
use screen::Shared;

/// How long a test waits for what it expects. Generous: the machine may be busy, and a test that passes does not wait.
const LIMIT: Duration = Duration::from_secs(20);

/// How long the portal may take to say that it is at rest, before it is believed not to have got all keys.
const AT_REST: Duration = Duration::from_secs(5);

/// How a process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Exit {
    /// With this code.
    Code(u32),
    /// By this signal.
    Signal(String),
}

/// What is to run, and in what terminal.
pub(crate) struct Pty {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    folder: Option<PathBuf>,
    columns: u16,
    rows: u16,
    /// Whether the terminal takes images as kitty does.
    kitty: bool,
    /// Whether the terminal answers no question by itself.
    silent: bool,
    /// How many bytes a second the line between portal and terminal carries.
    line: Option<u32>,
    /// The shell script that starts it, where it does not lead the session itself.
    script: Option<&'static str>,
}

impl Pty {
    /// The portal with `arguments`, at 120×40, with a home and a cache that are new and empty.
    pub(crate) fn portal<I>(arguments: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        Self {
            program: env!("CARGO_BIN_EXE_stagedoor").into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            environment: Vec::new(),
            folder: None,
            columns: 120,
            rows: 40,
            kitty: false,
            silent: false,
            line: None,
            script: None,
        }
    }

    /// Another program instead of the portal.
    pub(crate) fn program(mut self, program: impl Into<OsString>) -> Self {
        self.program = program.into();
        self
    }

    /// In a terminal that takes images as kitty does.
    pub(crate) fn kitty(mut self) -> Self {
        self.kitty = true;
        self
    }

    /// In a terminal that answers no question by itself: the test may, later.
    pub(crate) fn silent(mut self) -> Self {
        self.silent = true;
        self
    }

    /// At the other end of a line that carries so many bytes a second.
    pub(crate) fn line(mut self, bytes: u32) -> Self {
        self.line = Some(bytes);
        self
    }

    /// In a terminal of this size.
    pub(crate) fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    /// With this variable set.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Started in `folder`, instead of in the empty home.
    pub(crate) fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Below a shell that leads the session and ignores the hang-up, so that nobody signals the portal.
    pub(crate) fn below_a_shell(mut self) -> Self {
        self.script = Some("trap '' HUP; \"$0\" \"$@\"; exit $?");
        self
    }

    /// Below a shell with job control. When the portal stops, the shell says `stopped`, waits for Enter, and continues it.
    pub(crate) fn with_job_control(mut self) -> Self {
        self.script =
            Some("set -m; \"$0\" \"$@\"; echo stopped; read -r line; fg >/dev/null; exit $?");
        self
    }

    /// In a shell that takes what it prints for its own, as `$(…)` does, and says what that was and how it ended.
    pub(crate) fn for_its_answer(mut self) -> Self {
        self.script =
            Some("echo '$ '; d=$(\"$0\" \"$@\"); code=$?; echo \"answer <$d> $code\"; exit $code");
        self
    }

    /// Starts it.
    pub(crate) fn open(self) -> Portal {
        let home = tempfile::tempdir().unwrap();
        let pty = native_pty_system()
            .openpty(size(self.columns, self.rows))
            .unwrap();
        let before = terminal_settings(pty.master.as_ref());
        let mut command = if let Some(script) = self.script {
            let mut shell = CommandBuilder::new("/bin/sh");
            shell.args(["-c", script]);
            shell.arg(&self.program);
            shell
        } else {
            CommandBuilder::new(&self.program)
        };
        command.args(&self.arguments);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env(rest::LEVEL.0, rest::LEVEL.1);
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        // Without a folder the library starts the process in the home of whoever runs the tests.
        let folder = self.folder.as_deref().unwrap_or(home.path());
        command.cwd(folder);
        // Where others read keys, too, or a slow line lies between, the portal's account is not the whole.
        let is_alone = self.script.is_none() && self.line.is_none();
        let account = (is_alone && self.program == env!("CARGO_BIN_EXE_stagedoor"))
            .then(|| Account::of(&self.arguments, folder, home.path()));
        let mut child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);

        let pid = child
            .process_id()
            .and_then(|pid| Pid::from_raw(pid.cast_signed()))
            .unwrap();
        let writer = Arc::new(Mutex::new(Some(pty.master.take_writer().unwrap())));
        let shared = Shared::read(
            pty.master.try_clone_reader().unwrap(),
            Arc::clone(&writer),
            (self.columns, self.rows),
            (self.kitty, self.silent),
            self.line,
        );
        let (send, ended) = mpsc::channel();
        std::thread::spawn(move || {
            let status = child.wait().unwrap();
            let exit = match status.signal() {
                Some(signal) => Exit::Signal(signal.to_owned()),
                None => Exit::Code(status.exit_code()),
            };
            let _ = send.send(exit);
        });
        Portal {
            master: Some(pty.master),
            writer,
            shared,
            pid,
            ended,
            exit: None,
            before,
            home,
            account,
            sent: 0,
        }
    }
}

/// What goes to the portal, from the test and from the emulator that answers questions; gone once it was hung up.
type Writer = Arc<Mutex<Option<Box<dyn Write + Send>>>>;

/// A running portal and the terminal around it. Dropping it ends both.
pub(crate) struct Portal {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Writer,
    shared: Arc<Shared>,
    pid: Pid,
    ended: Receiver<Exit>,
    exit: Option<Exit>,
    before: String,
    home: TempDir,
    account: Option<Account>,
    /// How many events were sent to it.
    sent: usize,
}

impl Portal {
    /// Waits until `text` stands on the screen.
    pub(crate) fn wait_for(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("\"{text}\" on the screen"), |screen| {
            screen.contents().contains(text)
        })
    }

    /// Waits until `text` stands on the screen no more.
    pub(crate) fn wait_gone(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("\"{text}\" gone from the screen"), |screen| {
            !screen.contents().contains(text)
        })
    }

    /// Waits until the screen is as `expected` says; `what` names it when it never is.
    pub(crate) fn wait_until(
        &mut self,
        what: &str,
        expected: impl Fn(&vt100::Screen) -> bool,
    ) -> &mut Self {
        assert!(
            self.shared.wait(LIMIT, expected),
            "waited {LIMIT:?} for {what}; the process {:?} and the screen is\n{}",
            self.ended.try_recv(),
            self.screen(),
        );
        self
    }

    /// Waits until the portal has done all that was asked of it and says that it is at rest. Where it cannot say so for all
    /// keys, since some of them went to another program, nothing must be written for a moment.
    pub(crate) fn settle(&mut self) -> &mut Self {
        let rests = |account: &Account| account.wait(self.sent, AT_REST);
        let quiet = if self.account.as_ref().is_some_and(rests) {
            // What was written last may still be on its way to the emulator.
            Duration::from_millis(20)
        } else {
            Duration::from_millis(250)
        };
        assert!(
            self.shared.wait_quiet(quiet, LIMIT),
            "the portal does not stop writing"
        );
        self
    }

    /// When the last byte came, once no more come.
    pub(crate) fn last_written_after_settling(&mut self) -> Instant {
        self.settle();
        self.shared.last()
    }

    /// Whether nothing at all is written during `time`.
    pub(crate) fn stays_quiet(&self, time: Duration) -> bool {
        self.shared.wait_quiet(time, time)
    }

    /// Presses a key: a character, or a name such as `enter`, `esc`, `pagedown`, `ctrl-c`.
    pub(crate) fn press(&mut self, key: &str) -> &mut Self {
        self.sent += 1;
        self.send(&keys::bytes(key))
    }

    /// Types `text`, a key for each character.
    pub(crate) fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.press(&c.to_string());
        }
        self
    }

    /// Does something with the mouse, as xterm reports it: 0 presses the left button, 32 drags, 64 and 65 turn the wheel.
    /// Column and row count from 0.
    pub(crate) fn mouse(&mut self, act: u8, (column, row): (u16, u16)) -> &mut Self {
        self.sent += 1;
        self.send(format!("\x1b[<{act};{};{}M", column + 1, row + 1).as_bytes())
    }

    /// Clicks on the first place where `text` stands.
    pub(crate) fn click(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        let mut lines = screen.lines().zip(0..);
        let found = lines.find_map(|(line, row)| Some((line.split_once(text)?.0, row)));
        let (before, row) = found.unwrap_or_else(|| panic!("no {text:?} on\n{screen}"));
        let column = u16::try_from(before.chars().count()).unwrap();
        self.mouse(0, (column, row));
        self.sent += 1;
        self.send(format!("\x1b[<0;{};{}m", column + 1, row + 1).as_bytes())
    }

    /// Drags what is at one place to another.
    pub(crate) fn drag(&mut self, from: (u16, u16), (column, row): (u16, u16)) -> &mut Self {
        self.mouse(0, from).mouse(32, (column, row));
        self.sent += 1;
        self.send(format!("\x1b[<0;{};{}m", column + 1, row + 1).as_bytes())
    }

    /// The process that was started.
    pub(crate) fn pid(&self) -> u32 {
        self.pid.as_raw_nonzero().get().unsigned_abs()
    }

    /// Types `text` faster than anybody answers: it arrives as one.
    pub(crate) fn send_text(&mut self, text: &str) -> &mut Self {
        self.sent += text.chars().count();
        self.send(text.as_bytes())
    }

    /// Pastes `text`, in brackets where the portal asked for them.
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        if self.shared.look(vt100::Screen::bracketed_paste) {
            self.sent += 1;
            self.send(format!("\u{1b}[200~{text}\u{1b}[201~").as_bytes())
        } else {
            self.send_text(text)
        }
    }

    fn send(&mut self, bytes: &[u8]) -> &mut Self {
        if let Some(writer) = self.writer.lock().unwrap().as_mut() {
            writer.write_all(bytes).unwrap();
            writer.flush().unwrap();
        }
        self
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.shared.resize(columns, rows);
        if let Some(master) = &self.master {
            master.resize(size(columns, rows)).unwrap();
        }
        self
    }

    /// Takes the terminal's size away, as a serial line has none.
    pub(crate) fn resize_to_nothing(&mut self) -> &mut Self {
        if let Some(master) = &self.master {
            master.resize(size(0, 0)).unwrap();
        }
        self
    }

    /// Sends a signal to the process.
    pub(crate) fn signal(&mut self, signal: Signal) -> &mut Self {
        kill_process(self.pid, signal).unwrap();
        self
    }

    /// Takes the terminal away, as a lost connection does.
    pub(crate) fn hang_up(&mut self) -> &mut Self {
        // The reader holds a copy of the terminal. It lets go when told and woken; a new size makes the portal draw.
        self.shared.let_go();
        let (columns, rows) = self.size();
        self.resize(columns.saturating_sub(1).max(1), rows);
        assert!(
            self.shared.wait_closed(LIMIT),
            "the portal did not redraw after a resize"
        );
        self.writer.lock().unwrap().take();
        self.master.take();
        self
    }

    /// Waits for the end of the process.
    pub(crate) fn exit(&mut self) -> Exit {
        self.exit_within(LIMIT)
    }

    /// Waits for the end of the process, no longer than `limit`.
    pub(crate) fn exit_within(&mut self, limit: Duration) -> Exit {
        if let Some(exit) = &self.exit {
            return exit.clone();
        }
        let begun = Instant::now();
        let Ok(exit) = self.ended.recv_timeout(limit) else {
            panic!(
                "the process did not end within {limit:?}; the screen is\n{}",
                self.screen()
            );
        };
        // What was written last may still be on its way to the emulator.
        self.shared
            .wait_closed(LIMIT.saturating_sub(begun.elapsed()));
        self.exit = Some(exit.clone());
        exit
    }

    /// The text of the screen, without trailing space.
    pub(crate) fn screen(&self) -> String {
        self.look(vt100::Screen::contents)
    }

    /// What `look` sees on the emulator's screen, with colours and all.
    pub(crate) fn look<T>(&self, look: impl Fn(&vt100::Screen) -> T) -> T {
        self.shared.look(look)
    }

    /// The emulator's modes: alternate screen, cursor, mouse, paste.
    pub(crate) fn modes(&self) -> Modes {
        self.look(Modes::of)
    }

    /// All that was written.
    pub(crate) fn written(&self) -> String {
        self.shared.written()
    }

    /// All bytes written since the start.
    pub(crate) fn bytes(&self) -> usize {
        self.shared.bytes()
    }

    /// The size of the terminal: columns, rows.
    pub(crate) fn size(&self) -> (u16, u16) {
        self.look(|screen| {
            let (rows, columns) = screen.size();
            (columns.get(), rows.get())
        })
    }

    /// The empty home in which the portal was started.
    pub(crate) fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Whether the terminal's settings (echo, line mode, signals) are as they were before the start.
    pub(crate) fn settings_are_restored(&self) -> bool {
        self.master
            .as_ref()
            .is_none_or(|master| terminal_settings(master.as_ref()) == self.before)
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        if self.exit.is_none() && self.ended.try_recv().is_err() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// The settings of the terminal driver, as text that can be compared.
fn terminal_settings(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios())
}
