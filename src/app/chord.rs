//! One key, or several pressed one after another: `g`, `g h`, `ctrl-x ctrl-c`.

use std::fmt;
use std::str::FromStr;

use super::key::{Key, KeyError};

/// How many keys can belong together.
const LONGEST: usize = 4;

/// One key, or several pressed one after another. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Chord(Vec<Key>);

impl Chord {
    /// Its keys, in the order in which they are pressed.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// These keys; `None` where there are none.
    pub fn of(keys: &[Key]) -> Option<Self> {
        (!keys.is_empty()).then(|| Self(keys.to_vec()))
    }

    /// What is left to press after `pressed`; `None` where it does not begin so.
    pub fn after(&self, pressed: &[Key]) -> Option<&[Key]> {
        self.0.strip_prefix(pressed)
    }
}

impl From<Key> for Chord {
    fn from(key: Key) -> Self {
        Self(vec![key])
    }
}

impl FromStr for Chord {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let keys: Vec<Key> = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        if keys.is_empty() || keys.len() > LONGEST {
            return Err(KeyError(text.to_owned()));
        }
        Ok(Self(keys))
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, key) in self.0.iter().enumerate() {
            let gap = if number == 0 { "" } else { " " };
            write!(f, "{gap}{key}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read_as_they_are_written() {
        for text in ["g", "g g", "ctrl-x ctrl-c", "space f1", "alt-<"] {
            let chord: Chord = text.parse().expect(text);
            assert_eq!(chord.to_string(), text);
        }
        for text in ["", "  ", "g gg", "a b c d e"] {
            assert!(text.parse::<Chord>().is_err(), "{text:?}");
        }
    }
}
