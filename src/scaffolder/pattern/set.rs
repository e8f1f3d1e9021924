//! Which characters one part of a pattern is: `regress` is asked, and what it says of ASCII is kept.

use std::rc::Rc;

use regress::Regex;

/// The characters that one place of a text may hold.
#[derive(Debug, Clone)]
pub(super) struct Set {
    /// A bit for each ASCII character.
    ascii: u128,
    other: Other,
}

/// Which of the other characters.
#[derive(Debug, Clone)]
enum Other {
    None,
    Only(char),
    Ask(Rc<Regex>),
}

impl Set {
    /// Only the character `c`.
    pub(super) fn only(c: char) -> Self {
        if c.is_ascii() {
            return Self {
                ascii: 1 << u32::from(c),
                other: Other::None,
            };
        }
        Self {
            ascii: 0,
            other: Other::Only(c),
        }
    }

    /// What `source` is one of: a class, an escape, a point, a letter in any case. `None` where it is no pattern.
    pub(super) fn read(source: &str, flags: &str) -> Option<Self> {
        let flags = flags.replace('m', "");
        let regex = Regex::with_flags(&format!("^(?:{source})$"), flags.as_str()).ok()?;
        let mut ascii = 0;
        for byte in 0..128_u8 {
            let letter = char::from(byte);
            if regex.find(letter.encode_utf8(&mut [0; 4])).is_some() {
                ascii |= 1 << byte;
            }
        }
        Some(Self {
            ascii,
            other: Other::Ask(Rc::new(regex)),
        })
    }

    /// Whether `c` is one of them.
    pub(super) fn holds(&self, c: char) -> bool {
        if c.is_ascii() {
            return self.ascii >> u32::from(c) & 1 == 1;
        }
        match &self.other {
            Other::None => false,
            Other::Only(only) => *only == c,
            Other::Ask(regex) => regex.find(c.encode_utf8(&mut [0; 4])).is_some(),
        }
    }
}
