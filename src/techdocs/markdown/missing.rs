//! Files that a page includes and that are not there: told once each, below the block where they would stand.

use super::super::document::Block;
use super::remark;

/// How many are told; of the others only their number is.
const MAX_TOLD: usize = 20;

/// Why a file does not stand where the page names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// There is none, or it cannot be read.
    Absent,
    /// It lies outside of the site's folder.
    Outside,
    /// It includes itself.
    Loop,
    /// Files include each other too deep.
    Deep,
    /// What the page includes is too much.
    Large,
    /// It lies on the web, from where nothing is fetched.
    OnTheWeb,
    /// It has no such section.
    NoSection,
}

impl Why {
    fn words(self) -> &'static str {
        match self {
            Self::Absent => "is not among the site's files",
            Self::Outside => "lies outside of the site's folder",
            Self::Loop => "includes itself",
            Self::Deep => "is included too deep",
            Self::Large => "is too large to be included here",
            Self::OnTheWeb => "lies on the web, from where nothing is fetched",
            Self::NoSection => "is no section of its file",
        }
    }
}

/// A file that does not stand where the page names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The line that names it.
    pub line: u32,
    /// What it is called there.
    pub name: String,
    /// Why it does not stand there.
    pub why: Why,
}

/// The files that do not stand where a page names them.
#[derive(Debug, Clone, Default)]
pub(super) struct Missing {
    gaps: Vec<Gap>,
    more: usize,
}

impl Missing {
    /// Notes one; the same name is noted once.
    pub(super) fn add(&mut self, line: u32, name: String, why: Why) {
        if self.gaps.iter().any(|gap| gap.name == name) {
            return;
        }
        if self.gaps.len() < MAX_TOLD {
            self.gaps.push(Gap { line, name, why });
        } else {
            self.more += 1;
        }
    }

    /// Those that are told.
    pub(super) fn told(&self) -> &[Gap] {
        &self.gaps
    }

    /// How many there are beside those that are told.
    pub(super) fn more(&self) -> usize {
        self.more
    }
}

/// Says in `blocks` what is missing, each below the last block that begins before it.
pub(super) fn tell(blocks: &mut Vec<Block>, gaps: &[Gap], more: usize) {
    if more > 0 {
        let files = if more == 1 { "file" } else { "files" };
        blocks.push(remark(&format!(
            "{more} more {files} that this page includes are missing."
        )));
    }
    for gap in gaps.iter().rev() {
        let mut remark = remark(&format!("{} {}.", gap.name, gap.why.words()));
        remark.line = gap.line;
        let at = blocks
            .iter()
            .rposition(|block| block.line > 0 && block.line < gap.line);
        blocks.insert(at.map_or(0, |at| at + 1), remark);
    }
}
