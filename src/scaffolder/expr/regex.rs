//! Regular expressions: `r/…/gi`, and what JavaScript's strings do with them.

use std::ops::Range;
use std::rc::Rc;

use super::super::pattern::{Found, Pattern};
use super::fault::{Fault, Meter};
use super::value::Regex;

/// A regular expression at work on a text.
struct Search<'a> {
    pattern: Rc<Pattern>,
    text: &'a str,
    meter: &'a Meter,
    from: usize,
    /// `y`: only what begins where the search stands is found.
    sticky: bool,
}

impl Search<'_> {
    /// The next place, behind the last one.
    fn next(&mut self) -> Result<Option<Found>, Fault> {
        self.meter.steps(1)?;
        let (text, from) = (self.text, self.from);
        let found = self
            .meter
            .search(|left| self.pattern.find(text, from, left))?;
        let found = found.filter(|found| !self.sticky || found.range().start == from);
        if let Some(found) = &found {
            self.from = Pattern::behind(found, text);
        }
        Ok(found)
    }
}

impl Regex {
    fn search_in<'a>(&self, text: &'a str, meter: &'a Meter) -> Result<Search<'a>, Fault> {
        let pattern = Pattern::new(&self.pattern, &self.flags)
            .ok_or_else(|| Fault::new("Invalid regular-expression literal"))?;
        Ok(Search {
            pattern,
            text,
            meter,
            from: 0,
            sticky: self.flags.contains('y'),
        })
    }

    fn global(&self) -> bool {
        self.flags.contains('g')
    }

    /// `text.replace(regex, replacement)`.
    pub(super) fn replace(
        &self,
        text: &str,
        replacement: &str,
        meter: &Meter,
    ) -> Result<String, Fault> {
        let mut search = self.search_in(text, meter)?;
        let mut out = String::new();
        let mut last = 0;
        while let Some(found) = search.next()? {
            let before = out.len();
            let range = found.range();
            out.push_str(text.get(last..range.start).unwrap_or_default());
            let named = |name: &str| {
                let group = search.pattern.group(name)?;
                found.groups.get(group).cloned().flatten()
            };
            expand(replacement, text, &found.groups, named, &mut out);
            meter.bytes(out.len() - before)?;
            last = range.end;
            if !self.global() {
                break;
            }
        }
        out.push_str(text.get(last..).unwrap_or_default());
        Ok(out)
    }

    /// `text.split(regex)`.
    pub(super) fn split(&self, text: &str, meter: &Meter) -> Result<Vec<String>, Fault> {
        let mut search = self.search_in(text, meter)?;
        search.sticky = false;
        let mut out = Vec::new();
        let mut last = 0;
        let cut = |range: Range<usize>| text.get(range).unwrap_or_default().to_owned();
        while let Some(found) = search.next()? {
            let range = found.range();
            if range.is_empty() && (range.start == 0 || range.start >= text.len()) {
                continue;
            }
            out.push(cut(last..range.start));
            out.extend(found.groups.into_iter().skip(1).flatten().map(cut));
            last = range.end;
        }
        out.push(cut(last..text.len()));
        Ok(out)
    }

    /// `regex.test(text)`.
    pub(super) fn test(&self, text: &str, meter: &Meter) -> Result<bool, Fault> {
        Ok(self.search_in(text, meter)?.next()?.is_some())
    }

    /// `text.search(regex)`, as a byte offset.
    pub(super) fn search(&self, text: &str, meter: &Meter) -> Result<Option<usize>, Fault> {
        let found = self.search_in(text, meter)?.next()?;
        Ok(found.map(|found| found.range().start))
    }

    /// `text.match(regex)`: all matches with `g`, else the first with its groups.
    pub(super) fn matches(
        &self,
        text: &str,
        meter: &Meter,
    ) -> Result<Option<Vec<Option<String>>>, Fault> {
        let mut search = self.search_in(text, meter)?;
        let cut = |range: Range<usize>| text.get(range).map(str::to_owned);
        if !self.global() {
            let found = search.next()?;
            let groups = |found: Found| found.groups.into_iter().map(|group| group.and_then(cut));
            return Ok(found.map(|found| groups(found).collect()));
        }
        let mut all = Vec::new();
        while let Some(found) = search.next()? {
            all.push(cut(found.range()));
        }
        Ok((!all.is_empty()).then_some(all))
    }
}

/// Whether there is such a regular expression.
pub(super) fn is_regex(pattern: &str, flags: &str) -> bool {
    let twice = |flag: char| flags.matches(flag).count() > 1;
    !flags.chars().any(twice) && Pattern::new(pattern, flags).is_some()
}

/// `text.replace(needle, replacement)`, for the first `count` places.
pub(super) fn replace_text(
    text: &str,
    needle: &str,
    replacement: &str,
    count: usize,
    meter: &Meter,
) -> Result<String, Fault> {
    let mut out = String::new();
    let mut last = 0;
    // An empty needle is found before every character and at the end.
    for (at, found) in text.match_indices(needle).take(count) {
        meter.steps(1)?;
        let before = out.len();
        out.push_str(text.get(last..at).unwrap_or_default());
        last = at + found.len();
        expand(replacement, text, &[Some(at..last)], |_| None, &mut out);
        meter.bytes(out.len() - before)?;
    }
    out.push_str(text.get(last..).unwrap_or_default());
    Ok(out)
}

/// Writes a replacement with JavaScript's `$1`, `$&`, `$<name>`; `groups` begins with the whole match.
fn expand(
    replacement: &str,
    text: &str,
    groups: &[Option<Range<usize>>],
    named: impl Fn(&str) -> Option<Range<usize>>,
    out: &mut String,
) {
    let whole = groups.first().cloned().flatten().unwrap_or_default();
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        let group = |index: usize| {
            let range = groups.get(index).cloned().flatten();
            range.and_then(|range| text.get(range))
        };
        let digits = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let numbered = (1..=digits).rev().find_map(|length| {
            let index: usize = rest.get(..length)?.parse().ok()?;
            (1..groups.len())
                .contains(&index)
                .then_some((length, index))
        });
        if let Some((length, index)) = numbered {
            out.push_str(group(index).unwrap_or_default());
            rest = rest.get(length..).unwrap_or_default();
        } else if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('&') {
            out.push_str(group(0).unwrap_or_default());
            rest = after;
        } else if let Some(after) = rest.strip_prefix('`') {
            out.push_str(text.get(..whole.start).unwrap_or_default());
            rest = after;
        } else if let Some(after) = rest.strip_prefix('\'') {
            out.push_str(text.get(whole.end..).unwrap_or_default());
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('<').and_then(|r| r.split_once('>'))
            && let Some(range) = named(name)
        {
            out.push_str(text.get(range).unwrap_or_default());
            rest = after;
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
}

/// `text.replaceAll(find, replacement)`, with `find` as a pattern if `pattern`.
pub(crate) fn replace_all(
    text: &str,
    find: &str,
    pattern: bool,
    replacement: &str,
) -> Result<String, String> {
    let meter = Meter::default();
    let replaced = if pattern {
        let regex = Regex {
            pattern: find.into(),
            flags: "g".into(),
        };
        regex.replace(text, replacement, &meter)
    } else {
        replace_text(text, find, replacement, usize::MAX, &meter)
    };
    replaced.map_err(|Fault(message)| message)
}
