//! Whether a file is binary, as the npm package `isbinaryfile` decides it by the first 512 bytes.

/// How much is looked at.
const LOOK_AT: usize = 512;

/// Whether `bytes` are the content of a binary file: such files are copied as they are.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..LOOK_AT).unwrap_or(bytes);
    let marks: [&[u8]; 4] = [
        &[0xef, 0xbb, 0xbf],
        &[0xfe, 0xff],
        &[0xff, 0xfe],
        &[0x84, 0x31, 0x95, 0x33],
    ];
    if head.is_empty() || marks.iter().any(|mark| head.starts_with(mark)) {
        return false;
    }
    if head.starts_with(b"%PDF-") {
        return true;
    }
    let mut suspicious = 0;
    let mut index = 0;
    while index < head.len() {
        let byte = head[index];
        if byte == 0 {
            return true;
        }
        if !(7..=14).contains(&byte) && !(32..=127).contains(&byte) {
            let length = utf8_length(&head[index..]);
            if length > 1 {
                index += length;
                continue;
            }
            suspicious += 1;
            if index >= 32 && suspicious * 10 > head.len() {
                return true;
            }
        }
        index += 1;
    }
    suspicious * 10 > head.len()
}

/// The length of the character of several bytes at the front of `bytes`; 0 if there is none.
fn utf8_length(bytes: &[u8]) -> usize {
    let length = match bytes.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return 0,
    };
    let whole = bytes
        .get(..length)
        .is_some_and(|part| std::str::from_utf8(part).is_ok());
    if whole { length } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_binary_are_told_apart() {
        for text in ["", "plain\n", "héllo ☃ 😀", "\u{feff}x"] {
            assert!(!is_binary(text.as_bytes()), "{text}");
        }
        for binary in [
            b"a\0b".as_slice(),
            b"%PDF-1.4",
            &[0x89, 0x50, 0x4e, 0x47, 0x1a, 1, 2],
        ] {
            assert!(is_binary(binary), "{binary:?}");
        }
    }
}
