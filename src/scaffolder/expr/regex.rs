//! Regular expressions: `r/…/gi`, run by `regress`, which follows JavaScript's.

use std::ops::Range;

use super::fault::{Fault, Meter};
use super::value::Regex;

/// Text longer than this is not searched by a template's expression: matching backtracks.
const MAX_TEXT: usize = 4 << 20;

impl Regex {
    fn compile(&self) -> Result<regress::Regex, Fault> {
        let flags: String = self.flags.chars().filter(|c| *c != 'y').collect();
        regress::Regex::with_flags(&self.pattern, flags.as_str())
            .map_err(|_| Fault::new("Invalid regular-expression literal"))
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
        check(text)?;
        let regex = self.compile()?;
        let mut out = String::new();
        let mut last = 0;
        for found in regex.find_iter(text) {
            meter.steps(1)?;
            let before = out.len();
            out.push_str(text.get(last..found.start()).unwrap_or_default());
            let groups: Vec<_> = found.groups().collect();
            expand(
                replacement,
                text,
                &groups,
                |name| found.named_group(name),
                &mut out,
            );
            meter.bytes(out.len() - before)?;
            last = found.end();
            if !self.global() {
                break;
            }
        }
        out.push_str(text.get(last..).unwrap_or_default());
        Ok(out)
    }

    /// `text.split(regex)`.
    pub(super) fn split(&self, text: &str, meter: &Meter) -> Result<Vec<String>, Fault> {
        check(text)?;
        let regex = self.compile()?;
        let mut out = Vec::new();
        let mut last = 0;
        for found in regex.find_iter(text) {
            meter.steps(1)?;
            if found.range().is_empty() && (found.start() == 0 || found.start() >= text.len()) {
                continue;
            }
            out.push(text.get(last..found.start()).unwrap_or_default().to_owned());
            for group in found.groups().skip(1).flatten() {
                out.push(text.get(group).unwrap_or_default().to_owned());
            }
            last = found.end();
        }
        out.push(text.get(last..).unwrap_or_default().to_owned());
        Ok(out)
    }

    /// `regex.test(text)`.
    pub(super) fn test(&self, text: &str) -> Result<bool, Fault> {
        check(text)?;
        Ok(self.compile()?.find(text).is_some())
    }

    /// `text.search(regex)`, as a byte offset.
    pub(super) fn search(&self, text: &str) -> Result<Option<usize>, Fault> {
        check(text)?;
        Ok(self.compile()?.find(text).map(|found| found.start()))
    }

    /// `text.match(regex)`: all matches with `g`, else the first with its groups.
    pub(super) fn matches(&self, text: &str) -> Result<Option<Vec<Option<String>>>, Fault> {
        check(text)?;
        let regex = self.compile()?;
        let cut = |range: std::ops::Range<usize>| text.get(range).map(str::to_owned);
        if self.global() {
            let all: Vec<_> = regex.find_iter(text).map(|m| cut(m.range())).collect();
            return Ok((!all.is_empty()).then_some(all));
        }
        Ok(regex
            .find(text)
            .map(|found| found.groups().map(|group| group.and_then(cut)).collect()))
    }
}

/// Whether there is such a regular expression.
pub(super) fn is_regex(pattern: &str, flags: &str) -> bool {
    let twice = |flag: char| flags.matches(flag).count() > 1;
    let regex = Regex {
        pattern: pattern.into(),
        flags: flags.into(),
    };
    !flags.chars().any(twice) && regex.compile().is_ok()
}

fn check(text: &str) -> Result<(), Fault> {
    if text.len() > MAX_TEXT {
        return Err(Fault::new("the text is too long for a regular expression"));
    }
    Ok(())
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
