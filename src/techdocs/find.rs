//! Finding text on a laid-out page, across the ends of its lines.

use unicode_width::UnicodeWidthChar;

use super::layout::{Layout, Line};
use super::role::Role;
use crate::catalog::Terms;

/// The most matches that are given.
const MAX_MATCHES: usize = 10_000;

/// A piece of a line that matches. A match that goes over a line's end is one piece on each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The number of the match it belongs to, from 0.
    pub number: usize,
    /// The line, from 0.
    pub line: usize,
    /// The column where it begins, from 0.
    pub start: u16,
    /// The column after its end.
    pub end: u16,
}

/// A character of the page and where it stands.
struct Place {
    character: char,
    line: usize,
    start: u16,
    end: u16,
}

/// Every place where `needle` stands on the page, in reading order. Letter case counts only where `needle` has
/// capitals; any run of white space, a line's end too, matches a space.
pub fn find(layout: &Layout, needle: &str) -> Vec<Match> {
    let exact = needle.chars().any(char::is_uppercase);
    let fold = |c: char| {
        if exact {
            c
        } else {
            c.to_lowercase().next().unwrap_or(c)
        }
    };
    let needle: Vec<char> = needle
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .map(fold)
        .collect();
    let Some(first) = needle.first() else {
        return Vec::new();
    };
    let places = places(layout, fold);
    let mut matches: Vec<Match> = Vec::new();
    let mut number = 0;
    let mut at = 0;
    while let Some(candidate) = places.get(at..at + needle.len()) {
        let hit = candidate[0].character == *first
            && candidate
                .iter()
                .zip(&needle)
                .all(|(place, c)| place.character == *c);
        if !hit {
            at += 1;
            continue;
        }
        add(&mut matches, number, candidate);
        number += 1;
        if number == MAX_MATCHES {
            break;
        }
        at += needle.len();
    }
    matches
}

/// Every place where one of `words` stands on the page, in reading order, as the full-text index finds them.
pub fn find_words(layout: &Layout, words: &Terms) -> Vec<Match> {
    let places = places(layout, |c| c);
    let text: String = places.iter().map(|place| place.character).collect();
    let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    starts.push(text.len());
    let mut matches = Vec::new();
    let marks = words.marks(&text).into_iter().take(MAX_MATCHES);
    for (number, mark) in marks.enumerate() {
        let from = starts.partition_point(|start| *start < mark.start);
        let to = starts.partition_point(|start| *start < mark.end);
        add(
            &mut matches,
            number,
            places.get(from..to).unwrap_or_default(),
        );
    }
    matches
}

/// Adds the pieces of one match, which stands in `found`.
fn add(matches: &mut Vec<Match>, number: usize, found: &[Place]) {
    for place in found {
        match matches.last_mut() {
            Some(last)
                if last.number == number && last.line == place.line && last.end == place.start =>
            {
                last.end = place.end;
            }
            _ if place.start == place.end => {}
            _ => matches.push(Match {
                number,
                line: place.line,
                start: place.start,
                end: place.end,
            }),
        }
    }
}

/// The characters of the page, with one space for each run of white space and each line's end; what containers and
/// markers put before the lines is left out.
fn places(layout: &Layout, fold: impl Fn(char) -> char) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (number, line) in layout.lines.iter().enumerate() {
        let mut column = 0;
        for (c, is_text) in characters(line) {
            let width = u16::try_from(c.width().unwrap_or(0)).unwrap_or(0);
            let (start, end) = (column, column + width);
            column = end;
            let spaced = places.last().is_none_or(|last| last.character == ' ');
            if !is_text || (c.is_whitespace() && spaced) {
                continue;
            }
            places.push(Place {
                character: if c.is_whitespace() { ' ' } else { fold(c) },
                line: number,
                start,
                end,
            });
        }
        if places.last().is_some_and(|last| last.character != ' ') {
            places.push(Place {
                character: ' ',
                line: number,
                start: column,
                end: column,
            });
        }
    }
    places
}

/// The characters of a line, each with whether it can be found.
fn characters(line: &Line) -> impl Iterator<Item = (char, bool)> {
    line.runs.iter().flat_map(|run| {
        let is_lead = matches!(run.role, Role::QuoteBar | Role::Border | Role::Marker)
            || matches!(run.text.as_str(), "▎ " | "▏ " | "▌ ");
        run.text.chars().map(move |c| (c, !is_lead))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Reading, layout, markdown};
    use super::*;

    fn found(text: &str, width: u16, needle: &str) -> Vec<(usize, usize, u16, u16)> {
        let layout = layout(&markdown::parse(text), width, &Reading::default());
        find(&layout, needle)
            .iter()
            .map(|hit| (hit.number, hit.line, hit.start, hit.end))
            .collect()
    }

    #[test]
    fn matches_go_over_line_ends_and_containers() {
        assert_eq!(
            found("one two three four", 9, "two three"),
            [(0, 0, 4, 7), (0, 1, 0, 5)]
        );
        assert_eq!(
            found("> aaa bbbbbbbbbbbbbbbb ccc\n", 20, "bbb ccc"),
            [(0, 1, 15, 18), (0, 2, 2, 5)].map(|it| it)
        );
    }

    #[test]
    fn case_counts_only_with_capitals() {
        assert_eq!(found("Pay pay", 20, "pay").len(), 2);
        assert_eq!(found("Pay pay", 20, "Pay").len(), 1);
        assert_eq!(found("日本 x", 20, "本"), [(0, 0, 2, 4)]);
        assert_eq!(found("aaaa", 20, "aa").len(), 2);
        assert_eq!(found("a", 20, "  "), []);
    }

    #[test]
    fn words_are_found_one_by_one_by_their_stems() {
        let text = "Deploys are calm. 日本 deploying\ncanaries, more canary";
        let layout = layout(&markdown::parse(text), 24, &Reading::default());
        let found = |words: &str| -> Vec<(usize, usize, u16, u16)> {
            find_words(&layout, &Terms::parse(words))
                .iter()
                .map(|hit| (hit.number, hit.line, hit.start, hit.end))
                .collect()
        };
        assert_eq!(found("deploy canary").len(), 4);
        assert_eq!(found("本 x"), [(0, 0, 20, 22)]);
        assert_eq!(found("nowhere"), []);
    }
}
