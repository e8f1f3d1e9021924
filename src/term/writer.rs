//! Frames written whole: what is drawn is collected and leaves the process in one write, bracketed as a synchronized
//! update so that no terminal shows half a frame.

use std::io::{self, Write};

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// Collects bytes until it is flushed; an empty frame writes nothing.
#[derive(Debug)]
pub struct FrameWriter<W: Write> {
    out: W,
    frame: Vec<u8>,
    /// How many bytes were written so far.
    sent: usize,
}

impl<W: Write> FrameWriter<W> {
    /// A writer in front of `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            frame: Vec::with_capacity(64 * 1024),
            sent: 0,
        }
    }

    /// How many bytes were written so far.
    pub fn sent(&self) -> usize {
        self.sent
    }

    /// What it writes to.
    pub fn get_ref(&self) -> &W {
        &self.out
    }
}

impl<W: Write> FrameWriter<W> {
    /// Writes `bytes` at once, before the frame that is being collected and outside of its bracket: terminals bound how
    /// much and how long they hold an update back.
    pub fn write_ahead(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.sent += bytes.len();
        self.out.write_all(bytes)
    }
}

impl<W: Write> Write for FrameWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let mut whole = Vec::with_capacity(self.frame.len() + BEGIN.len() + END.len());
        whole.extend_from_slice(BEGIN);
        whole.append(&mut self.frame);
        whole.extend_from_slice(END);
        self.sent += whole.len();
        self.out.write_all(&whole)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_bracketed_and_nothing_is_nothing() -> io::Result<()> {
        let mut out = Vec::new();
        let mut writer = FrameWriter::new(&mut out);
        writer.flush()?;
        writer.write_all(b"ab")?;
        writer.write_all(b"c")?;
        writer.flush()?;
        writer.flush()?;
        assert_eq!(out, b"\x1b[?2026habc\x1b[?2026l");
        Ok(())
    }
}
