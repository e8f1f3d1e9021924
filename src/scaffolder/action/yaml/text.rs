//! Lines and lengths, as JavaScript counts them.

/// The length in UTF-16 units.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Whether a line is longer than what `width` leaves behind `indent`; 0 is no limit.
pub(super) fn has_longer_line(text: &str, width: usize, indent: usize) -> bool {
    width > 0
        && text
            .split('\n')
            .any(|line| length(line) > width.saturating_sub(indent))
}

/// One more line break in each run of them.
pub(super) fn double_breaks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if c == '\n' && before != '\n' {
            out.push('\n');
        }
        out.push(c);
        before = c;
    }
    out
}

/// `margin` behind each run of line breaks; with `inner` not behind one that ends the text.
pub(super) fn behind_breaks(text: &str, margin: &str, inner: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        let next = chars.peek();
        if c == '\n' && next != Some(&'\n') && !(inner && next.is_none()) {
            out.push_str(margin);
        }
    }
    out
}
