//! The one place with unsafe code: a file's bytes, mapped instead of read.

use std::fs::File;
use std::io;
use std::path::Path;

use memmap2::Mmap;

/// A mapped file without its first bytes.
#[derive(Debug)]
pub(super) struct Mapped {
    map: Mmap,
    skip: usize,
}

impl Mapped {
    /// Maps the file at `path`; [`AsRef`] gives what comes after the first `skip` bytes.
    pub(super) fn open(path: &Path, skip: usize) -> io::Result<Self> {
        let file = File::open(path)?;
        #[expect(
            unsafe_code,
            reason = "A map is sound while nobody changes or shortens the file. The only file mapped here is the \
                      snapshot, and no stagedoor writes to it once it bears its name: a new one is written beside it \
                      and renamed over it, so a map keeps the old file whole. Should another program change it \
                      nonetheless, the index reads it with bounds checked and text validated at each access."
        )]
        // SAFETY: see the reason above.
        let map = unsafe { Mmap::map(&file)? };
        Ok(Self { map, skip })
    }

    /// All bytes, the skipped ones too.
    pub(super) fn whole(&self) -> &[u8] {
        &self.map
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        self.map.get(self.skip..).unwrap_or_default()
    }
}
