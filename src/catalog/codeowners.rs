//! `CODEOWNERS`: whom a repository names for its files. A hint at who owns an entity, never what Backstage goes by.
//!
//! As GitHub reads it (`docs.github.com`, "About code owners") and, with sections, exclusions and paths that match at any
//! depth, as GitLab does (`docs.gitlab.com`, "CODEOWNERS syntax").

use super::text::one_line;

/// Where it is looked for in a repository; the first that is there counts (GitHub's order, then the others' own places).
pub const PATHS: [&str; 7] = [
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
    ".gitea/CODEOWNERS",
    ".bitbucket/CODEOWNERS",
    ".azuredevops/CODEOWNERS",
];

/// How much of a file is read, in bytes: GitHub reads none that is larger than 3 MB.
const MAX_BYTES: usize = 3 << 20;
/// The most rules of a file.
const MAX_RULES: usize = 50_000;
/// The most owners of one folder that are told.
const MAX_OWNERS: usize = 20;
/// What stands for a file of which nothing but its folder is known: only wildcards match it.
const ANY_FILE: &str = "\u{1}";

/// Whose reading of the file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// GitHub's, which Gitea and others follow: a pattern with a slash is bound to the root, as in `.gitignore`.
    Github,
    /// GitLab's: only a slash in front binds to the root.
    Gitlab,
}

/// The rules of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeOwners {
    /// In their order, each with the number of its section.
    rules: Vec<Rule>,
    sections: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    section: usize,
    /// Whether what it matches has no owner in its section.
    excludes: bool,
    /// The parts between slashes; `**` stands for any number of folders.
    parts: Vec<String>,
    owners: Vec<String>,
}

impl CodeOwners {
    /// Reads `text`; lines that are no rules are passed over.
    pub fn parse(text: &str, dialect: Dialect) -> Self {
        let mut names: Vec<String> = vec![String::new()];
        let (mut section, mut default) = (0, Vec::new());
        let mut rules = Vec::new();
        let end = text.len().min(MAX_BYTES);
        let text = text.get(..end).unwrap_or_default();
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.trim();
            if let Some((name, owners)) = head(line) {
                let name = name.to_lowercase();
                let known = names.iter().position(|known| *known == name);
                section = known.unwrap_or_else(|| {
                    names.push(name);
                    names.len() - 1
                });
                default = owners;
                continue;
            }
            let mut words = words(line);
            let Some(pattern) = words.next() else {
                continue;
            };
            let own: Vec<String> = words.filter(|word| is_owner(word)).collect();
            let owners = if own.is_empty() { default.clone() } else { own };
            let (excludes, pattern) = match pattern.strip_prefix('!') {
                // GitHub knows no exceptions.
                Some(_) if dialect == Dialect::Github => continue,
                Some(pattern) => (true, pattern.to_owned()),
                None => (false, pattern),
            };
            if rules.len() == MAX_RULES {
                break;
            }
            rules.push(Rule {
                section,
                excludes,
                parts: parts(&pattern, dialect),
                owners,
            });
        }
        Self {
            rules,
            sections: names.len(),
        }
    }

    /// The owners of whatever lies in `folder` (no slashes at its ends, empty for the root) as the file writes them:
    /// `@acme/payments`, `@jane`, `jane@acme.dev`. In each section the last rule that matches counts.
    pub fn of_folder(&self, folder: &str) -> Vec<&str> {
        let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        path.push(ANY_FILE);
        let mut last: Vec<Option<&Rule>> = vec![None; self.sections];
        let mut excluded = vec![false; self.sections];
        for rule in self
            .rules
            .iter()
            .filter(|rule| is_match(&rule.parts, &path))
        {
            if let (Some(last), Some(excluded)) =
                (last.get_mut(rule.section), excluded.get_mut(rule.section))
            {
                *excluded |= rule.excludes;
                *last = Some(rule);
            }
        }
        let mut found: Vec<&str> = Vec::new();
        let counts = last.iter().zip(excluded).filter(|(_, excluded)| !excluded);
        for owner in counts
            .filter_map(|(rule, _)| *rule)
            .flat_map(|rule| &rule.owners)
        {
            if !found.contains(&owner.as_str()) && found.len() < MAX_OWNERS {
                found.push(owner);
            }
        }
        found
    }
}

