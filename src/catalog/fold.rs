//! Text made comparable: lower case, without accents, all separators alike; and where its words start. The index keeps
//! what it folds, and what is searched for is folded the same way.

use nucleo::chars;

/// What separators are folded to.
pub const SEPARATOR: char = '-';

/// Gives the characters that `c` is compared as: mostly one; two for a ligature, none for an accent by itself and for what
/// is not seen, so that texts with and without are the same.
pub fn each_folded(c: char, mut give: impl FnMut(char)) {
    let pair = match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        _ if is_ignored(c) => "",
        _ => return give(fold(c)),
    };
    pair.chars().for_each(give);
}

/// `text` made comparable.
pub fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(|c| {
        let mut pair = [None; 2];
        let mut slots = pair.iter_mut();
        each_folded(c, |folded| {
            if let Some(slot) = slots.next() {
                *slot = Some(folded);
            }
        });
        pair.into_iter().flatten()
    })
}

/// One character that stands for one.
fn fold(c: char) -> char {
    match c {
        _ if c.is_ascii() => u8::try_from(c).map_or(c, |byte| char::from(fold_ascii(byte))),
        _ if c.is_whitespace() => SEPARATOR,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '·' | '・' => SEPARATOR,
        // The wide forms that East Asian keyboards write.
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).map_or(c, fold),
        'ø' | 'Ø' => 'o',
        'đ' | 'Đ' | 'ð' | 'Ð' => 'd',
        'ł' | 'Ł' => 'l',
        'ı' | 'İ' => 'i',
        _ => chars::to_lower_case(chars::normalize(c)),
    }
}

/// One ASCII character made comparable. What `C++` and `C#` are written with is no separator.
pub fn fold_ascii(byte: u8) -> u8 {
    match byte {
        b'-' | b'_' | b'.' | b'/' | b' ' | b'\t' | b'\n' | b':' | b',' | b';' | b'|' | b'@'
        | b'"' | b'(' | b')' | b'[' | b']' => b'-',
        _ => byte.to_ascii_lowercase(),
    }
}

/// Whether `c` is left out: an accent that stands by itself, or nothing to be seen.
pub fn is_ignored(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{feff}')
}

/// Whether `c` is a word of its own, as in Chinese and Japanese, which part words by nothing.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Whether a word starts at `c`: after a separator, at a capital within a word (of several the last: `HTTPServer`), at the
/// first digit of a number, at every ideograph.
pub fn starts_word(before: char, c: char, after: char) -> bool {
    fold(c) != SEPARATOR
        && (!before.is_alphanumeric()
            || (c.is_uppercase()
                && (before.is_lowercase() || (before.is_uppercase() && after.is_lowercase())))
            || (c.is_ascii_digit() && !before.is_ascii_digit())
            || is_ideograph(c)
            || is_ideograph(before))
}

/// The same for ASCII, which nearly all names are; what comes after is asked only where it matters.
pub fn starts_word_ascii(before: u8, c: u8, after: impl FnOnce() -> u8) -> bool {
    fold_ascii(c) != b'-'
        && (!before.is_ascii_alphanumeric()
            || (c.is_ascii_uppercase()
                && (before.is_ascii_lowercase()
                    || (before.is_ascii_uppercase() && after().is_ascii_lowercase())))
            || (c.is_ascii_digit() && !before.is_ascii_digit()))
}

/// The bits of a [`char_mask`] that stand for separators.
const SEPARATORS: u64 = 0b1111 << 36;

/// The characters of a text as bits, each folded: a text can hold a needle only if it has all bits of the needle's mask.
/// Separators are not in it: `user-service` may be written `userService`.
pub fn char_mask(text: &str) -> u64 {
    folded(text).fold(0, |mask, c| mask | bit(c)) & !SEPARATORS
}

/// The first characters of a text's words as bits: what a text of one or two letters must have to fit.
pub fn start_mask(text: &str) -> u64 {
    let mut before = ' ';
    let mut mask = 0;
    let mut chars = text.chars().filter(|c| !is_ignored(*c)).peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        if starts_word(before, c, after) {
            // Of a ligature the first letter is enough, and both do no harm.
            each_folded(c, |folded| mask |= bit(folded));
        }
        before = c;
    }
    mask & !SEPARATORS
}

