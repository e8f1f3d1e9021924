//! A real SSH server on this machine: `sshd`, started by the test as whoever runs it, with keys and a configuration of its
//! own, and an `ssh` that knows them and nothing of the user's.

use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where systems keep it; few have it on the path of a user.
const SSHD: [&str; 3] = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"];

/// A running server; it ends when dropped.
pub(crate) struct Sshd {
    dir: tempfile::TempDir,
    port: u16,
    server: Child,
}

impl Sshd {
    /// Starts one that speaks the present protocol of Git; `None`, said aloud, where this machine has no `sshd`.
    pub(crate) fn start() -> Option<Self> {
        Self::with("AcceptEnv GIT_PROTOCOL\n")
    }

    /// Starts one whose configuration has these lines besides.
    pub(crate) fn with(lines: &str) -> Option<Self> {
        let Some(sshd) = SSHD.into_iter().find(|path| Path::new(path).exists()) else {
            eprintln!("skipped: this machine has no sshd");
            return None;
        };
        let dir = tempfile::tempdir().unwrap();
        for name in ["host", "user", "other"] {
            keygen(&dir.path().join(name));
        }
        fs::copy(
            dir.path().join("user.pub"),
            dir.path().join("authorized_keys"),
        )
        .unwrap();
        // Where the system has not been started, as in a container, root has to make the folder that sshd wants.
        let _ = fs::create_dir("/run/sshd");
        let (server, port) = serve(sshd, dir.path(), lines);
        let started = Self { dir, port, server };
        started.know("host");
        started.client();
        Some(started)
    }

    /// The address of the repository in the folder `dir`, by the name that only our `ssh` knows.
    pub(crate) fn url(dir: &Path) -> String {
        format!("git+ssh://forge{}", dir.display())
    }

    /// The port it listens at.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// A path for programs on which our `ssh` comes first.
    pub(crate) fn path(&self) -> String {
        let system = std::env::var("PATH").unwrap();
        format!("{}:{system}", self.dir.path().join("bin").display())
    }

    /// Lets the client know the server by the public key `name`: `host` is its own, `other` is not.
    pub(crate) fn know(&self, name: &str) {
        let key = fs::read_to_string(self.dir.path().join(format!("{name}.pub"))).unwrap();
        let line = format!("[127.0.0.1]:{} {key}", self.port);
        fs::write(self.dir.path().join("known_hosts"), line).unwrap();
    }

    /// Lets the client forget the server.
    pub(crate) fn forget(&self) {
        fs::write(self.dir.path().join("known_hosts"), "").unwrap();
    }

    /// Lets nobody in, or the user again.
    pub(crate) fn let_in(&self, user: bool) {
        let key = fs::read(self.dir.path().join("user.pub")).unwrap();
        let keys = if user { key } else { Vec::new() };
        fs::write(self.dir.path().join("authorized_keys"), keys).unwrap();
    }

    /// How many connections and commands there were since the last time this was asked.
    pub(crate) fn take_log(&self) -> (usize, usize) {
        let log = self.dir.path().join("log");
        let text = fs::read_to_string(&log).unwrap();
        fs::OpenOptions::new()
            .write(true)
            .open(&log)
            .unwrap()
            .set_len(0)
            .unwrap();
        let count = |words: &str| text.lines().filter(|line| line.contains(words)).count();
        (
            count("Accepted publickey"),
            count("Starting session: command"),
        )
    }

    /// Makes the `ssh` that knows the server as `forge`.
    fn client(&self) {
        let dir = self.dir.path();
        let config = format!(
            "Host forge\n  HostName 127.0.0.1\n  Port {}\nHost *\n  IdentityFile {dir}/user\n  IdentitiesOnly yes\n  \
             UserKnownHostsFile {dir}/known_hosts\n  GlobalKnownHostsFile /dev/null\n",
            self.port,
            dir = dir.display()
        );
        fs::write(dir.join("config"), config).unwrap();
        fs::create_dir(dir.join("bin")).unwrap();
        let script = dir.join("bin/ssh");
        let ssh = system("ssh");
        let text = format!(
            "#!/bin/sh\nexec {} -F {}/config \"$@\"\n",
            ssh.display(),
            dir.display()
        );
        fs::write(&script, text).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Starts `sshd` at a port that is free, and waits until it answers.
fn serve(sshd: &str, dir: &Path, lines: &str) -> (Child, u16) {
    let config = dir.join("sshd_config");
    let text = format!(
        "ListenAddress 127.0.0.1\nHostKey {dir}/host\nAuthorizedKeysFile {dir}/authorized_keys\nPidFile none\n\
         StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n\
         LogLevel VERBOSE\nMaxStartups 100\nSetEnv PATH={path}\n{lines}",
        dir = dir.display(),
        path = std::env::var("PATH").unwrap()
    );
    fs::write(&config, text).unwrap();
    loop {
        // Another process may take the port before sshd has it: then another one is tried.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut server = Command::new(sshd)
            .args(["-D", "-p", &port.to_string(), "-f"])
            .arg(&config)
            .arg("-E")
            .arg(dir.join("log"))
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let limit = Instant::now() + Duration::from_secs(20);
        loop {
            match TcpStream::connect(("127.0.0.1", port)) {
                Ok(_) => return (server, port),
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => {}
                Err(error) => panic!("{error}"),
            }
            if server.try_wait().unwrap().is_some() {
                break;
            }
            let log = || fs::read_to_string(dir.join("log")).unwrap_or_default();
            assert!(Instant::now() < limit, "sshd does not answer: {}", log());
            std::thread::yield_now();
        }
        let log = fs::read_to_string(dir.join("log")).unwrap_or_default();
        assert!(log.contains("in use"), "sshd ended: {log}");
    }
}

fn keygen(file: &Path) {
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(file)
        .status();
    assert!(made.unwrap().success());
}

/// The program `name` on the path.
fn system(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let mut dirs = std::env::split_paths(&path);
    dirs.find_map(|dir| Some(dir.join(name)).filter(|file| file.exists()))
        .unwrap()
}
