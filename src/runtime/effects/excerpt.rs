//! The lines around a finding: of a local file, of the demo, or of a file on a host as it was when it was read.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use crate::app::page::problems::Shown;
use crate::catalog::text::clean;
use crate::catalog::{EntityRef, Place};
use crate::sync::{Session, kept};

/// Lines before and after the one that is meant.
const AROUND: usize = 2;
/// How far into a file is looked, in bytes.
const FAR: u64 = 8 << 20;
/// How many characters of a line are kept.
const LONG: usize = 2_000;

/// The lines around `place`, which is about `entity`.
pub(super) fn read(session: &Session, place: &Place, entity: Option<&EntityRef>) -> Shown {
    let file = place.file.as_str();
    let not_at_hand = |why: &str| Shown::Nothing(format!("The file is not at hand: {why}."));
    if file.contains("://") {
        return match kept::text(session, file, entity) {
            Some(text) => lines(text.as_slice(), place.line),
            None => not_at_hand("it is on its host, and its text is not kept here"),
        };
    }
    match File::open(file) {
        Ok(open) if open.metadata().is_ok_and(|data| data.is_file()) => lines(open, place.line),
        Ok(_) => not_at_hand("it is no plain file"),
        Err(error) => not_at_hand(&format!("{file}: {error}")),
    }
}

/// The lines of `text` around the one numbered `line`, cleaned.
fn lines(text: impl Read, line: u32) -> Shown {
    let line = usize::try_from(line).unwrap_or(usize::MAX).max(1);
    let first = line.saturating_sub(AROUND).max(1);
    let mut reader = BufReader::new(text.take(FAR));
    let mut found = Vec::new();
    let mut bytes = Vec::new();
    for number in 1..=line.saturating_add(AROUND) {
        bytes.clear();
        match reader.read_until(b'\n', &mut bytes) {
            Ok(0) | Err(_) => break,
            Ok(_) if number >= first => {
                let text = String::from_utf8_lossy(&bytes);
                let text = clean(text.trim_end_matches(['\r', '\n'])).replace('\t', " ");
                found.push(text.chars().take(LONG).collect());
            }
            Ok(_) => {}
        }
    }
    match u32::try_from(first) {
        Ok(first) if !found.is_empty() => Shown::Lines(first, found.into()),
        _ => Shown::Nothing("The file has no such line any more.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_around_the_one_that_is_meant_are_cleaned() {
        let text = "one\r\ntwo\n\tthree\u{1b}[31m\nfour\nfive\nsix\n";
        let shown = |line| lines(text.as_bytes(), line);
        let of = |first, lines: &[&str]| {
            Shown::Lines(first, lines.iter().map(|line| (*line).to_owned()).collect())
        };
        assert_eq!(
            shown(3),
            of(1, &["one", "two", " three[31m", "four", "five"])
        );
        assert_eq!(shown(1), of(1, &["one", "two", " three[31m"]));
        assert_eq!(shown(6), of(4, &["four", "five", "six"]));
        assert!(matches!(shown(9), Shown::Nothing(_)));
    }
}
