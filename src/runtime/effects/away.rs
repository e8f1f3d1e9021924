//! Giving the terminal to something else for a while: a shell, an editor.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::app::{Answer, Msg};
use crate::catalog::text::clean;
use crate::term;

/// What gets the terminal.
#[derive(Debug)]
pub(in crate::runtime) enum Away {
    /// The shell, until the user comes back.
    Suspend,
    /// The user's editor.
    Editor {
        /// A path.
        file: String,
        /// The line, from 1.
        line: u32,
    },
    /// The user's editor, with a text that is taken back.
    Text(String),
}

impl Away {
    /// Runs it to its end; the terminal must have been left. Returns what is to be said.
    pub(in crate::runtime) fn run(self) -> Option<Msg> {
        match self {
            Self::Suspend => {
                term::suspend_process();
                None
            }
            Self::Editor { file, line } => {
                let said = edit(&file, line).err()?;
                Some(Msg::Answer(Answer::Said(Err(said))))
            }
            Self::Text(text) => Some(Msg::Answer(match edit_text(&text) {
                Ok(text) => Answer::Edited(text),
                Err(said) => Answer::Said(Err(said)),
            })),
        }
    }
}

/// Opens `file` in `$VISUAL` or `$EDITOR`, else vi, at `line` where the editor is known to take one.
fn edit(file: &str, line: u32) -> Result<(), String> {
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| {
            std::env::var(name)
                .ok()
                .filter(|editor| !editor.trim().is_empty())
        })
        .unwrap_or_else(|| "vi".to_owned());
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let mut command = Command::new(program);
    command.args(words);
    let name = program.rsplit('/').next().unwrap_or(program);
    match name {
        "code" | "codium" | "cursor" | "subl" | "zed" | "hx" | "helix" => {
            command.arg(format!("{file}:{line}"))
        }
        "vi" | "vim" | "nvim" | "nano" | "emacs" | "emacsclient" | "kak" | "micro" | "ne"
        | "joe" | "mg" => command.arg(format!("+{line}")).arg(file),
        _ => command.arg(file),
    };
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} ended with {status}.")),
        Err(error) => Err(format!(
            "{program} cannot be started: {error}. Set $EDITOR to your editor."
        )),
    }
}

/// Lets the user change `text` in their editor.
fn edit_text(text: &str) -> Result<String, String> {
    let said = |error: std::io::Error| format!("The text cannot be handed to an editor: {error}.");
    let mut file = tempfile::Builder::new()
        .suffix(".md")
        .tempfile()
        .map_err(said)?;
    file.write_all(text.as_bytes()).map_err(said)?;
    edit(&file.path().to_string_lossy(), 1)?;
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
