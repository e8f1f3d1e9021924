//! Which images the terminal shows: asked of itself, once, when the first one is to be seen.
//!
//! The last question is one that every terminal answers. What comes before that answer is taken, so that nothing comes
//! late and is read as keys; keys that were pressed meanwhile are handed back.

use std::io::{self, Write};
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustix::termios::{OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};

use super::{Form, THROUGH_TMUX};

/// Who are you, how large is a cell, what are you?
const QUESTIONS: &str = "\x1b[>0q\x1b[16t\x1b[c";
/// Do you take kitty's images? (An image of one pixel, which is not to be kept.)
const KITTY: &str = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\";
/// How long the answers may take: from a terminal here, and from one at the other end of a network.
const NEAR: Duration = Duration::from_millis(500);
const FAR: Duration = Duration::from_secs(2);
/// The size of a cell where nobody tells, in pixels.
const CELL: (u16, u16) = (10, 20);
/// Terminals that take sixels but leave them behind when something is written over them.
const CARELESS: [&str; 2] = ["konsole", "contour"];

/// What the terminal shows images with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Graphics {
    /// How it takes images.
    pub form: Form,
    /// The width and height of a cell in pixels.
    pub cell: (u16, u16),
}

/// What the environment tells.
#[derive(Debug, Default)]
struct Told {
    /// `TERM`.
    term: String,
    /// `TERM_PROGRAM`, or what iTerm2 sends along over SSH.
    program: String,
    /// Inside tmux: whether it passes sequences on, and the terminal around it.
    tmux: Option<(bool, String)>,
    /// Inside a multiplexer that passes on nothing.
    walled: bool,
    /// The size of a cell as the system has it.
    cell: Option<(u16, u16)>,
}

/// What the terminal answered.
#[derive(Debug, Default, PartialEq, Eq)]
struct Answers {
    /// Whether it takes kitty's images.
    kitty: bool,
    /// Its name and version.
    name: String,
    /// The width and height of a cell in pixels.
    cell: Option<(u16, u16)>,
    /// What it is: the numbers of what it can do.
    abilities: Option<Vec<u16>>,
    /// Bytes that are no answer: keys.
    typed: Vec<u8>,
}

/// Asks the terminal what images it shows; `wanted` is how the user wants them, whatever it says. Returns what was typed
/// meanwhile, too. Nothing else may read the terminal's input, which is in raw mode.
pub fn ask(wanted: Option<Form>, is_remote: bool) -> (Option<Graphics>, Vec<u8>) {
    let told = told();
    THROUGH_TMUX.store(
        told.tmux.as_ref().is_some_and(|(passes, _)| *passes),
        Ordering::Relaxed,
    );
    let answers = if told.term == "linux" || told.program == "Apple_Terminal" {
        Answers::default()
    } else {
        let kitty = if told.tmux.is_none() { KITTY } else { "" };
        let mut out = io::stdout();
        let asked = write!(out, "{kitty}{QUESTIONS}").and_then(|()| out.flush());
        match asked {
            Ok(()) => Answers::parse(&listen(if is_remote { FAR } else { NEAR })),
            Err(_) => Answers::default(),
        }
    };
    let cell = answers.cell.or(told.cell);
    let form = wanted.or_else(|| chosen(&told, &answers, cell.is_some()));
    let graphics = form.map(|form| Graphics {
        form,
        cell: cell.unwrap_or(CELL),
    });
    tracing::debug!(?told, ?answers, ?graphics, "asked for images");
    (graphics, answers.typed)
}

/// How images are best shown there.
fn chosen(told: &Told, answers: &Answers, is_cell_known: bool) -> Option<Form> {
    let name = answers.name.to_ascii_lowercase();
    let is = |who: &str| {
        let known = [&told.term, &told.program];
        name.contains(who)
            || known
                .iter()
                .any(|known| known.to_ascii_lowercase().contains(who))
    };
    if told.walled {
        return None;
    }
    // Others take kitty's images too, but not in cells.
    let in_cells = |name: &str| name.contains("kitty") || name.contains("ghostty");
    match &told.tmux {
        Some((passes, around)) if *passes && in_cells(around) => return Some(Form::Kitty),
        None if answers.kitty && (is("kitty") || is("ghostty")) => return Some(Form::Kitty),
        None if is("iterm") || is("wezterm") => return Some(Form::Iterm),
        Some(_) | None => {}
    }
    let takes_sixels = answers
        .abilities
        .iter()
        .flatten()
        .any(|ability| *ability == 4);
    let is_careless = CARELESS.iter().any(|who| is(who));
    (takes_sixels && is_cell_known && !is_careless).then_some(Form::Sixel)
}