/// How long a run may be to say where words start in it, in characters.
pub const LONGEST_RUN: usize = 64;

/// What stands between the separators of a text, folded.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Run {
    /// Its characters; never none.
    pub text: String,
    /// The characters at which words start, as bits; the first is always one of them. None in a run that is longer than
    /// [`LONGEST_RUN`].
    pub begins: u64,
}

/// The runs of a text, in their order.
pub fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Run::default();
    let mut length = 0;
    let mut before = ' ';
    let mut end = |run: &mut Run, length: &mut usize| {
        let mut run = std::mem::take(run);
        if std::mem::take(length) > LONGEST_RUN {
            run.begins = 0;
        }
        if !run.text.is_empty() {
            runs.push(run);
        }
    };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if is_ignored(c) {
            continue;
        }
        if fold(c) == SEPARATOR {
            end(&mut run, &mut length);
        } else {
            let after = chars.peek().copied().unwrap_or(' ');
            if length < LONGEST_RUN && starts_word(before, c, after) {
                run.begins |= 1 << length;
            }
            each_folded(c, |folded| {
                run.text.push(folded);
                length += 1;
            });
        }
        before = c;
    }
    end(&mut run, &mut length);
    runs
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
    text.split(|c: char| !c.is_alphanumeric() && !is_ignored(c))
        .map(|word| folded(word).collect::<String>())
        .filter(|word| !word.is_empty())
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
            ["takes", "card", "payments", "v2", "of", "支付", "grosse"]
        );
        assert_eq!(words("Cafe\u{301}s").collect::<Vec<_>>(), ["cafes"]);
    }

    #[test]
    fn runs_stand_between_separators() {
        let told = |text: &str| -> Vec<(String, u64)> {
            let runs = runs(text).into_iter();
            runs.map(|run| (run.text, run.begins)).collect()
        };
        let run = |text: &str, begins| (text.to_owned(), begins);
        assert_eq!(
            told("-user_serviceV2 (Straße)"),
            [
                run("user", 1),
                run("servicev2", 0b1_1000_0001),
                run("strasse", 1)
            ]
        );
        assert_eq!(told("Cafe\u{301}"), [run("cafe", 1)]);
        assert_eq!(told(&"x".repeat(65)), [run(&"x".repeat(65), 0)]);
        assert_eq!(told(" - "), []);
    }

    #[test]
    fn words_start_at_capitals_numbers_and_ideographs() {
        let starts = |text: &str| -> String {
            let chars: Vec<char> = text.chars().collect();
            let at = |at: usize| chars.get(at).copied().unwrap_or(' ');
            (0..chars.len())
                .filter(|&i| starts_word(if i == 0 { ' ' } else { at(i - 1) }, at(i), at(i + 1)))
                .map(at)
                .collect()
        };
        for (text, expected) in [
            ("user-service v2", "usv2"),
            ("userService", "uS"),
            ("HTTPServer", "HS"),
            ("Émile Zola", "ÉZ"),
            ("支付api", "支付a"),
        ] {
            assert_eq!(starts(text), expected, "{text}");
            let ascii = text.is_ascii();
            if ascii {
                let bytes = text.as_bytes();
                let at = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
                let same =
                    (0..bytes.len())
                        .filter(|&i| {
                            starts_word_ascii(if i == 0 { b' ' } else { at(i - 1) }, at(i), || {
                                at(i + 1)
                            })
                        })
                        .map(|i| char::from(at(i)))
                        .collect::<String>();
                assert_eq!(same, expected);
            }
        }
    }

    #[test]
    fn letters_are_compared_without_their_dress() {
        let of = |text: &str| folded(text).collect::<String>();
        assert_eq!(of("Straße_ＡＰＩ e\u{301}"), "strasse-api-e");
        assert_eq!(of("Łódź Ærø"), "lodz-aero");
        assert_eq!(of("\u{200b}\u{301}"), "");
    }
}
