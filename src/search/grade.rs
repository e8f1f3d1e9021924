//! How well a word fits a short text: a name or a title.

use nucleo::{Config, Matcher};

use super::fold::{Needle, Text};
use super::slips::Slips;
use crate::catalog::fold::SEPARATOR;

/// How a needle fits, from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// Its characters are all there in their order, this well.
    Fuzzy(u16),
    /// It is there but for slips of the keyboard.
    Near(Slipped),
    /// Somewhere inside a word.
    Substring,
    /// The first letters of the text's first words: `pg` for `payment-gateway-api`.
    Initials,
    /// At the start of a word, written together or apart otherwise.
    LooseWordStart(Whole),
    /// At the start of a word.
    WordStart,
    /// The first letters of all of the text's words: `pg` for `payment-gateway`.
    AllInitials,
    /// A word.
    Word,
    /// At the start, written together or apart otherwise.
    LoosePrefix(Whole),
    /// At the start.
    Prefix(Whole),
    /// The whole text, written together or apart otherwise: `userService` for `user-service`.
    Loose,
    /// The whole text.
    Exact,
}

/// Whether whole words are meant, or all of them.
type Whole = bool;

/// How a needle with slips fits; the fewer slips, and the more of the text, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slipped {
    /// How many slips less than three.
    less: u32,
    /// Whether it is all of the text.
    is_all: bool,
    /// Whether a whole word is meant.
    is_word: bool,
}

impl Slipped {
    /// What has so many slips.
    pub(super) const fn new(slips: u32, is_word: bool, is_all: bool) -> Self {
        Self {
            less: 3_u32.saturating_sub(slips),
            is_all,
            is_word,
        }
    }
}

impl Grade {
    /// The worth of the grade, in points.
    pub(super) fn points(self) -> u32 {
        let whole = |whole: Whole| if whole { 30 } else { 0 };
        match self {
            Self::Exact => 2400,
            Self::Loose => 1900,
            Self::Prefix(word) => 1000 + whole(word),
            Self::LoosePrefix(word) => 940 + whole(word),
            Self::Word => 880,
            Self::AllInitials => 860,
            Self::WordStart => 850,
            Self::LooseWordStart(word) => 800 + whole(word),
            Self::Initials => 700,
            Self::Substring => 550,
            Self::Near(slipped) => {
                330 + 70 * slipped.less
                    + if slipped.is_all { 50 } else { 0 }
                    + whole(slipped.is_word)
            }
            Self::Fuzzy(quality) => 200 + u32::from(quality.min(200)),
        }
    }

    /// Whether the text has the needle as it was typed: not only its letters, with others between or for them.
    pub(super) fn is_sure(self) -> bool {
        self >= Self::Substring
    }

    /// The grade in words, after "the name".
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Exact => "is exactly",
            Self::Loose => "is, written otherwise,",
            Self::Prefix(true) => "begins with the word",
            Self::Prefix(false) => "begins with",
            Self::LoosePrefix(_) => "begins, written otherwise, with",
            Self::Word => "has the word",
            Self::WordStart => "has a word that begins with",
            Self::LooseWordStart(_) => "has, written otherwise,",
            Self::Initials | Self::AllInitials => "has the initials",
            Self::Substring => "has inside of a word",
            Self::Near(_) => "has, but for a slip,",
            Self::Fuzzy(_) => "has the letters of",
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

    /// How `needle` fits `text`, slips not forgiven; `None` if it does not.
    pub(super) fn grade(&mut self, needle: &Needle, text: &Text) -> Option<Grade> {
        let typed = typed(needle, text);
        if typed.is_some() || !needle.may_be_loose() || needle.tight.len() > text.len() {
            return typed;
        }
        let score = self.matcher.fuzzy_match(text.utf32(), needle.utf32())?;
        fuzzy_grade(score, needle)
    }

    /// Adds the places, in the text as shown, of the characters of `text` that make `needle` fit.
    pub(super) fn positions(
        &mut self,
        needle: &Needle,
        slips: Option<&Slips>,
        text: &Text,
        into: &mut Vec<u32>,
    ) {
        let mut found = Vec::new();
        let mut run = |from: usize, to: usize| {
            let places = (from..to).filter(|at| text.get(*at) != Some(SEPARATOR) || needle.literal);
            found.extend(places.filter_map(|at| u32::try_from(at).ok()));
        };
        match (self.grade(needle, text), place(needle, text)) {
            (Some(Grade::Initials | Grade::AllInitials), _) => {
                found.extend(text.begins.iter().take(needle.tight.len()));
            }
            (_, Some(place)) => run(place.from, place.to),
            (Some(Grade::Substring), None) => {
                let at = text.position(needle).unwrap_or_default();
                run(at, at + needle.chars.len());
            }
            (Some(_), None) => {
                self.matcher
                    .fuzzy_indices(text.utf32(), needle.utf32(), &mut found);
            }
            (None, None) => {
                if let Some(near) = slips.and_then(|slips| slips.find(text)) {
                    run(near.from, near.to);
                }
            }
        }
        into.extend(found.into_iter().map(|at| text.shown(at)));
    }
}

