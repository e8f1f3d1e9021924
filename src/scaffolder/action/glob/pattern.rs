//! One pattern, made into a regular expression as the npm package `picomatch` does it.

use std::fmt::Write as _;

use regex::{Regex, RegexBuilder};

/// The longest pattern; longer ones are refused rather than run.
const MAX_PATTERN: usize = 4096;
/// How deep groups and braces may nest.
const MAX_NESTED: usize = 32;
/// The longest range that `{1..n}` may stand for.
const MAX_RANGE: i64 = 1000;
/// The most bytes a pattern may take once it is compiled.
const MAX_COMPILED: usize = 4 << 20;
/// The most `!( )` groups of a pattern.
const MAX_NOT: usize = 8;

/// A pattern, ready to be matched in a time that grows with the path alone.
#[derive(Debug)]
pub(super) struct Pattern {
    take: Regex,
    /// The pattern with what one of its `!( )` groups names: what matches this is not meant.
    leave: Vec<Regex>,
}

impl Pattern {
    /// Reads `text`. With `dot`, names that begin with a dot are found by `*` too.
    pub(super) fn new(text: &str, dot: bool) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no pattern for files");
        if text.len() > MAX_PATTERN {
            return Err(wrong());
        }
        let chars: Vec<char> = text.trim_start_matches("./").chars().collect();
        let read = |chosen| {
            let mut reader = Reader {
                chars: &chars,
                at: 0,
                dot,
                nested: 0,
                nots: 0,
                chosen,
            };
            let body = reader.read(&[])?;
            let regex = RegexBuilder::new(&format!("^(?:{body})$"))
                .size_limit(MAX_COMPILED)
                .build()
                .ok()?;
            Some((regex, reader.nots))
        };
        let (take, nots) = read(None).ok_or_else(wrong)?;
        if nots > MAX_NOT {
            return Err(wrong());
        }
        let leave = (0..nots).map(|group| read(Some(group)).map(|(regex, _)| regex));
        let leave = leave.collect::<Option<_>>().ok_or_else(wrong)?;
        Ok(Self { take, leave })
    }

    /// Whether `path` is meant; folders end with `/`.
    pub(super) fn matches(&self, path: &str) -> bool {
        let is = |path: &str| {
            self.take.is_match(path) && !self.leave.iter().any(|regex| regex.is_match(path))
        };
        is(path.trim_end_matches('/')) || path.ends_with('/') && is(path)
    }

    /// Whether `path` or a folder that it lies in is meant.
    pub(super) fn matches_part(&self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(at, _)| at + 1);
        self.matches(path)
            || folders
                .filter_map(|end| path.get(..end))
                .any(|folder| self.matches(folder))
    }
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    dot: bool,
    nested: usize,
    /// How many `!( )` groups were read.
    nots: usize,
    /// Which of them stands for what it names; the others stand for anything.
    chosen: Option<usize>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Whether a name begins here.
    fn begins_name(&self) -> bool {
        self.at == 0 || self.chars.get(self.at - 1) == Some(&'/')
    }

    /// Reads up to one of `stops`, or to the end. `None` if it nests too deeply.
    fn read(&mut self, stops: &[char]) -> Option<String> {
        self.nested += 1;
        if self.nested > MAX_NESTED {
            return None;
        }
        let mut out = String::new();
        while let Some(c) = self.peek(0) {
            if stops.contains(&c) {
                break;
            }
            let group = matches!(c, '@' | '?' | '*' | '+' | '!') && self.peek(1) == Some('(');
            match c {
                '\\' => {
                    self.at += 1;
                    literal(self.peek(0).unwrap_or('\\'), &mut out);
                    self.at += 1;
                }
                _ if group && self.closes('(', ')', 1) => out.push_str(&self.group(c)?),
                '(' if self.closes('(', ')', 0) => {
                    self.at += 1;
                    let inner = self.read_all('|', ')')?;
                    let _ = write!(out, "(?:{})", inner.join("|"));
                }
                '{' if self.closes('{', '}', 0) => out.push_str(&self.braces()?),
                '[' => out.push_str(&self.class()),
                '*' => self.stars(&mut out),
                '?' => {
                    let one = if self.begins_name() && !self.dot {
                        "[^./]"
                    } else {
                        "[^/]"
                    };
                    out.push_str(one);
                    self.at += 1;
                }
                c => {
                    literal(c, &mut out);
                    self.at += 1;
                }
            }
        }
        self.nested -= 1;
        Some(out)
    }

    /// Reads parts between `mark`s up to and with `end`.
    fn read_all(&mut self, mark: char, end: char) -> Option<Vec<String>> {
        let mut parts = Vec::new();
        loop {
            parts.push(self.read(&[mark, end])?);
            self.at += 1;
            if self.chars.get(self.at - 1) != Some(&mark) {
                return Some(parts);
            }
        }
    }

    /// Whether what opens `ahead` of here is closed somewhere.
    fn closes(&self, open: char, close: char, ahead: usize) -> bool {
        let mut depth = 0;
        let mut rest = self.chars.iter().skip(self.at + ahead);
        while let Some(&c) = rest.next() {
            if c == '\\' {
                rest.next();
            } else if c == open {
                depth += 1;
            } else if c == close {
                depth -= 1;
                if depth == 0 {
                    return true;
                }
            }
        }
        false
    }

    /// `*` within a name, `**` across folders.
    fn stars(&mut self, out: &mut String) {
        let (from, begins) = (self.at, self.begins_name());
        while self.peek(0) == Some('*') && !(self.at > from && self.peek(1) == Some('(')) {
            self.at += 1;
        }
        let name = if self.dot { "[^/]+" } else { "[^./][^/]*" };
        let next = self.peek(0);
        if begins && self.at - from >= 2 && matches!(next, Some('/') | None) {
            if next.is_some() {
                self.at += 1;
                let _ = write!(out, "(?:{name}/)*");
            } else {
                let _ = write!(out, "{name}(?:/{name})*");
            }
        } else if begins && (matches!(next, Some('/') | None) || next == Some('.') && !self.dot) {
            out.push_str(name);
        } else if begins && !self.dot {
            out.push_str("(?:[^./][^/]*)?");
        } else {
            out.push_str("[^/]*");
        }
    }

    /// `@(a|b)` and its like.
    fn group(&mut self, kind: char) -> Option<String> {
        let begins = self.begins_name();
        self.at += 2;
        let group = self.nots;
        self.nots += usize::from(kind == '!');
        let inner = self.read_all('|', ')')?.join("|");
        Some(match kind {
            '@' => format!("(?:{inner})"),
            '!' if self.chosen == Some(group) => format!("(?:{inner})"),
            '!' if begins && !self.dot => "(?:[^./][^/]*)?".to_owned(),
            '!' => "[^/]*".to_owned(),
            kind => format!("(?:{inner}){kind}"),
        })
    }

    /// `{a,b}`, `{1..3}`; braces around one thing mean themselves.
    fn braces(&mut self) -> Option<String> {
        let inside: String = self
            .chars
            .iter()
            .skip(self.at + 1)
            .take_while(|c| **c != '}')
            .collect();
        if let Some(numbers) = range(&inside) {
            self.at += inside.chars().count() + 2;
            return Some(format!("(?:{})", numbers.join("|")));
        }
        self.at += 1;
        let parts = self.read_all(',', '}')?;
        Some(match &parts[..] {
            [one] => format!(r"\{{{one}\}}"),
            parts => format!("(?:{})", parts.join("|")),
        })
    }

    /// `[a-z]`, `[!a]`; a bracket that is not closed means itself.
    fn class(&mut self) -> String {
        let rest = self.chars.get(self.at + 1..).unwrap_or_default();
        let first = usize::from(matches!(rest.first(), Some('!' | '^')));
        let end = (first + 1..rest.len()).find(|at| rest[*at] == ']' && rest[at - 1] != ':');
        self.at += 1;
        let Some(end) = end else {
            return r"\[".to_owned();
        };
        self.at += end + 1;
        let inner: String = rest.get(first..end).unwrap_or_default().iter().collect();
        let inner = inner
            .replace("[:alpha:]", "a-zA-Z")
            .replace("[:digit:]", "0-9")
            .replace("[:alnum:]", "a-zA-Z0-9")
            .replace("[:upper:]", "A-Z")
            .replace("[:lower:]", "a-z")
            .replace("[:space:]", r"\s")
            .replace('[', r"\[");
        let not = if first == 1 { "^/" } else { "" };
        format!("[{not}{inner}]")
    }
}

