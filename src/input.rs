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
    fn pasted_text_is_cleaned() {
        let pasted = message(Event::Paste("a\u{1b}[31m".into()));
        assert!(matches!(pasted, Some(Msg::Paste(text)) if text == "a[31m"));
    }
}
