//! Signs for what is typed: pymdownx' `smartsymbols`.

use crate::techdocs::markdown::dom::Tree;
use crate::techdocs::markdown::inline::is_word;
use crate::techdocs::markdown::stash::Stash;

/// What is typed, and the sign for it.
const SIGNS: &[(&str, &str)] = &[
    ("(tm)", "™"),
    ("(c)", "©"),
    ("(r)", "®"),
    ("+/-", "±"),
    ("<-->", "↔"),
    ("-->", "→"),
    ("<--", "←"),
    ("=/=", "≠"),
    ("1/4", "¼"),
    ("1/2", "½"),
    ("3/4", "¾"),
    ("1/3", "⅓"),
    ("2/3", "⅔"),
    ("1/5", "⅕"),
    ("2/5", "⅖"),
    ("3/5", "⅗"),
    ("4/5", "⅘"),
    ("1/6", "⅙"),
    ("5/6", "⅚"),
    ("1/8", "⅛"),
    ("3/8", "⅜"),
    ("5/8", "⅝"),
    ("7/8", "⅞"),
    ("c/o", "℅"),
];

/// Puts signs into all text that is not code.
pub(in crate::techdocs::markdown) fn symbols(tree: &mut Tree, stash: &mut Stash) {
    for id in tree.all() {
        let element = tree.edit(id);
        for text in [&mut element.text, &mut element.tail] {
            if !text.atomic
                && !text.is_empty()
                && let Some(words) = signed(&text.words, stash)
            {
                text.words = words;
            }
        }
    }
}

/// `text` with signs; `None` where there are none.
fn signed(text: &str, stash: &mut Stash) -> Option<String> {
    let bytes = text.as_bytes();
    let is_start = |byte: &u8| {
        byte.is_ascii_digit() || matches!(byte, b'(' | b'+' | b'<' | b'-' | b'=' | b'c')
    };
    let mut out = String::new();
    let (mut from, mut at) = (0, 0);
    while let Some(next) = bytes.get(at..)?.iter().position(is_start) {
        at += next;
        // What follows a sign has no letter before it.
        let before = if at == from && at > 0 {
            None
        } else {
            text.get(..at)?.chars().next_back()
        };
        let rest = text.get(at..)?;
        let found = sign(rest, before).map(|(typed, sign)| (typed, sign.to_owned()));
        let found = found.or_else(|| {
            let (length, number, suffix) = ordinal(rest, before)?;
            let raised = stash.html(format!("<sup>{suffix}</sup>"));
            Some((length, format!("{number}{raised}")))
        });
        match found {
            Some((length, sign)) => {
                out.push_str(text.get(from..at)?);
                out.push_str(&sign);
                at += length;
                from = at;
            }
            None if bytes.get(at).is_some_and(u8::is_ascii_digit) => {
                // Only a whole number is an ordinal's.
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                let last = rest.get(digits..).is_some_and(|tail| tail.starts_with('/'));
                at += if last && digits > 1 {
                    digits - 1
                } else {
                    digits
                };
            }
            None => at += 1,
        }
    }
    if from == 0 {
        return None;
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

/// How long what is typed at the start of `rest` is, and the sign for it.
fn sign(rest: &str, before: Option<char>) -> Option<(usize, &'static str)> {
    SIGNS.iter().find_map(|(typed, sign)| {
        let behind = rest.strip_prefix(typed)?.chars().next();
        let is = |c: Option<char>, is: fn(char) -> bool| c.is_some_and(is);
        let fits = match *typed {
            "-->" => before != Some('-'),
            "<--" => behind != Some('-'),
            "c/o" => !is(before, is_word) && !is(behind, is_word),
            typed if typed.starts_with(|c: char| c.is_ascii_digit()) => {
                !is(before, char::is_numeric) && !is(behind, char::is_numeric)
            }
            _ => true,
        };
        fits.then_some((typed.len(), *sign))
    })
}

/// The length of `1st`, `22nd`, `11th` at the start of `rest`, its number and its ending.
fn ordinal(rest: &str, before: Option<char>) -> Option<(usize, &str, &str)> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, tail) = rest.split_at_checked(digits)?;
    let suffix = tail.get(..2)?;
    let behind = tail.get(2..)?.chars().next();
    if before.is_some_and(is_word) || behind.is_some_and(is_word) {
        return None;
    }
    let teen = number.len() > 1 && number.get(number.len() - 2..)?.starts_with('1');
    let fits = match (number.chars().next_back()?, suffix) {
        ('1' | '2' | '3', "th") => teen,
        ('1', "st") | ('2', "nd") | ('3', "rd") | ('0' | '4'..='9', "th") => true,
        _ => false,
    };
    (fits && (number.len() == 1 || !number.starts_with('0'))).then_some((
        digits + 2,
        number,
        suffix,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_a_sign() {
        let mut stash = Stash::default();
        let mut of = |text: &str| signed(text, &mut stash).unwrap_or_else(|| text.to_owned());
        assert_eq!(of("(c) a --> b <-- c <--> d"), "© a → b ← c ↔ d");
        assert_eq!(of("1/2 11/2 c/o x 1/25 ---> +/-"), "½ 11/2 ℅ x 1/25 ---> ±");
        assert_eq!(of("1st"), "1\u{2}h0\u{3}");
        assert_eq!(
            of("11th 1th 12nd 3d"),
            "11\u{2}h1\u{3} 1th 12\u{2}h2\u{3} 3d"
        );
    }
}
