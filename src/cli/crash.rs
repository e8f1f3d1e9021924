//! The report of a crash: a file beside the log with what whoever mends it needs, and nothing that is the user's.
//!
//! A message of a panic may quote the text that it fell over: what stands in quotes is left out, and so is every address.
//! Variables, arguments and the contents of memory are not in it.

use std::backtrace::Backtrace;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// How many reports are kept; older ones go.
const KEPT: usize = 5;
/// What their names begin with.
const NAME: &str = "crash-";

/// Has every panic from now on leave a report in `folder`, and tells where, after whatever tells it otherwise.
pub fn keep_crashes(folder: PathBuf) {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        tell(info);
        let text = report(info, &Backtrace::force_capture());
        // There is nobody to tell that it cannot be kept: the panic itself was told.
        if let Ok(path) = write(&folder, &text) {
            let mut out = io::stderr().lock();
            let _ = writeln!(
                out,
                "A report without anything of yours is in {}",
                path.display()
            );
        }
    }));
}

/// What is told of a panic.
fn report(info: &PanicHookInfo<'_>, trace: &Backtrace) -> String {
    let place = info.location().map(ToString::to_string);
    let message = info.payload_as_str().map(without_quotes);
    let thread = std::thread::current().name().map(str::to_owned);
    let variable = |name| std::env::var(name).unwrap_or_default();
    let is_set = |name| std::env::var_os(name).is_some();
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok();
    let lines = [
        ("stagedoor", env!("CARGO_PKG_VERSION").to_owned()),
        (
            "system",
            format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        ),
        (
            "terminal",
            format!(
                "{}{}{}, {}",
                without_quotes(&variable("TERM")),
                if is_set("TMUX") { " in tmux" } else { "" },
                if is_set("SSH_CONNECTION") {
                    " over ssh"
                } else {
                    ""
                },
                match size {
                    Some(size) => format!("{}×{}", size.ws_col, size.ws_row),
                    None => "no terminal".to_owned(),
                }
            ),
        ),
        ("thread", thread.unwrap_or_default()),
        ("place", place.unwrap_or_default()),
        ("message", message.unwrap_or_default()),
    ];
    let lines = lines.map(|(label, value)| format!("{label}: {value}\n"));
    lines.concat() + "\n" + &trace.to_string()
}

/// `message` on one line, without what it quotes and without addresses.
fn without_quotes(message: &str) -> String {
    let mut bare = String::new();
    let mut until = None;
    for c in message.chars() {
        match until {
            Some(end) if c == end => {
                bare.push('…');
                bare.push(c);
                until = None;
            }
            Some(_) => {}
            None => {
                bare.push(if c.is_control() { ' ' } else { c });
                until = matches!(c, '"' | '`' | '\'').then_some(c);
            }
        }
    }
    let words = bare.split_whitespace();
    let words = words.map(|word| if word.contains("://") { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// Writes a report and takes away those that are too many.
fn write(folder: &Path, text: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let mut old: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with(NAME))
        })
        .collect();
    old.sort();
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = now.map_or(0, |since| since.as_secs());
    let path = folder.join(format!("{NAME}{seconds}-{}.txt", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    file.write_all(text.as_bytes())?;
    for path in old.iter().take((old.len() + 1).saturating_sub(KEPT)) {
        let _ = fs::remove_file(path);
    }
    Ok(path)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_and_addresses_are_left_out() {
        assert_eq!(
            without_quotes(
                "byte index 5 is inside 'é' of `pass: secret`\nat https://e.org/?token=x"
            ),
            "byte index 5 is inside '…' of `…` at …"
        );
        assert_eq!(without_quotes("never closed \"secret"), "never closed \"");
        assert_eq!(
            without_quotes("index out of bounds: the len is 3 but the index is 5"),
            "index out of bounds: the len is 3 but the index is 5"
        );
    }

    #[test]
    fn the_last_reports_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..8 {
            fs::write(folder.path().join(format!("{NAME}10{number}-1.txt")), "").unwrap();
        }
        fs::write(folder.path().join("stagedoor.log"), "").unwrap();
        let path = write(folder.path(), "text").unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), "text");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), KEPT + 1);
        assert!(folder.path().join("stagedoor.log").exists());
    }
}
