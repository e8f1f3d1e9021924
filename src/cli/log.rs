//! The log: what happened, for whoever looks into a failure. It goes to a file and never to the terminal.
//!
//! Modules tell what they do with `tracing`; only their events are written, since those of the libraries below would show
//! headers, and with them tokens. The file is made with the first event, and its size is bounded.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;

use super::args::Global;
use super::exit::Failure;
use crate::catalog::text;
use crate::config::Env;

/// The variable that says from which level on is written.
const VARIABLE: &str = "STAGEDOOR_LOG";

/// The largest log, in bytes. One that is full is kept beside the new one until that is full, too.
const MAX_BYTES: u64 = 4 << 20;

/// Begins the log of this process: the file that `--log` names, else one below `--cache-dir`, else in the user's folder for
/// state. Returns that folder.
pub(super) fn start(global: &Global) -> Result<PathBuf, Failure> {
    let env = Env::process();
    let level = level(global.verbose || global.log.is_some(), env.get(VARIABLE))?;
    let folder = match &global.cache_dir {
        Some(dir) => env.cwd().join(dir),
        None => env.state_dir().to_owned(),
    };
    let log = Log {
        path: match &global.log {
            Some(file) => env.cwd().join(file),
            None => folder.join("stagedoor.log"),
        },
        file: None,
        written: 0,
    };
    let subscriber = tracing_subscriber::registry()
        .with(Targets::new().with_target("stagedoor", level))
        .with(tracing_subscriber::fmt::layer().with_writer(Mutex::new(log)));
    // Only a second start can fail, and then there is a log.
    let _ = tracing::subscriber::set_global_default(subscriber);
    tracing::debug!(version = env!("CARGO_PKG_VERSION"), "started");
    Ok(folder)
}

/// From which level on is written: what the variable says counts before `-v`.
fn level(verbose: bool, variable: Option<&str>) -> Result<LevelFilter, Failure> {
    match variable {
        None if verbose => Ok(LevelFilter::DEBUG),
        None => Ok(LevelFilter::WARN),
        Some(level) => level.parse().map_err(|_| {
            Failure::usage(format!("{VARIABLE}={level} is no level"))
                .help(format!("{VARIABLE}=off|error|warn|info|debug|trace"))
        }),
    }
}

/// The file. Each event is one write of whole lines, so that several processes may share it.
struct Log {
    path: PathBuf,
    file: Option<File>,
    /// How many bytes it has, as far as this process knows.
    written: u64,
}

impl Log {
    fn append(&mut self, lines: &str) -> io::Result<()> {
        let length = lines.len() as u64;
        let file = match &mut self.file {
            Some(file) if self.written + length <= MAX_BYTES => file,
            slot => {
                let (file, written) = open(&self.path, length)?;
                self.written = written;
                slot.insert(file)
            }
        };
        file.write_all(lines.as_bytes())?;
        self.written += length;
        Ok(())
    }
}

impl Write for Log {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let event_text = String::from_utf8_lossy(event);
        // There is nowhere to tell that the log cannot be written, and it is no reason to fail.
        let _ = self.append(&without_secrets(&text::clean(&event_text)));
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens the log and says how long it is; one that has no room for `length` more bytes is put aside first.
fn open(path: &PathBuf, length: u64) -> io::Result<(File, u64)> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let is_full = |metadata: fs::Metadata| metadata.len() + length > MAX_BYTES;
    if fs::metadata(path).is_ok_and(is_full) {
        fs::rename(path, path.with_extension("log.old"))?;
    }
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    let written = file.metadata()?.len();
    Ok((file, written))
}

/// `lines` without what may be secret in the addresses there: who signs in, and queries.
fn without_secrets(lines: &str) -> String {
    let mut safe = String::with_capacity(lines.len());
    let mut rest = lines;
    while let Some((before, after)) = rest.split_once("://") {
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>');
        let (address, behind) = after.split_at(after.find(ends).unwrap_or(after.len()));
        let address = address.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = address.split_at(address.find('/').unwrap_or(address.len()));
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        safe.extend([before, "://", host, path]);
        rest = behind;
    }
    safe + rest
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_variable_counts_before_the_flag() {
        assert_eq!(level(false, None).unwrap(), LevelFilter::WARN);
        assert_eq!(level(true, None).unwrap(), LevelFilter::DEBUG);
        assert_eq!(level(true, Some("off")).unwrap(), LevelFilter::OFF);
        assert!(level(false, Some("loud")).is_err());
    }

    #[test]
    fn addresses_lose_logins_and_queries() {
        assert_eq!(
            without_secrets(
                "GET https://jane:pw@h.dev/a/b?token=x,y#z and \"git+ssh://git@h/x\" a://"
            ),
            "GET https://h.dev/a/b and \"git+ssh://h/x\" a://"
        );
        assert_eq!(without_secrets("no address? none"), "no address? none");
    }

    #[test]
    fn a_full_log_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log {
            path: folder.path().join("deep/stagedoor.log"),
            file: None,
            written: 0,
        };
        let most = "x".repeat(usize::try_from(MAX_BYTES).unwrap() - 1);
        log.append(&most).unwrap();
        log.write_all(b"\x1b[31mnext\n").unwrap();
        assert_eq!(fs::read_to_string(&log.path).unwrap(), "[31mnext\n");
        let old = folder.path().join("deep/stagedoor.log.old");
        assert_eq!(fs::metadata(old).unwrap().len(), MAX_BYTES - 1);
    }
}