/// The name and the owners of a section whose head `line` is: `[Docs]`, `^[Docs][2] @team`.
fn head(line: &str) -> Option<(&str, Vec<String>)> {
    let inner = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (name, rest) = inner.split_once(']')?;
    let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((count, rest)) if count.chars().all(|c| c.is_ascii_digit()) => rest,
        _ => rest,
    };
    let is_head = !name.trim().is_empty() && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_head.then(|| {
        (
            name.trim(),
            words(rest).filter(|word| is_owner(word)).collect(),
        )
    })
}

/// The words of a line without its comment. A backslash takes a blank or a hash as it is.
fn words(line: &str) -> impl Iterator<Item = String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next_if(|next| matches!(next, ' ' | '\t' | '#' | '\\')) {
                Some(next) => word.push(next),
                None => word.push(c),
            },
            '#' if word.is_empty() => break,
            c if c.is_whitespace() => words.extend(Some(std::mem::take(&mut word))),
            c => word.push(c),
        }
    }
    words.push(word);
    words.into_iter().filter(|word| !word.is_empty())
}

/// Whether a word names somebody: `@jane`, `@acme/team`, or an address.
fn is_owner(word: &str) -> bool {
    let is_clean = one_line(word) == word && word.chars().count() <= 255;
    let is_named = word.strip_prefix('@').is_some_and(|name| !name.is_empty());
    let is_address = word
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    is_clean && (is_named || is_address)
}

/// The parts of a pattern, with `**` where it may lie deeper.
fn parts(pattern: &str, dialect: Dialect) -> Vec<String> {
    let is_folder = pattern.ends_with('/');
    let bare = pattern.trim_matches('/');
    let is_bound = pattern.starts_with('/') || (dialect == Dialect::Github && bare.contains('/'));
    let mut parts: Vec<String> = Vec::new();
    if !is_bound {
        parts.push("**".to_owned());
    }
    parts.extend(
        bare.split('/')
            .filter(|part| !part.is_empty())
            .map(str::to_owned),
    );
    // What matches a folder matches all in it on a GitHub, but `docs/*` only what lies in `docs` itself.
    let is_open = dialect == Dialect::Github && !bare.ends_with('*');
    if is_folder || is_open || bare.is_empty() {
        parts.push("**".to_owned());
    }
    // Several in a row mean no more than one.
    parts.dedup_by(|a, b| a == "**" && b == "**");
    parts
}

/// Whether `pattern` matches the whole of `path`, part by part.
fn is_match(pattern: &[String], path: &[&str]) -> bool {
    wildcard(
        pattern,
        path,
        |part| part == "**",
        |part, name| {
            if !part.contains(['*', '?']) {
                return part == name;
            }
            let (part, name): (Vec<char>, Vec<char>) =
                (part.chars().collect(), name.chars().collect());
            wildcard(
                &part,
                &name,
                |c| *c == '*',
                |c, other| *c == '?' || c == other,
            )
        },
    )
}

