//! Giving the terminal to something else for a while: a shell, an editor.

use std::ffi::OsString;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::app::{Answer, Msg};
use crate::catalog::Place;
use crate::catalog::text::clean;
use crate::runtime::effects::editor;
use crate::term;

/// What gets the terminal.
#[derive(Debug)]
pub(in crate::runtime) enum Away {
    /// The shell, until the user comes back.
    Suspend,
    /// The user's editor, at a place in a local file.
    Editor(Place),
    /// The user's editor, with a text that is taken back.
    Text(String),
    /// The user's pager, with a text.
    Pager(String),
    /// Another command of this program, with these arguments.
    Command(Vec<OsString>),
}

impl Away {
    /// Runs it to its end; the terminal must have been left. Returns what is to be said.
    pub(in crate::runtime) fn run(self) -> Option<Msg> {
        match self {
            Self::Suspend => {
                term::suspend_process();
                None
            }
            Self::Editor(place) => Some(Msg::Answer(Answer::FileEdited(editor::open(&place)))),
            Self::Pager(text) => {
                let said = page(&text).err();
                said.map(|said| Msg::Answer(Answer::Said(Err(said))))
            }
            Self::Command(arguments) => {
                let said = command(&arguments).err();
                Some(Msg::Answer(
                    said.map_or(Answer::Updated, |said| Answer::Said(Err(said))),
                ))
            }
            Self::Text(text) => Some(Msg::Answer(match edit_text(&text) {
                Ok(text) => Answer::Edited(text),
                Err(said) => Answer::Said(Err(said)),
            })),
        }
    }
}

/// Runs a command of this program in the terminal, and waits until the user has read what it said.
fn command(arguments: &[OsString]) -> Result<(), String> {
    let said = |error: std::io::Error| format!("The command cannot be run: {error}.");
    let program = std::env::current_exe().map_err(said)?;
    Command::new(program)
        .args(arguments)
        .status()
        .map_err(said)?;
    let mut out = std::io::stdout();
    write!(out, "\nEnter goes back to the portal. ").map_err(said)?;
    out.flush().map_err(said)?;
    std::io::stdin()
        .read_line(&mut String::new())
        .map_err(said)?;
    Ok(())
}

/// Lets the user read `text` in `$PAGER`, else in less.
fn page(text: &str) -> Result<(), String> {
    let chosen = std::env::var("PAGER").unwrap_or_default();
    let words = editor::words(&chosen);
    let (program, arguments) = match words.split_first() {
        Some((program, arguments)) => (program.as_str(), arguments),
        None => ("less", &[][..]),
    };
    let said = |error: std::io::Error| {
        format!("{program} cannot be started: {error}. Set $PAGER to your pager.")
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(said)?;
    if let Some(mut stdin) = child.stdin.take() {
        // Whoever has read enough closes it.
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait().map(drop).map_err(said)
}

/// Lets the user change `text` in their editor.
fn edit_text(text: &str) -> Result<String, String> {
    let said = |error: std::io::Error| format!("The text cannot be handed to an editor: {error}.");
    let mut file = tempfile::Builder::new()
        .suffix(".md")
        .tempfile()
        .map_err(said)?;
    file.write_all(text.as_bytes()).map_err(said)?;
    editor::open(&Place {
        file: file.path().to_string_lossy().into_owned(),
        line: 1,
        column: 1,
    })?;
    let edited = std::fs::read_to_string(file.path()).map_err(said)?;
    Ok(clean(&edited).into_owned())
}

/// Opens a URL in a browser of this machine; over SSH, where that would open nothing, it is shown instead.
pub(super) fn open_url(url: &str, remote: bool) -> Result<String, String> {
    let web = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| url.starts_with(scheme));
    if !web {
        return Err(format!("{url} is no web address, so it is not opened."));
    }
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let screen = cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
    if remote || !screen {
        return Ok(format!("There is no browser here: {url}"));
    }
    let started = Command::new(opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        Ok(_) => Ok(format!("Opened {url}")),
        Err(error) => Err(format!(
            "{opener} cannot be started: {error}. The address is {url}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        assert!(open_url("javascript:alert(1)", false).is_err());
        assert!(open_url("file:///etc/passwd", false).is_err());
        assert_eq!(
            open_url("https://x.dev", true),
            Ok("There is no browser here: https://x.dev".to_owned())
        );
    }
}
