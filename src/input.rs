//! Terminal events → messages. What a key means is decided by the model's focus and keymap; this only translates the
//! terminal library's words into the portal's.

use crossterm::event::{
    Event, KeyCode as Code, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};

use crate::app::pointer::{Act, Pointed};
use crate::app::{Key, KeyCode, Msg};
use crate::catalog::text::clean;

/// The message for a terminal event; `None` for events that nobody needs.
pub fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(event) if event.kind != KeyEventKind::Release => key(event).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(clean(&text).into_owned())),
        Event::Resize(columns, rows) => Some(Msg::Resize(columns, rows)),
        Event::Mouse(event) => mouse(event).map(Msg::Pointed),
        Event::FocusGained => Some(Msg::Returned),
        _ => None,
    }
}

/// Tells a late answer of the terminal, about its colours, from keys: as keys it begins with Alt-] and `11;` or `10;`, and
/// ends with Alt-\\ or Ctrl-G.
#[derive(Debug, Default)]
pub struct Strays {
    /// How many keys of an answer came, if one is under way.
    heard: Option<usize>,
}

impl Strays {
    /// Whether `event` is part of such an answer.
    pub fn take(&mut self, event: &Event) -> bool {
        let Event::Key(key) = event else {
            return false;
        };
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let Some(heard) = self.heard else {
            let begins = alt && key.code == Code::Char(']');
            self.heard = begins.then_some(0);
            return begins;
        };
        let fits = match (heard, key.code) {
            (0, code) => code == Code::Char('1'),
            (1, code) => matches!(code, Code::Char('0' | '1')),
            (2, code) => code == Code::Char(';'),
            (..LONGEST, Code::Char(_)) => true,
            _ => false,
        };
        let ends = alt && key.code == Code::Char('\\') || ctrl && key.code == Code::Char('g');
        self.heard = (fits && !ends).then_some(heard + 1);
        fits || ends
    }
}

/// The most keys of an answer about a colour.
const LONGEST: usize = 40;

/// The messages for bytes that were typed while the terminal was asked something: letters, and the keys that are one
/// character. Longer sequences are let go.
pub fn typed(bytes: &[u8]) -> Vec<Msg> {
    let mut rest = bytes;
    let mut messages = Vec::new();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let code = match first {
            b'\r' | b'\n' => KeyCode::Enter,
            b'\t' => KeyCode::Tab,
            0x7f => KeyCode::Backspace,
            0x1b if matches!(rest, [b'[' | b'O', ..]) => {
                let last = rest
                    .iter()
                    .skip(1)
                    .position(|byte| byte.is_ascii_alphabetic() || *byte == b'~');
                rest = last.and_then(|at| rest.get(at + 2..)).unwrap_or_default();
                continue;
            }
            0x1b => KeyCode::Esc,
            byte if byte.is_ascii_graphic() || *byte == b' ' => KeyCode::Char(char::from(*byte)),
            _ => continue,
        };
        messages.push(Msg::Key(Key {
            code,
            ctrl: false,
            alt: false,
        }));
    }
    messages
}

/// What was done with the mouse, as far as anything is done with it.
fn mouse(event: MouseEvent) -> Option<Pointed> {
    let act = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Act::Press,
        MouseEventKind::Drag(MouseButton::Left) => Act::Drag,
        MouseEventKind::Up(MouseButton::Left) => Act::Release,
        MouseEventKind::ScrollUp => Act::WheelUp,
        MouseEventKind::ScrollDown => Act::WheelDown,
        _ => return None,
    };
    Some(Pointed {
        x: event.column,
        y: event.row,
        act,
    })
}

