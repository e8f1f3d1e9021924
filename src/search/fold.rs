//! What is searched in and what is searched for, folded ([`crate::catalog::fold`]), with the starts of its words.

use memchr::memmem::Finder;
use nucleo::Utf32Str;

use super::scan;
use crate::catalog::fold::{
    SEPARATOR, char_mask, each_folded, fold_ascii, folded, is_ignored, starts_word,
    starts_word_ascii,
};

/// One text to search in, folded character by character. Reused from row to row: nothing is allocated once it has grown.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// The folded characters: in `bytes` where all are ASCII, as nearly always, else in `chars`.
    is_ascii: bool,
    bytes: Vec<u8>,
    chars: Vec<char>,
    /// Of each of `chars` which character of the text as shown it comes from.
    shown: Vec<u32>,
    /// Where words start, ascending.
    pub(super) begins: Vec<u32>,
    /// Whether there is a separator in it.
    pub(super) is_parted: bool,
}

impl Text {
    /// Takes in `text`.
    pub(super) fn set(&mut self, text: &str) {
        self.is_ascii = text.is_ascii();
        self.bytes.clear();
        self.chars.clear();
        self.shown.clear();
        self.begins.clear();
        if self.is_ascii {
            self.bytes.extend(text.bytes().map(fold_ascii));
            self.is_parted = self.bytes.contains(&b'-');
            let raw = text.as_bytes();
            let mut before = b' ';
            for (byte, at) in raw.iter().zip(0_u32..) {
                let after = || raw.get(at as usize + 1).copied().unwrap_or(b' ');
                if starts_word_ascii(before, *byte, after) {
                    self.begins.push(at);
                }
                before = *byte;
            }
            return;
        }
        let mut before = ' ';
        let mut raw = text.chars().zip(0_u32..).peekable();
        while let Some((c, at)) = raw.next() {
            if is_ignored(c) {
                continue;
            }
            let after = raw.peek().map_or(' ', |(c, _)| *c);
            if let Ok(begin) = u32::try_from(self.chars.len())
                && starts_word(before, c, after)
            {
                self.begins.push(begin);
            }
            each_folded(c, |folded| {
                self.chars.push(folded);
                self.shown.push(at);
            });
            before = c;
        }
        self.is_parted = self.chars.contains(&SEPARATOR);
    }

    /// Takes in a folded run with the characters at which words start in it, as bits.
    pub(super) fn set_run(&mut self, run: &str, begins: u64) {
        self.is_ascii = run.is_ascii();
        self.is_parted = false;
        self.bytes.clear();
        self.chars.clear();
        self.shown.clear();
        self.begins.clear();
        if self.is_ascii {
            self.bytes.extend_from_slice(run.as_bytes());
        } else {
            self.chars.extend(run.chars());
        }
        let bits = (0..u64::BITS).filter(|at| begins >> at & 1 == 1);
        self.begins.extend(bits);
    }

    /// How many characters it has, folded.
    pub(super) fn len(&self) -> usize {
        if self.is_ascii {
            self.bytes.len()
        } else {
            self.chars.len()
        }
    }

