//! Words with slips of the keyboard: a letter too many or too few, another one, two of them swapped.
//!
//! The distance is that of restricted edits (a swap counts one), computed a column at a time in the bits of one number,
//! after H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances" (2003).

use super::fold::{Needle, Text};
use crate::catalog::fold::{SEPARATOR, char_mask, fold_ascii};

/// Words with more letters are not compared: a column must fit into one number.
const LONGEST: usize = 64;

/// A word, made ready to be compared with many texts.
#[derive(Debug)]
pub(super) struct Slips {
    /// By ASCII letter the places in the word that have it, as bits; other letters in a list.
    ascii: [u64; 128],
    others: Vec<(char, u64)>,
    letters: Vec<char>,
    /// By byte whether the word has that letter; bytes of letters beyond ASCII all count.
    has: [bool; 256],
    /// The places of which one of the first letters of a text must have one.
    head: u64,
    /// How many slips are forgiven.
    pub(super) most: u32,
}

/// Where a text has a word but for slips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Near {
    /// How many slips.
    pub(super) slips: u32,
    /// Where in the text.
    pub(super) from: usize,
    /// Behind its last letter.
    pub(super) to: usize,
    /// Whether a word of the text ends there.
    pub(super) is_word: bool,
}

impl Near {
    /// Whether it is all of `text`.
    pub(super) fn is_all(&self, text: &Text) -> bool {
        let first = text.begins.first();
        first.is_some_and(|begin| *begin as usize == self.from) && text.is_end(self.to)
    }
}

impl Slips {
    /// `None` for words that are too short to be forgiven any slip, and for phrases: one slip in four to seven letters, two
    /// above.
    pub(super) fn of(needle: &Needle) -> Option<Self> {
        let length = needle.tight.len();
        let most = match length {
            4..=7 => 1,
            8..=LONGEST => 2,
            _ => return None,
        };
        if needle.literal {
            return None;
        }
        let mut slips = Self {
            ascii: [0; 128],
            others: Vec::new(),
            letters: needle.tight.clone(),
            has: std::array::from_fn(|byte| byte >= 128),
            // Of the first letters one more than there are slips at least one is right, and no further off than those.
            head: (1 << (2 * most + 1)) - 1,
            most,
        };
        for (&letter, at) in needle.tight.iter().zip(0..) {
            let bit = 1_u64 << at;
            if let Some(places) = slips.ascii.get_mut(letter as usize) {
                *places |= bit;
                slips.has[letter as usize] = true;
            } else if let Some((_, places)) = slips.others.iter_mut().find(|(c, _)| *c == letter) {
                *places |= bit;
            } else {
                slips.others.push((letter, bit));
            }
        }
        Some(slips)
    }

    /// The best place in `text`, from the start of a word on; separators of the text do not count.
    pub(super) fn find(&self, text: &Text) -> Option<Near> {
        let mut best: Option<Near> = None;
        for &begin in &text.begins {
            let near = self.at(text, begin as usize);
            let rank = |near: &Near| (near.slips, !near.is_word);
            if let Some(near) = near
                && best.as_ref().is_none_or(|best| rank(&near) < rank(best))
            {
                best = Some(near);
            }
        }
        best
    }

    /// Whether the whole of `text`, as it is shown, may be the word; says no for most texts at the price of a look at their
    /// letters.
    pub(super) fn may_be_all_of(&self, text: &str) -> bool {
        if !text.is_ascii() {
            return true;
        }
        let letters = text.bytes().map(fold_ascii);
        let (count, shared) = self.shared(letters.filter(|byte| char::from(*byte) != SEPARATOR));
        count.abs_diff(self.letters.len()) <= self.most as usize && self.is_enough(shared)
    }

