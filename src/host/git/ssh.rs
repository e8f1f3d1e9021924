//! Git over SSH by the system's `ssh`, with what the user configured for it: one connection a host, which all
//! repositories there share.
//!
//! The first that is asked opens a connection that the others go through (`ControlMaster` of `ssh`), by a socket in a
//! folder of our own. It closes by itself a while after the last of them, whatever becomes of this process.

use std::collections::HashMap;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::{Mutex as AsyncMutex, OnceCell, Semaphore};
use url::Url;

use super::super::HostError;
use super::super::scm::decode;
use super::ls_refs::{Heard, Listener, MOST, Unheard, VERSION, question};
use super::repository::Tip;
use super::ssh_words::understood;

/// How many repositories are asked at once over one connection: servers allow ten.
const AT_ONCE: usize = 4;
/// How long a connection stays open that nobody uses, in seconds.
const PERSIST: u64 = 60;
/// How long after its last use a connection is taken to be there without asking.
const ALIVE: Duration = Duration::from_secs(PERSIST / 2);
/// The longest that opening a connection may take, and an answer.
const PATIENCE: Duration = Duration::from_mins(1);
/// The most that is read of complaints, in bytes.
const COMPLAINT: u64 = 64 << 10;

/// What `ssh` is always told: to ask nobody, to give up on who does not answer, to open nothing but what we need.
const MANNERS: [&str; 4] = [
    "-T",
    "-oBatchMode=yes",
    "-oConnectTimeout=10",
    "-oClearAllForwardings=yes",
];

/// Whom `ssh` calls.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Destination {
    user: Option<String>,
    host: String,
    port: Option<u16>,
}

impl Destination {
    /// The destination and the path there of `ssh://[USER@]HOST[:PORT]/PATH`. Neither can be an option to a program.
    pub(super) fn of(remote: &str) -> Result<(Self, String), HostError> {
        let failed = |reason: &str| HostError::Failed {
            place: remote.to_owned(),
            reason: reason.to_owned(),
        };
        let url = Url::parse(remote).map_err(|error| failed(&format!("is no URL: {error}")))?;
        let host = decode(url.host_str().unwrap_or_default());
        let host = host.trim_matches(['[', ']']).to_owned();
        let user = Some(decode(url.username())).filter(|user| !user.is_empty());
        let is_name = |name: &str| {
            let mut letters = name.chars();
            letters.next().is_some_and(|c| c != '-')
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || "-_.:%+".contains(c))
        };
        if !is_name(&host) || user.as_deref().is_some_and(|user| !is_name(user)) {
            return Err(failed("names no host that may be called"));
        }
        let path = decode(url.path());
        // `/~user/x` is below a home, as git has it.
        let path = match path.strip_prefix("/~") {
            Some(_) => path.trim_start_matches('/').to_owned(),
            None => path,
        };
        if path.trim_matches('/').is_empty() || path.contains(|c: char| c.is_control()) {
            return Err(failed("names no repository"));
        }
        let port = url.port();
        Ok((Self { user, host, port }, path))
    }

    /// The name behind which `known_hosts` keeps its key.
    fn known_as(&self) -> String {
        match self.port {
            Some(port) if port != 22 => format!("[{}]:{port}", self.host),
            _ => self.host.clone(),
        }
    }

    /// As behind `ssh` and its other options on a command line.
    fn words(&self) -> Vec<String> {
        let name = match &self.user {
            Some(user) => format!("{user}@{}", self.host),
            None => self.host.clone(),
        };
        let port = self.port.map(|port| format!("-p{port}"));
        port.into_iter().chain(["--".to_owned(), name]).collect()
    }

    /// What a person types to call it.
    fn call(&self) -> String {
        let words = self.words();
        let words = words.iter().filter(|word| *word != "--");
        words.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// What `ssh` or `git` mean by `stderr` when they called it, where it is about the connection.
    pub(super) fn understood(&self, stderr: &str) -> Option<HostError> {
        understood(stderr, &self.host, &self.known_as(), &self.call())
    }
}

/// The lines over SSH of one session.
#[derive(Debug, Default)]
pub struct SshLines {
    lines: Mutex<HashMap<Destination, Arc<SshLine>>>,
    /// Where the sockets are; no other user may open it. It goes after the lines that are closed by them.
    dir: OnceLock<Option<TempDir>>,
    is_custom: OnceCell<bool>,
}

impl SshLines {
    /// Whether the user has another program than `ssh` call hosts for `git`, or calls it otherwise: then `git` does so.
    pub(super) async fn is_custom(&self) -> bool {
        let find = async || {
            let is_set = |name| std::env::var_os(name).is_some();
            if is_set("GIT_SSH_COMMAND") || is_set("GIT_SSH") {
                return true;
            }
            let mut git = Command::new("git");
            git.args(["config", "--get", "core.sshCommand"]);
            let output = git.stdin(Stdio::null()).output().await;
            output.is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
        };
        *self.is_custom.get_or_init(find).await
    }

