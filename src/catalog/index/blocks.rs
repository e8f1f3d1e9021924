//! Digests of an index, block by block, each compared when something of its block is first read: a start reads what its
//! first frame shows and no more of the file, and what was changed is noticed before it is shown.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use xxhash_rust::xxh3::xxh3_64;

/// The bytes of a block: some pages of memory.
const BLOCK: usize = 1 << 16;

/// The block was not read yet.
const UNREAD: u8 = 0;
/// It is as it was written.
const SOUND: u8 = 1;
/// It is not.
const DAMAGED: u8 = 2;

/// The digests of the blocks of `body`, in order.
pub(super) fn digests(body: &[u8]) -> Vec<u64> {
    body.chunks(BLOCK).map(xxh3_64).collect()
}

/// How many blocks a body of `len` bytes has.
pub(super) fn count(len: usize) -> usize {
    len.div_ceil(BLOCK)
}

/// What is known of the blocks of a body.
pub(super) struct Blocks {
    digests: Vec<u64>,
    states: Vec<AtomicU8>,
    /// Whether a block was found not to be as it was written.
    damaged: AtomicBool,
}

impl Blocks {
    /// Blocks of which none was read yet.
    pub(super) fn new(digests: &[u64]) -> Self {
        Self {
            digests: digests.to_vec(),
            states: digests.iter().map(|_| AtomicU8::new(UNREAD)).collect(),
            damaged: AtomicBool::new(false),
        }
    }

    /// Whether a block that was read by now is not as it was written.
    pub(super) fn are_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Whether the blocks of `body` that have a part in `range` are as they were written.
    pub(super) fn are_sound(&self, body: &[u8], range: &Range<usize>) -> bool {
        let blocks = range.start / BLOCK..range.end.div_ceil(BLOCK);
        let first = blocks.start;
        let states = self.states.get(blocks).unwrap_or_default();
        (first..)
            .zip(states)
            .all(|(at, state)| match state.load(Ordering::Relaxed) {
                UNREAD => self.compare(body, at, state),
                known => known == SOUND,
            })
    }

    #[cold]
    fn compare(&self, body: &[u8], at: usize, state: &AtomicU8) -> bool {
        let block = body.chunks(BLOCK).nth(at).map(xxh3_64);
        let is_sound = block.is_some() && block == self.digests.get(at).copied();
        state.store(if is_sound { SOUND } else { DAMAGED }, Ordering::Relaxed);
        if !is_sound {
            self.damaged.store(true, Ordering::Relaxed);
        }
        is_sound
    }
}
