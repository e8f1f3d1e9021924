//! The patterns of npm's `glob` and `minimatch`, by which Backstage finds files: braces, and one step of a path.

use regress::Regex;

/// How many patterns the braces of one may stand for.
const MOST_PATTERNS: usize = 1_000;

/// One step of a pattern.
#[derive(Debug)]
pub(super) enum Step {
    /// A name as it is.
    Name(String),
    /// Names that a pattern matches.
    Names(Regex),
    /// `**`: the folder itself and all folders below it.
    Deep,
}

impl Step {
    /// The step that `text` writes; a pattern that cannot be read matches only itself.
    pub(super) fn new(text: &str) -> Self {
        if text == "**" {
            return Self::Deep;
        }
        translate(text)
            .and_then(|pattern| Regex::new(&pattern).ok())
            .map_or_else(|| Self::Name(text.to_owned()), Self::Names)
    }
}

/// The regular expression of one step; `None` where it has no wildcard.
fn translate(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let (body, magic) = sequence(&chars);
    // Names that begin with a dot match only where one is written.
    let dot = if text.starts_with('.') { "" } else { "(?!\\.)" };
    magic.then(|| format!("^{dot}(?=.){body}$"))
}

/// The expression for `chars`, and whether it holds a wildcard.
fn sequence(chars: &[char]) -> (String, bool) {
    let mut out = String::new();
    let mut magic = false;
    let mut rest = chars;
    while let Some((&first, tail)) = rest.split_first() {
        if let Some((inner, after)) = group(rest) {
            out.push_str(&extended(first, inner, after));
            (magic, rest) = (true, after);
        } else if let Some((class, after)) = (first == '[').then(|| class(tail)).flatten() {
            out.push_str(&class);
            (magic, rest) = (true, after);
        } else {
            match first {
                '*' => out.push_str("[^/]*?"),
                '?' => out.push_str("[^/]"),
                other => escape(other, &mut out),
            }
            magic |= matches!(first, '*' | '?');
            rest = tail;
        }
    }
    (out, magic)
}

/// What stands between the parentheses of `@(…)` and the like, at the beginning of `chars`, and what stands behind them.
fn group(chars: &[char]) -> Option<(&[char], &[char])> {
    let [kind, '(', tail @ ..] = chars else {
        return None;
    };
    if !matches!(kind, '@' | '+' | '*' | '?' | '!') {
        return None;
    }
    let mut depth = 1;
    for (n, c) in tail.iter().enumerate() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((tail.get(..n)?, tail.get(n + 1..)?));
        }
    }
    None
}

/// `@(a|b)` and the like; `after` is what stands behind it, which `!(…)` must look at.
fn extended(kind: char, inner: &[char], after: &[char]) -> String {
    let mut choices = vec![Vec::new()];
    let mut depth = 0;
    for &c in inner {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if c == '|' && depth == 0 {
            choices.push(Vec::new());
        } else if let Some(last) = choices.last_mut() {
            last.push(c);
        }
    }
    let choices: Vec<String> = choices.iter().map(|choice| sequence(choice).0).collect();
    let choices = choices.join("|");
    match kind {
        '!' => format!("(?!(?:{choices}){}$)[^/]*?", sequence(after).0),
        '@' => format!("(?:{choices})"),
        kind => format!("(?:{choices}){kind}"),
    }
}

/// The class whose `[` stands before `chars`, and what stands behind it.
fn class(chars: &[char]) -> Option<(String, &[char])> {
    let negated = matches!(chars.first(), Some('!' | '^'));
    let body = chars.get(usize::from(negated)..)?;
    // A bracket that comes first is one of the class.
    let mut end = usize::from(body.first() == Some(&']'));
    while body.get(end)? != &']' {
        let named = body.get(end..)?.starts_with(&['[', ':']);
        let inner = body.get(end + 2..).unwrap_or_default();
        match inner.windows(2).position(|pair| pair == [':', ']']) {
            Some(length) if named => end += length + 4,
            _ => end += 1,
        }
    }
    let text: String = body.get(..end)?.iter().collect();
    let mut set = text.replace('\\', "\\\\");
    for (name, range) in [
        ("[:alpha:]", "a-zA-Z"),
        ("[:digit:]", "0-9"),
        ("[:alnum:]", "a-zA-Z0-9"),
        ("[:lower:]", "a-z"),
        ("[:upper:]", "A-Z"),
        ("[:space:]", "\\s"),
        ("[:xdigit:]", "0-9A-Fa-f"),
        ("[:word:]", "\\w"),
    ] {
        set = set.replace(name, range);
    }
    let set = set.replace('[', "\\[").replace(']', "\\]");
    let set = set.replacen('^', "\\^", usize::from(set.starts_with('^')));
    let hat = if negated { "^/" } else { "" };
    Some((format!("[{hat}{set}]"), body.get(end + 1..)?))
}