fn told() -> Told {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let is_set = |name: &str| std::env::var_os(name).is_some();
    let size = crossterm::terminal::window_size().ok();
    let cell = size.and_then(|size| {
        let side = |pixels: u16, cells: u16| pixels.checked_div(cells).filter(|side| *side > 0);
        side(size.width, size.columns).zip(side(size.height, size.rows))
    });
    let program = variable("TERM_PROGRAM");
    Told {
        term: variable("TERM"),
        program: if program.is_empty() {
            variable("LC_TERMINAL")
        } else {
            program
        },
        tmux: is_set("TMUX").then(around_tmux),
        walled: is_set("STY") || is_set("ZELLIJ"),
        cell,
    }
}

/// Whether tmux passes sequences on, and the name of the terminal around it.
fn around_tmux() -> (bool, String) {
    let asked = Command::new("tmux")
        .args([
            "display-message",
            "-p",
            "#{allow-passthrough} #{client_termname}",
        ])
        .output();
    let said = asked.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let said = said.unwrap_or_default();
    let (passes, around) = said.trim().split_once(' ').unwrap_or_default();
    (matches!(passes, "on" | "all" | "1"), around.to_owned())
}

/// Takes what the terminal still has to say, so that the shell does not: a late answer to a question, and what it is. As
/// for [`ask`], nothing else may read its input.
pub fn hear_out() {
    listen(NEAR);
}

/// What the terminal sends until it has said what it is, or `limit` is over.
fn listen(limit: Duration) -> Vec<u8> {
    let input = rustix::stdio::stdin();
    let mut heard = Vec::new();
    let Ok(before) = tcgetattr(input) else {
        return heard;
    };
    let mut patient = before.clone();
    // A read returns what is there, or nothing after a tenth of a second.
    patient.special_codes[SpecialCodeIndex::VMIN] = 0;
    patient.special_codes[SpecialCodeIndex::VTIME] = 1;
    if tcsetattr(input, OptionalActions::Now, &patient).is_err() {
        return heard;
    }
    let until = Instant::now() + limit;
    let mut buffer = [0; 1_024];
    while Instant::now() < until && Answers::parse(&heard).abilities.is_none() {
        match rustix::io::read(input, &mut buffer) {
            Ok(length) => heard.extend_from_slice(buffer.get(..length).unwrap_or_default()),
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::AGAIN) => std::thread::sleep(Duration::from_millis(5)),
            Err(_) => break,
        }
    }
    let _ = tcsetattr(input, OptionalActions::Now, &before);
    heard
}

impl Answers {
    fn parse(heard: &[u8]) -> Self {
        let mut answers = Self::default();
        let mut rest = heard;
        while let [first, tail @ ..] = rest {
            let Some((answer, after)) = (*first == 0x1b).then(|| sequence(rest)).flatten() else {
                answers.typed.push(*first);
                rest = tail;
                continue;
            };
            if !answers.take(answer) {
                answers.typed.extend_from_slice(answer);
            }
            rest = after;
        }
        answers
    }

    /// Takes a sequence; whether it is an answer.
    fn take(&mut self, sequence: &[u8]) -> bool {
        let text = String::from_utf8_lossy(sequence);
        let text = text.trim_start_matches('\x1b').trim_end_matches("\x1b\\");
        let numbers = |list: &str| {
            list.split(';')
                .map_while(|it| it.parse().ok())
                .collect::<Vec<u16>>()
        };
        if let Some(said) = text.strip_prefix("_G") {
            self.kitty |= said.ends_with(";OK");
        } else if let Some(name) = text.strip_prefix("P>|") {
            name.clone_into(&mut self.name);
        } else if let Some(list) = text.strip_prefix("[?").and_then(|it| it.strip_suffix('c')) {
            self.abilities = Some(numbers(list));
        } else if let Some(list) = text.strip_prefix("[6;").and_then(|it| it.strip_suffix('t')) {
            self.cell = match numbers(list)[..] {
                [height, width] if height > 0 && width > 0 => Some((width, height)),
                _ => None,
            };
        } else {
            return false;
        }
        true
    }
}