/// How `needle` fits `text` as it was typed, or as initials.
pub(super) fn typed(needle: &Needle, text: &Text) -> Option<Grade> {
    let place = place(needle, text).map(|place| place.grade);
    if place >= Some(Grade::AllInitials) || needle.literal || needle.tight.len() > text.len() {
        return place;
    }
    if let Some(found) = place.max(initials(needle, text)) {
        return Some(found);
    }
    let is_inside = needle.may_be_loose() && text.position(needle).is_some();
    is_inside.then_some(Grade::Substring)
}

/// How a needle that has slips fits.
pub(super) fn near(slips: &Slips, text: &Text) -> Option<Grade> {
    let near = slips.find(text)?;
    Some(Grade::Near(Slipped::new(
        near.slips,
        near.is_word,
        near.is_all(text),
    )))
}

/// The fuzzy grade of nucleo's `score`, if the characters are not too far apart to mean anything.
fn fuzzy_grade(score: u16, needle: &Needle) -> Option<Grade> {
    let letters = u16::try_from(needle.tight.len()).unwrap_or(u16::MAX);
    // 16 is a character's worth before bonuses for word starts and neighbours, and penalties for gaps.
    let worst = letters.saturating_mul(14);
    (score >= worst).then(|| Grade::Fuzzy((score - worst).saturating_mul(10) / letters.max(1)))
}

/// Where a needle stands as it is, and how.
struct Place {
    grade: Grade,
    from: usize,
    to: usize,
}

/// The best place of `needle` as it is, or but for separators: whole, prefix, start of a word; inside of one for a phrase
/// alone.
fn place(needle: &Needle, text: &Text) -> Option<Place> {
    let length = needle.chars.len();
    let first = *text.begins.first()? as usize;
    let loosely = text.is_parted || needle.tight.len() < length;
    // Behind a separator something is to follow.
    let goes_on = needle.chars.last() == Some(&SEPARATOR);
    let mut best: Option<Place> = None;
    for &from in &text.begins {
        let from = from as usize;
        let is_first = from == first;
        let (grade, to) = if text.has_all(from, needle) {
            let to = from + length;
            let grade = match (is_first, text.is_edge(to)) {
                (true, _) if text.is_end(to) => Grade::Exact,
                (true, word) => Grade::Prefix(word),
                (false, true) => Grade::Word,
                (false, false) => Grade::WordStart,
            };
            (grade, to)
        } else if loosely
            && !needle.tight.is_empty()
            && let Some(to) = text.has_tight(from, needle)
        {
            let grade = match (is_first, text.is_edge(to)) {
                (true, _) if text.is_end(to) && !goes_on => Grade::Loose,
                (true, word) => Grade::LoosePrefix(word),
                (false, word) => Grade::LooseWordStart(word),
            };
            (grade, to)
        } else {
            continue;
        };
        if best.as_ref().is_none_or(|best| best.grade < grade) {
            best = Some(Place { grade, from, to });
        }
        if is_first {
            break;
        }
    }
    if best.is_none() && needle.literal {
        let from = text.position(needle)?;
        best = Some(Place {
            grade: Grade::Substring,
            from,
            to: from + length,
        });
    }
    best
}

