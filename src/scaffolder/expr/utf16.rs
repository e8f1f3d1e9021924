//! Text by UTF-16 units, as JavaScript counts it. Half a surrogate pair cannot be kept in Rust's text and becomes U+FFFD.

/// `text.length`.
pub(super) fn length(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.encode_utf16().count()
}

/// The units from `start` to before `end`; both are cut to the text.
pub(super) fn slice(text: &str, start: usize, end: usize) -> String {
    if text.is_ascii() {
        let end = end.min(text.len());
        return text.get(start.min(end)..end).unwrap_or_default().to_owned();
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    let end = end.min(units.len());
    units
        .get(start.min(end)..end)
        .map(String::from_utf16_lossy)
        .unwrap_or_default()
}

/// The unit at `index`, as text.
pub(super) fn unit(text: &str, index: usize) -> Option<String> {
    (index < length(text)).then(|| slice(text, index, index + 1))
}

/// Each unit as a text, as `text.split("")` gives them.
pub(super) fn units(text: &str) -> Vec<String> {
    if text.is_ascii() {
        return text.chars().map(String::from).collect();
    }
    text.encode_utf16()
        .map(|unit| String::from_utf16_lossy(&[unit]))
        .collect()
}

/// A byte offset as a count of units.
pub(super) fn from_byte(text: &str, offset: usize) -> usize {
    text.get(..offset).map_or(0, length)
}

/// A count of units as a byte offset, rounded up to the next character.
pub(super) fn to_byte(text: &str, units: usize) -> usize {
    if text.is_ascii() {
        return units.min(text.len());
    }
    let mut seen = 0;
    for (offset, c) in text.char_indices() {
        if seen >= units {
            return offset;
        }
        seen += c.len_utf16();
    }
    text.len()
}
