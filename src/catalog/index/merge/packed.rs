//! The vocabularies of descriptions and of names: two that are ordered by text, each text with its rows packed.

use std::cmp::Ordering;

use super::super::IndexError;
use super::super::layout::{Section, Texts, Writer, narrow};
use super::super::steps::{numbers, push};
use super::Merge;
use super::splice::{Both, GONE, Side};

/// One side's vocabulary.
struct Vocabulary<'a> {
    texts: (&'a [u32], &'a [u8]),
    /// What tells apart those of one text; none where there is one of each.
    begins: &'a [u64],
    starts: &'a [u32],
    packed: &'a [u8],
}

impl<'a> Vocabulary<'a> {
    /// The text numbered `number`, with what tells it from others of the same letters.
    fn key(&self, number: usize) -> Option<(&'a [u8], u64)> {
        let text = cut(self.texts.0, self.texts.1, number)?;
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        Some((text, self.begins.get(number).copied().unwrap_or_default()))
    }

    fn packed(&self, number: usize) -> &'a [u8] {
        cut(self.starts, self.packed, number).unwrap_or_default()
    }
}

/// The part of `bytes` from start `number` to the next.
fn cut<'a>(starts: &[u32], bytes: &'a [u8], number: usize) -> Option<&'a [u8]> {
    match starts.get(number..number + 2)? {
        [start, end] => bytes.get(*start as usize..*end as usize),
        _ => None,
    }
}

/// What comes out.
#[derive(Default)]
struct Merged {
    text_starts: Vec<u32>,
    text: Vec<u8>,
    begins: Vec<u64>,
    starts: Vec<u32>,
    packed: Vec<u8>,
}

impl Merge<'_> {
    pub(super) fn words(&self, out: &mut Writer) -> Result<(), IndexError> {
        let vocabularies = Both::of(|side| {
            let index = *self.sides.get(side);
            Vocabulary {
                texts: index.all_texts(Texts::WORDS),
                begins: &[],
                starts: index.numbers(Section::WORD_ROW_STARTS),
                packed: index.numbers(Section::WORD_ROWS),
            }
        });
        let merged = self.vocabulary(&vocabularies, 0)?;
        out.run(Texts::WORDS, &merged.text_starts, &merged.text);
        out.section(Section::WORD_ROW_STARTS, &merged.starts);
        out.section(Section::WORD_ROWS, &merged.packed);
        Ok(())
    }

    pub(super) fn runs(&self, out: &mut Writer) -> Result<(), IndexError> {
        let vocabularies = Both::of(|side| {
            let index = *self.sides.get(side);
            Vocabulary {
                texts: index.all_texts(Texts::RUNS),
                begins: index.run_begins(),
                starts: index.numbers(Section::RUN_PLACE_STARTS),
                packed: index.numbers(Section::RUN_PLACES),
            }
        });
        let merged = self.vocabulary(&vocabularies, 3)?;
        out.run(Texts::RUNS, &merged.text_starts, &merged.text);
        out.section(Section::RUN_BEGINS, &merged.begins);
        out.section(Section::RUN_PLACE_STARTS, &merged.starts);
        out.section(Section::RUN_PLACES, &merged.packed);
        Ok(())
    }

    /// Both vocabularies as one. Each packed number is the step from the row before and, below `bits`, what stands there.
    fn vocabulary(&self, both: &Both<Vocabulary<'_>>, bits: u32) -> Result<Merged, IndexError> {
        let mut merged = Merged {
            text_starts: vec![0],
            starts: vec![0],
            ..Merged::default()
        };
        let mut next = Both::of(|_| 0);
        let mut places = Vec::new();
        loop {
            let (older, newer) = (both.older.key(next.older), both.newer.key(next.newer));
            let order = match (&older, &newer) {
                (None, None) => return Ok(merged),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(older), Some(newer)) => older.cmp(newer),
            };
            places.clear();
            if order.is_le() {
                self.unpack(
                    Side::Older,
                    both.older.packed(next.older),
                    bits,
                    &mut places,
                );
                next.older += 1;
            }
            if order.is_ge() {
                let were = places.len();
                self.unpack(
                    Side::Newer,
                    both.newer.packed(next.newer),
                    bits,
                    &mut places,
                );
                next.newer += 1;
                if were > 0 {
                    // Those of one row keep their order.
                    places.sort_by_key(|(row, _)| *row);
                }
            }
            if let (Some((text, begins)), false) =
                (older.filter(|_| order.is_le()).or(newer), places.is_empty())
            {
                merged.push(text, begins, &places, bits)?;
            }
        }
    }

    /// Appends what is packed, with rows as they are now.
    fn unpack(&self, side: Side, packed: &[u8], bits: u32, to: &mut Vec<(u32, u32)>) {
        let mut row = 0_u32;
        for number in numbers(packed) {
            row = row.wrapping_add(number >> bits);
            let place = self.rows.place(side, row);
            if place != GONE {
                to.push((place, number & ((1 << bits) - 1)));
            }
        }
    }
}

impl Merged {
    fn push(
        &mut self,
        text: &[u8],
        begins: u64,
        places: &[(u32, u32)],
        bits: u32,
    ) -> Result<(), IndexError> {
        self.text.extend_from_slice(text);
        self.text.push(b'\n');
        self.text_starts.push(narrow(self.text.len())?);
        self.begins.push(begins);
        let mut last = 0;
        for (row, kind) in places {
            push(&mut self.packed, row.wrapping_sub(last) << bits | kind);
            last = *row;
        }
        self.starts.push(narrow(self.packed.len())?);
        Ok(())
    }
}
