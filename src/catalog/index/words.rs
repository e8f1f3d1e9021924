//! The words of all descriptions with the rows that have them, so that a search reads a vocabulary instead of every
//! description. The rows of a word are kept as steps from one to the next ([`super::steps`]).

use std::collections::HashMap;

use super::layout::{Section, Texts, Writer, narrow};
use super::steps::{numbers, push};
use super::{Index, IndexError, Row};
use crate::catalog::fold::words;

/// Collects words, row by row.
#[derive(Debug, Default)]
pub(super) struct Words {
    numbers: HashMap<String, usize>,
    /// By number: the row that had it last, and the steps to there.
    rows: Vec<(u32, Vec<u8>)>,
}

impl Words {
    /// Takes in the words of `text` of `row`; rows come in their order.
    pub(super) fn add(&mut self, row: u32, text: &str) {
        for word in words(text) {
            let next = self.rows.len();
            let number = *self.numbers.entry(word).or_insert(next);
            match self.rows.get_mut(number) {
                None => {
                    let mut steps = Vec::new();
                    push(&mut steps, row);
                    self.rows.push((row, steps));
                }
                Some((last, steps)) if *last != row => {
                    push(steps, row - *last);
                    *last = row;
                }
                Some(_) => {}
            }
        }
    }

    /// Lays them out, ordered by their texts.
    pub(super) fn write(self, out: &mut Writer) -> Result<(), IndexError> {
        let mut all: Vec<(&str, usize)> = self.numbers.iter().map(|(w, &at)| (&**w, at)).collect();
        all.sort_unstable();
        // A line feed parts each from the next, so that nothing is found across two.
        let texts: Vec<String> = all.iter().map(|(word, _)| format!("{word}\n")).collect();
        out.texts(Texts::WORDS, texts.iter().map(String::as_str))?;
        let mut starts = vec![0_u32];
        let mut bytes = Vec::new();
        for (_, number) in &all {
            if let Some((_, steps)) = self.rows.get(*number) {
                bytes.extend_from_slice(steps);
            }
            starts.push(narrow(bytes.len())?);
        }
        out.section(Section::WORD_ROW_STARTS, &starts);
        out.section(Section::WORD_ROWS, &bytes);
        Ok(())
    }
}

impl Index {
    /// The folded words of all descriptions in one run, in order, each once and with a line feed behind it; before it where each
    /// begins and the end of the last.
    pub fn words(&self) -> (&[u32], &[u8]) {
        self.all_texts(Texts::WORDS)
    }

    /// The rows whose description has the word numbered `word`, in order.
    pub fn rows_with_word(&self, word: usize) -> impl Iterator<Item = Row> {
        let starts = Section::WORD_ROW_STARTS;
        let steps = self.layout.as_ref().map_or(&[][..], |layout| {
            layout.part::<u8>(Section::WORD_ROWS, starts, word)
        });
        let mut row = 0_u32;
        numbers(steps).map(move |step| {
            row = row.wrapping_add(step);
            Row(row)
        })
    }
}
