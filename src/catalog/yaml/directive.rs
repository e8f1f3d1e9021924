//! The `%` lines before a document.

use super::reader::{Reader, Result};

impl Reader<'_> {
    /// Reads the `%` lines before a document, and steps over its `---`.
    pub(super) fn directives(&mut self) -> Result<()> {
        let mut any = false;
        loop {
            self.gap()?;
            if self.pos != self.line_start || self.byte() != Some(b'%') {
                break;
            }
            any = true;
            let rest = self.bytes.get(self.pos..).unwrap_or_default();
            let end = self.pos + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = self.slice(self.pos, end);
            let mut words = line.split(" #").next().unwrap_or(line).split_whitespace();
            let name = words.next().unwrap_or_default();
            let parts: Vec<&str> = words.collect();
            match (name, parts.as_slice()) {
                ("%YAML", [version]) if is_version(version) => {}
                ("%YAML", _) => return self.fail("%YAML needs one version, as in `%YAML 1.2`"),
                ("%TAG", [handle, prefix]) => self.tags.declare(handle, prefix),
                ("%TAG", _) => {
                    return self.fail("%TAG needs two parts: a short form and what it stands for");
                }
                _ => {}
            }
            self.pos = end;
        }
        let begins = self.pos == self.line_start
            && self.slice(self.pos, self.pos + 3) == "---"
            && self.blank_at(self.pos + 3);
        if begins {
            self.pos += 3;
            return Ok(());
        }
        if any {
            return self.fail("lines that begin with `%` need a `---` after them");
        }
        Ok(())
    }
}

/// `1.` and a number; another than 2 is only a warning to `yaml`.
fn is_version(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.')
        .is_some_and(|(major, minor)| digits(major) && digits(minor))
}
