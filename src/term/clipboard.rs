//! Copying by OSC 52: the terminal puts the text into its user's clipboard, over SSH and tmux too.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The most that common terminals take, in bytes of base64.
const LIMIT: usize = 74_994;

/// The sequence that copies `text`; `None` if it is longer than terminals take. A tmux takes it for itself or drops it, as it
/// is set up; within one it is sent a second time, wrapped to be passed on to the terminal outside.
pub fn copy_sequence(text: &str, in_tmux: bool) -> Option<String> {
    let encoded = STANDARD.encode(text);
    if encoded.len() > LIMIT {
        return None;
    }
    let plain = format!("\x1b]52;c;{encoded}\x07");
    if in_tmux {
        Some(format!("{plain}\x1bPtmux;\x1b{plain}\x1b\\"))
    } else {
        Some(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_and_too_much_refused() {
        assert_eq!(
            copy_sequence("api:x", false).as_deref(),
            Some("\x1b]52;c;YXBpOng=\x07")
        );
        assert_eq!(copy_sequence(&"x".repeat(LIMIT), false), None);
    }

    #[test]
    fn a_tmux_is_told_and_asked_to_pass_it_on() {
        assert_eq!(
            copy_sequence("x", true).as_deref(),
            Some("\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\")
        );
    }
}