fn escape(c: char, out: &mut String) {
    if r"\^$.|?*+()[]{}/".contains(c) {
        out.push('\\');
    }
    out.push(c);
}

/// The patterns that the braces of `text` stand for: `{a,b}` and `{1..3}`; others are left as they are.
pub(super) fn braces(text: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![text.to_owned()];
    while let Some(text) = open.pop() {
        if done.len() + open.len() >= MOST_PATTERNS {
            break;
        }
        match first_brace(&text) {
            None => done.push(text),
            Some((head, choices, tail)) => open.extend(
                choices
                    .iter()
                    .rev()
                    .map(|choice| format!("{head}{choice}{tail}")),
            ),
        }
    }
    done
}

/// The first braces of `text` that mean a choice: what stands before them, the choices, what stands behind.
fn first_brace(text: &str) -> Option<(&str, Vec<String>, &str)> {
    for (start, _) in text.match_indices('{') {
        let mut depth = 0;
        let mut cuts = vec![start];
        for (at, c) in text.char_indices().skip_while(|(at, _)| *at < start) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => cuts.push(at),
                _ => {}
            }
            if depth > 0 {
                continue;
            }
            cuts.push(at);
            let parts: Vec<String> = cuts
                .windows(2)
                .filter_map(|pair| match pair {
                    [from, to] => text.get(from + 1..*to).map(str::to_owned),
                    _ => None,
                })
                .collect();
            let choices = match parts.as_slice() {
                [one] => range(one),
                _ => Some(parts),
            };
            if let Some(choices) = choices {
                return Some((text.get(..start)?, choices, text.get(at + 1..)?));
            }
            break;
        }
    }
    None
}

/// `1..3`, `01..10`, `a..e`, each with a step behind a further `..`.
fn range(text: &str) -> Option<Vec<String>> {
    let mut parts = text.split("..");
    let (from, to) = (parts.next()?, parts.next()?);
    let step = parts.next().map_or(Some(1), |step| step.parse().ok())?;
    let step = usize::try_from(i64::abs(step).max(1)).ok()?;
    if parts.next().is_some() {
        return None;
    }
    let number = |text: &str| text.parse::<i64>().ok();
    let items: Vec<String> = if let (Some(first), Some(last)) = (number(from), number(to)) {
        let padded = [from, to].iter().any(|text| {
            text.trim_start_matches('-').len() > 1 && text.trim_start_matches('-').starts_with('0')
        });
        let width = if padded { from.len().max(to.len()) } else { 0 };
        let items = first.min(last)..=first.max(last);
        items
            .take(MOST_PATTERNS)
            .map(|n| format!("{n:0width$}"))
            .collect()
    } else {
        let letter = |text: &str| {
            let mut chars = text.chars();
            chars
                .next()
                .filter(|c| c.is_ascii_alphabetic() && chars.next().is_none())
        };
        let (first, last) = (letter(from)?, letter(to)?);
        (first.min(last)..=first.max(last))
            .map(String::from)
            .collect()
    };
    Some(items.into_iter().step_by(step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_stand_for_several_patterns() {
        let cases: [(&str, &[&str]); 7] = [
            ("a/{b,c}.y", &["a/b.y", "a/c.y"]),
            ("{a,{b,c}d}/x", &["a/x", "bd/x", "cd/x"]),
            ("{a,b}{1..2}", &["a1", "a2", "b1", "b2"]),
            ("{x}", &["{x}"]),
            ("{01..3}", &["01", "02", "03"]),
            ("{a..e..2}", &["a", "c", "e"]),
            ("{a,}b{", &["ab{", "b{"]),
        ];
        for (text, expected) in cases {
            assert_eq!(braces(text), expected, "{text}");
        }
    }

    #[test]
    fn steps_match_names_as_minimatch_does() {
        let cases = [
            ("*", "a", true),
            ("*", ".a", false),
            (".*", ".a", true),
            ("*.yaml", "x.yaml", true),
            ("*.yaml", "x.YAML", false),
            ("a?", "ab", true),
            ("?a", ".a", false),
            ("[ab].y", "b.y", true),
            ("[!a].y", "b.y", true),
            ("[^a].y", "a.y", false),
            ("[]a].y", "].y", true),
            ("[[:alpha:]_].y", "_.y", true),
            ("!(b).y", "a.y", true),
            ("!(b).y", "b.y", false),
            ("@(a|b*).y", "bc.y", true),
            ("+([a-c]).y", "abc.y", true),
            ("?(a)b", "b", true),
            ("**a", "xa", true),
        ];
        for (pattern, name, expected) in cases {
            let matched = match Step::new(pattern) {
                Step::Names(names) => names.find(name).is_some(),
                _ => false,
            };
            assert_eq!(matched, expected, "{pattern} {name}");
        }
        for plain in ["a.y", "[a", "a(b)", "a$"] {
            assert!(matches!(Step::new(plain), Step::Name(_)), "{plain}");
        }
    }
}
