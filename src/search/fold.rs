//! What is searched in and what is searched for, folded ([`crate::catalog::fold`]), with the starts of its words.

use nucleo::Utf32Str;

use super::scan;
use crate::catalog::fold::{char_mask, fold, fold_ascii, starts_word, starts_word_ascii};

/// One text to search in, folded character by character, so that positions stay those of the text as shown. Reused from
/// row to row: nothing is allocated once it has grown.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// The folded characters: in `bytes` where all are ASCII, as nearly always, else in `chars`.
    is_ascii: bool,
    bytes: Vec<u8>,
    chars: Vec<char>,
    /// Whether a word starts at each of them.
    pub(super) starts: Vec<bool>,
}

impl Text {
    /// Takes in `text`.
    pub(super) fn set(&mut self, text: &str) {
        self.is_ascii = text.is_ascii();
        self.bytes.clear();
        self.chars.clear();
        self.starts.clear();
        if self.is_ascii {
            self.bytes.extend(text.bytes().map(fold_ascii));
            let mut before = b' ';
            self.starts.extend(text.bytes().map(|byte| {
                let starts = starts_word_ascii(before, byte);
                before = byte;
                starts
            }));
            return;
        }
        let mut before = ' ';
        for c in text.chars() {
            self.starts.push(starts_word(before, c));
            self.chars.push(fold(c));
            before = c;
        }
    }

    /// How many characters it has.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether `letter` stands at `at`.
    pub(super) fn has(&self, at: usize, letter: char) -> bool {
        if self.is_ascii {
            self.bytes
                .get(at)
                .is_some_and(|byte| char::from(*byte) == letter)
        } else {
            self.chars.get(at) == Some(&letter)
        }
    }

    /// Whether `needle` stands at `at`.
    pub(super) fn has_all(&self, at: usize, needle: &Needle) -> bool {
        if !self.is_ascii {
            return self
                .chars
                .get(at..)
                .is_some_and(|rest| rest.starts_with(&needle.chars));
        }
        match (&needle.ascii, self.bytes.get(at..)) {
            (Some(needle), Some(rest)) => rest.starts_with(needle),
            _ => false,
        }
    }

    /// The first place at which `needle` stands.
    pub(super) fn position(&self, needle: &Needle) -> Option<usize> {
        let places = (self.len() + 1).checked_sub(needle.chars.len())?;
        (0..places).find(|at| self.has_all(*at, needle))
    }

    /// The text as the fuzzy matcher reads it.
    pub(super) fn utf32(&self) -> Utf32Str<'_> {
        if self.is_ascii {
            Utf32Str::Ascii(&self.bytes)
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
    pub(super) ascii: Option<Vec<u8>>,
    /// The characters that a text must have to hold it.
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
            mask: char_mask(text),
            ascii,
            chars,
            literal,
        })
    }

    /// Several needles as one, parted by a separator: "payment gateway" as the start of `payment-gateway-api`.
    pub(super) fn joined(needles: &[&Self]) -> Option<Self> {
        let texts: Vec<String> = needles
            .iter()
            .map(|needle| needle.chars.iter().collect())
            .collect();
        Self::new(&texts.join("-"), true)
    }

    /// Whether a text with this [`char_mask`] can hold it; says no for most rows at the price of one comparison.
    pub(super) fn may_be_in(&self, mask: u64) -> bool {
        mask & self.mask == self.mask
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
                let begins = |at: usize| {
                    at.checked_sub(1)
                        .and_then(|before| folded.get(before))
                        .is_none_or(|c| !c.is_alphanumeric())
                };
                let windows = folded.windows(self.chars.len()).enumerate();
                windows
                    .filter(|(_, window)| *window == self.chars)
                    .map(|(at, _)| begins(at))
                    .max()
            }
        }
    }
}

fn ascii_in(needle: &[u8], hay: &[u8]) -> Option<bool> {
    let mut inside = None;
    for at in scan::places(needle, hay) {
        if starts_at(hay, at) {
            return Some(true);
        }
        inside = Some(false);
    }
    inside
}

/// Whether what stands at `at` in `hay` begins a word.
fn starts_at(hay: &[u8], at: usize) -> bool {
    at == 0 || !hay.get(at - 1).is_some_and(u8::is_ascii_alphanumeric)
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
        assert_eq!(text.position(&needle("cafe-orders-v2")), Some(0));
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
            ("userService", "user-service", true),
            ("支付-api", "支付", true),
            ("Ⅷ", "größe", false),
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