/// The numbers or letters from `a` to `b` of `a..b`.
fn range(text: &str) -> Option<Vec<String>> {
    let (a, b) = text.split_once("..")?;
    if let (Ok(a), Ok(b)) = (a.parse::<i64>(), b.parse::<i64>()) {
        let (low, high) = (a.min(b), a.max(b));
        let few = high
            .checked_sub(low)
            .is_some_and(|length| length < MAX_RANGE);
        return few.then(|| (low..=high).map(|n| n.to_string()).collect());
    }
    let (mut a, mut b) = (a.chars(), b.chars());
    match (a.next(), a.next(), b.next(), b.next()) {
        (Some(a), None, Some(b), None) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            Some((a.min(b)..=a.max(b)).map(String::from).collect())
        }
        _ => None,
    }
}

/// `c` as it stands for itself.
fn literal(c: char, out: &mut String) {
    if r"\^$.|?*+()[]{}/-".contains(c) {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_picomatch() {
        for (pattern, yes, no) in [
            ("*.{js,ts}", "a.ts", "a.tsx"),
            ("{a,b}/*.md", "b/x.md", "c/x.md"),
            ("f{1..3}.txt", "f2.txt", "f4.txt"),
            ("{x}", "{x}", "x"),
            ("@(a|b).txt", "a.txt", "ab.txt"),
            ("+(a|b).txt", "abba.txt", "c.txt"),
            ("!(a).txt", "b.txt", "a.txt"),
            ("[ab]?.md", "ax.md", "cx.md"),
            ("[!a].md", "b.md", "a.md"),
            ("[[:digit:]].md", "7.md", "x.md"),
            ("a[", "a[", "a"),
            ("a/**/z", "a/z", "a/z/y"),
            ("a/**/z", "a/b/c/z", "b/z"),
            ("a**b", "axxb", "ax/xb"),
            (r"\*.md", "*.md", "x.md"),
            ("a.b", "a.b", "axb"),
            ("*/", "x/", "x"),
            ("./a/*", "a/b", "a/b/c"),
        ] {
            let pattern = Pattern::new(pattern, true).unwrap();
            assert!(pattern.matches(yes), "{pattern:?} {yes}");
            assert!(!pattern.matches(no), "{pattern:?} {no}");
        }
    }

    #[test]
    fn hostile_patterns_are_refused() {
        let slow = Pattern::new("*a*a*a*a*a*a*a*a*a*b", true).unwrap();
        assert!(!slow.matches(&"a".repeat(255)));
        let deep = format!("{}{}", "@(".repeat(100), ")".repeat(100));
        assert!(Pattern::new(&deep, true).is_err());
        assert!(Pattern::new(&"a".repeat(5000), true).is_err());
    }
}