    /// Whether the word may stand in a folded run, or begin in it and go beyond; says no for most runs at the same price.
    pub(super) fn may_be_in_run(&self, run: &[u8], begins: u64) -> bool {
        let (count, shared) = self.shared(run.iter().copied());
        // Of a run in which a word starts elsewhere, too, a part may be the beginning.
        let may_go_on = || {
            let most = self.most as usize;
            begins != 1 || count < self.letters.len() + most && count - shared <= most
        };
        self.is_enough(shared) || may_go_on() || !run.is_ascii()
    }

    /// How many letters there are, and how many of them the word has, too.
    fn shared(&self, letters: impl Iterator<Item = u8>) -> (usize, usize) {
        letters.fold((0, 0), |(count, shared), letter| {
            (
                count + 1,
                shared + usize::from(self.has[usize::from(letter)]),
            )
        })
    }

    /// Whether a text with so many of the word's letters may have it: each slip costs no more than one.
    fn is_enough(&self, shared: usize) -> bool {
        shared + self.most as usize >= self.letters.len()
    }

    /// Of the letters with which a run behind `run` may go on, one must be in the answer, a
    /// [`char_mask`]; `None` where the word cannot begin in `run` and go beyond it.
    pub(super) fn going_on(&self, run: &Text) -> Option<u64> {
        let mut letters = 0;
        for &begin in &run.begins {
            if run.len() - begin as usize >= self.letters.len() + self.most as usize {
                continue;
            }
            let mut column = Column::new(self.letters.len());
            for letter in (begin as usize..run.len()).filter_map(|at| run.get(at)) {
                column.take(self.places(letter));
            }
            // What has nothing of the word in the run may as well begin behind it.
            for (distance, next) in column.distances().skip(1).zip(self.letters.iter().skip(1)) {
                if distance < self.most {
                    return Some(u64::MAX);
                }
                if distance == self.most {
                    letters |= char_mask(next.encode_utf8(&mut [0; 4]));
                }
            }
        }
        (letters != 0).then_some(letters)
    }

    fn at(&self, text: &Text, from: usize) -> Option<Near> {
        let letters = (from..text.len())
            .filter_map(|at| text.get(at))
            .filter(|letter| *letter != SEPARATOR);
        if !letters
            .take(self.most as usize + 1)
            .any(|letter| self.places(letter) & self.head != 0)
        {
            return None;
        }
        let mut column = Column::new(self.letters.len());
        let mut best: Option<Near> = None;
        let mut left = self.letters.len() + self.most as usize;
        let mut at = from;
        while left > 0 {
            let letter = text.get(at)?;
            at += 1;
            if letter == SEPARATOR {
                if text.is_end(at) {
                    break;
                }
                continue;
            }
            left -= 1;
            column.take(self.places(letter));
            let near = Near {
                slips: column.distance,
                from,
                to: at,
                is_word: text.is_edge(at),
            };
            let rank = |near: &Near| (near.slips, !near.is_word);
            // Of equals the longer one: what was typed is more likely meant to its end.
            if near.slips <= self.most && best.as_ref().is_none_or(|best| rank(&near) <= rank(best))
            {
                best = Some(near);
            }
            if text.get(at).is_none() {
                break;
            }
        }
        best
    }

    fn places(&self, letter: char) -> u64 {
        self.ascii.get(letter as usize).copied().unwrap_or_else(|| {
            let mut others = self.others.iter();
            others
                .find(|(c, _)| *c == letter)
                .map_or(0, |(_, places)| *places)
        })
    }
}

/// The distances of a text, so far as it is taken in, from all beginnings of the word.
struct Column {
    /// Where the distance grows by one from a beginning to the next, and where it shrinks.
    up: u64,
    down: u64,
    diagonal: u64,
    matched_before: u64,
    length: usize,
    /// That from the whole word.
    distance: u32,
    /// How many letters were taken in: the distance from nothing.
    taken: u32,
}

impl Column {
    fn new(length: usize) -> Self {
        Self {
            up: u64::MAX,
            down: 0,
            diagonal: 0,
            matched_before: 0,
            length,
            distance: u32::try_from(length).unwrap_or(u32::MAX),
            taken: 0,
        }
    }