/// Whether `pattern` matches all of `text`, where what `is_any` stands for any number of items: the last such is tried
/// longer and longer, which takes at most the product of both lengths.
fn wildcard<P, T>(
    pattern: &[P],
    text: &[T],
    is_any: impl Fn(&P) -> bool,
    fits: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut retry = None;
    while let Some(item) = text.get(from) {
        match pattern.get(at) {
            Some(part) if is_any(part) => {
                retry = Some((at + 1, from));
                at += 1;
            }
            Some(part) if fits(part, item) => {
                at += 1;
                from += 1;
            }
            _ => match &mut retry {
                Some((behind, start)) => {
                    *start += 1;
                    (at, from) = (*behind, *start);
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(is_any)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn owners<'a>(file: &'a CodeOwners, folder: &str) -> Vec<&'a str> {
        file.of_folder(folder)
    }

    #[test]
    fn the_last_rule_that_matches_counts() {
        let file = CodeOwners::parse(
            "\u{feff}# who owns what\n*  @acme/all  # everybody\n*.js @js\n/services/ @acme/services\n\
             services/pay @acme/pay jane@acme.dev @ x\ndocs/* @docs\napps/ @apps\n/free/\n\
             /with\\ blank/ @blank\n/hash\\#tag @hash\n/deep/**/end @deep\n!services/pay @nobody\n",
            Dialect::Github,
        );
        for (folder, expected) in [
            ("", &["@acme/all"][..]),
            ("services", &["@acme/services"]),
            ("services/other/deep", &["@acme/services"]),
            ("services/pay", &["@acme/pay", "jane@acme.dev"]),
            ("services/pay/src", &["@acme/pay", "jane@acme.dev"]),
            ("old/services/pay", &["@acme/all"]),
            ("docs", &["@docs"]),
            ("docs/more", &["@acme/all"]),
            ("x/y/apps/z", &["@apps"]),
            ("free/x", &[]),
            ("with blank", &["@blank"]),
            ("hash#tag", &["@hash"]),
            ("deep/end", &["@deep"]),
            ("deep/a/b/end/c", &["@deep"]),
        ] {
            assert_eq!(owners(&file, folder), expected, "{folder}");
        }
    }

    #[test]
    fn sections_of_gitlab_add_up_and_have_owners_of_their_own() {
        let file = CodeOwners::parse(
            "* @all\n[Docs] @docs\n/docs/\n/docs/api/ @api\n^[Data][2] @data/core\nsql/\n!/legacy/sql/\n[DOCS]\n/guide/ @guide\n[broken @x\n",
            Dialect::Gitlab,
        );
        for (folder, expected) in [
            ("src", &["@all"][..]),
            ("docs/x", &["@all", "@docs"]),
            ("docs/api", &["@all", "@api"]),
            ("a/b/sql", &["@all", "@data/core"]),
            ("legacy/sql", &["@all"]),
            ("guide", &["@all", "@guide"]),
        ] {
            assert_eq!(owners(&file, folder), expected, "{folder}");
        }
    }

    #[test]
    fn a_slash_binds_to_the_root_where_the_host_says_so() {
        let of = |dialect| {
            let file = CodeOwners::parse("lib/core/ @core\n", dialect);
            file.of_folder("x/lib/core").len()
        };
        assert_eq!((of(Dialect::Github), of(Dialect::Gitlab)), (0, 1));
    }

    proptest! {
        #[test]
        fn nothing_takes_it_long_or_breaks_it(text in "([*/a!\\[\\]#@ \\\\]|\\*\\*|\n|é){0,60}", folder in "(a|b|/|é){0,8}") {
            for dialect in [Dialect::Github, Dialect::Gitlab] {
                let file = CodeOwners::parse(&text, dialect);
                prop_assert!(file.of_folder(&folder).len() <= MAX_OWNERS);
            }
        }

        #[test]
        fn stars_match_as_a_plain_search_does(pattern in "[ab*]{0,8}", text in "[ab]{0,8}") {
            fn plain(pattern: &[u8], text: &[u8]) -> bool {
                match (pattern.split_first(), text.split_first()) {
                    (None, rest) => rest.is_none(),
                    (Some((b'*', more)), rest) => plain(more, text) || rest.is_some_and(|(_, rest)| plain(pattern, rest)),
                    (Some((c, more)), Some((d, rest))) => c == d && plain(more, rest),
                    (Some(_), None) => false,
                }
            }
            let found = wildcard(pattern.as_bytes(), text.as_bytes(), |c| *c == b'*', |a, b| a == b);
            prop_assert_eq!(found, plain(pattern.as_bytes(), text.as_bytes()));
        }
    }
}