fn key(event: KeyEvent) -> Option<Key> {
    if event.modifiers == KeyModifiers::CONTROL
        && let Some(code) = known_as(event.code)
    {
        return Some(Key {
            code,
            ctrl: false,
            alt: false,
        });
    }
    let code = match event.code {
        Code::Char(c) => KeyCode::Char(c),
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => KeyCode::BackTab,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Insert => KeyCode::Insert,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        Code::F(n) => KeyCode::F(n),
        _ => return None,
    };
    Some(Key {
        code,
        ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
        alt: event.modifiers.contains(KeyModifiers::ALT),
    })
}

/// The key that a letter with Ctrl is on terminals that cannot tell the two apart; what it does is the same on all.
fn known_as(code: Code) -> Option<KeyCode> {
    match code {
        Code::Char('[') => Some(KeyCode::Esc),
        Code::Char('i') => Some(KeyCode::Tab),
        Code::Char('m') => Some(KeyCode::Enter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_modifiers_and_releases_are_dropped() {
        let press = KeyEvent::new(Code::Char('p'), KeyModifiers::CONTROL);
        assert!(
            matches!(message(Event::Key(press)), Some(Msg::Key(key)) if key.to_string() == "ctrl-p")
        );
        let release = KeyEvent {
            kind: KeyEventKind::Release,
            ..press
        };
        assert!(message(Event::Key(release)).is_none());
    }

    #[test]
    fn keys_typed_while_the_terminal_was_asked_are_not_lost() {
        let keys: Vec<String> = typed(b"j/pay\r\x1b[A\x1b[5~q\x1b")
            .into_iter()
            .map(|message| match message {
                Msg::Key(key) => key.to_string(),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(keys.join(" "), "j / p a y enter q esc");
    }

    #[test]
    fn keys_are_the_same_where_the_terminal_tells_them_apart() {
        for (letter, name) in [('i', "tab"), ('m', "enter"), ('[', "esc"), ('k', "ctrl-k")] {
            let press = KeyEvent::new(Code::Char(letter), KeyModifiers::CONTROL);
            let key = message(Event::Key(press));
            assert!(matches!(key, Some(Msg::Key(key)) if key.to_string() == name));
        }
    }

    #[test]
    fn a_late_answer_of_the_terminal_is_no_keys() {
        let key = |c, modifiers| Event::Key(KeyEvent::new(Code::Char(c), modifiers));
        let plain = |text: &str| -> Vec<Event> {
            text.chars().map(|c| key(c, KeyModifiers::NONE)).collect()
        };
        let kept = |events: Vec<Event>| {
            let mut strays = Strays::default();
            events.iter().filter(|event| !strays.take(event)).count()
        };
        let begin = key(']', KeyModifiers::ALT);
        let answer = |end: Event| {
            let mut all = vec![begin.clone()];
            all.extend(plain("11;rgb:ffff/ffff/ffff"));
            all.push(end);
            all.extend(plain("jk"));
            all
        };
        assert_eq!(kept(answer(key('\\', KeyModifiers::ALT))), 2);
        assert_eq!(kept(answer(key('g', KeyModifiers::CONTROL))), 2);
        // What only begins like one is keys.
        assert_eq!(kept([vec![begin], plain("jjq")].concat()), 3);
    }

    #[test]
    fn of_the_mouse_the_left_button_and_the_wheel_count() {
        let event = |kind| {
            message(Event::Mouse(MouseEvent {
                kind,
                column: 7,
                row: 3,
                modifiers: KeyModifiers::NONE,
            }))
        };
        let press = event(MouseEventKind::Down(MouseButton::Left));
        assert!(
            matches!(press, Some(Msg::Pointed(it)) if (it.x, it.y, it.act) == (7, 3, Act::Press))
        );
        assert!(event(MouseEventKind::Down(MouseButton::Right)).is_none());
        assert!(event(MouseEventKind::Moved).is_none());
    }

    #[test]
    fn pasted_text_is_cleaned() {
        let pasted = message(Event::Paste("a\u{1b}[31m".into()));
        assert!(matches!(pasted, Some(Msg::Paste(text)) if text == "a[31m"));
    }
}
