//! Text made comparable: lower case, without accents, all separators alike, with the starts of its words.

use nucleo::{Utf32Str, chars};

use crate::catalog::index::char_mask;

/// The bits of a [`char_mask`] that stand for one ASCII letter or digit each.
const PLAIN: u64 = (1 << 36) - 1;
/// The bits of a [`char_mask`] that characters share which may fold to a plain one, as `é` does.
const SHARED: u64 = u64::MAX << 40;

/// What separators are folded to.
pub(super) const SEPARATOR: char = '-';

/// One text to search in, folded character by character, so that positions stay those of the text as shown. Reused from
/// row to row: nothing is allocated once it has grown.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// The folded characters.
    pub(super) chars: Vec<char>,
    /// Whether a word starts at each of them.
    pub(super) starts: Vec<bool>,
    ascii: Vec<u8>,
}

impl Text {
    /// Takes in `text`.
    pub(super) fn set(&mut self, text: &str) {
        self.chars.clear();
        self.starts.clear();
        self.ascii.clear();
        let mut before = ' ';
        for c in text.chars() {
            let folded = fold(c);
            self.starts
                .push(starts_word(before, c) && folded != SEPARATOR);
            self.chars.push(folded);
            before = c;
        }
        if text.is_ascii() {
            self.ascii.extend(text.bytes().map(fold_ascii));
        }
    }

    /// The text as the fuzzy matcher reads it.
    pub(super) fn utf32(&self) -> Utf32Str<'_> {
        if self.ascii.len() == self.chars.len() {
            Utf32Str::Ascii(&self.ascii)
        } else {
            Utf32Str::Unicode(&self.chars)
        }
    }
}

/// One word to search for.
#[derive(Debug)]
pub(super) struct Needle {
    /// The folded characters; never empty.
    pub(super) chars: Vec<char>,
    /// The same in bytes, where all of them are ASCII.
    ascii: Option<Vec<u8>>,
    /// The letters and digits that a text must have to hold it.
    mask: u64,
    /// Whether it must appear as it is: a phrase.
    pub(super) literal: bool,
}

impl Needle {
    /// `text` as a needle; `None` if nothing is left of it.
    pub(super) fn new(text: &str, literal: bool) -> Option<Self> {
        let chars: Vec<char> = text.chars().map(fold).collect();
        if chars.is_empty() {
            return None;
        }
        let ascii = chars
            .iter()
            .all(char::is_ascii)
            .then(|| chars.iter().filter_map(|c| u8::try_from(*c).ok()).collect());
        Some(Self {
            mask: char_mask(&chars.iter().collect::<String>()) & PLAIN,
            ascii,
            chars,
            literal,
        })
    }

    /// Several needles as one, parted by a separator: "payment gateway" as the start of `payment-gateway-api`.
    pub(super) fn joined(needles: &[Self]) -> Option<Self> {
        let texts: Vec<String> = needles
            .iter()
            .map(|needle| needle.chars.iter().collect())
            .collect();
        Self::new(&texts.join("-"), true)
    }

    /// Whether a text with this [`char_mask`] can hold it; says no for most rows at the price of one comparison.
    pub(super) fn may_be_in(&self, mask: u64) -> bool {
        mask & self.mask == self.mask || mask & SHARED != 0
    }

    /// Whether it is too short to be matched loosely.
    pub(super) fn is_short(&self) -> bool {
        self.chars.len() < 3
    }

    /// The needle as the fuzzy matcher reads it.
    pub(super) fn utf32(&self) -> Utf32Str<'_> {
        match &self.ascii {
            Some(bytes) => Utf32Str::Ascii(bytes),
            None => Utf32Str::Unicode(&self.chars),
        }
    }

    /// Whether it stands in `text`, which is long and read once: `Some(true)` at the start of a word.
    pub(super) fn stands_in(&self, text: &str) -> Option<bool> {
        match &self.ascii {
            Some(bytes) if text.is_ascii() => ascii_in(bytes, text.as_bytes()),
            _ => {
                let folded: Vec<char> = text.chars().map(fold).collect();
                let at = position(&folded, &self.chars)?;
                Some(at == 0 || !folded.get(at - 1).is_some_and(|c| c.is_alphanumeric()))
            }
        }
    }
}

/// The first place at which `needle` stands in `hay`.
pub(super) fn position(hay: &[char], needle: &[char]) -> Option<usize> {
    hay.windows(needle.len().max(1)).position(|w| w == needle)
}

/// One character made comparable.
pub(super) fn fold(c: char) -> char {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => char::from(fold_ascii(byte)),
        _ if c.is_whitespace() => SEPARATOR,
        _ => chars::to_lower_case(chars::normalize(c)),
    }
}

fn fold_ascii(byte: u8) -> u8 {
    match byte {
        b'-' | b'_' | b'.' | b'/' | b' ' | b'\t' | b'\n' => b'-',
        _ => byte.to_ascii_lowercase(),
    }
}

/// Whether a word starts at `c`: after a separator, at a capital within a word, at the first digit of a number.
fn starts_word(before: char, c: char) -> bool {
    !before.is_alphanumeric()
        || (c.is_uppercase() && before.is_lowercase())
        || (c.is_ascii_digit() && !before.is_ascii_digit())
}

fn ascii_in(needle: &[u8], hay: &[u8]) -> Option<bool> {
    // A letter is searched for in both cases at once; a separator has too many forms.
    let anchor = needle.iter().position(u8::is_ascii_alphanumeric)?;
    let letter = *needle.get(anchor)?;
    let mut inside = None;
    for at in memchr::memchr2_iter(letter, letter.to_ascii_uppercase(), hay) {
        let Some(from) = at.checked_sub(anchor) else {
            continue;
        };
        let Some(window) = hay.get(from..from + needle.len()) else {
            break;
        };
        if window.iter().zip(needle).all(|(h, n)| fold_ascii(*h) == *n) {
            let starts = from == 0 || !hay.get(from - 1).is_some_and(u8::is_ascii_alphanumeric);
            if starts {
                return Some(true);
            }
            inside = Some(false);
        }
    }
    inside
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn needle(text: &str) -> Needle {
        Needle::new(text, false).expect("some text")
    }

    #[test]
    fn texts_are_folded_character_by_character() {
        let mut text = Text::default();
        text.set("Café_Orders v2");
        assert_eq!(text.chars.iter().collect::<String>(), "cafe-orders-v2");
        let starts: Vec<usize> = (0..text.starts.len()).filter(|&i| text.starts[i]).collect();
        assert_eq!(starts, [0, 5, 12, 13]);
        text.set("paymentGateway");
        assert!(text.starts[7]);
    }

    #[test]
    fn long_texts_are_searched_in_any_case() {
        let text = "Takes card Payments and hands them to the Ledger_Service.";
        assert_eq!(needle("payments").stands_in(text), Some(true));
        assert_eq!(needle("edger").stands_in(text), Some(false));
        assert_eq!(needle("ledger-service").stands_in(text), Some(true));
        assert_eq!(needle("queue").stands_in(text), None);
        assert_eq!(needle("größe").stands_in("Die Grosse Größe"), Some(true));
        assert_eq!(needle("-").stands_in(text), None);
    }

    #[test]
    fn a_mask_never_hides_a_match() {
        for (hay, word, expected) in [
            ("payment-gateway", "gate", true),
            ("payment_gateway", "payment-gateway", true),
            ("café", "cafe", true),
            ("payment-gateway", "xz", false),
            ("", "a", false),
        ] {
            assert_eq!(
                needle(word).may_be_in(char_mask(hay)),
                expected,
                "{word} in {hay}"
            );
        }
    }
}
