//! The one place with unsafe code: a file's bytes, mapped instead of read.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use memmap2::Mmap;

use crate::catalog::index::Bytes;

/// A mapped file without its first bytes.
#[derive(Debug)]
pub(super) struct Mapped {
    map: Mmap,
    skip: usize,
    file: File,
    /// How long the file was and when it was last written, before it was mapped.
    stamp: Stamp,
}

/// What changes with a file's content.
type Stamp = (u64, Option<SystemTime>);

fn stamp(file: &File) -> io::Result<Stamp> {
    let metadata = file.metadata()?;
    Ok((metadata.len(), metadata.modified().ok()))
}

impl Mapped {
    /// Maps the file at `path`; [`Bytes`] gives what comes after the first `skip` bytes.
    pub(super) fn open(path: &Path, skip: usize) -> io::Result<Self> {
        let file = File::open(path)?;
        let stamp = stamp(&file)?;
        #[expect(
            unsafe_code,
            reason = "A map is sound while nobody changes or shortens the file. The only file mapped here is the \
                      snapshot, and no stagedoor writes to it once it bears its name: a new one is written beside it \
                      and renamed over it, so a map keeps the old file whole. Should another program change it \
                      nonetheless, the index reads it with bounds checked and text validated at each access, and the \
                      portal asks before each message and each frame whether it was."
        )]
        // SAFETY: see the reason above.
        let map = unsafe { Mmap::map(&file)? };
        Ok(Self {
            map,
            skip,
            file,
            stamp,
        })
    }

    /// All bytes, the skipped ones too.
    pub(super) fn whole(&self) -> &[u8] {
        &self.map
    }
}

impl Bytes for Mapped {
    fn bytes(&self) -> &[u8] {
        self.map.get(self.skip..).unwrap_or_default()
    }

    fn are_unchanged(&self) -> bool {
        // One call to the system: what was cut off must not be touched, or the system ends the process.
        stamp(&self.file).is_ok_and(|now| now == self.stamp)
    }
}