/// Whether `needle` is the first letters of the text's words, from the first word on. One letter is no initials.
fn initials(needle: &Needle, text: &Text) -> Option<Grade> {
    let letters = &needle.tight;
    if letters.len() < 2 || letters.len() > text.begins.len() || letters.len() < needle.chars.len()
    {
        return None;
    }
    let fits = text
        .begins
        .iter()
        .zip(letters)
        .all(|(at, letter)| text.get(*at as usize) == Some(*letter));
    fits.then_some({
        if letters.len() == text.begins.len() {
            Grade::AllInitials
        } else {
            Grade::Initials
        }
    })
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn graded(word: &str, name: &str) -> Option<Grade> {
        let mut text = Text::default();
        text.set(name);
        let needle = Needle::new(word, false)?;
        let slips = Slips::of(&needle);
        Grader::new()
            .grade(&needle, &text)
            .or_else(|| near(slips.as_ref()?, &text))
    }

    fn shown(word: &str, name: &str) -> String {
        let mut text = Text::default();
        text.set(name);
        let mut positions = Vec::new();
        let needle = Needle::new(word, false).expect("some text");
        let slips = Slips::of(&needle);
        Grader::new().positions(&needle, slips.as_ref(), &text, &mut positions);
        name.chars()
            .zip(0..)
            .map(|(c, at)| if positions.contains(&at) { c } else { '.' })
            .collect()
    }

    #[test]
    fn each_way_of_fitting_has_its_grade() {
        for (word, name, grade) in [
            ("payment gateway", "Payment-Gateway", Some(Grade::Exact)),
            ("paymentgateway", "Payment-Gateway", Some(Grade::Loose)),
            ("payment-gateway", "paymentGateway", Some(Grade::Loose)),
            ("pay", "payment-gateway", Some(Grade::Prefix(false))),
            ("payment", "payment-gateway", Some(Grade::Prefix(true))),
            (
                "paymentg",
                "payment-gateway",
                Some(Grade::LoosePrefix(false)),
            ),
            ("gate", "payment-gateway", Some(Grade::WordStart)),
            ("gate", "paymentGateway", Some(Grade::WordStart)),
            (
                "gatewayapi",
                "payment-gateway-api",
                Some(Grade::LooseWordStart(true)),
            ),
            ("pg", "payment-gateway", Some(Grade::AllInitials)),
            ("pg", "payment-gateway-api", Some(Grade::Initials)),
            ("sc", "sea-score", Some(Grade::WordStart)),
            ("58", "adr-0058", Some(Grade::Substring)),
            ("teway", "payment-gateway", Some(Grade::Substring)),
            ("te", "payment-gateway", None),
            ("g", "payment-gateway", Some(Grade::WordStart)),
            ("xyz", "payment-gateway", None),
            ("cafe", "Café", Some(Grade::Exact)),
            ("cafe", "Cafe\u{301}", Some(Grade::Exact)),
            ("strasse", "Straße", Some(Grade::Exact)),
            ("支付", "在线支付网关", Some(Grade::Word)),
            ("longer", "long", None),
            ("payment-", "payment", Some(Grade::LoosePrefix(true))),
            ("payment-", "payment-api", Some(Grade::Prefix(true))),
            ("---", "a-b", None),
        ] {
            assert_eq!(graded(word, name), grade, "{word} in {name}");
        }
        assert!(matches!(
            graded("paygw", "payment-gateway"),
            Some(Grade::Fuzzy(_))
        ));
        assert!(matches!(
            graded("pay-gat", "payment-gateway"),
            Some(Grade::Fuzzy(_))
        ));
        assert!(matches!(
            graded("paymnet", "payment-gateway"),
            Some(Grade::Near(_))
        ));
        assert_eq!(graded("eta", "payment-gateway-rail"), None, "too far apart");
    }

    #[test]
    fn better_grades_have_more_points() {
        let near = |less, is_all, is_word| {
            Grade::Near(Slipped {
                less,
                is_all,
                is_word,
            })
        };
        let ranked = [
            Grade::Fuzzy(0),
            Grade::Fuzzy(130),
            near(1, false, false),
            near(2, false, false),
            near(2, true, true),
            Grade::Substring,
            Grade::Initials,
            Grade::LooseWordStart(false),
            Grade::LooseWordStart(true),
            Grade::WordStart,
            Grade::AllInitials,
            Grade::Word,
            Grade::LoosePrefix(false),
            Grade::Prefix(false),
            Grade::Prefix(true),
            Grade::Loose,
            Grade::Exact,
        ];
        assert!(ranked.is_sorted());
        assert!(ranked.iter().map(|grade| grade.points()).is_sorted());
        assert!(!near(2, true, true).is_sure() && Grade::Substring.is_sure());
    }

    #[test]
    fn matched_characters_are_pointed_out() {
        for (word, name, expected) in [
            ("pay", "payment-gateway", "pay............"),
            ("gate", "payment-gateway", "........gate..."),
            ("pg", "payment-gateway", "p.......g......"),
            ("teway", "payment-gateway", "..........teway"),
            ("paygw", "payment-gateway", "pay.....g...w.."),
            ("userservice", "user-service-x", "user.service.."),
            ("paymnet", "payment-gateway", "payment........"),
            ("gatewy", "payment-gateway", "........gatew.y"),
            ("strasse", "Alte Straße 1", ".....Straße.."),
            ("zzz", "payment-gateway", "..............."),
        ] {
            assert_eq!(shown(word, name), expected, "{word} in {name}");
        }
    }
}
