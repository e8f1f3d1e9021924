//! Terminal events → messages. What a key means is decided by the model's focus and keymap; this only translates the
//! terminal library's words into the portal's.

use crossterm::event::{Event, KeyCode as Code, KeyEvent, KeyEventKind, KeyModifiers};

use crate::app::{Key, KeyCode, Msg};
use crate::catalog::text::clean;

/// The message for a terminal event; `None` for events that nobody needs.
pub fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(event) if event.kind != KeyEventKind::Release => key(event).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(clean(&text).into_owned())),
        Event::Resize(columns, rows) => Some(Msg::Resize(columns, rows)),
        _ => None,
    }
}

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

fn key(event: KeyEvent) -> Option<Key> {
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
    fn pasted_text_is_cleaned() {
        let pasted = message(Event::Paste("a\u{1b}[31m".into()));
        assert!(matches!(pasted, Some(Msg::Paste(text)) if text == "a[31m"));
    }
}
