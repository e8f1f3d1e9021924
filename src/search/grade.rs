//! How well a word fits a short text: a name or a title.

use nucleo::{Config, Matcher};

use super::fold::{Needle, Text};
use crate::catalog::fold::SEPARATOR;

/// How a needle fits, from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// Its characters are all there in their order, this well.
    Fuzzy(u16),
    /// Somewhere inside a word.
    Substring,
    /// The first letters of the text's words: `pg` for `payment-gateway`.
    Initials,
    /// At the start of a word.
    WordStart,
    /// At the start.
    Prefix,
    /// The whole text.
    Exact,
}

impl Grade {
    /// The worth of the grade, from 200 to 1000.
    pub(super) fn points(self) -> u32 {
        match self {
            Self::Exact => 1000,
            Self::Prefix => 850,
            Self::WordStart => 700,
            Self::Initials => 600,
            Self::Substring => 500,
            Self::Fuzzy(quality) => 200 + u32::from(quality.min(200)),
        }
    }
}

/// Grades needles; holds the fuzzy matcher's memory.
pub(super) struct Grader {
    matcher: Matcher,
}

impl Grader {
    pub(super) fn new() -> Self {
        Self {
            matcher: Matcher::new(Config::DEFAULT),
        }
    }

    /// How `needle` fits `text`; `None` if it does not.
    pub(super) fn grade(&mut self, needle: &Needle, text: &Text) -> Option<Grade> {
        if let Some((grade, _)) = place(needle, text) {
            return Some(grade);
        }
        if needle.literal || needle.chars.len() > text.len() {
            return None;
        }
        if initials(needle, text).is_some() {
            return Some(Grade::Initials);
        }
        if needle.is_short() {
            return None;
        }
        if text.position(needle).is_some() {
            return Some(Grade::Substring);
        }
        let score = self.matcher.fuzzy_match(text.utf32(), needle.utf32())?;
        fuzzy_grade(score, needle)
    }

    /// Adds the positions of the characters of `text` that make `needle` fit.
    pub(super) fn positions(&mut self, needle: &Needle, text: &Text, into: &mut Vec<u32>) {
        let run = |at: usize| (at..at + needle.chars.len()).filter_map(|at| u32::try_from(at).ok());
        match self.grade(needle, text) {
            None => {}
            Some(Grade::Initials) => into.extend(initials(needle, text).into_iter().flatten()),
            Some(Grade::Fuzzy(_)) => {
                self.matcher
                    .fuzzy_indices(text.utf32(), needle.utf32(), into);
            }
            Some(_) => {
                let at = place(needle, text)
                    .map(|(_, at)| at)
                    .or_else(|| text.position(needle));
                into.extend(at.into_iter().flat_map(run));
            }
        }
    }
}

/// The fuzzy grade of nucleo's `score`, if the characters are not too far apart to mean anything.
fn fuzzy_grade(score: u16, needle: &Needle) -> Option<Grade> {
    let letters = u16::try_from(needle.chars.len()).unwrap_or(u16::MAX);
    // 16 is a character's worth before bonuses for word starts and neighbours, and penalties for gaps.
    let worst = letters.saturating_mul(14);
    (score >= worst).then(|| Grade::Fuzzy((score - worst).saturating_mul(10) / letters.max(1)))
}

/// The best place of `needle` as it is: whole, prefix, start of a word; inside of one for a phrase alone.
fn place(needle: &Needle, text: &Text) -> Option<(Grade, usize)> {
    let length = needle.chars.len();
    let places = (text.len() + 1).checked_sub(length)?;
    let mut inside = None;
    for (at, starts) in text
        .starts
        .iter()
        .copied()
        .chain([false])
        .take(places)
        .enumerate()
    {
        if !(starts || needle.literal || at == 0) || !text.has_all(at, needle) {
            continue;
        }
        match at {
            0 if length == text.len() => return Some((Grade::Exact, 0)),
            0 => return Some((Grade::Prefix, 0)),
            _ if starts => return Some((Grade::WordStart, at)),
            _ => inside = inside.or(Some((Grade::Substring, at))),
        }
    }
    inside
}

/// The positions of the words whose first letters `needle` is, from the first word on. One letter is no initials.
fn initials(needle: &Needle, text: &Text) -> Option<Vec<u32>> {
    if needle.chars.len() < 2 || needle.chars.contains(&SEPARATOR) {
        return None;
    }
    let words = || {
        (0_u32..)
            .zip(&text.starts)
            .filter_map(|(at, starts)| starts.then_some(at))
    };
    let mut wanted = needle.chars.iter();
    let fits = words()
        .zip(&mut wanted)
        .all(|(at, letter)| text.has(at as usize, *letter));
    // Only now is anything allocated: most rows fail at the first letter.
    let positions: Vec<u32> = if fits {
        words().take(needle.chars.len()).collect()
    } else {
        return None;
    };
    (positions.len() == needle.chars.len()).then_some(positions)
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn graded(needle: &str, name: &str) -> Option<Grade> {
        let mut text = Text::default();
        text.set(name);
        Grader::new().grade(&Needle::new(needle, false)?, &text)
    }

    fn shown(needle: &str, name: &str) -> String {
        let mut text = Text::default();
        text.set(name);
        let mut positions = Vec::new();
        let needle = Needle::new(needle, false).expect("some text");
        Grader::new().positions(&needle, &text, &mut positions);
        name.chars()
            .zip(0..)
            .map(|(c, at)| if positions.contains(&at) { c } else { '.' })
            .collect()
    }

    #[test]
    fn each_way_of_fitting_has_its_grade() {
        for (needle, name, grade) in [
            ("payment gateway", "Payment-Gateway", Some(Grade::Exact)),
            ("pay", "payment-gateway", Some(Grade::Prefix)),
            ("gate", "payment-gateway", Some(Grade::WordStart)),
            ("gate", "paymentGateway", Some(Grade::WordStart)),
            ("pg", "payment-gateway", Some(Grade::Initials)),
            ("teway", "payment-gateway", Some(Grade::Substring)),
            ("te", "payment-gateway", None),
            ("g", "payment-gateway", Some(Grade::WordStart)),
            ("xyz", "payment-gateway", None),
            ("cafe", "Café", Some(Grade::Exact)),
            ("longer", "long", None),
        ] {
            assert_eq!(graded(needle, name), grade, "{needle} in {name}");
        }
        assert!(matches!(
            graded("paygw", "payment-gateway"),
            Some(Grade::Fuzzy(_))
        ));
        assert_eq!(graded("eta", "payment-gateway-rail"), None, "too far apart");
    }

    #[test]
    fn matched_characters_are_pointed_out() {
        for (needle, name, expected) in [
            ("pay", "payment-gateway", "pay............"),
            ("gate", "payment-gateway", "........gate..."),
            ("pg", "payment-gateway", "p.......g......"),
            ("teway", "payment-gateway", "..........teway"),
            ("paygw", "payment-gateway", "pay.....g...w.."),
            ("zzz", "payment-gateway", "..............."),
        ] {
            assert_eq!(shown(needle, name), expected, "{needle} in {name}");
        }
    }
}
