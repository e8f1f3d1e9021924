//! Copying by OSC 52: the terminal puts the text into its user's clipboard, over SSH and tmux too.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The most that common terminals take, in bytes of base64.
const LIMIT: usize = 74_994;

/// The sequence that copies `text`; `None` if it is longer than terminals take.
pub fn copy_sequence(text: &str) -> Option<String> {
    let encoded = STANDARD.encode(text);
    (encoded.len() <= LIMIT).then(|| format!("\x1b]52;c;{encoded}\x07"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_and_too_much_refused() {
        assert_eq!(
            copy_sequence("api:x").as_deref(),
            Some("\x1b]52;c;YXBpOng=\x07")
        );
        assert_eq!(copy_sequence(&"x".repeat(LIMIT)), None);
    }
}