    /// Takes in a letter that the word has at the places `matched`.
    fn take(&mut self, matched: u64) {
        let last = 1_u64 << (self.length - 1);
        let swapped = ((!self.diagonal & matched) << 1) & self.matched_before;
        self.diagonal =
            ((matched & self.up).wrapping_add(self.up) ^ self.up) | matched | self.down | swapped;
        let right = self.down | !(self.diagonal | self.up);
        let back = self.diagonal & self.up;
        self.distance += u32::from(right & last != 0);
        self.distance -= u32::from(back & last != 0);
        let right = right << 1 | 1;
        let back = back << 1;
        self.up = back | !(self.diagonal | right);
        self.down = right & self.diagonal;
        self.matched_before = matched;
        self.taken += 1;
    }

    /// The distances from the beginnings of the word, nothing first.
    fn distances(&self) -> impl Iterator<Item = u32> {
        let steps = (0..self.length).scan(self.taken, |distance, at| {
            *distance += u32::from(self.up >> at & 1 == 1);
            *distance = distance.saturating_sub(u32::from(self.down >> at & 1 == 1));
            Some(*distance)
        });
        std::iter::once(self.taken).chain(steps)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(word: &str, name: &str) -> Option<(u32, usize, usize, bool)> {
        let mut text = Text::default();
        text.set(name);
        let near = Slips::of(&Needle::new(word, false)?)?.find(&text)?;
        Some((near.slips, near.from, near.to, near.is_word))
    }

    #[test]
    fn slips_are_forgiven_by_the_length_of_the_word() {
        for (word, name, expected) in [
            ("paymnet", "payment-gateway", Some((1, 0, 7, true))),
            ("gatway", "payment-gateway", Some((1, 8, 15, true))),
            ("gateaway", "payment-gateway", Some((1, 8, 15, true))),
            ("paymnet-gatewya", "payment-gateway", Some((2, 0, 15, true))),
            ("paymentgatwey", "payment-gateway", Some((2, 0, 15, true))),
            ("paymetn", "payments", Some((1, 0, 7, false))),
            ("ordesr", "orders", Some((1, 0, 6, true))),
            ("pzymxnt", "payment", None),
            ("zzy", "zzx", None),
            ("cafee", "Café", Some((1, 0, 4, true))),
            ("größße", "Größe", Some((2, 0, 6, true))),
            ("xx", "", None),
        ] {
            assert_eq!(near(word, name), expected, "{word} in {name}");
        }
    }

    /// The same, as it is written in books: the least distance of `word` and any beginning of `text`.
    fn slow(word: &[char], text: &[char]) -> usize {
        let mut rows = vec![vec![0; text.len() + 1]; word.len() + 1];
        for i in 0..=word.len() {
            for j in 0..=text.len() {
                rows[i][j] = if i == 0 {
                    j
                } else if j == 0 {
                    i
                } else {
                    let same = usize::from(word[i - 1] != text[j - 1]);
                    let mut best = (rows[i - 1][j - 1] + same)
                        .min(rows[i - 1][j] + 1)
                        .min(rows[i][j - 1] + 1);
                    if i > 1 && j > 1 && word[i - 1] == text[j - 2] && word[i - 2] == text[j - 1] {
                        best = best.min(rows[i - 2][j - 2] + 1);
                    }
                    best
                };
            }
        }
        rows[word.len()]
            .iter()
            .copied()
            .skip(1)
            .min()
            .unwrap_or(usize::MAX)
    }

    proptest! {
        #[test]
        fn bits_count_as_books_do(word in "[a-c]{4,12}", name in "[a-c]{1,14}") {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            let most = if word.len() < 8 { 1 } else { 2 };
            let expected = slow(&letters(&word), &letters(&name));
            let found = near(&word, &name).map(|near| near.0 as usize);
            prop_assert_eq!(found, (expected <= most).then_some(expected));
        }
    }
}