    /// The line to `destination`.
    pub(super) fn to(&self, destination: &Destination) -> Arc<SshLine> {
        let dir = self.dir.get_or_init(private_dir).as_ref();
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        // Names of sockets are short: the system cuts long ones off.
        let socket = dir.map(|dir| dir.path().join(lines.len().to_string()));
        let new = || {
            Arc::new(SshLine {
                destination: destination.clone(),
                socket,
                used: AsyncMutex::default(),
                permits: Semaphore::new(AT_ONCE),
            })
        };
        Arc::clone(lines.entry(destination.clone()).or_insert_with(new))
    }
}

/// A folder for sockets that only this user may open.
fn private_dir() -> Option<TempDir> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let base = runtime.filter(|dir| dir.is_dir());
    let made = tempfile::Builder::new()
        .prefix("stagedoor-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(base.unwrap_or_else(std::env::temp_dir));
    made.inspect_err(|error| tracing::warn!(%error, "no folder for connections over SSH"))
        .ok()
}

/// The line to one host.
#[derive(Debug)]
pub(super) struct SshLine {
    destination: Destination,
    /// By which others go through the connection; `None` where there is no folder for it.
    socket: Option<PathBuf>,
    /// When the connection was last known to be there.
    used: AsyncMutex<Option<Instant>>,
    permits: Semaphore,
}

impl SshLine {
    /// Whom it leads to.
    pub(super) fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The command that `git` is to call the host with, as a shell reads it.
    pub(super) fn command_line(&self) -> String {
        let mut line = std::iter::once("ssh")
            .chain(MANNERS)
            .collect::<Vec<_>>()
            .join(" ");
        if let Some(socket) = &self.socket {
            let option = format!("-oControlPath={}", socket.display());
            line = format!("{line} -oControlMaster=no {}", quoted(&option));
        }
        line
    }

    /// Opens the connection, unless it is open.
    pub(super) async fn open(&self) -> Result<(), HostError> {
        let Some(socket) = &self.socket else {
            return Ok(());
        };
        let mut used = self.used.lock().await;
        if used.is_some_and(|used| used.elapsed() < ALIVE) {
            *used = Some(Instant::now());
            return Ok(());
        }
        if socket.exists() && self.is_alive(socket).await {
            *used = Some(Instant::now());
            return Ok(());
        }
        // A connection that stays in the background keeps what it was given open: so its complaints go to a file.
        let told = socket.with_extension("told");
        let stderr = std::fs::File::create(&told).map_or_else(|_| Stdio::null(), Stdio::from);
        let mut command = over(socket);
        let persist = format!("-oControlPersist={PERSIST}");
        command
            .args(["-f", "-N", "-oControlMaster=yes", &persist])
            .args(self.destination.words())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr);
        let mut child = command.spawn().map_err(|error| self.not_started(&error))?;
        let status = tokio::time::timeout(PATIENCE, child.wait())
            .await
            .map_err(|_| self.silent())?
            .map_err(|error| self.failed(&error.to_string()))?;
        let complaint = std::fs::read(&told).unwrap_or_default();
        let _ = std::fs::remove_file(&told);
        let complaint = String::from_utf8_lossy(&complaint);
        tracing::debug!(host = self.destination.host, %status, "a connection over SSH was opened");
        if status.success() {
            *used = Some(Instant::now());
            return Ok(());
        }
        // What is not about the connection itself keeps it from being shared, not from being made.
        match self.destination.understood(&complaint) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    async fn is_alive(&self, socket: &Path) -> bool {
        let mut command = over(socket);
        command
            .args(["-O", "check"])
            .args(self.destination.words())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let status = tokio::time::timeout(PATIENCE, command.status()).await;
        status.is_ok_and(|status| status.is_ok_and(|status| status.success()))
    }

    /// The tip of `reference` of the repository at `path`, else of the default branch.
    pub(super) async fn tip(
        &self,
        path: &str,
        reference: Option<&str>,
    ) -> Result<Option<Tip>, Refused> {
        self.open().await?;
        let _permit = self.permits.acquire().await;
        let mut command = match &self.socket {
            Some(socket) => over(socket),
            None => manners(),
        };
        command
            .args(["-oControlMaster=no", "-oSendEnv=GIT_PROTOCOL"])
            .args(self.destination.words())
            .arg(format!("git-upload-pack {}", quoted(path)))
            .env("GIT_PROTOCOL", VERSION)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| self.not_started(&error))?;
        let talk = talk(&mut child, reference);
        match tokio::time::timeout(PATIENCE, talk).await {
            Err(_) => Err(self.silent().into()),
            Ok(Ok(tip)) => {
                // It ends by itself now that nothing more is asked.
                tokio::spawn(async move { tokio::time::timeout(PATIENCE, child.wait()).await });
                Ok(tip)
            }
            Ok(Err(Unheard::Refused(said))) => Err(Refused::Said(said)),
            Ok(Err(Unheard::Strange(said))) => {
                let mut complaint = Vec::new();
                if let Some(stderr) = child.stderr.take() {
                    let mut stderr = stderr.take(COMPLAINT);
                    let read = stderr.read_to_end(&mut complaint);
                    let _ = tokio::time::timeout(ALIVE, read).await;
                }
                let complaint = String::from_utf8_lossy(&complaint).into_owned();
                // The connection may have broken: the next one looks whether it is there.
                *self.used.lock().await = None;
                Err(Refused::Said(if complaint.trim().is_empty() {
                    said
                } else {
                    complaint
                }))
            }
        }
    }

    fn not_started(&self, error: &std::io::Error) -> HostError {
        match error.kind() {
            std::io::ErrorKind::NotFound => {
                self.failed("ssh is not installed, and this source needs it")
            }
            _ => self.failed(&format!("ssh cannot be started: {error}")),
        }
    }

    fn silent(&self) -> HostError {
        HostError::Unreachable {
            place: self.destination.host.clone(),
            reason: "it did not answer in time".to_owned(),
        }
    }

    fn failed(&self, reason: &str) -> HostError {
        HostError::Failed {
            place: self.destination.host.clone(),
            reason: reason.to_owned(),
        }
    }
}