    /// The character at `at`.
    pub(super) fn get(&self, at: usize) -> Option<char> {
        if self.is_ascii {
            self.bytes.get(at).copied().map(char::from)
        } else {
            self.chars.get(at).copied()
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

    /// Where `needle` ends if it stands at `at` but for the separators in either of them.
    pub(super) fn has_tight(&self, at: usize, needle: &Needle) -> Option<usize> {
        let mut end = at;
        for &wanted in &needle.tight {
            while self.get(end) == Some(SEPARATOR) {
                end += 1;
            }
            if self.get(end)? != wanted {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// The first place at which `needle` stands.
    pub(super) fn position(&self, needle: &Needle) -> Option<usize> {
        if self.is_ascii {
            return needle.finder.as_ref()?.find(&self.bytes);
        }
        let windows = self.chars.windows(needle.chars.len());
        windows
            .zip(0..)
            .find_map(|(window, at)| (window == needle.chars).then_some(at))
    }

    /// Whether a word ends before `at`.
    pub(super) fn is_edge(&self, at: usize) -> bool {
        match self.get(at) {
            None | Some(SEPARATOR) => true,
            Some(_) => u32::try_from(at).is_ok_and(|at| self.begins.contains(&at)),
        }
    }

    /// Whether nothing but separators stands from `at` on.
    pub(super) fn is_end(&self, at: usize) -> bool {
        (at..self.len()).all(|at| self.get(at) == Some(SEPARATOR))
    }

    /// The place in the text as shown of the character at `at`.
    pub(super) fn shown(&self, at: u32) -> u32 {
        if self.is_ascii {
            at
        } else {
            self.shown.get(at as usize).copied().unwrap_or(at)
        }
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
    /// Those that are no separators.
    pub(super) tight: Vec<char>,
    /// Both in bytes, where all of them are ASCII.
    pub(super) ascii: Option<Vec<u8>>,
    tight_ascii: Option<Vec<u8>>,
    finder: Option<Finder<'static>>,
    /// The characters that a text must have to hold it.
    pub(super) mask: u64,
    is_short: bool,
    /// Whether it must appear as it is: a phrase.
    pub(super) literal: bool,
}

impl Needle {
    /// `text` as a needle; `None` if nothing is left of it.
    pub(super) fn new(text: &str, literal: bool) -> Option<Self> {
        let chars: Vec<char> = folded(text).collect();
        if chars.is_empty() {
            return None;
        }
        let tight: Vec<char> = chars.iter().copied().filter(|c| *c != SEPARATOR).collect();
        let bytes = |chars: &[char]| -> Option<Vec<u8>> {
            let bytes = chars.iter().map(|c| u8::try_from(*c).ok());
            bytes.map(|byte| byte.filter(u8::is_ascii)).collect()
        };
        let ascii = bytes(&chars);
        // Digits and characters beyond ASCII say more than letters.
        let says_more = |c: &char| !c.is_ascii_alphabetic() && *c != SEPARATOR;
        let enough = if chars.iter().all(says_more) { 2 } else { 3 };
        Some(Self {
            mask: char_mask(text),
            is_short: chars.len() < enough,
            finder: ascii
                .as_deref()
                .map(|bytes| Finder::new(bytes).into_owned()),
            tight_ascii: bytes(&tight),
            ascii,
            tight,
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

    /// The same as [`Needle::may_be_in`] where up to `slips` letters may be others.
    pub(super) fn may_nearly_be_in(&self, mask: u64, slips: u32) -> bool {
        mask != 0 && (self.mask & !mask).count_ones() <= slips
    }

    /// Whether it is too short to be matched loosely.
    pub(super) fn is_short(&self) -> bool {
        self.is_short
    }

    /// Whether it may be meant loosely: its letters in their order, with others between.
    pub(super) fn may_be_loose(&self) -> bool {
        !self.literal && !self.is_short && !self.tight.is_empty()
    }

    /// Whether its characters, but for separators, stand in `text` in their order.
    pub(super) fn has_letters_in(&self, text: &[u8]) -> bool {
        if !text.is_ascii() {
            let mut wanted = self.tight.iter().peekable();
            for c in folded(str::from_utf8(text).unwrap_or_default()) {
                wanted.next_if_eq(&&c);
            }
            return wanted.next().is_none();
        }
        let Some(letters) = &self.tight_ascii else {
            return false;
        };
        let mut wanted = letters.iter();
        let mut next = wanted.next();
        for byte in text {
            let Some(letter) = next else { return true };
            // No separator is wanted, so that none needs to be told from another.
            if byte.to_ascii_lowercase() == *letter {
                next = wanted.next();
            }
        }
        next.is_none()
    }

    /// The needle as the fuzzy matcher reads it: without separators, which are where they are.
    pub(super) fn utf32(&self) -> Utf32Str<'_> {
        match &self.tight_ascii {
            Some(bytes) => Utf32Str::Ascii(bytes),
            None => Utf32Str::Unicode(&self.tight),
        }
    }

    /// Whether it stands in `text`, which is long and read once: `Some(true)` at the start of a word.
    pub(super) fn stands_in(&self, text: &str) -> Option<bool> {
        match &self.ascii {
            Some(bytes) if text.is_ascii() => ascii_in(bytes, text.as_bytes()),
            _ => {
                let folded: Vec<char> = folded(text).collect();
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
pub(super) fn starts_at(hay: &[u8], at: usize) -> bool {
    at == 0 || !hay.get(at - 1).is_some_and(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn needle(text: &str) -> Needle {
        Needle::new(text, false).expect("some text")
    }

    fn begins(shown: &str) -> Vec<u32> {
        let mut text = Text::default();
        text.set(shown);
        text.begins
    }

    #[test]
    fn texts_are_folded_character_by_character() {
        let mut text = Text::default();
        text.set("Café_Orders v2");
        assert_eq!(text.position(&needle("cafe-orders-v2")), Some(0));
        assert_eq!(begins("Café_Orders v2"), [0, 5, 12, 13]);
        assert_eq!(begins("paymentGateway"), [0, 7]);
        assert_eq!(begins("HTTPServer"), [0, 4]);
        assert_eq!(begins("在线 pay"), [0, 1, 3]);
    }

    #[test]
    fn places_are_those_of_the_text_as_shown() {
        let mut text = Text::default();
        // An accent of its own, and a ligature.
        text.set("Cafe\u{301} Straße");
        let at = text.position(&needle("strasse")).expect("it is there");
        let shown: Vec<u32> = (at..at + 7)
            .map(|at| text.shown(u32::try_from(at).unwrap_or(0)))
            .collect();
        assert_eq!(shown, [6, 7, 8, 9, 10, 10, 11]);
        assert_eq!(text.position(&needle("café")), Some(0));
    }

    #[test]
    fn separators_stand_anywhere_or_nowhere() {
        for (word, name, end) in [
            ("userservice", "user-service", Some(12)),
            ("user-service", "userService-x", Some(11)),
            ("user_service", "user.service", Some(12)),
            ("userserv", "user-service", Some(9)),
            ("users", "user-admin", None),
        ] {
            let mut text = Text::default();
            text.set(name);
            assert_eq!(text.has_tight(0, &needle(word)), end, "{word} in {name}");
        }
    }

    #[test]
    fn long_texts_are_searched_in_any_case() {
        let text = "Takes card Payments and hands them to the Ledger_Service.";
        assert_eq!(needle("payments").stands_in(text), Some(true));
        assert_eq!(needle("edger").stands_in(text), Some(false));
        assert_eq!(needle("ledger-service").stands_in(text), Some(true));
        assert_eq!(needle("queue").stands_in(text), None);
        assert_eq!(needle("größe").stands_in("Die Grosse Größe"), Some(true));
        assert_eq!(needle("支付").stands_in("在线支付网关"), Some(false));
        assert_eq!(needle("ＡＰＩ").stands_in("an api"), Some(true));
        assert_eq!(needle("-").stands_in(text), None);
        assert!(Needle::new("\u{301}\u{200b}", false).is_none());
    }

    #[test]
    fn a_mask_never_hides_a_match() {
        for (hay, word, expected) in [
            ("payment-gateway", "gate", true),
            ("payment_gateway", "payment-gateway", true),
            ("café", "cafe", true),
            ("straße", "strasse", true),
            ("userService", "user-service", true),
            ("支付-api", "支付", true),
            ("Ⅷ", "größe", false),
            ("payment-gateway", "xz", false),
            ("payment-gateway", "支付", false),
            ("", "a", false),
        ] {
            assert_eq!(
                needle(word).may_be_in(char_mask(hay)),
                expected,
                "{word} in {hay}"
            );
        }
        assert!(needle("pqyment").may_nearly_be_in(char_mask("payment"), 1));
        assert!(!needle("pqyzent").may_nearly_be_in(char_mask("payment"), 1));
    }
}
