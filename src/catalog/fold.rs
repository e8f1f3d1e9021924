//! Text made comparable: lower case, without accents, all separators alike; and where its words start. The index keeps
//! what it folds, and what is searched for is folded the same way.

use nucleo::chars;

/// What separators are folded to.
pub const SEPARATOR: char = '-';

/// One character made comparable. There are as many characters after folding as before.
pub fn fold(c: char) -> char {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => char::from(fold_ascii(byte)),
        _ if c.is_whitespace() => SEPARATOR,
        _ => chars::to_lower_case(chars::normalize(c)),
    }
}

/// One ASCII character made comparable.
pub fn fold_ascii(byte: u8) -> u8 {
    match byte {
        b'-' | b'_' | b'.' | b'/' | b' ' | b'\t' | b'\n' => b'-',
        _ => byte.to_ascii_lowercase(),
    }
}

/// Whether a word starts at `c`: after a separator, at a capital within a word, at the first digit of a number.
pub fn starts_word(before: char, c: char) -> bool {
    let is_separator = fold(c) == SEPARATOR;
    !is_separator
        && (!before.is_alphanumeric()
            || (c.is_uppercase() && before.is_lowercase())
            || (c.is_ascii_digit() && !before.is_ascii_digit()))
}

/// The same for ASCII, which nearly all names are.
pub fn starts_word_ascii(before: u8, c: u8) -> bool {
    let is_separator = fold_ascii(c) == b'-';
    !is_separator
        && (!before.is_ascii_alphanumeric()
            || (c.is_ascii_uppercase() && before.is_ascii_lowercase())
            || (c.is_ascii_digit() && !before.is_ascii_digit()))
}

/// The bits of a [`char_mask`] that stand for separators.
const SEPARATORS: u64 = 0b1111 << 36;

/// The characters of a text as bits, each folded: a text can hold a needle only if it has all bits of the needle's mask.
/// Separators are not in it: `user-service` may be written `userService`.
pub fn char_mask(text: &str) -> u64 {
    text.chars().fold(0, |mask, c| mask | bit(fold(c))) & !SEPARATORS
}

/// The first characters of a text's words as bits: what a text of one or two letters must have to fit.
pub fn start_mask(text: &str) -> u64 {
    let mut before = ' ';
    let mut mask = 0;
    for (at, c) in text.chars().enumerate() {
        if at == 0 || starts_word(before, c) {
            mask |= bit(fold(c));
        }
        before = c;
    }
    mask & !SEPARATORS
}

fn bit(c: char) -> u64 {
    let place = match c {
        'a'..='z' => u32::from(c) - u32::from('a'),
        '0'..='9' => 26 + u32::from(c) - u32::from('0'),
        '-' | '_' | '.' | ' ' => 36,
        other => 40 + u32::from(other) % 24,
    };
    1 << place
}

/// The words of a text, folded: runs of letters and digits.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().map(fold).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_hold_what_a_text_may_be_searched_for() {
        assert_eq!(char_mask("Café_Orders v2"), char_mask("acdefors2v"));
        assert_eq!(char_mask("a-b"), char_mask("a.b"));
        assert_eq!(start_mask("paymentGateway v2"), char_mask("pgv2"));
        assert_eq!(start_mask("-x"), char_mask("x"));
        assert_eq!((char_mask(""), start_mask("")), (0, 0));
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        let found: Vec<String> = words("Takes card-payments (v2) of 支付, Größe").collect();
        assert_eq!(
            found,
            ["takes", "card", "payments", "v2", "of", "支付", "grose"]
        );
    }
}
