//! What a terminal sends for a key.

/// The bytes of a key: a single character, or a name as in the portal's own key table.
pub(super) fn bytes(key: &str) -> Vec<u8> {
    let named: &[u8] = match key {
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "backtab" => b"\x1b[Z",
        "backspace" => b"\x7f",
        "space" => b" ",
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "home" => b"\x1b[H",
        "end" => b"\x1b[F",
        "delete" => b"\x1b[3~",
        "pageup" => b"\x1b[5~",
        "pagedown" => b"\x1b[6~",
        "f1" => b"\x1bOP",
        _ => b"",
    };
    if !named.is_empty() {
        return named.to_vec();
    }
    if let Some(letter) = key.strip_prefix("ctrl-") {
        return letter
            .bytes()
            .map(|byte| byte.to_ascii_lowercase() & 0x1f)
            .collect();
    }
    assert_eq!(key.chars().count(), 1, "no key is named {key}");
    key.as_bytes().to_vec()
}
