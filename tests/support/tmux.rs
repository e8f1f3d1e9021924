//! A tmux of the test's own: a server behind a socket that nobody else has, with no configuration.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::pty::{Portal, Pty};

/// How long a test waits for what it expects.
const LIMIT: Duration = Duration::from_secs(30);
/// How often it looks: tmux has no way to tell that a screen changed.
const LOOK: Duration = Duration::from_millis(25);

/// A server with one session, which a shell runs in. Dropping it ends all.
pub(crate) struct Tmux {
    home: TempDir,
}

impl Tmux {
    /// A session of this size whose shell says `ready>`; `None`, and that is said, where there is no tmux.
    pub(crate) fn start(columns: u16, rows: u16) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            eprintln!("skipped: there is no tmux");
            return None;
        }
        let tmux = Self {
            home: tempfile::tempdir().unwrap(),
        };
        let (columns, rows) = (columns.to_string(), rows.to_string());
        let size = ["new-session", "-d", "-x", &columns, "-y", &rows];
        tmux.run(&[&size[..], &["/bin/sh -i"]].concat());
        tmux.wait("the shell", |screen| screen.contains("ready>"));
        Some(tmux)
    }

    fn socket(&self) -> PathBuf {
        self.home.path().join("socket")
    }

    fn command(&self) -> Command {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(self.socket());
        command.args(["-f", "/dev/null"]);
        command.current_dir(self.home.path());
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.home.path());
        command.env("LANG", "C.UTF-8");
        command.env("SHELL", "/bin/sh");
        command.env("TERM", "xterm-256color");
        command.env("PS1", "ready> ");
        command
    }

    /// Runs a command of tmux; what it prints, without the last line end.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        text.trim_end_matches('\n').to_owned()
    }

    /// What the pane is, in tmux's words.
    pub(crate) fn tells(&self, format: &str) -> String {
        self.run(&["display-message", "-p", format])
    }

    /// The text of the pane.
    pub(crate) fn screen(&self) -> String {
        self.run(&["capture-pane", "-p"])
    }

    /// Waits until the text of the pane is as expected.
    pub(crate) fn wait(&self, what: &str, expected: impl Fn(&str) -> bool) -> &Self {
        let begun = Instant::now();
        loop {
            let screen = self.screen();
            if expected(&screen) {
                return self;
            }
            let waited = begun.elapsed();
            assert!(waited < LIMIT, "waited for {what}; the pane is\n{screen}");
            std::thread::sleep(LOOK);
        }
    }

    /// Types a text, and keys by tmux's names.
    pub(crate) fn keys(&self, keys: &[&str]) -> &Self {
        self.run(&[&["send-keys"], keys].concat());
        self
    }

    /// Starts the portal from the shell, with variables before it, and waits for its first page.
    pub(crate) fn portal(&self, variables: &str) -> &Self {
        let line = format!("{variables} {} --offline", env!("CARGO_BIN_EXE_stagedoor"));
        self.keys(&[line.trim(), "Enter"]);
        self.wait("the portal", |screen| {
            screen.contains("payment-gateway") && screen.contains("q quit")
        })
    }

    /// Waits until the shell has the pane again, for the `number`th time.
    pub(crate) fn shell(&self, number: usize) -> &Self {
        self.wait("the shell", |screen| {
            screen.matches("ready>").count() == number && screen.ends_with("ready>")
        })
    }

    /// The process of the portal, which the shell started.
    pub(crate) fn portal_pid(&self) -> u32 {
        let shell = self.tells("#{pane_pid}");
        let children = format!("/proc/{shell}/task/{shell}/children");
        let children = std::fs::read_to_string(children).unwrap();
        children.trim().parse().unwrap()
    }

    /// A terminal that shows the session.
    pub(crate) fn attach(&self, columns: u16, rows: u16) -> Portal {
        let socket = self.socket();
        let arguments = ["-S", socket.to_str().unwrap(), "attach-session"];
        Pty::portal(arguments)
            .program("tmux")
            .env("HOME", self.home.path().to_str().unwrap())
            .size(columns, rows)
            .open()
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = self.command().arg("kill-server").output();
    }
}