/// Closes the connection, which would close itself a while later.
impl Drop for SshLine {
    fn drop(&mut self) {
        let Some(socket) = self.socket.as_ref().filter(|socket| socket.exists()) else {
            return;
        };
        let _ = std::process::Command::new("ssh")
            .arg(format!("-oControlPath={}", socket.display()))
            .args(["-O", "exit"])
            .args(self.destination.words())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// Why a repository gave no tip.
#[derive(Debug)]
pub(super) enum Refused {
    /// An error of the connection.
    Host(HostError),
    /// What the other side said.
    Said(String),
}

impl From<HostError> for Refused {
    fn from(error: HostError) -> Self {
        Self::Host(error)
    }
}

/// `ssh` by way of the connection behind `socket`.
fn over(socket: &Path) -> Command {
    let mut command = manners();
    command.arg(format!("-oControlPath={}", socket.display()));
    command
}

fn manners() -> Command {
    let mut command = Command::new("ssh");
    command.args(MANNERS).kill_on_drop(true);
    command
}

/// Listens to `git-upload-pack` at the other end, and asks where it wants to be asked.
async fn talk(child: &mut Child, reference: Option<&str>) -> Result<Option<Tip>, Unheard> {
    let broken = |error: std::io::Error| Unheard::Strange(error.to_string());
    let none = || Unheard::Strange("ssh gives no answer".to_owned());
    let mut stdin = child.stdin.take().ok_or_else(none)?;
    let mut stdout = child.stdout.take().ok_or_else(none)?;
    let mut listener = Listener::to_greeting(reference);
    let mut buffer = Vec::new();
    let mut total = 0;
    loop {
        let (heard, taken) = listener.hear(&buffer)?;
        buffer.drain(..taken);
        match heard {
            Heard::All => {
                // The other side waits for what to send; nothing.
                let _ = stdin.write_all(b"0000").await;
                return Ok(listener.tip());
            }
            Heard::Greeted => {
                let question = question(reference, listener.format.as_deref());
                stdin.write_all(&question).await.map_err(broken)?;
                listener.asked();
            }
            Heard::More => {
                let read = stdout.read_buf(&mut buffer).await.map_err(broken)?;
                total += read;
                if read == 0 {
                    return Err(Unheard::Strange("its answer breaks off".to_owned()));
                }
                if total > MOST {
                    return Err(Unheard::Strange("its answer has no end".to_owned()));
                }
            }
        }
    }
}

/// `text` as one word for a shell, here or at the other end.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''").replace('!', "'\\!'"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_those_of_ssh() {
        let of = |remote| {
            let (destination, path) = Destination::of(remote).unwrap();
            (destination.call(), path)
        };
        let cases = [
            ("ssh://git@h.dev/a/b.git", "git@h.dev", "/a/b.git"),
            ("ssh://h.dev:2222/x", "-p2222 h.dev", "/x"),
            ("ssh://h.dev/~me/x", "h.dev", "~me/x"),
            ("ssh://me@[::1]:22/x%20y", "-p22 me@::1", "/x y"),
        ];
        for (remote, words, path) in cases {
            assert_eq!(of(remote), (words.to_owned(), path.to_owned()), "{remote}");
        }
    }

    #[test]
    fn what_would_be_an_option_or_a_command_is_refused() {
        for remote in [
            "ssh://-oProxyCommand=x/y",
            "ssh://%2DoProxyCommand=x/y",
            "ssh://-l@h.dev/y",
            "ssh://%2Dl@h.dev/y",
            "ssh://h.dev/",
            "ssh://h.dev",
            "ssh:///x",
            "ssh://h%20x/y",
            "ssh://h.dev/a%0Ab",
        ] {
            assert!(Destination::of(remote).is_err(), "{remote}");
        }
        assert_eq!(quoted("/it's;x"), r"'/it'\''s;x'");
    }
}