/// The sequence at the beginning of `bytes`, and what follows it; `None` where it is none, or not whole yet.
fn sequence(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = match bytes.get(1)? {
        b'[' => {
            let last = bytes
                .iter()
                .skip(2)
                .position(|byte| (0x40..0x7f).contains(byte))?;
            last + 3
        }
        b'_' | b'P' => {
            bytes
                .windows(2)
                .skip(2)
                .position(|pair| pair == b"\x1b\\")?
                + 4
        }
        _ => return None,
    };
    bytes.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_from_keys() {
        let heard =
            b"j\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.35.2)\x1b\\k\x1b[A\x1b[6;40;20t\x1b[?62;4;22cq";
        let answers = Answers::parse(heard);
        let expected = Answers {
            kitty: true,
            name: "kitty(0.35.2)".to_owned(),
            cell: Some((20, 40)),
            abilities: Some(vec![62, 4, 22]),
            typed: b"jk\x1b[Aq".to_vec(),
        };
        assert_eq!(answers, expected);
        // Of an answer that is not whole nothing is known yet.
        assert_eq!(Answers::parse(b"\x1b[?62;4").abilities, None);
        assert!(!Answers::parse(b"\x1b_Gi=31;ENOTSUPPORTED\x1b\\").kitty);
        assert_eq!(Answers::parse(b"\x1b").typed, b"\x1b");
    }

    #[test]
    fn terminals_get_what_they_show_well() {
        let told = |term: &str, program: &str| Told {
            term: term.to_owned(),
            program: program.to_owned(),
            ..Told::default()
        };
        let said = |name: &str, kitty: bool, abilities: &[u16]| Answers {
            kitty,
            name: name.to_owned(),
            abilities: Some(abilities.to_vec()),
            ..Answers::default()
        };
        let xterm = || told("xterm-256color", "");
        let within = |passes: bool, around: &str| Told {
            tmux: Some((passes, around.to_owned())),
            ..told("tmux-256color", "tmux")
        };
        let cases = [
            (
                told("xterm-kitty", ""),
                said("kitty(0.35.2)", true, &[62]),
                Some(Form::Kitty),
            ),
            (
                xterm(),
                said("ghostty 1.2.0", true, &[62, 22]),
                Some(Form::Kitty),
            ),
            (
                told("xterm-ghostty", "ghostty"),
                said("", true, &[62]),
                Some(Form::Kitty),
            ),
            (
                told("xterm-256color", "WezTerm"),
                said("WezTerm 2024", true, &[65, 4]),
                Some(Form::Iterm),
            ),
            (
                told("xterm-256color", "iTerm.app"),
                said("", false, &[62, 4]),
                Some(Form::Iterm),
            ),
            (
                told("foot", ""),
                said("foot(1.16)", false, &[62, 4, 22]),
                Some(Form::Sixel),
            ),
            (xterm(), said("Konsole 24.12", true, &[62, 4]), None),
            (xterm(), said("", false, &[62, 22]), None),
            (xterm(), Answers::default(), None),
            (
                within(true, "xterm-kitty"),
                said("tmux 3.4", false, &[1, 2]),
                Some(Form::Kitty),
            ),
            (
                within(false, "xterm-kitty"),
                said("tmux 3.4", false, &[1, 2]),
                None,
            ),
            (
                within(false, "foot"),
                said("tmux 3.4", false, &[1, 2, 4]),
                Some(Form::Sixel),
            ),
        ];
        for (told, answers, expected) in cases {
            assert_eq!(
                chosen(&told, &answers, true),
                expected,
                "{told:?} {answers:?}"
            );
        }
        let foot = said("foot(1.16)", false, &[62, 4]);
        assert_eq!(
            chosen(&told("foot", ""), &foot, false),
            None,
            "sixels need the size of a cell"
        );
    }
}
