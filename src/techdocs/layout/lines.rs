//! The lines of a page, kept block by block: what did not change is neither laid out nor copied again.

use std::sync::Arc;

use super::reading::Choice;
use super::{CodeSpot, ImageSpot, Line, OutlineItem, Reading, Spot};

/// A block, laid out; its lines are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Piece {
    pub(super) lines: Vec<Line>,
    pub(super) spots: Vec<Spot>,
    pub(super) outline: Vec<OutlineItem>,
    pub(super) codes: Vec<CodeSpot>,
    pub(super) images: Vec<ImageSpot>,
    /// The last line of the source that was seen up to its end.
    pub(super) source: u32,
    /// What the reader's choices were on which it depends.
    pub(super) choices: Vec<(Choice, u32)>,
}

impl Piece {
    /// Whether it would come out the same.
    pub(super) fn holds(&self, reading: &Reading) -> bool {
        let mut choices = self.choices.iter();
        choices.all(|(choice, was)| reading.choice(choice) == *was)
    }
}

/// Lines from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    /// The blocks, each with the number of its first line.
    pieces: Vec<(usize, Arc<Piece>)>,
    len: usize,
}

impl Lines {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The line `at`, from 0.
    pub fn get(&self, at: usize) -> Option<&Line> {
        let after = self.pieces.partition_point(|(first, _)| *first <= at);
        let (first, piece) = self.pieces.get(after.checked_sub(1)?)?;
        piece.lines.get(at - first)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Line> {
        self.pieces.iter().flat_map(|(_, piece)| &piece.lines)
    }

    /// Adds a block below the others.
    pub(super) fn add(&mut self, piece: Arc<Piece>) {
        if !piece.lines.is_empty() {
            let first = self.len;
            self.len += piece.lines.len();
            self.pieces.push((first, piece));
        }
    }
}
